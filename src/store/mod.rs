//! Leaf: finished work that a later run can use again, as checked files in a folder.
//!
//! In: a [`Key`] that names everything a block of numbers depends on, and the block. Out: the
//! same block, or nothing; never a wrong one. One file a block, named by its key; it holds its
//! key, its length and a SHA-256 of all that stands before it, so that a file that was torn by a
//! crash, cut, changed or renamed is recognised, removed and computed again. No file is synced:
//! what a power cut tears costs time, nothing else. Deleting the folder changes nothing but time.
//! The folder is made with the first block. On a full disk, in a folder that cannot be written,
//! or where something else bears its name, the run goes on without it and says so once.
//!
//! Privacy. The folder (mode 0700) holds vectors of redacted text, never text. They still tell
//! something: who has a list of sentences can compute the keys of windows made of them alone and
//! see whether one is there, and an inversion model can win back part of a text's words from its
//! vector. It needs the same care as the inputs. That is why it lies beside the inputs, not among
//! the outputs that are handed on, and why it is marked as a cache for back-up programs and
//! hidden from git.
//! Trust. The checksum finds accidents, not forgery: whoever can write to the folder can plant
//! vectors, as they could change the inputs. `--fresh` recomputes all of it.
//! Must not know: texts, models, what the numbers mean.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::fsx::{Access, Disk, Kind, Lock, reason, unique};

mod block;
mod key;

pub use key::{Key, KeyMaker};

/// The folder's name, beside `study.toml`.
pub const FOLDER: &str = ".canvass";

/// How the files of blocks end.
const END: &str = ".f32";
/// How the names of files begin and end that are being written.
const UNFINISHED: (&str, &str) = ("unfinished-", ".tmp");

/// Whether what is kept may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Use {
    /// What is there is used.
    #[default]
    Kept,
    /// All is computed again and written over what is there.
    Fresh,
}

/// A folder of blocks. Calls may come from several threads and processes.
pub struct Store<'d> {
    disk: &'d dyn Disk,
    dir: PathBuf,
    mode: Use,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Shared with other runs while this one goes on: nobody sweeps then.
    lock: Option<File>,
    ready: bool,
    /// Why the folder is not used any more.
    off: Option<String>,
    used: BTreeSet<Key>,
}

impl<'d> Store<'d> {
    /// A store in `dir`; touches nothing yet.
    pub fn new(disk: &'d dyn Disk, dir: &Path, mode: Use) -> Self {
        Self { disk, dir: dir.to_owned(), mode, state: Mutex::default() }
    }

    /// The block of `len` numbers that was put under this key, if it is there unharmed.
    pub fn get(&self, key: &Key, len: usize) -> Option<Vec<f32>> {
        if self.mode == Use::Fresh || !self.enter() {
            return None;
        }
        let path = self.path(key);
        let look = self.disk.look(&path).ok()?;
        // A pipe or a link of that name is not ours to open.
        let fits = look.kind == Kind::File && look.bytes == block::size(len) as u64;
        let found =
            if fits { self.read(&path, len).and_then(|b| block::open(key, &b)) } else { None };
        match found {
            Some(numbers) => {
                self.state().used.insert(*key);
                Some(numbers)
            }
            None => {
                let _ = self.disk.remove_file(&path);
                None
            }
        }
    }

    /// Keeps a block. Says whether a later run will find it.
    pub fn put(&self, key: &Key, numbers: &[f32]) -> bool {
        if !self.enter() {
            return false;
        }
        let bytes = block::seal(key, numbers);
        match self.make_ready().and_then(|()| self.write(key, &bytes)) {
            Ok(()) => {
                self.state().used.insert(*key);
                true
            }
            Err(e) => {
                self.give_up(&e);
                false
            }
        }
    }

