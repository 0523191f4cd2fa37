//! Captions (WebVTT, SubRip, SBV) to lines: what the three formats share.
//!
//! In: the text of a file, and the format's [`Syntax`]. Out: [`Captions`]: cues with the place
//! of their timing, and what could not be read, with its bytes. Blank lines part blocks; a line
//! of timing opens a cue wherever it stands. A block of words without a timing and a cue whose
//! timing is no time are rejected, whole. Numbers and names of cues are structure.
//! Must not know: what a label is, who moderates.

use std::borrow::Cow;

use super::txt::placed;
use super::{Layout, Line, Script, cue_text};
use crate::ingest::encoding::decode;
use crate::ingest::{Context, Error, FileIntake, Reject, Rejected};
use crate::text::RawBytes;

/// What sets one caption format apart from another.
pub(super) trait Syntax {
    /// The extension.
    const NAME: &'static str;
    /// Whether each cue has a number, so that any number right above a timing is one.
    const NUMBERED: bool;
    /// Whether the line is a timing: `None` if it is none, else whether its times are times.
    fn timing(line: &str) -> Option<bool>;
    /// Whether a block that begins so holds no speech: a header, a comment, a style.
    fn is_structure(line: &str, place: u32) -> bool;
    /// Whether a line in front of a timing can be the cue's number or name.
    fn is_name(line: &str) -> bool;
    /// The words with line feeds between their lines, as they stand below the timing.
    fn words(text: String) -> String {
        text
    }
}

/// Reads a whole file.
pub(super) fn read<S: Syntax>(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let decoded = decode(bytes, context.file)?;
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let Captions { cues, mut broken, n_silent } = captions::<S>(&decoded.text, mark);
    if let Cow::Owned(_) = decoded.text {
        // A place in the text is none in the file where decoding moved it.
        broken.iter_mut().for_each(|record| record.bytes = None);
    }
    if cues.is_empty() {
        return Err(Error::NoCaptions { file: context.file.into() });
    }
    let mut lines: Vec<Line> = Vec::new();
    for cue in cues {
        cue_text::pieces(cue.place, &S::words(cue.text), &mut lines);
    }
    let script = Script { lines, layout: Layout::Cues, rejected: broken };
    let mut intake = super::read(context, script)?;
    intake.format = S::NAME.into();
    if n_silent > 0 {
        intake.warnings.push(format!("`{}`: {n_silent} captions have no words", context.file));
    }
    intake.warnings.extend(decoded.warning(context.file));
    Ok(intake)
}

/// A caption.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cue {
    /// The line of its timing.
    pub(super) place: u32,
    /// Its words, a line feed behind each line.
    pub(super) text: String,
}

/// What a file of captions holds.
#[derive(Debug, Default)]
pub(super) struct Captions {
    /// The captions with words.
    pub(super) cues: Vec<Cue>,
    /// What could not be read.
    pub(super) broken: Vec<Rejected>,
    /// Captions without words.
    pub(super) n_silent: u32,
}

/// Where the reader stands between two lines.
enum State {
    /// Behind a blank line.
    Between,
    /// In a block without speech.
    Structure,
    /// In a block that has not shown its timing yet.
    Waiting,
    /// In a cue's words.
    Cue { place: u32 },
    /// Below a timing that is no time.
    Broken,
}

/// A line that may belong to a cue.
#[derive(Clone, Copy)]
struct Piece<'a> {
    place: u32,
    from: usize,
    to: usize,
    text: &'a str,
}

struct Reader<'a> {
    state: State,
    /// The lines of the block that are not settled yet.
    open: Vec<Piece<'a>>,
    /// The number of the last cue.
    number: u64,
    text: &'a str,
    mark: usize,
    found: Captions,
}

