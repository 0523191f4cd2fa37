//! How a text table is written: delimiter, quote, escape.
//!
//! In: nothing. Out: [`Dialect`] and its name in words. Must not know: how it is detected, what
//! cells mean.

/// What stands between cells and around them. Lines end with LF, CR LF or CR, whatever the
/// dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between two cells; never empty, without a line break.
    pub(super) delimiter: String,
    /// Around a cell, opening and closing.
    pub(super) quote: Option<(char, char)>,
    /// In front of a quote inside a cell, beside the quote itself.
    pub(super) escape: Option<char>,
}

impl Dialect {
    /// A quote by its opening character.
    pub(super) fn quote_of(open: char) -> (char, char) {
        match open {
            '“' => ('“', '”'),
            '„' => ('„', '“'),
            '«' => ('«', '»'),
            '‘' => ('‘', '’'),
            other => (other, other),
        }
    }

    /// The dialect in words: `comma`, `semicolon, single quotes`, `tab, backslash escapes`.
    pub(super) fn words(&self) -> String {
        let mut words = delimiter_name(&self.delimiter);
        match self.quote {
            Some(('"', _)) => {}
            Some(('\'', _)) => words.push_str(", single quotes"),
            Some((open, close)) if open == close => words.push_str(&format!(", quotes {open}")),
            Some((open, close)) => words.push_str(&format!(", quotes {open}{close}")),
            None => words.push_str(", no quotes"),
        }
        match self.escape {
            None => {}
            Some('\\') => words.push_str(", backslash escapes"),
            Some(other) => words.push_str(&format!(", escapes {other}")),
        }
        words
    }
}

fn delimiter_name(delimiter: &str) -> String {
    let name = |c: char| match c {
        ',' => "comma".into(),
        ';' => "semicolon".into(),
        '\t' => "tab".into(),
        '|' => "pipe".into(),
        ' ' => "space".into(),
        ':' => "colon".into(),
        '~' => "tilde".into(),
        '^' => "caret".into(),
        c if c.is_control() => format!("U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    };
    delimiter.chars().map(name).collect::<Vec<_>>().join(" and ")
}
