//! How fast a source's themes came up, as a small chart.
//!
//! In: the curve. Out: a figure whose numbers stand in a table too. Must not know: single groups.

use maud::{Markup, html};

use crate::report::view::{SaturationView, SourceView};

/// Size of the drawing, in its own units.
const SIZE: (f64, f64) = (520.0, 190.0);
/// Room for the numbers of the axes.
const ROOM: (f64, f64) = (36.0, 26.0);

/// The figure, where the source has a curve.
pub fn figure(source: &SourceView) -> Markup {
    let Some(curve) = &source.saturation else { return html! {} };
    let one = source.file_unit.strip_suffix('s').unwrap_or(&source.file_unit);
    html! {
        details.general {
            summary { "How fast the themes came up (saturation)" }
            figure.saturation {
                figcaption {
                    "How many of the " (curve.themes) " themes shown come up in so many "
                    (source.file_unit) ", on average over every order of the "
                    (source.file_unit) ". A curve that flattens says that further "
                    (source.file_unit) " of the same kind would bring up little that is new."
                }
                (drawing(curve, source))
                (super::page::scroll_box("Table: themes that came up", &numbers(curve, one)))
            }
        }
    }
}

fn drawing(curve: &SaturationView, source: &SourceView) -> Markup {
    let (width, height) = (SIZE.0 - ROOM.0 - 12.0, SIZE.1 - ROOM.1 - 12.0);
    let x = |m: u64| ROOM.0 + width * (m as f64 - 1.0) / (curve.files as f64 - 1.0).max(1.0);
    let y = |s: f64| 12.0 + height * (1.0 - s / curve.themes as f64);
    let points: Vec<(f64, f64)> =
        (1..=curve.files).zip(&curve.after).map(|(m, s)| (x(m), y(*s))).collect();
    let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let half = curve.files.div_ceil(2);
    html! {
        svg role="img" viewBox={ "0 0 " (SIZE.0) " " (SIZE.1) } width="100%" {
            title { "Themes that come up in so many " (source.file_unit) }
            desc { "The table below has the same numbers." }
            line.axis x1=(ROOM.0) x2=(SIZE.0 - 12.0) y1=(y(0.0)) y2=(y(0.0)) {}
            line.grid x1=(ROOM.0) x2=(SIZE.0 - 12.0) y1=(y(curve.themes as f64)) y2=(y(curve.themes as f64)) {}
            text x=(ROOM.0 - 6.0) y=(y(0.0) + 4.0) text-anchor="end" { "0" }
            text x=(ROOM.0 - 6.0) y=(y(curve.themes as f64) + 4.0) text-anchor="end" { (curve.themes) }
            @for m in [1, half, curve.files] {
                text x=(format!("{:.1}", x(m))) y=(SIZE.1 - 8.0) text-anchor="middle" { (m) }
            }
            polyline.curve points=(line.join(" ")) {}
            @if curve.files <= 40 {
                @for (x, y) in &points {
                    circle.point cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3.5" {}
                }
            }
        }
    }
}

fn numbers(curve: &SaturationView, one: &str) -> Markup {
    html! {
        table {
            caption.vh { "Themes that came up, on average" }
            thead { tr { th scope="col" { "After " (one) } th.n scope="col" { "Themes" } } }
            tbody {
                @for (m, s) in (1..=curve.files).zip(&curve.after) {
                    tr { th scope="row" { (m) } td.n { (format!("{s:.1}")) } }
                }
            }
        }
    }
}
