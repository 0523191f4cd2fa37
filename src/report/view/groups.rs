//! Breakdowns of shares by a group column.
//!
//! In: counts by value of the column. Out: a table in which no count of people from 1 to the
//! smallest cell minus one is shown, nor can be worked out as the rest of a row.
//! Must not know: formats.

use super::build::Protect;
use super::measured::corrected;
use super::{GroupRow, GroupView, ShareView, Shown};
use crate::aggregate::{Correction, Scope};

/// One column's table; rows in the order of the source's own table. `all` are the counts of the
/// whole source, which stand in the same report.
pub(super) fn group(
    protect: &Protect,
    column: &str,
    values: &[(String, Scope)],
    all: &Scope,
    order: &[(usize, u8)],
    corrections: &[(String, Vec<Correction>)],
) -> GroupView {
    let kept = large_enough(protect.min, values, all.base);
    let row = |&(theme, level): &(usize, u8)| {
        let of = |s: &Scope| s.themes[theme].participants;
        let counts: Vec<(u64, u64)> = kept.iter().map(|(_, s)| (of(s), s.base)).collect();
        let cells = cells(protect, &counts, of(all));
        let correction = |value: &str| {
            corrections.iter().find(|(v, _)| v == value).and_then(|(_, themes)| themes.get(theme))
        };
        let values = kept.iter().zip(&cells);
        let shown = values.map(|((v, s), cell)| {
            let shown = corrected(correction(v), cell.1, protect, s.base);
            let hidden = shown.is_none() && cell.1.is_some();
            (shown, hidden && correction(v).is_some_and(Option::is_some))
        });
        let (mut corrected, hidden): (Vec<_>, Vec<bool>) = shown.unzip();
        if hidden.contains(&true) {
            // The others and the whole would give the hidden one away.
            corrected.fill(None);
        }
        GroupRow { theme, level, cells, corrected }
    };
    GroupView {
        column: column.into(),
        values: kept.iter().map(|(v, s)| (v.clone(), protect.shown(s.base))).collect(),
        too_small: values.len() - kept.len(),
        rows: if kept.is_empty() { Vec::new() } else { order.iter().map(row).collect() },
    }
}

/// Values whose base may be shown. As long as those left out (and people without a value) are a
/// small cell together, the smallest of the others is left out too: the rest would give it away.
fn large_enough(min: u64, values: &[(String, Scope)], total: u64) -> Vec<&(String, Scope)> {
    let mut kept: Vec<&(String, Scope)> = values.iter().filter(|(_, s)| s.base >= min).collect();
    loop {
        let rest = total.saturating_sub(kept.iter().map(|(_, s)| s.base).sum());
        if rest == 0 || rest >= min {
            return kept;
        }
        let Some(smallest) = (0..kept.len()).min_by_key(|&i| (kept[i].1.base, i)) else {
            return kept;
        };
        kept.remove(smallest);
    }
}

/// One row of (count, base): small counts are protected and, as long as what is not shown could
/// be a small count, the next smallest with them. Where a larger count had to go too, all that is
/// protected in the row reads alike, so that nobody sees which of them is the small one.
fn cells(protect: &Protect, counts: &[(u64, u64)], total: u64) -> Vec<(Shown, Option<ShareView>)> {
    let mut row = protected(protect, counts, total);
    if row.iter().any(|(cell, _)| *cell == Shown::Withheld) {
        for (cell, _) in &mut row {
            if matches!(cell, Shown::FewerThan(_)) {
                *cell = Shown::Withheld;
            }
        }
    }
    row
}

fn protected(
    protect: &Protect,
    counts: &[(u64, u64)],
    total: u64,
) -> Vec<(Shown, Option<ShareView>)> {
    let mut row: Vec<(Shown, Option<ShareView>)> =
        counts.iter().map(|&(k, n)| (protect.shown(k), protect.share(k, n))).collect();
    loop {
        let open = |i: &usize| matches!(row[*i].0, Shown::Exactly(k) if k > 0);
        let shown: u64 = (0..counts.len()).filter(open).map(|i| counts[i].0).sum();
        let rest = total.saturating_sub(shown);
        if rest == 0 || rest >= protect.min {
            return row;
        }
        let Some(i) = (0..counts.len()).filter(open).min_by_key(|&i| (counts[i].0, i)) else {
            return row;
        };
        row[i] = (Shown::Withheld, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_cell_takes_a_second_one_with_it() {
        let protect = Protect { min: 11, shares: true };
        let row = cells(&protect, &[(4, 60), (30, 70), (18, 50), (0, 40)], 52);
        assert_eq!(row[0].0, Shown::Withheld);
        assert_eq!(row[2], (Shown::Withheld, None));
        assert_eq!(row[1].0, Shown::Exactly(30));
        assert_eq!(row[3].0, Shown::Exactly(0));
    }

    proptest! {
        #[test]
        fn what_a_row_leaves_out_is_never_a_small_count(
            counts in proptest::collection::vec(0u64..60, 1..8),
            without_value in 0u64..30,
        ) {
            let protect = Protect { min: 11, shares: true };
            let pairs: Vec<(u64, u64)> = counts.iter().map(|&k| (k, k + 40)).collect();
            let total = counts.iter().sum::<u64>() + without_value;
            let row = cells(&protect, &pairs, total);
            let mut shown = 0;
            for ((cell, share), k) in row.iter().zip(&counts) {
                match cell {
                    Shown::Exactly(n) => { prop_assert_eq!(n, k); shown += n; }
                    _ => prop_assert!(share.is_none()),
                }
            }
            let rest = total - shown;
            prop_assert!(rest == 0 || rest >= 11 || shown == 0);
        }
    }
}
