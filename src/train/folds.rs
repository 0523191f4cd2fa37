//! Which answers are held out together.
//!
//! In: examples with their groups, a seed. Out: for each example the number of its fold. A group
//! (equal words, or one participant's answers) is never divided, so that no answer is judged by a
//! model that saw it. Groups that carry the rarest themes are dealt first, each to the fold that
//! has least of its rarest theme (the order of Sechidis et al. 2011, for whole groups).
//! Must not know: texts, models.

use crate::fsx;

/// What is to be dealt.
pub(super) struct Deal<'a> {
    /// The group of each example; groups are numbered from 0.
    pub(super) groups: &'a [usize],
    /// Rows behind each example.
    pub(super) weights: &'a [f32],
    /// `examples × themes`: the share of the rows that carry the theme.
    pub(super) targets: &'a [f32],
    /// Number of themes.
    pub(super) themes: usize,
}

/// Deals the examples into `folds` folds.
pub(super) fn deal(deal: &Deal<'_>, folds: usize, seed: u64) -> Vec<usize> {
    let k = deal.themes;
    let n_groups = deal.groups.iter().max().map_or(0, |g| g + 1);
    let mut sizes = vec![0f64; n_groups];
    let mut carried = vec![0f64; n_groups * k];
    let mut totals = vec![0f64; k];
    for (i, &g) in deal.groups.iter().enumerate() {
        let weight = f64::from(deal.weights[i]);
        sizes[g] += weight;
        for (t, &y) in deal.targets[i * k..(i + 1) * k].iter().enumerate() {
            carried[g * k + t] += weight * f64::from(y);
            totals[t] += weight * f64::from(y);
        }
    }
    let rarest = |g: usize| {
        let carries = (0..k).filter(|t| carried[g * k + t] > 0.0);
        carries.min_by(|&a, &b| totals[a].total_cmp(&totals[b]).then(a.cmp(&b)))
    };
    let mut order: Vec<(usize, Option<usize>)> = (0..n_groups).map(|g| (g, rarest(g))).collect();
    let rarity = |theme: Option<usize>| theme.map_or(f64::MAX, |t| totals[t]);
    order.sort_by(|a, b| {
        let size = || sizes[b.0].total_cmp(&sizes[a.0]);
        let lot = || lot(seed, a.0).cmp(&lot(seed, b.0));
        rarity(a.1).total_cmp(&rarity(b.1)).then_with(size).then_with(lot)
    });
    let mut fold_of = vec![0; n_groups];
    let mut filled = vec![0f64; folds];
    let mut held = vec![0f64; folds * k];
    for (g, theme) in order {
        let has = |fold: usize| theme.map_or(0.0, |t| held[fold * k + t]);
        let least = (0..folds).min_by(|&a, &b| {
            has(a).total_cmp(&has(b)).then(filled[a].total_cmp(&filled[b])).then(a.cmp(&b))
        });
        let fold = least.unwrap_or(0);
        fold_of[g] = fold;
        filled[fold] += sizes[g];
        for t in 0..k {
            held[fold * k + t] += carried[g * k + t];
        }
    }
    deal.groups.iter().map(|&g| fold_of[g]).collect()
}

/// A lot that depends on the seed and a number alone.
pub(super) fn lot(seed: u64, number: usize) -> String {
    fsx::sha256(format!("{seed} {number}").as_bytes())
}

/// Numbers that look drawn by chance and follow from the seed alone (SplitMix64; Steele, Lea and
/// Flood 2014).
#[derive(Debug, Clone)]
pub(super) struct Lots(pub(super) u64);

impl Lots {
    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to just below 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Puts things into an order of chance (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for i in (1..things.len()).rev() {
            things.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splitmix_gives_the_published_numbers() {
        let mut lots = Lots(1_234_567);
        assert_eq!(lots.next(), 6_457_827_717_110_365_317);
        assert_eq!(lots.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_rare_theme_is_spread_over_the_folds() {
        let groups: Vec<usize> = (0..100).collect();
        let targets: Vec<f32> = (0..100).map(|i| if i % 20 == 0 { 1.0 } else { 0.0 }).collect();
        let deal_of = Deal { groups: &groups, weights: &[1.0; 100], targets: &targets, themes: 1 };
        let folds = deal(&deal_of, 5, 7);
        let mut with: Vec<usize> = (0..100).step_by(20).map(|i| folds[i]).collect();
        with.sort_unstable();
        assert_eq!(with, [0, 1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn no_group_is_divided_and_folds_are_alike(
            groups in proptest::collection::vec(0usize..60, 60..200),
            seed in 0u64..9,
        ) {
            let n = groups.len();
            let weights = vec![1.0; n];
            let targets: Vec<f32> = (0..n * 3).map(|i| f32::from(u8::from(i % 7 == 0))).collect();
            let d = Deal { groups: &groups, weights: &weights, targets: &targets, themes: 3 };
            let folds = deal(&d, 4, seed);
            for i in 0..n {
                for j in 0..i {
                    prop_assert!(groups[i] != groups[j] || folds[i] == folds[j]);
                }
            }
            prop_assert!(folds.iter().all(|&f| f < 4));
            prop_assert_eq!(folds, deal(&d, 4, seed));
        }
    }
}
