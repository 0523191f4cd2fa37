//! Which texts share a forward pass: pure arithmetic over lengths.
//!
//! In: token counts. Out: ranges. The padded cost of a batch, rows × longest
//! row, stays within a token budget, so that activations stay in the processor's cache and short
//! texts do not pay for long ones (token-budget batching as in serving systems; the padded cost
//! is charged, not the sum). Must not know: the engine, the tokenizer.

use std::ops::Range;

/// Padded tokens in one forward pass. Measured: with activations of 384 numbers a token, budgets
/// of 512 to 2,048 are within 5 % of each other on one thread; larger ones leave the cache.
pub const TOKEN_BUDGET: usize = 1024;

/// What a forward pass costs beside its tokens, in tokens.
const PASS: usize = 16;

/// Cuts `lengths`, which must not increase, into consecutive batches whose padded cost stays
/// within `budget`, at the least cost over all batches (dynamic programming over the last cut). A
/// text longer than the budget is a batch of its own.
pub fn cut(lengths: &[usize], budget: usize) -> Vec<Range<usize>> {
    // The least cost of the first `end` texts, and where their last batch begins.
    let mut least = vec![(0, 0)];
    for end in 1..=lengths.len() {
        let mut best = (usize::MAX, end);
        for start in (0..end).rev() {
            let padded = (end - start) * lengths[start].max(1);
            if padded > budget && end - start > 1 {
                break;
            }
            best = best.min((least[start].0 + padded + PASS, start));
        }
        least.push(best);
    }
    let mut batches = Vec::new();
    let mut end = lengths.len();
    while end > 0 {
        batches.push(least[end].1..end);
        end = least[end].1;
    }
    batches.reverse();
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn batches_hold_each_text_once_and_stay_within_the_budget(
            mut lengths in proptest::collection::vec(1usize..300, 0..400),
            budget in 1usize..4096,
        ) {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            let batches = cut(&lengths, budget);
            let flat: Vec<usize> = batches.iter().cloned().flatten().collect();
            prop_assert_eq!(flat, (0..lengths.len()).collect::<Vec<_>>());
            for b in batches {
                let cost = b.len() * lengths[b.start];
                prop_assert!(cost <= budget || b.len() == 1);
            }
        }

        #[test]
        fn no_fuller_batches_cost_less(mut lengths in proptest::collection::vec(1usize..90, 1..300)) {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            let cost = |batches: &[Range<usize>]| -> usize {
                batches.iter().map(|b| b.len() * lengths[b.start] + PASS).sum()
            };
            let mut full = Vec::new();
            let mut start = 0;
            while start < lengths.len() {
                let end = (start + TOKEN_BUDGET / lengths[start]).min(lengths.len());
                full.push(start..end);
                start = end;
            }
            prop_assert!(cost(&cut(&lengths, TOKEN_BUDGET)) <= cost(&full));
        }
    }
}
