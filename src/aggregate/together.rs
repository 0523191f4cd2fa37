//! Which areas the same people raise: people by pairs of areas.
//!
//! In: the codable responses of one source, copies set aside, and the values of its group columns.
//! Out: [`Together`]: for each pair of areas how many people raised both, over the source and in
//! each of its tables. An area is raised by whoever raised it or any theme inside it; a theme
//! without an area is one by itself. One pass over the people, each of whom raised a few areas, so
//! the work grows with the answers and not with the codebook.
//! Must not know: shares, what may be shown.

use super::tally::Member;
use crate::codebook::Codebook;

/// The fewest people of each part of a pair (both, one, the other, neither) that is counted table by
/// table: of fewer nothing is ever said.
pub const FEWEST: u64 = 5;

/// People by pairs of areas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// Pairs of areas whose four parts are all large enough, ascending, with their counts.
    pub pairs: Vec<PairCount>,
}

/// How many people raised both areas of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairCount {
    /// The two themes, the first before the second in the codebook.
    pub areas: (usize, usize),
    /// In the whole source.
    pub both: u64,
    /// Within the answers to each question; empty where there is one question or none.
    pub questions: Vec<u64>,
    /// In the whole source, for each group column by value, ascending.
    pub groups: Vec<Vec<u64>>,
}

/// One person's areas, ascending.
type Areas = (usize, Vec<usize>);

/// Counts pairs; `values` gives for each column the places of the participants' values.
pub(super) fn together(
    members: &[Member<'_>],
    questions: usize,
    columns: &[Column],
    codebook: &Codebook,
) -> Together {
    let roots: Vec<usize> = codebook.roots().collect();
    let place = |theme: usize| {
        let area = codebook.themes[theme].parent.unwrap_or(theme);
        roots.binary_search(&area).ok()
    };
    let people = |asked: Option<usize>| -> Vec<Areas> {
        let own = members.iter().filter(|m| !m.copy);
        let own = own.filter(|m| asked.is_none_or(|q| usize::from(m.response.question) == q));
        let raised = own
            .flat_map(|m| m.codings.iter().filter_map(|c| Some((m.participant, place(c.theme)?))));
        let mut all: Vec<(usize, usize)> = raised.collect();
        all.sort_unstable();
        all.dedup();
        let person = |of: &[(usize, usize)]| (of[0].0, of.iter().map(|(_, area)| *area).collect());
        all.chunk_by(|a, b| a.0 == b.0).map(person).collect()
    };
    let whole = people(None);
    let n = roots.len();
    let matrix = Matrix::of(n, whole.iter().map(|(_, areas)| areas.as_slice()));
    let base = super::tally::distinct(members.iter().filter(|m| !m.copy).map(|m| m.participant));
    let pairs: Vec<(usize, usize)> = (0..n)
        .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
        .filter(|&(a, b)| matrix.parts(base, a, b).into_iter().all(|part| part >= FEWEST))
        .collect();
    let of = |people: &mut dyn Iterator<Item = &[usize]>| Matrix::of(n, people).of_pairs(&pairs);
    let asked: Vec<Vec<u64>> = match questions {
        0 | 1 => Vec::new(),
        _ => (0..questions)
            .map(|q| of(&mut people(Some(q)).iter().map(|(_, areas)| areas.as_slice())))
            .collect(),
    };
    let by_column = |column: &Column| -> Vec<Vec<u64>> {
        let mut values: Vec<Vec<&[usize]>> = vec![Vec::new(); column.values];
        for (participant, areas) in &whole {
            if let Some(value) = column.of.get(*participant).copied().flatten() {
                values[value].push(areas);
            }
        }
        values.into_iter().map(|people| of(&mut people.into_iter())).collect()
    };
    let grouped: Vec<Vec<Vec<u64>>> = columns.iter().map(by_column).collect();
    let count = |(at, &(a, b)): (usize, &(usize, usize))| PairCount {
        areas: (roots[a], roots[b]),
        both: matrix.both(a, b),
        questions: asked.iter().map(|of| of[at]).collect(),
        groups: grouped.iter().map(|values| values.iter().map(|of| of[at]).collect()).collect(),
    };
    Together { pairs: pairs.iter().enumerate().map(count).collect() }
}

/// The values of one column of groups.
pub(super) struct Column {
    /// How many there are.
    pub(super) values: usize,
    /// For each participant of the study the place of the value, where there is one.
    pub(super) of: Vec<Option<usize>>,
}

/// People by pairs of areas; on the diagonal by area.
struct Matrix {
    n: usize,
    counts: Vec<u64>,
}

impl Matrix {
    fn of<'a>(n: usize, people: impl Iterator<Item = &'a [usize]>) -> Self {
        let mut counts = vec![0; n * n];
        for areas in people {
            for (at, &a) in areas.iter().enumerate() {
                areas[at..].iter().for_each(|&b| counts[a * n + b] += 1);
            }
        }
        Self { n, counts }
    }

    fn both(&self, a: usize, b: usize) -> u64 {
        self.counts[a * self.n + b]
    }

    /// Both, the first alone, the second alone, neither.
    fn parts(&self, base: u64, a: usize, b: usize) -> [u64; 4] {
        let (both, first, second) = (self.both(a, b), self.both(a, a), self.both(b, b));
        [both, first - both, second - both, base + both - first - second]
    }

    fn of_pairs(&self, pairs: &[(usize, usize)]) -> Vec<u64> {
        pairs.iter().map(|&(a, b)| self.both(a, b)).collect()
    }
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
            let matrix = Matrix::of(4, of.iter().map(Vec::as_slice));
            for a in 0..4 {
                for b in a + 1..4 {
                    let part = |x, y| people.iter().filter(|p| (p[a], p[b]) == (x, y)).count() as u64;
                    let parts = [part(true, true), part(true, false), part(false, true), part(false, false)];
                    prop_assert_eq!(matrix.parts(people.len() as u64, a, b), parts);
                }
            }
        }
    }
}
