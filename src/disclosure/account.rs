//! What is published of the account: records read, responses by state, languages, marks.
//!
//! In: the true account and what is shown of each source's people. Out: [`AccountCounts`]. Whether
//! an answer carries a theme, and the language that it is written in, says something of a person:
//! small numbers of those are protected. That a field was blank, a row sent twice or a record torn
//! is a fact of reading.
//!
//! A small number of answers in a language that is not supported is told in one sum with those
//! without content, and so is a small number without content where no answer is in such a language:
//! the sum, even of one, has two explanations and says nothing of a person, and what was read of a
//! source stays in sight. The number of rows is always told, as a number or as "fewer than". Where a
//! table of people is closed, other states are withheld so that its people do not follow from the
//! number of responses: that sum first.
//! Must not know: formats.

use std::collections::BTreeMap;

use super::{Rule, Rules, Shown, Suppression};
use crate::aggregate::{Account, SourceAccount, State};

/// What is published of records and states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCounts {
    /// One line a source.
    pub lines: Vec<AccountLine>,
    /// The sum of the lines whose rows and responses are shown.
    pub total: AccountLine,
    /// Places of the sources that the sum leaves out.
    pub left_out: Vec<usize>,
    /// Languages set aside, by name: the most frequent first where all are shown; those of sources
    /// that tell how many such answers they hold.
    pub languages: Vec<(String, Shown)>,
    /// How often each redaction rule fired, in the order of the account.
    pub redactions: Vec<Shown>,
}

/// One source, or all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// Rows and turns.
    pub rows: Shown,
    /// Responses.
    pub responses: Shown,
    /// Responses by state, in the order of [`State::ALL`].
    pub states: Vec<Shown>,
    /// Responses without content and those in another language, in one number where each alone is
    /// withheld.
    pub aside: Shown,
}

impl AccountLine {
    /// Whether rows and responses are told, so that the line can stand in a sum.
    fn adds_up(&self) -> bool {
        self.rows.is_open() && self.responses.is_open()
    }

    /// Responses without content and those in another language, where they are told.
    fn set_aside(&self) -> Shown {
        let parts = ASIDE.map(|s| self.states[s as usize].number());
        let sum = parts.into_iter().sum::<Option<u64>>();
        sum.map_or(self.aside, Shown::Exactly)
    }

    /// Whether the two are told as one number.
    pub fn is_merged(&self) -> bool {
        self.aside.is_open() && !self.states[State::NoContent as usize].is_open()
    }
}

/// What a source's tables ask of its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    /// The source's rule.
    pub(super) rule: Rule,
    /// People of its closed tables, where it has any, and how many there must be as far as the open
    /// ones tell.
    pub(super) closed: Option<(u64, u64)>,
    /// Whether responses are turns of a conversation: how many of them there are says nothing of
    /// how many people there were.
    pub(super) turns: bool,
    /// Whether no protected theme follows from the number of coded answers.
    pub(super) coded_is_safe: bool,
    /// What the themes alone say of the number of coded answers.
    pub(super) coded: (u64, u64),
}

impl Guard {
    /// Whether a number of codable responses is protected by itself. Turns are no people: only that
    /// few of them carry a theme says that few people raised any.
    fn protects(&self, state: State, n: u64) -> bool {
        self.rule.is_small(n) && (!self.turns || state == State::Coded)
    }
}

/// States of answers that could be coded.
const CODABLE: [State; 3] = [State::Coded, State::NoTheme, State::Undecided];

/// States that are told as one number where one of them is small.
const ASIDE: [State; 2] = [State::NoContent, State::UnsupportedLanguage];

/// States that are withheld for the sake of others, the cheapest first.
const COVER: [&[State]; 4] = [&ASIDE, &[State::Duplicate], &[State::Moderator], &[State::Rejected]];

