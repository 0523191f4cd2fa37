//! Names for files inside ids: the stem, with the folder in front where stems are shared.
//!
//! In: the paths as shown, of the whole study. Out: as many names, all different, in order.
//! Must not know: what is in the files.

use std::collections::BTreeMap;
use std::path::Path;

/// One name a path: `night-watch`, else `focus-groups/night-watch`, else the whole path, else
/// the path with `~2`, `~3` behind it (a file that is listed twice).
pub(super) fn distinct(paths: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = paths.iter().map(|p| stem(p)).collect();
    for longer in [with_parent as fn(&str) -> String, |p| p.replace('\\', "/")] {
        let shared = counts(&names);
        for (name, path) in names.iter_mut().zip(paths) {
            if shared.get(name).is_some_and(|n| *n > 1) {
                *name = longer(path);
            }
        }
    }
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    for name in &mut names {
        let n = taken.entry(name.clone()).or_insert(0);
        *n += 1;
        if *n > 1 {
            *name = format!("{name}~{n}");
        }
    }
    names
}

fn counts(names: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name.clone()).or_insert(0) += 1;
    }
    counts
}

fn stem(path: &str) -> String {
    let path = path.replace('\\', "/");
    let stem = Path::new(&path).file_stem().map(|s| s.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| path.clone())
}

fn with_parent(path: &str) -> String {
    let slashed = path.replace('\\', "/");
    let parent = Path::new(&slashed).parent().and_then(Path::file_name);
    match parent {
        Some(folder) => format!("{}/{}", folder.to_string_lossy(), stem(path)),
        None => stem(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_stems_get_their_folder_and_all_names_differ() {
        let names = distinct(&["a/x.csv", "b/x.csv", "c/y.txt", "c/z.txt", "c/z.vtt", "c/z.vtt"]);
        assert_eq!(names, ["a/x", "b/x", "y", "c/z.txt", "c/z.vtt", "c/z.vtt~2"]);
    }
}
