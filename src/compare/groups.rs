//! Values of group columns in two waves: their tables, and whether the people who answered are
//! made up of the same groups.
//!
//! In: two sources. Out: [`ColumnPair`]s, sentences. Values that either report leaves out are in
//! neither. Must not know: formats.

use std::collections::BTreeMap;

use super::pair::{Both, Half, absent, tables};
use super::read::{Group, GroupRow, Source, Summary};
use super::row::Joint;
use super::words::capital;
use super::{ColumnPair, Side};
use crate::report::view::Shown;
use crate::report::words::percent;

/// From so large a change of a group's part among those who answered it is said, in parts of 1.
const SHIFT: f64 = 0.1;

/// The columns that both waves have, with the values that both show.
pub(super) fn columns(
    [then, now]: Both<'_, Source>,
    waves: Both<'_, Summary>,
    themes: &[Joint<'_>],
    names: [&str; 2],
) -> Vec<ColumnPair> {
    let pairs = now.groups.iter().filter_map(|b| {
        let a = then.groups.iter().find(|a| a.column == b.column)?;
        let value = |(at, (value, _)): (usize, &(String, Shown))| {
            let before = a.values.iter().position(|(v, _)| v == value)?;
            let halves = [half(then, a, before, waves[0]), half(now, b, at, waves[1])];
            Some((value.clone(), halves))
        };
        let named: Vec<(String, [Half; 2])> =
            b.values.iter().enumerate().filter_map(value).collect();
        let values = tables(&named, themes, now, names);
        Some(ColumnPair { column: b.column.clone(), values })
    });
    pairs.filter(|column| !column.values.is_empty()).collect()
}

/// The table of one value.
fn half(source: &Source, group: &Group, at: usize, wave: &Summary) -> Half {
    let rows: BTreeMap<usize, &GroupRow> = group.rows.iter().map(|row| (row.theme, row)).collect();
    let base = group.values[at].1;
    let side = |theme: usize| match rows.get(&theme) {
        Some(row) => {
            let (people, share) = row.cells[at];
            let corrected = row.corrected.get(at).copied().flatten();
            Side::of((people, None), share, corrected, corrected.is_some())
        }
        None => absent(source, &source.questions[0], &wave.themes[theme].label, base),
    };
    Half { base, file_base: 0, sides: (0..wave.themes.len()).map(side).collect() }
}

/// Groups whose part among those who answered is another now: a change of the whole can come from
/// that alone.
pub(super) fn shifts([then, now]: Both<'_, Source>, names: [&str; 2]) -> Vec<String> {
    let part = |source: &Source, base: Shown| {
        let (n, all) = (base.number()? as f64, source.questions.first()?.base.number()? as f64);
        (all > 0.0).then_some(n / all)
    };
    let mut moved = Vec::new();
    for b in &now.groups {
        let Some(a) = then.groups.iter().find(|a| a.column == b.column) else { continue };
        for (value, base) in &b.values {
            let before = a.values.iter().find(|(v, _)| v == value).map(|(_, base)| *base);
            let parts = before.and_then(|was| Some((part(then, was)?, part(now, *base)?)));
            let Some((was, is)) = parts.filter(|(was, is)| (is - was).abs() >= SHIFT) else {
                continue;
            };
            moved.push(format!(
                "{} {value}, {} {} and {} {}",
                b.column,
                names[0],
                percent(was),
                names[1],
                percent(is)
            ));
        }
    }
    if moved.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "Others answered than before: {} of the {}. A change of the whole can come from that alone; \
         the tables by group show who it is.",
        capital(&moved.join("; ")),
        now.unit
    )]
}
