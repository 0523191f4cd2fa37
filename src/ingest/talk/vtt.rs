//! WebVTT: captions of Zoom, Teams, YouTube.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the line of the timing of
//! the turn's first cue. Header, comments, styles and regions are structure, and so is a name of
//! up to three words in front of a timing. Must not know: what a label is, who moderates.

use super::captions::{self, Syntax};
use crate::ingest::{Context, Error, FileIntake};

/// Reads a whole file. A missing header is no reason to lose what people said.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    captions::read::<Vtt>(context, bytes)
}

/// The syntax.
pub(super) struct Vtt;

impl Syntax for Vtt {
    const NAME: &'static str = "vtt";
    const NUMBERED: bool = false;

    fn timing(line: &str) -> Option<bool> {
        captions::arrow(line)
    }

    fn is_structure(line: &str, place: u32) -> bool {
        let begins = |word: &&str| {
            line.strip_prefix(*word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':']))
        };
        ["NOTE", "STYLE", "REGION"].iter().any(begins) || (place == 1 && begins(&"WEBVTT"))
    }

    fn is_name(line: &str) -> bool {
        line.split_whitespace().count() <= 3
    }
}
