//! A comparison as a file: which format a name means, and its bytes.
//!
//! In: a [`Comparison`] and a file's name. Out: bytes; equal comparisons give equal bytes.
//! Must not know: where the file goes.

use std::path::Path;

use super::{Comparison, html, md, table};

/// A format, known by the end of a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One page without a script.
    Html,
    /// GitHub's Markdown.
    Md,
    /// One row a theme, question and group.
    Csv,
    /// Everything.
    Json,
}

impl Format {
    /// The format that a name asks for.
    pub fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?.to_ascii_lowercase();
        match end.as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Md),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The file's bytes.
    pub fn render(self, found: &Comparison) -> Vec<u8> {
        match self {
            Self::Html => html::render(found),
            Self::Md => md::render(found),
            Self::Csv => table::render(found),
            Self::Json => json(found),
        }
    }
}

fn json(found: &Comparison) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(found).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
