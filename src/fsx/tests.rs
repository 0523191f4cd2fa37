//! Publishing that fails or is cut off at each of its calls leaves the old folder or the new one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::faulty::{EACCES, EINVAL, EIO, ENOSPC, EROFS, Fault, Faulty};
use super::*;

type Folder = BTreeMap<String, Vec<u8>>;

const MINE: &str = "my notes.txt";

fn folder(dir: &Path) -> Folder {
    let Ok(entries) = std::fs::read_dir(dir) else { return Folder::new() };
    let read = |e: std::io::Result<std::fs::DirEntry>| {
        let path = e.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, if path.is_dir() { b"a folder".to_vec() } else { std::fs::read(&path).unwrap() })
    };
    entries.map(read).collect()
}

/// A study's folder with an output folder of an earlier run, a stale output and the user's notes.
struct Place {
    _temp: tempfile::TempDir,
    study: PathBuf,
    out: PathBuf,
    old: Folder,
    new: Folder,
}

fn files(text: &str) -> Vec<(String, Vec<u8>)> {
    let named = |name: &str| (name.to_owned(), format!("{name} {text}\n").repeat(40).into_bytes());
    ["report.html", "themes.csv", "manifest.json"].map(named).to_vec()
}

const STALE: &str = "report.md";

fn stale(_: &Path) -> Vec<String> {
    vec![STALE.into()]
}

impl Place {
    fn new(with: &[&str]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let study = temp.path().canonicalize().unwrap().join("study");
        let out = study.join("out");
        std::fs::create_dir_all(&out).unwrap();
        let mut old = Folder::new();
        if with.contains(&"earlier") {
            old.extend(files("old"));
            old.insert(STALE.into(), b"stale".to_vec());
        }
        if with.contains(&"notes") {
            old.insert(MINE.into(), b"mine".to_vec());
        }
        for (name, bytes) in &old {
            std::fs::write(out.join(name), bytes).unwrap();
        }
        if with.contains(&"folder") {
            std::fs::create_dir(out.join("more")).unwrap();
            old.insert("more".into(), b"a folder".to_vec());
        }
        let mut new = old.clone();
        new.remove(STALE);
        new.extend(files("new"));
        Self { _temp: temp, study, out, old, new }
    }

    fn publish(&self, disk: &dyn Disk) -> Result<Vec<String>, Error> {
        probe_dir(disk, &self.out)?;
        publish(disk, &self.out, &files("new"), &stale)
    }

    /// The folder is the old one or the new one; says which.
    #[track_caller]
    fn is_new(&self, at: &str) -> bool {
        let mut now = folder(&self.out);
        // An empty file of a probe is no output.
        now.retain(|name, bytes| !(name.starts_with(".canvass-probe-") && bytes.is_empty()));
        let (old, new) = (now == self.old, now == self.new);
        assert!(old || new, "{at}: a mixture: {:?}", now.keys());
        new
    }

    /// The next try succeeds and leaves nothing beside.
    #[track_caller]
    fn recovers(&self, at: &str) {
        let sound = Faulty::new(Fault::Kill, 0);
        assert_eq!(self.publish(&sound).unwrap(), Vec::<String>::new(), "{at}");
        assert!(self.is_new(at), "{at}");
        assert_eq!(folder(&self.study).into_keys().collect::<Vec<_>>(), ["out"], "{at}");
        assert_eq!(folder(&self.out), self.new, "{at}");
    }
}

const PLACES: [&[&str]; 4] = [&[], &["earlier"], &["notes"], &["earlier", "notes"]];

#[test]
fn each_failing_call_leaves_the_old_folder_or_the_new_one() {
    let errors = [Fault::Once(ENOSPC), Fault::Once(EIO), Fault::Always(ENOSPC), Fault::Always(EIO)];
    for with in PLACES {
        for fault in errors {
            for n in 1.. {
                let place = Place::new(with);
                let disk = Faulty::new(fault, n);
                let result = place.publish(&disk);
                let at = format!("{with:?} {fault:?} at call {n}: {result:?}");
                let new = place.is_new(&at);
                assert!(result.is_err() || new, "{at}: success was reported");
                place.recovers(&at);
                if !disk.reached() {
                    assert!(n > 20, "{n} calls");
                    break;
                }
            }
        }
    }
}

/// The part of a test below that runs, and is ended, in a process of its own.
#[test]
fn child_that_is_killed() {
    let Ok(out) = std::env::var("CANVASS_TEST_OUT") else { return };
    let n: usize = std::env::var("CANVASS_TEST_CALL").unwrap().parse().unwrap();
    let disk = Faulty::new(Fault::Kill, n);
    probe_dir(&disk, Path::new(&out)).unwrap();
    publish(&disk, Path::new(&out), &files("new"), &stale).unwrap();
    assert!(!disk.reached());
}

