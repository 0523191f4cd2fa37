//! Which areas the same people raise.
//!
//! In: the pairs that `disclosure` tells. Out: a [`TogetherView`]: each pair told from the area that
//! fewer people raised, as the share of its people who raised the other one, beside the share of
//! everybody else.
//! Must not know: formats, pairs that are not told.

use serde::Serialize;

use super::ShareView;
use crate::aggregate::PairCount;
use crate::aggregate::interval::wilson;
use crate::codebook::Codebook;
use crate::disclosure::{Together, together};
use crate::measure::Estimate;
use crate::measure::difference::difference;
use crate::report::together::sentence;

/// Areas that the same people raise more often, or less often, than chance would have it.
#[derive(Debug, Clone, Serialize)]
pub struct TogetherView {
    /// People who answered every question.
    pub base: u64,
    /// How many pairs of areas were looked at.
    pub compared: u64,
    /// The pairs that are told, the strongest tie first.
    pub rows: Vec<TogetherRow>,
}

/// Two areas that the same people raise, told from the one that fewer raised.
#[derive(Debug, Clone, Serialize)]
pub struct TogetherRow {
    /// The area that fewer people raised: index into [`super::View::themes`].
    pub first: usize,
    /// The other area.
    pub second: usize,
    /// People who raised the first.
    pub people: u64,
    /// People who raised both.
    pub both: u64,
    /// Of those who raised the first, the share who also raised the second.
    pub among: ShareView,
    /// Of everybody else, the share who raised the second.
    pub others: ShareView,
    /// Of those who raised the second, the share who also raised the first.
    pub reverse: ShareView,
    /// The first share less the share of the others, with its 95 % interval (Newcombe), in parts of
    /// 1.
    pub difference: Estimate,
    /// How likely a tie so strong is by chance alone, times the number of pairs that were looked at.
    pub p_adjusted: f64,
}

/// The pairs of a source, where any is told.
pub(super) fn view(decided: &Together) -> Option<TogetherView> {
    let rows: Vec<TogetherRow> =
        decided.told.iter().filter_map(|pair| row(decided, pair)).collect();
    let (base, compared) = (decided.base, decided.compared);
    (!rows.is_empty()).then_some(TogetherView { base, compared, rows })
}

/// The strongest tie in a sentence.
pub(super) fn finding(book: &Codebook, unit: &str, pairs: &TogetherView) -> Option<String> {
    let pair = pairs.rows.first()?;
    let labels = [pair.first, pair.second].map(|theme| book.themes[theme].label.as_str());
    let often = if pair.difference.value < 0.0 { "less" } else { "more" };
    let told = low(&sentence(unit, pair, labels));
    Some(format!(
        "Raised by the same people {often} often than chance would have it, which says nothing of a \
         cause: {told}"
    ))
}

/// With a small letter at the front.
fn low(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn row(decided: &Together, pair: &PairCount) -> Option<TogetherRow> {
    let ((a, b), [of_a, of_b]) = (pair.areas, pair.people);
    let rarer_first = (of_a, a) <= (of_b, b);
    let (first, n, second, k) = if rarer_first { (a, of_a, b, of_b) } else { (b, of_b, a, of_a) };
    let (base, both) = (decided.base, pair.both);
    let among = share(both, n)?;
    let others = share(k.checked_sub(both)?, base.checked_sub(n)?)?;
    Some(TogetherRow {
        first,
        second,
        people: n,
        both,
        among,
        others,
        reverse: share(both, k)?,
        difference: difference(estimate(others), estimate(among)),
        p_adjusted: together::chance(base, pair, decided.compared),
    })
}

fn share(k: u64, n: u64) -> Option<ShareView> {
    let (low, high) = wilson(k, n)?;
    Some(ShareView { value: k as f64 / n as f64, low, high })
}

fn estimate(share: ShareView) -> Estimate {
    Estimate { value: share.value, low: share.low, high: share.high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_told_from_the_area_that_fewer_raised() {
        let told = vec![PairCount { areas: (0, 1), people: [120, 93], both: 41 }];
        let view = view(&Together { base: 300, compared: 66, told }).unwrap();
        let row = &view.rows[0];
        assert_eq!((row.first, row.second, row.people, row.both), (1, 0, 93, 41));
        assert!((row.among.value - 41.0 / 93.0).abs() < 1e-12);
        assert!((row.others.value - 79.0 / 207.0).abs() < 1e-12);
        assert!((row.reverse.value - 41.0 / 120.0).abs() < 1e-12);
        assert!((row.difference.value - (41.0 / 93.0 - 79.0 / 207.0)).abs() < 1e-12);
        assert!(row.difference.low < row.difference.value);
    }

    #[test]
    fn without_a_pair_there_is_no_part() {
        assert!(view(&Together::default()).is_none());
    }
}
