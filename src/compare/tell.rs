//! Two waves as tables for a terminal.
//!
//! In: a [`Comparison`]. Out: lines of text; every question of every source, without groups, which
//! the other formats have. Must not know: how it came about.

use super::words::{
    capital, chance, change, deciding_share, of_people_briefly, raised, title, unchecked,
};
use super::{Comparison, Row, SourcePair, TablePair, Verdict};

/// Characters that a label may take; longer ones are cut.
const LABEL: usize = 44;

/// The whole as lines.
pub fn comparison(found: &Comparison) -> String {
    let [then, now] = &found.waves;
    let mut lines = vec![title(found), format!("{} and {}", capital(&then.name), now.name)];
    for source in &found.sources {
        lines.push(String::new());
        lines.extend(one_source(found, source));
    }
    if !found.codebook.is_empty() {
        lines.extend([String::new(), "The codebooks".to_owned()]);
        lines.extend(found.codebook.iter().map(|line| format!("  {line}")));
    }
    if !found.alone.is_empty() {
        lines.extend([String::new(), "In one wave alone".to_owned()]);
        lines.extend(found.alone.iter().map(|line| format!("  {line}")));
    }
    lines.push(String::new());
    lines.push(reading(found));
    lines.join("\n")
}

/// What a user must know before the numbers, a line each.
pub fn warnings(found: &Comparison) -> Vec<String> {
    unchecked(found).into_iter().chain(found.warnings.iter().cloned()).collect()
}

/// What changed clearly, over all sources, in one line.
pub fn briefly(found: &Comparison) -> String {
    let tables = found.sources.iter().filter_map(|s| s.questions.first());
    let rows: Vec<&Row> = tables.flat_map(TablePair::clear).collect();
    let count = |v: Verdict| rows.iter().filter(|row| row.verdict == v).count();
    match rows.len() {
        0 => "nothing changed clearly".to_owned(),
        _ => format!(
            "{} rose, {} fell, {} new, {} gone",
            count(Verdict::Rose),
            count(Verdict::Fell),
            count(Verdict::New),
            count(Verdict::Gone)
        ),
    }
}

fn one_source(found: &Comparison, source: &SourcePair) -> Vec<String> {
    let mut lines = vec![format!("== {} ({}, {})", source.name, source.kind, source.perspective)];
    lines.push(source.base_sentence.clone());
    lines.extend(source.notes.iter().cloned());
    if source.questions.is_empty() {
        lines.push("No question in common.".to_owned());
    }
    for table in &source.questions {
        lines.push(String::new());
        lines.push(table.name.clone());
        let said = table.findings.iter().chain(&table.remainder);
        lines.extend(said.map(|line| format!("  {line}")));
        if table.rows.iter().any(|row| row.verdict != Verdict::NotShown) {
            lines.push(String::new());
            lines.extend(aligned(&rows(found, source, table)));
        }
    }
    lines
}

/// Cells: label, the two waves, the difference, p, the verdict. Rows that are not shown are told
/// by their number alone; the other formats have them.
fn rows(found: &Comparison, source: &SourcePair, table: &TablePair) -> Vec<[String; 6]> {
    let [then, now] = &found.waves;
    let head = match source.shares {
        true => ["", &then.name, &now.name, "points (95 %)", "p adjusted", ""],
        false => ["", &then.name, &now.name, "people", "", ""],
    };
    let one = |row: &Row| {
        let (then, now) = (row.then.as_ref(), row.now.as_ref());
        let label = cut(&row.label);
        let said = match row.redefined {
            true => format!("{} (defined otherwise)", row.said),
            false => row.said.clone(),
        };
        if source.shares {
            let mark = match row.decided_by {
                Some(super::Basis::Corrected) => " c",
                _ => "",
            };
            let d = row.deciding().map_or(String::new(), |d| change(&d) + mark);
            let p = row.p_adjusted.map_or(String::new(), chance);
            [label, deciding_share(row, then), deciding_share(row, now), d, p, said]
        } else {
            let people = format!(
                "{}, {}",
                of_people_briefly(then, table.base[0]),
                of_people_briefly(now, table.base[1])
            );
            let files = |side, at: usize| {
                raised((side, table.base[at]), table.file_base[at], &source.file_unit)
            };
            [label, files(then, 0), files(now, 1), people, String::new(), said]
        }
    };
    let head = head.map(str::to_owned);
    let told = table.rows.iter().filter(|row| row.verdict != Verdict::NotShown);
    std::iter::once(head).chain(told.map(one)).collect()
}

fn cut(label: &str) -> String {
    match label.chars().count() {
        n if n > LABEL => label.chars().take(LABEL - 1).chain(['…']).collect(),
        _ => label.to_owned(),
    }
}

/// Columns as wide as they must be; words left, numbers right.
fn aligned(rows: &[[String; 6]]) -> Vec<String> {
    let width = |c: usize| rows.iter().map(|r| r[c].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |r: &[String; 6]| {
        let cells = r.iter().zip(widths).enumerate().filter(|(_, (_, w))| *w > 0);
        let cells = cells.map(|(c, (cell, w))| match c {
            0 | 5 => format!("{cell:<w$}"),
            _ => format!("{cell:>w$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn reading(found: &Comparison) -> String {
    let rows = found.sources.iter().flat_map(|s| &s.questions).flat_map(|t| &t.rows);
    let corrected = rows.into_iter().any(|r| r.decided_by == Some(super::Basis::Corrected));
    let c = if corrected { " c: shares corrected for the program’s errors." } else { "" };
    format!(
        "points: difference of the shares in percentage points, with its 95 % interval (Newcombe \
         1998). Rose and fell: the interval leaves out zero and the adjusted p is below .05.{c} \
         Published numbers alone: what either report protects has no difference here."
    )
}
