//! What can be wrong with a gold sample: one variant a remedy.
//!
//! In: the place of the fault. Out: one line and a hint. Must not know: what people wrote.

use crate::coded;
use crate::fsx;

/// Why a gold sample cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A table cannot be read.
    #[error(transparent)]
    Coded(#[from] coded::Error),
    /// The design cannot be read.
    #[error(transparent)]
    File(#[from] fsx::Error),
    /// The design is no design.
    #[error("`{file}` is not what `canvass sample` wrote: {why}")]
    Design {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// Another study, or other data.
    #[error("the gold sample was drawn from another {what} than this study's")]
    OtherStudy {
        /// `codebook`, or `set of answers`.
        what: &'static str,
    },
    /// Rows are not coded.
    #[error("`{file}`: {rows} rows are not coded yet, the first is row {row}")]
    Unfilled {
        /// The table.
        file: String,
        /// The first of them.
        row: u32,
        /// How many.
        rows: usize,
    },
    /// A project of a tool for qualitative analysis.
    #[error("`{file}`: a gold sample is coded in the workbooks that were drawn, not in a project")]
    Project {
        /// The project.
        file: String,
    },
    /// A row that was not drawn.
    #[error("`{file}`, row {row}, column `id`: this answer was not drawn")]
    NotDrawn {
        /// The table.
        file: String,
        /// The row.
        row: u32,
    },
    /// Answers that were drawn are not in the tables.
    #[error("{missing} of the {drawn} answers that were drawn are not in the coded tables")]
    Missing {
        /// How many are missing.
        missing: usize,
        /// How many were drawn.
        drawn: usize,
    },
    /// Two tables of one coder say different things.
    #[error("`{file}`, row {row}: another table of the same coder has other codes for this answer")]
    Twice {
        /// The later table.
        file: String,
        /// The row.
        row: u32,
    },
    /// Answers that were drawn to teach a model.
    #[error("{}: these answers were drawn for training, not by chance", folder.display())]
    Training {
        /// The folder.
        folder: std::path::PathBuf,
    },
    /// Coders differ.
    #[error("coders differ on {differ} of {answers} answers, and nobody has decided them")]
    Undecided {
        /// On how many.
        differ: usize,
        /// Of how many.
        answers: usize,
    },
    /// The model knows most of the sample.
    #[error(
        "the model has learned from {learned} of the {answers} answers of the gold sample, which measures it"
    )]
    Learned {
        /// Answers that it learned from.
        learned: usize,
        /// Answers of the sample.
        answers: usize,
    },
    /// No answer of the study is in the sample.
    #[error("none of the {answers} coded answers is an answer of this study")]
    NoOverlap {
        /// Coded answers.
        answers: usize,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Coded(e) => return e.hint(),
            Self::File(e) => return e.hint(),
            Self::Design { .. } => "take gold-design.json as it was written, or draw anew".into(),
            Self::OtherStudy { what: "codebook" } => {
                "use the codebook that the coders used, or draw and code a new sample".into()
            }
            Self::OtherStudy { .. } => {
                "use the files that the sample was drawn from, or draw and code a new sample".into()
            }
            Self::Unfilled { .. } => {
                "write 1 where a theme applies; where none does, write 1 in the column `done`".into()
            }
            Self::Project { .. } => {
                "a project shows the program's codes; `canvass evaluate FILE --run OUT` compares it with a run"
                    .into()
            }
            Self::NotDrawn { .. } => "is it the workbook that belongs to this gold-design.json?".into(),
            Self::Twice { .. } => {
                "leave one of the two tables, or give the coders names in a column `coder`".into()
            }
            Self::Training { .. } => {
                "`canvass sample STUDY --n 300` draws answers to measure by".into()
            }
            Self::Missing { .. } => {
                "put every coded workbook of the sample into the pattern of [gold] path".into()
            }
            Self::Undecided { .. } => {
                "`canvass evaluate A B --adjudicate FILE` lists them; decide them there and put FILE beside the others".into()
            }
            Self::Learned { .. } => {
                "train on other answers: `canvass sample STUDY --for training` draws them".into()
            }
            Self::NoOverlap { .. } => {
                "the column `id` holds response ids as they stand in ledger.csv".into()
            }
        })
    }
}
