//! `canvass init`: from a heap of exports and transcripts to a study that runs.
//!
//! In: a [`Request`]: files and folders, perhaps a codebook and a place. Out: an [`Outcome`]: a
//! `study.toml` that was written, and everything that was guessed, with reasons. [`look`] opens
//! the files, [`guess`] decides from names and from counts over cells, [`mod@write`] makes the text,
//! [`tell`] the printed report. Nothing is overwritten, and no reason quotes what a person wrote.
//! Must not know: how a run works, the command line's syntax.

mod guess;
mod look;
mod starter;
mod tell;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Component, Path, PathBuf};

pub use guess::files::SourceGuess;
use guess::files::{Holds, Piece};
pub use guess::{ColumnGuess, Role, TableGuess};
use look::{Seen, What};
pub use tell::{json, left_out_only, report};

use crate::codebook;
use crate::fsx;
use crate::ingest::glance::{Glance, Speaker};

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and folders.
    pub files: Vec<PathBuf>,
    /// Where the study goes; the folder that all files share when absent.
    pub out: Option<PathBuf>,
    /// The codebook; one among the files, or the starter, when absent.
    pub codebook: Option<PathBuf>,
}

/// A study was written.
#[derive(Debug)]
pub struct Outcome {
    /// The study file.
    pub study: PathBuf,
    /// The codebook that it names, and whether it is the starter, written beside it.
    pub codebook: (PathBuf, bool),
    /// What was guessed.
    pub guesses: Guesses,
}

/// What was guessed of all files.
#[derive(Debug, Default)]
pub struct Guesses {
    /// The sources, in the order of the files.
    pub sources: Vec<SourceGuess>,
    /// The files that sources are made of, one entry a file or sheet; [`SourceGuess::pieces`]
    /// points here.
    pub looked: Vec<Looked>,
    /// The files that are no source.
    pub left_out: Vec<LeftOut>,
}

/// A file or sheet that a source is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The file as it was typed.
    pub file: String,
    /// Format, encoding, dialect in words.
    pub format: String,
    /// Rows, turns or statements that were looked at, in words.
    pub size: String,
    /// Speakers that are no moderators, in a conversation.
    pub speakers: Option<usize>,
}

/// A file that is no source, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The file, as it was typed.
    pub file: String,
    /// Why, in one line.
    pub why: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The columns, where it is a table without answers.
    pub columns: Vec<ColumnGuess>,
}

