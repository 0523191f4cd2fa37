//! The words of an answer as numbered buckets, so that a model can count them without keeping them.
//!
//! In: redacted text. Out: a [`Bag`]: for each bucket how often its words stand in the text. Words
//! and pairs of neighbouring words are hashed (FNV-1a) into 2²⁰ buckets, the "hashing trick" of
//! Weinberger et al. 2009: no list of words exists, here or in a model's folder.
//! Must not know: themes, weights, files.

use std::collections::BTreeMap;

use crate::classify::background::fnv1a;

/// Bits of a bucket's number.
const BITS: u32 = 20;

/// Buckets, ascending, each with `1 + ln(count)`.
pub type Bag = Vec<(u32, f32)>;

/// The bag of a text.
pub fn bag(text: &str) -> Bag {
    let words = words(text);
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for word in &words {
        *counts.entry(bucket(word)).or_default() += 1;
    }
    for pair in words.windows(2) {
        *counts.entry(bucket(&pair.join(" "))).or_default() += 1;
    }
    counts.into_iter().map(|(b, n)| (b, 1.0 + (n as f32).ln())).collect()
}

/// A text as its words in lower case between single spaces: two texts that share it are the same
/// answer for all that a coder is concerned.
pub fn normalised(text: &str) -> String {
    words(text).join(" ")
}

/// Runs of letters and digits in lower case; an apostrophe inside a word is left out.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        match c {
            '\'' | '’' | '‘' | '`' => {}
            c if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            _ if !word.is_empty() => words.push(std::mem::take(&mut word)),
            _ => {}
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn bucket(words: &str) -> u32 {
    let hash = fnv1a(words.as_bytes());
    // The upper half is folded in: FNV's low bits alone depend on few of the last letters.
    (hash ^ hash >> 32) as u32 & ((1 << BITS) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_pairs_are_counted_whatever_their_case_and_punctuation() {
        let a = bag("Too slow, too SLOW!");
        // too, slow, "too slow" twice each; "slow too" once
        let counts: Vec<f32> = a.iter().map(|&(_, n)| n).collect();
        assert_eq!(counts.iter().filter(|&&n| n > 1.6).count(), 3);
        assert_eq!(counts.iter().filter(|&&n| n == 1.0).count(), 1);
        assert_eq!(a, bag("too slow — too slow"));
    }

    #[test]
    fn an_apostrophe_does_not_tear_a_word() {
        assert_eq!(normalised("They DON’T care — at all! "), "they dont care at all");
        assert!(bag(" … ").is_empty());
    }

    #[test]
    fn buckets_are_even_enough_that_few_of_many_words_meet() {
        let mut seen = std::collections::BTreeSet::new();
        let met = (0..20_000).filter(|i| !seen.insert(bucket(&format!("word{i}")))).count();
        // 20,000 balls in 2^20 urns: about 190 are expected to meet
        assert!(met < 300, "{met}");
    }
}
