//! Breakdowns of one source by a group column, shaded and in numbers.
//!
//! In: one breakdown of the view. Out: a part of its source's section. Must not know: questions.

use std::ops::Range;

use maud::{Markup, html};

use super::difference;
use super::filter::Groups;
use super::page::scroll_box;
use super::question::protection_note;
use crate::report::view::{CorrectedView, GroupRow, GroupView, Shown, SourceView, View};
use crate::report::words::{
    interval, is_protected, label, percent, range, shown, shown_briefly, step, stretches, thousands,
};

/// Columns that fit on a printed page; more are continued in a further table.
const COLUMNS_A_TABLE: usize = 8;

/// A table with fewer columns than this does not stretch over the page.
const FEW: usize = 4;

/// A breakdown whose values have the numbers that the filter knows them by.
struct Numbered<'a> {
    view: &'a GroupView,
    numbers: Vec<Option<usize>>,
}

/// The part.
pub fn part(view: &View, source: &SourceView, group: &GroupView, filter: &Groups<'_>) -> Markup {
    let number = |(value, _): &(String, Shown)| filter.number(&group.column, value);
    let group = &Numbered { view: group, numbers: group.values.iter().map(number).collect() };
    let areas: Vec<&GroupRow> = group.view.rows.iter().filter(|row| row.level == 0).collect();
    let has_themes = areas.len() < group.view.rows.len();
    let all: Vec<&GroupRow> = group.view.rows.iter().collect();
    let first = if areas.is_empty() { &all } else { &areas };
    html! {
        article.breakdown {
            h3 { "By " bdi { (group.view.column) } }
            (introduction(source, group.view))
            (difference::part(view, group.view))
            @if !group.view.values.is_empty() && !first.is_empty() {
                (chunked(view, group, first))
                @if has_themes && !areas.is_empty() {
                    details {
                        summary { "With the themes inside each area (" (group.view.rows.len()) " rows)" }
                        (chunked(view, group, &all))
                    }
                }
                @if group.view.rows.iter().flat_map(|row| &row.cells).any(|cell| is_protected(cell.0)) {
                    (protection_note())
                }
            }
        }
    }
}

fn introduction(source: &SourceView, group: &GroupView) -> Markup {
    html! {
        p.base {
            @if group.values.is_empty() {
                "No value of this column has enough people behind it to be shown."
            } @else {
                "All questions together. Under each heading: how many " (source.unit) " stand "
                "behind the column. "
                @if source.shares {
                    "In the cells: the share and its 95 % interval; ▲ and ▼ mark shares that are "
                    "clearly higher or lower than that of everyone else, and by how many points. "
                }
                @else { "In the cells: how many of them raised it. " }
            }
            @if group.too_small > 0 {
                " Values left out because too few people stand behind them or behind another: "
                (thousands(group.too_small as u64)) "."
            }
        }
    }
}

fn chunked(view: &View, group: &Numbered<'_>, rows: &[&GroupRow]) -> Markup {
    html! {
        @for columns in stretches(group.view.values.len(), COLUMNS_A_TABLE) {
            (table(view, group, rows, columns))
        }
    }
}

fn table(view: &View, group: &Numbered<'_>, rows: &[&GroupRow], columns: Range<usize>) -> Markup {
    let (group, numbers) = (group.view, &group.numbers);
    let table = html! {
        table.heat.few[columns.len() < FEW] {
            caption {
                "By " bdi { (group.column) }
                @if columns.len() < group.values.len() {
                    ", values " (columns.start + 1) " to " (columns.end) " of " (group.values.len())
                }
            }
            thead {
                tr {
                    th scope="col" { "Area or theme" }
                    @for ((value, base), number) in group.values.iter().zip(numbers).skip(columns.start).take(columns.len()) {
                        th.n scope="col" data-g=[number] { bdi { (value) } span.of { (shown(*base)) } }
                    }
                }
            }
            tbody {
                @for row in rows {
                    tr.area[row.level == 0].theme[row.level > 0] data-t=(row.theme) {
                        th scope="row" dir="auto" { (label(view, row.theme)) }
                        @for i in columns.clone() {
                            (cell(row, i, numbers[i]))
                        }
                    }
                }
            }
        }
    };
    scroll_box("Table: breakdown by a group column", &table)
}

fn cell(row: &GroupRow, at: usize, number: Option<usize>) -> Markup {
    let (count, corrected) = (row.cells[at].0, row.corrected.get(at));
    match row.cells[at] {
        (Shown::FewerThan(_) | Shown::Withheld, _) => html! {
            td.n.protected data-g=[number] {
                span aria-hidden="true" { (shown_briefly(count)) }
                span.vh { (shown(count)) }
            }
        },
        (Shown::Exactly(_), Some(share)) => html! {
            td.n.{ "h" (step(share.value)) } data-g=[number] {
                (percent(share.value)) span.of { (range(&share)) }
                @if let Some(Some(CorrectedView::Share { share, .. })) = corrected {
                    span.of { "corrected " (interval(share)) }
                }
                (difference::mark(row.differences.get(at)))
            }
        },
        (Shown::Exactly(_), None) => html! { td.n data-g=[number] { (shown(count)) } },
    }
}
