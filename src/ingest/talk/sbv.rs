//! SBV: captions of YouTube.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the line of the timing of
//! the turn's first cue. Two times with a comma between open a cue; `[br]` breaks a line.
//! Must not know: what a label is, who moderates.

use super::captions::{self, Syntax};
use crate::ingest::{Context, Error, FileIntake};

/// Reads a whole file.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    captions::read::<Sbv>(context, bytes)
}

/// The syntax.
pub(super) struct Sbv;

impl Syntax for Sbv {
    const NAME: &'static str = "sbv";
    const NUMBERED: bool = false;

    fn timing(line: &str) -> Option<bool> {
        let (begin, end) = line.split_once(',')?;
        let clocked = |time: &str| time.matches(':').count() == 2;
        let one_word = !line.contains(char::is_whitespace);
        let looks = one_word
            && line.starts_with(|c: char| c.is_ascii_digit())
            && (clocked(begin) || clocked(end));
        looks.then(|| captions::is_clock(begin) && captions::is_clock(end))
    }

    fn is_structure(_line: &str, _place: u32) -> bool {
        false
    }

    fn is_name(_line: &str) -> bool {
        false
    }

    fn words(text: String) -> String {
        text.replace("[br]", "\n")
    }
}
