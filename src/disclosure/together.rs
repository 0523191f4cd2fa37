//! Which pairs of areas may be told: how many people raised both.
//!
//! In: the tables of a source, every cell as it is shown, the true counts of pairs. Out:
//! [`Together`], the pairs that are told. Nothing else is hidden for their sake; a pair that would
//! tell of few people is left out. A told pair is four parts of the base: both, the first alone, the
//! second alone, neither.
//! - Each part is as large as the smallest cell, and no tie is told that chance could have made: p
//!   of no tie, times the number of pairs that are looked at (Dunn 1961), is below .05. Both rules
//!   look at open counts and at the pair itself alone, so that what is left out tells nothing of
//!   another pair.
//! - The strongest first, by mutual information, and no circles (the tree of Chow and Liu 1968): a
//!   circle would tie every part of three areas to the others. The ties of an area all meet in one of
//!   their areas, so that what two of them say of a third pair can be written down: its parts lie
//!   between limits, and where a part could be small it must keep as many values as a small count
//!   has. The limits are those that the tables by group leave as well.
//! - What is told of areas is told of the themes that nearly fill them: their parts are held to the
//!   same.
//! - No protected count of the areas, of the themes inside them or of the other areas may be known
//!   more narrowly ([`super::secondary::holds`]), nor the number of people with any theme.
//!
//! Must not know: words, formats.

use super::primary::{Place, Tables};
use super::secondary::{Decided, Tie, holds};
use super::{Rule, Shown, Suppression};
use crate::aggregate::{self, FEWEST, PairCount};
use crate::measure::difference::p_of_counts;

/// Most pairs that are told of a source.
const MOST: usize = 12;

/// Most pairs that are audited: what is not proved within so many is not told.
const TRIES: usize = 40;

/// The likelihood of being by chance from which a tie is not told.
const CHANCE: f64 = 0.05;

/// What is published of a source's pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// Pairs of areas whose counts are open: so many were looked at.
    pub compared: u64,
    /// Those that are told, the strongest first.
    pub told: Vec<Pair>,
}

/// A pair of areas that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The two themes, the first before the second in the codebook.
    pub areas: (usize, usize),
    /// People who raised both.
    pub both: u64,
}

/// What a pair must have.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// The smallest part.
    least: u64,
    /// The smallest count that is shown.
    min: u64,
    /// The likelihood of being by chance from which a tie is not told.
    chance: f64,
}

impl Limits {
    fn of(rule: Rule) -> Self {
        Self { least: rule.min.max(FEWEST), min: rule.min, chance: CHANCE }
    }

    fn is_small(self, n: u64) -> bool {
        n > 0 && n < self.min
    }

    /// Whether so many values are as many as a small count has.
    fn are_many(self, values: u64) -> bool {
        values + 1 >= self.min
    }
}

/// Two groups of the same people, by how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Margins {
    base: u64,
    first: u64,
    second: u64,
}

impl Margins {
    /// Both, the first alone, the second alone, neither; `None` where that cannot be.
    fn parts(self, both: u64) -> Option<[u64; 4]> {
        let (first, second) = (self.first.checked_sub(both)?, self.second.checked_sub(both)?);
        Some([both, first, second, (self.base + both).checked_sub(self.first + self.second)?])
    }

    /// The lowest and highest number of both that the margins allow (Fréchet 1940).
    fn range(self) -> (u64, u64) {
        ((self.first + self.second).saturating_sub(self.base), self.first.min(self.second))
    }

    /// How much one tells of the other, in nats: nought where they are independent.
    fn information(self, both: u64) -> f64 {
        let Some([both, first, second, neither]) = self.parts(both) else { return 0.0 };
        let (n, a, b) = (self.base as f64, self.first as f64, self.second as f64);
        let part = |k: u64, of: f64| match k {
            0 => 0.0,
            k => k as f64 / n * libm::log(k as f64 * n / of),
        };
        part(both, a * b)
            + part(first, a * (n - b))
            + part(second, (n - a) * b)
            + part(neither, (n - a) * (n - b))
    }

    /// p of no tie, among so many pairs; 1 where nothing can be said.
    pub fn chance(self, both: u64, pairs: u64) -> f64 {
        let among = (both, self.first);
        let others = (self.second.saturating_sub(both), self.base.saturating_sub(self.first));
        p_of_counts(among, others).map_or(1.0, |p| (p * pairs as f64).min(1.0))
    }

    /// Whether every part of a pair is large enough to be told.
    fn can_be_told(self, both: u64, limits: Limits) -> bool {
        self.parts(both).is_some_and(|parts| parts.into_iter().all(|n| n >= limits.least))
    }
}

/// p of no tie between two areas, adjusted for the number of pairs that were looked at: the one by
/// which a pair is told.
pub fn chance(base: u64, [first, second]: [u64; 2], both: u64, compared: u64) -> f64 {
    Margins { base, first, second }.chance(both, compared)
}

