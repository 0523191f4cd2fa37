//! The shape of one cell: an e-mail address, a date, a name, a piece of prose.
//!
//! In: a cell, trimmed. Out: yes or no. Must not know: columns, headers, languages of a file.
//! The patterns are wide: what looks personal is not shown, even where it is not.

use std::sync::LazyLock;

use regex::Regex;

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test run")]
fn pattern(p: &str) -> Regex {
    Regex::new(p).expect("constant pattern")
}

/// Cells longer than this are no identifiers.
const MAX_CHARS: usize = 120;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:mailto:)?<?[^\s@<>]+\s?(?:@|\(at\)|\[at\])\s?[^\s@<>]+\.[^\s@<>]{2,}>?$")
});
static NAMED_EMAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[^\s@<>]+@[^\s@<>]+>$"));
static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[a-z]{2,6}://\S+|www\.\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?::\d+)?/\S*|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|info|io|uk|ca|es|mx|cn|pl|de|fr|eu|us))$",
    )
});
static IP4: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\d{1,3}\.\d{1,3}\.\d{1,3}\.(?:\d{1,3}|x{1,3}|\*)(?::\d+)?(?:/\d+)?$")
});
static IP6: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w+)?(?:/\d+)?$"));
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:tel|phone|cell|mobile|ph)?[:. ]*[+-]?[\d(][\d\s().+/\x{2010}-\x{2015}-]{5,22}\d(?: ?(?:ext|x)\.? ?\d{1,6})?$",
    )
});
static COORDINATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\(?-?\d{1,3}\.\d{3,}°?\s*[NS]?[,; ]\s*-?\d{1,3}\.\d{3,}°?\s*[EW]?\)?$|^\d{1,3}°\s?\d{1,2}['′]",
    )
});

/// What may stand behind a date: a time, its zone.
const TIME: &str = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?(?:[ap]\.?\s?m\.?)?\s?(?:Z|UTC|GMT|[A-Z]{2,5})?\s?(?:[+-]\d{1,2}(?::?\d{2})?)?";
const MONTH: &str = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|fév|fev|avr|mai|juin|juil|aoû|déc|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|paz|lis|gru|mär|okt|dez|set|out)\p{L}{0,9}\.?";
const DAY: &str =
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mié|mie|jue|vie|sáb|sab|dom)\p{L}{0,7}\.?,?\s+)?";

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let numeric = r"(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0?[1-9]|1[0-2])[-/.](?:19|20)\d{2}";
    let written = format!(
        r"{DAY}(?:\d{{1,2}}(?:st|nd|rd|th|º|\.)?[\s-](?:de |of )?{MONTH}(?:(?: de|,)?[\s-]\d{{2,4}})?|{MONTH}[\s-]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[\s-]\d{{2,4}})?|{MONTH}(?: de)?[\s-]\d{{4}})"
    );
    let java = format!(r"{DAY}{MONTH} \d{{1,2}} {TIME}\s?\w{{0,6}} \d{{4}}");
    let chinese = r"\d{2,4}年\d{1,2}月(?:\d{1,2}[日号])?\D{0,6}";
    pattern(&format!(
        r"(?i)^(?:(?:{numeric}|{written})(?:[T, ]+(?:at )?{TIME})?|{java}|{chinese}(?:{TIME})?|{TIME}|\d{{1,2}}[:：]\d{{2}}.{{0,4}})$"
    ))
});

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:\d{1,6}[a-z]?(?:-\d+)?\s+(?:[\p{L}\d.'’-]+\s+){0,5}
            (?:st|street|ave|avenue|av|blvd|boulevard|rd|road|dr|drive|ln|lane|ct|court|pl|place|way|ter|terrace|pkwy|parkway|hwy|highway|sq|square|cir|circle|row|close|crescent|gardens)\b.*
          |(?:calle|avenida|av\.?|c/|paseo|plaza|carrera|ul\.?|ulica|al\.?|rue|via|rua)\s+.{2,60}\d.*
          |.{2,60},\s*[A-Z]{2}\s+\d{5}(?:-\d{4})?
          |.*\d+\s*(?:号|號|室).*)$",
    )
});

/// What one cell looks like. At most one of the identifying shapes is told, the first that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// An address of a machine.
    Ip,
    /// A day, a time, or both.
    Date,
    /// A pair of coordinates.
    Coordinate,
    /// A number.
    Number,
    /// A telephone number, or a number of that build.
    Phone,
    /// A postal address.
    Address,
    /// One to four words with capitals and nothing else: a name of somebody or something.
    Name,
    /// Anything else.
    Other,
}

