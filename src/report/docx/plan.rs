//! For the plan: the themes that bear on each part of it, the evidence, and room to write.
//!
//! In: the view's plans. Out: blocks on pages that lie across. Must not know: what a plan should
//! hold.

use super::blocks::{Doc, Face, Pages};
use super::table::{Cell, Side, Table};
use crate::report::html::plan::by_perspective;
use crate::report::view::{MatrixRow, PlanTag, SourceView, View};
use crate::report::words::label;

/// The section.
pub(super) fn section(doc: &mut Doc, view: &View) {
    doc.end_section();
    doc.pages = Pages::Across;
    doc.heading(1, "For the plan");
    if view.plans.iter().all(|plan| plan.tags.is_empty()) {
        doc.paragraph("Normal", "There are no tagged themes to list.");
    } else {
        doc.paragraph(
            "Normal",
            "What people raised, sorted by the part of the plan it bears on. The tags come from \
             the codebook. That a theme stands here says that people raised it, not what should be \
             done about it. A theme can stand in several places. The last four columns are empty: \
             they are for you to fill in.",
        );
        for plan in &view.plans {
            doc.heading(2, &plan.group);
            for tag in &plan.tags {
                part(doc, view, tag);
            }
        }
    }
    doc.end_section();
    doc.pages = Pages::Upright;
}

fn part(doc: &mut Doc, view: &View, tag: &PlanTag) {
    doc.heading(3, &tag.label);
    let quoted = tag.rows.iter().any(|row| !said(view, row.theme).is_empty());
    let mut columns = vec![
        ("Theme".to_owned(), Side::Words, 17),
        ("Evidence by perspective".into(), Side::Words, 27),
    ];
    if quoted {
        columns.push(("In their own words".into(), Side::Words, 27));
    }
    columns.push(("Owner".into(), Side::Words, 11));
    columns.push(("Action".into(), Side::Words, 17));
    columns.push(("Measure".into(), Side::Words, 12));
    columns.push(("Date".into(), Side::Words, 8));
    let row = |row: &MatrixRow| {
        let mut cells = vec![
            Cell::face(label(view, row.theme), Face::Bold),
            Cell::paragraphs(evidence(view, row)),
        ];
        if quoted {
            cells.push(Cell::paragraphs(said(view, row.theme)));
        }
        cells
    };
    let rows = tag.rows.iter().map(row).collect();
    doc.table(&Table { caption: tag.label.clone(), columns, rows, to_fill: true });
}

type Lines = Vec<Vec<(String, Face)>>;

fn evidence(view: &View, row: &MatrixRow) -> Lines {
    let line = |(perspective, cells): (&str, Vec<_>)| {
        let cells: Vec<(&crate::report::view::MatrixColumn, &crate::report::view::MatrixCell)> =
            cells;
        let said: Vec<String> = cells
            .iter()
            .map(|(column, cell)| format!("{} ({})", cell.text, column.source))
            .collect();
        vec![(format!("{perspective}: "), Face::Bold), (said.join(", "), Face::Plain)]
    };
    by_perspective(&view.matrix.columns, &row.cells).into_iter().map(line).collect()
}

/// The first quote on a theme from each source that has one.
fn said(view: &View, theme: usize) -> Lines {
    let of_source = |source: &SourceView| {
        let row = source.questions.first()?.rows.iter().find(|r| r.theme == theme)?;
        let quote = row.quotes.first()?;
        let words = format!("“{}”", quote.text);
        Some(vec![(format!("{}: ", source.perspective), Face::Quiet), (words, Face::Plain)])
    };
    view.sources.iter().filter_map(of_source).collect()
}
