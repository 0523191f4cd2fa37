//! One sentence's stance, by its words.
//!
//! In: a sentence, how its question was put. Out: a [`Stance`]. Must not know: the list's lines.

use super::lexicon::{Cue, ENGLISH};
use super::{Asked, Stance};

/// Words after a negation that it turns round, unless a pause or a contrast comes first.
const SCOPE: usize = 4;

/// Words of an answer that may name a wish without a verb, such as "street lights".
const SHORT: usize = 8;

/// Words behind which a bare "nothing" is no longer all that an answer says.
const BARE: usize = 4;

/// Words after which another one can still open a sentence.
const OPENING: [&str; 14] = [
    "to", "please", "just", "and", "also", "then", "first", "second", "third", "or", "so", "maybe",
    "perhaps", "kindly",
];

/// Words by which a negated wish says that all is well: nothing could be better.
const MORE: [&str; 14] = [
    "better",
    "more",
    "improve",
    "improved",
    "improvement",
    "improvements",
    "change",
    "ask",
    "could",
    "suggest",
    "suggestion",
    "faster",
    "quicker",
    "different",
];

/// Negations of somebody who did not do a thing: where nothing else is turned round, they blame.
const NOBODY: [&str; 4] = ["never", "nobody", "none", "neither"];

/// Words that end a negation's reach.
const CONTRAST: [&str; 6] = ["but", "however", "although", "though", "except", "apart"];

/// Words that open an answer which says that there is nothing to say.
const NOTHING: [&str; 6] = ["nothing", "none", "no", "nil", "nowt", "not"];

/// Words behind a "nothing" that does something, and is no answer by itself.
const DOES: [&str; 14] = [
    "they", "he", "she", "it", "you", "the", "gets", "ever", "happens", "happened", "has", "was",
    "is", "changes",
];

/// Signs that somebody tells what was, and does not name a wish.
const TELLING: [&str; 29] = [
    "was", "were", "had", "did", "felt", "made", "came", "went", "got", "took", "said", "gave",
    "kept", "told", "is", "are", "has", "always", "because", "i", "we", "he", "she", "my", "our",
    "his", "her", "one", "idk",
];

/// What was found in a sentence.
#[derive(Debug, Default)]
struct Found {
    words: usize,
    praise: f32,
    blame: f32,
    requests: f32,
    /// It says that there is nothing.
    nothing: bool,
    /// A wish is denied: nothing could be better.
    content: bool,
    /// It tells of something.
    telling: bool,
    /// Something is negated.
    negated: bool,
}

/// The stance of a sentence.
pub fn read(sentence: &str, asked: Asked) -> Stance {
    let lower = sentence.to_lowercase().replace('\u{2019}', "'");
    decide(&scan(&words(&lower), asked), asked)
}

/// Words and pauses.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric() || is_pause(c)) {
        rest = &rest[start..];
        let mut letters = rest.char_indices().peekable();
        let first = letters.next().map_or(' ', |(_, c)| c);
        let mut end = first.len_utf8();
        if !is_pause(first) {
            while let Some((at, c)) = letters.next() {
                let inside = c == '\'' && letters.peek().is_some_and(|(_, c)| c.is_alphabetic());
                if !(c.is_alphanumeric() || c == '/' || inside) {
                    break;
                }
                end = at + c.len_utf8();
            }
        }
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    words
}

fn is_pause(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '(' | ')' | '–' | '—' | '-')
}

