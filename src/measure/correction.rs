//! Shares corrected for the program's errors.
//!
//! In: for every unit (a person) its stratum, its survey weight, the machine's code and, where it
//! is in the gold sample, the human code. Out: a [`Corrected`] share with its interval, or why
//! there are [`TooFew`]. The difference estimator: the machine's mean over all, times λ, plus the
//! design-weighted mean of (human − λ · machine) over the gold sample; the mean form of
//! design-based supervised learning (Egami, Hinck, Stewart and Wei 2023) and of
//! prediction-powered inference with power tuning (Angelopoulos, Duchi and Zrnic 2023). λ lies
//! between 0 (the machine is ignored) and 1, and is found on other folds than those it serves.
//! Variance: linearised, within strata, with the finite-population correction (Särndal, Swensson
//! and Wretman 1992, sections 5.6 and 6.6). Interval: Wilson's with the effective sample size (Kott
//! and Liu 2009), which holds for rare themes where a symmetric one does not.
//! Must not know: themes, files.

use super::draw::Draw;
use super::{Estimate, Z};

/// One unit of the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Index of the stratum that it was drawn from; read of coded units alone.
    pub stratum: usize,
    /// Its survey weight; 1 where there is none.
    pub weight: f64,
    /// The machine's code, 0 or 1, or a probability.
    pub machine: f64,
    /// The human code, 0 or 1, where it is in the gold sample.
    pub human: Option<f64>,
    /// Whether it belongs to the base of this share; others still say how the draw went.
    pub member: bool,
}

/// What the interval is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The share among these units: only their coding is uncertain.
    These,
    /// The share among those whom they stand for: the units themselves are a sample.
    Population,
}

/// Human codes of yes, and of no, from which a share is corrected.
pub const ENOUGH_CODES: usize = 5;
/// Coded units of the base from which a share is corrected.
pub const ENOUGH_UNITS: usize = 30;
/// Folds that λ is found on.
const FOLDS: usize = 5;
/// Disagreements that are added to those seen, so that a sample with none does not look as if
/// there were none. Chosen by simulation on fully coded answers.
const UNSEEN: f64 = 0.5;

/// Why a share cannot be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct TooFew {
    /// Units of the base that people coded.
    pub coded: usize,
    /// Those with the theme.
    pub with_theme: usize,
}

/// A share corrected for the machine's errors.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Corrected {
    /// The share and its 95 % interval.
    pub share: Estimate,
    /// The same from the human codes alone.
    pub gold_alone: Estimate,
    /// How far the machine's codes were used: the mean λ.
    pub lambda: f64,
    /// Whether the estimate lay outside 0 to 1 and was set to the limit.
    pub clamped: bool,
    /// Coded units of the base.
    pub coded: usize,
    /// Those with the theme.
    pub with_theme: usize,
}

/// Corrects one share. `strata` holds how many units each stratum has, coded or not, members or
/// not. Equal units in equal order give equal results; the folds are drawn by `seed`.
///
/// # Errors
/// [`TooFew`] codes to say anything.
pub fn corrected(
    units: &[Unit],
    strata: &[usize],
    target: Target,
    seed: u64,
) -> Result<Corrected, TooFew> {
    let gold = Gold::of(units, strata);
    let with_theme = gold.members().filter(|c| c.human > 0.5).count();
    let coded = gold.members().count();
    let without = coded - with_theme;
    if coded < ENOUGH_UNITS || with_theme < ENOUGH_CODES || without < ENOUGH_CODES {
        return Err(TooFew { coded, with_theme });
    }
    let alone = gold.estimate(&vec![0.0; gold.coded.len()], target);
    let lambdas = gold.lambdas(seed);
    let tuned = gold.estimate(&lambdas, target);
    // Never wider than what the gold sample says by itself.
    let helps = tuned.width() <= alone.width();
    let (best, lambdas) = if helps { (tuned, lambdas) } else { (alone, Vec::new()) };
    let used: Vec<f64> =
        lambdas.iter().zip(&gold.coded).filter(|(_, c)| c.member).map(|(l, _)| *l).collect();
    Ok(Corrected {
        share: best.interval,
        gold_alone: alone.interval,
        lambda: used.iter().sum::<f64>() / used.len().max(1) as f64,
        clamped: best.clamped,
        coded,
        with_theme,
    })
}

/// A coded unit.
struct Coded {
    stratum: usize,
    /// Survey weight times the inverse of the probability with which it was drawn.
    weight: f64,
    machine: f64,
    human: f64,
    member: bool,
}

