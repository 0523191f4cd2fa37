//! Leaf: what somebody thinks of the thing that a sentence is about: praise, criticism, a wish.
//!
//! In: a sentence in English and how its question was put. Out: a [`Stance`]. The rules are a list
//! of words beside this file (polarity words with negation in a window, as in Polanyi and Zaenen
//! 2006 and the tools after them) and the question: "nothing" praises in answer to what should be
//! better, and blames in answer to what was good. Where the words say nothing, the stance is
//! [`Stance::Unclear`]. They know words, not meaning: irony is taken at its word, and a story told
//! without judging words is unclear. How often they agree with people stands in README.
//! Must not know: who spoke, themes, counts.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::Serialize;

mod lexicon;
mod read;
#[cfg(test)]
mod tests;

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
    /// It asks what should be better than it is.
    Wish,
    /// It asks what people would like, of things that may not be there.
    Hope,
}

/// How questions are put that ask for one side: what should be better, what people would like, what
/// was good. Any other question, and one that asks for several, is open: so "how satisfied are you",
/// which can be answered either way.
const PUT: [&str; 3] = [
    r"\b(what|how|where|which|anything)\b.*\b(could|can|should|would|might|needs? to)\b.*\b(improved?|better|change[ds]?|different(ly)?)\b",
    r"\bwhat\b.*\b(would|could) (make|help)\b|\bwhat\b.*\bwould you (like|want|wish)\b|\bwhat\b.*\b(is|are) (missing|needed)\b|\bwhat do you (need|want|wish)\b",
    r"\bwhat (was|is|were|are|did you find|went|goes|works?)\b[^?]*\b(good|best|well|working)\b|\bwhat\b.*\bdo?(id)? you (most |really )?(like|enjoy|appreciate|value)\b",
];

/// Words that turn a question round or ask for the other side too.
const NOT: &str = r"\b(not|n.t|against|stops?|stopped|prevents?|bad|badly|worst|dislike\w*|less|problem\w*|concern\w*|challenge\w*|barrier\w*|if at all)\b";

static QUESTIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let built = |pattern: &&str| RegexBuilder::new(pattern).case_insensitive(true).build().ok();
    [PUT[0], PUT[1], PUT[2], NOT].iter().filter_map(built).collect()
});

impl Asked {
    /// By the question's wording, in English.
    pub fn of(question: &str) -> Self {
        let found: Vec<bool> = QUESTIONS.iter().map(|q| q.is_match(question)).collect();
        match found.as_slice() {
            [true, _, false, false] => Asked::Wish,
            [false, true, false, false] => Asked::Hope,
            [false, false, true, false] => Asked::Good,
            _ => Asked::Open,
        }
    }
}
