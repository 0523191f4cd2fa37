//! Opens a file once: its bytes and their hash.
//!
//! In: a path. Out: [`Opened`], or an error that names the path as shown. A pipe or a device is
//! refused before it is opened, since it may never end; a file that changes meanwhile is refused,
//! since its bytes would be those of no moment.
//! Must not know: any format.

use std::fs::{File, Metadata};
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
        let (file, before) = open(path, shown)?;
        if before.len() > most {
            let limit = size(most);
            return Err(Error::TooBig { file: shown.into(), what: "its size".into(), limit });
        }
        let bytes = all(&file, before.len()).map_err(failed(shown))?;
        let after = file.metadata().map_err(failed(shown))?;
        let stayed = after.len() == before.len() && after.modified().ok() == before.modified().ok();
        let Some(bytes) = bytes.filter(|_| stayed) else {
            return Err(Error::Changed { file: shown.into() });
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::Empty { file: shown.into() });
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        Ok(Self { bytes, sha256 })
    }
}

/// Opens a file for reading.
///
/// # Errors
/// It is missing, not permitted, or no regular file.
pub(super) fn open(path: &Path, shown: &str) -> Result<(File, Metadata), Error> {
    if !std::fs::metadata(path).map_err(failed(shown))?.is_file() {
        return Err(Error::NoFile { file: shown.into() });
    }
    let file = File::open(path).map_err(failed(shown))?;
    let metadata = file.metadata().map_err(failed(shown))?;
    Ok((file, metadata))
}

/// What the system said, with the file's name.
pub(super) fn failed(shown: &str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Open { file: shown.into(), source }
}

/// All bytes; nothing where they are not as many as the system stated.
fn all(file: impl Read, length: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(length as usize + 1);
    file.take(length.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|b| b.len() as u64 == length))
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_as_many_as_stated_are_none() {
        assert_eq!(all(&b"abc"[..], 3).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(all(&b"abc"[..], 2).unwrap(), None, "it grew");
        assert_eq!(all(&b"abc"[..], 4).unwrap(), None, "it shrank");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_a_device_and_a_folder_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.csv");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero"), folder.path()] {
            let error = Opened::read(path, "a.csv", &Limits::default()).err().unwrap();
            assert_eq!(error.to_string(), "`a.csv` is no file with bytes of its own");
            assert!(error.hint().is_some());
        }
    }
}
