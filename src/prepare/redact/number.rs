//! Numbers that point to one person: badges, plates, cases, cards, identity numbers.
//!
//! In: text. Out: finds. Must not know: the other rules.
//!
//! A number is taken where a word in front of it says what it is, or where its shape leaves no
//! doubt; ages, years, prices, times, counts and service numbers stay.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Find, before, is_year, n_digits};
use crate::text::Mark;

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test run")]
fn pattern(p: &str) -> Regex {
    Regex::new(p).expect("constant pattern")
}

/// Captures: 1 the word, 2 "number" or "#", 3 the number.
static BADGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?-u:\b)(badges?|stars?|shields?|unit|squad|cruiser|car|vehicle|beat|placa|insignia|patrulla|unidad)
          ((?:\s*(?:number|numbers|num|no|nos|n[úu]mero|id|nº|\#)[.:]?)*) (?:\s*(?:is|was|are|were|es|era|:|-))?\s* (\#?)\s*
          ([a-z]{0,2}-?\d{2,6}[a-z]?)(?-u:\b)",
    )
});

/// Captures: 1 the plate.
static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?-u:\b)(?i:plates?|placas?|tags?|matr[íi]cula|registration)
          (?:\s*(?i:number|numbers|num|no|n[úu]mero|nº|\#)[.:]?)* (?:\s*(?i:is|was|are|were|es|era|:|,|-))?\s* [\#(\x22]?
          ((?i:[a-z]{1,4}-?\d{2,5}[a-z]{0,2}) | (?i:\d{1,3}-?[a-z]{2,4}-?\d{0,4}) | [A-Z]{1,4}[\x20-]\d{2,5}[A-Z]{0,2} | \d{1,4}[\x20-][A-Z]{2,3} | \d{5,7})(?-u:\b)",
    )
});

/// A plate further behind the word, in the same sentence. Captures: 1 the plate.
static FAR_PLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)(?i:plates?)(?-u:\b)[^.!?\n\[\d]{0,48}?(?-u:\b)([A-Z]{2,3}[\x20-]?\d{3,4})(?-u:\b)",
    )
});

/// Captures: 1 the word, 2 "number" or "#", 3 the number.
static CASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?-u:\b)(rd|r\.d\.|case|police\s+report|report|incident|cad|event|complaint|log|cr|reference|ref|docket|claim|warrant|file|ticket|citation|confirmation|tracking|service\s+request|sr|caso|reporte|expediente|folio|queja)
          ((?:\s*(?:number|num|no|n[úu]mero|id|nº|\#)[.:]?)*) (?:\s*(?:is|was|es|era|:))?\s*(\#?)\s*
          ([a-z]{0,3}-?\d(?:[\d-]*\d)?)(?-u:\b)",
    )
});

/// "JG-419802", "J1234567", a report number that stands alone.
static BARE_CASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?-u:\b)(?:[A-Z]{2}-\d{5,8}|[A-Z]{1,2}\d{6,14}|\d{2}-\d{5,8})(?-u:\b)")
});

static SSN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u:\b)\d{3}-\d{2}-\d{4}(?-u:\b)"));

/// Captures: 1 the number.
static NAMED_ID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?-u:\b)(?:ssn|social\s+security|social|licen[cs]e|passport|permit|itin|id|inmate|account|member|card|pasaporte|licencia|seguro\s+social)
          (?:\s*(?:number|num|no|card|n[úu]mero|nº|\#)[.:]?)* (?:\s*(?:is|was|es|:))?\s*\#?\s* ([a-z]{0,2}\d[\d\x20-]{3,18}\d)(?-u:\b)",
    )
});

static CARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?-u:\b)\d{4}[\x20-]\d{4,6}[\x20-]\d{4,5}(?:[\x20-]\d{1,4})?(?-u:\b)")
});

static IBAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?-u:\b)[a-z]{2}\d{2}(?:\x20?[a-z0-9]{4}){2,7}\x20?[a-z0-9]{0,4}(?-u:\b)")
});

static NETWORK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?-u:\b)(?:\d{1,3}\.){3}\d{1,3}(?-u:\b)"));

static LONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{7,}"));

/// Finds numbers. Call it only where the text has a digit.
pub(super) fn find(text: &str, found: &mut Vec<Find>) {
    badges(text, found);
    plates(text, found);
    cases(text, found);
    if n_digits(text) >= 6 {
        shapes(text, found);
    }
}

