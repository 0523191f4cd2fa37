//! The last pages: methods and limits, what was read, every count, the codebook.
//!
//! In: the view. Out: blocks. Must not know: what the first pages chose to show.

use super::blocks::{Doc, Face};
use super::source;
use super::table::{Cell, Side, Table};
use crate::report::html::methods::LIMITS;
use crate::report::view::{AccountRow, Shown, View};
use crate::report::words::{label, read, shown, smallest, stretches};

/// Sources side by side.
const ACROSS: usize = 8;

/// How the numbers came about and what they cannot tell.
pub(super) fn methods(doc: &mut Doc, view: &View) {
    let methods = &view.methods;
    doc.heading(1, "Methods and limits");
    let smallest = smallest(view);
    for (name, text) in [
        ("How answers were coded", methods.classifier.as_str()),
        ("Codebook", &methods.codebook),
        ("Quotes", &methods.quotes),
        ("Smallest count of people shown", &smallest),
        ("Engine", &methods.engine),
        ("Program", &methods.program),
    ] {
        doc.runs("Normal", &[(name, Face::Bold), (": ", Face::Bold), (text, Face::Plain)]);
    }
    if !view.validated {
        doc.runs(
            "Normal",
            &[
                ("Not yet checked by people: ", Face::Bold),
                (
                    "nobody compared the program’s codes with codes that people gave, so how often \
                     it errs in this study is not known.",
                    Face::Plain,
                ),
            ],
        );
    }
    if let Some(measured) = &view.measured {
        doc.heading(2, "Methods, for a publication");
        measured.appendix.iter().for_each(|text| doc.paragraph("Normal", text));
    }
    doc.heading(2, "What the numbers mean, and what they do not");
    doc.list(methods.notes.iter().map(String::as_str).chain(LIMITS));
}

/// The account of every row and turn.
pub(super) fn account(doc: &mut Doc, view: &View) {
    let account = &view.account;
    doc.heading(1, "What was read");
    doc.paragraph("Normal", &read(account).concat());
    let all: Vec<&AccountRow> = account.lines().collect();
    for range in stretches(all.len(), ACROSS) {
        let across = &all[range];
        let mut columns = vec![(String::new(), Side::Words, 24)];
        columns.extend(across.iter().map(|row| (row.name.clone(), Side::Numbers, 15)));
        let line = |name: &str, of: &dyn Fn(&AccountRow) -> Shown| {
            let mut cells = vec![Cell::text(name)];
            cells.extend(across.iter().map(|row| Cell::text(shown(of(row)))));
            cells
        };
        let mut rows =
            vec![line("Files", &|r| Shown::Exactly(r.files)), line("Rows and turns", &|r| r.rows)];
        for (at, state) in account.states.iter().enumerate() {
            rows.push(line(&state.label, &|r| {
                r.states.get(at).copied().unwrap_or(Shown::Withheld)
            }));
        }
        rows.push(line("All responses", &|r| r.responses));
        let caption = "Responses by state and source".into();
        doc.table(&Table { caption, columns, rows, to_fill: false });
    }
    doc.heading(2, "What each state means");
    for state in &account.states {
        let name = format!("{}: ", state.label);
        doc.runs("ListBullet", &[(&name, Face::Bold), (&state.meaning, Face::Plain)]);
    }
    let listed = |items: &[(String, Shown)]| -> String {
        let items: Vec<String> =
            items.iter().map(|(name, n)| format!("{name} ({})", shown(*n))).collect();
        items.join(", ")
    };
    if !account.languages.is_empty() {
        doc.runs(
            "Normal",
            &[
                ("Languages set aside. ", Face::Bold),
                ("These answers were read and counted but not coded: ", Face::Plain),
                (&listed(&account.languages), Face::Plain),
                (".", Face::Plain),
            ],
        );
    }
    let redacted = if account.redactions.is_empty() {
        "The redaction rules found nothing to replace.".to_owned()
    } else {
        let marks = listed(&account.redactions);
        format!("Taken out of the text and replaced by a mark, before anything else: {marks}.")
    };
    doc.runs("Normal", &[("Redaction. ", Face::Bold), (&redacted, Face::Plain)]);
}

/// Every row of every question.
pub(super) fn counts(doc: &mut Doc, view: &View) {
    doc.chapter("Every count");
    doc.paragraph(
        "Normal",
        "Every area and theme that was raised, by source and question. Areas stand in bold, the \
         themes inside them below.",
    );
    for source in &view.sources {
        doc.heading(2, &source.name);
        for question in &source.questions {
            if source.questions.len() > 1 {
                doc.heading(3, &question.text);
            }
            if question.rows.is_empty() {
                doc.paragraph(
                    "Normal",
                    "No area or theme was raised in answers that could be coded.",
                );
            } else {
                source::counts(doc, view, source, question, usize::MAX);
            }
            if !question.unraised.is_empty() {
                let labels = question.unraised.join("; ");
                doc.paragraph("Note", &format!("Nobody raised: {labels}."));
            }
        }
    }
}

/// What each theme covers.
pub(super) fn codebook(doc: &mut Doc, view: &View) {
    doc.chapter("Codebook");
    if view.themes.is_empty() {
        doc.paragraph("Normal", "The codebook holds no theme.");
        return;
    }
    doc.paragraph("Normal", "A coder, human or program, goes by these words.");
    let columns = vec![
        ("Area or theme".to_owned(), Side::Words, 30),
        ("What it covers".into(), Side::Words, 70),
    ];
    let rows = (0..view.themes.len()).map(|at| {
        let theme = &view.themes[at];
        let mut lines = vec![vec![(theme.definition.clone(), Face::Plain)]];
        if !theme.tags.is_empty() {
            lines.push(vec![(theme.tags.join(", "), Face::Quiet)]);
        }
        let level = u8::from(theme.parent.is_some());
        vec![Cell::name(label(view, at), level), Cell::paragraphs(lines)]
    });
    let caption = "The areas and themes of the codebook".into();
    doc.table(&Table { caption, columns, rows: rows.collect(), to_fill: false });
}
