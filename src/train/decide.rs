//! From logits of held-out answers to what makes a decision of them: calibration, thresholds, and
//! when to abstain.
//!
//! In: logits that a model gave to answers it had not seen, and the coders' codes. Out: how much
//! the heads on the base encoder count beside a tuned one; for each theme a slope and an offset
//! (Platt 1999) and a threshold; how probable a theme must be that stands alone below its
//! threshold; one factor for abstaining.
//! Must not know: how the logits came about.

use crate::classify::learned::rule::Rule;
use crate::classify::learned::score::{self, calibrated, sigmoid};

/// Held-out answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldOut<'a> {
    /// Number of themes.
    pub(super) themes: usize,
    /// `answers × themes`.
    pub(super) logits: &'a [f32],
    /// `answers × themes`, from 0 to 1.
    pub(super) targets: &'a [f32],
    /// Rows behind each answer; 0: it does not count.
    pub(super) weights: &'a [f32],
    /// Which themes have enough coded answers.
    pub(super) learned: &'a [bool],
}

/// What turns logits into codes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Decision {
    /// Slope of each theme's calibration.
    pub(super) slope: Vec<f64>,
    /// Offset of each theme's calibration.
    pub(super) offset: Vec<f64>,
    /// Probability from which an answer carries the theme.
    pub(super) threshold: Vec<f64>,
    /// See [`Record::lone`](crate::model::trained::Record::lone).
    pub(super) lone: Option<f64>,
}

/// How many positives the guess of a threshold from the calibrated probabilities is worth against
/// the best threshold seen.
const SHRINK: f64 = 25.0;

/// Share of a threshold that comes from the one threshold which is best for all codes together:
/// its own serves the theme, the common one serves the answers.
const COMMON: f64 = 0.35;

/// No threshold lies outside.
const RANGE: (f64, f64) = (0.12, 0.65);

/// Finds calibration and thresholds.
pub(super) fn decide(held: HeldOut<'_>) -> Decision {
    let mut all = Decision::default();
    let mut pooled: Vec<(f64, f64, f64)> = Vec::new();
    for theme in 0..held.themes {
        let rows = column(held, theme);
        let (slope, offset) = platt(&rows);
        let calibrated = |&(z, y, w): &(f64, f64, f64)| (sigmoid(slope * z + offset), y, w);
        let scored: Vec<(f64, f64, f64)> = rows.iter().map(calibrated).collect();
        all.slope.push(slope);
        all.offset.push(offset);
        all.threshold.push(threshold(scored.clone()));
        pooled.extend(scored);
    }
    pooled.sort_by(|a, b| b.0.total_cmp(&a.0));
    let common = best_cut(pooled.iter().map(|&(p, y, w)| (p, y * w, w)));
    for threshold in &mut all.threshold {
        let both = (1.0 - COMMON) * *threshold + COMMON * common;
        *threshold = (both.clamp(RANGE.0, RANGE.1) * 1e4).round() / 1e4;
    }
    all.lone = lone(held, &all);
    all
}

/// What [`Decision::lone`] is chosen from.
const LONE: [f64; 8] = [0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05];

/// How probable the most probable theme of an answer must be where none reaches its threshold:
/// the value at which the answers' mean F1 and the F1 over all codes add up to most. Coders who
/// always find a theme lead to a low one, coders who often find none to none at all.
fn lone(held: HeldOut<'_>, decision: &Decision) -> Option<f64> {
    let gained = |lone: Option<f64>| {
        let (carried, _) = apply(held, &Decision { lone, ..decision.clone() });
        let (mut hits, mut both, mut samples, mut total) = (0.0, 0.0, 0.0, 0.0);
        for (i, &w) in held.weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            let (mut hit, mut sum) = (0.0, 0.0);
            for t in (0..held.themes).filter(|&t| held.learned[t]) {
                let y = f64::from(held.targets[i * held.themes + t]);
                let said = f64::from(u8::from(carried[i * held.themes + t]));
                hit += y * said;
                sum += y + said;
            }
            let w = f64::from(w);
            samples += w * if sum == 0.0 { 1.0 } else { 2.0 * hit / sum };
            hits += w * hit;
            both += w * sum;
            total += w;
        }
        samples / total.max(1.0) + 2.0 * hits / both.max(1.0)
    };
    let mut best = (gained(None), None);
    for lone in LONE {
        let gain = gained(Some(lone));
        if gain > best.0 + 1e-9 {
            best = (gain, Some(lone));
        }
    }
    best.1
}

