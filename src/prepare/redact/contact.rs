//! Ways to reach somebody: e-mail addresses, web addresses, telephone numbers.
//!
//! In: text. Out: finds. Must not know: the other rules.
//!
//! Emergency and service numbers (911, 311, 988), years, times, prices and ranges stay.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Find, Traits, after, before, is_year, n_digits, stands_alone};
use crate::text::Mark;

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test run")]
fn pattern(p: &str) -> Regex {
    Regex::new(p).expect("constant pattern")
}

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)[\p{L}\p{N}_.+%-]*[\p{L}\p{N}_+%-]\s?@\s?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
});

/// "name at example dot com", "name (at) example.com".
static SPELT_EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) [a-z0-9_+-]+ (?:(?:\.|\s+dot\s+)[a-z0-9_+-]+)*
          (?: \s*(?:\(at\)|\{at\}|<at>)\s* [a-z0-9-]+ (?:\.|\s*\(dot\)\s*|\s+dot\s+)
            | \s+at\s+ [a-z0-9-]+ \s+dot\s+ )
          (?:com|org|net|edu|gov|info|us|io)",
    )
});

static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?: https?://[^\s\[\]<>]+ | www\.[^\s\[\]<>]+
          | [a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|io)(?:/[^\s\[\]<>]*)?
          | [a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:us|co|uk|ca|es|mx|cn|pl|de|fr|tv|me|info|app|gl|ly|be)/[^\s\[\]<>]+ )",
    )
});

/// North American shapes, area code and country code optional.
static US_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?:\+?1[-.\x20]{0,2})?
          (?: \([2-9]\d{2}\)[-.\x20]{0,2} | [2-9]\d{2}[-./\x20]{1,3} )
          \d{3} [-.\x20]{1,3} \d{4}
          | (?:\+?1[-.\x20]?)? \([2-9]\d{2}\)\x20?\d{7}
          | (?:\+?1)?[2-9]\d{2}[2-9]\d{6}",
    )
});

static LOCAL_PHONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[2-9]\d{2}[-.]\d{4}"));

static WORLD_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\+|00)[1-9]\d{0,2}[\x20.\-]?(?:\(?\d{1,4}\)?[\x20.\-]?){2,5}\d{2,4}")
});

/// Any grouping of seven and more digits behind a word about telephones.
static NEAR_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix) (?-u:\b)(?:call(?:s|ed|ing)?|phone|cell|mobile|tel|telephone|text|number|reach|whatsapp|fax|registered|answering|tel[ée]fono|celular|ll[áa]m[ae]\p{L}*|电话|電話|手机|手機)
          [^.!?\n\d\[]{0,24} (\+?\(?\d[\d.()\x20-]{5,20}\d)",
    )
});

/// Finds e-mail addresses, web addresses and telephone numbers.
pub(super) fn find(text: &str, traits: Traits, found: &mut Vec<Find>) {
    if traits.at_sign {
        let hits = EMAIL.find_iter(text).map(|m| Find { mark: Mark::Email, bytes: m.range() });
        found.extend(hits);
    }
    if text.contains("dot") || text.contains("DOT") || text.contains("(at)") {
        let hits = SPELT_EMAIL.find_iter(text).filter(|m| stands_alone(text, &m.range()));
        found.extend(hits.map(|m| Find { mark: Mark::Email, bytes: m.range() }));
    }
    if traits.dot {
        let hits = URL.find_iter(text).map(|m| trimmed(text, m.range()));
        let hits = hits.filter(|b| stands_alone(text, b) && before(text, b.start) != Some('@'));
        found.extend(hits.map(|bytes| Find { mark: Mark::Url, bytes }));
    }
    if traits.digit && n_digits(text) >= 7 {
        phones(text, found);
    }
}

/// Without the full stop or bracket that closes the sentence and not the address.
fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let kept = text[bytes.clone()]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '”', '’']);
    bytes.start..bytes.start + kept.len()
}

fn phones(text: &str, found: &mut Vec<Find>) {
    let mut push = |bytes: Range<usize>| {
        if free_of_digits(text, &bytes) {
            found.push(Find { mark: Mark::Phone, bytes });
        }
    };
    US_PHONE.find_iter(text).for_each(|m| push(m.range()));
    WORLD_PHONE.find_iter(text).filter(|m| n_digits(m.as_str()) >= 8).for_each(|m| push(m.range()));
    LOCAL_PHONE
        .find_iter(text)
        .filter(|m| !is_span_of_numbers(m.as_str()))
        .for_each(|m| push(m.range()));
    for near in NEAR_PHONE.captures_iter(text) {
        if let Some(m) = near.get(1) {
            let plain = !is_date(m.as_str()) && !m.as_str().contains("  ");
            if plain && (7..=15).contains(&n_digits(m.as_str())) {
                push(m.range());
            }
        }
    }
}

/// Neither a digit nor a price nor a decimal number goes on at either end.
fn free_of_digits(text: &str, bytes: &Range<usize>) -> bool {
    let mut ahead = text[..bytes.start].chars().rev();
    let starts = match ahead.next() {
        Some('$' | '£' | '€') => false,
        Some(c) if c.is_ascii_alphanumeric() => false,
        Some('-' | '.' | ',' | '/') => !ahead.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    };
    let mut behind = text[bytes.end..].chars();
    let ends = match behind.next() {
        Some(c) if c.is_ascii_digit() => false,
        Some('-' | '/') => !after(text, bytes.end + 1).is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    };
    starts && ends
}

/// "500-1000" is a range: two round numbers, the second the larger.
fn is_span_of_numbers(text: &str) -> bool {
    let round = |t: &str| t.ends_with("00") || t.ends_with("50");
    text.split_once(['-', '.']).is_some_and(|(a, b)| round(a) && round(b))
}

/// Dates ("10-12-2021") and spans of years ("2020 - 2023").
fn is_date(text: &str) -> bool {
    let groups: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    match groups.as_slice() {
        [a, b] => is_year(a) && is_year(b),
        [a, b, c] => {
            let small = |t: &str| t.len() <= 2;
            (small(a) && small(b) && (small(c) || is_year(c)))
                || (is_year(a) && small(b) && small(c))
        }
        _ => false,
    }
}
