//! Breakdowns of shares by a group column.
//!
//! In: counts by value of the column, and what `disclosure` decided of them. Out: a table of the
//! values that are shown. Must not know: formats, true counts that are protected.

use super::build::Protect;
use super::measured::corrected;
use super::{CorrectedView, GroupRow, GroupView, QuestionView, Shown, ThemeRow};
use crate::aggregate::{Correction, Scope};
use crate::disclosure::ColumnDisclosure;

/// One column's table; rows in the order of the source's own table.
pub(super) fn group(
    protect: &Protect,
    column: &str,
    (values, decided): (&[(String, Scope)], &ColumnDisclosure),
    whole: &QuestionView,
    corrections: &[(String, Vec<Correction>)],
) -> GroupView {
    let kept: Vec<&(String, Scope)> = decided.kept.iter().map(|&at| &values[at]).collect();
    let base = |scope: &Scope| Shown::Exactly(scope.base);
    let row = |whole_row: &ThemeRow| {
        let (theme, level) = (whole_row.theme, whole_row.level);
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
        let bases: Vec<u64> = kept.iter().map(|(_, scope)| scope.base).collect();
        let rest_is_few = rest_is_few(protect, (whole.base, whole_row), &bases, &corrected);
        if hidden.contains(&true) || rest_is_few {
            // The others and the whole would give away the hidden one, or those left out.
            corrected.fill(None);
        }
        let (weighted, differences) = (Vec::new(), Vec::new());
        GroupRow { theme, level, cells, weighted, corrected, differences }
    };
    GroupView {
        column: column.into(),
        values: kept.iter().map(|(v, scope)| (v.clone(), base(scope))).collect(),
        effective: Vec::new(),
        too_small: values.len() - kept.len(),
        findings: Vec::new(),
        rows: if kept.is_empty() { Vec::new() } else { whole.rows.iter().map(row).collect() },
    }
}

/// Whether corrected shares of the values leave, of the whole's corrected share, one of few people.
fn rest_is_few(
    protect: &Protect,
    (base, whole): (Shown, &ThemeRow),
    bases: &[u64],
    corrected: &[Option<CorrectedView>],
) -> bool {
    let share = |c: Option<CorrectedView>| match c {
        Some(CorrectedView::Share { share, .. }) => Some(share.value),
        _ => None,
    };
    let parts = corrected.iter().zip(bases).map(|(&c, &n)| share(c).map(|s| s * n as f64));
    let (Some(base), Some(whole)) = (base.number(), share(whole.corrected)) else { return false };
    let Some(sum) = parts.sum::<Option<f64>>() else { return false };
    let left = base.saturating_sub(bases.iter().sum());
    let rest = (whole * base as f64 - sum).round().max(0.0) as u64;
    left > 0 && [rest, left.saturating_sub(rest)].into_iter().any(|n| protect.rule.is_small(n))
}
