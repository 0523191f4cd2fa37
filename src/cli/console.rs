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
