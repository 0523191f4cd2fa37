//! How well the program codes, by people's codes: a table by theme and one by group.
//!
//! In: the view's measured part. Out: blocks. Must not know: shares, sources.

use super::blocks::Doc;
use super::table::{Cell, Side, Table};
use crate::report::view::{ErrorRow, MeasuredView, QualityRow, ShareView, View};
use crate::report::words::{label, ratio, shown};

/// The section; nothing where nothing was measured.
pub(super) fn section(doc: &mut Doc, view: &View) {
    let Some(measured) = &view.measured else { return };
    doc.heading(1, "How well the program codes");
    doc.list(measured.findings.iter().map(String::as_str));
    quality(doc, view, measured);
    if !measured.groups.is_empty() {
        groups(doc, measured);
    }
}

fn quality(doc: &mut Doc, view: &View, measured: &MeasuredView) {
    let coders = measured.themes.iter().any(|t| t.alpha.is_some());
    let mut columns = vec![("Theme".to_owned(), Side::Words, 44)];
    for head in ["Given by people", "Precision", "Recall", "F1"] {
        columns.push((head.into(), Side::Numbers, 22));
    }
    if coders {
        columns.push(("Coders\u{2019} alpha".into(), Side::Numbers, 16));
    }
    let row = |t: &QualityRow| {
        let mut cells = vec![Cell::text(label(view, t.theme)), Cell::text(shown(t.people))];
        cells.extend([t.precision, t.recall, t.f1].map(figure));
        if coders {
            cells.push(Cell::text(t.alpha.map_or("–".to_owned(), |a| format!("{a:.2}"))));
        }
        cells
    };
    let rows = measured.themes.iter().map(row).collect();
    doc.table(&Table { caption: "Quality by theme".into(), columns, rows, to_fill: false });
}

fn groups(doc: &mut Doc, measured: &MeasuredView) {
    doc.heading(2, "Errors by group");
    doc.paragraph(
        "Normal",
        "Missed: of the themes that people gave, those that the program did not find. Added: of the \
         themes that people did not give, those that the program gave. A reader sees here whether \
         the program treats groups alike.",
    );
    let mut columns = vec![("Group".to_owned(), Side::Words, 60)];
    for head in ["People compared", "Missed", "Added"] {
        columns.push((head.into(), Side::Numbers, 26));
    }
    let row = |g: &ErrorRow| {
        vec![
            Cell::text(format!("{}: {} = {}", g.source, g.column, g.value)),
            Cell::text(shown(g.people)),
            figure(g.missed),
            figure(g.added),
        ]
    };
    let rows = measured.groups.iter().map(row).collect();
    doc.table(&Table { caption: "Errors by group".into(), columns, rows, to_fill: false });
}

fn figure(share: Option<ShareView>) -> Cell {
    Cell::text(share.map_or("–".to_owned(), |s| ratio(&s)))
}
