//! What the cells of a column have in common, as numbers.
//!
//! In: a column's cells. Out: [`Traits`], which hold counts and no text.
//! Must not know: the column's name, the other columns.

use std::collections::BTreeMap;

use super::shape::{self, Shape};
use crate::text::Verbatim;

/// Counts over the cells of a column; shares are of the filled cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Traits {
    /// Cells looked at.
    pub(super) rows: usize,
    /// Cells that hold something.
    pub(super) filled: usize,
    /// Different values, compared without case.
    pub(super) distinct: usize,
    /// How often each value stands there, most often first; 50 at most.
    pub(super) counts: Vec<usize>,
    /// Words a cell, on average.
    pub(super) words: f64,
    /// Characters of the longest cell.
    pub(super) longest: usize,
    /// Share of cells that read like running words.
    pub(super) prose: f64,
    /// Share of cells with a sentence's punctuation.
    pub(super) sentences: f64,
    /// Share of cells by shape.
    shapes: BTreeMap<Shape, f64>,
    /// Share of cells that hold a common given name.
    pub(super) given: f64,
    /// Share of cells with a word of a rating scale, yes and no aside.
    pub(super) scale: f64,
    /// Share of cells that are yes or no.
    pub(super) yes_no: f64,
    /// Whether no cell holds anything but 0, 1, x, true, false and their like.
    pub(super) ticks: bool,
    /// Whether cells are lists of the same few options.
    pub(super) options: bool,
    /// Whether cells are lists of short ids joined by `;`, `,` or `|`.
    pub(super) id_lists: bool,
    /// Mean, least and greatest, where nearly all cells are numbers.
    pub(super) numbers: Option<(f64, f64, f64)>,
    /// Whether all numbers are whole.
    pub(super) whole: bool,
    /// Share of cells without white space.
    pub(super) unbroken: f64,
    /// Rows that a survey tool marks as a preview, a test or spam.
    pub(super) previews: usize,
}

/// What stands in a cell for nothing.
const MISSING: [&str; 9] = ["n/a", "na", "#n/a", "nan", "null", "-", "--", ".", "(blank)"];
const SCALE: [&str; 53] = [
    "agree",
    "disagree",
    "satisfied",
    "dissatisfied",
    "likely",
    "unlikely",
    "never",
    "rarely",
    "seldom",
    "sometimes",
    "often",
    "always",
    "favorably",
    "unfavorably",
    "favorable",
    "unfavorable",
    "excellent",
    "poor",
    "good",
    "bad",
    "fair",
    "better",
    "worse",
    "important",
    "unimportant",
    "safe",
    "unsafe",
    "neutral",
    "familiar",
    "unfamiliar",
    "extremely",
    "somewhat",
    "strongly",
    "moderately",
    "slightly",
    "acuerdo",
    "desacuerdo",
    "satisfecho",
    "insatisfecho",
    "nunca",
    "siempre",
    "raramente",
    "veces",
    "probable",
    "bueno",
    "malo",
    "regular",
    "importante",
    "seguro",
    "inseguro",
    "zgadzam",
    "nigdy",
    "zawsze",
];
const SCALE_HAN: [&str; 8] = ["同意", "满意", "滿意", "从不", "經常", "经常", "重要", "安全"];
const YES_NO: [&str; 16] = [
    "yes", "no", "y", "n", "true", "false", "sí", "si", "tak", "nie", "是", "否", "oui", "non",
    "ja", "nein",
];
const TICKS: [&str; 15] = [
    "0", "1", "0.0", "1.0", "x", "yes", "no", "true", "false", "y", "n", "✓", "✔", "selected",
    "checked",
];

