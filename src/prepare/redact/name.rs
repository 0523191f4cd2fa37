//! Names of people, found by the words in front of them: ranks, titles, "my name is", "my son".
//!
//! In: text. Out: finds that cover the name and leave the rank. Must not know: the other rules.
//!
//! Capitals are the strongest sign. Where they say nothing (everything in capitals, nothing in
//! capitals), a word counts as a name only when it is no ordinary word behind such a cue.
//! Names without a cue ("Pruitt was rude") are not found.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Find, before, lexicon};
use crate::text::Mark;

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test run")]
fn pattern(p: &str) -> Regex {
    Regex::new(p).expect("constant pattern")
}

/// Captures: 1 the rank or title. What follows is read by [`name_at`].
static RANK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?-u:\b)(?:
          (officers?|sergeants?|lieutenants?|captains?|corporal|detectives?|deputy|deputies|commanders?|chief|superintendent|agents?|inspector|troopers?|sheriff
           |mister|miss|doctor|professor|alderman|alderwoman|alderperson|councilman|councilwoman|councilmember|mayor|judge|pastor|reverend|father|rabbi|imam
           |oficial|oficiales|agente|sargento|teniente|capit[áa]n|comandante|señora|señor|señorita|doña|don|padre|doctora)[\x20\t]+
         |(ofc|sgts?|lts?|lieut|capt|cpl|dets?|det|dep|cmdr|cmdr|supt|insp|p\.?o|mr|mrs|ms|mx|dr|prof|ald|rev|fr|hon|sra?|srta|dra|ofcr)(?:\.[\x20\t]*|[\x20\t]+))",
    )
});

/// "My name is" and its kin. The second group wants a capital.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?-u:\b)(?:
          (my\x20(?:full\x20|first\x20|last\x20|sur)?name(?:\x20is|['’]?s|\x20was|:)|me\x20llamo|mi\x20nombre\x20es|i(?:['’]m|\x20am)\x20called|name:)
         |((?:his|her|their|whose|officer['’]?s|son['’]?s|daughter['’]?s|the)\x20(?:last\x20|first\x20|sur)?names?\x20(?:is|was|are|were)|named|name\x20of|goes\x20by|se\x20llama|su\x20nombre\x20es|signed,?|sincerely,?|att?n:?|this\x20is|(?:call|text|email|reach|contact)\x20me,)
         )\s+",
    )
});

/// Family and friends, then a capitalised name.
static KIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?-u:\b)(?i:my|our|his|her|their|mi)\s(?:\p{Ll}+\s)?(?:
          (?i:son|daughter|brother|sister|husband|wife|boyfriend|girlfriend|partner|mother|father|mom|mum|dad|uncle|aunt|auntie|cousin|nephew|niece|grandson|granddaughter|grandmother|grandfather|friend|neighbou?r|roommate|coworker|co-worker|boss|landlord|tenant|client|supervisor|teacher|student|hijo|hija|hermano|hermana|esposo|esposa|vecino|vecina|amigo|amiga|primo|prima|sobrino|sobrina)),?\s",
    )
});

/// Finds names behind a cue.
pub(super) fn find(text: &str, found: &mut Vec<Find>) {
    ranks(text, found);
    for hit in NAMED.captures_iter(text) {
        let Some(cue) = hit.get(0) else { continue };
        let style = if hit.get(1).is_some() && !is_shouted(cue.as_str()) {
            Style::Any
        } else if hit.get(1).is_some() {
            Style::Shouted
        } else {
            Style::Capital
        };
        let name = name_at(text, cue.end(), style);
        let speaking =
            |b: &Range<usize>| !is_this_is(cue.as_str()) || is_on_the_phone(&text[b.end..]);
        if let Some(name) = name.filter(speaking) {
            push(joined_name(text, name.end, Style::Capital), found);
            push(Some(name), found);
        }
    }
    for cue in KIN.find_iter(text) {
        if !is_shouted(cue.as_str()) {
            push(name_at(text, cue.end(), Style::Capital), found);
        }
    }
}

fn ranks(text: &str, found: &mut Vec<Find>) {
    for hit in RANK.captures_iter(text) {
        let Some(cue) = hit.get(0) else { continue };
        let word = cue.as_str().trim_end_matches([' ', '\t', '.']);
        if before(text, cue.start()).is_some_and(|c| c.is_alphanumeric() || c == '\'' || c == '’')
        {
            continue;
        }
        let Some(style) = style_after(word) else { continue };
        let mut name = name_at(text, cue.end(), style);
        let several = word.ends_with(['s', 'S']) && word.len() > 3;
        while let Some(bytes) = name {
            let end = bytes.end;
            push(Some(bytes), found);
            name = if several { joined_name(text, end, style) } else { None };
        }
    }
}

fn push(name: Option<Range<usize>>, found: &mut Vec<Find>) {
    found.extend(name.map(|bytes| Find { mark: Mark::Name, bytes }));
}

/// "Officers Pruitt and Diaz", "named Ruth or Ruthie": the second name.
fn joined_name(text: &str, at: usize, style: Style) -> Option<Range<usize>> {
    let joint = [", and ", " and ", " & ", ", ", " or ", " y "]
        .into_iter()
        .find(|j| text[at..].starts_with(j))?;
    name_at(text, at + joint.len(), style)
}

