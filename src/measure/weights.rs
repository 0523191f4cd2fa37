//! Shares of people who stand for different numbers of others.
//!
//! In: for each person a survey weight and whether a thing holds. Out: the weighted share with its
//! interval, and the effective number of people. The share is the Hájek mean; its variance is
//! linearised (Särndal, Swensson and Wretman 1992, section 5.7), people drawn independently of each
//! other; the interval is Wilson's at the sample size that this variance is worth (Kott and Liu
//! 2009), which is never taken for more than the people there are (Korn and Graubard 1998). With
//! equal weights it is Wilson's own. The effective number of people is (Σw)² ÷ Σw² (Kish 1965).
//! Must not know: themes, where weights come from.

use super::Estimate;
use super::correction::wilson;

/// How many people of equal weight tell as much as these; 0 where nobody has a weight.
pub fn effective(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// The share of those for whom it holds; `None` where nobody has a weight.
pub fn share(people: &[(f64, bool)]) -> Option<Estimate> {
    let counted = || people.iter().filter(|(w, _)| *w > 0.0);
    let sum: f64 = counted().map(|(w, _)| w).sum();
    if sum <= 0.0 {
        return None;
    }
    let holds = |yes: bool| f64::from(u8::from(yes));
    let share = (counted().map(|(w, yes)| w * holds(*yes)).sum::<f64>() / sum).clamp(0.0, 1.0);
    let influence = |(w, yes): &(f64, bool)| (w * (holds(*yes) - share) / sum).powi(2);
    let variance: f64 = counted().map(influence).sum();
    let n = counted().count() as f64;
    let least = share * (1.0 - share) / n;
    Some(wilson(share, variance.max(least), effective(counted().map(|(w, _)| *w))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::draw::Draw;
    use proptest::prelude::*;

    #[test]
    fn the_effective_number_agrees_with_a_count_by_hand() {
        // (1 + 1 + 1 + 1 + 4)² ÷ (1 + 1 + 1 + 1 + 16)
        assert!((effective([1.0, 1.0, 1.0, 1.0, 4.0].into_iter()) - 3.2).abs() < 1e-12);
        assert_eq!(effective([0.0, 0.0].into_iter()), 0.0);
        assert!(share(&[(0.0, true)]).is_none());
    }

    #[test]
    fn a_small_table_gives_the_figures_that_one_counts_by_hand() {
        let found = share(&[(1.0, true), (2.0, false), (3.0, true), (4.0, false)]).unwrap();
        assert!((found.value - 0.4).abs() < 1e-12);
        // variance (1·.36 + 4·.16 + 9·.36 + 16·.16) ÷ 100 = .068, worth .24 ÷ .068 = 3.53 people
        let (n, z2) = (0.24 / 0.068, 1.959_963_984_540_054f64.powi(2));
        let centre = (0.4 + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = z2.sqrt() / (1.0 + z2 / n) * (0.24 / n + z2 / (4.0 * n * n)).sqrt();
        assert!((found.low - (centre - half)).abs() < 1e-12, "{found:?}");
        assert!((found.high - (centre + half)).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        // A fifth of the people says yes four times as often and is asked four times as often.
        let (mut held, mut off, mut counted) = (0, 0.0, 0.0);
        let truth = 0.2 * 0.6 + 0.8 * 0.15;
        for seed in 0..400 {
            let mut chance = Draw::new(seed, 1);
            let person = |_| {
                let rare = chance.unit() < 0.5;
                let yes = chance.unit() < if rare { 0.6 } else { 0.15 };
                (if rare { 0.25 } else { 1.0 }, yes)
            };
            let people: Vec<(f64, bool)> = (0..300).map(person).collect();
            let found = share(&people).unwrap();
            held += usize::from(found.low <= truth && truth <= found.high);
            off += (found.value - truth) / 400.0;
            counted += people.iter().filter(|p| p.1).count() as f64 / 300.0 / 400.0;
        }
        assert!((370..=394).contains(&held), "{held} of 400");
        assert!(off.abs() < 0.005 && counted - truth > 0.1, "{off} {counted}");
    }

    proptest! {
        #[test]
        fn equal_weights_give_wilsons_own_interval(
            yes in proptest::collection::vec(any::<bool>(), 1..80), weight in 0.1f64..10.0
        ) {
            let people: Vec<(f64, bool)> = yes.iter().map(|&y| (weight, y)).collect();
            let found = share(&people).unwrap();
            let k = yes.iter().filter(|y| **y).count() as u64;
            let (low, high) = crate::aggregate::interval::wilson(k, yes.len() as u64).unwrap();
            prop_assert!((found.low - low).abs() < 1e-9 && (found.high - high).abs() < 1e-9);
            prop_assert!((effective(people.iter().map(|p| p.0)) - yes.len() as f64).abs() < 1e-6);
        }

        #[test]
        fn a_share_lies_in_its_interval_and_nobody_is_worth_more_than_one(
            people in proptest::collection::vec((0.0f64..9.0, any::<bool>()), 1..60)
        ) {
            let Some(found) = share(&people) else { return Ok(()) };
            prop_assert!(0.0 <= found.low && found.low <= found.value);
            prop_assert!(found.value <= found.high && found.high <= 1.0);
            let n = people.iter().filter(|(w, _)| *w > 0.0).count() as f64;
            prop_assert!(effective(people.iter().map(|p| p.0)) <= n + 1e-9);
        }
    }
}