impl Traits {
    /// Measures a column.
    pub(super) fn of(cells: &[Verbatim]) -> Self {
        let trimmed = cells.iter().map(|c| c.expose().trim());
        let filled: Vec<&str> = trimmed
            .filter(|c| !c.is_empty() && !MISSING.iter().any(|m| c.eq_ignore_ascii_case(m)))
            .collect();
        let mut traits = Self { rows: cells.len(), filled: filled.len(), ..Self::default() };
        if filled.is_empty() {
            return traits;
        }
        let values: Vec<String> = filled.iter().map(|c| c.to_lowercase()).collect();
        traits.count_values(&values);
        traits.measure_words(&filled);
        traits.measure_shapes(&filled);
        traits.measure_numbers(&filled);
        let share = |n: usize| n as f64 / filled.len() as f64;
        traits.yes_no = share(values.iter().filter(|v| YES_NO.contains(&v.as_str())).count());
        traits.ticks = values.iter().all(|v| TICKS.contains(&v.as_str()));
        traits.scale = share(values.iter().filter(|v| is_scale(v)).count());
        let preview = |v: &&String| {
            matches!(v.as_str(), "survey preview" | "preview" | "survey test" | "test" | "spam")
        };
        traits.previews = values.iter().filter(preview).count();
        traits.options = is_options(&values);
        traits.id_lists = is_id_lists(&values);
        traits
    }

    fn count_values(&mut self, values: &[String]) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
        self.distinct = counts.len();
        self.counts = counts.into_values().collect();
        self.counts.sort_unstable_by(|a, b| b.cmp(a));
        self.counts.truncate(50);
    }

    fn measure_words(&mut self, filled: &[&str]) {
        let n = filled.len() as f64;
        let share = |test: fn(&str) -> bool| filled.iter().filter(|c| test(c)).count() as f64 / n;
        self.words = filled.iter().map(|c| shape::n_words(c)).sum::<usize>() as f64 / n;
        self.longest = filled.iter().map(|c| c.chars().count()).max().unwrap_or(0);
        self.prose = share(shape::is_prose);
        self.sentences = share(shape::has_sentence_marks);
        self.given = share(shape::is_given_name);
        self.unbroken = share(|c| !c.contains(char::is_whitespace));
    }

    fn measure_shapes(&mut self, filled: &[&str]) {
        for cell in filled {
            *self.shapes.entry(shape::of(cell)).or_default() += 1.0 / filled.len() as f64;
        }
    }

    fn measure_numbers(&mut self, filled: &[&str]) {
        let numbers: Vec<f64> = filled.iter().filter_map(|c| shape::number(c)).collect();
        if numbers.len() * 20 < filled.len() * 19 {
            return;
        }
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.numbers = Some((mean, least, greatest));
        self.whole = numbers.iter().all(|n| n.fract() == 0.0);
    }

    /// The share of the filled cells that have a shape.
    pub(super) fn share(&self, shape: Shape) -> f64 {
        self.shapes.get(&shape).copied().unwrap_or(0.0)
    }

    /// Different values among the filled cells, as a share.
    pub(super) fn variety(&self) -> f64 {
        if self.filled == 0 { 0.0 } else { self.distinct as f64 / self.filled as f64 }
    }

    /// Every row has a value of its own.
    pub(super) fn is_unique(&self) -> bool {
        self.filled == self.rows && self.distinct == self.filled && self.filled > 0
    }
}

fn is_scale(value: &str) -> bool {
    let words = value.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let n = words.clone().count();
    (n <= 8 && words.into_iter().any(|w| SCALE.contains(&w)))
        || (value.chars().count() <= 8 && SCALE_HAN.iter().any(|s| value.contains(s)))
}

/// Lists of options: few different pieces, each of which comes back.
fn is_options(values: &[String]) -> bool {
    const MAX_OPTIONS: usize = 40;
    [';', '|', ','].iter().any(|separator| {
        let mut pieces: BTreeMap<&str, usize> = BTreeMap::new();
        let mut n = 0;
        for piece in values.iter().flat_map(|v| v.split(*separator)).map(str::trim) {
            if !piece.is_empty() {
                *pieces.entry(piece).or_default() += 1;
                n += 1;
            }
            if pieces.len() > MAX_OPTIONS {
                return false;
            }
        }
        let lists = values.iter().filter(|v| v.contains(*separator)).count();
        n >= 4 * pieces.len() && lists * 5 >= values.len() && values.len() >= 8
    })
}

/// Pieces without white space and mostly of letters, digits and hyphens.
fn is_id_lists(values: &[String]) -> bool {
    let is_id = |p: &str| {
        let p = p.trim();
        !p.is_empty()
            && p.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
    };
    let good = |v: &&String| v.split([';', '|', ',']).filter(|p| !p.trim().is_empty()).all(is_id);
    values.iter().filter(good).count() * 10 >= values.len() * 9
}