/// The gold sample and what is known of all units.
struct Gold {
    coded: Vec<Coded>,
    /// Units, and coded units, by stratum.
    strata: Vec<(f64, f64)>,
    /// The machine's weighted mean over the base.
    machine: f64,
    /// Units of the base; their effective number (Kish 1965).
    base: f64,
    effective: f64,
}

#[derive(Clone, Copy)]
struct Single {
    interval: Estimate,
    clamped: bool,
}

impl Single {
    fn width(&self) -> f64 {
        self.interval.high - self.interval.low
    }
}

impl Gold {
    fn of(units: &[Unit], sizes: &[usize]) -> Self {
        let mut strata: Vec<(f64, f64)> = sizes.iter().map(|&all| (all as f64, 0.0)).collect();
        for unit in units.iter().filter(|u| u.human.is_some()) {
            strata[unit.stratum].1 += 1.0;
        }
        for (all, drawn) in &mut strata {
            *all = all.max(*drawn);
        }
        let coded = units.iter().filter_map(|u| {
            let (all, drawn) = strata[u.stratum];
            let (weight, machine, member) = (u.weight * all / drawn, u.machine, u.member);
            Some(Coded { stratum: u.stratum, weight, machine, human: u.human?, member })
        });
        let members = || units.iter().filter(|u| u.member);
        let weights: f64 = members().map(|u| u.weight).sum();
        let squares: f64 = members().map(|u| u.weight * u.weight).sum();
        Self {
            coded: coded.collect(),
            machine: members().map(|u| u.weight * u.machine).sum::<f64>() / weights,
            base: members().count() as f64,
            effective: weights * weights / squares,
            strata,
        }
    }

    fn members(&self) -> impl Iterator<Item = &Coded> {
        self.coded.iter().filter(|c| c.member)
    }

    /// The weighted mean of a value over the coded units of the base.
    fn mean(&self, value: impl Fn(usize) -> f64) -> f64 {
        let members = || self.coded.iter().enumerate().filter(|(_, c)| c.member);
        let weights: f64 = members().map(|(_, c)| c.weight).sum();
        members().map(|(i, c)| c.weight * value(i)).sum::<f64>() / weights
    }

    fn estimate(&self, lambdas: &[f64], target: Target) -> Single {
        let value =
            |i: usize| self.coded[i].human - lambdas[i] * (self.coded[i].machine - self.machine);
        let mean = self.mean(value);
        let share = mean.clamp(0.0, 1.0);
        let n = self.members().count() as f64;
        let weights: f64 = self.members().map(|c| c.weight).sum();
        let influence: Vec<f64> = (0..self.coded.len())
            .map(|i| match &self.coded[i] {
                c if c.member => c.weight * (value(i) - mean) / weights,
                _ => 0.0,
            })
            .collect();
        let mut variance = self.covariance(&influence, &influence, &|_| true);
        variance += UNSEEN * (1.0 - n / self.base).max(0.0) / (n * n);
        if target == Target::Population {
            variance += share * (1.0 - share) / self.effective;
        }
        Single { interval: wilson(share, variance, n), clamped: share != mean }
    }

    /// Design covariance of two totals of influences, over the units that are kept.
    fn covariance(&self, a: &[f64], b: &[f64], keep: &dyn Fn(usize) -> bool) -> f64 {
        let mut sums = vec![[0.0f64; 4]; self.strata.len()];
        for (i, c) in self.coded.iter().enumerate().filter(|(i, _)| keep(*i)) {
            let sum = &mut sums[c.stratum];
            sum[0] += 1.0;
            sum[1] += a[i];
            sum[2] += b[i];
            sum[3] += a[i] * b[i];
        }
        let one = |(&(all, drawn), &[n, a, b, both]): (&(f64, f64), &[f64; 4])| match n {
            0.0 => 0.0,
            // A single one stands for a stratum of others: nothing is known of their spread.
            1.0 => (1.0 - drawn / all) * both,
            n => (1.0 - drawn / all) * (n / (n - 1.0)) * (both - a * b / n),
        };
        self.strata.iter().zip(&sums).map(one).sum()
    }

