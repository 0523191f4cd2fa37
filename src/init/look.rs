//! From what was typed to what the files hold.
//!
//! In: paths of files and folders. Out: [`Seen`], one entry a file in the order typed, folders in
//! the order of names. A file that cannot be a source is an entry with the reason, no error.
//! Must not know: what columns are for, the study file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::codebook;
use crate::ingest::glance::{self, Glance, Table};

/// Files of one call. More are hardly one study, and each is opened.
const MAX_FILES: usize = 5000;
/// Folders below a typed folder: its files, and those of its subfolders.
const DEPTH: usize = 1;

/// A file that was looked at.
#[derive(Debug)]
pub(super) struct Seen {
    /// As it can be opened.
    pub(super) path: PathBuf,
    /// As it was typed, or found in a folder that was typed.
    pub(super) shown: String,
    /// What it is.
    pub(super) what: What,
}

/// What a file is.
#[derive(Debug)]
pub(super) enum What {
    /// It can be a source, if its columns allow.
    Data(Glance),
    /// It is a codebook that can be used.
    Codebook,
    /// It cannot be a source.
    Nothing {
        /// Why, in one line.
        why: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

/// Looks at every file, in parallel.
pub(super) fn look(typed: &[PathBuf]) -> Vec<Seen> {
    use rayon::prelude::*;
    let mut known: BTreeSet<PathBuf> = BTreeSet::new();
    let mut paths: Vec<PathBuf> = typed.iter().flat_map(|path| expand(path, DEPTH)).collect();
    paths.retain(|p| known.insert(std::fs::canonicalize(p).unwrap_or_else(|_| p.clone())));
    let surplus = paths.split_off(paths.len().min(MAX_FILES));
    let mut seen: Vec<Seen> = paths
        .into_par_iter()
        .map(|path| {
            let shown = path.to_string_lossy().into_owned();
            let what = match path.to_str() {
                Some(_) => examine(&path, &shown),
                None => nothing("its name is no valid text", Some("rename it")),
            };
            Seen { path, shown, what }
        })
        .collect();
    if let Some(first) = surplus.into_iter().next() {
        let why = format!("not looked at: more than {MAX_FILES} files");
        let what = nothing(&why, Some("name fewer files, or several studies"));
        seen.push(Seen { shown: first.to_string_lossy().into_owned(), path: first, what });
    }
    seen
}

/// A file itself; the visible files of a folder and of its folders, sorted by name.
fn expand(path: &Path, depth: usize) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let visible = |p: &PathBuf| {
        let name = p.file_name().unwrap_or_default().to_string_lossy().into_owned();
        !name.starts_with(['.', '~'])
    };
    let mut inside: Vec<PathBuf> =
        entries.filter_map(|e| Some(e.ok()?.path())).filter(visible).collect();
    inside.sort();
    // A folder that a run has written holds results, not data.
    if inside.iter().any(|p| p.ends_with("manifest.json"))
        && inside.iter().any(|p| p.ends_with("ledger.csv"))
    {
        return Vec::new();
    }
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
        inside.into_iter().partition(|p| p.is_dir());
    let below = folders.into_iter().filter(|_| depth > 0).flat_map(|f| expand(&f, depth - 1));
    files.into_iter().filter(|f| f.is_file()).chain(below.collect::<Vec<_>>()).collect()
}

fn nothing(why: &str, hint: Option<&str>) -> What {
    What::Nothing { why: why.into(), hint: hint.map(Into::into) }
}

fn examine(path: &Path, shown: &str) -> What {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if path.is_dir() {
        return nothing("the folder cannot be read", Some("change its permissions"));
    }
    if crate::report::OUTPUTS.contains(&name.as_str()) {
        return nothing("named like a result of `canvass run`", None);
    }
    if name == "study.toml" {
        return nothing("a study file, no data", None);
    }
    if ["readme", "license", "licence", "changelog"]
        .iter()
        .any(|n| name.split('.').next() == Some(n))
    {
        return nothing("a description of files, by its name", None);
    }
    if extension == "toml" {
        return toml(path);
    }
    match glance::glance(path, shown) {
        Ok(Glance::Tables(tables)) => match tables.iter().find(|t| is_codebook(t)) {
            Some(_) => table_codebook(path),
            None => What::Data(Glance::Tables(tables)),
        },
        Ok(glance) => What::Data(glance),
        Err(e) => What::Nothing { why: e.to_string(), hint: e.hint() },
    }
}

fn toml(path: &Path) -> What {
    match std::fs::read_to_string(path) {
        Ok(text) if text.contains("[[theme]]") => table_codebook(path),
        Ok(_) => nothing("a TOML file without themes: no data and no codebook", None),
        Err(_) => nothing("it cannot be read as text", None),
    }
}

fn table_codebook(path: &Path) -> What {
    match codebook::read(path) {
        Ok(_) => What::Codebook,
        Err(e) => {
            What::Nothing { why: format!("a codebook that cannot be used: {e}"), hint: e.hint() }
        }
    }
}

/// Whether the columns are those of a list of themes: a definition, and an id, a code or a label.
fn is_codebook(table: &Table) -> bool {
    let has = |names: &[&str]| {
        table.columns.iter().any(|c| names.iter().any(|n| c.name.trim().eq_ignore_ascii_case(n)))
    };
    has(&["definition", "description", "definición", "definicja"])
        && has(&["id", "code", "theme", "label", "código", "kod"])
        && table.columns.len() <= 12
        && !has(&["text", "answer", "response", "comment"])
}