/// Why no study was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing that was named can be a source.
    #[error("{} can be a source", none_of(left_out.len()))]
    NoSource {
        /// Every file, with its reason.
        left_out: Vec<LeftOut>,
    },
    /// A file is there already.
    #[error("{}: there already; nothing is overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The codebook that was named is not as it should be.
    #[error(transparent)]
    Codebook(#[from] codebook::Error),
    /// The study cannot be written.
    #[error(transparent)]
    Write(#[from] fsx::Error),
}

impl Error {
    /// Whether the user's files or arguments are at fault (exit code 2), not the disk.
    pub fn is_configuration(&self) -> bool {
        match self {
            Error::Write(e) => e.is_configuration(),
            _ => true,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::NoSource { .. } => Some(
                "a source is a table with a column of free text, a transcript, or notes".into(),
            ),
            Error::Exists { .. } => {
                Some("rename it, or choose another folder with `--out DIR`".into())
            }
            Error::Codebook(e) => e.hint(),
            Error::Write(e) => e.hint(),
        }
    }
}

/// Looks at the files, guesses, and writes the study.
///
/// # Errors
/// No file can be a source; a file is in the way; the codebook cannot be used; the folder cannot
/// be written.
pub fn init(request: &Request) -> Result<Outcome, Error> {
    let folder = folder(request);
    let study = folder.join("study.toml");
    refuse_existing(&study)?;
    if let Some(path) = &request.codebook {
        codebook::read(path)?;
    }
    let given = request.codebook.as_deref().map(absolute);
    let mut seen = look::look(&request.files);
    seen.retain(|s| given.as_ref().is_none_or(|g| absolute(&s.path) != *g));
    let (guesses, found) = guess_all(seen, &folder, request.codebook.is_some());
    if guesses.sources.is_empty() {
        return Err(Error::NoSource { left_out: guesses.left_out });
    }
    let own = folder.join(starter::NAME);
    let (codebook, is_starter) = match request.codebook.clone().or(found) {
        Some(path) => (path, false),
        None if own.exists() => (own, false),
        None => (own, true),
    };
    if !is_starter {
        codebook::read(&codebook)?;
    }
    let text = write::study(&write::Draft {
        title: &title(&folder),
        codebook: &from(&folder, &codebook),
        starter: is_starter,
        sources: &guesses.sources,
    });
    if is_starter {
        fsx::write_new(&fsx::Os, &codebook, starter::TEXT.as_bytes())?;
    }
    if let Err(e) = fsx::write_new(&fsx::Os, &study, text.as_bytes()) {
        if is_starter {
            let _ = std::fs::remove_file(&codebook);
        }
        return Err(e.into());
    }
    Ok(Outcome { study, codebook: (codebook, is_starter), guesses })
}

fn refuse_existing(path: &Path) -> Result<(), Error> {
    let there = std::fs::symlink_metadata(path).is_ok();
    if there { Err(Error::Exists { path: path.to_owned() }) } else { Ok(()) }
}

/// Where the study goes: as asked, or the folder that all files share. Files that share the root
/// alone share nothing.
fn folder(request: &Request) -> PathBuf {
    if let Some(out) = &request.out {
        return out.clone();
    }
    let own = |p: &PathBuf| {
        if p.is_dir() { p.clone() } else { p.parent().unwrap_or(Path::new("")).to_owned() }
    };
    let mut folders = request.files.iter().map(own);
    let Some(first) = folders.next() else { return PathBuf::from(".") };
    let mut shared = first.clone();
    for folder in folders {
        if folder == shared {
            continue;
        }
        let (a, b) = (shared.components(), folder.components());
        shared = a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    }
    let named =
        shared.components().any(|c| matches!(c, Component::Normal(_) | Component::ParentDir));
    if named { shared } else { PathBuf::from(".") }
}

/// An absolute path without `.` and, where the system knows it, without links.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if let Ok(real) = std::fs::canonicalize(path) {
        return real;
    }
    // A folder that is made later: its nearest ancestor that is there, and the rest.
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => absolute(parent).join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// The path of a file as the study writes it: from the study's folder, with `/`.
fn from(folder: &Path, file: &Path) -> String {
    let (folder, file) = (absolute(folder), absolute(file));
    let (a, b): (Vec<Component>, Vec<Component>) =
        (folder.components().collect(), file.components().collect());
    let shared = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return file.to_string_lossy().into_owned();
    }
    let up = a[shared..].iter().map(|_| "..".to_owned());
    let down = b[shared..].iter().map(|c| c.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn title(folder: &Path) -> String {
    let folder = absolute(folder);
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let readable = guess::files::readable(&name);
    if readable.is_empty() {
        "What people told us".into()
    } else {
        format!("{readable}: what people told us")
    }
}

/// Guesses over everything that was seen, and the codebook among it.
fn guess_all(seen: Vec<Seen>, folder: &Path, has_codebook: bool) -> (Guesses, Option<PathBuf>) {
    let mut guesses = Guesses::default();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut codebook = None;
    for Seen { path, shown, what } in seen {
        let relative = from(folder, &path);
        let leave = |why: String, hint: Option<String>| LeftOut {
            file: shown.clone(),
            why,
            hint,
            columns: Vec::new(),
        };
        match what {
            What::Nothing { why, hint } => {
                // The list names the file already.
                let why = [format!("`{shown}` "), format!("`{shown}`: "), format!("{shown}: ")]
                    .iter()
                    .fold(why, |why, name| why.replace(name.as_str(), ""));
                guesses.left_out.push(leave(why, hint));
            }
            What::Codebook if has_codebook || codebook.is_some() => {
                guesses.left_out.push(leave("a further codebook, not used".into(), None));
            }
            What::Codebook => codebook = Some(path),
            What::Data(glance) => take(&mut guesses, &mut pieces, &shown, &relative, glance),
        }
    }
    let listing = |inside: &str| {
        let mut names: Vec<String> = std::fs::read_dir(folder.join(inside))
            .into_iter()
            .flatten()
            .filter_map(|e| Some(e.ok()?.path()))
            .filter(|p| p.is_file())
            .map(|p| p.file_name().unwrap_or_default().to_string_lossy().into_owned())
            .filter(|n| !n.starts_with(['.', '~']))
            .collect();
        names.sort();
        names
    };
    guesses.sources = guess::files::sources(&pieces, &listing);
    (guesses, codebook)
}

/// Adds what a file holds to the pieces, or to what is left out.
fn take(guesses: &mut Guesses, pieces: &mut Vec<Piece>, shown: &str, path: &str, glance: Glance) {
    let mut add = |format: String, size: String, speakers: Option<usize>, holds: Holds| {
        guesses.looked.push(Looked { file: shown.to_owned(), format, size, speakers });
        pieces.push(Piece { path: path.to_owned(), holds });
    };
    match glance {
        Glance::Talk(talk) => {
            let spoken = |s: &&Speaker| !s.moderates;
            let n = talk.speakers.iter().filter(spoken).count();
            let turns: usize = talk.speakers.iter().map(|s| s.turns).sum();
            add(talk.format, counted(turns, "turn"), Some(n), Holds::Talk(talk.speakers));
        }
        Glance::Notes(notes) => {
            let unit = if notes.listed { "statement" } else { "paragraph" };
            add(notes.format, counted(notes.statements, unit), None, Holds::Notes);
        }
        Glance::Letter(letter) => {
            add(letter.format, counted(letter.words, "word"), None, Holds::Letter);
        }
        Glance::Tables(tables) => {
            let stem =
                Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            for table in tables {
                let guess = guess::guess(&table, &stem);
                if guess.no_answers {
                    guesses.left_out.push(without_answers(shown, &table, guess));
                    continue;
                }
                let more = if table.more { " and more" } else { "" };
                let size = format!("{}{more}", counted(table.rows, "row"));
                let sheet = table.sheet;
                let holds = Holds::Table { sheet, header_row: table.header_row, guess };
                guesses.looked.push(Looked {
                    file: shown.to_owned(),
                    format: table.format,
                    size,
                    speakers: None,
                });
                pieces.push(Piece { path: path.to_owned(), holds });
            }
        }
    }
}

fn without_answers(
    shown: &str,
    table: &crate::ingest::glance::Table,
    guess: TableGuess,
) -> LeftOut {
    let file = match &table.sheet {
        Some(sheet) => format!("{shown}, sheet `{sheet}`"),
        None => shown.to_owned(),
    };
    let offered: Vec<String> = guess
        .columns
        .iter()
        .filter(|c| c.role == Role::MaybeQuestion)
        .map(|c| format!("`{}`", c.name))
        .collect();
    let hint = match offered.is_empty() {
        true => None,
        false => {
            Some(format!("if {} holds answers, write a study.toml by hand", offered.join(" or ")))
        }
    };
    LeftOut {
        file,
        why: "a table without a column of free text".into(),
        hint,
        columns: guess.columns,
    }
}

fn none_of(n: usize) -> String {
    match n {
        0 | 1 => "nothing that was named".into(),
        n => format!("none of the {}", counted(n, "file")),
    }
}

/// `1 file`, `2 files`.
fn counted(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", crate::report::thousands(n as u64))
}
