//! Words on stderr, data on stdout. In: outcomes and errors. Out: lines. The only file, beside
//! `progress.rs`, that writes to the terminal; a closed pipe is no failure.

use std::fmt::Display;
use std::io::Write;

/// Prints one line of data.
pub(crate) fn data(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints one line for people.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints an error and its remedy.
pub(crate) fn error(message: impl Display, hint: Option<String>) {
    say(format_args!("error: {message}"));
    if let Some(hint) = hint {
        say(format_args!("hint: {hint}"));
    }
}

/// A number with separators: `12,345`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(super::grouped(0), "0");
        assert_eq!(super::grouped(999), "999");
        assert_eq!(super::grouped(1000), "1,000");
        assert_eq!(super::grouped(1234567), "1,234,567");
    }
}
