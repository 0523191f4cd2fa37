//! The codebook as a classifier, before anybody has coded anything.
//!
//! In: a codebook and an encoder; then vectors of segments. Out: for each segment the themes
//! whose margin is high enough. Must not know: responses, reports, the engine.
//!
//! Method. A theme is two things: its description (label and definition as one vector) and its
//! phrases (the label, the sentences of the definition, each include note, each example, one
//! vector each). Descriptions, phrases and segments are each centred on their own mean before
//! cosines are taken, because sentence vectors share large common directions that carry style
//! and topic rather than theme (Mu and Viswanath 2018, "All-but-the-top"); the segments' mean is
//! taken over a sample of the study's own texts and drawn towards the codebook's where the study
//! is small. The similarity of a segment to a theme is a weighted mean of its cosine to the
//! description and of its highest cosine to a phrase (nearest prototype). Themes compete: the margin of a
//! theme is its similarity minus the log-mean-exp of all similarities at temperature 1/10,
//! which is the logarithm of a softmax probability relative to an even spread, divided by its
//! greatest possible value: 0 is no nearer than the average, 1 is the theme and no other. A
//! codebook of fewer than [`FIELD`] themes competes with as many unnamed ones of similarity 0 as
//! it lacks, so that two themes do not have to share out every sentence between them. A segment that
//! is a little near to everything has no margin anywhere.
//! Measured on two election-study questions against label-name cosine: CHANGELOG and README.

use super::Hits;
use crate::codebook::{Codebook, Theme};
use crate::encode::{self, Pool, encode_all};

/// Sharpness of the competition between themes.
const SHARPNESS: f32 = 10.0;

/// Weight of the description against the nearest phrase, where the codebook has examples and
/// where it has none. Measured beside the thresholds, on the same data.
const DESCRIPTION_WEIGHT: [f32; 2] = [0.25, 0.5];

/// Examples a theme, on average, from which a codebook counts as one with examples.
const EXAMPLES: usize = 3;

/// Whether examples carry the codebook, or its definitions alone.
pub(super) fn has_examples(codebook: &Codebook) -> bool {
    let examples: usize = codebook.themes.iter().map(|t| t.examples.len()).sum();
    examples >= EXAMPLES * codebook.themes.len()
}

/// The least number of competitors.
const FIELD: usize = 20;

/// How many texts of the study the codebook's own mean is worth.
const PRIOR: f32 = 50.0;

/// The themes as vectors.
#[derive(Debug)]
pub struct Prototypes {
    dim: usize,
    /// Weight of the description against the nearest phrase.
    weight: f32,
    /// One centred unit vector a theme.
    descriptions: Vec<f32>,
    /// Centred unit vectors of all phrases, theme by theme.
    phrases: Vec<f32>,
    /// Phrases of theme `t` are `starts[t]..starts[t + 1]`.
    starts: Vec<usize>,
    /// Mean of the codebook's vectors before centring.
    codebook_mean: Vec<f32>,
    /// What is taken from a segment's vector before it is compared.
    background: Vec<f32>,
}

impl Prototypes {
    /// Encodes a codebook.
    ///
    /// # Errors
    /// The engine failed.
    pub fn learn(codebook: &Codebook, pool: &mut Pool) -> Result<Self, encode::Error> {
        let dim = pool.dim();
        let described: Vec<String> =
            codebook.themes.iter().map(|t| format!("{}: {}", t.label, t.definition)).collect();
        let mut starts = vec![0];
        let mut texts = Vec::new();
        for theme in &codebook.themes {
            texts.extend(phrases(theme));
            starts.push(texts.len());
        }
        let mut descriptions = encode_all(&described, pool)?;
        let mut phrases = encode_all(&texts, pool)?;
        let (a, b) = (mean(&descriptions, dim), mean(&phrases, dim));
        centre(&mut descriptions, &a);
        centre(&mut phrases, &b);
        let codebook_mean: Vec<f32> = a.iter().zip(&b).map(|(x, y)| (x + y) / 2.0).collect();
        let background = codebook_mean.clone();
        let weight = DESCRIPTION_WEIGHT[usize::from(!has_examples(codebook))];
        Ok(Self { dim, weight, descriptions, phrases, starts, codebook_mean, background })
    }

