//! What a block of numbers depends on, as one hash.
//!
//! In: parts, each with its length, so that no two lists of parts look alike. Out: a [`Key`].
//! Must not know: what the parts mean.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::fsx::hex;

/// Raised when the form of keys or blocks changes: older files are then not found, and swept.
const VERSION: &[u8] = b"canvass store 1";

/// A key under construction.
#[derive(Debug, Clone)]
pub struct KeyMaker(Sha256);

impl KeyMaker {
    /// Begins a key for one kind of block, such as `encoded window`.
    pub fn new(kind: &str) -> Self {
        Self(Sha256::new()).part(VERSION).part(kind.as_bytes())
    }

    /// Adds something that the numbers depend on.
    #[must_use]
    pub fn part(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// The key.
    pub fn key(self) -> Key {
        Key(self.0.finalize().into())
    }
}

/// The name of a block: SHA-256 over all that its numbers depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The key's bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads what `Display` writes, and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return None;
        }
        let mut key = [0; 32];
        for (byte, [high, low]) in key.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Key(key))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
