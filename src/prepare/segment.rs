//! Sentence-sized pieces of a response.
//!
//! In: a redacted text. Out: [`Segment`]s, ascending, that cover everything but white space.
//! Must not know: themes, models, languages other than English.
//!
//! A boundary is a line break, a bullet, a semicolon, or the end of a sentence as people type it
//! ("came late.nobody called", "…"); abbreviations ("Sgt.", "a.m.", "14th St.") are none. Pieces of more
//! than 45 words are cut at the joints of clauses, because a long piece drowns its themes.
//! Interjections ("Well.", "Yes!") join their neighbour; other fragments ("Respect.") are answers.

mod clause;

use std::ops::Range;

use super::Segment;
use crate::text::Redacted;

/// Cuts a text into segments; their `unique` numbers are given later.
pub(super) fn segments(text: &Redacted) -> Vec<Segment> {
    let pieces = pieces(text.as_str());
    let spans = text.original_spans(&pieces);
    pieces
        .into_iter()
        .zip(spans)
        .map(|(bytes, span)| Segment {
            bytes: bytes.start as u32..bytes.end as u32,
            span,
            unique: 0,
        })
        .collect()
}

/// The segments as byte ranges.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut cuts = Vec::new();
    sentence_ends(text, &mut cuts);
    let sentences = between(text, &cuts);
    let joined = join_fragments(text, sentences);
    let mut out = Vec::with_capacity(joined.len());
    for piece in joined {
        clause::cut_long(text, piece, &mut out);
    }
    out
}

/// The pieces between cuts, without the white space around them; empty ones fall away.
fn between(text: &str, cuts: &[usize]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut out = Vec::new();
    for end in cuts.iter().copied().chain([text.len()]) {
        out.extend(trimmed(text, start..end));
        start = end;
    }
    out
}

fn trimmed(text: &str, bytes: Range<usize>) -> Option<Range<usize>> {
    let piece = &text[bytes.clone()];
    let start = bytes.start + (piece.len() - piece.trim_start().len());
    let kept = piece.trim();
    (!kept.is_empty()).then(|| start..start + kept.len())
}

/// Byte positions at which a new piece begins.
fn sentence_ends(text: &str, cuts: &mut Vec<usize>) {
    let mut piece = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let cut = match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | ';' | '；' => Some(at + c.len_utf8()),
            '•' | '●' | '▪' | '◦' | '·' if at > piece => Some(at),
            '.' | '!' | '?' | '…' | '。' | '！' | '？' => {
                let mut end = at + c.len_utf8();
                while let Some((next, mark)) = chars.peek().copied() {
                    if !matches!(
                        mark,
                        '.' | '!'
                            | '?'
                            | '…'
                            | '。'
                            | '！'
                            | '？'
                            | '"'
                            | '”'
                            | '\''
                            | '’'
                            | ')'
                            | ']'
                            | '」'
                    ) {
                        break;
                    }
                    if mark == '\'' && text[next + 1..].starts_with(char::is_alphabetic) {
                        break;
                    }
                    end = next + mark.len_utf8();
                    chars.next();
                }
                ends_sentence(text, piece, at..end).then_some(end)
            }
            '0'..='9' => list_number(text, piece, at),
            _ => None,
        };
        if let Some(cut) = cut {
            cuts.push(cut);
            piece = cut;
        }
    }
}

/// "… 2) more lights": an item that goes on in the same line.
fn list_number(text: &str, piece: usize, at: usize) -> Option<usize> {
    let fresh = at > piece && text[..at].ends_with(' ') && !text[piece..at].trim().is_empty();
    let rest = text[at..].trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text[at..].len() - rest.len();
    (fresh && digits <= 2 && rest.starts_with(") ") && !text[piece..at].trim_end().ends_with('('))
        .then_some(at)
}

/// Whether the marks at `marks` close a sentence that began at `piece`.
fn ends_sentence(text: &str, piece: usize, marks: Range<usize>) -> bool {
    let behind = &text[marks.end..];
    let run = &text[marks.clone()];
    let next = behind.trim_start_matches([' ', '\t', '\u{a0}']);
    let Some(c) = next.chars().next() else { return true };
    let spaced = next.len() < behind.len();
    if run.starts_with(['。', '！', '？']) {
        return true;
    }
    if run.contains("..") || run.contains('…') {
        return spaced && (c.is_uppercase() || n_words(&text[piece..marks.start]) >= 12);
    }
    if run.contains(['!', '?']) {
        return spaced || c.is_uppercase() || c == '\n';
    }
    let word = last_word(&text[piece..marks.start]);
    if !spaced {
        let next_word = next.chars().take_while(|c| c.is_alphabetic()).count();
        let typed =
            word.chars().count() >= 2 && word.chars().all(char::is_alphabetic) && next_word >= 2;
        return c == '\n'
            || (run.len() > 1 || typed && !word.contains('.')) && !is_abbreviation(word, next);
    }
    if text[piece..marks.start].trim().chars().all(|c| c.is_ascii_digit()) {
        return false;
    }
    !is_abbreviation(word, next)
}

