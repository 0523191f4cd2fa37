//! Text that a workbook keeps apart from its cells: the shared strings.
//!
//! In: strings, in order. Out: the same by number. They lie packed in blocks, so that they take
//! their own length and four bytes each, and growing never copies.
//! Must not know: how a format stores them.

/// Bytes in a block; a longer string has a block of its own.
const BLOCK: usize = 1 << 20;
/// Strings in a block at most.
const MANY: usize = 1 << 16;

/// The strings.
#[derive(Default)]
pub(super) struct Shared {
    blocks: Vec<Block>,
    len: usize,
    bytes: u64,
}

struct Block {
    /// Number of the first string.
    first: usize,
    text: String,
    ends: Vec<u32>,
}

impl Shared {
    /// Adds a string behind the last; its length is below 4 GB.
    pub(super) fn push(&mut self, text: &str) {
        let fits = |b: &Block| b.text.len() + text.len() <= BLOCK && b.ends.len() < MANY;
        if !self.blocks.last().is_some_and(fits) {
            let block = Block { first: self.len, text: String::new(), ends: Vec::new() };
            self.blocks.push(block);
        }
        if let Some(block) = self.blocks.last_mut() {
            block.text.push_str(text);
            block.ends.push(block.text.len() as u32);
        }
        self.len += 1;
        self.bytes += text.len() as u64 + 4;
    }

    /// A string by its number, from 0.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let block = self.blocks.partition_point(|b| b.first <= number).checked_sub(1)?;
        let block = self.blocks.get(block)?;
        let at = number - block.first;
        let end = *block.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| block.ends[before] as usize);
        block.text.get(start..end)
    }

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_string_is_found_by_its_number(
            texts in proptest::collection::vec("[aé]{0,9}", 0..50), repeat in 1usize..4000,
        ) {
            let mut shared = Shared::default();
            let texts: Vec<String> = texts.iter().map(|t| t.repeat(repeat)).collect();
            texts.iter().for_each(|t| shared.push(t));
            for (i, text) in texts.iter().enumerate() {
                prop_assert_eq!(shared.get(i), Some(text.as_str()));
            }
            prop_assert_eq!(shared.get(texts.len()), None);
        }
    }
}
