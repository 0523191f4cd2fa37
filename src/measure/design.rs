//! How many answers to code, and how to spread them over strata.
//!
//! In: sizes of strata, a wanted precision. Out: numbers. Source: Cochran, Sampling Techniques
//! (1977), sections 4.4 and 5.9. Must not know: who is drawn.

use super::Z;

/// How fast a stratum's part of the sample grows with its size: 1 would be in proportion, 0 the
/// same for all. A little under 1 oversamples rare themes without making the others' weights
/// uneven. Chosen by simulation on fully coded answers.
const POWER: f64 = 0.9;
/// Drawn from each stratum at least: two show a spread.
const LEAST: usize = 2;

/// How many of `n` to draw from each stratum: at least two (or all there are), never more than
/// there are, the rest by size. The numbers add up to `n`, to all, or to what the least demands.
pub fn allocate(sizes: &[usize], n: usize) -> Vec<usize> {
    let mut drawn: Vec<usize> = sizes.iter().map(|&s| s.min(LEAST)).collect();
    let mut left = n.saturating_sub(drawn.iter().sum());
    let weight = |s: usize| (s as f64).powf(POWER);
    let all: f64 = sizes.iter().map(|&s| weight(s)).sum();
    // One by one to the stratum that is furthest behind its part; ties go to the first.
    while left > 0 {
        let behind = |i: &usize| weight(sizes[*i]) / all * n as f64 - drawn[*i] as f64;
        let open = (0..sizes.len()).filter(|&i| drawn[i] < sizes[i]);
        let next = open.max_by(|a, b| behind(a).total_cmp(&behind(b)).then(b.cmp(a)));
        let Some(next) = next else { break };
        drawn[next] += 1;
        left -= 1;
    }
    drawn
}

/// How many of `base` units to code so that the 95 % interval of a share near `share` is at most
/// ±`width`, where the machine's codes explain the part `explained` (0 to 1) of the variance; all
/// where that is not enough.
pub fn needed(share: f64, width: f64, explained: f64, base: usize) -> usize {
    let spread = share * (1.0 - share) * (1.0 - explained.clamp(0.0, 1.0));
    let simple = Z * Z * spread / (width * width);
    let base_f = base as f64;
    ((simple / (1.0 + simple / base_f.max(1.0))).ceil() as usize).clamp(2.min(base), base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_numbers_are_those_of_the_textbook() {
        // A share near one half to within 5 points: 385 of a large population, 278 of 1,000.
        assert_eq!(needed(0.5, 0.05, 0.0, 100_000_000), 385);
        assert_eq!(needed(0.5, 0.05, 0.0, 1000), 278);
        assert!(needed(0.5, 0.05, 0.5, 1000) < 170);
        assert_eq!(needed(0.5, 0.0001, 0.0, 40), 40);
    }

    #[test]
    fn rare_strata_are_drawn_more_than_in_proportion() {
        let drawn = allocate(&[900, 90, 10], 100);
        assert_eq!(drawn.iter().sum::<usize>(), 100);
        assert!(drawn[1] > 9 && drawn[2] >= 2, "{drawn:?}");
        assert!(drawn[0] > 80, "{drawn:?}");
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_twice_and_every_stratum_is_drawn(
            sizes in proptest::collection::vec(1usize..200, 1..20), n in 0usize..600
        ) {
            let drawn = allocate(&sizes, n);
            let least: usize = sizes.iter().map(|s| s.min(&2)).sum();
            prop_assert_eq!(drawn.iter().sum::<usize>(), n.max(least).min(sizes.iter().sum()));
            for (d, s) in drawn.iter().zip(&sizes) {
                prop_assert!(d <= s && *d >= (*s).min(2));
            }
        }
    }
}
