//! What is published of the account: records read, responses by state, languages, marks.
//!
//! In: the true account and what is shown of each source's people. Out: [`AccountCounts`]. Whether
//! an answer carries a theme, and the language that it is written in, says something of a person:
//! small numbers of those are protected, and enough of the others that they do not follow from the
//! sum. That a field was blank, a row sent twice or a record torn is a fact of reading and is shown
//! unless it would give a protected number away.
//! Must not know: formats.

use super::{Rule, Shown, Suppression};
use crate::aggregate::{Account, SourceAccount, State};

/// What is published of records and states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCounts {
    /// One line a source.
    pub lines: Vec<AccountLine>,
    /// Their sum.
    pub total: AccountLine,
    /// Languages set aside, by name: the most frequent first where all are shown.
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
}

/// What a source's tables ask of its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
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

/// States of answers that could be coded.
const CODABLE: [State; 3] = [State::Coded, State::NoTheme, State::Undecided];

/// States that are withheld for the sake of others, the cheapest first.
const COVER: [State; 4] = [State::NoContent, State::Duplicate, State::Moderator, State::Rejected];

/// Decides every number of the account.
pub(super) fn account(rule: Rule, account: &Account, guards: &[Guard]) -> AccountCounts {
    let lines: Vec<AccountLine> =
        account.sources.iter().zip(guards).map(|(s, g)| line(rule, s, *g)).collect();
    let sum = |of: &dyn Fn(&SourceAccount) -> u64| account.sources.iter().map(of).sum::<u64>();
    let add = |n: u64, part: &dyn Fn(&AccountLine) -> Shown| {
        let all_open = lines.iter().all(|l| part(l).is_open());
        if all_open { Shown::Exactly(n) } else { Shown::Withheld }
    };
    let states = (0..State::ALL.len()).map(|i| add(sum(&|s| s.states[i]), &|l| l.states[i]));
    let total = AccountLine {
        rows: add(sum(&|s| s.rows), &|l| l.rows),
        responses: add(sum(&|s| s.responses), &|l| l.responses),
        states: states.collect(),
    };
    let aside = total.states[State::UnsupportedLanguage as usize];
    let languages = languages(rule, account, aside);
    let redactions = account.redactions.iter().map(|&n| rule.alone(n)).collect();
    AccountCounts { lines, total, languages, redactions }
}

fn line(rule: Rule, source: &SourceAccount, guard: Guard) -> AccountLine {
    let count = |s: State| source.states[s as usize];
    let full = rule.suppression == Suppression::Full;
    let closed = guard.closed.is_some();
    let mut hidden: Vec<State> =
        CODABLE.into_iter().filter(|&s| closed || rule.is_small(count(s))).collect();
    let mut guard = guard;
    if full && !closed && !cover_codable(rule, &mut hidden, &count, guard) {
        // Even all three together say too much: then their sum must not be known either.
        guard.closed = Some((CODABLE.into_iter().map(count).sum(), 0));
    }
    let closed = guard.closed.is_some();
    let foreign = Some(State::UnsupportedLanguage).filter(|&s| rule.is_small(count(s)));
    let mut apart: Vec<State> = foreign.into_iter().collect();
    let mut total_hidden = false;
    let answers: u64 = CODABLE.into_iter().map(count).sum();
    let sum_is_open = guard.turns && !rule.is_small(answers);
    if (closed && !sum_is_open) || foreign.is_some() {
        let mut cover = COVER.into_iter().filter(|&s| count(s) > 0);
        while full && !is_covered(rule, &apart, &count, guard) && !total_hidden {
            match cover.next() {
                Some(next) => apart.push(next),
                None => total_hidden = true,
            }
        }
    }
    hidden.extend(apart);
    let shown = |s: &State| {
        if hidden.contains(s) { Shown::Withheld } else { Shown::Exactly(count(*s)) }
    };
    let total = |n| if total_hidden { Shown::Withheld } else { Shown::Exactly(n) };
    AccountLine {
        rows: total(source.rows),
        responses: total(source.responses),
        states: State::ALL.iter().map(shown).collect(),
    }
}

/// Whether what is protected beside the answers of open tables is so much that each part of it can
/// be as large as a small number can be. One part alone follows from the sum.
fn is_covered(rule: Rule, apart: &[State], count: &dyn Fn(State) -> u64, guard: Guard) -> bool {
    let parts = (apart.len() + usize::from(guard.closed.is_some())) as u64;
    let closed = guard.closed.map_or(0, |(n, least)| n.saturating_sub(guard.coded.0.max(least)));
    let sum = apart.iter().map(|&s| count(s)).sum::<u64>() + closed;
    parts > 1 && sum >= rule.min + parts
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
        && hidden.iter().filter(|s| rule.is_small(count(**s))).all(wide)
}

/// Languages by name, and how many answers each has. Where their sum is known one alone is not
/// protected by being left out.
fn languages(rule: Rule, account: &Account, sum: Shown) -> Vec<(String, Shown)> {
    let mut all: Vec<(&str, u64)> = account.languages.iter().map(|(l, n)| (*l, *n)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut hidden = all.iter().rev().take_while(|(_, n)| rule.is_small(*n)).count();
    if hidden > 0 && rule.suppression == Suppression::Full {
        let rest = |hidden: usize| all.iter().rev().take(hidden).map(|(_, n)| n).sum::<u64>();
        let known = sum.is_open();
        while known && hidden < all.len() && (hidden < 2 || rest(hidden) < rule.min + hidden as u64)
        {
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