fn badges(text: &str, found: &mut Vec<Find>) {
    for hit in BADGE.captures_iter(text) {
        let (Some(word), Some(number)) = (hit.get(1), hit.get(4)) else { continue };
        let said = [2, 3].into_iter().any(|i| hit.get(i).is_some_and(|m| !m.is_empty()));
        let word = word.as_str().to_lowercase();
        let digits = number.as_str().trim_start_matches(|c: char| !c.is_ascii_digit());
        let worn = matches!(
            word.trim_end_matches('s'),
            "badge" | "star" | "shield" | "placa" | "insignia"
        );
        let counts = counts_something(&text[number.end()..]);
        let wanted =
            if worn { !counts } else { n_digits(digits) >= 3 && !counts && !is_year(digits) };
        let lettered = digits.len() < number.len();
        let plate = lettered && word == "placa";
        if (said || wanted) && !plate && !matches!(digits, "911" | "311") {
            found.push(Find { mark: Mark::Badge, bytes: number.range() });
        }
    }
}

/// "20 minutes", "100%": an amount and no number of a thing.
fn counts_something(behind: &str) -> bool {
    let rest = behind.trim_start();
    let unit: String =
        rest.chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    const UNITS: &[&str] = &[
        "minute",
        "minutes",
        "mins",
        "min",
        "hour",
        "hours",
        "hrs",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "times",
        "percent",
        "dollars",
        "people",
        "cops",
        "officers",
        "cars",
        "feet",
        "blocks",
        "miles",
        "mph",
        "am",
        "pm",
        "yr",
        "yrs",
        "calls",
        "houses",
        "units",
        "apartments",
        "homes",
        "minutos",
        "horas",
        "años",
    ];
    rest.starts_with('%') || UNITS.contains(&unit.as_str())
}

fn plates(text: &str, found: &mut Vec<Find>) {
    for rule in [&PLATE, &FAR_PLATE] {
        for hit in rule.captures_iter(text).filter_map(|h| h.get(1)) {
            let letters: String = hit.as_str().chars().filter(|c| c.is_alphabetic()).collect();
            let number: String = hit.as_str().chars().filter(char::is_ascii_digit).collect();
            let word = [
                "IN", "ON", "AT", "BY", "OF", "TO", "AM", "PM", "MPH", "TH", "ST", "ND", "K", "X",
                "FOR", "HRS", "MIN",
            ];
            if !word.contains(&letters.to_uppercase().as_str())
                && !matches!(number.as_str(), "911" | "311")
            {
                found.push(Find { mark: Mark::Plate, bytes: hit.range() });
            }
        }
    }
}

fn cases(text: &str, found: &mut Vec<Find>) {
    for hit in CASE.captures_iter(text) {
        let Some(number) = hit.get(4) else { continue };
        let said = [2, 3].into_iter().any(|i| hit.get(i).is_some_and(|m| !m.is_empty()));
        let shown = number.as_str();
        let n = n_digits(shown);
        let enough = if said { n >= 3 } else { n >= 4 && !is_year(shown) && !is_years(shown) };
        if enough && !counts_something(&text[number.end()..]) {
            found.push(Find { mark: Mark::Id, bytes: number.range() });
        }
    }
}

/// "2019-2021".
fn is_years(text: &str) -> bool {
    text.split_once('-').is_some_and(|(a, b)| is_year(a) && (is_year(b) || b.len() == 2))
}

fn shapes(text: &str, found: &mut Vec<Find>) {
    let mut push = |bytes: Range<usize>| found.push(Find { mark: Mark::Id, bytes });
    for rule in [&SSN, &BARE_CASE, &NETWORK] {
        rule.find_iter(text)
            .filter(|m| before(text, m.start()) != Some('$'))
            .for_each(|m| push(m.range()));
    }
    for m in NAMED_ID.captures_iter(text).filter_map(|h| h.get(1)) {
        if n_digits(m.as_str()) >= 6 {
            push(m.range());
        }
    }
    CARD.find_iter(text).filter(|m| luhn(m.as_str())).for_each(|m| push(m.range()));
    IBAN.find_iter(text)
        .filter(|m| n_digits(m.as_str()) >= 10 && !m.as_str().contains("  "))
        .for_each(|m| push(m.range()));
    for m in LONG.find_iter(text).filter(|m| !is_explained(text, m)) {
        push(m.range());
    }
}

/// Prices, decimals and round millions are no identifiers.
fn is_explained(text: &str, m: &regex::Match<'_>) -> bool {
    matches!(before(text, m.start()), Some('$' | '£' | '€' | '.' | ','))
        || m.as_str().ends_with("00000")
}

/// The check sum of payment cards (ISO/IEC 7812-1, annex B).
fn luhn(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| match (i % 2, d * 2) {
            (0, _) => *d,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}
