//! A folder of outputs that is the old one or the new one, never a mixture.
//!
//! In: named bytes and a folder. Out: the folder with them. The outputs are written into a fresh
//! folder beside the old one, the user's own files there get a second name (a hard link) in it,
//! everything is brought to the disk, and then the two folders change places at one moment. What
//! is then the old folder is taken apart by `leftover`, which also clears up after a run that was
//! killed. Runs that publish at one time wait for each other at a lock on the folder above, and
//! the last one wins whole.
//!
//! Where folders cannot change places (a mount point, a file system without the call, folders or
//! links of the user's inside), files are put in place one by one, the manifest last, and a
//! warning says so. A file that cannot be linked is not copied instead: the copy would replace a
//! file of somebody else.
//! Must not know: what the bytes mean.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Access, Disk, Kind, Lock, unique};
use super::leftover::{self, INSIDE, PREFIX};
use super::{Error, reason};

/// Proves that files can be made in `dir`, before any work is done, and clears up after a run that
/// was killed. A folder that is not there yet is not made: what stands above it is proved.
///
/// # Errors
/// The folder and the reason.
pub fn probe_dir(disk: &dyn Disk, dir: &Path) -> Result<(), Error> {
    let create = |e| no_folder(dir, e);
    let write = |e| Error::new(dir, "cannot write into the folder", e);
    let there = standing(disk, dir).map_err(create)?;
    let failed = |e| if there == dir { write(e) } else { create(e) };
    let target = disk.resolve(there).map_err(failed)?;
    if disk.look(&target).map_err(create)?.kind != Kind::Folder {
        return Err(create(io::ErrorKind::NotADirectory.into()));
    }
    if there != dir {
        return probe(disk, &target).map_err(create);
    }
    // Where another run publishes just now, the clearing up is its affair.
    let lock = disk.lock(above(&target), Lock::Alone, None);
    if lock.is_ok() {
        leftover::clear(disk, above(&target), &target);
    }
    drop(lock);
    probe(disk, &target).map_err(write)
}

/// The folder itself, or the nearest above it of which something is there.
fn standing<'a>(disk: &dyn Disk, dir: &'a Path) -> io::Result<&'a Path> {
    let mut at = dir;
    loop {
        let place = if at.as_os_str().is_empty() { Path::new(".") } else { at };
        match (disk.look(place), at.parent()) {
            (Err(e), Some(above)) if e.kind() == io::ErrorKind::NotFound => at = above,
            (looked, _) => return looked.map(|_| place),
        }
    }
}

/// A folder cannot be made: a file in its place is no folder.
fn no_folder(dir: &Path, e: io::Error) -> Error {
    let e = match e.kind() {
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => e,
    };
    Error::new(dir, "cannot create the folder", e)
}

/// Makes a file in a folder and takes it away.
fn probe(disk: &dyn Disk, target: &Path) -> io::Result<()> {
    let probe = unique(target, (leftover::PROBE, ""), |p| disk.write(p, b""))?;
    // Another run may have removed it as a leftover.
    let _ = disk.remove_file(&probe);
    Ok(())
}

/// Puts `files` into `dir` all at one moment. `earlier` names the outputs of an earlier run in a
/// folder; those that this run does not write go. What else is in the folder stays. Returns what
/// a user should know about how it was done.
///
/// # Errors
/// The file and the reason; the folder is as it was, unless a warning of an earlier run said that
/// this folder cannot be exchanged.
pub fn publish(
    disk: &dyn Disk,
    dir: &Path,
    files: &[(String, Vec<u8>)],
    earlier: &dyn Fn(&Path) -> Vec<String>,
) -> Result<Vec<String>, Error> {
    disk.make_dirs(dir).map_err(|e| no_folder(dir, e))?;
    let target = disk.resolve(dir).map_err(|e| Error::new(dir, "cannot write into it", e))?;
    // Without a lock nobody can tell a leftover from the work of another run; both stay.
    let lock = disk.lock(above(&target), Lock::Wait, None);
    let mut warnings = Vec::new();
    if lock.is_ok() {
        warnings.extend(leftover::clear(disk, above(&target), &target));
    }
    // Only behind the lock is it sure whose outputs stand there.
    let mut stale = earlier(&target);
    stale.retain(|name| files.iter().all(|(written, _)| written != name));
    let ours: Vec<String> = files.iter().map(|(name, _)| name).chain(&stale).cloned().collect();
    let job = Job { disk, dir, target: &target, files, stale: &stale, ours: &ours };
    match job.whole() {
        Ok(more) => warnings.extend(more),
        Err(Stop::Failed(e)) => return Err(e),
        Err(Stop::Unable(why)) => {
            job.one_by_one()?;
            warnings.push(format!(
                "{}: the outputs were put there one by one, because {why}; a run that is cut off \
                 in that moment leaves a folder without manifest.json",
                dir.display()
            ));
        }
    }
    drop(lock);
    Ok(warnings)
}