/// What a base part is chosen from.
const PARTS: [f64; 8] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0];

/// The part of the heads on the base encoder at which the mixed and calibrated held-out scores of
/// the learned themes have the least log loss; and these scores.
pub(super) fn mix(held: HeldOut<'_>, base: &[f32], tuned: &[f32]) -> (f64, Vec<f32>) {
    let mixed = |part: f64| {
        let mut z = base.to_vec();
        score::mix(&mut z, tuned, part);
        z
    };
    let loss = |logits: &[f32]| -> f64 {
        let held = HeldOut { logits, ..held };
        let theme = |t: usize| -> f64 {
            let rows = column(held, t);
            let (slope, offset) = platt(&rows);
            let surprise = |&(z, y, w): &(f64, f64, f64)| {
                let z = slope * z + offset;
                w * (z.max(0.0) - z * y + (-z.abs()).exp().ln_1p())
            };
            rows.iter().map(surprise).sum()
        };
        (0..held.themes).filter(|&t| held.learned[t]).map(theme).sum()
    };
    let mut best = (f64::INFINITY, 1.0);
    for part in PARTS {
        let loss = loss(&mixed(part));
        // A loss that is no number is never less.
        if loss < best.0 {
            best = (loss, part);
        }
    }
    (best.1, mixed(best.1))
}

/// (logit, target, weight) of every answer that counts.
fn column(held: HeldOut<'_>, theme: usize) -> Vec<(f64, f64, f64)> {
    let at = |i: usize| i * held.themes + theme;
    let counts = (0..held.weights.len()).filter(|&i| held.weights[i] > 0.0);
    let row = |i: usize| {
        (f64::from(held.logits[at(i)]), f64::from(held.targets[at(i)]), f64::from(held.weights[i]))
    };
    counts.map(row).collect()
}

/// Slope and offset of the sigmoid that fits the codes best, by Newton's method. The slope is
/// drawn towards 1 as if by one answer, so that a theme of few answers keeps its order.
fn platt(rows: &[(f64, f64, f64)]) -> (f64, f64) {
    let (mut slope, mut offset) = (1.0f64, 0.0f64);
    for _ in 0..30 {
        let (mut ga, mut gb) = (slope - 1.0, 0.0);
        let (mut haa, mut hab, mut hbb) = (1.0, 0.0, 1e-6);
        for &(z, y, w) in rows {
            let p = sigmoid(slope * z + offset);
            let (e, v) = (w * (p - y), w * p * (1.0 - p));
            ga += e * z;
            gb += e;
            haa += v * z * z;
            hab += v * z;
            hbb += v;
        }
        let det = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det);
        // A full step from a far place can overshoot.
        let scale = (2.0 / (da.abs() + db.abs()).max(1e-12)).min(1.0);
        slope -= scale * da;
        offset -= scale * db;
        if da.abs() + db.abs() < 1e-9 {
            break;
        }
    }
    // More of the evidence must never mean less of the theme.
    (slope.max(0.05), offset)
}

/// The threshold of highest F1, drawn towards the one that calibrated probabilities would choose
/// on their own (for them F1 is greatest at half its greatest value; Lipton et al. 2014), the more
/// the fewer positives there are.
fn threshold(mut scored: Vec<(f64, f64, f64)>) -> f64 {
    let positives: f64 = scored.iter().map(|(_, y, w)| y * w).sum();
    // Ties in the probability keep the order of the answers.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let seen = best_cut(scored.iter().map(|&(p, y, w)| (p, y * w, w)));
    let guessed = best_cut(scored.iter().map(|&(p, _, w)| (p, p * w, w)));
    let both = (positives * seen + SHRINK * guessed) / (positives + SHRINK);
    both.clamp(RANGE.0, RANGE.1)
}

