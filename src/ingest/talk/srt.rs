//! SubRip: numbered captions.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the line of the timing of
//! the turn's first cue. Times may have a comma or a point; positions such as `{\an8}` are left
//! out. Must not know: what a label is, who moderates.

use super::captions::{self, Syntax};
use crate::ingest::{Context, Error, FileIntake};

/// Reads a whole file.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    captions::read::<Srt>(context, bytes)
}

/// The syntax.
pub(super) struct Srt;

impl Syntax for Srt {
    const NAME: &'static str = "srt";
    const NUMBERED: bool = true;

    fn timing(line: &str) -> Option<bool> {
        captions::arrow(line)
    }

    fn is_structure(_line: &str, _place: u32) -> bool {
        false
    }

    fn is_name(line: &str) -> bool {
        line.bytes().all(|b| b.is_ascii_digit())
    }

    fn words(text: String) -> String {
        let mut words = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("{\\") {
            words.push_str(before);
            let end = after.find(['}', '\n']).filter(|at| after[*at..].starts_with('}'));
            match end {
                Some(at) => rest = &after[at + 1..],
                None => {
                    words.push_str("{\\");
                    rest = after;
                }
            }
        }
        words.push_str(rest);
        words
    }
}
