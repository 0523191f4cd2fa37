//! Which areas the same people raise.
//!
//! In: the pairs that `disclosure` tells and the open counts of their areas. Out: a
//! [`TogetherView`]: each pair told from the area that fewer people raised, as the share of its
//! people who raised the other one, beside the share of everybody else. A function of shown counts
//! alone.
//! Must not know: formats, true counts.

use super::{QuestionView, ShareView, TogetherRow, TogetherView};
use crate::aggregate::interval::wilson;
use crate::codebook::Codebook;
use crate::disclosure::{Pair, ScopeDisclosure, Together, together};
use crate::measure::Estimate;
use crate::measure::difference::difference;
use crate::report::together::sentence;

/// The pairs of a source, where any is told.
pub(super) fn view(whole: &ScopeDisclosure, decided: &Together) -> Option<TogetherView> {
    let rows: Vec<TogetherRow> =
        decided.told.iter().filter_map(|pair| row(whole, pair, decided.compared)).collect();
    (!rows.is_empty()).then_some(TogetherView { compared: decided.compared, rows })
}

/// The strongest tie in a sentence.
pub(super) fn finding(
    book: &Codebook,
    all: &QuestionView,
    unit: &str,
    pairs: &TogetherView,
) -> Option<String> {
    let pair = pairs.rows.first()?;
    let people = all.rows.iter().find(|r| r.theme == pair.first)?.participants.number()?;
    let labels = [pair.first, pair.second].map(|theme| book.themes[theme].label.as_str());
    let often = if pair.difference.value < 0.0 { "less" } else { "more" };
    let told = low(&sentence(people, unit, pair, labels));
    Some(format!("Said together {often} often than chance would have it: {told}"))
}

/// With a small letter at the front.
fn low(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn row(whole: &ScopeDisclosure, pair: &Pair, compared: u64) -> Option<TogetherRow> {
    let count = |theme: usize| whole.themes.get(theme)?.number();
    let (base, a, b) = (whole.base.number()?, pair.areas.0, pair.areas.1);
    let rarer_first = (count(a)?, a) <= (count(b)?, b);
    let (first, second) = if rarer_first { (a, b) } else { (b, a) };
    let (n, k, both) = (count(first)?, count(second)?, pair.both);
    let among = share(both, n)?;
    let others = share(k.checked_sub(both)?, base.checked_sub(n)?)?;
    Some(TogetherRow {
        first,
        second,
        both,
        among,
        others,
        reverse: share(both, k)?,
        difference: difference(estimate(others), estimate(among)),
        p_adjusted: together::chance(base, [n, k], both, compared),
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
    use crate::disclosure::Shown;

    fn whole(base: u64, counts: &[u64]) -> ScopeDisclosure {
        ScopeDisclosure {
            base: Shown::Exactly(base),
            themes: counts.iter().map(|&n| Shown::Exactly(n)).collect(),
            with_copies: vec![false; counts.len()],
            copies: Shown::Exactly(0),
            stances: vec![None; counts.len()],
        }
    }

    #[test]
    fn a_pair_is_told_from_the_area_that_fewer_raised() {
        let told = vec![Pair { areas: (0, 1), both: 41 }];
        let view = view(&whole(300, &[120, 93]), &Together { compared: 66, told }).unwrap();
        let row = &view.rows[0];
        assert_eq!((row.first, row.second, row.both), (1, 0, 41));
        assert!((row.among.value - 41.0 / 93.0).abs() < 1e-12);
        assert!((row.others.value - 79.0 / 207.0).abs() < 1e-12);
        assert!((row.reverse.value - 41.0 / 120.0).abs() < 1e-12);
        assert!((row.difference.value - (41.0 / 93.0 - 79.0 / 207.0)).abs() < 1e-12);
        assert!(row.difference.low < row.difference.value);
    }

    #[test]
    fn without_a_pair_there_is_no_part() {
        assert!(view(&whole(300, &[120, 93]), &Together { compared: 1, told: vec![] }).is_none());
    }
}