/// The probability of greatest F1 of (probability, positives, weight), falling by probability.
fn best_cut(rows: impl Iterator<Item = (f64, f64, f64)> + Clone) -> f64 {
    let all: f64 = rows.clone().map(|(_, y, _)| y).sum();
    let mut rows = rows.peekable();
    let (mut hits, mut taken) = (0.0, 0.0);
    let mut best = (0.0, 0.5);
    while let Some((p, y, w)) = rows.next() {
        hits += y;
        taken += w;
        let next = rows.peek().map_or(0.0, |r| r.0);
        let f1 = 2.0 * hits / (all + taken).max(1e-12);
        if next < p && f1 > best.0 {
            best = (f1, (p + next) / 2.0);
        }
    }
    best.1
}

/// Share of truly uncoded answers among those called `no-theme`.
const SURE: f64 = 0.8;

/// Answers without a theme from which a promise can be made.
const FEW: f64 = 10.0;

/// The factor from which an answer without a theme is `undecided`: see
/// [`Record::abstain`](crate::model::trained::Record::abstain). 0: the program never says
/// `no-theme`, because too few coded answers carry no theme to tell.
pub(super) fn abstain(held: HeldOut<'_>, decision: &Decision) -> f64 {
    let k = held.themes;
    let mut uncoded: Vec<(f64, f64, f64)> = Vec::new();
    let (codes, p) = apply(held, decision);
    let rule = decision.rule(held.learned);
    for (i, &weight) in held.weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
        let row = i * k..(i + 1) * k;
        if !codes[row.clone()].contains(&true) {
            let carries = held.targets[row.clone()].iter().copied().fold(0.0, f32::max);
            let nearest = f64::from(rule.nearest(&p[row]));
            uncoded.push((nearest, 1.0 - f64::from(carries), f64::from(weight)));
        }
    }
    uncoded.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut right, mut all, mut factor) = (0.0, 0.0, 0.0);
    let mut rows = uncoded.iter().peekable();
    while let Some((nearest, none, weight)) = rows.next() {
        right += none * weight;
        all += weight;
        if all >= FEW && right >= SURE * all {
            factor = rows.peek().map_or(1.0, |next| (nearest + next.0) / 2.0);
        }
    }
    (factor * 1e4).round() / 1e4
}

/// Whether each held-out answer carries each theme, `answers × themes`, and its probabilities.
pub(super) fn apply(held: HeldOut<'_>, decision: &Decision) -> (Vec<bool>, Vec<f32>) {
    let p = probabilities(held, decision);
    let rule = decision.rule(held.learned);
    let mut carried = vec![false; p.len()];
    for (codes, p) in carried.chunks_exact_mut(held.themes).zip(p.chunks_exact(held.themes)) {
        rule.carried(p).into_iter().for_each(|t| codes[t] = true);
    }
    (carried, p)
}

/// Probabilities as a run shows them, `answers × themes`.
fn probabilities(held: HeldOut<'_>, decision: &Decision) -> Vec<f32> {
    let themes = (0..held.themes).cycle();
    let p = |(&z, t): (&f32, usize)| calibrated(decision.slope[t], decision.offset[t], z);
    held.logits.iter().zip(themes).map(p).collect()
}