#[test]
fn a_process_killed_at_any_call_leaves_the_old_folder_or_the_new_one() {
    for with in PLACES {
        for n in 1.. {
            let place = Place::new(with);
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "fsx::tests::child_that_is_killed", "--test-threads=1"]);
            child.env("CANVASS_TEST_OUT", &place.out).env("CANVASS_TEST_CALL", n.to_string());
            let ended = child.output().unwrap().status;
            let at = format!("{with:?} killed at call {n}");
            let new = place.is_new(&at);
            assert!(new || !ended.success(), "{at}");
            place.recovers(&at);
            if ended.success() {
                assert!(n > 20, "{n} calls");
                break;
            }
        }
    }
}

#[test]
fn the_users_own_files_stay_the_same_files() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let place = Place::new(&["earlier", "notes"]);
    std::fs::set_permissions(&place.out, std::fs::Permissions::from_mode(0o750)).unwrap();
    let notes = place.out.join(MINE);
    let before = std::fs::metadata(&notes).unwrap();
    place.recovers("");
    let after = std::fs::metadata(&notes).unwrap();
    assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()));
    assert_eq!(after.nlink(), 1, "no second name is left");
    assert_eq!(std::fs::metadata(&place.out).unwrap().mode() & 0o777, 0o750);
}

#[test]
fn what_cannot_be_exchanged_is_replaced_one_by_one_with_a_warning() {
    let place = Place::new(&["earlier", "notes", "folder"]);
    let warnings = place.publish(&Os).unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("one by one, because there is a folder in it"), "{warnings:?}");
    assert_eq!(folder(&place.out), place.new);

    let place = Place::new(&["earlier", "notes"]);
    let disk = Faulty { no_exchange: Some(EINVAL), ..Faulty::new(Fault::Kill, 0) };
    let warnings = place.publish(&disk).unwrap();
    assert!(warnings[0].contains("the system cannot exchange it"), "{warnings:?}");
    assert_eq!(folder(&place.out), place.new);
    assert_eq!(folder(&place.study).len(), 1);
}

#[test]
fn one_by_one_a_failure_never_leaves_a_manifest_beside_files_of_another_run() {
    for n in 1.. {
        let place = Place::new(&["earlier", "notes", "folder"]);
        let disk = Faulty::new(Fault::Once(EIO), n);
        let result = place.publish(&disk);
        let now = folder(&place.out);
        assert_eq!(now[MINE], b"mine");
        let whole = |of: &Folder| of.iter().all(|(name, bytes)| now.get(name) == Some(bytes));
        assert!(!now.contains_key("manifest.json") || whole(&place.old) || whole(&place.new));
        let again = place.publish(&Os).unwrap();
        assert_eq!(again.len(), 1, "{again:?}");
        assert_eq!(folder(&place.out), place.new, "call {n}: {result:?}");
        if !disk.reached() {
            break;
        }
    }
}

#[test]
fn a_link_to_the_output_folder_stays_a_link() {
    let place = Place::new(&["earlier", "notes"]);
    let link = place.study.join("link");
    std::os::unix::fs::symlink(&place.out, &link).unwrap();
    publish(&Os, &link, &files("new"), &stale).unwrap();
    assert!(link.is_symlink());
    assert_eq!(folder(&place.out), place.new);
}

#[test]
fn a_file_saved_into_the_old_folder_at_the_last_moment_is_moved_to_the_new_one() {
    let place = Place::new(&["earlier"]);
    let staging = place.study.join(format!("{}abc", leftover::PREFIX));
    std::fs::create_dir(&staging).unwrap();
    let ours: Vec<String> = place.new.keys().chain(place.old.keys()).cloned().collect();
    leftover::begin(&Os, &staging, &place.out, &ours).unwrap();
    std::fs::write(staging.join("new/manifest.json"), "of the old run").unwrap();
    std::fs::write(staging.join("new/late.txt"), "late").unwrap();
    probe_dir(&Os, &place.out).unwrap();
    assert_eq!(std::fs::read(place.out.join("late.txt")).unwrap(), b"late");
    assert!(!staging.exists());
}