/// Decides every number of the account.
pub(super) fn account(rules: &Rules, account: &Account, guards: &[Guard]) -> AccountCounts {
    let lines: Vec<AccountLine> =
        account.sources.iter().zip(guards).map(|(s, g)| line(s, *g)).collect();
    let (total, left_out) = total(&lines);
    // Where all is told that there is to tell of languages in a source.
    let told = |l: &AccountLine| l.states[State::UnsupportedLanguage as usize].is_open();
    let told: Vec<bool> = lines.iter().map(told).collect();
    let languages = languages(rules, account, &told);
    let redactions = account.redactions.iter().map(|&n| rules.pooled.alone(n)).collect();
    AccountCounts { lines, total, left_out, languages, redactions }
}

/// The sum of the lines that add up, number by number where each line tells it.
fn total(lines: &[AccountLine]) -> (AccountLine, Vec<usize>) {
    let (of, left_out): (Vec<usize>, Vec<usize>) =
        (0..lines.len()).partition(|&i| lines[i].adds_up());
    let add = |part: &dyn Fn(&AccountLine) -> Shown| {
        let parts = of.iter().map(|&i| part(&lines[i]).number());
        let sum = parts.sum::<Option<u64>>().filter(|_| !of.is_empty() || lines.is_empty());
        sum.map_or(Shown::Withheld, Shown::Exactly)
    };
    let total = AccountLine {
        rows: add(&|l| l.rows),
        responses: add(&|l| l.responses),
        states: (0..State::ALL.len()).map(|i| add(&|l| l.states[i])).collect(),
        aside: add(&|l| l.set_aside()),
    };
    (total, left_out)
}

fn foreign(source: &SourceAccount) -> u64 {
    source.states[State::UnsupportedLanguage as usize]
}

/// Whether a source's answers without content and those in another language must be told together.
/// A sum that is small is told so whichever of the two it is made of: else it would tell by itself.
fn merges(rule: Rule, source: &SourceAccount) -> bool {
    let blank = source.states[State::NoContent as usize];
    rule.is_small(foreign(source)) || foreign(source) == 0 && rule.is_small(blank)
}

fn line(source: &SourceAccount, guard: Guard) -> AccountLine {
    let (rule, mut guard) = (guard.rule, guard);
    let count = |s: State| source.states[s as usize];
    let full = rule.suppression == Suppression::Full;
    let closed = guard.closed.is_some();
    let mut hidden: Vec<State> =
        CODABLE.into_iter().filter(|&s| closed || guard.protects(s, count(s))).collect();
    if full && !closed && !cover_codable(rule, &mut hidden, &count, guard) {
        // Even all three together say too much: then their sum must not be known either.
        guard.closed = Some((CODABLE.into_iter().map(count).sum(), 0));
    }
    let answers: u64 = CODABLE.into_iter().map(count).sum();
    let sum_is_open = guard.turns && !rule.is_small(answers);
    let (mut few_rows, mut aside) = (false, Shown::Withheld);
    match guard.closed.filter(|_| full && !sum_is_open) {
        // Of so few rows only that can be told: whoever knew their number would know more of the
        // people than that they are few.
        Some(_) if rule.is_small(source.rows) => {
            few_rows = true;
            hidden = State::ALL.to_vec();
        }
        Some(people) => hidden.extend(cover(rule, people, &count)),
        None => {}
    }
    if full && merges(rule, source) && !hidden.contains(&State::NoContent) {
        aside = Shown::Exactly(ASIDE.into_iter().map(count).sum());
        hidden.extend(ASIDE);
    } else if !full {
        hidden.extend(
            ASIDE.into_iter().filter(|&s| s != State::NoContent && rule.is_small(count(s))),
        );
    }
    let shown = |s: &State| {
        if hidden.contains(s) { Shown::Withheld } else { Shown::Exactly(count(*s)) }
    };
    let total = |n| match few_rows {
        false => Shown::Exactly(n),
        true if n == source.rows => Shown::FewerThan(rule.min),
        true => Shown::Withheld,
    };
    AccountLine {
        rows: total(source.rows),
        responses: total(source.responses),
        states: State::ALL.iter().map(shown).collect(),
        aside,
    }
}

