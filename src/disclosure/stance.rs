//! What a theme's speakers think of it, as it may be told.
//!
//! In: how many people of a theme have each stance. Out: [`Stances`]: the stances that are told,
//! and one number for all others. The parts add up to the theme, whose count is open; so a stance
//! is told only where its people are enough and where those left over are enough too, and what is
//! left over always holds those whose words do not tell. Where that cannot be had, nothing is told.
//! Nobody learns that a stance had no people.
//! Must not know: words, other tables: stances are told of one table of a source alone, never by
//! question, group or area.

use super::Rule;
use crate::stance::Stance;

/// The fewest people of a part, whatever the smallest cell: rules that err in one sentence of ten
/// say nothing of three people.
const FEWEST: u64 = 5;

/// The stances of a theme that are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stances {
    /// People by stance, in the order of [`Stance::ALL`].
    pub told: Vec<(Stance, u64)>,
    /// Everybody else.
    pub rest: u64,
}

/// What is told of a theme whose count is open; `counts` in the order of [`Stance::ALL`].
pub fn stances(rule: Rule, counts: &[u64; 5]) -> Option<Stances> {
    let total: u64 = counts.iter().sum();
    let enough = |n: u64| n >= rule.min.max(FEWEST);
    let all = Stance::ALL.into_iter().zip(counts.iter().copied());
    let mut told: Vec<(Stance, u64)> =
        all.filter(|&(stance, n)| stance != Stance::Unclear && enough(n)).collect();
    let rest = |told: &[(Stance, u64)]| total - told.iter().map(|(_, n)| n).sum::<u64>();
    while !told.is_empty() && !enough(rest(&told)) {
        let fewest = (0..told.len()).min_by_key(|&at| (told[at].1, std::cmp::Reverse(at)))?;
        told.remove(fewest);
    }
    (!told.is_empty()).then(|| Stances { rest: rest(&told), told })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::disclosure::Suppression;

    fn rule(min: u64) -> Rule {
        Rule { min, suppression: Suppression::Full }
    }

    #[test]
    fn small_parts_are_told_in_one_number() {
        let told = stances(rule(11), &[14, 30, 3, 12, 9]).unwrap();
        let all = [(Stance::Positive, 14), (Stance::Negative, 30), (Stance::Request, 12)];
        assert_eq!((told.told.as_slice(), told.rest), (&all[..], 12));
        // Four are left over: the fewest of the told join them.
        let told = stances(rule(11), &[14, 30, 3, 12, 1]).unwrap();
        assert_eq!((told.told.len(), told.rest), (2, 16));
        assert_eq!(stances(rule(11), &[0, 40, 0, 0, 0]), None);
        assert_eq!(stances(rule(11), &[5, 5, 5, 5, 5]), None);
        // Where every count is shown, rules that err still say nothing of a few people.
        assert_eq!(stances(rule(1), &[0, 4, 0, 0, 9]), None);
        assert_eq!(stances(rule(1), &[0, 9, 0, 0, 6]).unwrap().rest, 6);
    }

    /// Who knows the rule and tries all tables that would print the same, of a theme of every size.
    #[test]
    fn nobody_who_knows_the_rule_can_tell_a_small_part() {
        const MIN: u64 = 6;
        for total in 1..=26u64 {
            let mut by_print: BTreeMap<String, Vec<[u64; 5]>> = BTreeMap::new();
            for a in 0..=total {
                for b in 0..=total - a {
                    for c in 0..=total - a - b {
                        for d in 0..=total - a - b - c {
                            let counts = [a, b, c, d, total - a - b - c - d];
                            let print = format!("{:?}", stances(rule(MIN), &counts));
                            by_print.entry(print).or_default().push(counts);
                        }
                    }
                }
            }
            for (print, tables) in by_print {
                for stance in 0..5 {
                    let values: BTreeSet<u64> = tables.iter().map(|t| t[stance]).collect();
                    // A part that may be small is as uncertain as "fewer than" leaves it.
                    let small = values.iter().any(|n| (1..MIN).contains(n));
                    let safe = values.len() as u64 >= MIN - 1 || total < MIN;
                    assert!(!small || safe, "{total} {print}: {stance} {values:?}");
                }
            }
        }
    }
}
