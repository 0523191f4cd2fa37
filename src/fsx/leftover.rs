//! What a publishing run leaves beside the outputs, taken apart by itself or, where it was
//! killed, by the next one.
//!
//! In: a work folder `.canvass-new-XXXXXX`. Out: nothing of it, or a warning. It holds `ours`, a
//! list of the outputs that are the program's own, and `new/`: before the exchange the new
//! folder, behind it the old one. In both cases the outputs in it can go, and so can a file that
//! is the same file as the one in its place. Anything else is the user's: it moves to its place
//! if that is free, and stays where it is if not. Nothing is ever removed by a folder's name
//! alone.
//! Must not know: what the outputs mean.

use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::{Access, Disk, Kind};

/// How the names of work folders begin.
pub(super) const PREFIX: &str = ".canvass-new-";
/// How the names of files begin that only prove that files can be made.
pub(super) const PROBE: &str = ".canvass-probe-";
/// The folder inside a work folder.
pub(super) const INSIDE: &str = "new";
/// The list inside a work folder.
const LIST: &str = "ours";
/// A list is a few names; what is longer is none.
const LONGEST: u64 = 1 << 16;

/// What a work folder says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Ours {
    /// Name of the folder of outputs.
    folder: String,
    /// Names of outputs, new ones and those that they replace.
    outputs: Vec<String>,
}

/// Makes a work folder say whose it is, before anything else is in it.
pub(super) fn begin(
    disk: &dyn Disk,
    staging: &Path,
    target: &Path,
    outputs: &[String],
) -> io::Result<()> {
    let ours = Ours { folder: name_of(target), outputs: outputs.to_vec() };
    let list = serde_json::to_vec(&ours).map_err(io::Error::other)?;
    disk.write(&staging.join(LIST), &list)?;
    disk.sync(&staging.join(LIST))?;
    disk.make_dir(&staging.join(INSIDE), Access::Usual)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Takes apart every work folder of runs that were killed while they published to `target`,
/// beside it or in it. The caller holds the lock. Returns warnings.
pub(super) fn clear(disk: &dyn Disk, parent: &Path, target: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let places: &[&Path] = if parent == target { &[target] } else { &[parent, target] };
    for place in places {
        for (name, look) in disk.list(place).unwrap_or_default() {
            let (path, name) = (place.join(&name), name.to_string_lossy());
            if look.kind == Kind::Folder && name.starts_with(PREFIX) {
                warnings.extend(clear_one(disk, &path, target));
            } else if look.kind == Kind::File && look.bytes == 0 && name.starts_with(PROBE) {
                let _ = disk.remove_file(&path);
            }
        }
    }
    warnings
}

fn clear_one(disk: &dyn Disk, staging: &Path, target: &Path) -> Option<String> {
    match read(disk, staging) {
        // It belongs to another output folder beside this one.
        Some(ours) if ours.folder != name_of(target) => None,
        _ => settle(disk, staging, target),
    }
}

/// Takes one work folder apart. Returns a warning where something of the user's had to stay.
pub(super) fn settle(disk: &dyn Disk, staging: &Path, target: &Path) -> Option<String> {
    let new = staging.join(INSIDE);
    // Without a whole list nothing else was made yet, and only empty folders can go.
    let ours = read(disk, staging).map(|o| o.outputs);
    for (name, look) in disk.list(&new).unwrap_or_default() {
        let (from, to) = (new.join(&name), target.join(&name));
        let Some(ours) = &ours else { break };
        if look.kind == Kind::File && ours.iter().any(|o| **o == *name.to_string_lossy()) {
            let _ = disk.remove_file(&from);
            continue;
        }
        if look.kind == Kind::File && name.to_string_lossy().starts_with(PROBE) && look.bytes == 0 {
            let _ = disk.remove_file(&from);
            continue;
        }
        match disk.look(&to) {
            Ok(there) if there.id == look.id => {
                let _ = disk.remove_file(&from);
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                // A link first: it never takes the place of what came in the meantime.
                let _ = match look.kind {
                    Kind::File => disk.link(&from, &to).and_then(|()| disk.remove_file(&from)),
                    _ => disk.rename(&from, &to),
                };
            }
            _ => {}
        }
    }
    let emptied = match disk.remove_dir(&new) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    };
    if emptied.is_ok() {
        // The list goes last, so that a folder cut off here still says whose it is.
        let _ = disk.remove_file(&staging.join(LIST));
        if disk.remove_dir(staging).is_ok() {
            return None;
        }
    }
    Some(format!(
        "{}: what is left of an earlier output folder; look through it and delete it",
        staging.display()
    ))
}

fn read(disk: &dyn Disk, staging: &Path) -> Option<Ours> {
    let path = staging.join(LIST);
    let look = disk.look(&path).ok()?;
    if look.kind != Kind::File || look.bytes > LONGEST {
        return None;
    }
    let mut bytes = Vec::new();
    disk.open(&path).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