fn scan(words: &[&str], asked: Asked) -> Found {
    let mut found = Found::default();
    // The first word that no negation reaches any more.
    let mut free = 0;
    let mut opening = true;
    let mut nobody = false;
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        if word.chars().all(is_pause) {
            free = 0;
            at += 1;
            continue;
        }
        found.words += 1;
        found.telling |= TELLING.contains(&word) || word.ends_with("ed");
        if CONTRAST.contains(&word) {
            free = 0;
        }
        let [praise, blame, request, order, not] = ENGLISH.at(&words[at..]);
        if opening && order > 0 {
            found.requests += 1.0;
            opening = false;
            at += order;
            continue;
        }
        opening &= OPENING.contains(&word);
        let longest = praise.max(blame).max(request);
        if longest == 0 && not == 0 {
            at += 1;
        } else if not >= longest {
            let next = words.get(at + not);
            let paused = next.is_none_or(|w| w.chars().all(is_pause));
            let bare = match word {
                "no" | "not" => found.words == 1 && paused,
                "nothing" => found.words <= 2 && next.is_none_or(|w| !DOES.contains(w)),
                _ => found.words == 1 && NOTHING.contains(&word),
            };
            found.nothing |= bare;
            if !(bare && (asked == Asked::Wish || word == "no")) {
                free = at + not + if word == "nothing" { 2 * SCOPE } else { SCOPE };
                found.negated = true;
                nobody |= NOBODY.contains(&word) && !bare && (at == 0 || words[at - 1] != "i");
            }
            at += not;
        } else {
            let cue = [(praise, Cue::Praise), (blame, Cue::Blame), (request, Cue::Request)];
            let cue = cue.into_iter().find(|(n, _)| *n == longest).map(|(_, cue)| cue);
            let more = words[at..at + longest].iter().any(|w| MORE.contains(w));
            found.count(cue.unwrap_or(Cue::Request), at < free, more, asked);
            nobody &= at >= free;
            at += longest;
        }
    }
    found.blame += f32::from(nobody);
    found
}

impl Found {
    /// `more`: the phrase speaks of what could be better.
    fn count(&mut self, cue: Cue, negated: bool, more: bool, asked: Asked) {
        match (cue, negated) {
            (Cue::Praise, false) => self.praise += 1.0,
            (Cue::Praise, true) | (Cue::Blame, false) => self.blame += 1.0,
            // "Not bad" praises less than "good".
            (Cue::Blame, true) => self.praise += 0.5,
            (Cue::Request, true) if more => self.content = true,
            // What is asked for does not happen.
            (Cue::Request, true) => self.blame += 1.0,
            (Cue::Request, false) if self.nothing && asked == Asked::Wish => self.content = true,
            (Cue::Request | Cue::Order | Cue::Not, _) => self.requests += 1.0,
        }
    }
}

fn decide(found: &Found, asked: Asked) -> Stance {
    let (praise, blame, requests) =
        (found.praise + f32::from(found.content), found.blame, found.requests);
    if found.nothing && found.blame == 0.0 && requests == 0.0 {
        match asked {
            Asked::Wish => return Stance::Positive,
            Asked::Good if found.praise == 0.0 => return Stance::Negative,
            Asked::Good | Asked::Open | Asked::Hope => {}
        }
    }
    let short = found.words <= SHORT && !found.telling && !found.negated;
    if asked == Asked::Hope && short && found.words > 0 && blame == 0.0 {
        // Whoever is asked what would help and names "friendly officers" does not praise them.
        return Stance::Request;
    }
    if praise + blame + requests == 0.0 {
        return match asked {
            _ if found.words == 0 || found.nothing && found.words <= BARE => Stance::Unclear,
            Asked::Good if short => Stance::Positive,
            Asked::Wish if short => Stance::Request,
            _ => Stance::Unclear,
        };
    }
    if requests > 0.0
        && praise <= blame
        && (blame <= requests || matches!(asked, Asked::Wish | Asked::Hope))
    {
        return Stance::Request;
    }
    if requests > 0.0 && blame == 0.0 {
        return if praise > requests { Stance::Positive } else { Stance::Request };
    }
    if praise > blame {
        return if praise < 2.0 * blame { Stance::Mixed } else { Stance::Positive };
    }
    if praise < blame {
        return if blame < 2.0 * praise { Stance::Mixed } else { Stance::Negative };
    }
    Stance::Mixed
}
