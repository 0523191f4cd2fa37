//! One theme in two waves: its difference, its test, its verdict.
//!
//! In: the two [`Side`]s of each theme. Out: [`Row`]s in their order, judged together. Shares are
//! tested; counts of groups, interviews and sessions never are.
//! Must not know: where the table stands, formats.

use std::cmp::Reverse;

use super::read::Theme;
use super::words::{MAY_FALL, MAY_RISE, capital};
use super::{Basis, Row, Side, Verdict};
use crate::measure::Estimate;
use crate::measure::difference::{adjusted, difference, p_of_counts, p_of_estimates};
use crate::report::view::{ShareView, Shown};

/// People of a base from which a change is judged: a gold sample is asked for as many.
pub(super) const ENOUGH: u64 = 30;
/// An adjusted p below it, and an interval without zero, make a change clear.
pub(super) const LIMIT: f64 = 0.05;

/// A theme of either codebook, and where it stands in each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joint<'a> {
    pub(super) at: [Option<usize>; 2],
    pub(super) theme: &'a Theme,
    pub(super) area: Option<&'a str>,
    pub(super) redefined: bool,
}

/// What holds for all rows of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    /// Names of the waves.
    pub(super) names: [&'a str; 2],
    /// Whether shares are compared.
    pub(super) shares: bool,
    /// People of each base.
    pub(super) base: [Shown; 2],
}

impl Setting<'_> {
    fn is_too_few(&self) -> bool {
        self.base.iter().any(|base| base.number().is_some_and(|n| n < ENOUGH))
    }
}

/// The row of a theme, not yet judged; `None` where nobody raised it in either wave.
pub(super) fn draft(joint: &Joint<'_>, sides: [Option<Side>; 2], set: Setting<'_>) -> Option<Row> {
    let [then, now] = sides;
    if [&then, &now].into_iter().flatten().all(|side| side.nobody) {
        return None;
    }
    let both = then.as_ref().zip(now.as_ref()).filter(|_| set.shares);
    let between = |of: fn(&Side) -> Option<ShareView>| {
        let (then, now) = both?;
        Some((estimate(of(then)?), estimate(of(now)?)))
    };
    let counted = between(|side| side.share);
    // What a wave does not show as counted it does not show corrected.
    let corrected = between(|side| side.corrected).filter(|_| counted.is_some());
    let decided_by = match (counted, corrected) {
        (_, Some(_)) => Some(Basis::Corrected),
        (Some(_), None) => Some(Basis::Counted),
        (None, None) => None,
    };
    let p_counted = || {
        let (then, now) = both?;
        let of = |side: &Side, base: Shown| side.people.number().zip(base.number());
        p_of_counts(of(then, set.base[0])?, of(now, set.base[1])?)
    };
    let p = match decided_by.filter(|_| !set.is_too_few()) {
        Some(Basis::Corrected) => corrected.map(|(then, now)| p_of_estimates(then, now)),
        Some(Basis::Counted) => p_counted(),
        None => None,
    };
    Some(Row {
        theme: joint.theme.id.clone(),
        label: joint.theme.label.clone(),
        area: joint.area.map(str::to_owned),
        redefined: joint.redefined,
        difference: counted.map(|(then, now)| difference(then, now)),
        corrected_difference: corrected.map(|(then, now)| difference(then, now)),
        decided_by,
        p,
        p_adjusted: None,
        verdict: Verdict::NotShown,
        clear: false,
        said: String::new(),
        then,
        now,
    })
}

fn estimate(share: ShareView) -> Estimate {
    Estimate { value: share.value, low: share.low, high: share.high }
}

/// Judges the tables of one question, or of one column of groups, together.
pub(super) fn judge(tables: &mut [(Vec<Row>, Setting<'_>)]) -> u64 {
    let tested = || tables.iter().flat_map(|(rows, _)| rows).filter_map(|row| row.p);
    let mut adjusted = adjusted(&tested().collect::<Vec<f64>>()).into_iter();
    let mut n = 0;
    for (rows, set) in tables {
        for row in &mut *rows {
            if row.p.is_some() {
                row.p_adjusted = adjusted.next();
                n += 1;
            }
            let apart = row.deciding().is_some_and(|d| d.low > 0.0 || d.high < 0.0);
            row.clear = apart && row.p_adjusted.is_some_and(|p| p < LIMIT);
            row.verdict = verdict(row, *set);
            row.said = said(row, *set);
        }
        order(rows);
    }
    n
}

fn verdict(row: &Row, set: Setting<'_>) -> Verdict {
    let (then, now) = match (&row.then, &row.now) {
        (Some(then), Some(now)) => (then, now),
        (None, _) => return Verdict::OnlyNow,
        (_, None) => return Verdict::OnlyThen,
    };
    let comes = match (then.nobody, now.nobody) {
        (true, _) => Some(Verdict::New),
        (_, true) => Some(Verdict::Gone),
        _ => None,
    };
    if !set.shares {
        let told = |side: &Side| side.files.is_some() || side.people.is_open();
        let told = told(then) && told(now);
        return if told { comes.unwrap_or(Verdict::SideBySide) } else { Verdict::NotShown };
    }
    match row.deciding() {
        None => Verdict::NotShown,
        Some(_) if set.is_too_few() => Verdict::TooFew,
        Some(d) => comes.unwrap_or(match (row.clear, d.value > 0.0) {
            (false, _) => Verdict::NoClearChange,
            (true, true) => Verdict::Rose,
            (true, false) => Verdict::Fell,
        }),
    }
}

fn said(row: &Row, set: Setting<'_>) -> String {
    let chance = if set.shares && !row.clear { ", but may be chance" } else { "" };
    match row.verdict {
        Verdict::Rose => "rose".into(),
        Verdict::Fell => "fell".into(),
        Verdict::New => format!("new{chance}"),
        Verdict::Gone => format!("gone{chance}"),
        Verdict::NoClearChange => match row.deciding() {
            Some(d) if d.low > 0.0 => MAY_RISE.into(),
            Some(d) if d.high < 0.0 => MAY_FALL.into(),
            _ => "no clear change".into(),
        },
        Verdict::SideBySide => "raised in both".into(),
        Verdict::TooFew => "too few people to say".into(),
        Verdict::OnlyNow => format!("{}: not in the codebook", capital(set.names[0])),
        Verdict::OnlyThen => format!("{}: not in the codebook", capital(set.names[1])),
        Verdict::NotShown => "not shown".into(),
    }
}

/// The order of a table. What is protected has no place by its size: it stays in the codebook's
/// order, behind the rest.
fn order(rows: &mut [Row]) {
    let files = |side: &Option<Side>| side.as_ref().and_then(|side| side.files);
    rows.sort_by(|a, b| {
        let group = |row: &Row| match (row.clear, row.deciding().is_some()) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) if row.verdict == Verdict::NotShown => 3,
            (false, false) => 2,
        };
        let size = |row: &Row| {
            let d = row.deciding().map_or(0.0, |d| d.value);
            if row.clear { d } else { d.abs() }
        };
        let raised = |row: &Row| match row.verdict {
            Verdict::NotShown => Default::default(),
            _ => Reverse((files(&row.now), files(&row.then))),
        };
        let by_size = size(b).total_cmp(&size(a));
        group(a).cmp(&group(b)).then(by_size).then_with(|| raised(a).cmp(&raised(b)))
    });
}