    /// Sets what is common to the study's texts, from the vectors of a sample of `n` of them.
    pub fn set_background<'a>(&mut self, vectors: impl Iterator<Item = &'a Vec<f32>>, n: usize) {
        let mut sum: Vec<f64> = self.codebook_mean.iter().map(|&x| f64::from(x * PRIOR)).collect();
        for row in vectors.flat_map(|v| v.chunks_exact(self.dim)) {
            sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(x));
        }
        let total = n as f64 + f64::from(PRIOR);
        self.background = sum.into_iter().map(|s| (s / total) as f32).collect();
    }

    /// Sets what is common to the texts from the mean of `n` vectors.
    pub fn centre_on(&mut self, mean: &[f32], n: usize) {
        let (n, prior) = (n as f32, PRIOR);
        let both = self.codebook_mean.iter().zip(mean);
        self.background = both.map(|(c, m)| (c * prior + m * n) / (n + prior)).collect();
    }

    /// The themes' own directions, row by row, `themes × dim`: of each the mean of its
    /// description and of its examples, from the codebook's mean, at length 1.
    pub fn directions(&self) -> Vec<f32> {
        let mut rows = Vec::with_capacity(self.descriptions.len());
        for (d, range) in self.descriptions.chunks_exact(self.dim).zip(self.starts.windows(2)) {
            let phrases = &self.phrases[range[0] * self.dim..range[1] * self.dim];
            let mean = mean(phrases, self.dim);
            rows.extend(d.iter().zip(mean).map(|(d, m)| (d + m) / 2.0));
        }
        centre(&mut rows, &vec![0.0; self.dim]);
        rows
    }

    /// For each text (by index) of a window the themes whose margin is at least `floor`,
    /// ascending by theme, margins to four decimals.
    pub(super) fn hits(&self, ids: &[usize], vectors: &[f32], floor: f32) -> Vec<(usize, Hits)> {
        let mut centred = vec![0f32; self.dim];
        let rows = ids.iter().zip(vectors.chunks_exact(self.dim.max(1)));
        let one = |(&id, row): (&usize, &[f32])| {
            centred.copy_from_slice(row);
            centre(&mut centred, &self.background);
            let margins = margins(&self.similarities(&centred));
            let themes = (0u16..).zip(margins).filter(|&(_, margin)| margin >= floor);
            (id, themes.collect())
        };
        rows.map(one).collect()
    }

    /// The similarity of a centred unit vector to each theme.
    fn similarities(&self, v: &[f32]) -> Vec<f32> {
        let phrase = |i: usize| dot(v, &self.phrases[i * self.dim..(i + 1) * self.dim]);
        let descriptions = self.descriptions.chunks_exact(self.dim);
        let themes = descriptions.zip(self.starts.windows(2));
        themes
            .map(|(d, range)| {
                let best = (range[0]..range[1]).map(phrase).fold(f32::MIN, f32::max);
                self.weight * dot(v, d) + (1.0 - self.weight) * best
            })
            .collect()
    }
}

/// What of a theme a sentence can be near to.
fn phrases(theme: &Theme) -> Vec<String> {
    let mut all = vec![theme.label.clone()];
    all.extend(pieces(&theme.definition));
    all.extend(theme.include.iter().cloned());
    all.extend(theme.examples.iter().cloned());
    all
}

/// A definition cut at its full stops, semicolons and commas: codebooks of survey centres are
/// often lists of what counts, and each entry is a prototype of its own.
fn pieces(definition: &str) -> impl Iterator<Item = String> + '_ {
    let cut = definition.split(['.', ';', ',', '\n']);
    cut.map(str::trim).filter(|p| p.chars().count() > 2).map(str::to_owned)
}

