//! How the values of a group column differ from everybody else of their source.
//!
//! In: one breakdown and the table of the whole, as they are shown. Out: for each share its
//! difference from that of everybody else, tested, and sentences on those that are clear. Computed
//! from shown numbers alone, so that it tells nothing that they do not. The interval is Newcombe's,
//! the test that of [`crate::measure::difference`]; p is adjusted over all shares of the column
//! (Benjamini and Hochberg 1995). Where people's codes have corrected the shares of all values, the
//! corrected ones decide, by the interval of Zou and Donner (2008), from which p follows; not where
//! the source has survey weights, by which corrected shares are weighted and heads are not.
//! Must not know: formats, true counts.

use serde::Serialize;

use super::{CorrectedView, GroupRow, GroupView, QuestionView, ShareView, Shown};
use crate::aggregate::interval::wilson;
use crate::measure::Estimate;
use crate::measure::difference::{adjusted, difference, p_of_counts, p_of_estimates, pooled};
use crate::report::words::change::{points, reach};
use crate::report::words::{percent, thousands};

/// How the share of one value differs from that of everybody else of the source.
#[derive(Debug, Clone, Copy, Serialize, PartialEq)]
pub struct DifferenceView {
    /// The value's share, 0 to 1.
    pub own: f64,
    /// The share of everybody else.
    pub others: f64,
    /// The first less the second, -1 to 1, and its 95 % interval (Newcombe 1998, method 10; of
    /// corrected shares Zou and Donner 2008).
    pub points: ShareView,
    /// How likely so large a difference is by chance, adjusted over the column's shares.
    pub p_adjusted: f64,
    /// Whether the interval leaves out zero and the adjusted p is below .05.
    pub clear: bool,
    /// Whether shares corrected for the program's errors were compared.
    pub corrected: bool,
}

/// People of a value, and people beside it, from which its shares are compared.
pub(super) const ENOUGH: u64 = 30;

/// An adjusted p below it, and an interval without zero, make a difference clear.
const LIMIT: f64 = 0.05;

/// Themes that a sentence names.
const NAMED: usize = 5;

/// A share and everybody else's.
struct Pair {
    own: Estimate,
    others: Estimate,
    p: f64,
    corrected: bool,
}

/// The breakdown with its differences; of a source that shows shares. `labels` by theme.
pub(super) fn compared(
    group: GroupView,
    whole: &QuestionView,
    (labels, unit): (&[&str], &str),
    weighted: bool,
) -> GroupView {
    let pairs: Vec<Vec<Option<Pair>>> =
        group.rows.iter().map(|row| pairs_of(&group, whole, row, weighted)).collect();
    let p: Vec<f64> = pairs.iter().flatten().flatten().map(|pair| pair.p).collect();
    let mut p = adjusted(&p).into_iter();
    let mut told = |pair: Option<Pair>| {
        let (pair, p_adjusted) = (pair?, p.next()?);
        let d = difference(pair.others, pair.own);
        let clear = p_adjusted < LIMIT && (d.low > 0.0 || d.high < 0.0);
        let points = ShareView { value: d.value, low: d.low, high: d.high };
        let (own, others) = (pair.own.value, pair.others.value);
        Some(DifferenceView { own, others, points, p_adjusted, clear, corrected: pair.corrected })
    };
    let rows: Vec<GroupRow> = group
        .rows
        .into_iter()
        .zip(pairs)
        .map(|(row, pairs)| GroupRow {
            differences: pairs.into_iter().map(&mut told).collect(),
            ..row
        })
        .collect();
    let group = GroupView { rows, ..group };
    let findings = findings(&group, whole.base, labels, unit);
    GroupView { findings, ..group }
}

/// The shares of one theme, each beside that of everybody else.
fn pairs_of(
    group: &GroupView,
    whole: &QuestionView,
    row: &GroupRow,
    weighted: bool,
) -> Vec<Option<Pair>> {
    let of_whole = whole.rows.iter().find(|r| r.theme == row.theme);
    let all = of_whole.and_then(|r| r.participants.number()).zip(whole.base.number());
    let value = |at: usize| {
        let (cell, base) = (row.cells[at].0.number()?, group.values[at].1.number()?);
        row.cells[at].1?;
        let (with, everybody) = all?;
        let others = (with.checked_sub(cell)?, everybody.checked_sub(base)?);
        let enough = base >= ENOUGH && others.1 >= ENOUGH && others.0 <= others.1;
        let counted = enough.then(|| Some((share(cell, base)?, share(others.0, others.1)?)))??;
        let pair =
            |(own, others): (Estimate, Estimate), p, corrected| Pair { own, others, p, corrected };
        match corrected_pair(group, everybody, row, at).filter(|_| !weighted) {
            Some(both) => Some(pair(both, p_of_estimates(both.1, both.0), true)),
            None => Some(pair(counted, p_of_counts((cell, base), others)?, false)),
        }
    };
    (0..group.values.len()).map(value).collect()
}

