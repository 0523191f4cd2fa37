//! Which answers a model has learned from, so that nobody measures it by them.
//!
//! In: the words of answers, or the bytes of `seen.txt`. Out: [`Seen`]. Of each answer the file
//! holds the first 32 bits of a salted SHA-256 of its words, in ascending order: no words, not the
//! order of the table. The salt is the hash of the coded table, so that two models cannot be
//! compared answer by answer. Whoever guesses a whole answer can still see whether it is there.
//! Must not know: how words are told apart, themes.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// The file's name in a model's folder.
pub const SEEN: &str = "seen.txt";

/// The answers that a model has learned from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    salt: String,
    marks: BTreeSet<u32>,
}

impl Seen {
    /// Of answers by their words, each in one spelling.
    pub fn of<'a>(salt: &str, words: impl Iterator<Item = &'a str>) -> Self {
        let marks = words.map(|w| mark(salt, w)).collect();
        Self { salt: salt.to_owned(), marks }
    }

    /// Whether the model has learned from an answer of these words; of answers that it has not, two
    /// in a million or fewer seem to be learned where it has learned from 8,000.
    pub fn holds(&self, words: &str) -> bool {
        self.marks.contains(&mark(&self.salt, words))
    }

    /// The file's bytes: a mark a line.
    pub fn to_bytes(&self) -> Vec<u8> {
        let lines: String = self.marks.iter().map(|mark| format!("{mark:08x}\n")).collect();
        lines.into_bytes()
    }

    /// Reads the file.
    ///
    /// # Errors
    /// One line in words.
    pub fn read(salt: &str, bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is no text")?;
        let mark = |line: &str| u32::from_str_radix(line, 16).map_err(|_| "a line is no mark");
        let marks = text.lines().map(mark).collect::<Result<_, _>>()?;
        Ok(Self { salt: salt.to_owned(), marks })
    }
}

fn mark(salt: &str, words: &str) -> u32 {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(words.as_bytes());
    let digest = hash.finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_is_known_again_and_nothing_else() {
        let seen = Seen::of("salt", ["too slow", "the lamps are broken"].into_iter());
        let back = Seen::read("salt", &seen.to_bytes()).unwrap();
        assert_eq!(seen, back);
        assert!(back.holds("too slow") && !back.holds("too fast"));
        assert!(!Seen::read("other", &seen.to_bytes()).unwrap().holds("too slow"));
    }

    #[test]
    fn the_file_tells_neither_words_nor_their_order() {
        let one = Seen::of("s", ["a b", "c d", "e f"].into_iter()).to_bytes();
        assert_eq!(one, Seen::of("s", ["e f", "a b", "c d", "a b"].into_iter()).to_bytes());
        assert_eq!(one.len(), 27);
        assert!(Seen::read("s", b"too slow\n").is_err());
    }
}
