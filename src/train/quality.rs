//! How well held-out codes agree with the coders'.
//!
//! In: coders' codes (as shares where equal answers were coded differently), the machine's, and
//! its probabilities. Out: [`Quality`] over the themes that were learned, and precision, recall
//! and F1 of each theme. Must not know: models, texts.

use crate::model::trained::Quality;

/// Codes of answers, `answers × themes` each.
pub(super) struct Codes<'a> {
    /// Number of themes.
    pub(super) themes: usize,
    /// The coders', from 0 to 1.
    pub(super) targets: &'a [f32],
    /// The machine's.
    pub(super) carried: &'a [bool],
    /// Its probabilities.
    pub(super) probabilities: &'a [f64],
    /// Rows behind each answer.
    pub(super) weights: &'a [f32],
    /// Which themes count.
    pub(super) learned: &'a [bool],
}

/// Precision, recall and F1 of a theme.
pub(super) type Agreement = (f64, f64, f64);

/// Bins of the calibration error.
const BINS: usize = 10;

/// Measures everything.
pub(super) fn measure(codes: &Codes<'_>) -> (Quality, Vec<Agreement>) {
    let k = codes.themes;
    let (mut hits, mut given, mut true_) = (vec![0.0; k], vec![0.0; k], vec![0.0; k]);
    let (mut samples, mut exact, mut total) = (0.0, 0.0, 0.0);
    let mut bins = [(0.0, 0.0, 0.0); BINS];
    for (i, &weight) in codes.weights.iter().enumerate() {
        let w = f64::from(weight);
        let (mut both, mut either, mut same) = (0.0, 0.0, true);
        for t in (0..k).filter(|&t| codes.learned[t]) {
            let y = f64::from(codes.targets[i * k + t]);
            let said = codes.carried[i * k + t];
            let q = f64::from(u8::from(said));
            hits[t] += w * y * q;
            given[t] += w * q;
            true_[t] += w * y;
            both += y * q;
            either += y + q;
            same &= said == (y >= 0.5);
            let p = codes.probabilities[i * k + t];
            let bin = &mut bins[((p * BINS as f64) as usize).min(BINS - 1)];
            *bin = (bin.0 + w, bin.1 + w * p, bin.2 + w * y);
        }
        samples += w * if either == 0.0 { 1.0 } else { 2.0 * both / either };
        exact += w * f64::from(u8::from(same));
        total += w;
    }
    let of = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let f1 = |t: usize| of(2.0 * hits[t], given[t] + true_[t]);
    let themes: Vec<Agreement> =
        (0..k).map(|t| (of(hits[t], given[t]), of(hits[t], true_[t]), f1(t))).collect();
    let counted: Vec<f64> = (0..k).filter(|&t| codes.learned[t]).map(f1).collect();
    let sum = |x: &[f64]| x.iter().sum::<f64>();
    let gaps: f64 = bins.iter().map(|(_, p, y)| (p - y).abs()).sum();
    let quality = Quality {
        micro_f1: of(2.0 * sum(&hits), sum(&given) + sum(&true_)),
        macro_f1: of(sum(&counted), counted.len() as f64),
        samples_f1: of(samples, total),
        exact: of(exact, total),
        calibration_error: of(gaps, bins.iter().map(|b| b.0).sum()),
    };
    (quality, themes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measures_agree_with_a_count_by_hand() {
        // answers: {a}, {a, b}, {}; machine: {a}, {a}, {b}
        let codes = Codes {
            themes: 2,
            targets: &[1.0, 0.0, 1.0, 1.0, 0.0, 0.0],
            carried: &[true, false, true, false, false, true],
            probabilities: &[0.9, 0.1, 0.9, 0.1, 0.1, 0.9],
            weights: &[1.0, 1.0, 2.0],
            learned: &[true, true],
        };
        let (q, themes) = measure(&codes);
        // a: 2 hits of 2 and 2; b: 0 hits of 2 given (the last answer stands for 2 rows) and 1
        assert_eq!(themes, [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]);
        assert!((q.micro_f1 - 4.0 / 7.0).abs() < 1e-12);
        assert!((q.macro_f1 - 0.5).abs() < 1e-12);
        assert!((q.samples_f1 - (1.0 + 2.0 / 3.0 + 0.0) / 4.0).abs() < 1e-12);
        assert!((q.exact - 0.25).abs() < 1e-12);
        // bin .1: 4 codes, mean .1, 1 true; bin .9: 4 codes, mean .9, 2 true
        let want = ((0.4f64 - 1.0).abs() + (3.6f64 - 2.0).abs()) / 8.0;
        assert!((q.calibration_error - want).abs() < 1e-12, "{}", q.calibration_error);
    }
}