    /// For each coded unit the λ that is best on the folds that it is not in.
    fn lambdas(&self, seed: u64) -> Vec<f64> {
        let mut order: Vec<usize> = (0..self.coded.len()).collect();
        Draw::new(seed, 0).shuffle(&mut order);
        order.sort_by_key(|&i| self.coded[i].stratum);
        let mut fold = vec![0; self.coded.len()];
        for (rank, &i) in order.iter().enumerate() {
            fold[i] = rank % FOLDS;
        }
        let (human, machine) =
            (self.mean(|i| self.coded[i].human), self.mean(|i| self.coded[i].machine));
        let influence = |value: &dyn Fn(&Coded) -> f64| -> Vec<f64> {
            let one = |c: &Coded| if c.member { c.weight * value(c) } else { 0.0 };
            self.coded.iter().map(one).collect()
        };
        let (y, m) = (influence(&|c| c.human - human), influence(&|c| c.machine - machine));
        let best = |left_out: usize| {
            let keep = |i: usize| fold[i] != left_out;
            let spread = self.covariance(&m, &m, &keep);
            let lambda = self.covariance(&y, &m, &keep) / spread;
            if spread > 0.0 { lambda.clamp(0.0, 1.0) } else { 0.0 }
        };
        let by_fold: Vec<f64> = (0..FOLDS).map(best).collect();
        fold.iter().map(|&f| by_fold[f]).collect()
    }
}