    /// Removes what this run neither used nor made, unless another run is at work here.
    pub fn sweep(&self) {
        let mut state = self.state();
        if !state.ready && state.used.is_empty() || state.off.is_some() {
            return;
        }
        let held = state.lock.take();
        match self.disk.lock(&self.dir, Lock::Alone, held) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => return,
            // Where there are no locks, at worst another run computes something twice.
            lock => state.lock = lock.ok(),
        }
        self.remove(|key| !state.used.contains(key));
    }

    /// Removes all blocks, where that makes room on the disk of `place`. Says whether it did.
    pub fn make_room(&self, place: &Path) -> bool {
        let mut state = self.state();
        let device = |path: &Path| self.disk.look(path).ok().map(|look| look.id.0);
        let here = device(&self.dir);
        if state.off.is_some() || here.is_none() || here != device(place) {
            return false;
        }
        self.remove(|_| true);
        state.off = Some(self.without("no space left on the disk"));
        true
    }

    /// Why nothing is kept, where that is so; for the user.
    pub fn trouble(&self) -> Option<String> {
        self.state().off.clone()
    }

    /// Whether the folder can be used at all; shares its lock the first time.
    fn enter(&self) -> bool {
        let mut state = self.state();
        if state.off.is_some() {
            return false;
        }
        if state.lock.is_none() {
            match self.disk.look(&self.dir) {
                Ok(look) if look.kind == Kind::Folder => {
                    state.lock = self.disk.lock(&self.dir, Lock::Shared, None).ok();
                }
                Ok(_) => {
                    let why = "something else bears the name";
                    state.off = Some(self.without(why));
                    return false;
                }
                Err(_) => {}
            }
        }
        true
    }

    /// Makes the folder and what marks it as a cache.
    fn make_ready(&self) -> io::Result<()> {
        let mut state = self.state();
        if state.ready {
            return Ok(());
        }
        not_there(self.disk.make_dir(&self.dir, Access::Private))?;
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# Kept by canvass to save time; it can be deleted.\n# See https://bford.info/cachedir/\n";
        not_there(self.disk.write(&self.dir.join("CACHEDIR.TAG"), tag.as_bytes()))?;
        not_there(self.disk.write(&self.dir.join(".gitignore"), b"*\n"))?;
        if state.lock.is_none() {
            state.lock = self.disk.lock(&self.dir, Lock::Shared, None).ok();
        }
        state.ready = true;
        Ok(())
    }

    fn write(&self, key: &Key, bytes: &[u8]) -> io::Result<()> {
        let write = || {
            let temporary = unique(&self.dir, UNFINISHED, |p| {
                let written = self.disk.write(p, bytes);
                if written.as_ref().is_err_and(|e| e.kind() != ErrorKind::AlreadyExists) {
                    let _ = self.disk.remove_file(p);
                }
                written
            })?;
            let renamed = self.disk.rename(&temporary, &self.path(key));
            if renamed.is_err() {
                let _ = self.disk.remove_file(&temporary);
            }
            renamed
        };
        match write() {
            // Somebody deleted the folder, or this one file: once more from the beginning.
            Err(e) if e.kind() == ErrorKind::NotFound => {
                self.state().ready = false;
                self.make_ready().and_then(|()| write())
            }
            done => done,
        }
    }

    /// Goes on without the store. A full disk is given back what was taken of it: the reports
    /// need the room.
    fn give_up(&self, e: &io::Error) {
        let mut state = self.state();
        if state.off.is_some() {
            return;
        }
        if matches!(e.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            self.remove(|_| true);
        }
        state.off = Some(self.without(&reason(e)));
    }

    fn without(&self, why: &str) -> String {
        format!(
            "{}: {why}: finished work is not kept there; a run that is stopped begins again",
            self.dir.display()
        )
    }

    /// Removes blocks that `unwanted` names, and unfinished files. What else somebody put into
    /// the folder stays.
    fn remove(&self, unwanted: impl Fn(&Key) -> bool) {
        for (name, look) in self.disk.list(&self.dir).unwrap_or_default() {
            let name = name.to_string_lossy();
            let unfinished = name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1);
            let block = name.strip_suffix(END).and_then(Key::parse);
            if look.kind == Kind::File && (unfinished || block.as_ref().is_some_and(&unwanted)) {
                let _ = self.disk.remove_file(&self.dir.join(&*name));
            }
        }
    }

    fn read(&self, path: &Path, len: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(block::size(len));
        let file = self.disk.open(path).ok()?;
        file.take(block::size(len) as u64 + 1).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.dir.join(format!("{key}{END}"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is there already is as good as what would have been made.
fn not_there(made: io::Result<()>) -> io::Result<()> {
    match made {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

#[cfg(test)]
mod tests;
