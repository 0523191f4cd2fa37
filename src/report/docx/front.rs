//! The first pages: title, whether it was checked, contents, what all sources say together.
//!
//! In: the view; for the contents, the headings of the finished document. Out: blocks.
//! Must not know: single sources.

use super::blocks::{Doc, Face, Heading, Pages, properties, run};
use super::table::{Cell, Side, Table};
use crate::report::view::{MatrixRow, Shown, View};
use crate::report::words::{label, shown, step, stretches, thousands};
use crate::report::xml::Xml;

const BANNER: &str = " A program assigned the codes in this report, from the definitions and \
     examples in the codebook. Nobody has yet checked how often it errs. Counts and shares may be \
     off, for some themes more than for others. Use this report as a first reading.";

/// Sources that fit side by side on a page that lies across.
const ACROSS: usize = 9;

/// Title, notices, warnings.
pub(super) fn opening(doc: &mut Doc, view: &View) {
    doc.paragraph("Title", &view.title);
    let total = view.account.summed().map_or(Shown::Withheld, |total| total.responses);
    let sources = (view.sources.len() - view.account.left_out.len()) as u64;
    let told = if total.is_open() { sources } else { view.sources.len() as u64 };
    let files: u64 = view.account.rows.iter().map(|row| row.files).sum();
    doc.paragraph(
        "Subtitle",
        &format!(
            "Theme report: {} from {} {}",
            match total {
                Shown::Withheld => "responses".to_owned(),
                Shown::Exactly(1) => "1 response".to_owned(),
                n => format!("{} responses", shown(n)),
            },
            thousands(told),
            if told == 1 { "source" } else { "sources" },
        ),
    );
    if let Some(notice) = &view.notice {
        doc.paragraph("Note", notice);
    }
    if view.validated {
        doc.runs("Normal", &[("Checked against people", Face::Bold)]);
        let measured = view.measured.iter().flat_map(|m| &m.findings);
        doc.list(measured.map(String::as_str));
    } else {
        doc.runs("Notice", &[("Not yet checked by people.", Face::Bold), (BANNER, Face::Plain)]);
    }
    if !view.warnings.is_empty() {
        doc.runs("Normal", &[("Please note", Face::Bold)]);
        doc.list(view.warnings.iter().map(String::as_str));
    }
    doc.paragraph(
        "Note",
        &format!(
            "Read from {} {}. What became of every response stands in “What was read”.",
            thousands(files),
            if files == 1 { "file" } else { "files" },
        ),
    );
}

/// The contents: a field that Word fills with page numbers when it is updated, and until then
/// links without them, since only a word processor knows the pages.
pub(super) fn contents(headings: &[Heading]) -> Xml {
    let mut xml = Xml::fragment();
    super::blocks::paragraph(&mut xml, "TOCHeading", &[("Contents", Face::Plain)]);
    let shown: Vec<&Heading> = headings.iter().filter(|h| h.level == 1).collect();
    for (at, heading) in shown.iter().enumerate() {
        properties(xml.open("w:p", &[]), "TOC1");
        if at == 0 {
            mark(&mut xml, "begin");
            xml.open("w:r", &[]);
            let code = " TOC \\o \"1-1\" \\h \\z \\u ";
            xml.leaf("w:instrText", &[("xml:space", "preserve")], code);
            xml.close();
            mark(&mut xml, "separate");
        }
        xml.open("w:hyperlink", &[("w:anchor", &heading.bookmark), ("w:history", "1")]);
        run(&mut xml, &heading.text, Face::Plain);
        xml.close();
        if at + 1 == shown.len() {
            mark(&mut xml, "end");
        }
        xml.close();
    }
    xml
}

fn mark(xml: &mut Xml, kind: &str) {
    xml.open("w:r", &[]).empty("w:fldChar", &[("w:fldCharType", kind)]).close();
}

/// What all sources say together: sentences, and areas by source.
pub(super) fn glance(doc: &mut Doc, view: &View) {
    let matrix = &view.matrix;
    doc.heading(1, "At a glance");
    doc.list(matrix.findings.iter().map(String::as_str));
    if matrix.rows.is_empty() || matrix.columns.is_empty() {
        doc.paragraph(
            "Normal",
            "No theme of the codebook was raised in the answers that could be coded.",
        );
        return;
    }
    let areas: Vec<&MatrixRow> = matrix.rows.iter().filter(|row| row.level == 0).collect();
    let themes: Vec<&MatrixRow> = matrix.rows.iter().collect();
    doc.end_section();
    doc.pages = Pages::Across;
    doc.paragraph(
        "Normal",
        "One column for each source; sources are never added up. The stronger the shade of a cell, \
         the larger the part of the people (where a percentage stands) or of the groups, interviews \
         or sessions (where “of” stands) that raised it. These two do not compare with each other. \
         A dash: nobody raised it.",
    );
    if !areas.is_empty() {
        table(doc, view, "Areas by perspective and source", &areas);
    }
    if areas.len() < themes.len() {
        table(doc, view, "Areas, and the themes inside them, by perspective and source", &themes);
    }
    doc.end_section();
    doc.pages = Pages::Upright;
}

fn table(doc: &mut Doc, view: &View, caption: &str, rows: &[&MatrixRow]) {
    for range in stretches(view.matrix.columns.len(), ACROSS) {
        let mut columns = vec![("Area or theme".to_owned(), Side::Words, 30)];
        for column in &view.matrix.columns[range.clone()] {
            let head = format!("{}: {}", column.perspective, column.source);
            columns.push((head, Side::Numbers, 14));
        }
        let row = |row: &&MatrixRow| {
            let mut cells = vec![Cell::name(label(view, row.theme), row.level)];
            let shown = row.cells.iter().skip(range.start).take(range.len());
            cells.extend(shown.map(|c| Cell::text(c.text.as_str()).shaded(step(c.strength))));
            cells
        };
        let rows = rows.iter().map(row).collect();
        doc.table(&Table { caption: caption.into(), columns, rows, to_fill: false });
    }
}