/// The folder of a file: what stands before its name, or the current one.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a new file whole, in a folder that is made if it is not there; a file that is there
/// already stays as it is.
///
/// # Errors
/// The path and the reason; that the file is there is a reason.
pub fn write_new(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let dir = folder_of(path);
    disk.make_dirs(dir).map_err(|e| no_folder(dir, e))?;
    let mut temporary = None;
    let written = unique(dir, (UNFINISHED, ""), |p| {
        let written = disk.write(p, bytes).and_then(|()| disk.sync(p));
        if !written.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::AlreadyExists) {
            temporary = Some(p.to_owned());
        }
        written
    });
    // A link never takes the place of what is there; where there are no links, a look before.
    let placed = written.and_then(|from| match disk.link(&from, path) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists && !matters(&e) => {
            if disk.look(path).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            disk.rename(&from, path)
        }
        linked => linked,
    });
    if let Some(temporary) = temporary {
        let _ = disk.remove_file(&temporary);
    }
    placed.map_err(|e| Error::new(path, "cannot write", e))
}

/// Writes a file whole, in place of what stands there, in a folder that is its own; only the owner
/// may enter the folder and read the file.
///
/// # Errors
/// The path and the reason; what stood there stays.
pub fn write_private(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let made = match disk.make_dir(dir, Access::Private) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    };
    let made = made.and_then(|()| disk.restrict(dir));
    made.map_err(|e| Error::new(dir, "cannot make it the owner's alone", e))?;
    let mut temporary = None;
    let written = unique(dir, (UNFINISHED, ""), |p| {
        let written = disk.write(p, bytes);
        if !written.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::AlreadyExists) {
            temporary = Some(p.to_owned());
        }
        written.and_then(|()| disk.restrict(p)).and_then(|()| disk.sync(p))
    });
    let placed = written.and_then(|from| disk.rename(&from, path));
    if let (Some(temporary), true) = (temporary, placed.is_err()) {
        let _ = disk.remove_file(&temporary);
    }
    placed.map_err(|e| Error::new(path, "cannot write", e))
}

/// How the names of files begin that are being written.
const UNFINISHED: &str = ".canvass-unfinished-";

/// The folder above, whose list of names holds this one.
fn above(target: &Path) -> &Path {
    target.parent().unwrap_or(target)
}

/// Why a folder was not exchanged.
enum Stop {
    /// It cannot be done here; there is another way.
    Unable(String),
    /// The run must fail.
    Failed(Error),
}

struct Job<'a> {
    disk: &'a dyn Disk,
    /// As the user named it, for messages.
    dir: &'a Path,
    /// Without links.
    target: &'a Path,
    files: &'a [(String, Vec<u8>)],
    stale: &'a [String],
    ours: &'a [String],
}

