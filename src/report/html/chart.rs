//! Charts of one question: a dot with its interval for shares, blocks for "in k of n groups".
//!
//! In: rows of the view. Out: a figure whose every row carries its number in words too, so that
//! nothing rests on the picture alone. Widths are percentages, so a chart fits a phone and a page.
//! Must not know: quotes, tables, sections.

use maud::{Markup, html};

use super::behind;

use crate::report::view::{QuestionView, ShareView, SourceView, ThemeRow, View};
use crate::report::words::{interval, interval_in_words, label, largest};

/// Rows in a chart.
const LIMIT: usize = 15;
/// Up to so many groups are drawn one by one.
const BLOCKS: u64 = 30;

/// The chart that fits the source's kind, or nothing where there is nothing to draw.
pub fn chart(view: &View, source: &SourceView, question: &QuestionView) -> Markup {
    if source.shares {
        dots(view, source, question)
    } else if question.file_base > 0 && !source.file_unit.is_empty() {
        blocks(view, source, question)
    } else {
        html! {}
    }
}

fn dots(view: &View, source: &SourceView, question: &QuestionView) -> Markup {
    let drawable: Vec<&ThemeRow> = question.rows.iter().filter(|row| row.share.is_some()).collect();
    if drawable.is_empty() {
        return html! {};
    }
    let value = |row: &ThemeRow| row.share.map_or(0.0, |share| share.value);
    let rows = largest(&drawable, LIMIT, value);
    let high = rows.iter().filter_map(|row| row.share).map(|share| share.high);
    let scale = Scale::up_to(high.fold(0.0, f64::max));
    html! {
        figure.chart {
            figcaption {
                strong { (heading(rows.len(), question.rows.len())) }
                " Share of " (source.unit) " who raised it, with its 95 % interval. Filled dots "
                "are areas, which cover their themes; open dots are themes."
            }
            table {
                caption.vh { "Shares with intervals, as drawn" }
                thead {
                    tr {
                        th scope="col" { span.vh { "Area or theme" } }
                        td.plot { (axis(&scale)) }
                        th.n scope="col" { "Share" }
                    }
                }
                tbody {
                    @for row in &rows {
                        @if let Some(share) = &row.share {
                            (line(view, source, row, &dot(share, &scale, row.level == 0), &interval(share)))
                        }
                    }
                }
            }
        }
    }
}

fn blocks(view: &View, source: &SourceView, question: &QuestionView) -> Markup {
    let raised: Vec<&ThemeRow> = question.rows.iter().filter(|row| row.files > Some(0)).collect();
    if raised.is_empty() {
        return html! {};
    }
    let rows = largest(&raised, LIMIT, |row| row.files.unwrap_or(0) as f64);
    let base = question.file_base;
    html! {
        figure.chart {
            figcaption {
                strong { (heading(rows.len(), question.rows.len())) }
                " In how many of the " (base) " " (source.file_unit) " it was raised. These are "
                "not percentages of people. Dark blocks are areas, which cover their themes."
            }
            table.blocks {
                caption.vh { "How many raised it, as drawn" }
                thead {
                    tr {
                        th scope="col" { span.vh { "Area or theme" } }
                        td {}
                        th.n scope="col" { "Raised in" }
                    }
                }
                tbody {
                    @for row in &rows {
                        @let files = row.files.unwrap_or(0);
                        (line(view, source, row, &boxes(files, base), &format!("{files} of {base}")))
                    }
                }
            }
        }
    }
}

fn heading(drawn: usize, all: usize) -> String {
    if drawn < all {
        format!("The {drawn} areas and themes raised most, of {all}.")
    } else {
        "Areas and themes that were raised.".to_owned()
    }
}

fn line(view: &View, source: &SourceView, row: &ThemeRow, plot: &Markup, number: &str) -> Markup {
    html! {
        tr.area[row.level == 0].theme[row.level > 0] data-t=(row.theme) {
            th scope="row" dir="auto" { (behind::link(source, row.theme, label(view, row.theme))) }
            td.plot { (plot) }
            td.n { (number) }
        }
    }
}

/// The horizontal axis: where it ends and where its lines stand.
pub(super) struct Scale {
    end: f64,
    ticks: Vec<f64>,
}

impl Scale {
    pub(super) fn up_to(high: f64) -> Self {
        let tenths = (high.clamp(0.0, 1.0) * 10.0 - 1e-9).ceil().max(2.0);
        let step = if tenths <= 2.0 {
            0.5
        } else if tenths <= 5.0 {
            1.0
        } else {
            2.0
        };
        let n_ticks = (tenths / step).floor() as u32;
        Self {
            end: tenths / 10.0,
            ticks: (0..=n_ticks).map(|i| f64::from(i) * step / 10.0).collect(),
        }
    }

    pub(super) fn at(&self, value: f64) -> String {
        format!("{:.2}%", (value / self.end).clamp(0.0, 1.0) * 100.0)
    }

    /// A line at each number of the axis.
    pub(super) fn grid(&self) -> Markup {
        html! {
            @for &tick in &self.ticks {
                line.grid x1=(self.at(tick)) x2=(self.at(tick)) y1="0" y2="100%" {}
            }
        }
    }
}

pub(super) fn axis(scale: &Scale) -> Markup {
    html! {
        svg.axis role="img" width="100%" height="18" {
            title { "Axis" }
            desc { "From 0 to " (format!("{:.0}", scale.end * 100.0)) " per cent." }
            @for &tick in &scale.ticks {
                text x=(scale.at(tick)) y="13" text-anchor="middle" {
                    (format!("{:.0}", tick * 100.0)) @if tick == 0.0 { " %" }
                }
            }
        }
    }
}

fn dot(share: &ShareView, scale: &Scale, filled: bool) -> Markup {
    html! {
        svg aria-hidden="true" width="100%" height="100%" {
            title { (interval_in_words(share)) }
            (scale.grid())
            line.whisker x1=(scale.at(share.low)) x2=(scale.at(share.high)) y1="50%" y2="50%" {}
            circle.dot.filled[filled] cx=(scale.at(share.value)) cy="50%" r="5" {}
        }
    }
}

fn boxes(raised: u64, base: u64) -> Markup {
    let n = if base <= BLOCKS { base } else { 1 };
    let width = 100.0 / n as f64;
    let gap = if n > 1 { (width * 0.12).min(0.8) } else { 0.0 };
    html! {
        svg aria-hidden="true" width="100%" height="100%" {
            title { (raised) " of " (base) }
            @for i in 0..n {
                rect.block.on[base <= BLOCKS && i < raised] x=(wide(width * i as f64)) y="22%"
                    width=(wide(width - gap)) height="56%" {}
            }
            @if base > BLOCKS {
                rect.block.on x="0" y="22%" height="56%"
                    width=(wide(100.0 * raised.min(base) as f64 / base as f64)) {}
            }
        }
    }
}

fn wide(percent: f64) -> String {
    format!("{percent:.2}%")
}
