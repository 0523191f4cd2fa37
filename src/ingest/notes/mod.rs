//! Session notes: statements that somebody wrote down.
//!
//! In: bytes of a text or Word file. Out: a [`FileIntake`], one response a statement. The notes
//! do not say who spoke, so each statement has a participant of its own (`<stem>/N1`, `N2`, …):
//! what the report counts for such a source is statements, not people.
//! Must not know: what a statement says.

mod bullets;
pub(super) mod letter;

use crate::ingest::assemble::{Draft, FileIntake, Person};
use crate::ingest::docx::{self, Paragraph};
use crate::ingest::encoding::decode;
use crate::ingest::talk::no_groups;
use crate::ingest::{Content, Context, Error, pdf};
use crate::text::Verbatim;
use bullets::Statement;

/// Reads notes in a text or Markdown file.
pub(super) fn read_txt(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let decoded = decode(bytes, context.file)?;
    let (statements, n_headings) = bullets::statements(&decoded.text);
    let mut intake = collect(context, statements, n_headings)?;
    intake.format = decoded.name.clone();
    intake.warnings.extend(decoded.warning(context.file));
    Ok(intake)
}

/// Reads notes in a Word document: list paragraphs are bullets.
pub(super) fn read_docx(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let document = docx::read(context.file, bytes)?;
    let paragraphs: Vec<Paragraph> =
        document.paragraphs.into_iter().filter(|p| !p.text.trim().is_empty()).collect();
    let words = |p: &Paragraph| match bullets::bullet(&p.text) {
        Some(words) => Some(words.to_string()),
        None => p.bullet.then(|| p.text.trim().to_string()),
    };
    let first = paragraphs.iter().position(|p| words(p).is_some());
    let (statements, n_headings): (Vec<Statement>, usize) = match first {
        Some(first) => {
            let found: Vec<Statement> =
                paragraphs.iter().filter_map(|p| Some((p.place, words(p)?))).collect();
            let n_headings = paragraphs.len() - first - found.len();
            (found, n_headings)
        }
        None => (below_header(&paragraphs), 0),
    };
    let mut intake = collect(context, statements, n_headings)?;
    intake.format = "docx".into();
    intake.warnings.extend(document.warning);
    Ok(intake)
}

/// Reads notes in a PDF: as a text of its paragraphs; the place is the page.
pub(super) fn read_pdf(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let document = pdf::read(context.file, bytes, |line| bullets::bullet(line).is_some())?;
    let text: Vec<&str> = document.paragraphs.iter().map(|(_, text)| text.as_str()).collect();
    let (mut statements, n_headings) = bullets::statements(&text.join("\n\n"));
    for (place, _) in &mut statements {
        // Paragraphs hold no line feed, so paragraph n stands on line 2n - 1.
        let page = document.paragraphs.get((*place as usize - 1) / 2).map(|(page, _)| *page);
        *place = page.unwrap_or(1);
    }
    let mut intake = collect(context, statements, n_headings)?;
    intake.format = "pdf".into();
    intake.warnings.extend(document.warnings);
    Ok(intake)
}

/// Without bullets: every paragraph but headings and the head.
fn below_header(paragraphs: &[Paragraph]) -> Vec<Statement> {
    let n_header = bullets::n_head(paragraphs.iter().map(|p| p.text.trim()));
    paragraphs
        .iter()
        .skip(n_header)
        .filter(|p| !p.heading)
        .map(|p| (p.place, p.text.trim().to_string()))
        .collect()
}

fn collect(
    context: &Context<'_>,
    statements: Vec<Statement>,
    n_headings: usize,
) -> Result<FileIntake, Error> {
    let mut intake = FileIntake::default();
    if statements.is_empty() {
        return Err(Error::NoStatements { file: context.file.into() });
    }
    if n_headings > 0 {
        intake.warnings.push(format!(
            "`{}`: {n_headings} lines between the bullets were taken for headings and not read as statements",
            context.file
        ));
    }
    for (n, (place, text)) in statements.into_iter().enumerate() {
        let id = format!("{}/N{}", context.stem, n + 1);
        intake.people.push(Person { id, named: false, groups: no_groups(context), weight: None });
        intake.responses.push(Draft {
            question: 0,
            person: Some(n as u32),
            row: place,
            id: format!("{}#{}", context.stem, n + 1),
            content: Content::Text(Verbatim::new(text)),
        });
    }
    intake.rows = intake.responses.len() as u32;
    Ok(intake)
}
