//! Transcripts as WebVTT captions (Zoom, Teams).
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the line of the timing of
//! the turn's first cue. Comments, styles and regions are skipped; `<v Name>` names the
//! speaker, else a `Name:` in front; other tags are removed and entities resolved.
//! Must not know: what a label is, who moderates.

use super::txt::numbered;
use super::{Layout, Line};
use crate::ingest::encoding::decode;
use crate::ingest::{Context, Error, FileIntake};

/// Reads a whole file.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let decoded = decode(bytes, context.file)?;
    let mut lines = Vec::new();
    for cue in cues(&decoded.text) {
        pieces(&cue, &mut lines);
    }
    let mut intake = super::read(context, lines, Layout::Cues)?;
    intake.format = "vtt".into();
    intake.warnings.extend(decoded.warning(context.file));
    Ok(intake)
}

struct Cue {
    place: u32,
    text: String,
}

/// Where the reader stands between two lines.
enum State {
    /// Behind a blank line.
    Between,
    /// In the header, a comment, a style or a region: skip to the next blank line.
    Skipping,
    /// In a block that has not shown its timing yet.
    Waiting,
    /// In a cue's text.
    Inside,
}

fn cues(text: &str) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut state = State::Between;
    for (place, line) in numbered(text) {
        let line = line.trim();
        let timing = is_timing(line);
        state = match state {
            _ if line.is_empty() => State::Between,
            State::Skipping => State::Skipping,
            State::Between if place == 1 && line.starts_with("WEBVTT") => State::Skipping,
            State::Between if is_skipped_block(line) => State::Skipping,
            _ if timing => {
                cues.push(Cue { place, text: String::new() });
                State::Inside
            }
            State::Inside => {
                if let Some(cue) = cues.last_mut() {
                    cue.text.push_str(line);
                    cue.text.push('\n');
                }
                State::Inside
            }
            State::Between | State::Waiting => State::Waiting,
        };
    }
    cues
}

fn is_timing(line: &str) -> bool {
    line.contains("-->") && line.starts_with(|c: char| c.is_ascii_digit())
}

fn is_skipped_block(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':']))
    })
}

/// Cuts a cue at its voice tags and line ends.
fn pieces(cue: &Cue, lines: &mut Vec<Line>) {
    let mut piece = Line { place: cue.place, voice: None, text: String::new() };
    let mut rest = cue.text.as_str();
    while let Some(at) = rest.find(['<', '&', '\n']) {
        piece.text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(tail) = rest.strip_prefix('\n') {
            let voice = piece.voice.clone();
            flush(&mut piece, lines, voice);
            rest = tail;
        } else if let Some((tag, tail)) = tag(rest) {
            match voice(tag) {
                Some(name) => flush(&mut piece, lines, Some(name)),
                None if tag == "/v" => flush(&mut piece, lines, None),
                None => {}
            }
            rest = tail;
        } else {
            let (c, tail) = entity(rest);
            piece.text.push_str(c);
            rest = tail;
        }
    }
    piece.text.push_str(rest);
    flush(&mut piece, lines, None);
}

fn flush(piece: &mut Line, lines: &mut Vec<Line>, next: Option<String>) {
    let text = std::mem::take(&mut piece.text);
    let voice = std::mem::replace(&mut piece.voice, next);
    if !text.trim().is_empty() {
        lines.push(Line { place: piece.place, voice, text });
    }
}

/// A tag at the start of the text, and what follows it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let starts_tag = inside.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    let (tag, rest) = inside.split_once('>')?;
    (starts_tag && !tag.contains(['<', '\n'])).then_some((tag, rest))
}

/// The name in `v Name` or `v.loud Name`.
fn voice(tag: &str) -> Option<String> {
    let (head, name) = tag.split_once([' ', '\t'])?;
    if head != "v" && !head.starts_with("v.") {
        return None;
    }
    let mut decoded = String::new();
    let mut rest = name.trim();
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let (c, tail) = entity(&rest[at..]);
        decoded.push_str(c);
        rest = tail;
    }
    decoded.push_str(rest);
    (!decoded.trim().is_empty()).then(|| decoded.trim().to_string())
}

/// What an entity at the start stands for; any other first character stands for itself.
fn entity(text: &str) -> (&str, &str) {
    const NAMED: [(&str, &str); 9] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", "\u{A0}"),
        ("&lrm;", "\u{200E}"),
        ("&rlm;", "\u{200F}"),
    ];
    for (name, character) in NAMED {
        if let Some(rest) = text.strip_prefix(name) {
            return (character, rest);
        }
    }
    let width = text.chars().next().map_or(0, char::len_utf8);
    text.split_at(width)
}
