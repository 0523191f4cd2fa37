//! What can end a training: one variant a remedy.
//!
//! In: what was found. Out: one line and, from [`Error::hint`], the remedy. No message holds a
//! respondent's words. Must not know: how it is printed.

use std::path::PathBuf;

use crate::{codebook, coded, encode, fsx, gold, model};

/// A training failed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The codebook is not as it should be.
    #[error(transparent)]
    Codebook(#[from] codebook::Error),
    /// The coded table is not as it should be.
    #[error(transparent)]
    Coded(#[from] coded::Error),
    /// The gold sample that rows are kept apart from cannot be read.
    #[error(transparent)]
    Gold(#[from] gold::Error),
    /// Nothing but the gold sample to learn from.
    #[error("{}: every row belongs to the gold sample, which measures the model", path.display())]
    AllGold {
        /// The coded table.
        path: PathBuf,
    },
    /// The encoder is not as it should be.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// The engine failed.
    #[error(transparent)]
    Encode(#[from] encode::Error),
    /// The model cannot be written.
    #[error(transparent)]
    Write(#[from] fsx::Error),
    /// Something stands where the model is to go.
    #[error("{}: the folder is there already and not empty", path.display())]
    OutExists {
        /// The folder.
        path: PathBuf,
    },
    /// Hardly anything to learn from.
    #[error("{}: {found} distinct coded answers, {needed} are the least to learn from", path.display())]
    TooFew {
        /// The coded table.
        path: PathBuf,
        /// Distinct answers with words.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// No theme has enough answers.
    #[error("{}: no theme has {needed} coded answers", path.display())]
    NoTheme {
        /// The coded table.
        path: PathBuf,
        /// How many a theme needs.
        needed: u64,
    },
    /// Nothing tells answers apart.
    #[error("{}: every coded answer carries the same themes", path.display())]
    OneClass {
        /// The coded table.
        path: PathBuf,
    },
    /// Threads cannot be started.
    #[error("cannot start {threads} threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
    },
    /// The heads or the record cannot be put into their file.
    #[error("the model cannot be put into files: {why}")]
    Form {
        /// Why.
        why: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Codebook(e) => return e.hint(),
            Error::Coded(e) => return e.hint(),
            Error::Model(e) => return e.hint(),
            Error::Encode(e) => return e.hint(),
            Error::Write(e) => return e.hint(),
            Error::OutExists { .. } => "choose another folder with `--out DIR`, or remove this one",
            Error::TooFew { .. } | Error::NoTheme { .. } => {
                "code more answers: a few hundred make a usable model; until then the codebook \
                 itself codes, without [model] in study.toml"
            }
            Error::Gold(e) => return e.hint(),
            Error::AllGold { .. } => {
                "`canvass sample STUDY --for training` draws other answers to code and learn from"
            }
            Error::OneClass { .. } => "code answers that do not carry the theme, too",
            Error::Threads { .. } => "run again with a smaller `--threads`",
            Error::Form { .. } => "this is a defect of canvass: please report it",
        };
        Some(hint.into())
    }

    /// Whether the user's files or arguments are at fault (exit code 2), not the work.
    pub fn is_configuration(&self) -> bool {
        match self {
            Error::Write(e) => e.is_configuration(),
            Error::Threads { .. }
            | Error::Form { .. }
            | Error::Encode(encode::Error::Engine { .. }) => false,
            _ => true,
        }
    }
}