/// The states that are withheld so that the people of closed tables do not follow from the number
/// of responses: so many that these can be as many as a small number can be. With every state
/// withheld they can, for there are as many responses to each question as rows, and those are no
/// small number.
fn cover(rule: Rule, (people, least): (u64, u64), count: &dyn Fn(State) -> u64) -> Vec<State> {
    let mut apart = Vec::new();
    for states in COVER {
        let held: u64 = apart.iter().map(|&s| count(s)).sum();
        let parts = 1 + apart.len() as u64;
        if parts > 1 && held + people.saturating_sub(least) >= rule.min + parts {
            break;
        }
        apart.extend(states);
    }
    apart
}

/// Coded, without a theme, undecided: together they are the answers of the base, so one cannot be
/// protected alone. Returns whether what is protected now is.
fn cover_codable(
    rule: Rule,
    hidden: &mut Vec<State>,
    count: &dyn Fn(State) -> u64,
    guard: Guard,
) -> bool {
    if !guard.coded_is_safe {
        // How many carry no theme tells as much.
        *hidden = CODABLE.to_vec();
    }
    while !hidden.is_empty() && !is_wide(rule, hidden, count, guard) {
        let open = CODABLE.iter().filter(|s| !hidden.contains(s));
        let Some(&next) = open.min_by_key(|&&s| (count(s) == 0, count(s), s as usize)) else {
            return false;
        };
        hidden.push(next);
    }
    true
}

/// Whether each protected number of a sum that is known can take as many values as a small one,
/// and the sum itself is none.
fn is_wide(rule: Rule, hidden: &[State], count: &dyn Fn(State) -> u64, guard: Guard) -> bool {
    let sum: u64 = hidden.iter().map(|&s| count(s)).sum();
    let limits = |s: State| match s {
        State::Coded => {
            (guard.coded.0.min(count(s)), guard.coded.1.clamp(count(s), sum.max(count(s))))
        }
        _ => (0, sum),
    };
    let wide = |s: &State| {
        let others = || hidden.iter().filter(|o| *o != s).map(|&o| limits(o));
        let low = sum.saturating_sub(others().map(|l| l.1).sum()).max(limits(*s).0);
        let high = sum.saturating_sub(others().map(|l| l.0).sum()).min(limits(*s).1);
        high >= low + rule.min.saturating_sub(2)
    };
    hidden.len() > 1
        && !rule.is_small(sum)
        && hidden.iter().filter(|s| guard.protects(**s, count(**s))).all(wide)
}

/// Languages by name, and how many answers each has, over the sources that are `told`. Where one
/// alone is left out it follows from the sum.
fn languages(rules: &Rules, account: &Account, told: &[bool]) -> Vec<(String, Shown)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut rule = Rule { min: 1, ..rules.pooled };
    let sources = account.sources.iter().zip(told).zip(&rules.sources);
    for ((source, _), of) in sources.filter(|((s, told), _)| **told && foreign(s) > 0) {
        rule.min = rule.min.max(of.min);
        for (language, n) in &source.languages {
            *counts.entry(language).or_default() += n;
        }
    }
    let mut all: Vec<(&str, u64)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut hidden = all.iter().rev().take_while(|(_, n)| rule.is_small(*n)).count();
    if hidden > 0 && rule.suppression == Suppression::Full {
        let rest = |hidden: usize| all.iter().rev().take(hidden).map(|(_, n)| n).sum::<u64>();
        while hidden < all.len() && (hidden < 2 || rest(hidden) < rule.min + hidden as u64) {
            hidden += 1;
        }
    }
    let open = all.len() - hidden;
    let mut out: Vec<(String, Shown)> =
        all[..open].iter().map(|(l, n)| ((*l).to_owned(), Shown::Exactly(*n))).collect();
    let mut rest: Vec<&str> = all[open..].iter().map(|(l, _)| *l).collect();
    rest.sort_unstable();
    out.extend(rest.into_iter().map(|l| (l.to_owned(), Shown::Withheld)));
    out
}
