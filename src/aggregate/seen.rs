//! Answers of the gold sample that the model has learned from elsewhere: a table under another
//! name, or with other ids.
//!
//! In: the corpus, the gold sample, what the model has seen. Out: the sample without the people
//! whose answers were learned, and a warning; an error where that is most of it, because then the
//! sample measures nothing. An answer counts as learned where the model has seen its words and
//! nobody else in the study wrote them: short answers of different people are often alike, and a
//! model that has learned them from others knows them everywhere, not in the sample alone.
//! Must not know: verdicts, what may be shown.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::classify::learned::lexical::normalised;
use crate::gold::{Error, Gold};
use crate::model::Seen;
use crate::prepare::{Corpus, Disposition, Prepared};

/// Learned answers from which a sample is refused, where they are most of it.
const SOME: usize = 5;

/// Leaves out whom the model has learned from. `None`: nobody.
///
/// # Errors
/// [`Error::Learned`] where that is more than half of what can be told.
pub fn unseen(corpus: &Corpus, gold: &Gold, seen: &Seen) -> Result<Option<(Gold, String)>, Error> {
    let codable = |r: &&Prepared| r.disposition == Disposition::Codable;
    let of_gold = |r: &&Prepared| gold.answers.contains_key(&r.id);
    let coded: Vec<(&str, String)> = corpus
        .responses
        .iter()
        .filter(codable)
        .filter(of_gold)
        .map(|r| (r.id.as_str(), normalised(r.text.as_str())))
        .collect();
    if !coded.iter().any(|(_, words)| seen.holds(words)) {
        return Ok(None);
    }
    let wanted: BTreeSet<&str> = coded.iter().map(|(_, words)| words.as_str()).collect();
    let all: Vec<String> = corpus
        .responses
        .par_iter()
        .filter(codable)
        .map(|r| normalised(r.text.as_str()))
        .filter(|words| wanted.contains(words.as_str()))
        .collect();
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    all.iter().for_each(|words| *written.entry(words).or_default() += 1);
    let alone: Vec<&(&str, String)> =
        coded.iter().filter(|(_, words)| written.get(words.as_str()) == Some(&1)).collect();
    let learned: BTreeSet<&str> =
        alone.iter().filter(|(_, words)| seen.holds(words)).map(|(id, _)| *id).collect();
    match learned.len() {
        0 => Ok(None),
        n if n >= SOME && 2 * n > alone.len() => {
            Err(Error::Learned { learned: n, answers: coded.len() })
        }
        n => {
            let (people, answers) =
                if n == 1 { ("person", "answer") } else { ("people", "answers") };
            let told = format!(
                "the model has learned from {n} {answers} of the gold sample, in a table from elsewhere; \
                 the {people} who gave them are left out of what measures it"
            );
            Ok(Some((gold.without(&learned), told)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::codable;

    /// A study of these answers, `0`, `1`, …, of which the first `n` are coded.
    fn study(answers: &[&str], n: usize) -> (Corpus, Gold) {
        let texts: Vec<String> = answers.iter().map(|t| (*t).to_owned()).collect();
        let gold = Gold {
            design: None,
            answers: (0..n).map(|i| (i.to_string(), vec![0])).collect(),
            themes: vec![0],
            coders: Vec::new(),
            ratings: BTreeMap::new(),
            files: Vec::new(),
            warnings: Vec::new(),
        };
        (codable(&texts), gold)
    }

    const ANSWERS: [&str; 12] = [
        "The lamps at the park are broken.",
        "Nobody came when I called twice.",
        "More patrols",
        "They listened to my mother.",
        "The bus stop is dark at night.",
        "I saw an officer on foot.",
        "Too many forms to fill in.",
        "The phone line was always busy.",
        "more patrols!",
        "Speeding on the long street.",
        "Dogs bark and nobody cares.",
        "The station is far away.",
    ];

    #[test]
    fn a_few_learned_answers_are_left_out_and_counted() {
        let (corpus, gold) = study(&ANSWERS, 8);
        let seen = Seen::of("s", ["nobody came when i called twice"].into_iter());
        let (left, told) = unseen(&corpus, &gold, &seen).unwrap().unwrap();
        assert_eq!(left.answers.len(), 7);
        assert!(!left.answers.contains_key("1"));
        assert!(
            told.starts_with("the model has learned from 1 answer of the gold sample"),
            "{told}"
        );
    }

    #[test]
    fn words_that_several_people_wrote_say_nothing() {
        let (corpus, gold) = study(&ANSWERS, 8);
        let seen = Seen::of("s", ["more patrols", "something else"].into_iter());
        assert!(unseen(&corpus, &gold, &seen).unwrap().is_none());
    }

    #[test]
    fn a_sample_of_which_most_was_learned_is_refused() {
        let (corpus, gold) = study(&ANSWERS, 8);
        let words: Vec<String> = ANSWERS[..6].iter().map(|t| normalised(t)).collect();
        let seen = Seen::of("s", words.iter().map(String::as_str));
        let error = unseen(&corpus, &gold, &seen).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the model has learned from 5 of the 8 answers of the gold sample, which measures it"
        );
        assert!(error.hint().unwrap().contains("--for training"));
    }
}
