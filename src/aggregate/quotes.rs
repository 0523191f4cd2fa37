//! Candidate quotes: which of a theme's sentences could stand in a report.
//!
//! In: the codable responses of one source. Out: for each theme a few segments, exact pieces of
//! redacted text, at most one a participant. Rules keep out what could point to a person: a
//! segment with a redaction label, a digit, or a capitalised word inside a sentence is no
//! candidate, nor is anything of an answer that somebody should follow up. A person still has to
//! release them.
//! Must not know: formats, who is shown what.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::tally::Member;
use crate::codebook::Codebook;
use crate::follow_up::is_flagged;

/// Quotes kept a theme and source, the first that a report shows.
const KEPT: usize = 3;

/// Candidates kept a theme and source with those that stand behind a theme's number.
const FURTHER: usize = 10;

/// Candidates of a theme that are looked at beyond those: so many may say the same.
const ALIKE: usize = 1_000;

/// Words of a candidate: shorter ones say nothing, longer ones nobody reads.
const WORDS: std::ops::RangeInclusive<usize> = 5..=45;

/// One candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The response's id and the segment's number: `R-0012:Q1/2`.
    pub id: String,
    /// The words.
    pub text: String,
    /// How clearly it carries the theme.
    pub score: f32,
}

/// The best candidates of each theme that has any, in the codebook's order. A participant is
/// quoted once in the whole source: the theme that comes first takes the sentence. When each theme
/// has had its turn for a few, they take turns for one more until none finds any.
pub(super) fn candidates(members: &[Member<'_>], codebook: &Codebook) -> Vec<(usize, Vec<Quote>)> {
    // No more can be passed over than are quoted elsewhere, those who say the same apart.
    let enough = FURTHER * codebook.themes.len() + ALIKE;
    let found = (0..codebook.themes.len()).map(|theme| {
        let mut found = found(members, theme);
        found.truncate(enough);
        found.into_iter()
    });
    let mut found: Vec<std::vec::IntoIter<(usize, Quote)>> = found.collect();
    let mut kept: Vec<Vec<Quote>> = vec![Vec::new(); codebook.themes.len()];
    let mut quoted: BTreeSet<usize> = BTreeSet::new();
    for most in std::iter::once(KEPT).chain(KEPT + 1..=FURTHER) {
        for (found, kept) in found.iter_mut().zip(&mut kept) {
            while kept.len() < most
                && let Some((participant, quote)) = found.next()
            {
                let said = kept.iter().any(|k| k.text.eq_ignore_ascii_case(&quote.text));
                if !said && quoted.insert(participant) {
                    kept.push(quote);
                }
            }
        }
    }
    kept.into_iter().enumerate().filter(|(_, quotes)| !quotes.is_empty()).collect()
}

/// Every segment of a theme that the rules allow, with its participant, the best first.
fn found(members: &[Member<'_>], theme: usize) -> Vec<(usize, Quote)> {
    let mut found: Vec<(usize, Quote)> = Vec::new();
    for member in members.iter().filter(|m| !m.copy) {
        let codings = member.codings.iter().filter(|c| c.theme == theme);
        for &(number, score) in codings.flat_map(|c| &c.evidence) {
            let segment = &member.response.segments[number as usize];
            let range = segment.bytes.start as usize..segment.bytes.end as usize;
            let text = member.response.text.as_str()[range].trim();
            if may_be_quoted(text) && !is_flagged(member.response.text.as_str()) {
                let id = format!("{}/{}", member.response.id, number + 1);
                found.push((member.participant, Quote { id, text: text.to_owned(), score }));
            }
        }
    }
    found.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    found
}

/// Whether the rules allow a segment as a quote.
fn may_be_quoted(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    WORDS.contains(&words.len())
        && !text.contains(['[', ']', '@'])
        && !text.chars().any(char::is_numeric)
        && words.iter().skip(1).all(|w| !may_be_a_name(w))
        && !first_may_be_a_name(&words)
}

/// Capitalised words that are no names of people, streets or places.
const COMMON: [&str; 12] =
    ["I", "I'm", "I've", "I'd", "I'll", "Im", "Ive", "OK", "TV", "PD", "LPD", "CIT"];

fn may_be_a_name(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.chars().next().is_some_and(char::is_uppercase)
        && !COMMON.contains(&bare.replace('’', "'").as_str())
}

/// A first word is capitalised because it is first: it is no name where it is an ordinary word.
/// A possessive may be a name in lower case too.
fn first_may_be_a_name(words: &[&str]) -> bool {
    let Some(first) = words.first() else { return false };
    let lower = first.to_lowercase().replace('’', "'");
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if !may_be_a_name(first) && !bare.ends_with("'s") {
        return false;
    }
    let joined = bare.replace('\'', "");
    let known = |w: &str| ORDINARY.contains(w);
    !known(bare) && !known(&joined) && !OPENINGS.contains(&bare)
}

/// Ordinary English words that a sentence may begin with.
static ORDINARY: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let lists = [include_str!("../prepare/function_words.txt"), include_str!("openings.txt")];
    lists.into_iter().flat_map(str::split_whitespace).collect()
});

const OPENINGS: [&str; 8] =
    ["it's", "that's", "there's", "he's", "she's", "what's", "let's", "who's"];

#[cfg(test)]
mod tests {
    use super::may_be_quoted;

    #[test]
    fn sentences_that_may_point_to_a_person_are_no_quotes() {
        assert!(may_be_quoted("They took two hours and nobody said sorry."));
        assert!(may_be_quoted("I think I'd call more if somebody came."));
        for no in [
            "too short",
            "Call me at [PHONE] when you have news please",
            "It was at the corner by Kowalski and nobody came",
            "It happened in 2019 and they never came back",
            "Marta's son was stopped again on the way home",
            "marta’s son was stopped again on the way home",
            "Kowalski told me it takes far too long",
        ] {
            assert!(!may_be_quoted(no), "{no}");
        }
    }
}
