//! Breakdowns of shares by a group column.
//!
//! In: counts by value of the column. Out: a table in which no count of people from 1 to the
//! smallest cell minus one is shown, nor can be worked out as the rest of a row.
//! Must not know: formats.

use super::build::Protect;
use super::{GroupRow, GroupView, ShareView, Shown};
use crate::aggregate::Scope;

/// One column's table; rows in the order of the source's own table.
pub(super) fn group(
    protect: &Protect,
    column: &str,
    values: &[(String, Scope)],
    order: &[(usize, u8)],
) -> GroupView {
    let kept = large_enough(protect.min, values);
    let row = |&(theme, level): &(usize, u8)| {
        let counts: Vec<(u64, u64)> =
            kept.iter().map(|(_, s)| (s.themes[theme].participants, s.base)).collect();
        GroupRow { theme, level, cells: cells(protect, &counts) }
    };
    GroupView {
        column: column.into(),
        values: kept.iter().map(|(v, s)| (v.clone(), protect.shown(s.base))).collect(),
        too_small: values.len() - kept.len(),
        rows: if kept.is_empty() { Vec::new() } else { order.iter().map(row).collect() },
    }
}

/// Values whose base may be shown. Where those left out would together be a small cell, the
/// smallest of the others is left out too, or the rest would give them away.
fn large_enough(min: u64, values: &[(String, Scope)]) -> Vec<&(String, Scope)> {
    let mut kept: Vec<&(String, Scope)> = values.iter().filter(|(_, s)| s.base >= min).collect();
    let left_out: u64 = values.iter().map(|(_, s)| s.base).filter(|&b| b < min).sum();
    if left_out > 0 && left_out < min {
        let smallest = kept.iter().map(|(v, s)| (s.base, v.clone())).min();
        kept.retain(|(v, _)| smallest.as_ref().is_none_or(|(_, gone)| v != gone));
    }
    kept
}

/// One row: small counts protected and, where exactly one is, the next smallest with it.
fn cells(protect: &Protect, counts: &[(u64, u64)]) -> Vec<(Shown, Option<ShareView>)> {
    let small = |k: u64| matches!(protect.shown(k), Shown::FewerThan(_));
    let hidden: Vec<usize> = (0..counts.len()).filter(|&i| small(counts[i].0)).collect();
    let second = match hidden.as_slice() {
        [_] => (0..counts.len())
            .filter(|&i| counts[i].0 > 0 && !small(counts[i].0))
            .min_by_key(|&i| (counts[i].0, i)),
        _ => None,
    };
    let cell = |(i, &(k, n)): (usize, &(u64, u64))| {
        if Some(i) == second {
            // The bound says no more than that the cell is protected.
            (Shown::Withheld, None)
        } else {
            (protect.shown(k), protect.share(k, n))
        }
    };
    counts.iter().enumerate().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_small_cell_takes_a_second_one_with_it() {
        let protect = Protect { min: 11, shares: true };
        let row = cells(&protect, &[(4, 60), (30, 70), (18, 50), (0, 40)]);
        assert_eq!(row[0].0, Shown::FewerThan(11));
        assert_eq!(row[2], (Shown::Withheld, None));
        assert_eq!(row[1].0, Shown::Exactly(30));
        assert_eq!(row[3].0, Shown::Exactly(0));
    }
}
