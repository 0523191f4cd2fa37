//! A file system that fails, or ends the process, at its n-th call (after SQLite's tests of
//! failing input and output). In: the real one. Out: its answers, up to that call.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Access, Disk, Lock, Look, Os};

/// What happens at the n-th call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// That call fails, the later ones do not.
    Once(i32),
    /// That call and all later ones fail, but reading and removing go on on a full disk.
    Always(i32),
    /// The process ends, as by SIGKILL.
    Kill,
}

pub(crate) const EIO: i32 = 5;
pub(crate) const ENOSPC: i32 = 28;
pub(crate) const EINVAL: i32 = 22;
pub(crate) const EROFS: i32 = 30;
pub(crate) const EACCES: i32 = 13;

/// The real file system with one fault.
pub(crate) struct Faulty {
    pub(crate) fault: Fault,
    /// Calls are counted from 1; 0 never fails.
    pub(crate) at: usize,
    pub(crate) calls: AtomicUsize,
    /// The error that every exchange gives, as on a file system that knows none.
    pub(crate) no_exchange: Option<i32>,
}

impl Faulty {
    pub(crate) fn new(fault: Fault, at: usize) -> Self {
        Self { fault, at, calls: AtomicUsize::new(0), no_exchange: None }
    }

    /// Whether the fault was reached.
    pub(crate) fn reached(&self) -> bool {
        self.at != 0 && self.calls.load(Ordering::SeqCst) >= self.at
    }

    /// Counts a call; `frees` where a full disk does not mind it.
    fn call(&self, frees: bool) -> io::Result<()> {
        let n = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let fail = match self.fault {
            Fault::Once(errno) if n == self.at => errno,
            Fault::Always(errno) if self.at != 0 && n >= self.at => {
                if frees && errno == ENOSPC {
                    return Ok(());
                }
                errno
            }
            Fault::Kill if n == self.at => std::process::abort(),
            _ => return Ok(()),
        };
        Err(io::Error::from_raw_os_error(fail))
    }
}

impl Disk for Faulty {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        self.call(true)?;
        Os.open(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // Half of the bytes are there when it fails.
        let next = self.calls.load(Ordering::SeqCst) + 1;
        if next == self.at && self.fault == Fault::Kill {
            Os.write(path, &bytes[..bytes.len() / 2])?;
        }
        if let Err(e) = self.call(false) {
            Os.write(path, &bytes[..bytes.len() / 2])?;
            return Err(e);
        }
        Os.write(path, bytes)
    }

    fn sync(&self, _: &Path) -> io::Result<()> {
        // Nobody cuts the power here, and waiting for the disk is most of a test's time.
        self.call(false)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(false)?;
        Os.rename(from, to)
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        self.call(false)?;
        match self.no_exchange {
            Some(errno) => Err(io::Error::from_raw_os_error(errno)),
            None => Os.exchange(a, b),
        }
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(false)?;
        Os.link(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.call(true)?;
        Os.remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.call(true)?;
        Os.remove_dir(path)
    }

    fn restrict(&self, path: &Path) -> io::Result<()> {
        self.call(false)?;
        Os.restrict(path)
    }

    fn make_dir(&self, path: &Path, access: Access) -> io::Result<()> {
        self.call(false)?;
        Os.make_dir(path, access)
    }

    fn make_dirs(&self, path: &Path) -> io::Result<()> {
        self.call(false)?;
        Os.make_dirs(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<(OsString, Look)>> {
        self.call(true)?;
        Os.list(dir)
    }

    fn look(&self, path: &Path) -> io::Result<Look> {
        self.call(true)?;
        Os.look(path)
    }

    fn adopt(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(false)?;
        Os.adopt(from, to)
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.call(true)?;
        Os.resolve(path)
    }

    fn lock(&self, dir: &Path, lock: Lock, held: Option<File>) -> io::Result<File> {
        self.call(true)?;
        Os.lock(dir, lock, held)
    }
}