/// Finds the cues of a text; `mark` bytes stood in front of it.
pub(super) fn captions<S: Syntax>(text: &str, mark: usize) -> Captions {
    let mut reader = Reader {
        state: State::Between,
        open: Vec::new(),
        number: 0,
        text,
        mark,
        found: Captions::default(),
    };
    for (place, from, line) in placed(text) {
        let piece = Piece { place, from, to: from + line.len(), text: line.trim() };
        reader.line::<S>(piece);
    }
    reader.close(None);
    reader.found
}

impl<'a> Reader<'a> {
    fn line<S: Syntax>(&mut self, piece: Piece<'a>) {
        if piece.text.is_empty() {
            self.close(None);
            self.state = State::Between;
            return;
        }
        if let Some(valid) = S::timing(piece.text) {
            let name = self.name::<S>();
            self.close(name);
            if valid {
                self.state = State::Cue { place: piece.place };
            } else {
                self.open.extend(name);
                self.open.push(piece);
                self.state = State::Broken;
            }
            return;
        }
        match self.state {
            State::Between if S::is_structure(piece.text, piece.place) => {
                self.state = State::Structure;
            }
            State::Between => {
                self.state = State::Waiting;
                self.open.push(piece);
            }
            State::Structure => {}
            State::Waiting | State::Cue { .. } | State::Broken => self.open.push(piece),
        }
    }

    /// The last open line, if it is the number or the name of the cue whose timing comes next.
    /// Behind words without a blank line, only a number is.
    fn name<S: Syntax>(&self) -> Option<Piece<'a>> {
        let last = *self.open.last()?;
        let is_next = last.text.parse() == Ok(self.number.saturating_add(1));
        let named = match self.state {
            State::Waiting if self.open.len() == 1 => S::is_name(last.text),
            _ => (S::NUMBERED || is_next) && S::is_name(last.text),
        };
        named.then_some(last)
    }

    /// Settles the open block; `name` is the line that belongs to the next cue.
    fn close(&mut self, name: Option<Piece<'a>>) {
        let mut open = std::mem::take(&mut self.open);
        if let Some(name) = name {
            open.pop();
            self.number = name.text.parse().unwrap_or(self.number);
        }
        match self.state {
            State::Cue { place } => {
                let text: String = open.iter().flat_map(|piece| [piece.text, "\n"]).collect();
                if text.is_empty() {
                    self.found.n_silent += 1;
                } else {
                    self.found.cues.push(Cue { place, text });
                }
            }
            State::Waiting => {
                let number = open.first().and_then(|piece| piece.text.parse().ok());
                let is_next = number == Some(self.number.saturating_add(1));
                self.number = number.unwrap_or(self.number);
                if !(is_next && open.len() == 1) {
                    self.reject(&open, Reject::NoTiming);
                }
            }
            State::Broken => self.reject(&open, Reject::BadTiming),
            State::Between | State::Structure => {}
        }
    }

    fn reject(&mut self, block: &[Piece<'_>], why: Reject) {
        if let (Some(first), Some(last)) = (block.first(), block.last()) {
            let at = |byte: usize| (byte + self.mark) as u64;
            self.found.broken.push(Rejected {
                file: 0,
                place: first.place,
                bytes: Some(at(first.from)..at(last.to)),
                why,
                raw: RawBytes::new(&self.text.as_bytes()[first.from..last.to]),
            });
        }
    }
}

/// Whether the text is hours, minutes and seconds, or the latter two, with a fraction or not.
pub(super) fn is_clock(text: &str) -> bool {
    let (whole, fraction) = match text.find(['.', ',']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, "0"),
    };
    let digits = |part: &str, most| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let parts = whole.split(':').count();
    (2..=3).contains(&parts) && whole.split(':').all(|part| digits(part, 4)) && digits(fraction, 9)
}

/// A timing with an arrow: `None` if the line is none, else whether both times are times.
pub(super) fn arrow(line: &str) -> Option<bool> {
    let (begin, end) = line.split_once("-->")?;
    let end = end.trim_start().split([' ', '\t']).next().unwrap_or("");
    line.starts_with(|c: char| c.is_ascii_digit()).then(|| is_clock(begin.trim()) && is_clock(end))
}
