//! Krippendorff's α: agreement of any number of coders, with gaps, on any scale.
//!
//! In: for each unit the values that coders gave. Out: α with a bootstrap interval over units.
//! Source: Krippendorff, Content Analysis (2nd ed. 2004), chapter 11: α = 1 − observed ÷ expected
//! disagreement over pairs of values inside units with at least two. Distances of label sets:
//! Jaccard (1901) and MASI (Passonneau 2006), which weighs Jaccard's by whether one set holds the
//! other. Must not know: themes, files.

use std::collections::BTreeMap;

use super::draw::Draw;
use super::{Estimate, REPLICATES, with_replicates};

/// How far two numbers are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal or not.
    Nominal,
    /// By how many values stand between them.
    Ordinal,
    /// By their difference.
    Interval,
    /// By their difference, relative to their sum.
    Ratio,
}

/// How far two sets of themes are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetDistance {
    /// One minus what they share over what they hold together; two empty sets are equal.
    Jaccard,
    /// Jaccard's, weighed: sets of which one holds the other are nearer than others.
    Masi,
}

/// α of numbers: one list a unit, one entry a coder, `None` where a coder said nothing. `None`
/// where no unit has two values or no value ever differs (then there is nothing to agree on).
pub fn alpha(units: &[Vec<Option<f64>>], scale: Scale) -> Option<f64> {
    numbers(units, scale).alpha(None)
}

/// α with the interval of a bootstrap over units.
pub fn alpha_interval(units: &[Vec<Option<f64>>], scale: Scale, seed: u64) -> Option<Estimate> {
    numbers(units, scale).interval(seed)
}

/// α of label sets: one list a unit, one entry a coder; each set ascending.
pub fn set_alpha(units: &[Vec<Option<Vec<usize>>>], distance: SetDistance) -> Option<f64> {
    sets(units, distance).alpha(None)
}

/// The same with the interval of a bootstrap over units.
pub fn set_alpha_interval(
    units: &[Vec<Option<Vec<usize>>>],
    distance: SetDistance,
    seed: u64,
) -> Option<Estimate> {
    sets(units, distance).interval(seed)
}

/// Distance of two sets, each ascending.
pub fn set_distance(a: &[usize], b: &[usize], distance: SetDistance) -> f64 {
    let shared = a.iter().filter(|x| b.binary_search(x).is_ok()).count();
    let all = a.len() + b.len() - shared;
    if all == 0 {
        return 0.0;
    }
    let jaccard = shared as f64 / all as f64;
    match distance {
        SetDistance::Jaccard => 1.0 - jaccard,
        SetDistance::Masi => {
            let weight = if shared == a.len() && shared == b.len() {
                1.0
            } else if shared == a.len() || shared == b.len() {
                2.0 / 3.0
            } else if shared > 0 {
                1.0 / 3.0
            } else {
                0.0
            };
            1.0 - jaccard * weight
        }
    }
}

/// Units as lists of places in the list of different values, and the distances between those.
struct Coincidences {
    units: Vec<Vec<usize>>,
    n_values: usize,
    distance: Distance,
}

/// From how often each value occurs to the distances between all pairs of values.
type Distance = Box<dyn Fn(&[f64]) -> Vec<f64>>;

fn numbers(units: &[Vec<Option<f64>>], scale: Scale) -> Coincidences {
    let mut values: Vec<f64> = units.iter().flatten().flatten().copied().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let place = |x: &f64| values.partition_point(|v| v.total_cmp(x).is_lt());
    let units = units.iter().map(|u| u.iter().flatten().map(place).collect()).collect();
    let n_values = values.len();
    let distance = move |counts: &[f64]| {
        let one = |c: usize, k: usize| match scale {
            Scale::Nominal => f64::from(u8::from(c != k)),
            Scale::Ordinal => {
                let (low, high) = (c.min(k), c.max(k));
                let between: f64 = counts[low..=high].iter().sum();
                (between - (counts[low] + counts[high]) / 2.0).powi(2)
            }
            Scale::Interval => (values[c] - values[k]).powi(2),
            Scale::Ratio => {
                let sum = values[c] + values[k];
                if sum == 0.0 { 0.0 } else { ((values[c] - values[k]) / sum).powi(2) }
            }
        };
        table(n_values, one)
    };
    Coincidences { units, n_values, distance: Box::new(distance) }
}

fn sets(units: &[Vec<Option<Vec<usize>>>], distance: SetDistance) -> Coincidences {
    let mut known: BTreeMap<&[usize], usize> = BTreeMap::new();
    for set in units.iter().flatten().flatten() {
        known.insert(set, 0);
    }
    for (place, value) in known.values_mut().enumerate() {
        *value = place;
    }
    let place = |set: &Vec<usize>| known.get(set.as_slice()).copied().unwrap_or_default();
    let units = units.iter().map(|u| u.iter().flatten().map(place).collect()).collect();
    let values: Vec<&[usize]> = known.keys().copied().collect();
    let distances = table(values.len(), |c, k| set_distance(values[c], values[k], distance));
    let n_values = values.len();
    Coincidences { units, n_values, distance: Box::new(move |_| distances.clone()) }
}

fn table(n: usize, one: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..n * n).map(|at| one(at / n, at % n)).collect()
}

