//! Leaf: files, read and written with their names in every error.
//!
//! In: paths and bytes. Out: bytes, hashes, and a folder of outputs that appears whole. All calls
//! that write go through [`Disk`], so that tests can fail or cut off each of them.
//! Must not know: what the bytes mean.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

mod disk;
#[cfg(test)]
pub(crate) mod faulty;
mod leftover;
mod publish;

pub use disk::{Access, Disk, Kind, Lock, Look, Os, unique};
pub use publish::{folder_of, probe_dir, publish, write_new, write_private};

/// An operation on a path failed.
#[derive(Debug, thiserror::Error)]
#[error("{}: {action}: {}", path.display(), reason(source))]
pub struct Error {
    /// The path.
    pub path: PathBuf,
    /// What was tried, such as `cannot read`.
    pub action: &'static str,
    /// The system's answer.
    pub source: io::Error,
}

/// The system's answer in plain words.
pub fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "no space left on the disk".into(),
        io::ErrorKind::NotADirectory => "not a folder".into(),
        io::ErrorKind::AlreadyExists => "it is there already".into(),
        io::ErrorKind::InvalidData => "not UTF-8 text".into(),
        io::ErrorKind::IsADirectory => "is a folder".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => e.to_string().to_lowercase(),
    }
}

impl Error {
    pub(crate) fn new(path: &Path, action: &'static str, source: io::Error) -> Self {
        Self { path: path.to_owned(), action, source }
    }

    /// Whether the disk is full.
    pub fn is_full(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }

    /// Whether the place that was named is at fault (it is not there, is something else, or may not
    /// be written), not the disk or the system.
    pub fn is_configuration(&self) -> bool {
        matches!(
            self.source.kind(),
            io::ErrorKind::NotFound
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::IsADirectory
                | io::ErrorKind::AlreadyExists
                | io::ErrorKind::PermissionDenied
                | io::ErrorKind::ReadOnlyFilesystem
                | io::ErrorKind::InvalidFilename
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData
        )
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let writing = self.action.contains("write") || self.action.contains("create");
        let hint = match self.source.kind() {
            io::ErrorKind::NotFound => "check the path; it is taken from the folder of study.toml",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem if writing => {
                "choose another folder with `--out DIR`, or change its permissions"
            }
            io::ErrorKind::NotADirectory if writing => {
                "a file stands where a folder is needed; choose another folder with `--out DIR`"
            }
            io::ErrorKind::AlreadyExists if writing => {
                "nothing is written over: move it away, or name another file"
            }
            io::ErrorKind::PermissionDenied => "change the file's permissions",
            io::ErrorKind::InvalidData => "save it again as UTF-8",
            io::ErrorKind::StorageFull => {
                "free some space, or choose another disk with `--out DIR`"
            }
            _ => return None,
        };
        Some(hint.into())
    }
}

/// Reads a text file whole.
///
/// # Errors
/// The path and the reason; not valid UTF-8 is a reason.
pub fn read_to_string(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = Os.open(path).and_then(|mut file| file.read_to_string(&mut text));
    read.map(|_| text).map_err(|e| Error::new(path, "cannot read", e))
}

/// Reads a file whole.
///
/// # Errors
/// The path and the reason.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = Os.open(path).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|e| Error::new(path, "cannot read", e))
}

/// SHA-256 of bytes, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file's bytes, hexadecimal, read in pieces.
///
/// # Errors
/// The path and the reason.
pub fn sha256_file(path: &Path) -> Result<String, Error> {
    let fail = |e| Error::new(path, "cannot read", e);
    let mut file = Os.open(path).map_err(fail)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 1 << 20];
    loop {
        let n = file.read(&mut buffer).map_err(fail)?;
        if n == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..n]);
    }
}

/// Bytes in hexadecimal, lower case.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

#[cfg(test)]
mod tests;
