//! Every call that the program makes to the file system, as one small trait.
//!
//! In: paths and bytes. Out: the system's answers. [`Os`] asks the system; a double in the tests
//! fails, or kills the process, at the n-th call. Readers of inputs are not concerned.
//! Must not know: what is written, or why.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What stands at a path, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// File, folder or something else.
    pub kind: Kind,
    /// Size in bytes.
    pub bytes: u64,
    /// Device and number: equal for two names of one file.
    pub id: (u64, u64),
}

/// The kinds that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, a pipe.
    Other,
}

/// How a lock is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Alone; waits for the others.
    Wait,
    /// Alone; an error where somebody else holds it.
    Alone,
    /// Beside others who share it; an error where somebody holds it alone.
    Shared,
}

/// A file system. Paths are the caller's; nothing is resolved unless it says so.
pub trait Disk: Sync {
    /// Opens a file for reading.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;
    /// Makes a file that is not there yet and writes it whole.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Takes a file or a folder from everybody but its owner.
    fn restrict(&self, path: &Path) -> io::Result<()>;
    /// Brings a file, or a folder's list of names, to the disk itself.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Moves, in place of what stands there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Exchanges two paths at one moment.
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()>;
    /// Gives a file a second name that is not there yet.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder that is not there yet.
    fn make_dir(&self, path: &Path, access: Access) -> io::Result<()>;
    /// Makes a folder and those above it, where they are not there.
    fn make_dirs(&self, path: &Path) -> io::Result<()>;
    /// The names in a folder, sorted, and what stands there.
    fn list(&self, dir: &Path) -> io::Result<Vec<(OsString, Look)>>;
    /// What stands at a path.
    fn look(&self, path: &Path) -> io::Result<Look>;
    /// Gives `to` the owner and the permissions of `from`.
    fn adopt(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// The path without links.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;
    /// Locks a folder, or tightens a lock that `held` has on it, until the file is dropped.
    fn lock(&self, dir: &Path, lock: Lock, held: Option<File>) -> io::Result<File>;
}

/// Who may enter a new folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whom the user's settings allow.
    Usual,
    /// The owner alone.
    Private,
}

/// The system's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Os;

impl Disk for Os {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        File::open(path).map(|f| Box::new(f) as Box<dyn Read>)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
    }

    fn restrict(&self, path: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let mode = if fs::symlink_metadata(path)?.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
    }

    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    fn exchange(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn make_dir(&self, path: &Path, access: Access) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        let mode = if access == Access::Private { 0o700 } else { 0o777 };
        fs::DirBuilder::new().mode(mode).create(path)
    }

    fn make_dirs(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<(OsString, Look)>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            match entry.metadata() {
                Ok(meta) => all.push((entry.file_name(), look(&meta))),
                // It went between the list and the look.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(all)
    }

    fn look(&self, path: &Path) -> io::Result<Look> {
        fs::symlink_metadata(path).map(|meta| look(&meta))
    }

    fn adopt(&self, from: &Path, to: &Path) -> io::Result<()> {
        use std::os::unix::fs::MetadataExt;
        let (theirs, ours) = (fs::metadata(from)?, fs::metadata(to)?);
        if (theirs.uid(), theirs.gid()) != (ours.uid(), ours.gid()) {
            std::os::unix::fs::chown(to, Some(theirs.uid()), Some(theirs.gid()))?;
        }
        fs::set_permissions(to, theirs.permissions())
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn lock(&self, dir: &Path, lock: Lock, held: Option<File>) -> io::Result<File> {
        let file = held.map_or_else(|| File::open(dir), Ok)?;
        let busy = |e| match e {
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
            TryLockError::Error(e) => e,
        };
        match lock {
            Lock::Wait => file.lock()?,
            Lock::Alone => file.try_lock().map_err(busy)?,
            Lock::Shared => file.try_lock_shared().map_err(busy)?,
        }
        Ok(file)
    }
}

fn look(meta: &fs::Metadata) -> Look {
    use std::os::unix::fs::MetadataExt;
    let kind = if meta.is_file() {
        Kind::File
    } else if meta.is_dir() {
        Kind::Folder
    } else {
        Kind::Other
    };
    Look { kind, bytes: meta.len(), id: (meta.dev(), meta.ino()) }
}

/// A path that is not there yet, made by `make`: `prefix`, random letters, `suffix`.
pub fn unique<R>(
    dir: &Path,
    (prefix, suffix): (&str, &str),
    make: impl FnMut(&Path) -> io::Result<R>,
) -> io::Result<PathBuf> {
    let mut builder = tempfile::Builder::new();
    // The callers remove what they made, through their own disk.
    let named = builder.prefix(prefix).suffix(suffix).disable_cleanup(true);
    Ok(named.make_in(dir, make)?.path().to_owned())
}
