//! From coded rows to what can be learned from.
//!
//! In: a [`CodedTable`]. Out: [`Examples`]: distinct answers (what was asked and what was said,
//! redacted as a run redacts them), for each the share of its rows that carry each theme, and
//! which of them belong together. Equal answers that were coded differently stay one example
//! whose targets lie between 0 and 1, so that each coding counts as often as it was given.
//! Must not know: models, encoders.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::classify::learned::{Unit, lexical};
use crate::coded::{CodedRow, CodedTable};
use crate::prepare::{context, redact, says_nothing};
use crate::text::{Redacted, Verbatim};

/// What can be learned from.
#[derive(Debug, Default)]
pub struct Examples {
    /// Number of themes.
    pub themes: usize,
    /// The distinct answers, in order of first appearance.
    pub units: Vec<Unit>,
    /// `units × themes`: the share of the answer's rows that carry the theme.
    pub targets: Vec<f32>,
    /// Rows behind each answer.
    pub weights: Vec<f32>,
    /// Which answers must be held out together, numbered from 0.
    pub groups: Vec<usize>,
    /// Rows with each theme.
    pub positives: Vec<u64>,
    /// Rows with words in them.
    pub rows: u64,
    /// Whether the coders gave themes to answers such as "nothing": then they are learned, and a
    /// run asks the model about them instead of setting them aside.
    pub codes_nothing: bool,
    /// What a user should know.
    pub warnings: Vec<String>,
}

/// Answers such as "nothing" that carry themes, from which they are learned.
const NOTHINGS: usize = 5;

/// Rows named in a warning.
const NAMED: usize = 3;

/// Collects the examples of a table whose codebook has `themes` themes.
pub fn collect(table: &CodedTable, themes: usize) -> Examples {
    let mut examples = Examples { themes, positives: vec![0; themes], ..Examples::default() };
    let mut numbers: BTreeMap<Unit, usize> = BTreeMap::new();
    // For each distinct answer its rows and their codes.
    let mut rows: Vec<Vec<&CodedRow>> = Vec::new();
    let redacted: Vec<Redacted> = table.rows.par_iter().map(|row| redact(&row.text)).collect();
    let nothing: Vec<bool> = redacted.par_iter().map(says_nothing).collect();
    let coded = table.rows.iter().zip(&nothing).filter(|(r, n)| **n && !r.codes.is_empty());
    examples.codes_nothing = coded.count() >= NOTHINGS;
    let mut left_out = Vec::new();
    for ((row, text), nothing) in table.rows.iter().zip(redacted).zip(nothing) {
        let text = text.as_str().trim().to_owned();
        if text.is_empty() || nothing && !examples.codes_nothing {
            left_out.push(row.row);
            continue;
        }
        let parts: Vec<&str> = row.context.iter().map(Verbatim::expose).collect();
        let unit = Unit { context: context(&parts), text };
        let number = *numbers.entry(unit).or_insert_with_key(|unit| {
            examples.units.push(unit.clone());
            rows.push(Vec::new());
            rows.len() - 1
        });
        rows[number].push(row);
        examples.rows += 1;
        row.codes.iter().for_each(|&t| examples.positives[t] += 1);
    }
    for rows in &rows {
        let n = rows.len() as f32;
        let mut share = vec![0f32; themes];
        for &theme in rows.iter().flat_map(|r| &r.codes) {
            share[theme] += 1.0 / n;
        }
        examples.targets.extend(share.iter().map(|s| s.min(1.0)));
        examples.weights.push(n);
    }
    examples.groups = groups(&examples.units, &rows);
    warn(&mut examples, &rows, &left_out);
    examples
}

