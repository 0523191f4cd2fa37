//! Word lists that tell names and streets from ordinary words.
//!
//! In: a lower-case word. Out: yes or no. Must not know: the rules that ask.
//! The lists are text files beside this one: words between white space, in any order.

use std::sync::LazyLock;

/// Whether a lower-case word is so ordinary that it is no name without a capital.
pub(super) fn is_ordinary(word: &str) -> bool {
    const ENDINGS: [&str; 9] =
        ["ing", "tion", "ment", "ness", "able", "ously", "fully", "ally", "ility"];
    const PLURALS: [&str; 6] = ["ks", "ts", "ps", "gs", "bs", "ves"];
    let inflected = word.len() >= 5 && word.ends_with("ed")
        || word.len() >= 7 && word.ends_with("ly")
        || PLURALS.iter().any(|e| word.len() >= 5 && word.ends_with(e));
    inflected
        || ENDINGS.iter().any(|e| word.len() > e.len() + 2 && word.ends_with(e))
        || ORDINARY.binary_search(&word).is_ok()
}

/// Whether a lower-case word is no name even with a capital, however it is written.
pub(super) fn is_never_a_name(word: &str) -> bool {
    NEVER_A_NAME.binary_search(&word).is_ok()
}

/// Whether a lower-case word cannot stand between a house number and "street".
pub(super) fn is_never_a_street(word: &str) -> bool {
    NO_STREET.binary_search(&word).is_ok()
}

static ORDINARY: LazyLock<Vec<&str>> = LazyLock::new(|| sorted(include_str!("ordinary.txt")));
static NEVER_A_NAME: LazyLock<Vec<&str>> =
    LazyLock::new(|| sorted(include_str!("never_a_name.txt")));
static NO_STREET: LazyLock<Vec<&str>> = LazyLock::new(|| sorted(include_str!("no_street.txt")));

fn sorted(list: &'static str) -> Vec<&'static str> {
    let mut words: Vec<&str> = list.split_whitespace().collect();
    words.sort_unstable();
    words.dedup();
    words
}
