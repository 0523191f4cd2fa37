//! Agreement of coders on one yes-or-no theme.
//!
//! In: for each unit each coder's answer. Out: Cohen's κ (1960), Fleiss' κ (1971), positive and
//! negative specific agreement (Cicchetti and Feinstein 1990), which tell rare themes apart that
//! share an α. Must not know: themes, files.

use super::draw::Draw;
use super::{Estimate, REPLICATES, with_replicates};

/// What two coders said of one theme.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fourfold {
    /// Both yes.
    pub both: f64,
    /// The first alone.
    pub first: f64,
    /// The second alone.
    pub second: f64,
    /// Both no.
    pub neither: f64,
}

impl Fourfold {
    /// Counts pairs of answers.
    pub fn of(pairs: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut table = Self::default();
        for (first, second) in pairs {
            table.add(first, second, 1.0);
        }
        table
    }

    /// Counts one more pair with a weight.
    pub fn add(&mut self, first: bool, second: bool, weight: f64) {
        *match (first, second) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.first,
            (false, true) => &mut self.second,
            (false, false) => &mut self.neither,
        } += weight;
    }

    /// How often they agree that the theme is there: 2a ÷ (2a + b + c). `None`: nobody said yes.
    pub fn positive(&self) -> Option<f64> {
        let all = 2.0 * self.both + self.first + self.second;
        (all > 0.0).then(|| 2.0 * self.both / all)
    }

    /// How often they agree that it is not there: 2d ÷ (2d + b + c).
    pub fn negative(&self) -> Option<f64> {
        let all = 2.0 * self.neither + self.first + self.second;
        (all > 0.0).then(|| 2.0 * self.neither / all)
    }

    /// Cohen's κ. `None` where chance alone would agree always.
    pub fn kappa(&self) -> Option<f64> {
        let n = self.both + self.first + self.second + self.neither;
        let (yes1, yes2) = (self.both + self.first, self.both + self.second);
        let chance = (yes1 * yes2 + (n - yes1) * (n - yes2)) / (n * n);
        let observed = (self.both + self.neither) / n;
        (n > 0.0 && chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
    }
}

/// Cohen's κ with the interval of a bootstrap over units.
pub fn kappa_interval(pairs: &[(bool, bool)], seed: u64) -> Option<Estimate> {
    let value = Fourfold::of(pairs.iter().copied()).kappa()?;
    let replicate = |r: usize| {
        let mut draw = Draw::new(seed, r as u64);
        Fourfold::of((0..pairs.len()).map(|_| pairs[draw.below(pairs.len())])).kappa()
    };
    Some(with_replicates(value, (0..REPLICATES).filter_map(replicate).collect()))
}

/// Fleiss' κ: for each unit how many coders chose each category; every unit has as many coders.
/// `None` where there are fewer than two coders or chance alone would agree always.
pub fn fleiss_kappa(units: &[Vec<u32>]) -> Option<f64> {
    let n = units.len() as f64;
    let coders = f64::from(units.first()?.iter().sum::<u32>());
    if coders < 2.0 || units.iter().any(|u| f64::from(u.iter().sum::<u32>()) != coders) {
        return None;
    }
    let agreement = |u: &Vec<u32>| {
        let squares: f64 = u.iter().map(|&k| f64::from(k) * f64::from(k)).sum();
        (squares - coders) / (coders * (coders - 1.0))
    };
    let observed = units.iter().map(agreement).sum::<f64>() / n;
    let categories = units.iter().map(Vec::len).max().unwrap_or(0);
    let share = |c: usize| {
        units.iter().map(|u| f64::from(u.get(c).copied().unwrap_or(0))).sum::<f64>() / (n * coders)
    };
    let chance: f64 = (0..categories).map(|c| share(c).powi(2)).sum();
    (chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kappa_agrees_with_a_worked_example() {
        // 50 proposals, 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: κ = 0.40.
        let table = Fourfold { both: 20.0, first: 5.0, second: 10.0, neither: 15.0 };
        assert!((table.kappa().unwrap() - 0.40).abs() < 1e-12);
        assert!((table.positive().unwrap() - 40.0 / 55.0).abs() < 1e-12);
        assert!((table.negative().unwrap() - 30.0 / 45.0).abs() < 1e-12);
    }

    #[test]
    fn fleiss_kappa_agrees_with_its_published_example() {
        // The 14 coders, 10 units and 5 categories that explain the measure: κ = 0.210.
        let units = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ]
        .map(|u| u.to_vec());
        assert!((fleiss_kappa(&units).unwrap() - 0.210).abs() < 5e-4);
    }

    #[test]
    fn two_who_never_differ_and_never_say_yes_have_no_kappa() {
        assert_eq!(Fourfold { neither: 9.0, ..Fourfold::default() }.kappa(), None);
        assert_eq!(Fourfold::default().kappa(), None);
        assert_eq!(fleiss_kappa(&[]), None);
        assert_eq!(fleiss_kappa(&[vec![1, 0]]), None);
    }

    proptest! {
        #[test]
        fn kappa_is_the_same_with_the_coders_exchanged(
            pairs in proptest::collection::vec((any::<bool>(), any::<bool>()), 1..40)
        ) {
            let one = Fourfold::of(pairs.iter().copied());
            let other = Fourfold::of(pairs.iter().map(|&(a, b)| (b, a)));
            match (one.kappa(), other.kappa()) {
                (Some(a), Some(b)) => { prop_assert!((a - b).abs() < 1e-12); prop_assert!(a <= 1.0 + 1e-12); }
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }
}
