//! A store gives back what was put, or nothing, whatever happens to its files and its disk.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::fsx::Os;
use crate::fsx::faulty::{EIO, ENOSPC, EROFS, Fault, Faulty};

fn key(n: u32) -> Key {
    KeyMaker::new("test").part(n.to_le_bytes()).key()
}

fn block(n: u32) -> Vec<f32> {
    (0..40).map(|i| (n * 100 + i) as f32 / 7.0).collect()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_was_put_is_found_by_a_later_run() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join(FOLDER);
    let store = Store::new(&Os, &dir, Use::Kept);
    assert_eq!(store.get(&key(1), 40), None);
    assert!(!dir.exists(), "asking makes no folder");
    assert!(store.put(&key(1), &block(1)) && store.put(&key(2), &block(2)));
    let later = Store::new(&Os, &dir, Use::Kept);
    assert_eq!(later.get(&key(1), 40), Some(block(1)));
    assert_eq!(later.get(&key(2), 40), Some(block(2)));
    assert_eq!(later.get(&key(3), 40), None);
    assert_eq!(later.trouble(), None);
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&dir).unwrap());
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(std::fs::read(dir.join(".gitignore")).unwrap(), b"*\n");
    assert!(dir.join("CACHEDIR.TAG").is_file());
}

#[test]
fn keys_differ_where_parts_are_cut_elsewhere() {
    let one = KeyMaker::new("k").part("ab").part("c").key();
    let two = KeyMaker::new("k").part("a").part("bc").key();
    assert_ne!(one, two);
    assert_eq!(Key::parse(&one.to_string()), Some(one));
    assert_eq!(Key::parse(&one.to_string().to_uppercase()), None);
}

#[test]
fn a_fresh_run_uses_nothing_and_renews_all() {
    let dir = tempfile::tempdir().unwrap();
    Store::new(&Os, dir.path(), Use::Kept).put(&key(1), &block(9));
    let fresh = Store::new(&Os, dir.path(), Use::Fresh);
    assert_eq!(fresh.get(&key(1), 40), None);
    assert!(fresh.put(&key(1), &block(1)));
    assert_eq!(Store::new(&Os, dir.path(), Use::Kept).get(&key(1), 40), Some(block(1)));
}

#[test]
fn a_sweep_removes_what_was_not_used_and_nothing_of_others() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join(FOLDER);
    let store = Store::new(&Os, &dir, Use::Kept);
    (0..3).for_each(|n| assert!(store.put(&key(n), &block(n))));
    let later = Store::new(&Os, &dir, Use::Kept);
    later.get(&key(1), 40);
    std::fs::write(dir.join("unfinished-abc.tmp"), "half").unwrap();
    std::fs::write(dir.join("notes.txt"), "mine").unwrap();
    later.sweep();
    assert_eq!(names(&dir).len(), 7, "the first run is still at work");
    drop((store, later));
    let last = Store::new(&Os, &dir, Use::Kept);
    last.get(&key(1), 40);
    last.sweep();
    let left = [".gitignore".into(), "CACHEDIR.TAG".into(), format!("{}.f32", key(1))];
    let mut left = [&left[..], &["notes.txt".into()]].concat();
    left.sort();
    assert_eq!(names(&dir), left);
}

#[test]
fn a_link_in_the_folders_place_is_not_followed() {
    let temp = tempfile::tempdir().unwrap();
    let theirs = temp.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join(format!("{}.f32", key(5))), "mine").unwrap();
    let dir = temp.path().join(FOLDER);
    std::os::unix::fs::symlink(&theirs, &dir).unwrap();
    let store = Store::new(&Os, &dir, Use::Kept);
    assert!(!store.put(&key(1), &block(1)));
    store.sweep();
    assert_eq!(names(&theirs).len(), 1);
    assert!(store.trouble().unwrap().contains("something else bears the name"));
}

#[test]
fn a_full_or_closed_disk_ends_the_keeping_and_gives_the_room_back() {
    for errno in [ENOSPC, EROFS, EIO] {
        for n in 1..60 {
            let temp = tempfile::tempdir().unwrap();
            let dir = temp.path().join(FOLDER);
            let disk = Faulty::new(Fault::Always(errno), n);
            let store = Store::new(&disk, &dir, Use::Kept);
            for i in 0..5 {
                let found = store.get(&key(i), 40);
                assert!(found.is_none() || found == Some(block(i)));
                store.put(&key(i), &block(i));
            }
            store.sweep();
            assert!(store.trouble().is_none() || disk.reached(), "call {n}");
            assert!(store.trouble().is_some() || n > 15, "call {n} failed and nobody said so");
            if errno == ENOSPC && store.trouble().is_some() {
                let kept = names(&dir).into_iter().filter(|n| n.ends_with(".f32")).count();
                assert_eq!(kept, 0);
            }
            drop(store);
            let later = Store::new(&Os, &dir, Use::Kept);
            for i in 0..5 {
                let found = later.get(&key(i), 40);
                assert!(found.is_none() || found == Some(block(i)), "{errno} call {n}");
            }
        }
    }
}

#[test]
fn one_failing_call_never_gives_wrong_numbers() {
    for n in 1..60 {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join(FOLDER);
        let disk = Faulty::new(Fault::Once(EIO), n);
        for _ in 0..2 {
            let store = Store::new(&disk, &dir, Use::Kept);
            for i in 0..3 {
                match store.get(&key(i), 40) {
                    Some(found) => assert_eq!(found, block(i)),
                    None => drop(store.put(&key(i), &block(i))),
                }
            }
            store.sweep();
        }
    }
}

#[test]
fn outputs_go_before_kept_work_on_a_full_disk() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join(FOLDER);
    let store = Store::new(&Os, &dir, Use::Kept);
    assert!(!store.make_room(temp.path()), "nothing is there");
    assert!(store.put(&key(1), &block(1)));
    assert!(store.make_room(temp.path()));
    assert!(store.trouble().unwrap().contains("no space left"));
    assert!(!store.put(&key(2), &block(2)) && !store.make_room(temp.path()));
    assert_eq!(names(&dir), [".gitignore", "CACHEDIR.TAG"]);
}

#[test]
fn a_folder_deleted_in_the_middle_is_made_again() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join(FOLDER);
    let store = Store::new(&Os, &dir, Use::Kept);
    assert!(store.put(&key(1), &block(1)));
    std::fs::remove_dir_all(&dir).unwrap();
    assert!(store.put(&key(2), &block(2)));
    assert_eq!(Store::new(&Os, &dir, Use::Kept).get(&key(2), 40), Some(block(2)));
}

proptest! {
    #[test]
    fn a_damaged_file_is_a_miss_and_goes(at in 0usize..240, flip in 1u8..=255, cut in 0usize..240) {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::new(&Os, temp.path(), Use::Kept);
        prop_assert!(store.put(&key(1), &block(1)));
        let path = temp.path().join(format!("{}.f32", key(1)));
        let whole = std::fs::read(&path).unwrap();
        prop_assert_eq!(whole.len(), 240);
        let mut flipped = whole.clone();
        flipped[at] ^= flip;
        let longer = [&whole[..], b"x"].concat();
        for bytes in [&flipped[..], &whole[..cut], &longer] {
            std::fs::write(&path, bytes).unwrap();
            prop_assert_eq!(store.get(&key(1), 40), None);
            prop_assert!(!path.exists());
        }
        // Another block under this name.
        store.put(&key(2), &block(2));
        std::fs::rename(temp.path().join(format!("{}.f32", key(2))), &path).unwrap();
        prop_assert_eq!(store.get(&key(1), 40), None);
    }
}
