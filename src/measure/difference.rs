//! Differences of two shares that were measured on different people.
//!
//! In: two shares with their intervals, or the counts behind them. Out: the difference with its
//! interval, how likely one so large is by chance alone, and that likelihood adjusted for many
//! differences looked at together.
//! Must not know: what the shares are of, which wave or group they come from.

use super::{Estimate, Z};

/// The second share less the first, with its 95 % interval: Newcombe's hybrid score interval
/// (Newcombe 1998, *Interval estimation for the difference between independent proportions*,
/// method 10) where both shares have Wilson intervals. The same construction holds for any two
/// independent estimates with intervals of their own (Zou and Donner 2008), so it serves corrected
/// shares too and needs no standard error. Shares, and so the difference, in parts of 1.
pub fn difference(first: Estimate, second: Estimate) -> Estimate {
    let value = second.value - first.value;
    let (below, above) = reach(first, second);
    Estimate { value, low: (value - below).max(-1.0), high: (value + above).min(1.0) }
}

/// The mean of independent estimates by their weights, with its interval by the same construction
/// (Zou and Donner 2008, for sums); `None` where nothing weighs anything.
pub fn pooled(of: &[(Estimate, f64)]) -> Option<Estimate> {
    let whole: f64 = of.iter().map(|(_, weight)| weight).sum();
    if whole.is_nan() || whole <= 0.0 {
        return None;
    }
    let mean =
        |part: fn(&Estimate) -> f64| of.iter().map(|(e, w)| part(e) * w / whole).sum::<f64>();
    let reach = |part: fn(&Estimate) -> f64| {
        of.iter().map(|(e, w)| (part(e) * w / whole).powi(2)).sum::<f64>().sqrt()
    };
    let value = mean(|e| e.value);
    let (below, above) = (reach(|e| e.value - e.low), reach(|e| e.high - e.value));
    Some(Estimate { value, low: (value - below).max(0.0), high: (value + above).min(1.0) })
}

/// How far the interval reaches below and above the difference.
fn reach(first: Estimate, second: Estimate) -> (f64, f64) {
    let both = |a: f64, b: f64| (a * a + b * b).sqrt();
    let below = both(second.value - second.low, first.high - first.value);
    let above = both(second.high - second.value, first.value - first.low);
    (below, above)
}

/// Two-sided p of no difference between two estimates, from the side of the interval that lies
/// towards zero; it is below .05 exactly where the interval leaves out zero.
pub fn p_of_estimates(first: Estimate, second: Estimate) -> f64 {
    let value = second.value - first.value;
    let (below, above) = reach(first, second);
    let towards_zero = if value > 0.0 { below } else { above };
    let error = towards_zero / Z;
    match (value == 0.0, error > 0.0) {
        (true, _) => 1.0,
        (false, true) => two_sided(value / error),
        (false, false) => 0.0,
    }
}

/// Smallest expected count from which the chi-squared test is taken.
const LEAST_EXPECTED: f64 = 1.0;

/// Two-sided p of no difference between `k` of `n` people and `k` of `n` others: the "N − 1"
/// chi-squared test where every expected count is at least 1, else Fisher's exact test by Irwin's
/// rule, as Campbell (2007) recommends for tables of two by two. `None` where a base is
/// empty or no number of people.
pub fn p_of_counts(first: (u64, u64), second: (u64, u64)) -> Option<f64> {
    let is_of_people = |(k, n): (u64, u64)| n > 0 && k <= n && n <= u64::from(u32::MAX);
    if !is_of_people(first) || !is_of_people(second) {
        return None;
    }
    let (with, all) = ((first.0 + second.0) as f64, (first.1 + second.1) as f64);
    let (m, n) = (first.1 as f64, second.1 as f64);
    if with == 0.0 || with == all {
        return Some(1.0);
    }
    let least = with.min(all - with) * m.min(n) / all;
    if least < LEAST_EXPECTED {
        return Some(exact(first, second));
    }
    let apart = first.0 as f64 / m - second.0 as f64 / n;
    let share = with / all;
    let error = (share * (1.0 - share) * (1.0 / m + 1.0 / n) * all / (all - 1.0)).sqrt();
    Some(two_sided(apart / error))
}

