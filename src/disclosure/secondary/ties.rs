//! The audit of a family of themes whose area is told together with others.
//!
//! In: a [`Tie`], a pair of areas that is told or may be, with its true counts by table; every cell
//! as it is shown. Out: whether all protected counts of a family stay as uncertain as they must be.
//! The number of people who raised both splits over the values of a column as each area does, and
//! over questions with what people said who answered several. The other areas and their splits are
//! held at their true counts: a table found so agrees with all that is published, so a family that
//! holds is safe; that one could be safe with the others moved too is not looked for.
//! Must not know: why a pair is told.

use super::super::audit::{System, Var};
use super::super::primary::{Place, Tables};
use super::super::{Rule, Shown};
use super::{Cell, Family};

/// A pair of areas and how many people raised both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// The two themes.
    pub areas: (usize, usize),
    /// People who raised both, by table.
    pub both: Vec<u64>,
}

impl Tie {
    /// The other area, where this is one of the two.
    pub fn other(&self, area: usize) -> Option<usize> {
        match self.areas {
            (a, b) if a == area => Some(b),
            (a, b) if b == area => Some(a),
            _ => None,
        }
    }
}

/// The ties beside which a family is audited.
#[derive(Debug, Clone, Default)]
pub(super) struct Ties<'a> {
    /// All of them; those of other areas tell of this one through the people with any theme.
    pub(super) all: &'a [Tie],
    /// By table, how many of the people with any theme the other areas leave to this one; empty
    /// where their number is not known.
    pub(super) least: Vec<i64>,
}

/// What is decided of a source before its pairs are.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The rule.
    pub rule: Rule,
    /// The tables.
    pub tables: &'a Tables,
    /// Every cell, by table and theme.
    pub shown: &'a [Vec<Shown>],
    /// For each theme the area above it.
    pub parents: &'a [Option<usize>],
}

/// Whether the family of the area `root` is safe beside the `ties`; where `coded`, also with the
/// number of people with any theme known.
pub fn holds(decided: Decided<'_>, ties: &[Tie], root: usize, coded: bool) -> bool {
    let Decided { rule, tables, shown, parents } = decided;
    let below = (0..parents.len()).filter(|&t| parents[t] == Some(root));
    let themes: Vec<usize> = std::iter::once(root).chain(below).collect();
    let cell = |shown: Shown| match shown {
        Shown::Exactly(_) => Cell::Open,
        Shown::FewerThan(_) => Cell::Fewer,
        Shown::Withheld => Cell::Withheld,
    };
    let of_table = |table: &Vec<Shown>| themes.iter().map(|&t| cell(table[t])).collect();
    let cells = shown.iter().map(of_table).collect();
    let least = if coded { least(decided, ties, root) } else { Vec::new() };
    let at_least =
        |(at, &least): (usize, &i64)| (u64::try_from(least).unwrap_or(0), tables.all[at].coded);
    let told = coded.then(|| least.iter().enumerate().map(at_least).collect());
    let family = Family { rule, tables, themes, cells, told, ties: Ties { all: ties, least } };
    family.unsafe_cell(&[]).is_none()
}

/// By table, how many of the people with any theme the other areas leave to this one at least:
/// whoever raised two areas is no two people (Hunter 1976; Worsley 1982, for ties without a circle).
fn least(decided: Decided<'_>, ties: &[Tie], root: usize) -> Vec<i64> {
    let Decided { tables, parents, .. } = decided;
    let of = |at: usize| {
        let table = &tables.all[at];
        let others = (0..parents.len()).filter(|&t| parents[t].is_none() && t != root);
        let others: u64 = others.map(|t| table.counts[t]).sum();
        let apart = ties.iter().filter(|tie| tie.other(root).is_none());
        let apart: u64 = apart.map(|tie| tie.both[at]).sum();
        signed(table.coded) - signed(others) + signed(apart)
    };
    (0..tables.all.len()).map(of).collect()
}

