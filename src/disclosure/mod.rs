//! Disclosure control: which counts of people are published, decided once for every output.
//!
//! In: the true counts of a run and the smallest cell of each source. Out: a [`Disclosure`], the
//! same tables with each count open or protected. Nothing is rendered here and no format decides for
//! itself.
//! Must not know: formats, words, files.
//!
//! The rule, in the words of the field (Hundepool and others, *Statistical Disclosure Control*,
//! 2012, chapter 4; the limit of 11 is that of the Centers for Medicare & Medicaid Services):
//! - **Primary suppression** ([`primary`]). Everybody of a base either raised a theme or did not:
//!   two cells. Where either holds 1 to `min_cell` - 1 people, the count is protected. Zero is
//!   shown only where the base is itself large enough; of a smaller base nothing is shown.
//! - **Secondary suppression** ([`secondary`]). Further counts are protected, those of the fewest
//!   people first, until the audit is content.
//! - **Audit** ([`audit`]). All that is published is a system of sums and limits over whole
//!   numbers. A protected count is safe where at least `min_cell` - 1 values of it agree with the
//!   system, as many as the words "fewer than 11" leave; each of the two ends is proved by a whole
//!   table that agrees. Where no such table is found within a fixed effort, the count is not safe.
//!   A sum of protected counts that follows from the others of its row is a cell itself.
//! - **Account** (`account`). What was read stays in sight: rows are told of every source, as a
//!   number or as "fewer than"; a small number of answers in another language is told in one sum
//!   with those without content.
//!
//! What people think of a theme is told in parts that add up to it (`stance`); which areas the same
//! people raise ([`together`]) only where nothing of the source is protected.
//!
//! Each source has its own smallest cell, because no person stands in two. A number that stands for
//! several sources goes by the largest of their limits.
//!
//! The reader is thought to know more than is printed: whether everybody has a value in a column
//! of groups, and how many people carry any theme. Not covered: what two open counts tell of a
//! group that no table has (an area less one of its themes, people with any theme less an area), and
//! another report on the same people.

use serde::{Deserialize, Serialize};

use crate::aggregate::{Scope, SourceSummary, State, Summary};
use crate::ingest::Kind;

mod account;
pub mod audit;
pub mod primary;
pub mod secondary;
mod stance;
pub mod together;

pub use account::{AccountCounts, AccountLine};
pub use stance::{Stances, stances};
pub use together::Together;

/// A count of people as it may be shown.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// The number itself: zero of a large enough base, or at least the smallest cell.
    Exactly(u64),
    /// Protected: from 1 to this minus one; of a base that is itself so small, from 0.
    FewerThan(u64),
    /// Protected: it is small, or all but a few, or would give such a count away.
    Withheld,
}

impl Shown {
    /// Whether the number is shown.
    pub fn is_open(self) -> bool {
        matches!(self, Shown::Exactly(_))
    }

    /// The number, where it is shown.
    pub fn number(self) -> Option<u64> {
        match self {
            Shown::Exactly(n) => Some(n),
            Shown::FewerThan(_) | Shown::Withheld => None,
        }
    }
}

/// How much is suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Suppression {
    /// Primary and secondary: what a run does.
    #[default]
    Full,
    /// Primary alone: for the test that shows what the secondary one is for. No setting of a study
    /// reaches it.
    PrimaryOnly,
}

/// The smallest cell and how it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The smallest count of people that is shown.
    pub min: u64,
    /// How much is suppressed.
    pub suppression: Suppression,
}

impl Rule {
    /// Whether a count is one that must not be told.
    pub fn is_small(self, n: u64) -> bool {
        n > 0 && n < self.min
    }

    /// A count that stands by itself, in no sum that is published.
    pub fn alone(self, n: u64) -> Shown {
        if self.is_small(n) { Shown::FewerThan(self.min) } else { Shown::Exactly(n) }
    }
}

/// The rules of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// One a source, in the study's order.
    pub sources: Vec<Rule>,
    /// For numbers that stand for several sources.
    pub pooled: Rule,
}

