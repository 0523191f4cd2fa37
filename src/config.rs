//! `study.toml` as it is written: nothing resolved, nothing opened.
//!
//! In: the file's text. Out: [`StudyFile`], or one error with the line, the column and a
//! did-you-mean. Unknown keys are refused: a misspelt `moderator` must not silently count a
//! moderator as a participant. Must not know: what the paths hold, the command line.

use std::path::PathBuf;

use serde::Deserialize;

use crate::encode::Precision;
use crate::ingest::{Kind, Limits};

/// A study as `study.toml` states it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct StudyFile {
    /// `[study]`.
    pub study: Study,
    /// `[[source]]`, at least one.
    #[serde(default)]
    pub source: Vec<Source>,
    /// `[encoder]`.
    #[serde(default)]
    pub encoder: Encoder,
    /// `[model]`; absent: the codebook itself is the classifier.
    pub model: Option<TrainedModel>,
    /// `[gold]`.
    pub gold: Option<GoldSample>,
    /// `[privacy]`.
    #[serde(default)]
    pub privacy: Privacy,
    /// `[limits]`.
    #[serde(default)]
    pub limits: Limits,
    /// `[report]`.
    #[serde(default)]
    pub report: Report,
}

/// What the study is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// The title of the reports.
    pub title: String,
    /// A line that every report carries, such as `All people in this study are invented`.
    pub notice: Option<String>,
    /// The codebook, relative to the study's folder.
    pub codebook: PathBuf,
    /// Similarity from which a segment carries a theme; the program's own value when absent.
    pub threshold: Option<f32>,
}

/// One input stream.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name in reports, unique in the study.
    pub name: String,
    /// How people were heard.
    pub kind: Kind,
    /// Whose perspective it is.
    pub perspective: String,
    /// A file, or a pattern with `*` in its last part.
    pub path: String,
    /// Tables: column that identifies a row.
    pub id: Option<String>,
    /// Tables: column that identifies the person.
    pub participant: Option<String>,
    /// Tables: columns by which shares are broken down.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Tables: column of survey weights.
    pub weight: Option<String>,
    /// Tables: line of the header, counted from 1; 0 where there is none; detected when absent.
    pub header_row: Option<u32>,
    /// Tables: how many rows make up the header; detected when absent.
    pub header_rows: Option<u32>,
    /// Text tables: the encoding, such as `windows-1252`; detected when absent.
    pub encoding: Option<String>,
    /// Text tables: what stands between two cells; detected when absent.
    pub delimiter: Option<String>,
    /// Text tables: the character around cells, empty for none; detected when absent.
    pub quote: Option<String>,
    /// Text tables: the character in front of a quote inside a cell; detected when absent.
    pub escape: Option<String>,
    /// Workbooks: the sheet by its name or, where none has that name, its number.
    pub sheet: Option<String>,
    /// Transcripts: labels whose turns are not coded.
    #[serde(default)]
    pub moderators: Vec<String>,
    /// Transcripts: files whose names differ only in a part (`north part 1`, `north part 2`) are
    /// one conversation, and a label means the same person in each.
    #[serde(default)]
    pub parts: bool,
    /// Counts of this source's people from 1 to this minus one are not shown; that of `[privacy]`
    /// when absent.
    pub min_cell: Option<u32>,
    /// Why it is lower than that of `[privacy]`: the reports say it.
    pub min_cell_reason: Option<String>,
    /// `[[source.question]]`.
    #[serde(default)]
    pub question: Vec<Question>,
}

/// One open question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The column that holds the answers.
    pub column: String,
    /// Its wording; the column's name when absent.
    pub text: Option<String>,
}

/// Which model encodes, and how.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encoder {
    /// A built-in model's name, or a folder with a `model.toml`.
    pub model: Option<String>,
    /// `auto`, `f32` or `bf16`.
    #[serde(default)]
    pub precision: Precision,
}

/// A model that `canvass train` wrote.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainedModel {
    /// Its folder, relative to the study's.
    pub path: PathBuf,
}

/// Answers that people coded to measure the program by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldSample {
    /// A coded table, or a pattern with `*` in its last part.
    pub path: String,
}

/// What may be shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Counts of people from 1 to this minus one are not shown; a source can have its own.
    #[serde(default = "eleven")]
    pub min_cell: u32,
    /// Whether counts of interviews, groups and sessions stand beside protected counts of people.
    #[serde(default)]
    pub sessions: Sessions,
    /// Whether and which quotes enter the reports.
    #[serde(default)]
    pub quotes: Quotes,
    /// The list of released quotes, for `quotes = "reviewed"`.
    pub approved: Option<PathBuf>,
}

