//! Transcripts as Word documents.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the paragraph.
//! Must not know: XML, what a label is, who moderates.

use super::{Layout, Line, Script};
use crate::ingest::{Context, Error, FileIntake, docx};

/// Reads a transcript.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let document = docx::read(context.file, bytes)?;
    let mut lines = Vec::new();
    for paragraph in document.paragraphs {
        for text in paragraph.text.split('\n').filter(|t| !t.trim().is_empty()) {
            lines.push(Line { place: paragraph.place, voice: None, text: text.to_string() });
        }
    }
    let script = Script { lines, layout: Layout::Paragraphs, rejected: Vec::new() };
    let mut intake = super::read(context, script)?;
    intake.format = "docx".into();
    intake.warnings.extend(document.warning);
    Ok(intake)
}
