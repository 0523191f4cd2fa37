//! Which texts are encoded together: a window is the unit of work, of batching and of keeping.
//!
//! In: texts. Out: windows of at most [`WINDOW`] texts. A text's numbers depend in the last bits
//! on the batch that it is in; batches are cut inside a window, so they depend on the window's
//! texts alone. The windows are the leaves of a binary tree over (length class, hash of the
//! text): a node of at most [`WINDOW`] texts is a leaf, a larger one is split at its next bit.
//! A text that comes, goes or changes therefore moves its own leaf and no other, or splits or
//! joins it with its neighbour (extendible hashing: Fagin et al. 1979), and the windows are a
//! function of the set of texts, not of their order. The length stands before the hash because
//! batches of like lengths need little padding.
//! Must not know: the engine, the tokenizer, where results are kept.

use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// Texts in a window at most: enough that batches of equal length can be cut from it, few enough
/// that the vectors of all windows under way stay small (128 × 384 × 4 bytes each) and that
/// little is lost with a run that is killed.
pub const WINDOW: usize = 128;

/// Bits of a text's place: five for its length class, 64 of its hash.
const BITS: u32 = 69;

/// Cuts texts into windows of indices: windows of long texts first, so that the last ones are
/// cheap and no worker waits long for another; inside a window by the text.
pub fn cut(texts: &[String]) -> Vec<Vec<usize>> {
    let mut places: Vec<(u128, usize)> =
        texts.par_iter().with_min_len(256).map(|t| place(t)).zip(0..texts.len()).collect();
    places.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| texts[a.1].cmp(&texts[b.1])).then(a.1.cmp(&b.1))
    });
    let mut windows = Vec::new();
    split(&places, BITS, &mut windows);
    windows.par_iter_mut().for_each(|window| {
        window.sort_unstable_by(|&a, &b| texts[a].cmp(&texts[b]).then(a.cmp(&b)));
    });
    windows
}

/// Cuts the texts under one node, of whose places `bits` are not yet decided.
fn split(places: &[(u128, usize)], bits: u32, windows: &mut Vec<Vec<usize>>) {
    if places.len() <= WINDOW || bits == 0 {
        // Only copies of one text can be more than a window where no bit is left.
        windows.extend(places.chunks(WINDOW).map(|w| w.iter().map(|&(_, i)| i).collect()));
        return;
    }
    let bit = 1u128 << (bits - 1);
    let (zeros, ones) = places.split_at(places.partition_point(|(place, _)| place & bit == 0));
    split(zeros, bits - 1, windows);
    split(ones, bits - 1, windows);
}

/// A text's place in the tree: long classes first, then as the hash has it.
fn place(text: &str) -> u128 {
    let hash = Sha256::digest(text.as_bytes());
    let hash = hash.iter().take(8).fold(0u128, |all, &byte| all << 8 | u128::from(byte));
    u128::from(31 - class(text.len())) << 64 | hash
}

/// Length class: four an octave of bytes from 8 to 2,048, the rest at the ends.
fn class(bytes: usize) -> u32 {
    let bytes = bytes.clamp(8, 2047) as u32;
    let octave = bytes.ilog2();
    (octave - 3) * 4 + (bytes >> (octave - 2) & 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn answers(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("answer {i} {}", "and more ".repeat(i * 7 % 23))).collect()
    }

    /// The windows as sets of texts.
    fn sets(texts: &[String]) -> BTreeSet<Vec<String>> {
        let words = |w: Vec<usize>| w.into_iter().map(|i| texts[i].clone()).collect();
        cut(texts).into_iter().map(words).collect()
    }

    #[test]
    fn classes_grow_with_the_length_and_never_pass_the_last() {
        let classes: Vec<u32> = (0..5000).map(class).collect();
        assert!(classes.windows(2).all(|w| w[0] <= w[1] && w[1] - w[0] <= 1));
        assert_eq!((classes[0], classes[4999]), (0, 31));
    }

    #[test]
    fn a_new_text_changes_one_window() {
        let texts = answers(6000);
        let before = sets(&texts);
        for i in 0..5 {
            let mut more = texts.clone();
            more.push(format!("one more answer {i} {}", "about buses ".repeat(i)));
            let new = sets(&more).difference(&before).count();
            assert!(new <= 2, "{new} windows changed");
        }
    }

    #[test]
    fn copies_of_one_text_are_cut_too() {
        let cut = cut(&vec!["the same".to_owned(); 300]);
        assert_eq!(cut.iter().map(Vec::len).collect::<Vec<_>>(), [128, 128, 44]);
    }

    #[test]
    fn most_windows_of_a_large_study_are_more_than_a_quarter_full() {
        let windows = cut(&answers(12_000));
        let full = windows.iter().filter(|w| w.len() > WINDOW / 4).count();
        assert!(full * 10 > windows.len() * 9, "{full} of {}", windows.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn each_text_is_in_one_window_and_order_changes_nothing(
            shapes in proptest::collection::vec((0u8..40, 0usize..60), 0..1500),
        ) {
            let text = |(word, n): (u8, usize)| format!("{word} ").repeat(n);
            let mut texts: Vec<String> = shapes.into_iter().map(text).collect();
            let windows = cut(&texts);
            prop_assert!(windows.iter().all(|w| !w.is_empty() && w.len() <= WINDOW));
            let mut all: Vec<usize> = windows.into_iter().flatten().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..texts.len()).collect::<Vec<_>>());
            let before = sets(&texts);
            texts.reverse();
            prop_assert_eq!(sets(&texts), before);
        }
    }
}
