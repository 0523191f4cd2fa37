//! The text of `study.toml`, with the guesses' reasons as comments.
//!
//! In: a [`Draft`]. Out: TOML that the program reads back. Must not know: the disk, cells.

use std::fmt::Write as _;

use super::guess::files::SourceGuess;
use super::guess::{ColumnGuess, Role};
use crate::ingest::Kind;

/// A study before it is text.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) title: &'a str,
    /// From the study's folder.
    pub(super) codebook: &'a str,
    /// Whether the codebook is the starting point that comes with the program.
    pub(super) starter: bool,
    pub(super) sources: &'a [SourceGuess],
}

/// The whole file.
pub(super) fn study(draft: &Draft<'_>) -> String {
    let mut text = String::from(
        "# Written by `canvass init` from what the files look like. Every line is a guess: check it,\n\
         # above all the questions, the groups and whose perspective each source is.\n\n[study]\n",
    );
    line(&mut text, "title", &quoted(draft.title), "the reports' title: make it your own");
    let why =
        if draft.starter { "general themes to begin with: replace them by your own" } else { "" };
    line(&mut text, "codebook", &quoted(draft.codebook), why);
    for source in draft.sources {
        write_source(&mut text, source);
    }
    text.push_str(
        "\n[privacy]\nmin_cell = 11                      # counts of 1 to 10 people are not shown\n\
         quotes = \"reviewed\"                # no quote is shown before a person has released it\n",
    );
    text
}

fn write_source(text: &mut String, source: &SourceGuess) {
    text.push_str("\n[[source]]\n");
    line(text, "name", &quoted(&source.name), "");
    line(text, "kind", &quoted(kind(source.kind)), &source.kind_why);
    let unknown = "nothing says whose view it is: write Community, Partners, …";
    let why = source.perspective_why.as_deref().unwrap_or(unknown);
    line(text, "perspective", &quoted(&source.perspective), why);
    line(text, "path", &quoted(&source.path), "");
    if let Some(sheet) = &source.sheet {
        line(text, "sheet", &quoted(sheet), "");
    }
    if source.header_row != 1 && source.table.is_some() {
        let why = if source.header_row == 0 { "no header: columns go by their number" } else { "" };
        line(text, "header_row", &source.header_row.to_string(), why);
    }
    if !source.moderators.is_empty() {
        line(
            text,
            "moderators",
            &list(source.moderators.iter()),
            "they ask: their turns are not coded",
        );
    }
    if source.parts {
        line(text, "parts", "true", "their names say that they are parts of one recording");
    }
    if let Some(table) = &source.table {
        write_columns(text, &table.columns, source.kind);
    }
}

fn write_columns(text: &mut String, columns: &[ColumnGuess], kind: Kind) {
    let of = |role: Role| columns.iter().filter(move |c| c.role == role);
    for (key, role) in [("id", Role::Id), ("participant", Role::Participant)] {
        if let Some(column) = of(role).next() {
            line(text, key, &quoted(&column.name), &column.why);
        }
    }
    if of(Role::Group).next().is_some() {
        line(text, "groups", &list(of(Role::Group).map(|c| &c.name)), "");
    }
    if of(Role::MaybeGroup).next().is_some() {
        let names = list(of(Role::MaybeGroup).map(|c| &c.name));
        comment(text, &format!("further columns with few values, if they are groups: {names}"));
    }
    let one = of(Role::Weight).count() == 1 && matches!(kind, Kind::Survey | Kind::Comments);
    for column in of(Role::Weight) {
        match one {
            true => line(text, "weight", &quoted(&column.name), &column.why),
            // Which of several is meant nobody can guess, and talk has no weights.
            false => comment(text, &format!("weight = {}: {}", quoted(&column.name), column.why)),
        }
    }
    for column in of(Role::Question) {
        text.push_str("[[source.question]]\n");
        line(text, "column", &quoted(&column.name), &column.why);
        if let Some(wording) = column.wording.as_ref().filter(|w| **w != column.name) {
            line(text, "text", &quoted(wording), "");
        }
    }
    for column in of(Role::MaybeQuestion) {
        comment(text, &format!("left out: {}", column.why));
        comment(text, "[[source.question]]");
        comment(text, &format!("column = {}", quoted(&column.name)));
    }
}

/// `key = value`, and behind it a comment where there is something to say.
fn line(text: &mut String, key: &str, value: &str, why: &str) {
    let start = format!("{key} = {value}");
    if why.is_empty() {
        text.push_str(&start);
    } else {
        let why = one_line(why);
        let _ = write!(text, "{start:<34} # {why}");
    }
    text.push('\n');
}

fn comment(text: &mut String, words: &str) {
    let _ = writeln!(text, "# {}", one_line(words));
}

/// Control characters end a comment in TOML or make it invalid.
fn one_line(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = names.map(|n| self::quoted(n)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A basic string of TOML.
pub(super) fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() || is_direction(c) => {
                let _ = write!(text, "\\U{:08X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// Characters that turn the direction of text around and would hide what a line says.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A kind as `study.toml` spells it.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Survey => "survey",
        Kind::FocusGroup => "focus-group",
        Kind::Interview => "interview",
        Kind::SessionNotes => "session-notes",
        Kind::Comments => "comments",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_string_comes_back_from_its_quoted_form(value in any::<String>()) {
            let text = format!("a = {}", quoted(&value));
            let table: toml::Table = toml::from_str(&text).unwrap();
            prop_assert_eq!(table["a"].as_str(), Some(value.as_str()));
        }
    }
}
