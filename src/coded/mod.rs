//! Answers that people coded, read from a table or a project through the readers of `ingest`.
//!
//! In: a CSV or workbook with `id`, `text`, and either `codes` (theme ids joined by `;`) or one
//! 0/1 column a theme, or a REFI-QDA project (`.qdpx`), and the codebook. Out: a [`CodedTable`]: every coded row in file order, or
//! one error with file, row and column. The same reader serves training, evaluation and the gold
//! sample of a study. A row's text stays [`Verbatim`].
//! Must not know: models, studies, statistics.

use std::path::Path;

use crate::codebook::Codebook;
use crate::ingest::Limits;
use crate::text::Verbatim;

mod columns;
mod error;
mod project;
mod rows;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use project::is_project;

/// Names of the sheets that people code in, in workbooks of the program's own.
pub const SHEETS: [&str; 2] = ["Coding", "Adjudication"];

/// What the columns are called. `None` means the usual name, where the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// What identifies a row: `id`. Without it rows are called `row-2`, by their place.
    pub id: Option<String>,
    /// What somebody wrote: `text`. `None`: it is not read, as where rows are joined by their id.
    pub text: Option<String>,
    /// What was asked, and other words that the coder saw, in this order.
    pub context: Vec<String>,
    /// Theme ids joined by `;`: `codes`. Without it each theme has a column.
    pub codes: Option<String>,
    /// Who wrote it: `participant`.
    pub participant: Option<String>,
    /// Who coded it: `coder`.
    pub coder: Option<String>,
    /// Further columns by which errors are broken down.
    pub groups: Vec<String>,
    /// Workbooks: the sheet by name or number; the first that is not hidden.
    pub sheet: Option<String>,
    /// What two rows with one id mean.
    pub repeated: Repeated,
}

/// What two rows with one id mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeated {
    /// A mistake: rows are joined by their ids.
    #[default]
    Refused,
    /// Two answers of one person: nothing is joined.
    OnePerson,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            id: None,
            text: Some("text".into()),
            context: Vec::new(),
            codes: None,
            participant: None,
            coder: None,
            groups: Vec::new(),
            sheet: None,
            repeated: Repeated::Refused,
        }
    }
}

/// A table of coded answers.
#[derive(Debug)]
pub struct CodedTable {
    /// The rows that somebody coded, in file order; never empty.
    pub rows: Vec<CodedRow>,
    /// Themes of the codebook that the table speaks of, ascending: all where it has a `codes`
    /// column, else those that have a column. A theme that is not among them was not looked for.
    pub themes: Vec<usize>,
    /// Rows whose theme columns and `done` column are blank: (line or row, id).
    pub unfilled: Vec<(u32, String)>,
    /// Things that a user should know but that stop nothing.
    pub warnings: Vec<String>,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// One coded answer.
#[derive(Debug)]
pub struct CodedRow {
    /// The id as it stands in the file.
    pub id: String,
    /// Line or row of the file, counted from 1.
    pub row: u32,
    /// What was coded; empty where the text was not asked for.
    pub text: Verbatim,
    /// The context columns, in the order asked for.
    pub context: Vec<Verbatim>,
    /// Who wrote it.
    pub participant: Option<String>,
    /// Index of each theme in the codebook, ascending, each once. Empty: no theme applies.
    pub codes: Vec<usize>,
    /// Who coded it.
    pub coder: Option<String>,
    /// The stratum that it was drawn from, where the table has a column `stratum`.
    pub stratum: Option<String>,
    /// The probability with which it was drawn, where the table has a column `probability`.
    pub probability: Option<f64>,
    /// The group columns, in the order asked for; empty where blank.
    pub groups: Vec<String>,
}

/// Reads a table of coded answers.
///
/// # Errors
/// The file cannot be read; a column is missing; a cell holds no theme of the codebook, no 0 or
/// 1, or no probability; a row has no id, or that of an earlier row (of the same coder); no row
/// is coded.
pub fn read(path: &Path, codebook: &Codebook, columns: &Columns) -> Result<CodedTable, Error> {
    read_as(path, &path.display().to_string(), codebook, columns)
}

/// The same, under a name of the file for messages.
///
/// # Errors
/// As [`read`].
pub fn read_as(
    path: &Path,
    shown: &str,
    codebook: &Codebook,
    columns: &Columns,
) -> Result<CodedTable, Error> {
    match project::is_project(path) {
        true => project::read((path, shown), codebook, columns, Limits::default()),
        false => rows::read((path, shown), codebook, columns, Limits::default()),
    }
}
