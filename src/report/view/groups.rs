//! Breakdowns of shares by a group column.
//!
//! In: counts by value of the column, and what `disclosure` decided of them. Out: a table of the
//! values that are shown. Must not know: formats, true counts that are protected.

use super::build::Protect;
use super::measured::corrected;
use super::{GroupRow, GroupView, Shown};
use crate::aggregate::{Correction, Scope};
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
