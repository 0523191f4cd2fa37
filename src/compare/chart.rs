//! The chart of one table: each difference as a dot on a line through zero, with its interval.
//!
//! In: rows that have a difference. Out: a figure whose every row carries its numbers in words, so
//! that nothing rests on the picture alone. Widths are percentages, so it fits a phone and a page.
//! Must not know: what stands around it.

use maud::{Markup, html};

use super::words::{change, points, reach};
use super::{Comparison, Row, TablePair};
use crate::measure::Estimate;

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

/// The horizontal axis: as far to the left as to the right.
struct Scale {
    end: f64,
    step: f64,
}

impl Scale {
    fn of(differences: impl Iterator<Item = Estimate>) -> Self {
        let far = differences.map(|d| d.low.abs().max(d.high.abs())).fold(0.0, f64::max);
        let step = [0.05, 0.1, 0.15, 0.2, 0.25].into_iter().find(|step| far <= step * 2.0);
        let step = step.unwrap_or(0.5);
        Self { end: step * 2.0, step }
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let step = self.step;
        (-2..=2).map(move |i| f64::from(i) * step)
    }

    fn at(&self, value: f64) -> String {
        format!("{:.2}%", (value / self.end).clamp(-1.0, 1.0) * 50.0 + 50.0)
    }
}

fn axis(scale: &Scale) -> Markup {
    let whole = |tick: f64| match tick {
        t if t > 0.0 => format!("+{:.0}", t * 100.0),
        t if t < 0.0 => format!("−{:.0}", -t * 100.0),
        _ => "0".to_owned(),
    };
    html! {
        svg.axis role="img" width="100%" height="18" {
            title { "Axis" }
            desc { "From " (whole(-scale.end)) " to " (whole(scale.end)) " percentage points." }
            @for tick in scale.ticks() {
                text x=(scale.at(tick)) y="13" text-anchor="middle" { (whole(tick)) }
            }
        }
    }
}

fn dot(d: &Estimate, scale: &Scale, clear: bool) -> Markup {
    html! {
        svg aria-hidden="true" width="100%" height="100%" {
            title { (change(d)) " points" }
            @for tick in scale.ticks() {
                line.grid.zero[tick == 0.0] x1=(scale.at(tick)) x2=(scale.at(tick)) y1="0" y2="100%" {}
            }
            line.whisker x1=(scale.at(d.low)) x2=(scale.at(d.high)) y1="50%" y2="50%" {}
            circle.dot.filled[clear] cx=(scale.at(d.value)) cy="50%" r="5" {}
        }
    }
}
