//! Why two waves cannot be compared: one line and a hint. Must not know: what people wrote.

use std::path::PathBuf;

use crate::fsx;

/// Why two waves cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] fsx::Error),
    /// Not the outputs of a run.
    #[error("{}: no summary.json, so this is no output folder of a run", path.display())]
    NoOutput {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing there.
    #[error("{}: no such folder", path.display())]
    Missing {
        /// What was named.
        path: PathBuf,
    },
    /// Another output of a run.
    #[error("{}: not a summary.json", path.display())]
    AnotherFile {
        /// What was named.
        path: PathBuf,
    },
    /// Something else under the name.
    #[error("{}: not a summary that canvass wrote", path.display())]
    NotASummary {
        /// The file.
        path: PathBuf,
    },
    /// Broken off, or changed by hand.
    #[error("{}: no JSON, from line {line}, column {column}", path.display())]
    NoJson {
        /// The file.
        path: PathBuf,
        /// Where it ends being JSON.
        line: usize,
        /// The column there.
        column: usize,
    },
    /// Another version's form.
    #[error("{}: written by {program}, in a form that {} does not read", path.display(), this())]
    OtherForm {
        /// The file.
        path: PathBuf,
        /// Who wrote it.
        program: String,
    },
    /// One wave twice.
    #[error("{}: both waves are this file", path.display())]
    Same {
        /// The file.
        path: PathBuf,
    },
    /// Two waves under one name.
    #[error("both waves are called `{name}`")]
    SameName {
        /// The name.
        name: String,
    },
    /// Nothing to compare.
    #[error("`{first}` and `{second}` have no source in common")]
    NothingShared {
        /// The earlier wave's folder.
        first: String,
        /// The later one's.
        second: String,
        /// What the earlier one has.
        then: Vec<String>,
        /// What the later one has.
        now: Vec<String>,
    },
}

fn this() -> String {
    format!("canvass {}", env!("CARGO_PKG_VERSION"))
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File(e) => return e.hint(),
            Self::NoOutput { .. } => {
                "name the output folder of a run with the format `json`, such as `out`".into()
            }
            Self::Missing { .. } => "name the output folders of two finished runs".into(),
            Self::AnotherFile { .. } => {
                "name the folder that holds it, or the summary.json beside it".into()
            }
            Self::NotASummary { .. } | Self::NoJson { .. } => {
                "run the study again, which writes it anew".into()
            }
            Self::OtherForm { .. } => format!("run both studies with {}", this()),
            Self::Same { .. } => "name the outputs of the earlier wave, then of the later".into(),
            Self::SameName { .. } => "name them apart, such as `--names 2024 2025`".into(),
            Self::NothingShared { then, now, .. } => format!(
                "sources are matched by name, kind and perspective: {} there, {} here",
                then.join(", "),
                now.join(", ")
            ),
        })
    }

    /// Whether what was named is at fault, not the disk.
    pub fn is_configuration(&self) -> bool {
        match self {
            Self::File(e) => e.is_configuration(),
            _ => true,
        }
    }
}
