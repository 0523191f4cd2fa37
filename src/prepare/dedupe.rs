//! Repetitions: rows sent twice, campaign texts, and equal segments.
//!
//! In: prepared responses. Out: duplicates marked in place; the list of distinct segment texts.
//! Must not know: themes, models. Short equal answers of different people are independent
//! answers and stay.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Disposition, Duplicate, NoContent, Prepared};
use crate::ingest::Kind;

/// Words that a text must have to be taken for a campaign's.
const CAMPAIGN_WORDS: usize = 12;

/// Marks rows that a participant sent before, then long texts that others sent too.
pub(super) fn mark_duplicates(responses: &mut [Prepared], kinds: &[Kind]) {
    let written = |r: &Prepared| {
        matches!(kinds.get(usize::from(r.source)), Some(Kind::Survey | Kind::Comments))
            && r.participant.is_some()
    };
    let texts: Vec<Option<String>> = responses
        .par_iter()
        .with_min_len(64)
        .map(|r| written(r).then(|| normalise(r.text.as_str())))
        .collect();
    mark_resubmissions(responses, &texts);
    mark_campaigns(responses, &texts);
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
fn mark_resubmissions(responses: &mut [Prepared], texts: &[Option<String>]) {
    let mut first: BTreeMap<(u16, Option<u32>), Vec<std::ops::Range<usize>>> = BTreeMap::new();
    let mut start = 0;
    while start < responses.len() {
        let place = |r: &Prepared| (r.source, r.file, r.row, r.participant);
        let here = place(&responses[start]);
        let end = start + responses[start..].iter().take_while(|r| place(r) == here).count();
        let row = start..end;
        start = end;
        if texts[row.clone()].iter().any(Option::is_none)
            || texts[row.clone()].iter().flatten().all(String::is_empty)
        {
            continue;
        }
        let rows = first.entry((here.0, here.3)).or_default();
        match rows.iter().find(|r| is_same_row(responses, texts, r, &row)).cloned() {
            Some(earlier) => mark_row(responses, &earlier, &row),
            None => rows.push(row),
        }
    }
}

fn is_same_row(
    responses: &[Prepared],
    texts: &[Option<String>],
    a: &std::ops::Range<usize>,
    b: &std::ops::Range<usize>,
) -> bool {
    let questions = |r: &std::ops::Range<usize>| {
        responses[r.clone()].iter().map(|p| p.question).collect::<Vec<_>>()
    };
    texts[a.clone()] == texts[b.clone()] && questions(a) == questions(b)
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

fn mark_campaigns(responses: &mut [Prepared], texts: &[Option<String>]) {
    let long = |text: &str| text.split(' ').take(CAMPAIGN_WORDS).count() == CAMPAIGN_WORDS;
    let key = |r: &Prepared, text| (r.source, r.question, text);
    let candidates: Vec<(usize, &str)> = texts
        .iter()
        .enumerate()
        .filter(|(at, _)| responses[*at].disposition == Disposition::Codable)
        .filter_map(|(at, text)| text.as_deref().filter(|t| long(t)).map(|t| (at, t)))
        .collect();
    // The one that counts is chosen by its id: which row stands first must not matter.
    let mut counted: BTreeMap<(u16, u16, &str), usize> = BTreeMap::new();
    for &(at, text) in &candidates {
        let of = counted.entry(key(&responses[at], text)).or_insert(at);
        if responses[at].id < responses[*of].id {
            *of = at;
        }
    }
    for (at, text) in candidates {
        let of = counted[&key(&responses[at], text)];
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