/// Answers that share their words, whatever was asked, or one of whose rows shares its
/// participant, belong together.
fn groups(units: &[Unit], rows: &[Vec<&CodedRow>]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..units.len()).collect();
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    let mut first: BTreeMap<(bool, String), usize> = BTreeMap::new();
    for (i, unit) in units.iter().enumerate() {
        let words = (false, lexical::normalised(&unit.text));
        let people = rows[i].iter().filter_map(|r| r.participant.clone()).map(|p| (true, p));
        for key in std::iter::once(words).chain(people) {
            let other = *first.entry(key).or_insert(i);
            let (a, b) = (root(&mut parent, other), root(&mut parent, i));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    (0..units.len())
        .map(|i| {
            let next = numbers.len();
            *numbers.entry(root(&mut parent, i)).or_insert(next)
        })
        .collect()
}

fn warn(examples: &mut Examples, rows: &[Vec<&CodedRow>], left_out: &[u32]) {
    if let Some(first) = left_out.first() {
        examples.warnings.push(format!(
            "{} coded rows say nothing and are left out (the first is row {first})",
            left_out.len()
        ));
    }
    let mut split = Vec::new();
    for same in rows {
        if let Some(other) = same.iter().find(|r| r.codes != same[0].codes) {
            split.push((same[0].row, other.row));
        }
    }
    if !split.is_empty() {
        let named: Vec<String> =
            split.iter().take(NAMED).map(|(a, b)| format!("{a} and {b}")).collect();
        let more = if split.len() > NAMED { ", …" } else { "" };
        examples.warnings.push(format!(
            "{} answers stand there more than once with different codes (rows {}{more}); each \
             coding counts as often as it was given",
            split.len(),
            named.join(", ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(row: u32, text: &str, codes: &[usize], participant: Option<&str>) -> CodedRow {
        CodedRow {
            id: format!("r{row}"),
            row,
            text: Verbatim::new(text),
            context: vec![Verbatim::new("What  else? ")],
            participant: participant.map(str::to_owned),
            codes: codes.to_vec(),
            coder: None,
            stratum: None,
            probability: None,
            groups: Vec::new(),
        }
    }

    fn table(rows: Vec<CodedRow>) -> CodedTable {
        let (themes, unfilled, warnings) = (vec![0, 1], Vec::new(), Vec::new());
        CodedTable { rows, themes, unfilled, warnings, sha256: String::new() }
    }

    #[test]
    fn equal_answers_are_one_example_and_each_coding_counts() {
        let rows = vec![
            row(2, "Too slow", &[0], None),
            row(3, " Too slow", &[0, 1], None),
            row(4, "  ", &[1], None),
            row(5, "Call 312-555-0147", &[], None),
        ];
        let e = collect(&table(rows), 2);
        assert_eq!(e.targets, [1.0, 0.5, 0.0, 0.0]);
        assert_eq!((e.weights.as_slice(), e.rows), ([2.0, 1.0].as_slice(), 3));
        assert_eq!(e.positives, [2, 1]);
        assert_eq!(e.units[1].text, "Call [PHONE]");
        assert_eq!(e.units[0].context, "What else?");
        assert!(e.warnings[0].contains("the first is row 4"), "{:?}", e.warnings);
        assert!(e.warnings[1].contains("rows 2 and 3"), "{:?}", e.warnings);
    }

    #[test]
    fn nothing_is_learned_where_the_coders_gave_it_themes() {
        let rows = |n: u32, codes: &[usize]| {
            (0..n).map(|i| row(i + 2, ["Nothing.", "n/a"][i as usize % 2], codes, None)).collect()
        };
        assert!(collect(&table(rows(9, &[0])), 2).codes_nothing);
        let uncoded = collect(&table(rows(9, &[])), 2);
        assert!(!uncoded.codes_nothing && uncoded.units.is_empty());
        assert!(uncoded.warnings[0].starts_with("9 coded rows say nothing"));
    }

    #[test]
    fn equal_words_and_one_participants_answers_are_held_out_together() {
        let rows = vec![
            row(2, "Too slow", &[0], Some("a")),
            row(3, "too slow!", &[0], Some("b")),
            row(4, "Rude", &[1], Some("b")),
            row(5, "Kind", &[1], Some("c")),
            row(6, "Kind staff", &[1], None),
            row(7, "Other", &[1], None),
        ];
        assert_eq!(collect(&table(rows), 2).groups, [0, 0, 0, 1, 2, 3]);
    }
}
