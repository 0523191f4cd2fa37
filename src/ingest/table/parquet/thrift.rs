//! Structures in Thrift's compact protocol, walked over without building anything.
//!
//! In: bytes. Out: the whole numbers of a structure and of the structures in it, and where it
//! ends; `None` where a length exceeds the bytes. Source: the specification of Thrift's compact
//! protocol. Must not know: what the fields mean.

/// Structures inside of each other.
const MAX_DEPTH: usize = 16;

/// A walk over bytes.
pub(super) struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Walk<'b> {
    /// Begins at the first byte.
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Passes over a structure; `see` gets (field around it or 0, field, value) for every whole
    /// number in it and in its fields. Returns its length in bytes.
    pub(super) fn structure(mut self, see: &mut impl FnMut(i16, i16, i64)) -> Option<usize> {
        self.fields(0, 0, see)?;
        Some(self.at)
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let raw = self.varint()?;
        Some((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    fn skip(&mut self, n: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(n).ok()?)?;
        self.bytes.get(self.at..end)?;
        self.at = end;
        Some(())
    }

    fn fields(
        &mut self,
        around: i16,
        depth: usize,
        see: &mut impl FnMut(i16, i16, i64),
    ) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut field = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match head >> 4 {
                0 => i16::try_from(self.zigzag()?).ok()?,
                step => field.checked_add(i16::from(step))?,
            };
            match head & 15 {
                1 | 2 => {}
                3 => self.skip(1)?,
                4..=6 => {
                    let value = self.zigzag()?;
                    if depth < 2 {
                        see(around, field, value);
                    }
                }
                12 => self.fields(field, depth + 1, see)?,
                kind => self.value(kind, depth, see)?,
            }
        }
    }

    /// A value that is no field of its own structure, or none that is a whole number.
    fn value(&mut self, kind: u8, depth: usize, see: &mut impl FnMut(i16, i16, i64)) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.zigzag().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let n = self.varint()?;
                self.skip(n)
            }
            9 | 10 => {
                let head = self.byte()?;
                let n = match head >> 4 {
                    15 => self.varint()?,
                    n => u64::from(n),
                };
                self.many(n, &[head & 15], depth, see)
            }
            11 => {
                let n = self.varint()?;
                if n == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                self.many(n, &[kinds >> 4, kinds & 15], depth, see)
            }
            12 => self.fields(i16::MAX, depth + 1, see),
            _ => None,
        }
    }

    fn many(
        &mut self,
        n: u64,
        kinds: &[u8],
        depth: usize,
        see: &mut impl FnMut(i16, i16, i64),
    ) -> Option<()> {
        if n > (self.bytes.len() - self.at) as u64 {
            return None;
        }
        for _ in 0..n {
            for kind in kinds {
                self.value(*kind, depth + 1, see)?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_of_a_page_header_are_seen() {
        // 1: i32 0, 2: i32 100, 3: i32 -1, 5: {1: i32 7, 2: i32 8, 8: binary "ab"}
        let bytes = [
            0x15, 0, 0x15, 200, 1, 0x15, 1, 0x2C, 0x15, 14, 0x15, 16, 0x68, 2, b'a', b'b', 0, 0, 9,
        ];
        let mut seen = Vec::new();
        let end = Walk::new(&bytes).structure(&mut |around, field, value| {
            seen.push((around, field, value));
        });
        assert_eq!(end, Some(18));
        assert_eq!(seen, [(0, 1, 0), (0, 2, 100), (0, 3, -1), (5, 1, 7), (5, 2, 8)]);
    }

    #[test]
    fn lengths_beyond_the_bytes_and_deep_nesting_end_the_walk() {
        for bytes in [&[0x18u8, 0xFF, 0xFF, 0xFF, 0x0F][..], &[0x19, 0xFC, 0xFF, 0x0F], &[0x1C; 99]]
        {
            assert_eq!(Walk::new(bytes).structure(&mut |_, _, _| {}), None);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let end = Walk::new(&bytes).structure(&mut |_, _, _| {});
            prop_assert!(end.is_none_or(|end| end <= bytes.len()));
        }
    }
}
