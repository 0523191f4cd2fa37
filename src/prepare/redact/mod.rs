//! Redaction: raw words in, words that the study's own staff may read out.
//!
//! In: a [`Verbatim`]. Out: a [`Redacted`]: every direct identifier that a rule recognises is
//! replaced by its label (`[PHONE]`), with the way back to positions in the original. The rules
//! are applied until none of them matches any more, so redacting twice changes nothing and no
//! match is left behind. Rules find direct identifiers written in usual ways; they do not make a
//! text anonymous (see `facts/privacy.md`, B1).
//! Must not know: languages, segments, themes, who asks.

mod contact;
mod lexicon;
mod name;
mod number;
mod place;

use std::ops::Range;

use crate::text::{Edit, Mark, Redacted, Span, Verbatim};

/// Replaces direct identifiers by labels.
pub fn redact(raw: &Verbatim) -> Redacted {
    redact_str(raw.expose())
}

/// Something that a rule recognised: what it is and which bytes are to be replaced.
struct Find {
    mark: Mark,
    bytes: Range<usize>,
}

/// What a text contains, so that rules which cannot match are not tried.
#[derive(Clone, Copy)]
struct Traits {
    digit: bool,
    at_sign: bool,
    dot: bool,
}

impl Traits {
    fn of(text: &str) -> Self {
        let mut traits = Self { digit: false, at_sign: false, dot: false };
        for b in text.bytes() {
            traits.digit |= b.is_ascii_digit();
            traits.at_sign |= b == b'@';
            traits.dot |= b == b'.';
        }
        traits
    }
}

/// A replaced stretch of the original text.
struct Replaced {
    mark: Mark,
    original: Range<usize>,
}

fn redact_str(raw: &str) -> Redacted {
    let mut done: Vec<Replaced> = Vec::new();
    let mut current = raw.to_owned();
    loop {
        let found = choose(&current, find_all(&current));
        if found.is_empty() {
            break;
        }
        let new: Vec<Replaced> = found
            .into_iter()
            .map(|f| Replaced { mark: f.mark, original: to_original(&done, f.bytes) })
            .collect();
        done.extend(new);
        done.sort_by_key(|r| r.original.start);
        current = rebuild(raw, &done);
    }
    let edits = edits(raw, &done);
    Redacted::new(current, edits)
}

fn find_all(text: &str) -> Vec<Find> {
    let traits = Traits::of(text);
    let mut found = Vec::new();
    contact::find(text, traits, &mut found);
    if traits.digit {
        place::find(text, &mut found);
        number::find(text, &mut found);
    }
    name::find(text, &mut found);
    found
}

/// Keeps the longest of overlapping finds (then the earlier rule), and none that touches a label.
fn choose(text: &str, mut found: Vec<Find>) -> Vec<Find> {
    if found.is_empty() {
        return found;
    }
    let labels = labels(text);
    found.retain(|f| !f.bytes.is_empty() && !labels.iter().any(|l| overlap(l, &f.bytes)));
    found.sort_by_key(|f| (std::cmp::Reverse(f.bytes.len()), f.mark, f.bytes.start));
    let mut kept: Vec<Find> = Vec::new();
    for f in found {
        if !kept.iter().any(|k| overlap(&k.bytes, &f.bytes)) {
            kept.push(f);
        }
    }
    kept.sort_by_key(|f| f.bytes.start);
    kept
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Where labels stand in a text, whoever wrote them.
fn labels(text: &str) -> Vec<Range<usize>> {
    text.match_indices('[')
        .filter_map(|(at, _)| {
            let rest = &text[at..];
            let mark = Mark::ALL.into_iter().find(|m| rest.starts_with(m.label()))?;
            Some(at..at + mark.label().len())
        })
        .collect()
}

/// A byte range of the text in which `done` is replaced, as a byte range of the original.
fn to_original(done: &[Replaced], bytes: Range<usize>) -> Range<usize> {
    let (mut label_end, mut original_end) = (0, 0);
    for r in done {
        let label_start = label_end + (r.original.start - original_end);
        if label_start >= bytes.end {
            break;
        }
        label_end = label_start + r.mark.label().len();
        original_end = r.original.end;
    }
    let back = |at: usize| at - label_end + original_end;
    back(bytes.start)..back(bytes.end)
}

fn rebuild(raw: &str, done: &[Replaced]) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    for r in done {
        out.push_str(&raw[at..r.original.start]);
        out.push_str(r.mark.label());
        at = r.original.end;
    }
    out.push_str(&raw[at..]);
    out
}

fn edits(raw: &str, done: &[Replaced]) -> Vec<Edit> {
    let mut edits = Vec::with_capacity(done.len());
    let (mut byte, mut original, mut redacted) = (0, 0u32, 0u32);
    for r in done {
        let between = code_points(&raw[byte..r.original.start]);
        let start = Span { start: original + between, end: redacted + between };
        original = start.start + code_points(&raw[r.original.clone()]);
        redacted = start.end + code_points(r.mark.label());
        byte = r.original.end;
        edits.push(Edit {
            mark: r.mark,
            redacted: Span { start: start.end, end: redacted },
            original: Span { start: start.start, end: original },
        });
    }
    edits
}

fn code_points(text: &str) -> u32 {
    text.chars().count() as u32
}

/// The character before a byte position.
fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character at a byte position.
fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Whether a range is a word of its own: no ASCII letter, digit or underscore touches it.
fn stands_alone(text: &str, bytes: &Range<usize>) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    !word(before(text, bytes.start)) && !word(after(text, bytes.end))
}

/// How many ASCII digits stand in a text.
fn n_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether four digits look like a year of our time.
fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && n_digits(text) == 4
}

#[cfg(test)]
mod tests;
