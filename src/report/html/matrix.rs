//! At a glance: which themes each source raised, side by side, never pooled.
//!
//! In: the view's matrix. Out: the section. Must not know: questions, quotes, groups.

use maud::{Markup, html};

use super::{behind, filter, page};
use crate::report::view::{MatrixColumn, MatrixRow, MatrixView, View};
use crate::report::words::{families, label, step, stretches};

/// Columns that fit on a printed page; more are continued in a further table.
const COLUMNS_A_TABLE: usize = 8;

/// The section.
pub fn section(view: &View) -> Markup {
    let matrix = &view.matrix;
    let body = html! {
        @if !matrix.findings.is_empty() {
            ul.findings.general { @for finding in &matrix.findings { li dir="auto" { (finding) } } }
        }
        @if matrix.rows.is_empty() || matrix.columns.is_empty() {
            p { "No theme of the codebook was raised in the answers that could be coded." }
        } @else {
            (how_to_read(matrix))
            (tables(view, matrix))
        }
    };
    page::section(view, "glance", &html! { "At a glance" }, &body)
}

fn how_to_read(matrix: &MatrixView) -> Markup {
    let shares = matrix.columns.iter().any(|column| column.shares);
    let files = matrix.columns.iter().any(|column| !column.shares);
    html! {
        p.reading.general {
            "One column for each source; sources are never added together. The stronger the shade "
            "of a cell, the larger the part of "
            @if shares { "the people" }
            @if shares && files { " (where a percentage stands) or of " }
            @if files { "the groups, interviews or sessions" }
            @if shares && files { " (where “of” stands)" }
            " that raised the theme. "
            @if shares && files { "These two do not compare with each other. " }
            "A dash means that nobody raised it."
        }
        p.shades aria-hidden="true" {
            span { "none" }
            @for step in 0..=8 { span.shade.{ "h" (step) } {} }
            span { "all" }
        }
    }
}

fn tables(view: &View, matrix: &MatrixView) -> Markup {
    let rows = families(&matrix.rows, |row| row.level);
    let areas: Vec<&MatrixRow> = rows
        .iter()
        .flat_map(|(head, themes)| match head {
            Some(area) => vec![*area],
            None => themes.iter().collect(),
        })
        .collect();
    html! {
        (chunked(view, "Areas by source", &areas))
        @if rows.iter().any(|(head, themes)| head.is_some() && !themes.is_empty()) {
            h3 { "Themes inside each area" }
            @for (head, themes) in &rows {
                @if let (Some(area), false) = (head, themes.is_empty()) {
                    details.family {
                        summary dir="auto" {
                            (label(view, area.theme)) " "
                            span.quiet { (themes.len()) @if themes.len() == 1 { " theme" } @else { " themes" } }
                        }
                        @let all: Vec<&MatrixRow> = std::iter::once(*area).chain(themes.iter()).collect();
                        (chunked(view, "The area and its themes by source", &all))
                    }
                }
            }
        }
    }
}

fn chunked(view: &View, caption: &str, rows: &[&MatrixRow]) -> Markup {
    html! {
        @for columns in stretches(view.matrix.columns.len(), COLUMNS_A_TABLE) {
            (table(view, caption, rows, columns))
        }
    }
}

fn table(view: &View, caption: &str, rows: &[&MatrixRow], range: std::ops::Range<usize>) -> Markup {
    let columns = &view.matrix.columns[range.clone()];
    let table = html! {
        table.matrix.cards {
            caption { (caption) }
            thead {
                tr {
                    td.corner rowspan="2" {}
                    @for (perspective, width) in spans(columns) {
                        th.perspective scope="colgroup" colspan=(width) dir="auto" data-p=[filter::perspective(view, perspective)] { (perspective) }
                    }
                }
                tr {
                    @for column in columns {
                        th scope="col" dir="auto" data-p=[filter::perspective(view, &column.perspective)] { a href={ "#" (column.anchor) } { (column.source) } }
                    }
                }
            }
            tbody {
                @for row in rows {
                    tr.area[row.level == 0].theme[row.level > 0] data-t=(row.theme) {
                        th scope="row" dir="auto" { (label(view, row.theme)) }
                        @for (column, cell) in columns.iter().zip(row.cells.iter().skip(range.start)) {
                            td.{ "h" (step(cell.strength)) } data-p=[filter::perspective(view, &column.perspective)] {
                                span.name aria-hidden="true" dir="auto" { (column.source) }
                                (drill(view, column, row.theme, &cell.text))
                            }
                        }
                    }
                }
            }
        }
    };
    page::scroll_box(caption, &table)
}

/// The cell's words, leading to the sentences behind them where there are any.
fn drill(view: &View, column: &MatrixColumn, theme: usize, text: &str) -> Markup {
    match view.sources.iter().find(|s| s.anchor == column.anchor) {
        Some(source) => behind::link(source, theme, text),
        None => html! { (text) },
    }
}

/// Neighbouring columns of one perspective: its name and how many.
fn spans(columns: &[MatrixColumn]) -> Vec<(&str, usize)> {
    let mut out: Vec<(&str, usize)> = Vec::new();
    for column in columns {
        match out.last_mut() {
            Some((name, width)) if *name == column.perspective => *width += 1,
            _ => out.push((&column.perspective, 1)),
        }
    }
    out
}
