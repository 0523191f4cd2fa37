//! Transcripts as PDF files.
//!
//! In: bytes. Out: a [`FileIntake`], one response a turn; the place is the page.
//! Must not know: how text is taken out of a PDF, what a label is, who moderates.

use super::{Layout, Line, Script, form, label};
use crate::ingest::{Context, Error, FileIntake, pdf};

/// Reads a transcript.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let document = pdf::read(context.file, bytes, opens)?;
    let lines = document.paragraphs.into_iter();
    let lines = lines.map(|(place, text)| Line { place, voice: None, text }).collect();
    let script = Script { lines, layout: Layout::Paragraphs, rejected: Vec::new() };
    let mut intake = super::read(context, script)?;
    intake.format = "pdf".into();
    for warning in &mut intake.warnings {
        *warning = warning.replace("(lines ", "(pages ");
    }
    intake.warnings.extend(document.warnings);
    Ok(intake)
}

/// Whether the line begins a paragraph whatever stands above it: it looks like a turn.
pub(super) fn opens(line: &str) -> bool {
    let labelled =
        label::split(line).is_some_and(|f| label::is_role(f.label) || label::looks_named(f.label));
    labelled || form::opens_alone(line)
}
