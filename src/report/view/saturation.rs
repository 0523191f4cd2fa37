//! Whether further groups, interviews or sessions would still bring up new themes.
//!
//! In: in how many of `n` files each theme was raised, as it is shown. Out: [`SaturationView`]: how
//! many of these themes come up in 1, 2 … n files, on average over all orders of the files, in
//! closed form (rarefaction of incidences: Hurlbert 1971; Colwell and others 2012, equation 5). A
//! function of shown numbers alone, so it tells nothing that they do not; which file brought what
//! up stays unknown, and the order in which they were held plays no part. Where any
//! theme is protected there is no curve: those are the themes of few.
//! Must not know: formats, true counts.

use super::{QuestionView, SaturationView};

/// Fewest files of which the curve says anything.
const FILES: u64 = 3;

/// Fewest themes.
const THEMES: usize = 3;

/// The part of the themes at which one speaks of saturation.
const MOST: f64 = 0.9;

/// The curve of a source's first table; `parents` holds for each theme the area above it. Areas
/// are left out: they come up with their themes.
pub(super) fn saturation(all: &QuestionView, parents: &[Option<usize>]) -> Option<SaturationView> {
    let n = all.file_base;
    let leaf = |theme: usize| !parents.contains(&Some(theme));
    let rows = all.rows.iter().filter(|r| leaf(r.theme));
    // Protected themes are those of few people, and so of few files: without them every curve
    // would seem to flatten.
    let files: Option<Vec<u64>> = rows.map(|r| r.files).collect();
    let files: Vec<u64> = files?.into_iter().filter(|f| *f > 0).collect();
    if n < FILES || files.len() < THEMES {
        return None;
    }
    let after = curve(n, &files);
    let once = files.iter().filter(|&&k| k == 1).count();
    Some(SaturationView { files: n, themes: files.len(), once, after })
}

/// How many themes come up in 1, 2 … `n` files: a theme of `k` of them is missing from `m` with
/// probability C(n − k, m) ÷ C(n, m), here from that of `m` − 1.
fn curve(n: u64, files: &[u64]) -> Vec<f64> {
    let mut missing = vec![1.0; files.len()];
    let step = |m: u64| {
        for (missing, &k) in missing.iter_mut().zip(files) {
            *missing *= n.saturating_sub(k + m) as f64 / (n - m) as f64;
        }
        missing.iter().map(|missing| 1.0 - missing).sum()
    };
    (0..n).map(step).collect()
}

/// What the curve says, in a sentence; `unit` is what a file is, such as `groups`.
pub(super) fn sentence(curve: &SaturationView, unit: &str) -> String {
    let whole = curve.themes as f64;
    let enough =
        curve.after.iter().position(|s| *s >= MOST * whole).map_or(curve.files, |at| at as u64 + 1);
    let one = unit.strip_suffix('s').unwrap_or(unit);
    let first = curve.after.first().copied().unwrap_or(0.0);
    let newest = curve.once as f64 / curve.files as f64;
    format!(
        "Saturation: of the {} themes that were found, {first:.1} come up in a first {one} on average, nine in \
         ten by {one} {enough} of {}; the last of the {} {unit} brings up {newest:.1} that no other \
         did. Where that is near none, further {unit} of the same kind would bring up little that \
         is new.",
        curve.themes, curve.files, curve.files
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_curve_is_the_average_over_all_orders_of_the_groups() {
        // Which of four groups raised which of three themes.
        let raised =
            [[true, true, true, true], [false, true, false, true], [false, false, true, false]];
        let mut sums = [0.0; 4];
        let mut orders = 0.0;
        for a in 0..4usize {
            for b in (0..4).filter(|b| *b != a) {
                for c in (0..4).filter(|c| *c != a && *c != b) {
                    let order = [a, b, c, 6 - a - b - c];
                    orders += 1.0;
                    for m in 1..=4 {
                        let heard = |t: &&[bool; 4]| order[..m].iter().any(|&g| t[g]);
                        sums[m - 1] += raised.iter().filter(heard).count() as f64;
                    }
                }
            }
        }
        for (sum, found) in sums.iter().zip(curve(4, &[4, 2, 1])) {
            assert!((sum / orders - found).abs() < 1e-12);
        }
    }

    proptest! {
        #[test]
        fn it_rises_ever_more_slowly_to_all_themes_and_ends_by_those_of_one_group(
            n in 3u64..40,
            shares in proptest::collection::vec(0.0f64..1.0, 3..30),
        ) {
            let files: Vec<u64> = shares.iter().map(|s| 1 + (s * (n - 1) as f64) as u64).collect();
            let curve = curve(n, &files);
            prop_assert!((curve[n as usize - 1] - files.len() as f64).abs() < 1e-9);
            let steps: Vec<f64> = curve.windows(2).map(|w| w[1] - w[0]).collect();
            prop_assert!(steps.iter().all(|s| *s > -1e-9));
            prop_assert!(steps.windows(2).all(|w| w[1] <= w[0] + 1e-9));
            let once = files.iter().filter(|k| **k == 1).count() as f64;
            prop_assert!((steps.last().unwrap() - once / n as f64).abs() < 1e-9);
        }
    }
}
