//! Opens a file once: its bytes and their hash.
//!
//! In: a path. Out: [`Opened`], or an error that names the path as shown.
//! Must not know: any format.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Error;
use super::limits::{Limits, size};

/// A file's bytes, never empty, and their SHA-256.
pub(super) struct Opened {
    pub(super) bytes: Vec<u8>,
    pub(super) sha256: String,
}

impl Opened {
    /// Reads the whole file.
    pub(super) fn read(path: &Path, shown: &str, limits: &Limits) -> Result<Self, Error> {
        let most = limits.file_bytes;
        let open = |source| Error::Open { file: shown.into(), source };
        let file = File::open(path).map_err(open)?;
        let length = file.metadata().map_err(open)?.len();
        let too_big =
            || Error::TooBig { file: shown.into(), what: "its size".into(), limit: size(most) };
        if length > most {
            return Err(too_big());
        }
        let mut bytes = Vec::with_capacity(length as usize + 1);
        file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(open)?;
        if bytes.len() as u64 > most {
            return Err(too_big());
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::Empty { file: shown.into() });
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        Ok(Self { bytes, sha256 })
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}
