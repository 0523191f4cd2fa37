//! Which pairs of areas a report tells: how many people raised both.
//!
//! In: the true counts of pairs and the smallest cell of the source. Out: [`Together`]. Pairs are told
//! only where every count of the source is shown, so where nothing is protected. Elsewhere none is:
//! one pair and the number of people with any theme already bound every other pair, whether by its
//! groups or as a whole, and even that a pair is missing can tell; what is left safe is too little
//! to be worth the danger. The working file of pairs has them all.
//! Must not know: words, formats.

use super::Rule;
use crate::aggregate::{self, PairCount};
use crate::measure::difference::p_of_counts;

/// Most pairs that are told of a source.
const MOST: usize = 12;

/// The fewest people of each part (both, one, the other, neither) from which a tie is told.
const FEWEST: u64 = 5;

/// The likelihood of being by chance from which a tie is not told.
const CHANCE: f64 = 0.05;

/// What a report tells of a source's pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// People who answered every question.
    pub base: u64,
    /// Pairs that were looked at.
    pub compared: u64,
    /// Those that are told, the strongest tie first (by mutual information).
    pub told: Vec<PairCount>,
}

/// Decides the pairs of a source.
pub fn together(rule: Rule, counts: &aggregate::Together) -> Together {
    if rule.min > 1 {
        return Together::default();
    }
    let compared = counts.pairs.len() as u64;
    let clear = |pair: &&PairCount| {
        counts.parts(pair).into_iter().all(|n| n >= FEWEST)
            && chance(counts.base, pair, compared) < CHANCE
    };
    let mut told: Vec<PairCount> = counts.pairs.iter().filter(clear).copied().collect();
    let strength = |pair: &PairCount| information(counts.base, pair, counts.parts(pair));
    told.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then(a.areas.cmp(&b.areas)));
    told.truncate(MOST);
    Together { base: counts.base, compared, told }
}

/// p of no tie between two areas, times the number of pairs that were looked at (Dunn 1961); 1 where
/// nothing can be said.
pub fn chance(base: u64, pair: &PairCount, compared: u64) -> f64 {
    let ([first, second], both) = (pair.people, pair.both);
    let others = (second.saturating_sub(both), base.saturating_sub(first));
    p_of_counts((both, first), others).map_or(1.0, |p| (p * compared as f64).min(1.0))
}

/// How much one area tells of the other, in nats: nought where they are independent.
fn information(base: u64, pair: &PairCount, [both, first, second, neither]: [u64; 4]) -> f64 {
    let (n, a, b) = (base as f64, pair.people[0] as f64, pair.people[1] as f64);
    let part = |k: u64, of: f64| match k {
        0 => 0.0,
        k => k as f64 / n * libm::log(k as f64 * n / of),
    };
    part(both, a * b)
        + part(first, a * (n - b))
        + part(second, (n - a) * b)
        + part(neither, (n - a) * (n - b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Suppression;

    fn counts(base: u64, pairs: &[((usize, usize), [u64; 2], u64)]) -> aggregate::Together {
        let pair = |&(areas, people, both)| PairCount { areas, people, both };
        aggregate::Together { base, pairs: pairs.iter().map(pair).collect() }
    }

    fn told(min: u64, counts: &aggregate::Together) -> Vec<(usize, usize)> {
        let rule = Rule { min, suppression: Suppression::Full };
        together(rule, counts).told.iter().map(|pair| pair.areas).collect()
    }

    #[test]
    fn where_any_count_would_be_protected_no_pair_is_told() {
        let tied = counts(400, &[((0, 1), [100, 120], 80)]);
        assert_eq!(told(1, &tied), [(0, 1)]);
        assert!(told(2, &tied).is_empty() && told(11, &tied).is_empty());
    }

    #[test]
    fn the_strongest_ties_come_first_and_those_of_chance_or_of_few_are_left_out() {
        let all = counts(
            400,
            &[
                ((0, 1), [100, 120], 60),
                ((0, 2), [100, 90], 80),
                ((0, 3), [100, 80], 21),
                ((1, 2), [120, 90], 4),
                ((1, 3), [120, 80], 6),
            ],
        );
        assert_eq!(told(1, &all), [(0, 2), (0, 1), (1, 3)]);
    }
}
