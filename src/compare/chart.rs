//! The chart of one table: each difference as a dot on a line through zero, with its interval.
//!
//! In: rows that have a difference. Out: a figure whose every row carries its numbers in words, so
//! that nothing rests on the picture alone. Widths are percentages, so it fits a phone and a page.
//! Must not know: what stands around it.

use maud::{Markup, html};

use super::words::{points, reach};
use super::{Comparison, Row, TablePair};
use crate::report::change::{Scale, axis, dot};

/// Rows in a chart.
const LIMIT: usize = 15;

/// The figure, or nothing where there is no difference.
pub(super) fn chart(found: &Comparison, table: &TablePair) -> Markup {
    let drawable: Vec<&Row> = table.rows.iter().filter(|row| row.deciding().is_some()).collect();
    if drawable.is_empty() {
        return html! {};
    }
    let rows = largest(&drawable);
    let scale = Scale::of(rows.iter().filter_map(|row| row.deciding()));
    let [then, now] = &found.waves;
    html! {
        figure.chart.changes {
            figcaption {
                @if rows.len() < drawable.len() {
                    strong { "The " (rows.len()) " largest differences of " (drawable.len()) "." }
                } @else {
                    strong { "Differences of the shares." }
                }
                " In percentage points from " bdi { (then.name) } " to " bdi { (now.name) }
                ", with the 95 % interval: right of the line more people raised it than before, "
                "left of it fewer. Filled dots changed clearly. Open dots may be chance: the interval "
                "crosses the line, or the change is not unlikely enough among the " (table.tested)
                " that were looked at together."
            }
            table {
                caption.vh { "Differences with intervals, as drawn" }
                thead {
                    tr {
                        th scope="col" { span.vh { "Area or theme" } }
                        td.plot { (axis(&scale)) }
                        th.n scope="col" { "Points" }
                    }
                }
                tbody {
                    @for row in &rows {
                        @if let Some(d) = row.deciding() {
                            tr.area[row.area.is_none()].theme[row.area.is_some()] {
                                th scope="row" dir="auto" { (row.label) }
                                td.plot { (dot(&d, &scale, row.clear)) }
                                td.n { (points(d.value)) " " span.of { (reach(&d)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The rows of the largest differences, the largest rise first and the largest fall last.
fn largest<'a>(rows: &[&'a Row]) -> Vec<&'a Row> {
    let value = |row: &Row| row.deciding().map_or(0.0, |d| d.value);
    let mut chosen = rows.to_vec();
    // Clear ones first: a small certain change tells more than a large uncertain one.
    let size = |row: &Row| (row.clear, value(row).abs());
    chosen.sort_by(|a, b| {
        let ((a_clear, a_size), (b_clear, b_size)) = (size(a), size(b));
        b_clear.cmp(&a_clear).then(b_size.total_cmp(&a_size))
    });
    chosen.truncate(LIMIT);
    chosen.sort_by(|a, b| value(b).total_cmp(&value(a)));
    chosen
}
