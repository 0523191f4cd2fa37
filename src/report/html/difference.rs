//! Which values of a group column differ clearly: sentences, and a chart of the differences.
//!
//! In: one breakdown of the view. Out: parts of its section, and the mark in a table's cell.
//! Must not know: how a difference is tested.

use maud::{Markup, html};

use super::change::{Scale, axis, dot};
use crate::measure::Estimate;
use crate::report::view::{DifferenceView, GroupRow, GroupView, View};
use crate::report::words::change::{self, points, reach};
use crate::report::words::label;

/// Rows in a chart: so many where fewer are clear, and at most.
const FEW: usize = 6;
const LIMIT: usize = 15;

/// One difference: its row, the place of its value.
type Found<'a> = (&'a GroupRow, usize, DifferenceView);

/// The sentences and the chart; the filter hides them where it shows one group alone.
pub fn part(view: &View, group: &GroupView) -> Markup {
    html! {
        @if !group.findings.is_empty() {
            ul.findings.general { @for finding in &group.findings { li dir="auto" { (finding) } } }
        }
        (chart(view, group))
    }
}

/// The chart of the largest differences, or nothing where no share was compared.
fn chart(view: &View, group: &GroupView) -> Markup {
    let of_row = |row| {
        let all = |row: &GroupRow| row.differences.clone().into_iter().enumerate();
        all(row).filter_map(move |(at, d)| Some((row, at, d?)))
    };
    let all: Vec<Found<'_>> = group.rows.iter().flat_map(of_row).collect();
    if all.is_empty() {
        return html! {};
    }
    let rows = largest(&all);
    let scale = Scale::of(rows.iter().map(|(_, _, d)| estimate(d)));
    html! {
        figure.chart.changes.general {
            figcaption {
                @if rows.len() < all.len() {
                    strong { "The " (rows.len()) " largest differences of " (all.len()) "." }
                } @else {
                    strong { "Differences from everyone else." }
                }
                " The share of a value less that of everyone else, in percentage points with the 95 % "
                "interval: right of the line more of its people raised the theme, left of it fewer. "
                "Filled dots differ clearly. Open dots may be chance: the interval crosses the line, "
                "or the difference is not unlikely enough among the " (all.len())
                " that were looked at together."
            }
            table {
                caption.vh { "Differences by " (group.column) ", as drawn" }
                thead {
                    tr {
                        th scope="col" { span.vh { "Area or theme, and the value" } }
                        td.plot { (axis(&scale)) }
                        th.n scope="col" { "Points" }
                    }
                }
                tbody {
                    @for &(row, at, d) in &rows {
                        tr.area[d.clear].theme[!d.clear] {
                            th scope="row" {
                                span dir="auto" { (label(view, row.theme)) }
                                span.of { bdi { (group.values[at].0) } }
                            }
                            td.plot { (dot(&estimate(&d), &scale, d.clear)) }
                            td.n { (points(d.points.value)) " " span.of { (reach(&estimate(&d))) } }
                        }
                    }
                }
            }
        }
    }
}

/// The largest, clear ones before others; in order from above everyone else to below.
fn largest<'a>(rows: &[Found<'a>]) -> Vec<Found<'a>> {
    let mut chosen = rows.to_vec();
    let size = |found: &Found<'_>| found.2.points.value.abs();
    chosen.sort_by(|a, b| b.2.clear.cmp(&a.2.clear).then(size(b).total_cmp(&size(a))));
    let clear = chosen.iter().filter(|(_, _, d)| d.clear).count();
    chosen.truncate(clear.clamp(FEW, LIMIT));
    chosen.sort_by(|a, b| b.2.points.value.total_cmp(&a.2.points.value));
    chosen
}

/// The mark of a clear difference in a cell: an arrow, and words for who cannot see it.
pub fn mark(difference: Option<&Option<DifferenceView>>) -> Markup {
    let (Some(mark), Some(Some(d))) = (change::mark(difference), difference) else {
        return html! {};
    };
    html! {
        span.differs {
            span aria-hidden="true" { (mark) }
            span.vh {
                @if d.points.value > 0.0 { "clearly more" } @else { "clearly less" }
                " than everyone else: " (change::change(&estimate(d))) " points"
            }
        }
    }
}

fn estimate(d: &DifferenceView) -> Estimate {
    Estimate { value: d.points.value, low: d.points.low, high: d.points.high }
}
