//! Cells of CSV files that a spreadsheet cannot mistake for formulas.
//!
//! In: text. Out: the same text, or the text behind an apostrophe (OWASP ASVS 1.2.10).
//! Must not know: which file.

use std::borrow::Cow;

/// A cell whose first character would start a formula gets an apostrophe in front; a decimal
/// fraction below zero, which is none, stays a number.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if text.strip_prefix('-').is_some_and(is_fraction) {
        return Cow::Borrowed(text);
    }
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Whether a text is digits, a point and digits.
fn is_fraction(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// Writes rows as CSV: UTF-8, commas, LF, quotes where needed, every cell [`safe`].
pub(crate) struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// A table with its header.
    pub(crate) fn new(header: &[&str]) -> Self {
        let mut table = Self(csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()));
        table.row(header);
        table
    }

    /// Adds a row.
    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        let safe: Vec<Cow<'_, str>> = cells.iter().map(|c| safe(c.as_ref())).collect();
        // Writing into memory does not fail.
        let _ = self.0.write_record(safe.iter().map(|c| c.as_bytes()));
    }

    /// The file's bytes.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        let mut t = Table::new(&["a", "b"]);
        t.row(&["=1+1", "plain, with comma"]);
        t.row(&["@SUM(A1)", "-2"]);
        t.row(&["-0.25", "-0.25+1"]);
        let text = String::from_utf8(t.into_bytes()).unwrap();
        assert_eq!(text, "a,b\n'=1+1,\"plain, with comma\"\n'@SUM(A1),'-2\n-0.25,'-0.25+1\n");
    }
}
