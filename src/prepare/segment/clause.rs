//! Joints of clauses, where a run-on piece is cut.
//!
//! In: a piece of a text. Out: shorter pieces in the same order. Must not know: sentences.

use std::ops::Range;

use super::{n_words, trimmed};

/// Above this number of words, a piece is cut.
const LONG: usize = 45;
/// Words that a cut leaves on either side at least.
const SHORT: usize = 8;

/// Cuts a long piece at its best joint, again and again.
pub(super) fn cut_long(text: &str, piece: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut rest = vec![piece];
    while let Some(piece) = rest.pop() {
        match (n_words(&text[piece.clone()]) > LONG).then(|| best_joint(text, &piece)).flatten() {
            Some(cut) => {
                rest.extend(trimmed(text, cut..piece.end));
                rest.extend(trimmed(text, piece.start..cut));
            }
            None => out.push(piece),
        }
    }
}

/// The strongest joint, and among equals the one nearest to the middle.
fn best_joint(text: &str, piece: &Range<usize>) -> Option<usize> {
    let words: Vec<Range<usize>> = words(text, piece);
    let n = words.len();
    let mut best: Option<(usize, usize, usize)> = None;
    for i in SHORT..n.saturating_sub(SHORT - 1) {
        let Some(rank) = joint_rank(text, &words, i) else { continue };
        let key = (rank, (2 * i).abs_diff(n), words[i].start);
        best = Some(best.map_or(key, |b| b.min(key)));
    }
    best.map(|b| b.2)
}

/// How good a joint there is before word `i`: 0 best, `None` no joint.
fn joint_rank(text: &str, words: &[Range<usize>], i: usize) -> Option<usize> {
    let bare = |r: &Range<usize>| {
        text[r.clone()].trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_lowercase()
    };
    let ahead = &text[words[i - 1].clone()];
    let word = bare(&words[i]);
    let next = words.get(i + 1).map(&bare).unwrap_or_default();
    let joins = matches!(
        word.as_str(),
        "but"
            | "because"
            | "so"
            | "then"
            | "although"
            | "however"
            | "until"
            | "when"
            | "while"
            | "where"
            | "which"
    );
    let and = matches!(word.as_str(), "and" | "or");
    let subject = matches!(
        next.as_str(),
        "i" | "we"
            | "they"
            | "he"
            | "she"
            | "it"
            | "you"
            | "then"
            | "the"
            | "my"
            | "nobody"
            | "no"
            | "there"
    );
    if ahead.ends_with("...")
        || ahead.ends_with(['…', '—', '–', ':'])
        || matches!(ahead, "-" | "--" | "—" | "–")
    {
        return Some(0);
    }
    match (ahead.ends_with(','), joins, and, subject) {
        (true, true, ..) | (true, _, true, _) => Some(1),
        (_, true, ..) if word != "so" && word != "when" && word != "where" || word == "then" => {
            Some(2)
        }
        (_, _, true, true) => Some(2),
        (true, ..) => Some(3),
        (_, true, ..) => Some(4),
        (_, _, true, _) => Some(5),
        _ => None,
    }
}

fn words(text: &str, piece: &Range<usize>) -> Vec<Range<usize>> {
    let base = piece.start;
    let shown = &text[piece.clone()];
    shown
        .split_whitespace()
        .map(|w| {
            let at = base + (w.as_ptr() as usize - shown.as_ptr() as usize);
            at..at + w.len()
        })
        .collect()
}
