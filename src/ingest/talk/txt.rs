//! Transcripts as plain text or Markdown.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the line. Blank lines do
//! not end a turn. Captions that were saved under this extension go to their own readers.
//! Must not know: what a label is, who moderates.

use super::{Layout, Line, Script, captions, srt, vtt};
use crate::ingest::encoding::decode;
use crate::ingest::{Context, Error, FileIntake};

/// Reads a whole file.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let decoded = decode(bytes, context.file)?;
    if decoded.text.starts_with("WEBVTT") {
        return vtt::read(context, bytes);
    }
    let mut written = numbered(&decoded.text).map(|(_, l)| l).filter(|l| !l.trim().is_empty());
    let numbered_cue = written.next().is_some_and(|l| l.trim().parse::<u32>().is_ok())
        && written.next().is_some_and(|l| captions::arrow(l.trim()) == Some(true));
    if numbered_cue {
        return srt::read(context, bytes);
    }
    let lines = numbered(&decoded.text)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(place, text)| Line { place, voice: None, text: text.to_string() })
        .collect();
    let script = Script { lines, layout: Layout::Paragraphs, rejected: Vec::new() };
    let mut intake = super::read(context, script)?;
    intake.format = decoded.name.clone();
    intake.warnings.extend(decoded.warning(context.file));
    Ok(intake)
}

/// The lines of a text with their numbers, from 1; LF, CR LF and a lone CR end a line.
pub(in crate::ingest) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    placed(text).map(|(place, _, line)| (place, line))
}

/// The lines with their numbers and the byte where each begins.
pub(in crate::ingest) fn placed(text: &str) -> impl Iterator<Item = (u32, usize, &str)> {
    let mut at = Some(0);
    let lines = std::iter::from_fn(move || {
        let from = at?;
        let all = text.get(from..)?;
        let Some(end) = all.find(['\n', '\r']) else {
            at = None;
            return Some((from, all));
        };
        let width = if all[end..].starts_with("\r\n") { 2 } else { 1 };
        at = Some(from + end + width);
        Some((from, &all[..end]))
    });
    lines.enumerate().map(|(n, (from, line))| (n as u32 + 1, from, line))
}