impl Decision {
    /// The rule of a run.
    fn rule(&self, learned: &[bool]) -> Rule {
        Rule {
            learned: learned.to_vec(),
            threshold: self.threshold.iter().map(|&t| t as f32).collect(),
            lone: self.lone.map(|p| p as f32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::folds::Lots;

    #[test]
    fn calibration_finds_the_sigmoid_that_made_the_codes() {
        let mut lots = Lots(3);
        let mut rows = Vec::new();
        for _ in 0..20_000 {
            let z = lots.unit() * 8.0 - 4.0;
            let y = f64::from(u8::from(lots.unit() < sigmoid(0.6 * z - 1.0)));
            rows.push((z, y, 1.0));
        }
        let (slope, offset) = platt(&rows);
        assert!((slope - 0.6).abs() < 0.03 && (offset + 1.0).abs() < 0.05, "{slope} {offset}");
    }

    #[test]
    fn a_theme_that_all_or_none_carry_is_calibrated_without_a_crash() {
        let all: Vec<_> = (0..50).map(|i| (f64::from(i) / 10.0, 1.0, 1.0)).collect();
        let none: Vec<_> = all.iter().map(|&(z, _, w)| (z, 0.0, w)).collect();
        for rows in [all, none] {
            let (slope, offset) = platt(&rows);
            assert!(slope.is_finite() && offset.is_finite() && slope > 0.0);
        }
    }

    #[test]
    fn the_best_cut_has_the_greatest_f1() {
        // cuts: 1 of 3 found, 2 of 3, 2 of 3 with one false, 3 of 3 with one false (F1 6/7)
        let rows = [(0.9, 1.0), (0.8, 1.0), (0.6, 0.0), (0.4, 1.0), (0.1, 0.0), (0.05, 0.0)];
        let cut = best_cut(rows.into_iter().map(|(p, y)| (p, y, 1.0)));
        assert!((cut - 0.25).abs() < 1e-9, "{cut}");
    }

    #[test]
    fn the_threshold_of_a_rare_theme_follows_its_calibration() {
        // seen, F1 is greatest between .5 and .3; by the probabilities alone, between .3 and .1
        let rare = vec![(0.5, 1.0, 1.0), (0.3, 0.0, 1.0), (0.1, 0.0, 1.0)];
        let common: Vec<_> = rare.iter().cycle().take(3000).copied().collect();
        assert!((threshold(rare) - 0.208).abs() < 0.01);
        assert!((threshold(common) - 0.395).abs() < 0.01);
    }

    fn held<'a>(logits: &'a [f32], targets: &'a [f32]) -> HeldOut<'a> {
        HeldOut { themes: 1, logits, targets, weights: &[1.0; 40], learned: &[true] }
    }

    #[test]
    fn a_theme_may_stand_alone_below_its_threshold_where_coders_always_find_one() {
        // two themes of 20 answers each; 8 answers of the second are weak
        let mut logits = vec![-3.0f32; 80];
        let mut targets = vec![0.0f32; 80];
        for i in 0..40 {
            let t = i / 20;
            targets[i * 2 + t] = 1.0;
            logits[i * 2 + t] = if i < 32 { 2.0 } else { -1.0 };
        }
        let all = HeldOut { themes: 2, learned: &[true; 2], ..held(&logits, &targets) };
        let decision = Decision {
            slope: vec![1.0; 2],
            offset: vec![0.0; 2],
            threshold: vec![0.5; 2],
            lone: None,
        };
        let found = lone(all, &decision);
        assert_eq!(found, Some(0.25), "sigmoid(-1) is .27");
        let (codes, _) = apply(all, &Decision { lone: found, ..decision.clone() });
        assert!(codes.chunks_exact(2).all(|c| c[0] != c[1]));
        // The weak answers carry nothing: then nothing stands alone.
        let mut none = targets.clone();
        none[64..].fill(0.0);
        assert_eq!(lone(HeldOut { targets: &none, ..all }, &decision), None);
    }

    #[test]
    fn scores_are_mixed_so_that_the_better_ones_count_more() {
        let targets: Vec<f32> = (0..40).map(|i| f32::from(u8::from(i % 2 == 0))).collect();
        let good: Vec<f32> = targets.iter().map(|y| 4.0 * y - 2.0).collect();
        let noise: Vec<f32> =
            (0..40).map(|i| f32::from(u8::from(i % 3 == 0)) * 4.0 - 2.0).collect();
        let (part, z) = mix(held(&[], &targets), &noise, &good);
        assert!(part == 0.0 && z == good, "{part}");
        let (part, _) = mix(held(&[], &targets), &good, &noise);
        assert!(part == 1.0, "{part}");
        let (part, z) = mix(held(&[], &targets), &good, &[f32::NAN; 40]);
        assert!(part == 1.0 && z == good, "{part}");
    }

    #[test]
    fn no_theme_is_said_only_where_it_was_mostly_right() {
        let n = 40;
        let logits: Vec<f32> = (0..n).map(|i| -4.0 + i as f32 / 10.0).collect();
        let decision =
            Decision { slope: vec![1.0], offset: vec![0.0], threshold: vec![0.5], lone: None };
        let held = |targets| HeldOut { learned: &[true], ..held(&logits, targets) };
        let targets: Vec<f32> = (0..n).map(|i| f32::from(u8::from(i >= 20))).collect();
        let factor = abstain(held(&targets), &decision);
        assert!(factor > 0.2 && factor < 0.5, "{factor}");
        assert_eq!(abstain(held(&[1.0; 40]), &decision), 0.0);
        assert_eq!(abstain(held(&[0.0; 40]), &decision), 1.0);
    }
}