impl Rules {
    /// The smallest cell of each source, and the study's own.
    pub fn new(cells: &[u32], own: u32, suppression: Suppression) -> Self {
        let rule = |&min: &u32| Rule { min: u64::from(min), suppression };
        let largest = cells.iter().copied().max().unwrap_or(0).max(own);
        Self { sources: cells.iter().map(rule).collect(), pooled: rule(&largest) }
    }
}

/// What is published of a run's counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The rules.
    pub rules: Rules,
    /// One entry a source, in the study's order.
    pub sources: Vec<SourceDisclosure>,
    /// Records and states.
    pub account: AccountCounts,
}

/// What is published of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDisclosure {
    /// All questions together.
    pub overall: ScopeDisclosure,
    /// Each question; empty where there is one or none.
    pub questions: Vec<ScopeDisclosure>,
    /// Each column of groups.
    pub columns: Vec<ColumnDisclosure>,
    /// Pairs of areas.
    pub together: Together,
}

impl SourceDisclosure {
    /// Copies are duplicates: where the number of those is withheld, so is theirs.
    fn withhold_copies(&mut self) {
        for table in std::iter::once(&mut self.overall).chain(&mut self.questions) {
            table.copies = Shown::Withheld;
            table.with_copies.fill(false);
        }
    }
}

/// What is published of one table of themes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeDisclosure {
    /// People of the base.
    pub base: Shown,
    /// One entry a theme of the codebook: people who raised it.
    pub themes: Vec<Shown>,
    /// Whether counts that include a campaign's copies are shown, by theme.
    pub with_copies: Vec<bool>,
    /// Answers that are copies.
    pub copies: Shown,
    /// What people think of a theme, one entry a theme; of all questions together alone.
    pub stances: Vec<Option<Stances>>,
}

impl ScopeDisclosure {
    /// Whether nothing of the table is shown, not even which themes nobody raised.
    pub fn is_closed(&self) -> bool {
        !self.base.is_open()
    }
}

/// What is published of one column of groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDisclosure {
    /// Places of the values that are shown, ascending; the others are left out of all outputs.
    pub kept: Vec<usize>,
    /// For each of them, one entry a theme.
    pub themes: Vec<Vec<Shown>>,
}

/// Decides what is published; one rule a source. `parents` holds for each theme of the codebook the
/// area above it.
pub fn disclose(rules: Rules, summary: &Summary, parents: &[Option<usize>]) -> Disclosure {
    use rayon::prelude::*;
    let sources = summary.sources.par_iter().zip(&rules.sources);
    let decided: Vec<(SourceDisclosure, bool)> =
        sources.map(|(counts, &rule)| source(rule, counts, parents)).collect();
    let guards = decided.iter().zip(&summary.sources).zip(&rules.sources);
    let guards: Vec<account::Guard> = guards
        .map(|(((d, coded_is_safe), counts), &rule)| account::Guard {
            rule,
            closed: closed_people(d, counts),
            turns: matches!(counts.kind, Kind::Interview | Kind::FocusGroup),
            coded_is_safe: *coded_is_safe,
            coded: coded(rule, d, counts, parents),
        })
        .collect();
    let account = account::account(&rules, &summary.account, &guards);
    let mut sources: Vec<SourceDisclosure> = decided.into_iter().map(|(d, _)| d).collect();
    for (source, line) in sources.iter_mut().zip(&account.lines) {
        if !line.states[State::Duplicate as usize].is_open() {
            source.withhold_copies();
        }
    }
    Disclosure { rules, sources, account }
}