fn last_word(text: &str) -> &str {
    text.rsplit([' ', '\n', '\t', '(', '"', '“', '/', ',']).next().unwrap_or("")
}

/// Whether the word before the full stop is an abbreviation, given what comes next.
fn is_abbreviation(word: &str, next: &str) -> bool {
    let low = word.to_lowercase();
    let upper = next.starts_with(|c: char| c.is_uppercase());
    let starts = || {
        let first: String =
            next.chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        STARTERS.contains(&first.as_str())
    };
    match low.as_str() {
        "e.g" | "i.e" | "vs" | "approx" | "eg" | "ie" | "c.f" => true,
        "no" | "nos" => next.starts_with(|c: char| c.is_ascii_digit() || c == '#'),
        "mr" | "mrs" | "ms" | "dr" | "sgt" | "lt" | "ofc" | "det" | "capt" | "cmdr" | "cpl"
        | "prof" | "rev" | "hon" | "supt" | "sr" | "sra" | "ald" | "gov" | "sen" | "rep" => {
            !low.is_empty() && (upper && !starts() || next.starts_with('['))
        }
        "st" | "ave" | "rd" | "blvd" | "ln" | "ct" | "pl" | "pkwy" | "hwy" | "apt" | "u.s"
        | "u.s.a" | "p.o" | "jr" | "inc" | "dept" | "etc" | "a.m" | "p.m" | "am" | "pm" | "min"
        | "mins" | "hr" | "hrs" | "yr" | "yrs" | "approx." | "mt" | "ft" | "jan" | "feb"
        | "aug" | "sept" | "oct" | "nov" | "dec" => match low.as_str() {
            "am" | "pm" | "min" | "mins" | "hr" | "hrs" | "yr" | "yrs" | "etc" | "a.m" | "p.m" => {
                !upper
            }
            _ => !starts(),
        },
        _ => {
            let initial = word.chars().count() == 1
                && upper
                && word.chars().all(|c| c.is_uppercase() && c != 'I');
            initial
                || word.len() > 3 && word.split('.').all(|p| p.chars().count() == 1) && !starts()
        }
    }
}

const STARTERS: &[&str] = &[
    "the", "they", "i", "we", "it", "he", "she", "there", "this", "that", "these", "those", "my",
    "our", "you", "your", "and", "but", "no", "not", "when", "what", "if", "in", "every", "nobody",
    "so", "also", "then", "because", "at", "a", "an", "more", "please", "some", "why", "how",
    "where", "who", "his", "her", "their", "its", "all", "people", "police", "cops", "officers",
    "never",
];

/// Joins pieces that say nothing by themselves: bare punctuation, bullets, interjections.
fn join_fragments(text: &str, pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::with_capacity(pieces.len());
    let mut waiting: Option<usize> = None;
    for piece in pieces {
        let shown = &text[piece.clone()];
        let bare = !shown.chars().any(char::is_alphanumeric);
        match out.last_mut() {
            Some(last) if bare && waiting.is_none() && !is_bullet(shown) => last.end = piece.end,
            _ if bare || is_interjection(shown) => waiting = waiting.or(Some(piece.start)),
            _ => out.push(waiting.take().unwrap_or(piece.start)..piece.end),
        }
    }
    if let Some(start) = waiting {
        match out.last_mut() {
            Some(last) => last.end = text.trim_end().len(),
            None => out.push(start..text.trim_end().len()),
        }
    }
    out
}

fn is_bullet(piece: &str) -> bool {
    matches!(piece.trim(), "-" | "*" | "•" | "●" | "▪" | "◦" | "·" | "–" | "—")
}

fn is_interjection(piece: &str) -> bool {
    const WORDS: &[&str] = &[
        "yes",
        "no",
        "yeah",
        "yep",
        "nope",
        "nah",
        "ok",
        "okay",
        "well",
        "please",
        "thanks",
        "thank",
        "you",
        "wow",
        "lol",
        "hello",
        "hi",
        "hey",
        "sorry",
        "really",
        "honestly",
        "anyway",
        "oh",
        "ugh",
        "hmm",
        "um",
        "uh",
        "period",
        "seriously",
        "sure",
        "right",
        "so",
        "but",
        "and",
        "also",
        "first",
        "second",
        "third",
        "finally",
        "true",
        "fine",
        "exactly",
        "absolutely",
        "actually",
        "look",
        "listen",
        "man",
        "haha",
        "ha",
        "smh",
        "damn",
        "god",
        "my",
        "oh",
        "good",
        "luck",
        "idk",
        "why",
        "what",
        "how",
        "ps",
        "p.s",
        "mr",
        "mrs",
    ];
    let mut n = 0;
    let all = piece.split_whitespace().all(|w| {
        n += 1;
        let word = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        word.is_empty()
            || word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit())
            || WORDS.contains(&word.as_str())
    });
    all && n <= 2
}

fn n_words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests;
