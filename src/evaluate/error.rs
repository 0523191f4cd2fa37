//! Why codes cannot be compared: one line and a hint. Must not know: what people wrote.

use std::path::PathBuf;

use crate::{coded, gold, sample};

/// Why codes cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A table cannot be read.
    #[error(transparent)]
    Coded(#[from] coded::Error),
    /// The table is not the sample that its design says.
    #[error(transparent)]
    Gold(#[from] gold::Error),
    /// A workbook cannot be made.
    #[error(transparent)]
    Workbook(#[from] sample::Error),
    /// Nobody to agree with.
    #[error("there is one coder, and agreement needs two")]
    OneCoder,
    /// Rows that are not coded.
    #[error("`{file}`: {rows} rows are not coded yet, the first is row {row}")]
    Unfilled {
        /// The table.
        file: String,
        /// The first.
        row: u32,
        /// How many.
        rows: usize,
    },
    /// No row stands in both.
    #[error("`{first}` and `{second}` have no row in common")]
    NoOverlap {
        /// One table.
        first: String,
        /// The other.
        second: String,
    },
    /// Not the outputs of a run.
    #[error("{}: no such output of a run", path.display())]
    NoRun {
        /// The file.
        path: PathBuf,
    },
    /// A run with another codebook.
    #[error("{}: the run gave a theme that this codebook does not have", out.display())]
    OtherCodebook {
        /// The output folder.
        out: PathBuf,
    },
    /// The machine coded none of the rows.
    #[error("none of the {rows} coded rows is a response of that run")]
    NothingShared {
        /// Rows.
        rows: usize,
    },
    /// Tables with different rows.
    #[error("`{lacking}` lacks {rows} of the rows of `{whole}`, the first is row {row} there")]
    OtherRows {
        /// The table that lacks rows.
        lacking: String,
        /// The table that has them.
        whole: String,
        /// The first of them.
        row: u32,
        /// How many.
        rows: usize,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Coded(e) => return e.hint(),
            Self::Gold(e) => return e.hint(),
            Self::Workbook(e) => return e.hint(),
            Self::OneCoder => "name one table a coder, or one table with a column `coder`".into(),
            Self::Unfilled { .. } => {
                "write 1 where a theme applies; where none does, write 1 in the column `done`"
                    .into()
            }
            Self::NoRun { .. } => {
                "name the output folder of a run with the format `csv`, such as `out`".into()
            }
            Self::OtherCodebook { .. } => "name the codebook that the run used".into(),
            Self::NothingShared { .. } => {
                "the column `id` holds response ids as they stand in ledger.csv".into()
            }
            Self::NoOverlap { .. } => "is the column `id` the same in both?".into(),
            Self::OtherRows { .. } => {
                "coders code the same rows: give each a copy of the same workbook".into()
            }
        })
    }
}