/// The shape of a trimmed cell that is not empty.
pub(super) fn of(cell: &str) -> Shape {
    if cell.chars().nth(MAX_CHARS).is_some() {
        return if URL.is_match(cell) { Shape::Url } else { Shape::Other };
    }
    let digit = cell.contains(|c: char| c.is_ascii_digit());
    let at = cell.contains(['@', '(', '[']);
    if at && (EMAIL.is_match(cell) || NAMED_EMAIL.is_match(cell)) {
        Shape::Email
    } else if cell.contains(['.', '/', ':']) && is_url(cell) {
        Shape::Url
    } else if cell.contains(['.', ':']) && (IP4.is_match(cell) || is_ip6(cell)) {
        Shape::Ip
    } else if digit && (DATE.is_match(cell) || is_epoch(cell)) {
        Shape::Date
    } else if digit && COORDINATE.is_match(cell) {
        Shape::Coordinate
    } else if digit && is_phone(cell) {
        Shape::Phone
    } else if digit && number(cell).is_some() {
        Shape::Number
    } else if digit && ADDRESS.is_match(cell) {
        Shape::Address
    } else if is_name(cell) {
        Shape::Name
    } else {
        Shape::Other
    }
}

fn is_url(cell: &str) -> bool {
    URL.is_match(cell) && number(cell).is_none()
}

fn is_ip6(cell: &str) -> bool {
    IP6.is_match(cell) && cell.matches(':').count() >= 2 && !DATE.is_match(cell)
}

/// Milliseconds since 1970, from 2001 to 2065.
fn is_epoch(cell: &str) -> bool {
    cell.len() == 13 && cell.starts_with(['1', '2']) && cell.bytes().all(|b| b.is_ascii_digit())
}

/// Seven to fifteen digits with punctuation or spaces between, a plus in front, or ten digits
/// that fit North America's plan.
fn is_phone(cell: &str) -> bool {
    let n = cell.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=17).contains(&n) || !PHONE.is_match(cell) {
        return false;
    }
    if cell.starts_with('+') {
        return true;
    }
    if cell.bytes().all(|b| b.is_ascii_digit()) {
        let national = if n == 11 { cell.strip_prefix('1').unwrap_or("") } else { cell };
        let code = |at| matches!(national.as_bytes().get(at), Some(b'2'..=b'9'));
        return national.len() == 10 && code(0) && code(3);
    }
    number(cell).is_none() && !is_range(cell)
}

/// `10000-25000`, `1,000 - 2,000`: a class of a number, not a telephone.
fn is_range(cell: &str) -> bool {
    let ends: Vec<&str> = cell.split(['-', '–']).map(str::trim).collect();
    let [from, to] = ends[..] else { return false };
    matches!((number(from), number(to)), (Some(a), Some(b)) if a < b && to.len() <= from.len() + 1 && from.len() >= 4)
}

/// The number that a cell states: separators of thousands, a currency or a per cent sign aside.
pub(super) fn number(cell: &str) -> Option<f64> {
    let bare = cell.trim_start_matches(['$', '€', '£']).trim_end_matches(['%', '€']).trim();
    let digits = bare.strip_prefix(['-', '+']).unwrap_or(bare);
    let plain = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'e' | b'E' | b'-' | b'+'));
    if !plain || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    // A comma between thousands, else the decimal one.
    let mut parts = digits.split(',');
    let below_one = matches!(parts.next(), Some("" | "0"));
    let thousands = digits.contains('.') || !below_one && parts.all(|p| p.len() == 3);
    let joined = bare.replace(',', if thousands { "" } else { "." });
    joined.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// One to four words, each with a capital and letters alone, apart from particles and initials.
fn is_name(cell: &str) -> bool {
    const PARTICLES: &str = "de la del los las van von der den da do dos di y e al el bin ibn of";
    let words: Vec<&str> = cell.split([' ', ',', '\u{A0}']).filter(|w| !w.is_empty()).collect();
    let han = cell.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    if han {
        return (2..=4).contains(&cell.chars().count());
    }
    let lettered =
        |w: &str| w.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'));
    (1..=6).contains(&words.len())
        && words.iter().filter(|w| !PARTICLES.split(' ').any(|p| p == **w)).count() <= 4
        && words.iter().all(|w| {
            PARTICLES.split(' ').any(|p| p == *w)
                || (w.starts_with(char::is_uppercase) && lettered(w) && !w.ends_with(".."))
        })
        && words.first().is_some_and(|w| w.starts_with(char::is_uppercase))
}

/// Whether the cell begins with a common given name.
pub(super) fn is_given_name(cell: &str) -> bool {
    let mut words = cell.split([' ', ',', '\u{A0}', '.']).filter(|w| !w.is_empty());
    words.clone().count() <= 4
        && words.any(|w| {
            let lower = w.to_lowercase();
            GIVEN.binary_search(&lower.as_str()).is_ok()
        })
}

static GIVEN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut names: Vec<&str> = include_str!("given_names.txt").split_whitespace().collect();
    names.sort_unstable();
    names
});

/// Small words that hold sentences together, in the languages that such files are often in.
const FUNCTION_WORDS: &str = "the of and to is that it for was on are as with they be at this have from or by not but \
    what all were when we there an my me i so if more no do than can should would about because \
    you he she his her our us your their them been has had which who very too just get only \
    que el en los las del por con una para como pero más mas es un su se lo le si sin muy hay yo mi nos y la de \
    le les des est pas qui dans sur une du au nous vous il elle et pour \
    nie się sie jest na że ze od za jak ale czy są i w z o dla tak tylko być \
    der die das und nicht ist ein eine mit auf für von zu den sich auch wir ich \
    não nao uma com dos das mais são os um e il di per non che sono \
    và là không có của ang ng mga sa na ay";