fn eleven() -> u32 {
    11
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            min_cell: eleven(),
            sessions: Sessions::default(),
            quotes: Quotes::default(),
            approved: None,
        }
    }
}

/// When a report says in how many interviews, groups or sessions a theme was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sessions {
    /// Beside a count of people that is shown: one interview may be one person.
    #[default]
    Protected,
    /// Always, where the source has people enough to be shown at all. For sessions that nobody can
    /// take for a person.
    Shown,
}

/// Which quotes enter the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quotes {
    /// None.
    None,
    /// Those that a person released in the list named by `approved`.
    #[default]
    Reviewed,
    /// Every candidate that the rules allow. For invented or already public text.
    All,
}

/// What is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The formats of the report; `ledger.csv` and `manifest.json` are always written.
    #[serde(default = "all_formats")]
    pub formats: Vec<FormatName>,
}

impl Default for Report {
    fn default() -> Self {
        Self { formats: all_formats() }
    }
}

fn all_formats() -> Vec<FormatName> {
    use FormatName::{Csv, Docx, Html, Json, Md, Xlsx};
    vec![Html, Docx, Xlsx, Csv, Json, Md]
}

/// One format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormatName {
    /// `report.html`.
    Html,
    /// `report.md`.
    Md,
    /// `themes.csv` and `codings.csv`.
    Csv,
    /// `summary.json`.
    Json,
    /// `report.docx`.
    Docx,
    /// `workbook.xlsx`.
    Xlsx,
    /// `themes.parquet` and `codings.parquet`.
    Parquet,
    /// `project.qdpx` and `codebook.qdc`. The project holds every redacted answer: it is written
    /// where a study asks for it alone.
    Qdpx,
}

/// A TOML file of ours is not as it should be: where, what, and the nearest word that would be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct TomlError {
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// One line in words.
    pub message: String,
    /// The nearest key that is known, or the list of them.
    pub hint: Option<String>,
}

/// Parses a TOML file of ours, turning the parser's answer into one line.
///
/// # Errors
/// [`TomlError`] at the first thing that is wrong.
pub fn parse_toml<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, TomlError> {
    toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start.min(text.len()));
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let (message, hint) = explain(e.message());
        TomlError { line, column, message, hint }
    })
}

/// Splits serde's "unknown field `x`, expected one of `a`, `b`" into a message and a hint.
fn explain(raw: &str) -> (String, Option<String>) {
    let first = raw.lines().next().unwrap_or_default();
    if !first.starts_with("unknown ") {
        let hint = "the files in samples/community-safety are examples of a study and a codebook";
        return (first.to_owned(), Some(hint.to_owned()));
    }
    let quoted: Vec<&str> = first.split('`').skip(1).step_by(2).collect();
    let (Some((head, _)), Some((&wrong, known))) =
        (first.split_once(", expected"), quoted.split_first())
    else {
        return (first.to_owned(), None);
    };
    let message =
        head.replace("unknown field", "unknown key").replace("unknown variant", "unknown value");
    let hint = match nearest(wrong, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("known here: {}", known.join(", ")),
    };
    (message, Some(hint))
}

/// The candidate that is nearest to `word`, where one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let lower = word.to_lowercase();
    let scored = candidates.map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c));
    let (distance, best) = scored.min()?;
    (distance <= 1 + word.chars().count() / 3).then(|| best.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_place_and_the_nearest_key() {
        let text = "[study]\ntitle = \"T\"\ncodebok = \"c.toml\"\n";
        let err = parse_toml::<StudyFile>(text).unwrap_err();
        assert_eq!((err.line, err.column), (3, 1));
        assert_eq!(err.message, "unknown key `codebok`");
        assert_eq!(err.hint.as_deref(), Some("did you mean `codebook`?"));
    }

    #[test]
    fn an_unknown_kind_lists_what_is_known() {
        let text = "[study]\ntitle = \"T\"\ncodebook = \"c\"\n[[source]]\nname = \"a\"\nkind = \"podcast\"\n";
        let err = parse_toml::<StudyFile>(text).unwrap_err();
        assert_eq!(err.message, "unknown value `podcast`");
        assert!(err.hint.unwrap().contains("focus-group"));
    }
}
