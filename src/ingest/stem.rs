//! Names for files inside ids: the stem, with the folder in front where stems are shared.
//!
//! In: the paths as shown, of the whole study. Out: as many names, all different, in order; and,
//! for a source whose recordings are in parts, the conversation that each file belongs to.
//! Must not know: what is in the files.

use std::collections::BTreeMap;
use std::path::Path;

use super::SourceSpec;

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

/// The conversation that a file is a part of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Conversation {
    /// Equal for the parts of one conversation: folder and stem without the part.
    pub(super) key: String,
    /// Its name in ids.
    pub(super) name: String,
}

/// How the files of a source name their parts: `north part 1`, `north_pt2`, `north (parte 3)`;
/// or, where no file says `part`, `north-1`, `north_b`, `north (2)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    /// With a word for part.
    Worded,
    /// With a number of up to two digits or a letter from a to h alone.
    Bare,
}

impl Parts {
    /// What the source's files do, if the study says that they are parts.
    pub(super) fn of(spec: &SourceSpec) -> Option<Self> {
        let worded = |shown: &str| Self::Worded.cut(&stem(shown)).is_some();
        let any = spec.files.iter().any(|(_, shown)| worded(shown));
        spec.parts.then_some(if any { Self::Worded } else { Self::Bare })
    }

    /// The conversation of a file whose name in ids is `name`.
    pub(super) fn conversation(self, shown: &str, name: &str) -> Conversation {
        let slashed = shown.replace('\\', "/");
        let folder = slashed.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = stem(shown);
        let base = self.cut(&own).unwrap_or(&own).to_lowercase();
        Conversation {
            key: format!("{folder}/{base}"),
            name: self.cut(name).unwrap_or(name).to_string(),
        }
    }

    /// What stands in front of the part.
    fn cut(self, name: &str) -> Option<&str> {
        const GAPS: [char; 7] = [' ', '_', '-', '.', '(', '[', ','];
        const WORDS: [&str; 8] =
            ["part", "parte", "partie", "teil", "pt", "tape", "część", "czesc"];
        let body = name.trim_end().trim_end_matches([')', ']']);
        let is_mark = |c: char| c.is_ascii_alphanumeric();
        let head = body.trim_end_matches(is_mark);
        let mark = body[head.len()..].to_ascii_lowercase();
        let before = head.trim_end_matches(GAPS);
        // `part1`, `pt2`: word and number in one.
        let glued = mark.trim_end_matches(|c: char| c.is_ascii_digit());
        let worded = if WORDS.contains(&glued) && glued.len() < mark.len() {
            Some(before)
        } else {
            let numbered = is_number_or_letter(&mark) || is_roman(&mark);
            let word = before.rsplit(GAPS).next().unwrap_or("");
            let known = numbered && WORDS.contains(&word.to_lowercase().as_str());
            known.then(|| before[..before.len() - word.len()].trim_end_matches(GAPS))
        };
        let cut = match self {
            Self::Worded => worded,
            Self::Bare => {
                (is_number_or_letter(&mark) && before.len() < head.len()).then_some(before)
            }
        };
        cut.filter(|base| !base.is_empty())
    }
}

fn is_number_or_letter(mark: &str) -> bool {
    let digits = (1..=2).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    digits || matches!(mark.as_bytes(), [b'a'..=b'h'])
}

fn is_roman(mark: &str) -> bool {
    ["i", "ii", "iii", "iv", "v"].contains(&mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_stems_get_their_folder_and_all_names_differ() {
        let names = distinct(&["a/x.csv", "b/x.csv", "c/y.txt", "c/z.txt", "c/z.vtt", "c/z.vtt"]);
        assert_eq!(names, ["a/x", "b/x", "y", "c/z.txt", "c/z.vtt", "c/z.vtt~2"]);
    }

    #[test]
    fn parts_are_told_by_a_word_or_else_by_a_number_or_letter() {
        for (name, base) in [
            ("north part 1", "north"),
            ("North_Pt2", "North"),
            ("north (parte 3)", "north"),
            ("group-2 - Part II", "group-2"),
            ("north-part-b", "north"),
        ] {
            assert_eq!(Parts::Worded.cut(name), Some(base), "{name}");
        }
        for name in ["north", "group-2", "department", "part 1", "north part", "counterpart 12x"] {
            assert_eq!(Parts::Worded.cut(name), None, "{name}");
        }
        for (name, base) in [("north-1", "north"), ("north_b", "north"), ("north (2)", "north")] {
            assert_eq!(Parts::Bare.cut(name), Some(base), "{name}");
        }
        for name in ["north", "group1", "north 2024", "north-x", "-1"] {
            assert_eq!(Parts::Bare.cut(name), None, "{name}");
        }
    }
}
