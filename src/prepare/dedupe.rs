//! Repetitions: rows sent twice, campaign texts, and equal segments.
//!
//! In: prepared responses, and of each written one what its words were before redaction. Out:
//! duplicates marked in place; the list of distinct segment texts. Must not know: themes, models.
//! Short equal answers of different people are independent answers and stay. So do form letters
//! that differ in what redaction hides, such as the name below: they are no copies word for word,
//! and two people's own reports could look alike once names and plates are hidden.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Disposition, Duplicate, NoContent, Prepared};
use crate::text::Verbatim;

/// Words that a text must have to be taken for a campaign's.
const CAMPAIGN_WORDS: u32 = 12;

/// What tells raw texts apart without keeping them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    /// A fingerprint of the normalised words.
    print: (u64, u64),
    /// How many there are.
    n: u32,
}

impl Words {
    /// Takes the fingerprint of a text.
    pub(super) fn of(raw: &Verbatim) -> Self {
        let text = normalise(raw.expose());
        let n = text.split(' ').filter(|word| !word.is_empty()).count() as u32;
        Self { print: fingerprint(text.as_bytes()), n }
    }
}

/// 128 bits: FNV-1a, and beside it a multiply-and-rotate hash, over the same bytes.
fn fingerprint(bytes: &[u8]) -> (u64, u64) {
    let (mut a, mut b) = (0xcbf2_9ce4_8422_2325_u64, 0x9e37_79b9_7f4a_7c15_u64);
    for byte in bytes.iter().copied().map(u64::from) {
        a = (a ^ byte).wrapping_mul(0x0000_0100_0000_01b3);
        b = (b.rotate_left(5) ^ byte).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    (a, b)
}

/// Marks rows that a participant sent before, then long texts that others sent too. `words` runs
/// along with the responses; it is `None` for what nobody wrote.
pub(super) fn mark_duplicates(responses: &mut [Prepared], words: &[Option<Words>]) {
    mark_resubmissions(responses, words);
    mark_campaigns(responses, words);
}

/// Lower-case words between single spaces: what two texts share that are the same word for word.
fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' | '’' | '‘' | '`' => {}
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ if !out.is_empty() && !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A row is a run of responses with the same place. It repeats an earlier row of the same
/// participant when all its questions are answered alike and at least one has words.
fn mark_resubmissions(responses: &mut [Prepared], words: &[Option<Words>]) {
    /// Who answered what: source, participant, and words by question.
    type Row = (u16, Option<u32>, Vec<(u16, Words)>);
    let mut first: BTreeMap<Row, std::ops::Range<usize>> = BTreeMap::new();
    let mut start = 0;
    while start < responses.len() {
        let place = |r: &Prepared| (r.source, r.file, r.row, r.participant);
        let here = place(&responses[start]);
        let end = start + responses[start..].iter().take_while(|r| place(r) == here).count();
        let row = start..end;
        start = end;
        let answers: Option<Vec<(u16, Words)>> =
            row.clone().map(|at| words[at].map(|w| (responses[at].question, w))).collect();
        let Some(answers) = answers.filter(|a| a.iter().any(|(_, w)| w.n > 0)) else { continue };
        match first.entry((here.0, here.3, answers)) {
            Entry::Occupied(earlier) => mark_row(responses, earlier.get(), &row),
            Entry::Vacant(new) => {
                new.insert(row);
            }
        }
    }
}

fn mark_row(
    responses: &mut [Prepared],
    earlier: &std::ops::Range<usize>,
    row: &std::ops::Range<usize>,
) {
    for (of, at) in earlier.clone().zip(row.clone()) {
        let r = &mut responses[at];
        let blank = Disposition::NoContent(NoContent::Blank);
        if !matches!(r.disposition, Disposition::Rejected(_)) && r.disposition != blank {
            r.disposition = Disposition::Duplicate(Duplicate::Resubmission { of: of as u32 });
        }
    }
}

fn mark_campaigns(responses: &mut [Prepared], words: &[Option<Words>]) {
    let candidates: Vec<(usize, Words)> = words
        .iter()
        .enumerate()
        .filter(|(at, _)| responses[*at].disposition == Disposition::Codable)
        .filter_map(|(at, words)| words.filter(|w| w.n >= CAMPAIGN_WORDS).map(|w| (at, w)))
        .collect();
    // The one that counts is chosen by its id: which row stands first must not matter.
    let mut counted: BTreeMap<(u16, u16, Words), usize> = BTreeMap::new();
    let key = |r: &Prepared, words| (r.source, r.question, words);
    for &(at, words) in &candidates {
        let of = counted.entry(key(&responses[at], words)).or_insert(at);
        if responses[at].id < responses[*of].id {
            *of = at;
        }
    }
    for (at, words) in candidates {
        let of = counted[&key(&responses[at], words)];
        if responses[of].participant != responses[at].participant {
            responses[at].disposition =
                Disposition::Duplicate(Duplicate::Campaign { of: of as u32 });
        }
    }
}

/// Numbers equal segment texts alike and returns the texts, in order of first appearance.
pub(super) fn number_segments(responses: &mut [Prepared]) -> Vec<String> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut uniques: Vec<&str> = Vec::new();
    for response in responses.iter_mut() {
        let text = response.text.as_str();
        for segment in &mut response.segments {
            let piece = &text[segment.bytes.start as usize..segment.bytes.end as usize];
            segment.unique = *numbers.entry(piece).or_insert_with(|| {
                uniques.push(piece);
                uniques.len() as u32 - 1
            });
        }
    }
    uniques.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn case_spacing_punctuation_and_quotes_do_not_tell_texts_apart() {
        assert_eq!(normalise("  They  DON’T care — at all! "), "they dont care at all");
        assert_eq!(normalise("they don't care, at all"), "they dont care at all");
    }
}