impl Job<'_> {
    /// All at one moment.
    fn whole(&self) -> Result<Vec<String>, Stop> {
        let parent = self.target.parent().ok_or_else(|| Stop::Unable("it is the root".into()))?;
        let foreign = self.foreign()?;
        let unable = |e: io::Error| self.unable(e, "no folder can be made beside it");
        let staging = self.stage(parent).map_err(unable)?;
        let done = self.fill(&staging, &foreign).and_then(|()| self.swap(&staging));
        // Before the exchange this takes away the new files, behind it the old ones.
        let settled = leftover::settle(self.disk, &staging, self.target);
        done?;
        let _ = self.disk.sync(parent);
        Ok(settled.into_iter().collect())
    }

    /// Names in the folder that are not ours.
    fn foreign(&self) -> Result<Vec<PathBuf>, Stop> {
        let fail = |e| Stop::Failed(Error::new(self.dir, "cannot write into the folder", e));
        let mut names = Vec::new();
        for (name, look) in self.disk.list(self.target).map_err(fail)? {
            match look.kind {
                Kind::File if self.ours.iter().any(|o| OsStr::new(o) == name) => {}
                Kind::File if name.to_string_lossy().starts_with(leftover::PROBE) => {}
                Kind::File => names.push(name.into()),
                Kind::Folder => return Err(Stop::Unable("there is a folder in it".into())),
                Kind::Other => return Err(Stop::Unable("there is a link in it".into())),
            }
        }
        Ok(names)
    }

    /// A folder for the work, in `parent`, that says what it is.
    fn stage(&self, parent: &Path) -> io::Result<PathBuf> {
        let make = |p: &Path| self.disk.make_dir(p, Access::Usual);
        let staging = unique(parent, (PREFIX, ""), make)?;
        let begun = leftover::begin(self.disk, &staging, self.target, self.ours);
        if begun.is_err() {
            leftover::settle(self.disk, &staging, self.target);
        }
        begun.map(|()| staging)
    }

    /// Writes the outputs, links the user's files, brings all to the disk.
    fn fill(&self, staging: &Path, foreign: &[PathBuf]) -> Result<(), Stop> {
        let new = staging.join(INSIDE);
        self.write(&new).map_err(Stop::Failed)?;
        for name in foreign {
            match self.disk.link(&self.target.join(name), &new.join(name)) {
                Ok(()) => {}
                // The user has just removed it.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(self.unable(e, "its other files cannot be linked")),
            }
        }
        let adopted = self.disk.adopt(self.target, &new);
        adopted.map_err(|e| self.unable(e, "its owner or permissions cannot be kept"))?;
        for folder in [&new, staging] {
            self.sync_folder(folder).map_err(Stop::Failed)?;
        }
        Ok(())
    }

    fn write(&self, new: &Path) -> Result<(), Error> {
        for (name, bytes) in self.files {
            let path = new.join(name);
            let written = self.disk.write(&path, bytes).and_then(|()| self.disk.sync(&path));
            written.map_err(|e| Error::new(&self.dir.join(name), "cannot write", e))?;
        }
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), Error> {
        match self.disk.sync(folder) {
            // Some file systems cannot sync a folder; they decide themselves.
            Err(e) if !matters(&e) => Ok(()),
            done => done.map_err(|e| Error::new(self.dir, "cannot write into the folder", e)),
        }
    }

    fn swap(&self, staging: &Path) -> Result<(), Stop> {
        let new = staging.join(INSIDE);
        let empty = self.disk.list(self.target).is_ok_and(|names| names.is_empty());
        let done = if empty {
            self.disk.rename(&new, self.target)
        } else {
            self.disk.exchange(&new, self.target)
        };
        done.map_err(|e| self.unable(e, "the system cannot exchange it for another"))
    }

    /// Whether another way may work, or the disk is at its end.
    fn unable(&self, e: io::Error, why: &str) -> Stop {
        if matters(&e) {
            return Stop::Failed(Error::new(self.dir, "cannot write into the folder", e));
        }
        Stop::Unable(format!("{why} ({})", reason(&e)))
    }

    /// One by one: the manifest, the last file, vouches for the others, so its old version goes
    /// first and its new one comes last.
    fn one_by_one(&self) -> Result<(), Error> {
        let fail = |e| Error::new(self.dir, "cannot write into the folder", e);
        let staging = self.stage(self.target).map_err(fail)?;
        let placed = self.place(&staging);
        leftover::settle(self.disk, &staging, self.target);
        placed?;
        let _ = self.disk.sync(self.target);
        Ok(())
    }

    fn place(&self, staging: &Path) -> Result<(), Error> {
        let new = staging.join(INSIDE);
        self.write(&new)?;
        for (name, _) in self.files {
            if self.disk.look(&self.target.join(name)).is_ok_and(|l| l.kind == Kind::Folder) {
                let e = io::Error::from(io::ErrorKind::IsADirectory);
                return Err(Error::new(&self.dir.join(name), "cannot write", e));
            }
        }
        for name in self.files.last().map(|(name, _)| name).into_iter().chain(self.stale) {
            match self.disk.remove_file(&self.target.join(name)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::new(&self.dir.join(name), "cannot remove", e));
                }
                _ => {}
            }
        }
        for (name, _) in self.files {
            let put = self.disk.rename(&new.join(name), &self.target.join(name));
            put.map_err(|e| Error::new(&self.dir.join(name), "cannot write", e))?;
        }
        Ok(())
    }
}

/// A full or failing disk is no matter of the way that is taken.
fn matters(e: &io::Error) -> bool {
    let input_output = Some(rustix::io::Errno::IO.raw_os_error());
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    full.contains(&e.kind()) || e.raw_os_error() == input_output
}
