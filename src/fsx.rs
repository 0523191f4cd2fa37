//! Leaf: files, read and written with their names in every error.
//!
//! In: paths and bytes. Out: bytes, hashes, and a folder of outputs that appears whole.
//! Must not know: what the bytes mean.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

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

fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "no space left on the disk".into(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "not a folder".into(),
        io::ErrorKind::InvalidData => "not UTF-8 text".into(),
        io::ErrorKind::IsADirectory => "is a folder".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => e.to_string().to_lowercase(),
    }
}

impl Error {
    fn new(path: &Path, action: &'static str, source: io::Error) -> Self {
        Self { path: path.to_owned(), action, source }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let writing = self.action.contains("write") || self.action.contains("create");
        let hint = match self.source.kind() {
            io::ErrorKind::NotFound => "check the path; it is taken from the folder of study.toml",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem if writing => {
                "choose another folder with `--out DIR`, or change its permissions"
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists if writing => {
                "a file stands where a folder is needed; choose another folder with `--out DIR`"
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
    std::fs::read_to_string(path).map_err(|e| Error::new(path, "cannot read", e))
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
    let mut file = File::open(path).map_err(fail)?;
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

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// Proves that files can be made in `dir` (made if it is not there), before any work is done.
///
/// # Errors
/// The folder and the reason.
pub fn probe_dir(dir: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(dir).map_err(|e| Error::new(dir, "cannot create the folder", e))?;
    tempfile::Builder::new()
        .prefix(".canvass-")
        .tempfile_in(dir)
        .map(drop)
        .map_err(|e| Error::new(dir, "cannot write into the folder", e))
}

/// Writes every file beside its destination first, then renames them all into place, in order.
///
/// A failure before the renames leaves the folder as it was; what makes a rename fail (a folder
/// in a file's place) is looked for before. The last file is the one that vouches for the others
/// (the manifest): its old version goes first and its new one comes last, so that a run cut off
/// between two renames leaves a folder without a manifest. Names of `stale` files (outputs of an
/// earlier run that this run does not write) are removed before that.
///
/// # Errors
/// The file and the reason.
pub fn publish(dir: &Path, files: &[(String, Vec<u8>)], stale: &[String]) -> Result<(), Error> {
    std::fs::create_dir_all(dir).map_err(|e| Error::new(dir, "cannot create the folder", e))?;
    let staging = tempfile::Builder::new()
        .prefix(".canvass-")
        .tempdir_in(dir)
        .map_err(|e| Error::new(dir, "cannot write into the folder", e))?;
    for (name, bytes) in files {
        let path = staging.path().join(name);
        let fail = |e| Error::new(&dir.join(name), "cannot write", e);
        let mut file = File::create(&path).map_err(fail)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    }
    for (name, _) in files {
        let to = dir.join(name);
        if to.is_dir() {
            let e = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(Error::new(&to, "cannot write", e));
        }
    }
    for name in files.last().map(|(name, _)| name).into_iter().chain(stale) {
        let path = dir.join(name);
        if path.is_file() {
            std::fs::remove_file(&path).map_err(|e| Error::new(&path, "cannot remove", e))?;
        }
    }
    for (name, _) in files {
        let to = dir.join(name);
        std::fs::rename(staging.path().join(name), &to)
            .map_err(|e| Error::new(&to, "cannot write", e))?;
    }
    // Renames are safe from a power cut once the folder itself is on the disk; where a folder
    // cannot be synced, the system decides.
    if let Ok(folder) = File::open(dir) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Writes a new file whole, in a folder that is made if it is not there; a file that is there
/// already stays as it is.
///
/// # Errors
/// The path and the reason; that the file is there is a reason.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(|e| Error::new(dir, "cannot create the folder", e))?;
    let fail = |e| Error::new(path, "cannot write", e);
    let staging = tempfile::Builder::new().prefix(".canvass-").tempdir_in(dir).map_err(fail)?;
    let staged = staging.path().join("new");
    let mut file = File::create(&staged).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(fail(io::Error::from(io::ErrorKind::AlreadyExists)));
    }
    std::fs::rename(&staged, path).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_agree_with_the_standard() {
        // FIPS 180-4 example: SHA-256("abc")
        let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), want);
    }

    #[test]
    fn publish_replaces_whole_files_and_removes_stale_ones() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("old.csv"), "x").unwrap();
        std::fs::write(dir.path().join("mine.txt"), "keep").unwrap();
        let files = [("a.csv".to_owned(), b"1".to_vec())];
        publish(dir.path(), &files, &["old.csv".into()]).unwrap();
        let mut names: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["a.csv", "mine.txt"]);
    }

    #[test]
    fn a_folder_that_is_a_file_is_refused_with_a_hint() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let err = probe_dir(file.path()).unwrap_err();
        assert!(err.to_string().contains("cannot create the folder"), "{err}");
    }
}
