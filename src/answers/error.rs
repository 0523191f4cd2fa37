//! Why answers cannot be coded or scored: one variant a remedy.
//!
//! In: the place of the fault. Out: one line and, from [`Error::hint`], the remedy. No message holds
//! a respondent's words. Must not know: how it is printed.

use std::path::PathBuf;

use crate::model::{self, trained};
use crate::{codebook, coded, encode, fsx, gold, ingest};

/// Why answers cannot be coded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table cannot be read.
    #[error(transparent)]
    Read(#[from] ingest::Error),
    /// A column is missing.
    #[error("`{file}` has no column `{wanted}` in row {row}")]
    NoColumn {
        /// The table.
        file: String,
        /// Row of the header.
        row: u32,
        /// The column.
        wanted: String,
        /// The nearest that is there.
        nearest: Option<String>,
    },
    /// A file stands where the codes are to go.
    #[error("{}: the file is there already", path.display())]
    OutExists {
        /// The file.
        path: PathBuf,
    },
    /// Neither a model nor a codebook.
    #[error("nothing to code with")]
    NothingToCodeWith,
    /// The model looks at what was asked in several columns or in none.
    #[error("the model looks at {trained} context columns, {given} are named")]
    Context {
        /// Of the training table.
        trained: usize,
        /// On the command line.
        given: usize,
    },
    /// The coded table is not as it should be.
    #[error(transparent)]
    Coded(#[from] coded::Error),
    /// The coded table is not the sample that its design says.
    #[error(transparent)]
    Gold(#[from] gold::Error),
    /// No row is left to measure by.
    #[error("{}: the model has learned from all {rows} rows", path.display())]
    AllLearned {
        /// The coded table.
        path: PathBuf,
        /// How many there are.
        rows: usize,
    },
    /// The codebook is not as it should be.
    #[error(transparent)]
    Codebook(#[from] codebook::Error),
    /// The encoder is not as it should be.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// The trained model is not as it should be.
    #[error(transparent)]
    Trained(#[from] trained::Error),
    /// The engine failed.
    #[error(transparent)]
    Encode(#[from] encode::Error),
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] fsx::Error),
    /// Threads cannot be started.
    #[error("cannot start {threads} threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Read(e) => e.hint(),
            Error::NoColumn { nearest: Some(n), .. } => Some(format!("did you mean `{n}`?")),
            Error::NoColumn { .. } => {
                Some("name the column of answers with `--text`, of ids with `--id`, of what was asked with `--context`".into())
            }
            Error::NothingToCodeWith => {
                Some("name a trained model with `--model DIR` or a codebook with `--codebook FILE`".into())
            }
            Error::Context { .. } => {
                Some("name as many `--context` columns, in the same order, as in training".into())
            }
            Error::Coded(e) => e.hint(),
            Error::Gold(e) => e.hint(),
            Error::AllLearned { .. } => Some(
                "a model is measured by answers that it has not seen; those of training stand in its MODEL_CARD.md".into(),
            ),
            Error::Codebook(e) => e.hint(),
            Error::Model(e) => e.hint(),
            Error::Trained(e) => e.hint(),
            Error::Encode(e) => e.hint(),
            Error::OutExists { .. } => Some("name another with `--out FILE`, or remove it".into()),
            Error::Write(e) => e.hint(),
            Error::Threads { .. } => Some("run again with a smaller `--threads`".into()),
        }
    }

    /// Whether the user's files or arguments are at fault (exit code 2), not the work.
    pub fn is_configuration(&self) -> bool {
        match self {
            Error::Write(e) => e.is_configuration(),
            Error::Threads { .. } | Error::Encode(encode::Error::Engine { .. }) => false,
            _ => true,
        }
    }
}
