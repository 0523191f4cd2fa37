//! For the plan: the themes that bear on each part of it, with room to write.
//!
//! In: the view's plans and the matrix's columns. Out: the section. Must not know: questions,
//! quotes, groups; what a plan should hold.

use maud::{Markup, html};

use super::{filter, page};
use crate::report::view::{MatrixCell, MatrixColumn, MatrixRow, PlanTag, PlanView, View};
use crate::report::words::{label, no_plan};

/// The section.
pub fn section(view: &View) -> Markup {
    let body = html! {
        @if view.plans.iter().all(|plan| plan.tags.is_empty()) {
            p { (no_plan(view)) }
        } @else {
            p.lead {
                "What people raised, sorted by the part of the plan it bears on. The last four "
                "columns are empty: they are for you to fill in, on paper or in a copy."
            }
            p.reading {
                "The tags come from the codebook. That a theme stands here says that people "
                "raised it, not what should be done about it. A theme can stand in several places."
            }
            @for (index, plan) in view.plans.iter().enumerate() { (group(view, plan, index)) }
        }
    };
    html! { div.plan { (page::section(view, "plan", &html! { "For the plan" }, &body)) } }
}

/// One group of tags; the first tag of the first group stands open, to show what folds.
fn group(view: &View, plan: &PlanView, place: usize) -> Markup {
    html! {
        h3 dir="auto" { (plan.group) }
        @for (index, tag) in plan.tags.iter().enumerate() {
            details.tag open[place + index == 0] {
                summary dir="auto" { (tag.label) " " span.quiet { (how_many(tag.rows.len())) } }
                @if tag.rows.is_empty() {
                    p { "Nobody raised a theme with this tag." }
                } @else {
                    (table(view, tag))
                }
            }
        }
    }
}

fn how_many(themes: usize) -> String {
    match themes {
        1 => "1 theme".to_owned(),
        n => format!("{n} themes"),
    }
}

fn table(view: &View, tag: &PlanTag) -> Markup {
    let table = html! {
        table.worksheet {
            caption dir="auto" { (tag.label) }
            thead {
                tr {
                    th scope="col" { "Theme" }
                    th scope="col" { "Evidence by perspective" }
                    th.fill scope="col" { "Owner" }
                    th.fill scope="col" { "Action" }
                    th.fill scope="col" { "Measure" }
                    th.fill scope="col" { "Date" }
                }
            }
            tbody {
                @for row in &tag.rows {
                    tr.area[row.level == 0] data-t=(row.theme) {
                        th scope="row" dir="auto" { (label(view, row.theme)) }
                        td { (evidence(view, row)) }
                        td.fill {} td.fill {} td.fill {} td.fill {}
                    }
                }
            }
        }
    };
    page::scroll_box("Table: themes, evidence and empty columns", &table)
}

fn evidence(view: &View, row: &MatrixRow) -> Markup {
    html! {
        dl.evidence {
            @for (perspective, cells) in by_perspective(&view.matrix.columns, &row.cells) {
                div data-p=[filter::perspective(view, perspective)] {
                    dt dir="auto" { (perspective) }
                    dd {
                        @for (column, cell) in cells {
                            span.item {
                                strong { (cell.text) }
                                @if let Some(direction) = &cell.direction { " " (direction) }
                                " " span.quiet { bdi { (column.source) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

type Evidence<'a> = Vec<(&'a MatrixColumn, &'a MatrixCell)>;

/// The cells in order, neighbours of one perspective together.
pub fn by_perspective<'a>(
    columns: &'a [MatrixColumn],
    cells: &'a [MatrixCell],
) -> Vec<(&'a str, Evidence<'a>)> {
    let mut out: Vec<(&str, Evidence)> = Vec::new();
    for pair in columns.iter().zip(cells) {
        match out.last_mut() {
            Some((name, list)) if *name == pair.0.perspective => list.push(pair),
            _ => out.push((&pair.0.perspective, vec![pair])),
        }
    }
    out
}
