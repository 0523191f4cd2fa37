//! Transcripts as plain text or Markdown.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the line. Blank lines do
//! not end a turn. Must not know: what a label is, who moderates.

use super::{Layout, Line};
use crate::ingest::encoding::decode;
use crate::ingest::{Context, Error, FileIntake};

/// Reads a whole file.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let decoded = decode(bytes, context.file)?;
    let lines = numbered(&decoded.text)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(place, text)| Line { place, voice: None, text: text.to_string() })
        .collect();
    let mut intake = super::read(context, lines, Layout::Paragraphs)?;
    intake.format = decoded.name.clone();
    intake.warnings.extend(decoded.warning(context.file));
    Ok(intake)
}

/// The lines of a text with their numbers, from 1; LF, CR LF and a lone CR end a line.
pub(in crate::ingest) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = Some(text);
    let lines = std::iter::from_fn(move || {
        let all = rest?;
        let Some(end) = all.find(['\n', '\r']) else {
            rest = None;
            return Some(all);
        };
        let width = if all[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&all[end + width..]);
        Some(&all[..end])
    });
    lines.enumerate().map(|(n, line)| (n as u32 + 1, line))
}