/// Decides the pairs of a source; `coded_is_safe` says whether the number of people with any theme
/// may be known.
pub fn together(
    decided: Decided<'_>,
    counts: &aggregate::Together,
    coded_is_safe: bool,
) -> Together {
    let choice = Choice { decided, limits: Limits::of(decided.rule) };
    let areas = choice.areas();
    let compared = (areas.len() * areas.len().saturating_sub(1) / 2) as u64;
    let mut told = choice.told(&areas, counts, compared);
    if decided.rule.suppression == Suppression::Full {
        let roots = || (0..decided.parents.len()).filter(|&t| decided.parents[t].is_none());
        while !told.is_empty() && !roots().all(|t| holds(decided, &told, t, coded_is_safe)) {
            told.pop();
        }
    }
    let told = told.iter().map(|tie| Pair { areas: tie.areas, both: tie.both[0] }).collect();
    Together { compared, told }
}

/// The choice of pairs.
#[derive(Clone, Copy)]
struct Choice<'a> {
    decided: Decided<'a>,
    limits: Limits,
}

impl Choice<'_> {
    /// The pairs that may be told one by one and beside each other.
    fn told(&self, areas: &[usize], counts: &aggregate::Together, compared: u64) -> Vec<Tie> {
        let open = |p: &&PairCount| areas.contains(&p.areas.0) && areas.contains(&p.areas.1);
        let mut ties: Vec<(f64, Tie)> =
            counts.pairs.iter().filter(open).map(|p| self.tie(p)).collect();
        ties.retain(|(_, tie)| self.margins(tie.areas, 0).can_be_told(tie.both[0], self.limits));
        ties.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.areas.cmp(&b.1.areas)));
        let ties = ties.into_iter().map(|(_, tie)| tie);
        if self.decided.rule.suppression == Suppression::PrimaryOnly {
            return ties.collect();
        }
        let (mut told, mut tries) = (Vec::new(), 0);
        for tie in ties.filter(|tie| self.is_clear(tie, compared) && self.inside(tie)) {
            if told.len() == MOST || tries == TRIES {
                break;
            }
            if self.fits(&told, &tie) {
                tries += 1;
                told = self.with(told, tie);
            }
        }
        told
    }

    fn tables(&self) -> &Tables {
        self.decided.tables
    }

    fn count(&self, theme: usize, at: usize) -> u64 {
        self.tables().all[at].counts[theme]
    }

    /// Areas of which the whole is open and that some people raised and some did not.
    fn areas(&self) -> Vec<usize> {
        let Decided { tables, shown, parents, .. } = self.decided;
        let base = match tables.base(0) {
            Shown::Exactly(base) => base,
            Shown::FewerThan(_) | Shown::Withheld => return Vec::new(),
        };
        let is_open = |&t: &usize| shown[0][t].number().is_some_and(|n| n > 0 && n < base);
        (0..parents.len()).filter(|&t| parents[t].is_none()).filter(is_open).collect()
    }

    fn margins(&self, (first, second): (usize, usize), at: usize) -> Margins {
        let base = self.tables().all[at].base;
        Margins { base, first: self.count(first, at), second: self.count(second, at) }
    }

    /// A pair by table, and how strong its tie is.
    fn tie(&self, pair: &PairCount) -> (f64, Tie) {
        let tables = self.tables();
        let mut both = vec![pair.both];
        both.extend(&pair.questions);
        for (column, kept) in tables.kept.iter().enumerate() {
            let of: Vec<u64> = kept.iter().map(|&at| pair.groups[column][at]).collect();
            let rest = pair.both.saturating_sub(of.iter().sum());
            both.extend(of);
            both.extend(tables.all.iter().any(|t| t.place == Place::Rest(column)).then_some(rest));
        }
        let tie = Tie { areas: pair.areas, both };
        (self.margins(pair.areas, 0).information(pair.both), tie)
    }

    /// Whether chance alone would hardly make a tie so strong.
    fn is_clear(&self, tie: &Tie, compared: u64) -> bool {
        self.margins(tie.areas, 0).chance(tie.both[0], compared) < self.limits.chance
    }

    /// The ties with one more, where both its families are safe beside them.
    fn with(&self, mut told: Vec<Tie>, tie: Tie) -> Vec<Tie> {
        let (a, b) = tie.areas;
        told.push(tie);
        if ![a, b].into_iter().all(|area| holds(self.decided, &told, area, false)) {
            told.pop();
        }
        told
    }

    /// Whether the ties stay without circles, all those that touch meet in one area, and no third
    /// pair is known too well.
    fn fits(&self, told: &[Tie], tie: &Tie) -> bool {
        let of = |area: usize| told.iter().filter(move |t| t.other(area).is_some());
        let (a, b) = tie.areas;
        let (hub, leaf) = match (of(a).count(), of(b).count()) {
            (0, 0) => return true,
            (_, 0) => (a, b),
            (0, _) => (b, a),
            _ => return false,
        };
        let ends = || of(hub).filter_map(|t| Some((t, t.other(hub)?)));
        let meets = ends().all(|(_, end)| of(end).count() == 1);
        meets && ends().all(|(other, end)| self.path(hub, (leaf, tie), (end, other)))
    }

    /// Whether what two ties say of their ends leaves every part of those uncertain that could be
    /// small, or rules out that any is.
    fn path(&self, hub: usize, (j, first): (usize, &Tie), (k, second): (usize, &Tie)) -> bool {
        let slices = |at: usize| {
            let (p, q) = (first.both[at], second.both[at]);
            let (of_j, of_k, of_hub) = (self.count(j, at), self.count(k, at), self.count(hub, at));
            let base = self.tables().all[at].base;
            let inside = Margins { base: of_hub, first: p, second: q };
            let outside = Margins { base: base - of_hub, first: of_j - p, second: of_k - q };
            [inside.range(), outside.range()]
        };
        let whole = slices(0);
        // What stays possible with the ties split over each column as they truly are.
        let mut kept = whole;
        for column in 0..self.tables().kept.len() {
            let of = [Place::Group(column), Place::Rest(column)];
            let row =
                (0..self.tables().all.len()).filter(|&t| of.contains(&self.tables().all[t].place));
            let row: Vec<[(u64, u64); 2]> = row.map(slices).collect();
            for (slice, kept) in kept.iter_mut().enumerate() {
                let low = row.iter().map(|r| r[slice].0).sum();
                let high = row.iter().map(|r| r[slice].1).sum();
                if !row.is_empty() {
                    *kept = (kept.0.max(low), kept.1.min(high));
                }
            }
        }
        let sum = |of: [(u64, u64); 2]| (of[0].0 + of[1].0, of[0].1 + of[1].1);
        let margins = self.margins((j, k), 0);
        let weaker = [(first, j), (second, k)]
            .map(|(tie, end)| self.margins((hub, end), 0).information(tie.both[0]));
        let weaker = weaker[0].min(weaker[1]);
        margins.stays_open(sum(kept), weaker, self.limits)
            || !self.could_be_small((j, k), sum(whole))
    }

    /// Whether of two families, whose areas share from so many to so many people, any two open
    /// themes could share, or not share, a few.
    fn could_be_small(&self, (j, k): (usize, usize), (low, high): (u64, u64)) -> bool {
        let mut themes = self.family(j).flat_map(|c| self.family(k).map(move |d| (c, d)));
        themes.any(|(c, d)| {
            let margins = self.margins((c, d), 0);
            let beside = self.count(j, 0) - margins.first + self.count(k, 0) - margins.second;
            let (least, most) = margins.range();
            let (low, high) = (low.saturating_sub(beside).max(least), high.min(most));
            margins.small_between((low, high), self.limits)
        })
    }

    /// The area and the themes inside it whose whole is open.
    fn family(&self, area: usize) -> impl Iterator<Item = usize> + '_ {
        let Decided { shown, parents, .. } = self.decided;
        let inside = move |&t: &usize| t == area || parents[t] == Some(area);
        (0..parents.len()).filter(inside).filter(|&t| shown[0][t].is_open())
    }

    /// Whether a pair tells too much of the themes inside its areas: of one that nearly all of an
    /// area raised, as much as of the area.
    fn inside(&self, tie: &Tie) -> bool {
        let (i, j) = tie.areas;
        let pair = self.margins((i, j), 0);
        let both = tie.both[0];
        let ok = |c: usize, d: usize| {
            let of = self.margins((c, d), 0);
            // Of each theme, those among the people who raised both areas.
            let first = Margins { base: pair.first, first: of.first, second: both }.range();
            let second = Margins { base: pair.second, first: of.second, second: both }.range();
            let low = (first.0 + second.0).saturating_sub(both);
            let high = first.1.min(second.1);
            self.limits.are_many(high - low + 1) || !of.small_between((low, high), self.limits)
        };
        let mut themes = self.family(i).flat_map(|c| self.family(j).map(move |d| (c, d)));
        themes.all(|(c, d)| (c, d) == (i, j) || ok(c, d))
    }
}

impl Margins {
    /// Whether any part could be small while both are from so many to so many.
    fn small_between(self, (low, high): (u64, u64), limits: Limits) -> bool {
        let small =
            |n: u64| self.parts(n).is_some_and(|p| p.into_iter().any(|n| limits.is_small(n)));
        (low..=high).any(small)
    }

    /// Whether as many values are left as a small count has, for a reader who knows that the
    /// strongest ties are told: one stronger than `weaker` would stand in its place.
    fn stays_open(self, (low, high): (u64, u64), weaker: f64, limits: Limits) -> bool {
        let stronger = |n: u64| self.can_be_told(n, limits) && self.information(n) >= weaker;
        limits.are_many((low..=high).filter(|&n| !stronger(n)).count() as u64)
    }
}

#[cfg(test)]
mod tests;