static FUNCTION: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = FUNCTION_WORDS.split_whitespace().collect();
    words.sort_unstable();
    words.dedup();
    words
});

/// Words of a cell: pieces between white space; two characters of a script without spaces count
/// as a word.
pub(super) fn n_words(cell: &str) -> usize {
    let unspaced = cell.chars().filter(|c| is_unspaced(*c)).count();
    let spaced = cell
        .split_whitespace()
        .filter(|w| w.chars().any(|c| c.is_alphanumeric() && !is_unspaced(c)));
    spaced.count() + unspaced.div_ceil(2)
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{0e00}'..='\u{0e7f}' | '\u{20000}'..='\u{323af}')
}

/// Whether a cell reads like running words: three and more, one of them a function word and one
/// an ordinary word without a capital (or capitals throughout).
pub(super) fn is_prose(cell: &str) -> bool {
    let unspaced = cell.chars().filter(|c| is_unspaced(*c)).count();
    if unspaced >= 5 {
        return true;
    }
    if n_words(cell) < 3 {
        return false;
    }
    let shouted = !cell.contains(char::is_lowercase);
    let (mut function, mut ordinary) = (false, false);
    for word in cell.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let first = bare.split(['\'', '’']).next().unwrap_or(bare);
        let lower = first.to_lowercase();
        if FUNCTION.binary_search(&lower.as_str()).is_ok() {
            function = true;
        } else if (shouted || first.starts_with(char::is_lowercase)) && first.chars().count() >= 2 {
            ordinary = true;
        }
    }
    // Scripts that the list does not know: five words without capitals are prose enough.
    let foreign = cell
        .chars()
        .any(|c| c.is_alphabetic() && !c.is_ascii() && !('\u{c0}'..='\u{24f}').contains(&c));
    ordinary && (function || foreign && n_words(cell) >= 4)
}

/// Whether the cell has a sentence's punctuation.
pub(super) fn has_sentence_marks(cell: &str) -> bool {
    cell.ends_with(['.', '!', '?', '…', '。', '！', '？'])
        || [". ", "! ", "? ", ", ", "。", "，", "、"].iter().any(|m| cell.contains(m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifying_shapes_are_told() {
        for (shape, cells) in [
            (Shape::Email, "ana@x.org|A.Lee+1@mail.example.co.uk|<a@b.com>|Ann Lee <ann@b.com>"),
            (
                Shape::Url,
                "https://a.org/x?y=1|www.lakemont.gov|lakemont.gov/safety|drive.google.com/u/1",
            ),
            (Shape::Ip, "192.168.0.1|10.0.0.255|2001:db8::ff00:42:8329|10.1.2.xxx"),
            (
                Shape::Date,
                "2024-03-05|2024-03-05 10:11:12|2024-03-05T10:11:12.000Z|3/5/2024|5.3.24|3/5/2024 1:02 PM|March 5, 2024|5 March 2024|5 de marzo de 2024|Wed Jul 27 22:09:49 WIB 2022|2024年3月5日|10:30|10:30:01 AM|1658934589213|20240305|Mar 2024|2024-03|03/2024|2024/03/05 10:11:12 AM GMT+1",
            ),
            (Shape::Coordinate, "41.8781, -87.6298|(41.87811 -87.62980)"),
            (
                Shape::Phone,
                "312-555-0147|(312) 555-0147|+13125550147|3125550147|312.555.0147|555-0147 x12|020 7946 0018|123-45-6789|-312-555-0147",
            ),
            (Shape::Number, "12|1,200|3.5|$12,000|-1|45%|1E5|47.0|41.8781136"),
            (
                Shape::Address,
                "12 Main St|4410 N. Quarry Road, Apt 3|Calle Mayor 5, 2ºB|Lakemont, IL 60601",
            ),
            (Shape::Name, "Ann Lee|María de la Cruz|O'Brien, Pat|王小明|J. Smith|Northfield"),
            (
                Shape::Other,
                "18-24|25–34|$10,000-$25,000|10000-25000|under 18|more lights|R_3kQ9a|Q12|yes, often|see www.x.org please",
            ),
        ] {
            for cell in cells.split('|') {
                assert_eq!(of(cell), shape, "{cell}");
            }
        }
    }

    #[test]
    fn prose_is_told_from_names_and_titles() {
        for prose in [
            "They should walk the streets more",
            "I FEEL SAFE HERE NOW",
            "que pongan más luz en el parque",
            "希望有更多的路灯",
            "it's too dark",
        ] {
            assert!(is_prose(prose), "{prose}");
        }
        for other in
            ["Ann Lee", "Center for the Arts", "María de la Cruz", "Old Town", "P01", "more lights"]
        {
            assert!(!is_prose(other), "{other}");
        }
    }
}
