//! Leaf: how far codes can be trusted, and what that means for shares.
//!
//! In: codes of people and of the program, side by side, as plain numbers. Out: agreement,
//! quality, calibration, corrected shares, sizes of samples, each with its interval. Pure
//! functions: equal numbers give equal results on every machine; what needs chance draws from
//! [`draw`], where a seed and a counter decide everything.
//! Must not know: files, texts, studies, reports.

pub mod agreement;
pub mod alpha;
pub mod calibration;
pub mod correction;
pub mod design;
pub mod difference;
pub mod draw;
pub mod quality;
pub mod weights;

/// 97.5 % point of the standard normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// A number and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Replicates of a bootstrap.
pub const REPLICATES: usize = 1000;

/// The 2.5 % and 97.5 % points of replicates, by the nearest rank; `None` where there are none.
/// Replicates that could not be computed are left out before.
pub fn percentiles(mut replicates: Vec<f64>) -> Option<(f64, f64)> {
    replicates.retain(|x| x.is_finite());
    replicates.sort_by(f64::total_cmp);
    let last = replicates.len().checked_sub(1)?;
    let at = |q: f64| replicates[(q * last as f64).round() as usize];
    Some((at(0.025), at(0.975)))
}

/// A value with the percentiles of its replicates; the value alone where there are none.
pub(crate) fn with_replicates(value: f64, replicates: Vec<f64>) -> Estimate {
    let (low, high) = percentiles(replicates).unwrap_or((value, value));
    Estimate { value, low: low.min(value), high: high.max(value) }
}
