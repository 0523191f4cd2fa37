//! Where somebody lives: house number and street, block and street, post-office box.
//!
//! In: text. Out: finds. Must not know: the other rules.
//!
//! A street without a house number ("14th Street", "Carver Avenue") and a crossing stay: they
//! say where a problem is, and themes need them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Find, before, is_year, lexicon};
use crate::text::Mark;

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test run")]
fn pattern(p: &str) -> Regex {
    Regex::new(p).expect("constant pattern")
}

const SUFFIX: &str = r"(?:st|street|str|ave|av|avenue|blvd|boulevard|rd|road|dr|drive|ln|lane|ct|court|pl|place|way|ter|terr|terrace|pkwy|parkway|cir|circle|hwy|highway|sq|square|alley|row|trail|plaza|loop|crescent|close)";
const DIRECTION: &str = r"(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|ne|nw|se|sw|n|s|e|w)\b\.?\s+)";
const UNIT: &str = r"(?:,?\s*(?:(?:apt|apartment|unit|suite|ste|floor|rm|room|lot)\b\.?\s*\#?\s*|\#\s*)[a-z]?-?\d{1,5}[a-z]?\b)?";
const CITY: &str = r"(?:,?\s+(?:\p{L}+\s){0,2}\p{L}+,?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?)?";

/// House number, up to four words, street suffix.
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?-u:\b)(\d{{1,6}}(?:-\d{{1,4}}|\s?½|\s1/2|[a-d](?-u:\b))?)\s+({DIRECTION})?((?:(?:st\.|[\p{{L}}0-9][\p{{L}}0-9'’-]*)\s+){{1,4}}?){SUFFIX}(?-u:\b)(?:\s+(?:ne|nw|se|sw|[nsew])(?-u:\b))?{UNIT}{CITY}"
    ))
});

/// "4400 W Adams": no suffix, but a direction.
static DIRECTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?-u:\b)\d{{2,5}}\s+(?:[NSEW]|NE|NW|SE|SW)\.?\s+(?:\p{{Lu}}\p{{L}}+|\d{{1,3}}(?:st|nd|rd|th)){UNIT}"
    ))
});

/// "the 1400 block of Tannery Lane", "4400 block on W. Adams".
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)\d{1,5}\s+(?i:block|blk)\s+(?:(?i:of|on)\s+)?(?:(?i:north|south|east|west|[nsew])(?-u:\b)\.?\s+)?(?:\p{Lu}[\p{L}'’-]*|\d{1,3}(?i:st|nd|rd|th))(?:\s+\p{Lu}[\p{L}'’-]*){0,3}",
    )
});

/// The same, typed without capitals: the suffix must be there.
static LOWER_BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?-u:\b)\d{{1,5}}\s+(?:block|blk)\s+(?:of|on)\s+{DIRECTION}?(?:[\p{{L}}0-9'’-]+\s+){{1,2}}?{SUFFIX}(?-u:\b)"
    ))
});

static BOX: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?-u:\b)p\.?\s?o\.?\s+box\s+\d+"));

/// "calle Lantern 2218", "avenida de la Paz núm. 45".
static CALLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)(?i:calle|avenida|avda\.?|av\.|paseo|camino|carrera|c/)\s+(?:(?i:de|del|la|las|los|el)\s+)*\p{Lu}[\p{L}'’-]*(?:\s+(?:(?:de|del|la|las|los|el)\s+)*\p{Lu}[\p{L}'’-]*){0,3},?\s*(?i:n[úu]m(?:ero|\.)?|no\.|nº|\#)?\s*\d{1,5}(?-u:\b)",
    )
});

/// "2218 de la calle Lantern", "2218 calle Lantern".
static NUMBERED_CALLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)\d{2,5}\s+(?:(?i:de|en)\s+)?(?:(?i:la)\s+)?(?i:calle|avenida|avda\.?|av\.|paseo|camino)\s+(?:(?i:de|del|la|las|los|el)\s+)*\p{Lu}[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*){0,3}",
    )
});

static HAN_STREET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\p{Han}{1,6}(?:路|街|道|巷)\s?\d{1,5}\s?[号號]|\d{2,5}\s?[号號]?\s?\p{Han}{1,4}(?:路|街|大道)",
    )
});

/// "I live at 4410 Lantern", "my address is 12 Rue Haute 4". Captures: 1 the address.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?-u:\b)(?i:(?:live[sd]?|living|resid(?:e[sd]?|ing)|house|home|located|office\s+is|stay(?:s|ed|ing)?)\s+at|address\s+is|address:|vivo\s+en(?:\s+el)?)\s+(\d{{1,6}}(?:\s+\d{{1,5}})?\s+(?:[NSEW]\.?\s+)?\p{{Lu}}[\p{{L}}.'’-]*(?:\s+\p{{Lu}}[\p{{L}}'’-]*){{0,3}}(?:\s+\d{{1,4}}(?-u:\b))?{UNIT})"
    ))
});

/// Finds addresses. Call it only where the text has a digit.
pub(super) fn find(text: &str, found: &mut Vec<Find>) {
    let mut push = |bytes| found.push(Find { mark: Mark::Address, bytes });
    for hit in STREET.captures_iter(text) {
        if is_street(text, &hit) {
            hit.iter().take(1).flatten().for_each(|m| push(m.range()));
        }
    }
    for hit in HOME.captures_iter(text).filter_map(|h| h.get(1)) {
        push(hit.range());
    }
    for rule in [&DIRECTED, &BLOCK, &LOWER_BLOCK, &BOX, &CALLE, &NUMBERED_CALLE, &HAN_STREET] {
        rule.find_iter(text).for_each(|m| push(m.range()));
    }
}

/// Tells "2218 w lantern st" from "20 minutes down the street".
fn is_street(text: &str, hit: &regex::Captures<'_>) -> bool {
    let part = |i| hit.get(i).map_or("", |m| m.as_str());
    let start = hit.get(0).map_or(0, |m| m.start());
    let number = part(1);
    if matches!(number, "911" | "311" | "988" | "411")
        || matches!(before(text, start), Some('$' | '.' | ':' | '/'))
    {
        return false;
    }
    if is_year(number) && follows_a_time_word(&text[..start]) {
        return false;
    }
    let words: Vec<&str> = part(3).split_whitespace().collect();
    if words.iter().any(|w| lexicon::is_never_a_street(&w.to_lowercase())) {
        return false;
    }
    let marked = words
        .iter()
        .all(|w| w.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()));
    marked || (words.len() <= 2 && (!part(2).is_empty() || number.len() >= 3))
}

fn follows_a_time_word(ahead: &str) -> bool {
    let last = ahead.split_whitespace().next_back().unwrap_or("");
    let last = last.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    matches!(
        last.as_str(),
        "in" | "since"
            | "until"
            | "till"
            | "by"
            | "from"
            | "of"
            | "before"
            | "after"
            | "en"
            | "desde"
            | "during"
            | "year"
    )
}
