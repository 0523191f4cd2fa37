//! The words of a cue: cut at its voices and line ends, without tags, entities resolved.
//!
//! In: the text below a timing. Out: [`Line`]s. `<v Name>` names the speaker up to `</v>`; other
//! tags of WebVTT and SubRip are removed, what only looks like a tag stays.
//! Must not know: files, timings, what a label is.

use super::Line;
use super::captions::is_clock;

/// Cuts a cue at its voice tags and line ends.
pub(super) fn pieces(place: u32, text: &str, lines: &mut Vec<Line>) {
    let mut piece = Line { place, voice: None, text: String::new() };
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&', '\n']) {
        piece.text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(tail) = rest.strip_prefix('\n') {
            let voice = piece.voice.clone();
            flush(&mut piece, lines, voice);
            rest = tail;
        } else if let Some((tag, tail)) = tag(rest) {
            match voice(tag) {
                Some(name) => flush(&mut piece, lines, Some(name)),
                None if tag == "/v" => flush(&mut piece, lines, None),
                None => {}
            }
            rest = tail;
        } else {
            let (c, tail) = entity(rest);
            piece.text.push_str(c);
            rest = tail;
        }
    }
    piece.text.push_str(rest);
    flush(&mut piece, lines, None);
}

fn flush(piece: &mut Line, lines: &mut Vec<Line>, next: Option<String>) {
    let text = std::mem::take(&mut piece.text);
    let voice = std::mem::replace(&mut piece.voice, next);
    if !text.trim().is_empty() {
        lines.push(Line { place: piece.place, voice, text });
    }
}

/// A tag at the start of the text, and what follows it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let starts_tag = inside.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    let (tag, rest) = inside.split_once('>')?;
    (starts_tag && !tag.contains(['<', '\n']) && is_markup(tag)).then_some((tag, rest))
}

/// Whether the tag is one of WebVTT's or SubRip's, or a time; anything else is somebody's words.
fn is_markup(tag: &str) -> bool {
    const TAGS: [&str; 13] =
        ["b", "br", "c", "font", "i", "lang", "p", "rt", "ruby", "s", "span", "u", "v"];
    let name = tag.trim_start_matches('/').split(['.', ' ', '\t', '/']).next().unwrap_or("");
    TAGS.iter().any(|known| name.eq_ignore_ascii_case(known)) || is_clock(tag)
}

/// The name in `v Name` or `v.loud Name`.
fn voice(tag: &str) -> Option<String> {
    let (head, name) = tag.split_once([' ', '\t'])?;
    if head != "v" && !head.starts_with("v.") {
        return None;
    }
    let mut decoded = String::new();
    let mut rest = name.trim();
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let (c, tail) = entity(&rest[at..]);
        decoded.push_str(c);
        rest = tail;
    }
    decoded.push_str(rest);
    (!decoded.trim().is_empty()).then(|| decoded.trim().to_string())
}

/// What an entity at the start stands for; any other first character stands for itself.
fn entity(text: &str) -> (&str, &str) {
    const NAMED: [(&str, &str); 9] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", "\u{A0}"),
        ("&lrm;", "\u{200E}"),
        ("&rlm;", "\u{200F}"),
    ];
    for (name, character) in NAMED {
        if let Some(rest) = text.strip_prefix(name) {
            return (character, rest);
        }
    }
    let width = text.chars().next().map_or(0, char::len_utf8);
    text.split_at(width)
}
