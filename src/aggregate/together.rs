//! Which areas the same people raise: people by pairs of areas.
//!
//! In: the codable responses of one source, copies set aside. Out: [`Together`]: for each pair of
//! areas how many people raised both, of those who answered every question of the source: who was
//! never asked could not raise what only that question brings up. An area is raised by whoever
//! raised it or any theme inside it; a theme without an area is one by itself. One pass over the
//! people, each of whom raised a few areas, so the work grows with the answers.
//! Must not know: shares, what may be shown.

use std::collections::BTreeMap;

use super::tally::Member;
use crate::codebook::Codebook;

/// People by pairs of areas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// People who answered every question.
    pub base: u64,
    /// Every pair of areas that any of them raised, ascending.
    pub pairs: Vec<PairCount>,
}

/// How many people raised both areas of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairCount {
    /// The two themes, the first before the second in the codebook.
    pub areas: (usize, usize),
    /// People who raised the first, and the second.
    pub people: [u64; 2],
    /// People who raised both.
    pub both: u64,
}

impl Together {
    /// Both, the first alone, the second alone, neither.
    pub fn parts(&self, pair: &PairCount) -> [u64; 4] {
        let ([first, second], both) = (pair.people, pair.both);
        [both, first - both, second - both, self.base + both - first - second]
    }
}

/// Counts pairs; of a source with so many questions.
pub(super) fn together(members: &[Member<'_>], questions: usize, codebook: &Codebook) -> Together {
    let mut people: BTreeMap<usize, (Vec<u16>, Vec<usize>)> = BTreeMap::new();
    for member in members.iter().filter(|m| !m.copy) {
        let (asked, areas) = people.entry(member.participant).or_default();
        asked.push(member.response.question);
        let area = |theme: usize| codebook.themes[theme].parent.unwrap_or(theme);
        areas.extend(member.codings.iter().map(|c| area(c.theme)));
    }
    let distinct = |list: &mut Vec<u16>| {
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    let all: Vec<Vec<usize>> = people
        .into_values()
        .filter_map(|(mut asked, mut areas)| {
            areas.sort_unstable();
            areas.dedup();
            (distinct(&mut asked) >= questions.max(1)).then_some(areas)
        })
        .collect();
    of_people(&all)
}

/// The same by each person's areas, ascending.
fn of_people(people: &[Vec<usize>]) -> Together {
    let mut areas: BTreeMap<usize, u64> = BTreeMap::new();
    let mut both: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for raised in people {
        for (at, &a) in raised.iter().enumerate() {
            *areas.entry(a).or_default() += 1;
            raised[at + 1..].iter().for_each(|&b| *both.entry((a, b)).or_default() += 1);
        }
    }
    let areas: Vec<(usize, u64)> = areas.into_iter().collect();
    let pairs = areas
        .iter()
        .enumerate()
        .flat_map(|(at, &(a, n))| areas[at + 1..].iter().map(move |&(b, k)| ((a, b), [n, k])));
    let count =
        |(areas, people)| PairCount { areas, people, both: both.get(&areas).copied().unwrap_or(0) };
    let pairs = pairs.map(count).collect();
    Together { base: people.len() as u64, pairs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_four_parts_of_a_pair_are_those_that_looking_at_everybody_gives(
            people in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 4), 0..40),
        ) {
            let areas = |raised: &Vec<bool>| (0..4).filter(|&a| raised[a]).collect::<Vec<_>>();
            let of: Vec<Vec<usize>> = people.iter().map(areas).collect();
            let found = of_people(&of);
            for pair in &found.pairs {
                let (a, b) = pair.areas;
                let part = |x, y| people.iter().filter(|p| (p[a], p[b]) == (x, y)).count() as u64;
                let parts = [part(true, true), part(true, false), part(false, true), part(false, false)];
                prop_assert_eq!(found.parts(pair), parts);
            }
            let n = (0..4).filter(|&a| people.iter().any(|p| p[a])).count();
            prop_assert_eq!(found.pairs.len(), n * n.saturating_sub(1) / 2);
        }
    }
}
