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

/// Words that end a negation's reach.
const CONTRAST: [&str; 6] = ["but", "however", "although", "though", "except", "apart"];

/// Words that open an answer which says that there is nothing to say.
const NOTHING: [&str; 6] = ["nothing", "none", "no", "nil", "nowt", "not"];

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
fn words(text: &str) -> Vec<&str> {
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
            let bare = found.words == 1 && NOTHING.contains(&word)
                || word == "nothing" && found.words <= 6;
            found.nothing |= bare;
            let paused = words.get(at + not).is_some_and(|w| w.chars().all(is_pause));
            if !(bare && (asked == Asked::Wish || word == "no" && paused)) {
                free = at + not + SCOPE;
                found.negated = true;
            }
            at += not;
        } else {
            let cue = [(praise, Cue::Praise), (blame, Cue::Blame), (request, Cue::Request)];
            let cue = cue.into_iter().find(|(n, _)| *n == longest).map(|(_, cue)| cue);
            found.count(cue.unwrap_or(Cue::Request), at < free, asked);
            at += longest;
        }
    }
    found
}

impl Found {
    fn count(&mut self, cue: Cue, negated: bool, asked: Asked) {
        match (cue, negated) {
            (Cue::Praise, false) => self.praise += 1.0,
            (Cue::Praise, true) | (Cue::Blame, false) => self.blame += 1.0,
            // "Not bad" praises less than "good".
            (Cue::Blame, true) => self.praise += 0.5,
            (Cue::Request, true) => self.content = true,
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
            Asked::Good | Asked::Open => {}
        }
    }
    if praise + blame + requests == 0.0 {
        return match asked {
            _ if found.words == 0 || found.nothing && found.words <= BARE => Stance::Unclear,
            Asked::Good if !found.negated => Stance::Positive,
            Asked::Wish if found.words <= SHORT && !found.telling && !found.negated => {
                Stance::Request
            }
            _ => Stance::Unclear,
        };
    }
    if requests > 0.0 && praise <= blame && (blame <= requests || asked == Asked::Wish) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_are_read_as_a_person_would() {
        use Stance::{Mixed, Negative, Positive, Request, Unclear};
        for (sentence, asked, stance) in [
            ("The officer was polite and patient with my father.", Asked::Open, Positive),
            ("Nobody came and nobody called back.", Asked::Open, Negative),
            ("She listened, but the report was full of mistakes.", Asked::Open, Mixed),
            ("Please get out of the car and walk the block.", Asked::Open, Request),
            ("They should answer the phone.", Asked::Open, Request),
            ("Teach every recruit to wait before shouting.", Asked::Open, Request),
            ("The station moved to Harlow Street in 2019.", Asked::Open, Unclear),
            ("Not helpful.", Asked::Open, Negative),
            ("It wasn\u{2019}t bad.", Asked::Open, Positive),
            ("Nothing", Asked::Wish, Positive),
            ("Nothing, it couldn't be better", Asked::Wish, Positive),
            ("Nothing", Asked::Good, Negative),
            ("Nothing", Asked::Open, Unclear),
            ("Street lights on Quarry Blvd", Asked::Wish, Request),
            ("The foot patrols.", Asked::Good, Positive),
            ("I was on the phone with my mother.", Asked::Wish, Unclear),
            ("", Asked::Wish, Unclear),
        ] {
            assert_eq!(read(sentence, asked), stance, "{sentence} {asked:?}");
        }
    }

    #[test]
    fn words_keep_their_apostrophes_and_pauses_stand_alone() {
        assert_eq!(words("don't, 'stop' - no/one"), ["don't", ",", "stop", "-", "no/one"]);
    }

    proptest! {
        #[test]
        fn any_text_has_a_stance(text in ".{0,80}") {
            for asked in [Asked::Open, Asked::Good, Asked::Wish] {
                let _ = read(&text, asked);
            }
        }
    }

    /// Answers about health services, which people marked from 1 (very positive) to 5. Half of them
    /// were looked at while the list was made, so this is a floor; README gives the other half.
    #[test]
    fn people_mark_answers_as_the_rules_do() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = root.join("../shared/data/nhs_fft/coded.csv");
        let Ok(mut table) = csv::Reader::from_path(&file) else {
            eprintln!("skipped: the answers with marks are not here");
            return;
        };
        let (mut all, mut decided, mut right) = (0u32, 0u32, 0u32);
        for row in table.records().map(Result::unwrap) {
            let (question, text, mark) = (&row[1], &row[2], &row[3]);
            let good = match mark {
                "1" | "2" => true,
                "4" | "5" => false,
                _ => continue,
            };
            all += 1;
            let asked = Asked::of(question);
            let sentences = text.split_inclusive(['.', '!', '?', '\n']).map(|s| read(s, asked));
            match Stance::together(sentences) {
                Stance::Mixed | Stance::Unclear => continue,
                found => right += u32::from((found == Stance::Positive) == good),
            }
            decided += 1;
        }
        println!("{right} of {decided} right, of {all}");
        assert!(f64::from(right) > 0.9 * f64::from(decided), "{right} of {decided}");
        assert!(f64::from(decided) > 0.75 * f64::from(all), "{decided} of {all}");
    }
}
