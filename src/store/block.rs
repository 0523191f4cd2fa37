//! A block of numbers as bytes, and back.
//!
//! In: numbers, or bytes from a file. Out: bytes; or the numbers, if the bytes are exactly those.
//! Shape: a mark of 8 bytes, the key, the count as u64, the numbers as f32, all little-endian,
//! then SHA-256 of all that. Must not know: files.

use sha2::{Digest, Sha256};

use super::Key;

const MARK: &[u8; 8] = b"canvass1";
const HEAD: usize = 8 + 32 + 8;
const SUM: usize = 32;

/// Bytes of a block of `len` numbers.
pub(super) fn size(len: usize) -> usize {
    HEAD + len * 4 + SUM
}

/// Numbers as bytes.
pub(super) fn seal(key: &Key, numbers: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size(numbers.len()));
    bytes.extend_from_slice(MARK);
    bytes.extend_from_slice(key.bytes());
    bytes.extend_from_slice(&(numbers.len() as u64).to_le_bytes());
    bytes.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    bytes
}

/// The numbers, where the bytes are whole and belong to the key.
pub(super) fn open(key: &Key, bytes: &[u8]) -> Option<Vec<f32>> {
    let (sealed, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    let (head, numbers) = sealed.split_at_checked(HEAD)?;
    let count = (numbers.len() as u64 / 4).to_le_bytes();
    let expected = [&MARK[..], key.bytes(), &count].concat();
    if head != expected || *Sha256::digest(sealed) != *sum {
        return None;
    }
    let (numbers, rest) = numbers.as_chunks::<4>();
    rest.is_empty().then(|| numbers.iter().map(|b| f32::from_le_bytes(*b)).collect())
}
