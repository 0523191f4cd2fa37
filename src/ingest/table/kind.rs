//! What a cell looks like: a number, a date, a web address, or text.
//!
//! In: a cell. Out: its [`Kind`]. Used to tell a header from data and one dialect from another;
//! no cell is ever converted. Must not know: columns, dialects.

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// White space alone, or a sign for "nothing here" such as `NA` or `-`.
    Blank,
    /// A number with its signs: `-1,234.5`, `$3`, `40 %`, `1E5`.
    Number,
    /// A date or a time of day in digits.
    Date,
    /// A web address or an e-mail address.
    Address,
    /// Anything else.
    Text,
}

/// The kind of a cell.
pub(super) fn kind(cell: &str) -> Kind {
    let cell = cell.trim();
    if cell.is_empty() || is_nothing(cell) {
        Kind::Blank
    } else if is_number(cell) {
        Kind::Number
    } else if is_date(cell) {
        Kind::Date
    } else if is_address(cell) {
        Kind::Address
    } else {
        Kind::Text
    }
}

fn is_nothing(cell: &str) -> bool {
    let nothings = ["na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", ".", "?"];
    cell.len() <= 4 && nothings.iter().any(|n| cell.eq_ignore_ascii_case(n))
}

fn is_number(cell: &str) -> bool {
    let body = cell.trim_start_matches(['+', '-', '$', '€', '£', '¥', '(', ' ']);
    let body = body.trim_end_matches(['%', ')', '€', '$', ' ']);
    let n_digits = body.bytes().filter(u8::is_ascii_digit).count();
    let sign = |b: u8| matches!(b, b'.' | b',' | b'\'' | b'e' | b'E' | b'+' | b'-');
    let begins = body.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    let n_exponents = body.bytes().filter(|b| matches!(b, b'e' | b'E')).count();
    let n_signs = body.bytes().filter(|b| matches!(b, b'+' | b'-')).count();
    n_digits > 0
        && begins
        && n_exponents <= 1
        && n_signs <= n_exponents
        && body.bytes().all(|b| b.is_ascii_digit() || sign(b))
}

/// Digits with the signs of dates and times between them, perhaps with `T`, `Z`, `AM` or `PM`.
fn is_date(cell: &str) -> bool {
    if cell.len() > 40 || !cell.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let upper = cell.to_ascii_uppercase();
    let body = ["AM", "PM", "UTC", "GMT", "Z"]
        .iter()
        .find_map(|end| upper.strip_suffix(end))
        .unwrap_or(&upper)
        .trim_end();
    let sign = |b: u8| matches!(b, b'/' | b'-' | b'.' | b':' | b' ' | b'T' | b'+' | b',');
    let n_signs = body.bytes().filter(|b| matches!(b, b'/' | b'-' | b':' | b'.')).count();
    let n_digits = body.bytes().filter(u8::is_ascii_digit).count();
    n_digits >= 3 && n_signs >= 1 && body.bytes().all(|b| b.is_ascii_digit() || sign(b))
}

fn is_address(cell: &str) -> bool {
    if cell.contains(char::is_whitespace) {
        return false;
    }
    let web = ["http://", "https://", "ftp://", "www."].iter().any(|p| cell.starts_with(p));
    let mail = cell
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    web || mail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_kind_that_a_person_would_name() {
        for (cell, wanted) in [
            ("", Kind::Blank),
            ("N/A", Kind::Blank),
            ("007", Kind::Number),
            ("1E5", Kind::Number),
            ("-1,234.50", Kind::Number),
            ("$3.20", Kind::Number),
            ("2026-03-01", Kind::Date),
            ("03/01/2026 12:30:00 PM", Kind::Date),
            ("9:05", Kind::Date),
            ("https://example.org/a?b=c", Kind::Address),
            ("ann@example.org", Kind::Address),
            ("TRUE", Kind::Text),
            ("E5", Kind::Text),
            ("3 of us were late", Kind::Text),
            ("12-", Kind::Text),
        ] {
            assert_eq!(kind(cell), wanted, "{cell}");
        }
    }
}
