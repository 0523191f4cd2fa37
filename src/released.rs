//! Leaf: the list in which a person released quotes for publication.
//!
//! In: a CSV with the columns `quote`, `text`, `released` (`yes`), `by` and `date`, as
//! `quotes-for-review.csv` has them. Out: [`Released`]: the quotes, each by its id and its words,
//! and how many rows say `yes` without a name or a date, which release nothing.
//! Must not know: studies, themes, reports.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::fsx;

/// What was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Id and words of each quote, as they stand in the list.
    quotes: BTreeSet<(String, String)>,
    /// Rows that say `yes` but lack a name or a date.
    pub unsigned: usize,
}

/// What can be wrong with the list.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] fsx::Error),
    /// It would release nothing and say nothing.
    #[error("{}: the list of released quotes has no column `{column}`", path.display())]
    NoColumn {
        /// The list.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::File(e) => e.hint(),
            Error::NoColumn { .. } => {
                Some("save quotes-for-review.csv as CSV with commas, under another name".to_owned())
            }
        }
    }
}

impl Released {
    /// Reads a list.
    ///
    /// # Errors
    /// It cannot be read, or lacks a column.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fsx::read_to_string(path)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let headers = reader.headers().cloned().unwrap_or_default();
        let mut columns = [0; 5];
        for (at, column) in columns.iter_mut().zip(["quote", "text", "released", "by", "date"]) {
            let found = headers.iter().position(|h| h.trim() == column);
            *at = found.ok_or_else(|| Error::NoColumn { path: path.to_owned(), column })?;
        }
        let mut released = Self { quotes: BTreeSet::new(), unsigned: 0 };
        for row in reader.records().filter_map(Result::ok) {
            let cell = |i: usize| row.get(columns[i]).unwrap_or_default().trim().to_owned();
            if !cell(2).eq_ignore_ascii_case("yes") {
                continue;
            }
            if cell(3).is_empty() || cell(4).is_empty() {
                released.unsigned += 1;
            } else {
                released.quotes.insert((cell(0), cell(1)));
            }
        }
        Ok(released)
    }

    /// Whether a quote was released in these words: the id alone would release what stands there
    /// after the answer was changed.
    pub fn holds(&self, id: &str, words: &str) -> bool {
        self.quotes.contains(&(id.to_owned(), words.to_owned()))
    }

    /// The quotes, ascending.
    pub fn quotes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.quotes.iter().map(|(id, words)| (id.as_str(), words.as_str()))
    }
}
