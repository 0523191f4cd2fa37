//! What can end a run: one variant a stage, nothing else.
//!
//! In: the stages' errors. Out: one line and, from [`Error::hint`], the remedy.
//! Must not know: how it is printed.

use crate::{aggregate, encode, fsx, gold, ingest, plan, report};

/// A run failed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The study cannot be run as it is.
    #[error(transparent)]
    Plan(#[from] plan::Error),
    /// An input cannot be read.
    #[error(transparent)]
    Ingest(#[from] ingest::Error),
    /// The engine failed.
    #[error(transparent)]
    Encode(#[from] encode::Error),
    /// The ledger does not add up.
    #[error(transparent)]
    Account(#[from] aggregate::AccountError),
    /// The gold sample is not this study's.
    #[error(transparent)]
    Gold(#[from] gold::Error),
    /// An output cannot be made.
    #[error(transparent)]
    Report(#[from] report::Error),
    /// The outputs cannot be written.
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
            Error::Plan(e) => e.hint(),
            Error::Ingest(e) => e.hint(),
            Error::Encode(e) => e.hint(),
            Error::Gold(e) => e.hint(),
            Error::Report(e) => e.hint(),
            Error::Write(e) => e.hint(),
            Error::Account(_) => {
                Some("this is a defect of canvass: please report it with the study file".into())
            }
            Error::Threads { .. } => Some("run again with a smaller `--threads`".into()),
        }
    }

    /// Whether the user's study, files or arguments are at fault (exit code 2), not the run.
    pub fn is_configuration(&self) -> bool {
        match self {
            Error::Plan(e) => e.is_configuration(),
            Error::Write(e) => e.is_configuration(),
            Error::Ingest(_) | Error::Gold(_) | Error::Encode(encode::Error::Load { .. }) => true,
            _ => false,
        }
    }
}
