//! Why nothing can be drawn: one line and a hint. In: what was asked. Must not know: texts.

use crate::gold;

/// Why nothing can be drawn.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A source that the study does not have.
    #[error("the study has no source `{wanted}`")]
    NoSource {
        /// The name.
        wanted: String,
        /// The nearest that it has.
        nearest: Option<String>,
    },
    /// No answer that could be coded.
    #[error("there is nobody to draw: {}", if *named { "these sources hold no answer that can be coded" } else { "no survey and no comments hold an answer that can be coded" })]
    Nobody {
        /// Whether sources were named.
        named: bool,
    },
    /// Answers to learn from, before a gold sample keeps its own apart.
    #[error(
        "there is no gold sample yet, so answers to learn from could not be kept apart from it"
    )]
    GoldFirst,
    /// The gold sample is of another study.
    #[error(transparent)]
    Gold(#[from] gold::Error),
    /// A workbook cannot be made.
    #[error("the workbook cannot be made: {why}")]
    Workbook {
        /// Why.
        why: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoSource { nearest: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::NoSource { .. } => "name a source as study.toml does".into(),
            Self::Nobody { named: true } => "name another source with `--source`".into(),
            Self::Nobody { named: false } => {
                "draw turns of a transcript with `--source NAME`".into()
            }
            Self::GoldFirst => "draw it first: `canvass sample STUDY --n 300`".into(),
            Self::Gold(e) => return e.hint(),
            Self::Workbook { .. } => return None,
        })
    }
}
