//! Secondary suppression: protects further counts until no small one can be worked out.
//!
//! In: the tables of one source and the areas of its themes. Out: every cell as it may be shown,
//! and whether the number of coded answers may stand beside them. An area and its themes are a
//! family: people of a theme are people of its area. Families touch each other only through the
//! number of people with any theme. What goes first is what costs least: in a row the count of the
//! fewest people, then the zero of the smallest base, then the row's total; ties have an order.
//! Must not know: how tables are laid out on paper.

use super::audit::{System, Var};
use super::primary::{Place, Table, Tables};
use super::{Rule, Shown, Suppression};

/// How a cell is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// As it is.
    Open,
    /// As "fewer than".
    Fewer,
    /// Not at all.
    Withheld,
}

/// One family of themes while it is worked on.
struct Family<'a> {
    rule: Rule,
    tables: &'a Tables,
    /// The area, then its themes; a theme without an area is alone.
    themes: Vec<usize>,
    /// By table and place in `themes`.
    cells: Vec<Vec<Cell>>,
    /// For each table what the area may be at least and at most, where the number of people with
    /// any theme is told.
    told: Option<Vec<(u64, u64)>>,
}

/// Decides every cell, by table and theme; and whether the number of coded answers is safe.
pub fn suppress(rule: Rule, tables: &Tables, parents: &[Option<usize>]) -> (Vec<Vec<Shown>>, bool) {
    let closed = tables.all[0].closed;
    let mut shown: Vec<Vec<Shown>> =
        (0..tables.all.len()).map(|_| vec![Shown::Withheld; parents.len()]).collect();
    let mut coded_is_safe = !closed;
    for root in (0..parents.len()).filter(|&t| parents[t].is_none()) {
        let below = (0..parents.len()).filter(|&t| parents[t] == Some(root));
        let themes: Vec<usize> = std::iter::once(root).chain(below).collect();
        let cells = vec![vec![Cell::Open; themes.len()]; tables.all.len()];
        let mut family = Family { rule, tables, themes, cells, told: None };
        family.primary();
        if rule.suppression == Suppression::Full && !closed {
            family.secondary();
            family.told = Some(told(tables, parents, root));
            coded_is_safe = coded_is_safe && family.unsafe_cell(&[]).is_none();
        }
        for (at, table) in shown.iter_mut().enumerate() {
            for (place, &theme) in family.themes.iter().enumerate() {
                table[theme] = family.shown(at, place);
            }
        }
    }
    (shown, coded_is_safe)
}

/// What is known of an area's people by table from the number of people with any theme: no more
/// than those, and at least those whom no other area holds.
fn told(tables: &Tables, parents: &[Option<usize>], root: usize) -> Vec<(u64, u64)> {
    let of = |table: &Table| {
        let others = (0..parents.len()).filter(|&t| parents[t].is_none() && t != root);
        let others: u64 = others.map(|t| table.counts[t]).sum();
        (table.coded.saturating_sub(others), table.coded)
    };
    tables.all.iter().map(of).collect()
}