impl Coincidences {
    /// α over the units, or over those of a replicate.
    fn alpha(&self, chosen: Option<&[usize]>) -> Option<f64> {
        let n_values = self.n_values;
        let mut pairs = vec![0.0; n_values * n_values];
        let mut add = |unit: &[usize]| {
            if unit.len() < 2 {
                return;
            }
            let weight = 1.0 / (unit.len() - 1) as f64;
            for (i, &a) in unit.iter().enumerate() {
                for (j, &b) in unit.iter().enumerate() {
                    if i != j {
                        pairs[a * n_values + b] += weight;
                    }
                }
            }
        };
        match chosen {
            Some(chosen) => chosen.iter().for_each(|&u| add(&self.units[u])),
            None => self.units.iter().for_each(|u| add(u)),
        }
        let counts: Vec<f64> =
            pairs.chunks(n_values.max(1)).map(|row| row.iter().sum::<f64>()).collect();
        let n: f64 = counts.iter().sum();
        let distance = (self.distance)(&counts);
        let (mut observed, mut expected) = (0.0, 0.0);
        for c in 0..n_values {
            for k in 0..n_values {
                observed += pairs[c * n_values + k] * distance[c * n_values + k];
                expected += counts[c] * counts[k] * distance[c * n_values + k];
            }
        }
        (expected > 0.0).then(|| 1.0 - (n - 1.0) * observed / expected)
    }

    fn interval(&self, seed: u64) -> Option<Estimate> {
        let value = self.alpha(None)?;
        let n = self.units.len();
        let replicate = |r: usize| {
            let mut draw = Draw::new(seed, r as u64);
            let chosen: Vec<usize> = (0..n).map(|_| draw.below(n)).collect();
            self.alpha(Some(&chosen))
        };
        Some(with_replicates(value, (0..REPLICATES).filter_map(replicate).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Krippendorff's example of 4 coders and 12 units (2004, table 11.1; 2011, section C).
    fn canonical() -> Vec<Vec<Option<f64>>> {
        let rows = [
            "1 2 3 3 2 1 4 1 2 . . .",
            "1 2 3 3 2 2 4 1 2 5 . 3",
            ". 3 3 3 2 3 4 2 2 5 1 .",
            "1 2 3 3 2 4 4 1 2 5 1 .",
        ];
        let cell = |row: &str, unit: usize| row.split(' ').nth(unit).and_then(|v| v.parse().ok());
        (0..12).map(|unit| rows.iter().map(|row| cell(row, unit)).collect()).collect()
    }

    #[test]
    fn the_canonical_example_comes_out_on_every_scale() {
        for (scale, wanted) in [
            (Scale::Nominal, 0.743),
            (Scale::Ordinal, 0.815),
            (Scale::Interval, 0.849),
            (Scale::Ratio, 0.797),
        ] {
            let found = alpha(&canonical(), scale).unwrap();
            assert!((found - wanted).abs() < 5e-4, "{scale:?}: {found}");
        }
    }

    #[test]
    fn sets_are_as_far_apart_as_passonneau_says() {
        let masi = |a: &[usize], b: &[usize]| set_distance(a, b, SetDistance::Masi);
        // Passonneau 2006: subset 1 − 2/3 · 1/2, overlap 1 − 1/3 · 1/3, disjoint 1.
        assert!((masi(&[1], &[1, 2]) - (1.0 - 1.0 / 3.0)).abs() < 1e-12);
        assert!((masi(&[1, 2], &[2, 3]) - (1.0 - 1.0 / 9.0)).abs() < 1e-12);
        assert_eq!((masi(&[1], &[2]), masi(&[], &[]), masi(&[3], &[3])), (1.0, 0.0, 0.0));
        assert!((set_distance(&[1, 2], &[2, 3], SetDistance::Jaccard) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn single_labels_give_the_nominal_alpha() {
        let as_sets: Vec<Vec<Option<Vec<usize>>>> = canonical()
            .iter()
            .map(|u| u.iter().map(|v| v.map(|v| vec![v as usize])).collect())
            .collect();
        let nominal = alpha(&canonical(), Scale::Nominal).unwrap();
        for distance in [SetDistance::Jaccard, SetDistance::Masi] {
            assert!((set_alpha(&as_sets, distance).unwrap() - nominal).abs() < 1e-12);
        }
    }

    #[test]
    fn nothing_to_agree_on_has_no_alpha() {
        assert_eq!(alpha(&[], Scale::Nominal), None);
        assert_eq!(alpha(&[vec![Some(1.0), Some(1.0)]], Scale::Nominal), None);
        assert_eq!(alpha(&[vec![Some(1.0), None], vec![Some(2.0), None]], Scale::Nominal), None);
    }

    #[test]
    fn the_interval_holds_the_value_and_repeats() {
        let one = alpha_interval(&canonical(), Scale::Nominal, 1).unwrap();
        assert_eq!(one, alpha_interval(&canonical(), Scale::Nominal, 1).unwrap());
        assert!(one.low < one.value && one.value < one.high, "{one:?}");
    }

    proptest! {
        #[test]
        fn alpha_knows_neither_coders_nor_names(
            units in proptest::collection::vec((0u8..3, 0u8..3, 0u8..3), 2..20)
        ) {
            let as_units = |f: &dyn Fn(u8) -> f64, turn: bool| -> Vec<Vec<Option<f64>>> {
                units.iter().map(|&(a, b, c)| {
                    let mut unit = vec![Some(f(a)), Some(f(b)), Some(f(c))];
                    if turn { unit.reverse(); }
                    unit
                }).collect()
            };
            let plain = alpha(&as_units(&|x| f64::from(x), false), Scale::Nominal);
            let renamed = alpha(&as_units(&|x| f64::from((x + 1) % 3), true), Scale::Nominal);
            match (plain, renamed) {
                (Some(a), Some(b)) => {
                    prop_assert!((a - b).abs() < 1e-9);
                    prop_assert!(a <= 1.0);
                }
                (a, b) => prop_assert_eq!(a.is_none(), b.is_none()),
            }
        }
    }
}
