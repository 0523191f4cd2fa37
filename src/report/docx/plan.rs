//! For the plan: the themes that bear on each part of it, the evidence, and room to write.
//!
//! In: the view's plans. Out: blocks on pages that lie across. Must not know: what a plan should
//! hold.

use super::blocks::{Doc, Face, Pages};
use super::table::{Cell, Side, Table};
use crate::report::html::plan::by_perspective;
use crate::report::stance::evidence as evidence_of;
use crate::report::view::{MatrixColumn, MatrixRow, PlanTag, SourceView, View};
use crate::report::words::{label, no_plan};

/// Perspectives that have a column each; more stand in one column below each other.
const ACROSS: usize = 5;
/// Quotes on a theme.
const QUOTES: usize = 2;

/// The section.
pub(super) fn section(doc: &mut Doc, view: &View) {
    doc.end_section();
    doc.pages = Pages::Across;
    doc.heading(1, "For the plan");
    if view.plans.iter().all(|plan| plan.tags.is_empty()) {
        doc.paragraph("Normal", no_plan(view));
    } else {
        doc.paragraph(
            "Normal",
            "What people raised, sorted by the part of the plan it bears on. The tags come from \
             the codebook. That a theme stands here says that people raised it, not what should be \
             done about it. A theme can stand in several places. The last four columns are empty: \
             they are for you to fill in.",
        );
        for (at, plan) in view.plans.iter().enumerate() {
            doc.heading(2, &plan.group);
            if at > 0 && has_quotes(view) {
                doc.paragraph("Note", "What people said stands beside the same themes above.");
            }
            for tag in &plan.tags {
                part(doc, view, tag, if at == 0 { Words::Beside } else { Words::Above });
            }
        }
    }
    doc.end_section();
    doc.pages = Pages::Upright;
}

/// Where quotes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Beside,
    Above,
}

fn has_quotes(view: &View) -> bool {
    let rows = view.sources.iter().flat_map(|s| &s.questions).flat_map(|q| &q.rows);
    rows.into_iter().any(|row| !row.quotes.is_empty())
}

fn part(doc: &mut Doc, view: &View, tag: &PlanTag, words: Words) {
    doc.heading(3, &tag.label);
    let quoted =
        words == Words::Beside && tag.rows.iter().any(|row| !said(view, row.theme).is_empty());
    let perspectives = perspectives(&view.matrix.columns);
    let apart = perspectives.len() <= ACROSS;
    let mut columns = vec![("Theme".to_owned(), Side::Words, 15)];
    if apart {
        columns.extend(perspectives.iter().map(|(name, of)| {
            let sources: Vec<&str> = of.iter().map(|column| column.source.as_str()).collect();
            (format!("{name}:\n{}", sources.join("\n")), Side::Words, 13)
        }));
    } else {
        columns.push(("Evidence by perspective".into(), Side::Words, 40));
    }
    if quoted {
        columns.push(("In their own words".into(), Side::Words, 28));
    }
    for (head, width) in [("Owner", 9), ("Action", 15), ("Measure", 10), ("Date", 7)] {
        columns.push((head.into(), Side::Words, width));
    }
    let row = |row: &MatrixRow| {
        let mut cells = vec![Cell::face(label(view, row.theme), Face::Bold)];
        if apart {
            let of = by_perspective(&view.matrix.columns, &row.cells);
            cells.extend(of.into_iter().map(|(_, found)| {
                let line = |text: &str| vec![(text.to_owned(), Face::Plain)];
                Cell::paragraphs(found.iter().map(|(_, cell)| line(&evidence_of(cell))).collect())
            }));
        } else {
            cells.push(Cell::paragraphs(evidence(view, row)));
        }
        if quoted {
            cells.push(Cell::paragraphs(said(view, row.theme)));
        }
        cells
    };
    let rows = tag.rows.iter().map(row).collect();
    let caption = if apart {
        format!("{}: evidence from each source, in the order of the heading", tag.label)
    } else {
        tag.label.clone()
    };
    doc.table(&Table { caption, columns, rows, to_fill: true });
}

/// Neighbouring columns of one perspective.
fn perspectives(columns: &[MatrixColumn]) -> Vec<(&str, Vec<&MatrixColumn>)> {
    let mut all: Vec<(&str, Vec<&MatrixColumn>)> = Vec::new();
    for column in columns {
        match all.last_mut() {
            Some((name, of)) if *name == column.perspective => of.push(column),
            _ => all.push((&column.perspective, vec![column])),
        }
    }
    all
}

type Lines = Vec<Vec<(String, Face)>>;

fn evidence(view: &View, row: &MatrixRow) -> Lines {
    let mut lines = Vec::new();
    for (perspective, cells) in by_perspective(&view.matrix.columns, &row.cells) {
        let said: Vec<String> = cells
            .iter()
            .map(|(column, cell)| format!("{} ({})", evidence_of(cell), column.source))
            .collect();
        lines.push(vec![(format!("{perspective}: "), Face::Bold), (said.join(", "), Face::Plain)]);
    }
    lines
}

/// A few quotes on a theme, each from another perspective.
fn said(view: &View, theme: usize) -> Lines {
    let mut heard: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for source in &view.sources {
        let Some(quote) = first_quote(source, theme) else { continue };
        if lines.len() < QUOTES && !heard.contains(&source.perspective.as_str()) {
            heard.push(&source.perspective);
            let words = format!("“{quote}”");
            let who = format!("{}: ", source.perspective);
            lines.push(vec![(who, Face::Quiet), (words, Face::Plain)]);
        }
    }
    lines
}

fn first_quote(source: &SourceView, theme: usize) -> Option<&str> {
    let row = source.questions.first()?.rows.iter().find(|row| row.theme == theme)?;
    row.quotes.first().map(|quote| quote.text.as_str())
}