/// Fisher's exact test: the likelihood of all tables with these margins that are no likelier than
/// this one (Irwin 1935).
fn exact((a, m): (u64, u64), (b, n): (u64, u64)) -> f64 {
    let with = a + b;
    let likelihood = |x: u64| log_choose(m, x) + log_choose(n, with - x) - log_choose(m + n, with);
    let seen = likelihood(a);
    let tables = with.saturating_sub(n)..=with.min(m);
    // Tables as likely as this one differ from it by rounding alone.
    let rarer = tables.map(likelihood).filter(|l| *l <= seen + 1e-9);
    rarer.map(libm::exp).sum::<f64>().min(1.0)
}

/// The logarithm of the number of ways to choose `k` of `n`.
fn log_choose(n: u64, k: u64) -> f64 {
    let factorial = |x: u64| libm::lgamma(x as f64 + 1.0);
    factorial(n) - factorial(k) - factorial(n - k)
}

/// Both tails of the normal distribution beyond `z`.
fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Values of p adjusted so that, of the differences called real below a limit, at most that part is
/// expected to be none (Benjamini and Hochberg 1995). In the order in which they came.
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]).then(b.cmp(&a)));
    let (mut out, mut least) = (vec![1.0; p.len()], 1.0f64);
    for (rank, &at) in (1..=p.len()).rev().zip(&order) {
        least = least.min(p[at] * (p.len() as f64 / rank as f64));
        out[at] = least;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::correction::wilson;
    use crate::measure::draw::Draw;
    use proptest::prelude::*;

    fn share(k: u64, n: u64) -> Estimate {
        let p = k as f64 / n as f64;
        wilson(p, p * (1.0 - p) / n as f64, n as f64)
    }

    #[test]
    fn the_interval_agrees_with_published_examples() {
        // Newcombe 1998, table II, method 10: the difference of the first less the second.
        for (first, second, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let d = difference(share(second.0, second.1), share(first.0, first.1));
            let near = (d.low - low).abs() < 5e-5 && (d.high - high).abs() < 5e-5;
            assert!(near, "{first:?} {second:?}: {d:?}");
        }
    }

    #[test]
    fn a_mean_of_estimates_lies_between_them_and_is_surer_than_each() {
        let one = Estimate { value: 0.2, low: 0.1, high: 0.35 };
        let alone = pooled(&[(one, 3.0)]).unwrap();
        assert!((alone.low - one.low).abs() < 1e-12 && (alone.high - one.high).abs() < 1e-12);
        let both = pooled(&[(one, 1.0), (Estimate { value: 0.4, ..share(40, 100) }, 1.0)]).unwrap();
        assert!((both.value - 0.3).abs() < 1e-12);
        // Half of each reach, squared and added.
        let below = ((0.05f64).powi(2) + ((0.4 - share(40, 100).low) / 2.0).powi(2)).sqrt();
        assert!((both.value - both.low - below).abs() < 1e-12, "{both:?}");
        assert_eq!((pooled(&[]), pooled(&[(one, 0.0)])), (None, None));
    }

    #[test]
    fn small_counts_are_tested_exactly() {
        let close = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found}");
        // Fisher's tea: 3 of 4 and 1 of 4 (The Design of Experiments, 1935).
        close(exact((3, 4), (1, 4)), 34.0 / 70.0);
        close(exact((7, 12), (1, 12)), 0.027_190_738_995_827_163);
        close(exact((0, 20), (5, 20)), 0.047_124_047_124_047_12);
        // One expected count is below 1, so this is the exact test.
        let rare = p_of_counts((0, 40), (1, 10)).unwrap();
        close(rare, 0.2);
    }

    #[test]
    fn larger_counts_are_tested_by_chi_squared_with_n_less_one() {
        // 6.976… and 5.940… with one degree of freedom.
        for (first, second, wanted) in [
            ((56, 70), (48, 80), 0.008_258_287_929_380_779),
            ((30, 250), (50, 250), 0.014_797_020_323_249_565),
        ] {
            let p = p_of_counts(first, second).unwrap();
            assert!((p - wanted).abs() < 1e-12, "{p}");
        }
        assert_eq!(p_of_counts((0, 5), (0, 9)), Some(1.0));
        assert_eq!(p_of_counts((5, 5), (9, 9)), Some(1.0));
        assert_eq!(p_of_counts((0, 0), (3, 9)), None);
    }

    #[test]
    fn adjusting_keeps_the_order_and_agrees_with_the_published_example() {
        // Benjamini and Hochberg 1995, section 4.1: of fifteen, four stay below .05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let found = adjusted(&p);
        assert_eq!(found.iter().filter(|q| **q <= 0.05).count(), 4, "{found:?}");
        assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!((found[0] - 0.0015).abs() < 1e-12);
        assert!(adjusted(&[]).is_empty());
    }

    /// How many of `n` people raise a theme of such a share, by one draw from 0 to 1.
    fn raised(chance: f64, n: u64, share: f64) -> u64 {
        let (mut likelihood, mut below) = ((1.0 - share).powf(n as f64), 0.0);
        for k in 0..n {
            below += likelihood;
            if chance < below {
                return k;
            }
            likelihood *= (n - k) as f64 / (k + 1) as f64 * share / (1.0 - share);
        }
        n
    }

    #[test]
    fn intervals_hold_the_true_difference_about_as_often_as_they_say() {
        let mut draw = Draw::new(7, 0);
        for (first, second) in
            [((0.05, 200), (0.08, 300)), ((0.2, 120), (0.2, 80)), ((0.4, 60), (0.6, 500))]
        {
            let mut of = |(p, n): (f64, u64)| share(raised(draw.unit(), n, p), n);
            let truth = second.0 - first.0;
            let holds = |d: Estimate| d.low <= truth && truth <= d.high;
            let held = (0..4000).filter(|_| holds(difference(of(first), of(second)))).count();
            assert!((3740..=3900).contains(&held), "{first:?} {second:?}: {held} of 4000");
        }
    }

    #[test]
    fn where_nothing_changed_hardly_any_study_has_a_clear_change() {
        let shares: Vec<f64> = (1..=30).map(|i| f64::from(i) / 60.0).collect();
        let mut draw = Draw::new(8, 0);
        let mut p = |change: f64| -> Vec<f64> {
            let mut of = |share: f64| (raised(draw.unit(), 300, share), 300);
            let both = |(i, &s): (usize, &f64)| (of(s), of(if i == 9 { s + change } else { s }));
            let pairs: Vec<_> = shares.iter().enumerate().map(both).collect();
            adjusted(&pairs.iter().map(|&(a, b)| p_of_counts(a, b).unwrap()).collect::<Vec<f64>>())
        };
        let any = (0..1000).filter(|_| p(0.0).iter().any(|p| *p < 0.05)).count();
        assert!((20..=65).contains(&any), "{any} of 1000 studies");
        // A true rise from 17 % to 32 % among thirty themes is found nearly always.
        let found = (0..1000).filter(|_| p(0.15)[9] < 0.05).count();
        assert!(found > 850, "{found} of 1000");
    }

    fn counts() -> impl Strategy<Value = (u64, u64)> {
        (1u64..400).prop_flat_map(|n| (0..=n, Just(n)))
    }

    proptest! {
        #[test]
        fn swapping_the_two_turns_the_interval_around(a in counts(), b in counts()) {
            let (a, b) = (share(a.0, a.1), share(b.0, b.1));
            let (d, back) = (difference(a, b), difference(b, a));
            prop_assert_eq!((d.value, d.low, d.high), (-back.value, -back.high, -back.low));
            prop_assert_eq!(p_of_estimates(a, b), p_of_estimates(b, a));
        }

        #[test]
        fn the_interval_holds_the_difference_and_stays_within_one(a in counts(), b in counts()) {
            let d = difference(share(a.0, a.1), share(b.0, b.1));
            prop_assert!(-1.0 <= d.low && d.low <= d.value && d.value <= d.high && d.high <= 1.0);
        }

        #[test]
        fn p_is_below_a_twentieth_where_the_interval_leaves_out_zero(a in counts(), b in counts()) {
            let (a, b) = (share(a.0, a.1), share(b.0, b.1));
            let d = difference(a, b);
            let near = d.low.abs().min(d.high.abs()) < 1e-9;
            let outside = d.low > 0.0 || d.high < 0.0;
            prop_assert!(near || (p_of_estimates(a, b) < 0.05) == outside, "{:?}", d);
        }

        #[test]
        fn tests_do_not_care_which_comes_first(a in counts(), b in counts()) {
            let (p, back) = (p_of_counts(a, b).unwrap(), p_of_counts(b, a).unwrap());
            prop_assert!((p - back).abs() < 1e-9 && (0.0..=1.0).contains(&p));
        }

        #[test]
        fn no_adjusted_value_is_below_its_own(p in proptest::collection::vec(0.0f64..=1.0, 0..40)) {
            for (raw, adjusted) in p.iter().zip(adjusted(&p)) {
                prop_assert!(*raw <= adjusted && adjusted <= 1.0);
            }
        }
    }
}
