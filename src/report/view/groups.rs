//! Breakdowns of shares by a group column.
//!
//! In: counts by value of the column, and what `disclosure` decided of them. Out: a table of the
//! values that are shown. Must not know: formats, true counts that are protected.

use super::build::Protect;
use super::measured::corrected;
use super::weighted::Told;
use super::{GroupRow, GroupView, ShareView, Shown};
use crate::aggregate::{Correction, Scope, Weighted};
use crate::disclosure::ColumnDisclosure;

/// One column's table; rows in the order of the source's own table.
pub(super) fn group(
    protect: &Protect,
    column: &str,
    (values, decided): (&[(String, Scope)], &ColumnDisclosure),
    order: &[(usize, u8)],
    corrections: &[(String, Vec<Correction>)],
) -> GroupView {
    let kept: Vec<&(String, Scope)> = decided.kept.iter().map(|&at| &values[at]).collect();
    let base = |scope: &Scope| Shown::Exactly(scope.base);
    let row = |&(theme, level): &(usize, u8)| {
        let correction = |value: &str| {
            corrections.iter().find(|(v, _)| v == value).and_then(|(_, themes)| themes.get(theme))
        };
        let cells = kept.iter().zip(&decided.themes).map(|((_, scope), themes)| {
            let shown = themes[theme];
            (shown, protect.share(shown, base(scope)))
        });
        let cells: Vec<_> = cells.collect();
        let shown = kept.iter().zip(&cells).map(|((v, scope), cell)| {
            let shown = corrected(correction(v), cell.1, protect.rule, scope.base);
            let hidden = shown.is_none() && cell.1.is_some();
            (shown, hidden && correction(v).is_some_and(Option::is_some))
        });
        let (mut corrected, hidden): (Vec<_>, Vec<bool>) = shown.unzip();
        if hidden.contains(&true) {
            // The others and the whole would give the hidden one away.
            corrected.fill(None);
        }
        GroupRow { theme, level, cells, weighted: Vec::new(), corrected }
    };
    GroupView {
        column: column.into(),
        values: kept.iter().map(|(v, scope)| (v.clone(), base(scope))).collect(),
        effective: Vec::new(),
        too_small: values.len() - kept.len(),
        rows: if kept.is_empty() { Vec::new() } else { order.iter().map(row).collect() },
    }
}

/// The same table with shares by survey weights, in the order of all values of the column.
pub(super) fn weighted(
    group: GroupView,
    told: &Told,
    decided: &ColumnDisclosure,
    weights: &[Option<Weighted>],
) -> GroupView {
    let kept: Vec<Option<&Weighted>> =
        decided.kept.iter().map(|&at| weights[at].as_ref()).collect();
    let row = |row: GroupRow| {
        let cells = kept.iter().zip(&row.cells);
        let share =
            |(w, cell): (&Option<&Weighted>, &(Shown, _))| told.share(*w, row.theme, cell.1);
        let mut weighted: Vec<Option<ShareView>> = cells.map(share).collect();
        if row.cells.iter().zip(&weighted).any(|(cell, w)| cell.1.is_some() && w.is_none()) {
            // The others and the whole would say something of the hidden one.
            weighted.fill(None);
        }
        GroupRow { weighted, ..row }
    };
    let effective = kept.iter().zip(&group.values);
    let effective = effective.map(|(w, (_, base))| told.effective(*w, *base));
    GroupView {
        effective: effective.collect(),
        rows: group.rows.into_iter().map(row).collect(),
        ..group
    }
}