/// Similarity minus log-mean-exp of all similarities (unnamed competitors included), as a part of
/// the greatest possible margin, to four decimals.
fn margins(similarities: &[f32]) -> Vec<f32> {
    let unnamed = FIELD.saturating_sub(similarities.len());
    let field = (similarities.len() + unnamed) as f32;
    let top = similarities.iter().copied().fold(0.0, f32::max);
    let named: f32 = similarities.iter().map(|s| ((s - top) * SHARPNESS).exp()).sum();
    let sum = named + unnamed as f32 * (-top * SHARPNESS).exp();
    let level = top + (sum / field).ln() / SHARPNESS;
    let greatest = field.ln() / SHARPNESS;
    // Adding zero turns -0 into 0.
    similarities.iter().map(|s| ((s - level) / greatest * 1e4).round() / 1e4 + 0.0).collect()
}

fn mean(rows: &[f32], dim: usize) -> Vec<f32> {
    let mut sum = vec![0f64; dim];
    for row in rows.chunks_exact(dim.max(1)) {
        sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(x));
    }
    let n = (rows.len() / dim.max(1)).max(1) as f64;
    sum.into_iter().map(|s| (s / n) as f32).collect()
}

/// Subtracts `mean` from each row and scales it to length 1. A row equal to the mean (a codebook
/// of one theme) stays as it was.
fn centre(rows: &mut [f32], mean: &[f32]) {
    for row in rows.chunks_exact_mut(mean.len().max(1)) {
        let shifted: Vec<f32> = row.iter().zip(mean).map(|(x, m)| x - m).collect();
        let norm = dot(&shifted, &shifted).sqrt();
        if norm > 1e-4 {
            row.iter_mut().zip(shifted).for_each(|(x, s)| *x = s / norm);
        }
    }
}

/// Dot product in sixteen lanes, added up in a fixed order.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; 16];
    let (xs, ys) = (a.chunks_exact(16), b.chunks_exact(16));
    let tail: f32 = xs.remainder().iter().zip(ys.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in xs.zip(ys) {
        for i in 0..16 {
            lanes[i] += x[i] * y[i];
        }
    }
    lanes.iter().sum::<f32>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_compare_a_theme_with_the_average() {
        let even = margins(&[0.3; 30]);
        assert!(even.iter().all(|m| m.abs() < 1e-3), "{even:?}");
        // one theme at 0.4 among 29 at 0: level = 0.4 + ln((1 + 29 e^-4) / 30) / 10 = 0.10247;
        // margin 0.29753 of ln(30) / 10 = 0.34012
        let mut one = vec![0.0; 30];
        one[7] = 0.4;
        let m = margins(&one);
        assert!((m[7] - 0.8748).abs() < 2e-3 && m[0] < 0.0, "{m:?}");
    }

    #[test]
    fn a_small_codebook_does_not_share_out_every_sentence() {
        let far = margins(&[0.05, 0.02]);
        assert!(far.iter().all(|m| *m < 0.3), "{far:?}");
        let near = margins(&[0.6, 0.1]);
        assert!(near[0] > 0.45 && near[1] < 0.0, "{near:?}");
    }

    #[test]
    fn dot_agrees_with_the_sum_of_products() {
        let a: Vec<f32> = (0..37).map(|i| i as f32 / 7.0).collect();
        let b: Vec<f32> = (0..37).map(|i| 3.0 - i as f32 / 11.0).collect();
        let plain: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        assert!((dot(&a, &b) - plain).abs() < 1e-2);
    }

    #[test]
    fn a_definition_that_is_a_list_gives_a_phrase_an_entry() {
        let got: Vec<String> = pieces("Taxes, the budget; the deficit. A, b").collect();
        assert_eq!(got, ["Taxes", "the budget", "the deficit"]);
    }

    #[test]
    fn centring_leaves_unit_vectors() {
        let mut rows = vec![1.0, 0.0, 0.0, 1.0];
        let m = mean(&rows, 2);
        centre(&mut rows, &m);
        for row in rows.chunks(2) {
            assert!((dot(row, row) - 1.0).abs() < 1e-5);
        }
    }
}