/// The corrected share of a value and, from those of all other values, everybody else's; where
/// the values are everybody.
fn corrected_pair(
    group: &GroupView,
    everybody: u64,
    row: &GroupRow,
    at: usize,
) -> Option<(Estimate, Estimate)> {
    let bases: Vec<u64> = group.values.iter().map(|(_, n)| n.number()).collect::<Option<_>>()?;
    if bases.iter().sum::<u64>() != everybody || row.corrected.len() != bases.len() {
        return None;
    }
    let of = |c: &Option<CorrectedView>| match c {
        Some(CorrectedView::Share { share, .. }) => Some(estimate(*share)),
        _ => None,
    };
    let all: Vec<Estimate> = row.corrected.iter().map(of).collect::<Option<_>>()?;
    let others = all.iter().zip(&bases).enumerate().filter(|(i, _)| *i != at);
    let others: Vec<(Estimate, f64)> = others.map(|(_, (e, &n))| (*e, n as f64)).collect();
    Some((all[at], pooled(&others)?))
}

fn share(k: u64, n: u64) -> Option<Estimate> {
    let (low, high) = wilson(k, n)?;
    Some(Estimate { value: k as f64 / n as f64, low, high })
}

fn estimate(share: ShareView) -> Estimate {
    Estimate { value: share.value, low: share.low, high: share.high }
}

/// What a table of the column says of differences, in sentences.
fn findings(group: &GroupView, everybody: Shown, labels: &[&str], unit: &str) -> Vec<String> {
    let told = |row: &GroupRow| row.differences.iter().flatten().count();
    let compared: usize = group.rows.iter().map(told).sum();
    if group.values.is_empty() || group.rows.is_empty() {
        return Vec::new();
    }
    if compared == 0 {
        return vec![format!(
            "No value was compared with everyone else: that takes at least {ENOUGH} {unit} on either \
             side."
        )];
    }
    // Of two values that are everybody, one is more where the other is less: said once.
    let bases = group.values.iter().map(|(_, n)| n.number());
    let both = group.values.len() == 2 && bases.sum::<Option<u64>>() == everybody.number();
    let values = if both { 1 } else { group.values.len() };
    let else_named = |at: usize| match both {
        true => format!("in {}", group.values[1 - at].0),
        false => "by everyone else".to_owned(),
    };
    let mut sentences: Vec<String> = (0..values)
        .flat_map(|at| [true, false].map(|more| sentence(group, at, more, &else_named(at), labels)))
        .flatten()
        .collect();
    let clear = group.rows.iter().flat_map(|r| r.differences.iter().take(values).flatten());
    let clear = clear.filter(|d| d.clear).count();
    let compared = if both { compared / 2 } else { compared };
    let n = thousands(compared as u64);
    let what = match (compared, both) {
        (1, _) => "1 share was compared".to_owned(),
        (_, true) => format!(
            "{n} shares of {} were compared with those of {}",
            group.values[0].0, group.values[1].0
        ),
        (_, false) => format!("{n} shares were compared with those of everyone else"),
    };
    sentences.push(match clear {
        0 => format!(
            "{what}; no difference is so large that chance can be ruled out, given how many were \
             compared."
        ),
        1 => format!("{what}; 1 differs clearly."),
        k => format!("{what}; {} differ clearly.", thousands(k as u64)),
    });
    sentences
}

/// What a value raised clearly more, or less, than the others.
fn sentence(
    group: &GroupView,
    at: usize,
    more: bool,
    others: &str,
    labels: &[&str],
) -> Option<String> {
    let clear = |row: &GroupRow| {
        let d = row.differences[at].filter(|d| d.clear && (d.points.value > 0.0) == more)?;
        Some((row.theme, d))
    };
    let mut found: Vec<(usize, DifferenceView)> = group.rows.iter().filter_map(clear).collect();
    // Equal differences keep the table's order.
    found.sort_by(|a, b| b.1.points.value.abs().total_cmp(&a.1.points.value.abs()));
    let one = |(theme, d): &(usize, DifferenceView)| {
        let points_of = estimate(d.points);
        format!(
            "{} ({} against {}{}: {} points, 95 % interval {})",
            labels[*theme],
            percent(d.own),
            percent(d.others),
            if d.corrected { ", corrected" } else { "" },
            points(d.points.value),
            reach(&points_of),
        )
    };
    let named: Vec<String> = found.iter().take(NAMED).map(one).collect();
    let further = match found.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!("; and {n} more, marked in the table"),
    };
    let much = if more { "more" } else { "less" };
    let value = &group.values[at].0;
    let list = named.join("; ");
    (!named.is_empty())
        .then(|| format!("Raised {much} often in {value} than {others}: {list}{further}."))
}

#[cfg(test)]
mod tests;