/// How a name must be written to be taken for one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A capital first.
    Capital,
    /// Everything is in capitals: no ordinary word.
    Shouted,
    /// No capital needed, one word: no ordinary word.
    Lower,
    /// The same, two words.
    Any,
}

/// What a name after this rank may look like; `None` where the word is not used as a rank.
fn style_after(rank: &str) -> Option<Style> {
    let low = rank.to_lowercase();
    if is_shouted(rank) && low.len() > 2 {
        return Some(Style::Shouted);
    }
    let capital_only = matches!(
        low.as_str(),
        "don" | "miss" | "doña" | "father" | "padre" | "fr" | "hon" | "po" | "p.o" | "dep" | "rev"
    );
    if capital_only
        && low != "father"
        && low != "padre"
        && low != "don"
        && low != "doña"
        && rank == low
    {
        return None;
    }
    let often_lower = matches!(
        low.as_str(),
        "officer"
            | "ofc"
            | "ofcr"
            | "sgt"
            | "sergeant"
            | "lt"
            | "lieutenant"
            | "detective"
            | "deputy"
            | "mr"
            | "mrs"
            | "mister"
            | "señora"
            | "oficial"
    );
    Some(if often_lower { Style::Lower } else { Style::Capital })
}

fn is_shouted(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(char::is_uppercase)
}

fn is_this_is(cue: &str) -> bool {
    cue.trim_end().eq_ignore_ascii_case("this is")
}

fn is_on_the_phone(behind: &str) -> bool {
    let behind = behind.trim_start();
    ["speaking", "calling", "writing", "here,", "here."].iter().any(|w| behind.starts_with(w))
}

/// Reads a name of up to three words that starts at `at`.
fn name_at(text: &str, at: usize, style: Style) -> Option<Range<usize>> {
    let first_is_capital = word_at(text, at).is_some_and(|w| is_capital(&text[w]));
    let style = if style == Style::Lower && first_is_capital { Style::Capital } else { style };
    let most = match style {
        Style::Capital => 3,
        Style::Shouted | Style::Any => 2,
        Style::Lower => 1,
    };
    let mut end = None;
    let (mut pos, mut n) = (at, 0);
    while n < most {
        let Some(word) = word_at(text, pos) else { break };
        let shown = &text[word.clone()];
        if is_initial(shown) {
            let dot = usize::from(text[word.end..].starts_with('.'));
            pos = word.end + dot + spaces(&text[word.end + dot..]);
            if pos == word.end + dot {
                break;
            }
            continue;
        }
        if is_particle(shown)
            && word_at(text, word.end + spaces(&text[word.end..]))
                .is_some_and(|w| is_capital(&text[w]))
        {
            pos = word.end + spaces(&text[word.end..]);
            continue;
        }
        if !fits(shown, &text[word.end..], style, n) {
            break;
        }
        end = Some(word.end);
        n += 1;
        pos = word.end + spaces(&text[word.end..]);
        if pos == word.end {
            break;
        }
    }
    end.map(|end| at..end)
}

/// Whether a word can be (the next part of) a name.
fn fits(word: &str, behind: &str, style: Style, n: usize) -> bool {
    let low = word.to_lowercase();
    if word.chars().count() < 2 || lexicon::is_never_a_name(&low) {
        return false;
    }
    let plain =
        !lexicon::is_ordinary(&low) && word.chars().count() > 2 && !starts_contraction(behind);
    match style {
        Style::Capital => is_capital(word) && (n == 0 || !is_shouted(word) || word.len() > 3),
        Style::Shouted => plain,
        Style::Lower => plain,
        Style::Any => is_capital(word) || plain,
    }
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

fn is_initial(word: &str) -> bool {
    word.chars().count() == 1 && is_capital(word) && word != "I" && word != "A"
}

fn is_particle(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "de" | "la"
            | "del"
            | "las"
            | "los"
            | "van"
            | "von"
            | "der"
            | "di"
            | "da"
            | "al"
            | "el"
            | "bin"
            | "st"
    )
}

/// "didn't": the apostrophe goes on with t, d, ll, ve or re.
fn starts_contraction(behind: &str) -> bool {
    let mut chars = behind.chars();
    matches!(chars.next(), Some('\'' | '’'))
        && matches!(chars.next(), Some('t' | 'd' | 'l' | 'v' | 'r' | 'T' | 'D' | 'L' | 'V' | 'R'))
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\u{a0}']).len()
}

/// The word at a position: letters, with O'Brien and Amankwah-Pike in one piece.
fn word_at(text: &str, at: usize) -> Option<Range<usize>> {
    let mut end = at;
    let mut chars = text[at..].char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let inner = matches!(c, '\'' | '’' | '-')
            && i > 0
            && chars.peek().is_some_and(|(j, next)| {
                next.is_uppercase()
                    && text[at + j + next.len_utf8()..].starts_with(char::is_alphabetic)
            });
        if !c.is_alphabetic() && !inner {
            break;
        }
        end = at + i + c.len_utf8();
    }
    let goes_on = text[end..].starts_with(|c: char| c.is_ascii_digit() || c == '_' || c == '@');
    (end > at && !goes_on).then_some(at..end)
}