impl Family<'_> {
    fn truth(&self, at: usize, place: usize) -> u64 {
        self.tables.all[at].counts[self.themes[place]]
    }

    fn place(&self, at: usize) -> Place {
        self.tables.all[at].place
    }

    /// Whether either cell of a table holds a small count: those who raised a theme, or the others.
    fn is_sensitive(&self, at: usize, place: usize) -> bool {
        let (table, k) = (&self.tables.all[at], self.truth(at, place));
        // What nobody of all raised, nobody of a few did either; that may be known.
        let small = [k, table.base - k].into_iter().any(|n| self.rule.is_small(n));
        (small || self.rule.is_small(table.base)) && self.truth(0, place) > 0
    }

    fn is_open(&self, at: usize, place: usize) -> bool {
        self.cells[at][place] == Cell::Open
    }

    fn shown(&self, at: usize, place: usize) -> Shown {
        match self.cells[at][place] {
            Cell::Open => Shown::Exactly(self.truth(at, place)),
            Cell::Fewer => Shown::FewerThan(self.rule.min),
            Cell::Withheld => Shown::Withheld,
        }
    }

    /// Protects what is small by itself. Of a theme whose whole is protected no group says
    /// anything; which of a row's groups is the small one is not said either.
    fn primary(&mut self) {
        let full = self.rule.suppression == Suppression::Full;
        for at in 0..self.cells.len() {
            let table = &self.tables.all[at];
            let group = matches!(table.place, Place::Group(_));
            for place in 0..self.themes.len() {
                let small = self.rule.is_small(self.truth(at, place));
                let fewer = if table.closed {
                    matches!(self.tables.base(at), Shown::FewerThan(_))
                } else {
                    small && !(full && group)
                };
                let rest = matches!(table.place, Place::Rest(_));
                let hidden = rest || table.closed || self.is_sensitive(at, place);
                self.cells[at][place] = match (fewer, hidden) {
                    (true, _) => Cell::Fewer,
                    (false, true) => Cell::Withheld,
                    (false, false) => Cell::Open,
                };
            }
        }
        if full {
            let hidden = (0..self.themes.len()).filter(|&p| !self.is_open(0, p));
            hidden.collect::<Vec<_>>().into_iter().for_each(|p| self.hide(0, p));
        }
    }

    /// Withholds a cell; with the whole of a theme, its groups.
    fn hide(&mut self, at: usize, place: usize) {
        if self.is_open(at, place) {
            self.cells[at][place] = Cell::Withheld;
        }
        if self.place(at) == Place::All {
            for group in 0..self.cells.len() {
                if matches!(self.place(group), Place::Group(_)) {
                    self.cells[group][place] = Cell::Withheld;
                }
            }
        }
    }

    fn secondary(&mut self) {
        for place in 0..self.themes.len() {
            for column in 0..self.tables.kept.len() {
                while self.rest_is_small(column, place) && self.hide_of_row(column, place) {}
            }
        }
        let mut given_up = Vec::new();
        while let Some((at, place)) = self.unsafe_cell(&given_up) {
            if !self.widen(at, place) {
                given_up.push((at, place));
            }
        }
    }

    /// Whether what a row leaves out follows from its total and is small, or all but a few.
    fn rest_is_small(&self, column: usize, place: usize) -> bool {
        let hidden = self.row(column).filter(|&at| !self.is_open(at, place));
        let sums = hidden.map(|at| (self.truth(at, place), self.tables.all[at].base));
        let (count, base) = sums.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        self.is_open(0, place) && (self.rule.is_small(count) || self.rule.is_small(base - count))
    }

    /// The tables that add up to the whole by this column.
    fn row(&self, column: usize) -> impl Iterator<Item = usize> + '_ {
        let of = [Place::Group(column), Place::Rest(column)];
        (0..self.cells.len()).filter(move |&at| of.contains(&self.place(at)))
    }

    /// Withholds the cheapest of a row that is open: the fewest people, then zeros, then the total.
    fn hide_of_row(&mut self, column: usize, place: usize) -> bool {
        let open = self.row(column).filter(|&at| self.is_open(at, place)).collect();
        self.hide_cheapest(open, place) || self.hide_whole(place)
    }

    fn hide_whole(&mut self, place: usize) -> bool {
        let open = self.is_open(0, place);
        self.hide(0, place);
        open
    }

    fn hide_cheapest(&mut self, open: Vec<usize>, place: usize) -> bool {
        let cost = |&at: &usize| {
            let (k, base) = (self.truth(at, place), self.tables.all[at].base);
            (k == 0, k, base, at)
        };
        let cheapest = open.into_iter().min_by_key(cost);
        cheapest.map(|at| self.hide(at, place)).is_some()
    }

    /// Takes away something that limits an unsafe cell; `false` where nothing is left.
    fn widen(&mut self, at: usize, place: usize) -> bool {
        let done = match self.place(at) {
            Place::Group(column) | Place::Rest(column) => {
                self.is_open(0, place) && self.hide_of_row(column, place)
            }
            Place::All | Place::Question => {
                let spoken: Vec<usize> = (0..self.cells.len())
                    .filter(|&i| matches!(self.place(i), Place::All | Place::Question))
                    .collect();
                let fewer = |i: &&usize| self.cells[**i][place] == Cell::Fewer;
                let labelled: Vec<usize> = spoken.iter().filter(fewer).copied().collect();
                labelled.iter().for_each(|&i| self.cells[i][place] = Cell::Withheld);
                let raised =
                    |&i: &usize| i > 0 && self.is_open(i, place) && self.truth(i, place) > 0;
                let open = spoken.into_iter().filter(raised).collect();
                !labelled.is_empty() || self.hide_cheapest(open, place) || self.hide_whole(place)
            }
        };
        done || self.widen_family(at, place)
    }

    /// The same by the other themes of the family: the area above, or the themes below it.
    fn widen_family(&mut self, at: usize, place: usize) -> bool {
        let others: Vec<usize> = match place {
            0 => (1..self.themes.len()).collect(),
            _ => std::iter::once(0).chain((1..self.themes.len()).filter(|&p| p != place)).collect(),
        };
        let column = match self.place(at) {
            Place::Group(column) | Place::Rest(column) => Some(column),
            Place::All | Place::Question => None,
        };
        others.into_iter().filter(|&p| self.truth(0, p) > 0).collect::<Vec<_>>().into_iter().any(
            |other| {
                let here = matches!(self.place(at), Place::Group(_) | Place::Question);
                if here && self.is_open(at, other) && self.truth(at, other) > 0 {
                    self.hide(at, other);
                    return true;
                }
                match column {
                    Some(column) if self.is_open(0, other) => self.hide_of_row(column, other),
                    _ => self.hide_whole(other),
                }
            },
        )
    }

    /// The first cell that is too well known, those `given_up` apart.
    fn unsafe_cell(&self, given_up: &[(usize, usize)]) -> Option<(usize, usize)> {
        let (mut system, vars) = self.system();
        let width = self.rule.min.saturating_sub(2);
        for (at, of) in vars.iter().enumerate() {
            for (place, &var) in of.iter().enumerate() {
                let sensitive = !self.is_open(at, place) && self.is_sensitive(at, place);
                let known = given_up.contains(&(at, place));
                if sensitive && !known && !system.spans(var, width) {
                    return Some((at, place));
                }
            }
        }
        None
    }

    /// All that is published of the family, as a reader may write it down.
    fn system(&self) -> (System, Vec<Vec<Var>>) {
        let mut system = System::default();
        let mut vars: Vec<Vec<Var>> = Vec::new();
        for at in 0..self.cells.len() {
            let of = (0..self.themes.len()).map(|place| {
                let (low, high) = self.limits(at, place);
                system.var(low, high, self.truth(at, place))
            });
            vars.push(of.collect());
        }
        let questions: Vec<usize> =
            (0..vars.len()).filter(|&at| self.place(at) == Place::Question).collect();
        // Nobody is counted twice who did not answer twice.
        let answers: u64 = questions.iter().map(|&at| self.tables.thinkable(at)).sum();
        let twice = answers.saturating_sub(self.tables.all[0].base);
        let twice = i64::try_from(twice).unwrap_or(i64::MAX);
        for (place, &whole) in vars[0].iter().enumerate() {
            for column in 0..self.tables.kept.len() {
                let row: Vec<Var> = self.row(column).map(|at| vars[at][place]).collect();
                if !row.is_empty() {
                    system.sum(&row, &[whole], 0, 0);
                }
            }
            let asked: Vec<Var> = questions.iter().map(|&at| vars[at][place]).collect();
            asked.iter().for_each(|&q| system.at_most(q, whole));
            if !asked.is_empty() {
                system.sum(&asked, &[whole], 0, twice);
            }
        }
        for of in &vars {
            of[1..].iter().for_each(|&theme| system.at_most(theme, of[0]));
        }
        (system, vars)
    }

    /// The lowest and highest value that the cell by itself leaves possible.
    fn limits(&self, at: usize, place: usize) -> (u64, u64) {
        let (table, truth) = (&self.tables.all[at], self.truth(at, place));
        let base = if table.closed { self.tables.thinkable(at) } else { table.base };
        // A theme that stands in a table of the whole or of a question was raised.
        let listed = matches!(table.place, Place::All | Place::Question) && !table.closed;
        let (low, high) = match self.cells[at][place] {
            Cell::Open => (truth, truth),
            Cell::Fewer => (u64::from(listed), (self.rule.min - 1).min(base)),
            Cell::Withheld => (u64::from(listed), base),
        };
        match &self.told {
            Some(told) if place == 0 && matches!(table.place, Place::All | Place::Question) => {
                let (least, most) = told[at];
                (low.max(least), high.min(most.max(low)))
            }
            _ => (low, high),
        }
    }
}

#[cfg(test)]
mod tests;