impl Family<'_> {
    /// Writes down what the ties of this family say.
    pub(super) fn add_ties(&self, system: &mut System, vars: &[Vec<Var>]) {
        let root = self.themes[0];
        let mut boths: Vec<Vec<Var>> = Vec::new();
        for tie in self.ties.all {
            let Some(other) = tie.other(root) else { continue };
            let both = |at: usize| {
                let most = self.tables.all[at].counts[other];
                let low = if at == 0 { tie.both[0] } else { 0 };
                let high = if at == 0 { tie.both[0] } else { most };
                system.var(low, high, tie.both[at])
            };
            let both: Vec<Var> = (0..vars.len()).map(both).collect();
            self.by_column(system, vars, &both, other);
            self.by_question(system, vars, &both, (other, tie));
            self.within_coded(system, vars, &both, other);
            boths.push(both);
        }
        for (at, &least) in self.ties.least.iter().enumerate() {
            if self.place(at) == Place::Question && !boths.is_empty() {
                // Those of this area who raised no other make up what the others leave.
                let both: Vec<Var> = boths.iter().map(|both| both[at]).collect();
                system.sum(&vars[at][..1], &both, least, i64::MAX);
            }
        }
    }

    /// Whoever raised either area raised some theme, where the number of those is known.
    fn within_coded(&self, system: &mut System, vars: &[Vec<Var>], both: &[Var], other: usize) {
        for at in
            (0..vars.len()).filter(|&at| self.told.is_some() && self.place(at) == Place::Question)
        {
            let table = &self.tables.all[at];
            let most = signed(table.coded) - signed(table.counts[other]);
            system.sum(&vars[at][..1], &both[at..=at], i64::MIN, most);
        }
    }

    /// The values of a column and everybody else add up to the whole, for those who raised both as
    /// for each area.
    fn by_column(&self, system: &mut System, vars: &[Vec<Var>], both: &[Var], other: usize) {
        for at in 0..vars.len() {
            if matches!(self.place(at), Place::Group(_) | Place::Rest(_)) {
                let table = &self.tables.all[at];
                let (area, least) = (vars[at][0], signed(table.counts[other]) - signed(table.base));
                system.at_most(both[at], area);
                system.sum(&[both[at]], &[area], least, i64::MAX);
            }
        }
        for column in 0..self.tables.kept.len() {
            let row: Vec<Var> = self.row(column).map(|at| both[at]).collect();
            if !row.is_empty() {
                system.sum(&row, &both[..1], 0, 0);
            }
        }
    }

    /// Each of the four parts of a pair is what people said in some question: everybody of it who
    /// raised at most one area said so in each answer, and of those who raised both all but some of
    /// the people who answered twice said both at once.
    fn by_question(
        &self,
        system: &mut System,
        vars: &[Vec<Var>],
        both: &[Var],
        (other, tie): (usize, &Tie),
    ) {
        let asked: Vec<usize> =
            (0..vars.len()).filter(|&at| self.place(at) == Place::Question).collect();
        if asked.is_empty() {
            return;
        }
        let count = |at: usize| signed(self.tables.all[at].counts[other]);
        let base = |&at: &usize| {
            let table = &self.tables.all[at];
            let most = if table.closed { self.tables.thinkable(at) } else { table.base };
            let least = if table.closed { 0 } else { table.base };
            system.var(least, most, table.base)
        };
        let bases: Vec<Var> = asked.iter().map(base).collect();
        for (&at, &base) in asked.iter().zip(&bases) {
            system.at_most(both[at], vars[at][0]);
            system.at_most(both[at], both[0]);
            system.sum(&[both[at], base], &[vars[at][0]], count(at), i64::MAX);
        }
        let people = signed(self.tables.all[0].base);
        let (first, second) = (signed(self.truth(0, 0)), count(0));
        let whole = signed(tie.both[0]);
        let of: i64 = asked.iter().map(|&at| count(at)).sum();
        let areas: Vec<Var> = asked.iter().map(|&at| vars[at][0]).collect();
        let boths: Vec<Var> = asked.iter().map(|&at| both[at]).collect();
        let with = |more: &[Var]| -> Vec<Var> { boths.iter().chain(more).copied().collect() };
        let (none, all) = (i64::MIN, i64::MAX);
        // Both: by one answer, or by two of somebody who answered twice.
        system.sum(&boths, &bases, none, whole - people);
        system.sum(&with(&bases), &[], whole + people, all);
        // The first alone, the second alone, neither: of each at least the people, and at most
        // those who answered twice beside them.
        system.sum(&areas, &boths, first - whole, all);
        system.sum(&areas, &with(&bases), none, first - whole - people);
        system.sum(&boths, &[], none, of - (second - whole));
        system.sum(&with(&bases), &[], of - (second - whole) + people, all);
        let neither = people + whole - first - second;
        system.sum(&with(&bases), &areas, neither + of, all);
        system.sum(&boths, &areas, none, neither - people + of);
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
