//! How differences of two shares are written, the same way in all formats.
//!
//! In: differences in parts of 1. Out: strings in percentage points. Must not know: what is compared.

use crate::measure::Estimate;
use crate::report::view::DifferenceView;

/// Percentage points with their sign: `+8.2`, `−3.0`; the sign stays where they round to none.
pub fn points(part: f64) -> String {
    let size = format!("{:.1}", (part * 100.0).abs());
    match part {
        p if p > 0.0 => format!("+{size}"),
        p if p < 0.0 => format!("−{size}"),
        _ => size,
    }
}

/// The interval alone: `+0.3 to +16.1`.
pub fn reach(d: &Estimate) -> String {
    format!("{} to {}", points(d.low), points(d.high))
}

/// Both: `+8.2 (+0.3 to +16.1)`.
pub fn change(d: &Estimate) -> String {
    format!("{} ({})", points(d.value), reach(d))
}

/// A p without its zero: `.014`, `<.001`.
pub fn chance(p: f64) -> String {
    match p {
        p if p < 0.001 => "<.001".to_owned(),
        p if p > 0.9995 => "1.000".to_owned(),
        p => format!("{p:.3}").trim_start_matches('0').to_owned(),
    }
}

/// The mark of a clear difference from everyone else: `▲ +12.3`; `None` where there is none.
pub fn mark(difference: Option<&Option<DifferenceView>>) -> Option<String> {
    let d = difference?.filter(|d| d.clear)?;
    let arrow = if d.points.value > 0.0 { '▲' } else { '▼' };
    Some(format!("{arrow} {}", points(d.points.value)))
}
