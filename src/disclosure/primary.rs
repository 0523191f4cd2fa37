//! Primary suppression: the tables of one source and the counts that are small by themselves.
//!
//! In: a source's true counts. Out: [`Tables`]: every base that may be shown, and the values of
//! columns that are left out. Must not know: how cells are derived from one another.

use super::{Rule, Shown};
use crate::aggregate::{Scope, SourceSummary};

/// Where a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The whole source.
    All,
    /// One of several questions.
    Question,
    /// A value of this column.
    Group(usize),
    /// Everybody whose value of this column is not shown, or who has none: never published, but it
    /// is what the others leave.
    Rest(usize),
}

/// The counts of some of a source's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Whose.
    pub place: Place,
    /// People.
    pub base: u64,
    /// Whether the base, and with it the table, is protected.
    pub closed: bool,
    /// People with at least one theme.
    pub coded: u64,
    /// People by theme.
    pub counts: Vec<u64>,
}

/// All tables of a source: the whole, the questions, then column by column the values that are
/// shown and the rest, where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// In that order.
    pub all: Vec<Table>,
    /// For each column the places of the values that are shown.
    pub kept: Vec<Vec<usize>>,
    /// The smallest cell.
    min: u64,
    /// Whether the questions together tell too much of one, so that none says that it is small.
    alike: bool,
}

impl Tables {
    /// Lays out the tables and closes those of too few people.
    pub fn of(rule: Rule, source: &SourceSummary) -> Self {
        let whole = &source.overall;
        let mut all = vec![Table::of(Place::All, whole, rule.is_small(whole.base))];
        // Nobody of so few may be known to have answered nothing.
        let none = rule.is_small(whole.base);
        let small = |q: &Scope| rule.is_small(q.base) || none && q.base == 0;
        all.extend(source.questions.iter().map(|q| Table::of(Place::Question, q, small(q))));
        let alike = rule.suppression == super::Suppression::Full && close_another(rule, &mut all);
        let mut kept = Vec::new();
        for (column, values) in source.groups.iter().enumerate() {
            let bases: Vec<u64> = values.iter().map(|(_, s)| s.base).collect();
            let places = large_enough(rule, &bases, whole.base);
            let group = |&at: &usize| Table::of(Place::Group(column), &values[at].1, false);
            let groups: Vec<Table> = places.iter().map(group).collect();
            let rest = Table::rest(column, &all[0], &groups);
            all.extend(groups);
            all.extend(Some(rest).filter(|r| r.base > 0 && !places.is_empty()));
            kept.push(places);
        }
        Self { all, kept, min: rule.min, alike }
    }

    /// The base of a table as it may be shown.
    pub fn base(&self, at: usize) -> Shown {
        let table = &self.all[at];
        match table.closed {
            false => Shown::Exactly(table.base),
            true if self.alike && table.place == Place::Question => Shown::Withheld,
            true => Shown::FewerThan(self.min),
        }
    }

    /// The largest base of a closed table that a reader may think of.
    pub fn thinkable(&self, at: usize) -> u64 {
        let table = &self.all[at];
        match self.base(at) {
            Shown::Exactly(n) => n,
            Shown::FewerThan(_) => (self.min - 1).max(table.base),
            Shown::Withheld => self.all[0].base,
        }
    }

    /// Places of the tables of a column's values.
    pub fn of_column(&self, column: usize) -> impl Iterator<Item = usize> + '_ {
        let is_of = move |&at: &usize| self.all[at].place == Place::Group(column);
        (0..self.all.len()).filter(is_of)
    }
}

impl Table {
    fn of(place: Place, scope: &Scope, closed: bool) -> Self {
        let counts = scope.themes.iter().map(|t| t.participants).collect();
        Self { place, base: scope.base, closed, coded: scope.coded, counts }
    }

    /// What the groups leave of the whole.
    fn rest(column: usize, whole: &Table, groups: &[Table]) -> Self {
        let left = |all: u64, of: &dyn Fn(&Table) -> u64| {
            all.saturating_sub(groups.iter().map(of).sum::<u64>())
        };
        let counts = whole.counts.iter().enumerate();
        Self {
            place: Place::Rest(column),
            base: left(whole.base, &|g| g.base),
            closed: false,
            coded: left(whole.coded, &|g| g.coded),
            counts: counts.map(|(t, &k)| left(k, &|g| g.counts[t])).collect(),
        }
    }
}

/// Everybody answered some question, so a small base of one can follow from those of the others;
/// then the smallest of the others is closed with it, where there is one, and none of the closed
/// says that it is small. Returns whether that is so.
fn close_another(rule: Rule, all: &mut [Table]) -> bool {
    let Some((whole, questions)) = all.split_first_mut() else { return false };
    let open: u64 = questions.iter().filter(|q| !q.closed).map(|q| q.base).sum();
    let closed = questions.iter().filter(|q| q.closed && q.base > 0);
    let others = closed.clone().count().saturating_sub(1) as u64 * (rule.min - 1);
    if closed.count() == 0 || whole.closed || whole.base <= open + others + 1 {
        return false;
    }
    let smallest = questions.iter_mut().filter(|q| !q.closed).min_by_key(|q| q.base);
    smallest.into_iter().for_each(|q| q.closed = true);
    true
}

/// Places of the values whose base may be shown. As long as those left out, with people who have
/// no value, are a small cell together or too few for any of them to be as large as a small cell
/// can be, the smallest of the others is left out too.
fn large_enough(rule: Rule, bases: &[u64], whole: u64) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..bases.len()).filter(|&i| bases[i] >= rule.min).collect();
    if rule.suppression == super::Suppression::PrimaryOnly {
        return kept;
    }
    loop {
        let rest = whole.saturating_sub(kept.iter().map(|&i| bases[i]).sum());
        let left_out = bases.len() - kept.len();
        let slack = (left_out as u64).saturating_sub(2);
        if rest == 0 || rest >= rule.min + slack {
            return kept;
        }
        let Some(smallest) = (0..kept.len()).min_by_key(|&i| (bases[kept[i]], i)) else {
            return kept;
        };
        kept.remove(smallest);
    }
}
