//! Leaf: what somebody thinks of the thing that a sentence is about: praise, criticism, a wish.
//!
//! In: a sentence in English and how its question was put. Out: a [`Stance`]. The rules are a list
//! of words beside this file (polarity words with negation in a window, as in Polanyi and Zaenen
//! 2006 and the tools after them) and the question: "nothing" praises in answer to what should be
//! better, and blames in answer to what was good. Where the words say nothing, the stance is
//! [`Stance::Unclear`]. They know words, not meaning: irony, and a story told without judging
//! words, escape them. How often they agree with people stands in `tests/bench/quality.md`.
//! Must not know: who spoke, themes, counts.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::Serialize;

mod lexicon;
mod read;

pub use read::read;

/// What is thought of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// Praise.
    Positive,
    /// Criticism.
    Negative,
    /// Praise beside criticism or beside a wish.
    Mixed,
    /// Something is asked for.
    Request,
    /// The words do not tell.
    Unclear,
}

impl Stance {
    /// All, in the order of every table.
    pub const ALL: [Stance; 5] =
        [Stance::Positive, Stance::Negative, Stance::Mixed, Stance::Request, Stance::Unclear];

    /// The name in tables.
    pub fn id(self) -> &'static str {
        match self {
            Stance::Positive => "positive",
            Stance::Negative => "negative",
            Stance::Mixed => "mixed",
            Stance::Request => "request",
            Stance::Unclear => "unclear",
        }
    }

    /// The stance of several sentences, or of a person in several answers: praise beside
    /// criticism or a wish is mixed, a wish beside criticism is a wish, and sentences that do not
    /// tell change nothing.
    pub fn together(stances: impl IntoIterator<Item = Stance>) -> Stance {
        let mut seen = [false; 5];
        stances.into_iter().for_each(|s| seen[s as usize] = true);
        let [positive, negative, mixed, request, _] = seen;
        match (positive, negative || request) {
            _ if mixed => Stance::Mixed,
            (true, true) => Stance::Mixed,
            (true, false) => Stance::Positive,
            (false, true) if request => Stance::Request,
            (false, true) => Stance::Negative,
            (false, false) => Stance::Unclear,
        }
    }
}

/// How a question was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asked {
    /// It asks for neither.
    #[default]
    Open,
    /// It asks what was good.
    Good,
    /// It asks what should be better.
    Wish,
}

/// Words of questions that ask what should be better, and of those that ask what was good; a
/// question of both kinds is open.
const PUT: [&str; 2] = [
    r"\b(improve\w*|better|change\w*|different\w*|should|would (make|help|you like)|need\w*|missing|priorit\w*|suggest\w*|recommend\w*|wish\w*)\b",
    r"\b(good|best|well|like most|works?|working|strengths?|appreciat\w*|enjoy\w*|satisfied|proud)\b",
];

/// Words that ask for the bad side: with one of them no question asks for praise alone.
const BAD: &str =
    r"\b(bad|badly|worst|dislike\w*|dissatisfied|concern\w*|problem\w*|challenge\w*|barrier\w*)\b";

static QUESTIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let built = |pattern: &&str| RegexBuilder::new(pattern).case_insensitive(true).build().ok();
    [PUT[0], PUT[1], BAD].iter().filter_map(built).collect()
});

impl Asked {
    /// By the question's wording, in English.
    pub fn of(question: &str) -> Self {
        let found: Vec<bool> = QUESTIONS.iter().map(|q| q.is_match(question)).collect();
        match found.as_slice() {
            [true, false, _] => Asked::Wish,
            [false, true, false] => Asked::Good,
            _ => Asked::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn questions_ask_for_praise_for_wishes_or_for_neither() {
        for (question, asked) in [
            ("What could we do better?", Asked::Wish),
            ("How could we improve?", Asked::Wish),
            ("What would make you feel safer with the police in your neighborhood?", Asked::Wish),
            ("What should the plan change first?", Asked::Wish),
            ("What was good?", Asked::Good),
            ("What is working in how the police and your community work together?", Asked::Good),
            (
                "Tell us about a time the police did something well, or something badly.",
                Asked::Open,
            ),
            ("What did you like best, and what should be different?", Asked::Open),
            ("Anything else?", Asked::Open),
            ("", Asked::Open),
        ] {
            assert_eq!(Asked::of(question), asked, "{question}");
        }
    }

    #[test]
    fn stances_of_sentences_make_one_of_the_answer() {
        use Stance::{Mixed, Negative, Positive, Request, Unclear};
        for (of, whole) in [
            (vec![], Unclear),
            (vec![Unclear, Positive], Positive),
            (vec![Positive, Negative], Mixed),
            (vec![Positive, Request], Mixed),
            (vec![Negative, Request], Request),
            (vec![Negative, Unclear], Negative),
            (vec![Mixed, Negative], Mixed),
        ] {
            assert_eq!(Stance::together(of.iter().copied()), whole, "{of:?}");
        }
    }

    proptest! {
        #[test]
        fn the_order_of_sentences_and_repetitions_change_nothing(
            which in proptest::collection::vec(0usize..5, 0..8),
        ) {
            let of = |w: &usize| Stance::ALL[*w];
            let whole = Stance::together(which.iter().map(of));
            prop_assert_eq!(whole, Stance::together(which.iter().rev().map(of)));
            prop_assert_eq!(whole, Stance::together(which.iter().chain(&which).map(of)));
        }
    }
}
