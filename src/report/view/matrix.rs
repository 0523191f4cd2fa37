//! Themes by perspective and by what they mean for the plan.
//!
//! In: the sources' views. Out: the matrix, its sentences, and its rows again under each tag of the
//! codebook. Must not know: formats, true counts.

use std::collections::BTreeMap;

use super::facts;
use super::{
    MatrixCell, MatrixColumn, MatrixRow, MatrixView, PlanTag, PlanView, Shown, SourceView,
};
use crate::codebook::Codebook;
use crate::plan::Plan;
use crate::report::{stance, words};

pub(super) fn matrix(plan: &Plan, sources: &[SourceView]) -> MatrixView {
    let order = by_perspective(sources);
    let book = &plan.codebook;
    let mut rows = Vec::new();
    for area in book.roots() {
        let family = (0..book.themes.len()).filter(|&t| book.is_under(t, area));
        let mut family: Vec<usize> = family.collect();
        family.sort_by_key(|&t| (t != area, t));
        for theme in family {
            // What a source of too few people raised is not known, so it is no reason for a row.
            let listed = |i: &&SourceView| i.questions[0].rows.iter().any(|r| r.theme == theme);
            let open = sources.iter().filter(|s| s.questions[0].base.is_open());
            if open.clone().any(|s| listed(&s)) || open.count() == 0 {
                let cells = order.iter().map(|&i| cell(&sources[i], theme)).collect();
                rows.push(MatrixRow { theme, level: u8::from(theme != area), cells });
            }
        }
    }
    let column = |&i: &usize| MatrixColumn {
        perspective: sources[i].perspective.clone(),
        source: sources[i].name.clone(),
        anchor: sources[i].anchor.clone(),
        shares: sources[i].shares,
    };
    let findings = findings(book, &rows, sources, &order);
    MatrixView { columns: order.iter().map(column).collect(), rows, findings }
}

/// Indices of the sources, those of one perspective side by side, in order of first appearance.
fn by_perspective(sources: &[SourceView]) -> Vec<usize> {
    let first = |p: &str| sources.iter().position(|s| s.perspective == p);
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|&i| (first(&sources[i].perspective), i));
    order
}

fn cell(source: &SourceView, theme: usize) -> MatrixCell {
    let all = &source.questions[0];
    let Some(row) = all.rows.iter().find(|r| r.theme == theme) else {
        return MatrixCell { text: "–".into(), strength: 0.0, direction: None };
    };
    let (text, strength) = match (row.share, row.participants, row.files) {
        (Some(s), ..) => (words::percent(s.value), s.value),
        (None, Shown::Exactly(0), _) => ("–".into(), 0.0),
        (None, _, Some(files)) if !source.shares => (
            facts::of_files(files, all.file_base, &source.file_unit),
            files as f64 / all.file_base.max(1) as f64,
        ),
        (None, shown, _) => (words::shown(shown), 0.05),
    };
    let direction = row.stances.as_ref().and_then(stance::direction);
    MatrixCell { text, strength, direction }
}

/// Which themes every source raises, and which one perspective alone does.
fn findings(
    book: &Codebook,
    rows: &[MatrixRow],
    sources: &[SourceView],
    order: &[usize],
) -> Vec<String> {
    // Of a source of too few people nobody knows what it raised, so nothing is said of all sources.
    if order.len() < 2 || sources.iter().any(|s| !s.questions[0].base.is_open()) {
        return Vec::new();
    }
    let has_children = |t: usize| (0..book.themes.len()).any(|c| book.themes[c].parent == Some(t));
    let leaf = |r: &&MatrixRow| !has_children(r.theme);
    let label = |r: &MatrixRow| book.themes[r.theme].label.clone();
    let everywhere: Vec<String> = rows
        .iter()
        .filter(leaf)
        .filter(|r| r.cells.iter().all(|c| c.strength > 0.0))
        .map(label)
        .collect();
    let mut sentences = Vec::new();
    if !everywhere.is_empty() {
        sentences.push(format!("Raised in every source: {}.", listed(&everywhere)));
    }
    let mut alone: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows.iter().filter(leaf) {
        let with = order.iter().zip(&row.cells).filter(|(_, c)| c.strength > 0.0);
        let mut who: Vec<&str> = with.map(|(&i, _)| sources[i].perspective.as_str()).collect();
        who.dedup();
        if let [one] = who.as_slice() {
            alone.entry(one).or_default().push(label(row));
        }
    }
    for (perspective, themes) in alone {
        sentences.push(format!(
            "Raised from one perspective alone, {perspective}: {}.",
            listed(&themes)
        ));
    }
    sentences
}

/// Some labels, and how many more there are.
fn listed(labels: &[String]) -> String {
    const NAMED: usize = 6;
    let named = labels.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
    match labels.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}; and {more} more"),
    }
}

/// The matrix's rows under each tag `group:value`; tags without a colon stand under `Other`.
pub(super) fn plans(book: &Codebook, matrix: &MatrixView, sources: &[SourceView]) -> Vec<PlanView> {
    // Where every source is of too few people nobody knows what was raised.
    if sources.iter().all(|s| !s.questions[0].base.is_open()) {
        return Vec::new();
    }
    let mut groups: Vec<(String, Vec<PlanTag>)> = Vec::new();
    for theme in &book.themes {
        for tag in &theme.tags {
            let (group, value) = tag.split_once(':').unwrap_or(("other", tag));
            let (group, label) = (in_words(group), in_words(value));
            let at = groups.iter().position(|(g, _)| *g == group).unwrap_or_else(|| {
                groups.push((group, Vec::new()));
                groups.len() - 1
            });
            if groups[at].1.iter().all(|t| t.label != label) {
                let tagged = |r: &&MatrixRow| book.themes[r.theme].tags.contains(tag);
                let rows = matrix.rows.iter().filter(tagged).cloned().collect();
                groups[at].1.push(PlanTag { label, rows });
            }
        }
    }
    let view = |(group, mut tags): (String, Vec<PlanTag>)| {
        tags.retain(|t| !t.rows.is_empty());
        tags.sort_by(|a, b| a.label.cmp(&b.label));
        PlanView { group, tags }
    };
    groups.into_iter().map(view).filter(|p| !p.tags.is_empty()).collect()
}

/// `plan-element` → `Plan element`.
fn in_words(tag: &str) -> String {
    let spaced = tag.replace(['-', '_'], " ");
    let mut chars = spaced.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
