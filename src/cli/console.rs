//! Words on stderr, data on stdout. In: outcomes and errors. Out: lines. The only file, beside
//! `progress.rs`, that writes to the terminal; a closed pipe is no failure.
//!
//! A path or a column's name may hold what moves a terminal's cursor, changes its colors or turns
//! the direction of a line: such characters are written out, as `\u{1b}`.

use std::fmt::Display;
use std::io::Write;

use canvass::report::is_hazard;

/// Prints one line of data.
pub(crate) fn data(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{}", harmless(&line.to_string()));
}

/// Prints lines of data.
pub(crate) fn block(lines: &str) {
    lines.lines().for_each(data);
}

/// Prints JSON that was already laid out in lines.
pub(crate) fn json_block(lines: &str) {
    for line in lines.lines() {
        let _ = writeln!(std::io::stdout().lock(), "{}", harmless_json(line));
    }
}

/// Prints JSON, which says the same with such characters written out in its own way.
pub(crate) fn json(value: &serde_json::Value) {
    let _ = writeln!(std::io::stdout().lock(), "{}", harmless_json(&value.to_string()));
}

/// Prints one line for people.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(&line.to_string()));
}

/// Prints an error and its remedy.
pub(crate) fn error(message: impl Display, hint: Option<String>) {
    say(format_args!("error: {message}"));
    if let Some(hint) = hint {
        say(format_args!("hint: {hint}"));
    }
}

/// Columns of the terminal that data goes to; 100 where it goes elsewhere.
pub(crate) fn width() -> usize {
    const ELSEWHERE: usize = 100;
    terminal_size::terminal_size_of(std::io::stdout())
        .map_or(ELSEWHERE, |(width, _)| usize::from(width.0).min(160))
}

/// A text on one line, with nothing that a terminal obeys.
fn harmless(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if is_hazard(c) || c == '\n' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// The same JSON with such characters as escapes. They can stand in its strings alone.
fn harmless_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hazard(c) {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{harmless, harmless_json};

    #[test]
    fn json_says_the_same_without_such_characters() {
        let value = serde_json::json!({"a\u{202e}": "\u{1b}[31m\u{9b} señal \u{1ffff}"});
        let text = harmless_json(&value.to_string());
        assert!(!text.chars().any(canvass::report::is_hazard), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn nothing_reaches_a_terminal_that_it_obeys() {
        assert_eq!(harmless("a\u{1b}[31m\u{202e}b\u{9b}\n"), "a\\u{1b}[31m\\u{202e}b\\u{9b}\\n");
        assert_eq!(harmless("señal 太暗 \t`x`"), "señal 太暗 \t`x`");
    }
}
