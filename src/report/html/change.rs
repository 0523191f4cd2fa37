//! The parts of a chart of differences: an axis through zero, and a dot with its interval.
//!
//! In: differences in parts of 1. Out: figures' cells, widths in percentages, so that they fit a
//! phone and a page. The numbers stand beside them in words. Must not know: what is compared.

use maud::{Markup, html};

use crate::measure::Estimate;
use crate::report::words::change::change;

/// The horizontal axis: as far to the left as to the right.
pub struct Scale {
    end: f64,
    step: f64,
}

impl Scale {
    /// An axis that holds all of them.
    pub fn of(differences: impl Iterator<Item = Estimate>) -> Self {
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

/// The axis, and in words where it ends.
pub fn axis(scale: &Scale) -> Markup {
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

/// A difference: filled where it is clear.
pub fn dot(d: &Estimate, scale: &Scale, clear: bool) -> Markup {
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