#[test]
fn what_differs_from_the_users_file_is_left_and_named() {
    let place = Place::new(&["earlier", "notes"]);
    let staging = place.study.join(format!("{}abc", leftover::PREFIX));
    std::fs::create_dir(&staging).unwrap();
    leftover::begin(&Os, &staging, &place.out, &[]).unwrap();
    std::fs::write(staging.join("new").join(MINE), "another version").unwrap();
    let warnings = place.publish(&Os).unwrap();
    assert!(warnings[0].contains("look through it and delete it"), "{warnings:?}");
    assert_eq!(std::fs::read(staging.join("new").join(MINE)).unwrap(), b"another version");
    assert_eq!(folder(&place.out), place.new);
}

#[test]
fn a_folder_that_only_bears_such_a_name_is_not_touched() {
    let place = Place::new(&["earlier"]);
    let theirs = place.study.join(format!("{}of mine", leftover::PREFIX));
    std::fs::create_dir_all(theirs.join("new")).unwrap();
    std::fs::write(theirs.join("new/report.html"), "mine").unwrap();
    std::fs::write(theirs.join("letter.txt"), "mine").unwrap();
    place.publish(&Os).unwrap();
    assert_eq!(std::fs::read(theirs.join("new/report.html")).unwrap(), b"mine");
    assert_eq!(std::fs::read(theirs.join("letter.txt")).unwrap(), b"mine");
}

#[test]
fn two_runs_that_publish_at_one_time_leave_one_whole_folder() {
    let place = Place::new(&["notes"]);
    let texts: Vec<String> = (0..8).map(|i| format!("run {i}")).collect();
    std::thread::scope(|scope| {
        for text in &texts {
            scope.spawn(|| publish(&Os, &place.out, &files(text), &|_| Vec::new()).unwrap());
        }
    });
    let now = folder(&place.out);
    let of = |text: &String| files(text).iter().all(|(name, bytes)| now[name] == *bytes);
    assert!(texts.iter().any(of));
    assert_eq!(now[MINE], b"mine");
    assert_eq!(folder(&place.study).len(), 1);
}

#[test]
fn hashes_agree_with_the_standard() {
    // FIPS 180-4 example: SHA-256("abc")
    let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256(b"abc"), want);
}

#[test]
fn a_folder_that_is_a_file_is_refused_with_a_hint() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let err = probe_dir(&Os, file.path()).unwrap_err();
    assert!(err.to_string().contains("cannot create the folder"), "{err}");
}

#[test]
fn a_folder_that_is_not_there_is_proved_without_making_it() {
    let dir = tempfile::tempdir().unwrap();
    probe_dir(&Os, &dir.path().join("a/b/c")).unwrap();
    assert!(folder(dir.path()).is_empty());
    std::fs::write(dir.path().join("note"), "mine").unwrap();
    for place in ["note", "note/b", "note/b/c"] {
        let error = probe_dir(&Os, &dir.path().join(place)).unwrap_err();
        assert!(error.to_string().ends_with("cannot create the folder: not a folder"), "{error}");
        assert!(error.is_configuration());
    }
}

#[test]
fn a_place_that_may_not_be_written_is_the_users_to_mend_and_a_full_disk_is_not() {
    let place = Place::new(&["earlier"]);
    for out in [place.out.clone(), place.study.join("new/deep")] {
        for (errno, mistake) in [(EROFS, true), (EACCES, true), (ENOSPC, false), (EIO, false)] {
            // Looking still works.
            let found = (1..9).filter_map(|n| {
                let disk = Faulty::new(Fault::Once(errno), n);
                probe_dir(&disk, &out).err()
            });
            let errors: Vec<Error> = found.collect();
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|e| e.is_configuration() == mistake), "{errors:?}");
        }
    }
}

#[test]
fn a_new_file_is_whole_or_not_there_and_never_in_the_place_of_another() {
    for fault in [Fault::Once(ENOSPC), Fault::Once(EIO), Fault::Always(EIO)] {
        for n in 1.. {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("deep/study.toml");
            let disk = Faulty::new(fault, n);
            let result = write_new(&disk, &path, b"[study]\n");
            match std::fs::read(&path) {
                Ok(bytes) => assert_eq!(bytes, b"[study]\n"),
                Err(_) => assert!(result.is_err(), "{fault:?} at call {n}"),
            }
            if !disk.reached() {
                assert!(result.is_ok() && write_new(&Os, &path, b"other").is_err());
                assert_eq!(std::fs::read(&path).unwrap(), b"[study]\n");
                assert_eq!(folder(&dir.path().join("deep")).len(), 1);
                break;
            }
        }
    }
}

#[test]
fn a_private_file_is_the_owners_alone_and_replaces_the_one_before() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("restricted");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("list.csv");
    for bytes in [&b"one"[..], b"two"] {
        write_private(&Os, &path, bytes).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
    let mode = |p: &Path| std::fs::metadata(p).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&path)), (0o700, 0o600));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}