/// One source, and whether the number of coded answers may stand beside it.
fn source(
    rule: Rule,
    counts: &SourceSummary,
    parents: &[Option<usize>],
) -> (SourceDisclosure, bool) {
    let tables = primary::Tables::of(rule, counts);
    let (cells, coded_is_safe) = secondary::suppress(rule, &tables, parents);
    let scope = |counts: &Scope, at: usize| {
        let base = tables.base(at);
        let themes = cells[at].clone();
        let with_copies = copies(rule, counts, base, &themes);
        let told = |t: usize| {
            let alone = at == 0 && !parents.contains(&Some(t)) && themes[t].is_open();
            stances(rule, &counts.themes[t].stances).filter(|_| alone && base.is_open())
        };
        let stances = (0..themes.len()).map(told).collect();
        ScopeDisclosure { base, with_copies, copies: rule.alone(counts.copies), stances, themes }
    };
    let overall = scope(&counts.overall, 0);
    let questions = counts.questions.iter().zip(1..).map(|(q, at)| scope(q, at)).collect();
    let column = |(column, kept): (usize, &Vec<usize>)| ColumnDisclosure {
        kept: kept.clone(),
        themes: tables.of_column(column).map(|at| cells[at].clone()).collect(),
    };
    let columns = tables.kept.iter().enumerate().map(column).collect();
    let together = together::together(rule, &counts.together);
    (SourceDisclosure { overall, questions, columns, together }, coded_is_safe)
}

/// People of a source's closed tables, where it has any, and how many there must be: everybody
/// answered some question.
fn closed_people(decided: &SourceDisclosure, counts: &SourceSummary) -> Option<(u64, u64)> {
    if decided.overall.is_closed() {
        return Some((counts.overall.base, 0));
    }
    let questions = decided.questions.iter().zip(&counts.questions);
    let (closed, open): (Vec<_>, Vec<_>) = questions.partition(|(q, _)| q.is_closed());
    let people = |of: &[(&ScopeDisclosure, &Scope)]| of.iter().map(|(_, s)| s.base).sum::<u64>();
    let least = counts.overall.base.saturating_sub(people(&open));
    (!closed.is_empty()).then(|| (people(&closed), least))
}

/// How many coded answers a source has at least and at most, as far as its tables of areas tell: an
/// answer of a table is coded where any area was raised in it.
fn coded(
    rule: Rule,
    decided: &SourceDisclosure,
    counts: &SourceSummary,
    parents: &[Option<usize>],
) -> (u64, u64) {
    let one = |decided: &ScopeDisclosure, counts: &Scope| {
        let roots = || (0..parents.len()).filter(|&t| parents[t].is_none());
        let least = roots().filter_map(|t| decided.themes[t].number()).max().unwrap_or(0);
        let most = roots().map(|t| {
            let open = decided.themes[t].number();
            open.unwrap_or_else(|| counts.themes[t].participants.max(rule.min - 1))
        });
        (least, most.sum::<u64>().min(counts.base))
    };
    let whole = one(&decided.overall, &counts.overall);
    if matches!(counts.kind, Kind::FocusGroup | Kind::Interview) {
        // Turns: one person may have any number of them.
        return (whole.0, u64::MAX);
    }
    let questions = decided.questions.iter().zip(&counts.questions).map(|(d, c)| one(d, c));
    let sum = questions.reduce(|a, b| (a.0 + b.0, a.1 + b.1)).unwrap_or(whole);
    (sum.0.max(whole.0), sum.1)
}

/// Where counts with copies may stand: beside an open count, and where neither those without the
/// theme are few nor those by whom the copies change a count.
fn copies(rule: Rule, counts: &Scope, base: Shown, themes: &[Shown]) -> Vec<bool> {
    let by_copy = counts.base_with_copies - counts.base;
    let one = |(shown, theme): (&Shown, &crate::aggregate::ThemeCount)| {
        let more = theme.with_copies - theme.participants;
        let others = counts.base_with_copies - theme.with_copies;
        let more_others = others.abs_diff(counts.base - theme.participants);
        let small = [by_copy, more, others, more_others];
        base.is_open() && shown.is_open() && !small.into_iter().any(|n| rule.is_small(n))
    };
    themes.iter().zip(&counts.themes).map(one).collect()
}

#[cfg(test)]
#[path = "../../tests/attack/mod.rs"]
mod attack;
