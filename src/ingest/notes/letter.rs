//! Letters: what somebody sent in as a document of its own.
//!
//! In: bytes of a text, Word or PDF file. Out: a [`FileIntake`] with one response, the whole text,
//! and one participant, `<stem>/L1`. Lines that were broken to fit a page are joined; paragraphs
//! stand on lines of their own; address, salutation and signature stay.
//! Must not know: what a letter says.

use crate::ingest::assemble::{Draft, FileIntake, Person};
use crate::ingest::encoding::decode;
use crate::ingest::talk::no_groups;
use crate::ingest::talk::txt::numbered;
use crate::ingest::{Content, Context, Error, Reject, docx, pdf, wrap};
use crate::text::Verbatim;

/// The longest letter, in bytes: as long as the longest cell of a table.
const MAX_LETTER: usize = 1 << 20;

/// Reads a letter in a text or Markdown file.
pub(in crate::ingest) fn read_txt(
    context: &Context<'_>,
    bytes: &[u8],
) -> Result<FileIntake, Error> {
    let decoded = decode(bytes, context.file)?;
    let paragraphs =
        wrap::paragraphs(numbered(&decoded.text), |line| super::bullets::bullet(line).is_some());
    let mut intake = collect(context, &paragraphs);
    intake.format = decoded.name.clone();
    intake.warnings.extend(decoded.warning(context.file));
    Ok(intake)
}

/// Reads a letter in a Word document.
pub(in crate::ingest) fn read_docx(
    context: &Context<'_>,
    bytes: &[u8],
) -> Result<FileIntake, Error> {
    let document = docx::read(context.file, bytes)?;
    let paragraphs: Vec<(u32, String)> = document
        .paragraphs
        .into_iter()
        .filter(|p| !p.text.trim().is_empty())
        .map(|p| (p.place, p.text.trim().to_string()))
        .collect();
    let mut intake = collect(context, &paragraphs);
    intake.format = "docx".into();
    intake.warnings.extend(document.warning);
    Ok(intake)
}

/// Reads a letter in a PDF; the place is the page where it begins.
pub(in crate::ingest) fn read_pdf(
    context: &Context<'_>,
    bytes: &[u8],
) -> Result<FileIntake, Error> {
    let bulleted = |line: &str| super::bullets::bullet(line).is_some();
    let document = pdf::read(context.file, bytes, bulleted)?;
    let mut intake = collect(context, &document.paragraphs);
    intake.format = "pdf".into();
    intake.warnings.extend(document.warnings);
    Ok(intake)
}

fn collect(context: &Context<'_>, paragraphs: &[(u32, String)]) -> FileIntake {
    let text = paragraphs.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    let id = format!("{}/L1", context.stem);
    let content = match text.len() {
        bytes if bytes > MAX_LETTER => Content::Rejected(Reject::TooLong { bytes }),
        _ => Content::Text(Verbatim::new(text)),
    };
    FileIntake {
        rows: 1,
        people: vec![Person { id, named: false, groups: no_groups(context), weight: None }],
        responses: vec![Draft {
            question: 0,
            person: Some(0),
            row: paragraphs.first().map_or(1, |(place, _)| *place),
            id: format!("{}#1", context.stem),
            content,
        }],
        ..FileIntake::default()
    }
}