/// Wilson's interval for a share whose variance is known, by the sample size that would give it.
pub(super) fn wilson(share: f64, variance: f64, n: f64) -> Estimate {
    let spread = share * (1.0 - share);
    let n = if spread > 0.0 { spread / variance } else { n };
    if !n.is_finite() {
        return Estimate { value: share, low: share, high: share };
    }
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (spread / n + z2 / (4.0 * n * n)).sqrt();
    let (low, high) = ((centre - half).max(0.0), (centre + half).min(1.0));
    Estimate { value: share, low: low.min(share), high: high.max(share) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(machine: bool, human: Option<bool>) -> Unit {
        let number = |b: bool| f64::from(u8::from(b));
        Unit {
            stratum: 0,
            weight: 1.0,
            machine: number(machine),
            human: human.map(number),
            member: true,
        }
    }

    /// A base of 1,000 with a share of 20 %, coded by a machine that finds 70 % of it and adds as
    /// many false ones as are 5 % of the rest; 200 are drawn.
    fn study(seed: u64) -> (Vec<Unit>, f64) {
        let mut chance = Draw::new(seed, 1);
        let truth: Vec<bool> = (0..1000).map(|_| chance.unit() < 0.2).collect();
        let mut machine = |y: bool| chance.unit() < if y { 0.7 } else { 0.05 };
        let codes: Vec<bool> = truth.iter().map(|&y| machine(y)).collect();
        let gold = Draw::new(seed, 2).sample(1000, 200);
        let one = |i: usize| unit(codes[i], gold.binary_search(&i).is_ok().then_some(truth[i]));
        let share = truth.iter().filter(|y| **y).count() as f64 / 1000.0;
        ((0..1000).map(one).collect(), share)
    }

    #[test]
    fn a_perfect_machine_leaves_its_own_share() {
        let units: Vec<Unit> =
            (0..400).map(|i| unit(i % 4 == 0, (i < 100).then_some(i % 4 == 0))).collect();
        let found = corrected(&units, &[units.len()], Target::These, 1).unwrap();
        assert!((found.share.value - 0.25).abs() < 1e-9, "{found:?}");
        assert!(found.lambda > 0.99 && found.share.high - found.share.low < 0.05);
    }

    #[test]
    fn with_everything_coded_the_human_share_is_certain() {
        let units: Vec<Unit> = (0..100).map(|i| unit(i % 3 == 0, Some(i < 20))).collect();
        let found = corrected(&units, &[units.len()], Target::These, 1).unwrap();
        assert!((found.share.value - 0.2).abs() < 1e-9, "{found:?}");
        assert!(found.share.high - found.share.low < 1e-6);
        let wide = corrected(&units, &[units.len()], Target::Population, 1).unwrap().share;
        let simple = crate::aggregate::interval::wilson(20, 100).unwrap();
        assert!(
            (wide.low - simple.0).abs() < 1e-6 && (wide.high - simple.1).abs() < 1e-6,
            "{wide:?}"
        );
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        let (mut held, mut off, mut counted) = (0, 0.0, 0.0);
        for seed in 0..400 {
            let (units, truth) = study(seed);
            let found = corrected(&units, &[units.len()], Target::These, seed).unwrap();
            held += usize::from(found.share.low <= truth && truth <= found.share.high);
            off += (found.share.value - truth) / 400.0;
            counted += (units.iter().map(|u| u.machine).sum::<f64>() / 1000.0 - truth) / 400.0;
        }
        assert!((372..=392).contains(&held), "{held} of 400");
        assert!(off.abs() < 0.1 * counted.abs(), "{off} {counted}");
    }

    #[test]
    fn strata_drawn_at_different_rates_do_not_bias_the_share() {
        let mut off = 0.0;
        for seed in 0..200 {
            let mut chance = Draw::new(seed, 9);
            let mut units: Vec<(Unit, bool)> = (0..1000)
                .map(|i| {
                    let rare = i < 100;
                    let y = chance.unit() < if rare { 0.7 } else { 0.05 };
                    (Unit { stratum: usize::from(!rare), ..unit(rare, None) }, y)
                })
                .collect();
            let truth = units.iter().filter(|(_, y)| *y).count() as f64 / 1000.0;
            let drawn = Draw::new(seed, 3).sample(100, 60).into_iter();
            for i in drawn.chain(Draw::new(seed, 4).sample(900, 90).into_iter().map(|i| i + 100)) {
                units[i].0.human = Some(f64::from(u8::from(units[i].1)));
            }
            let units: Vec<Unit> = units.into_iter().map(|(u, _)| u).collect();
            let found = corrected(&units, &[100, 900], Target::These, seed).unwrap();
            off += (found.share.value - truth) / 200.0;
        }
        assert!(off.abs() < 0.004, "{off}");
    }

    #[test]
    fn few_codes_correct_nothing() {
        let few = |yes: usize, n: usize| -> Vec<Unit> {
            (0..300).map(|i| unit(false, (i < n).then_some(i < yes))).collect()
        };
        assert_eq!(
            corrected(&few(4, 100), &[300], Target::These, 1),
            Err(TooFew { coded: 100, with_theme: 4 })
        );
        assert_eq!(
            corrected(&few(10, 29), &[300], Target::These, 1),
            Err(TooFew { coded: 29, with_theme: 10 })
        );
        assert!(corrected(&few(5, 100), &[300], Target::These, 1).is_ok());
    }

    #[test]
    fn a_share_outside_its_range_is_clamped_and_says_so() {
        // The machine sees the theme nowhere among the drawn and the drawn have it rarely, yet the
        // correction can only be as negative as the sample allows; a heavy weight forces it.
        let mut units: Vec<Unit> = (0..600).map(|i| unit((60..70).contains(&i), None)).collect();
        for (i, unit) in units.iter_mut().enumerate().take(60) {
            unit.machine = f64::from(u8::from(i < 50));
            unit.human = Some(f64::from(u8::from(i < 6)));
        }
        let found = corrected(&units, &[units.len()], Target::These, 1).unwrap();
        assert!((0.0..=1.0).contains(&found.share.value));
        assert_eq!(found.clamped, found.share.value == 0.0 || found.share.value == 1.0);
    }

    proptest! {
        #[test]
        fn no_interval_is_wider_than_the_gold_samples_own(
            rows in proptest::collection::vec((any::<bool>(), any::<bool>(), any::<bool>(), 0usize..3, 0.2f64..5.0, any::<bool>()), 60..200)
        ) {
            let units: Vec<Unit> = rows.iter().map(|&(m, y, gold, stratum, weight, member)| Unit {
                stratum, weight, member, ..unit(m, gold.then_some(y))
            }).collect();
            for target in [Target::These, Target::Population] {
                let Ok(found) = corrected(&units, &[90, 90, 90], target, 3) else { continue };
                let width = |e: Estimate| e.high - e.low;
                prop_assert!(width(found.share) <= width(found.gold_alone) + 1e-12);
                prop_assert!(0.0 <= found.share.low && found.share.low <= found.share.value);
                prop_assert!(found.share.value <= found.share.high && found.share.high <= 1.0);
                prop_assert!((0.0..=1.0).contains(&found.lambda));
            }
        }

        #[test]
        fn weights_count_by_their_proportions_alone(factor in 0.1f64..10.0) {
            let (units, _) = study(1);
            let scaled: Vec<Unit> = units.iter().map(|u| Unit { weight: factor, ..*u }).collect();
            let of = |u: &[Unit]| corrected(u, &[1000], Target::Population, 1).unwrap();
            let (a, b) = (of(&units), of(&scaled));
            prop_assert!((a.share.value - b.share.value).abs() < 1e-9);
            prop_assert!((a.share.high - b.share.high).abs() < 1e-9);
        }
    }
}
