//! The list of words and phrases that the rules know.
//!
//! In: the list's lines. Out: [`Lexicon`]: which kind of phrase begins at a word, and how long it
//! is. Must not know: sentences, stances.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a phrase does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// It praises.
    Praise,
    /// It blames.
    Blame,
    /// It asks for something.
    Request,
    /// It asks for something where it opens a sentence.
    Order,
    /// It turns the next words round.
    Not,
}

/// The headings of the list, in the order in which equally long phrases win.
const HEADINGS: [(&str, Cue); 5] = [
    ("[praise]", Cue::Praise),
    ("[blame]", Cue::Blame),
    ("[request]", Cue::Request),
    ("[order]", Cue::Order),
    ("[not]", Cue::Not),
];

/// Phrases by their first word.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    whole: BTreeMap<&'static str, Vec<Phrase>>,
    /// First words of which the list has the beginning alone.
    begun: BTreeMap<&'static str, Vec<Phrase>>,
}

/// What follows the first word, and what the phrase does.
#[derive(Debug)]
struct Phrase {
    rest: Vec<&'static str>,
    cue: Cue,
}

/// The list that is built in.
pub(super) static ENGLISH: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::of(include_str!("en.txt")));

impl Lexicon {
    fn of(list: &'static str) -> Self {
        let mut lexicon = Lexicon::default();
        let mut cue = None;
        for line in list.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if line.starts_with('[') {
                cue = HEADINGS.iter().find(|(heading, _)| *heading == line).map(|(_, cue)| *cue);
                continue;
            }
            let (Some(cue), mut words) = (cue, line.split(' ')) else { continue };
            let Some(first) = words.next() else { continue };
            let phrase = Phrase { rest: words.collect(), cue };
            match first.strip_suffix('*') {
                Some(stem) => lexicon.begun.entry(stem).or_default().push(phrase),
                None => lexicon.whole.entry(first).or_default().push(phrase),
            }
        }
        lexicon
    }

    /// The longest phrase of each cue that begins at the first of `words`: its number of words, 0
    /// where there is none. In the order of [`Cue`].
    pub(super) fn at(&self, words: &[&str]) -> [usize; 5] {
        let mut longest = [0; 5];
        let Some((first, rest)) = words.split_first() else { return longest };
        let ends = first.char_indices().map(|(at, c)| at + c.len_utf8());
        let begun = ends.filter_map(|end| self.begun.get(&first[..end]));
        for phrase in self.whole.get(first).into_iter().chain(begun).flatten() {
            let fits = phrase.rest.len() <= rest.len()
                && phrase.rest.iter().zip(rest).all(|(of, word)| matches(of, word));
            if fits {
                let best = &mut longest[phrase.cue as usize];
                *best = (*best).max(1 + phrase.rest.len());
            }
        }
        longest
    }
}

fn matches(of: &str, word: &str) -> bool {
    match of.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => of == word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_found_by_itself() {
        let mut cue = None;
        for line in include_str!("en.txt").lines().filter(|l| !l.is_empty()) {
            if let Some((_, of)) = HEADINGS.iter().find(|(heading, _)| *heading == line) {
                cue = Some(*of);
            } else if !line.starts_with('#') {
                let words: Vec<&str> = line.split(' ').map(|w| w.trim_end_matches('*')).collect();
                let found = ENGLISH.at(&words)[cue.unwrap() as usize];
                assert_eq!(found, words.len(), "{line}");
                assert_eq!(line, line.to_lowercase(), "{line}");
            }
        }
    }

    #[test]
    fn the_longest_phrase_counts_and_a_star_stands_for_any_ending() {
        assert_eq!(ENGLISH.at(&["could", "be", "faster"])[Cue::Request as usize], 2);
        assert_eq!(ENGLISH.at(&["thanked"])[Cue::Praise as usize], 1);
        assert_eq!(ENGLISH.at(&["cannot", "fault"])[Cue::Praise as usize], 2);
        assert_eq!(ENGLISH.at(&["lamp"]), [0; 5]);
        assert_eq!(ENGLISH.at(&[]), [0; 5]);
    }
}
