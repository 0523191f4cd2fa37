//! Heads on the vectors of an encoder that stays as it is.
//!
//! In: examples, their vectors, the codebook's directions, folds. Out: [`HeadFit`]: heads that
//! learned from all examples, and for each example the logits of heads that had not seen its
//! fold. How far the answers may draw the heads, and whether the codebook draws them at all, is
//! chosen on the held-out loss.
//! Must not know: the engine, files.

use rayon::prelude::*;

use super::examples::Examples;
use super::logistic::{self, Design, Problem};
use crate::classify::learned::lexical;
use crate::classify::learned::score::{centred, weighted};
use crate::model::Heads;

/// Texts in which a bucket must occur to count: what one person alone wrote is not learned.
const TEXTS: usize = 2;

/// Value of the column of the question that was asked.
const ASKED: f32 = 0.5;

/// The values of C that are tried.
const STRENGTHS: [f64; 2] = [4.0, 12.0];

/// How long the codebook's directions are as a prior, tried against none.
const PULL: f64 = 10.0;

/// What was learned.
#[derive(Debug)]
pub(super) struct HeadFit {
    /// Heads that learned from every example.
    pub(super) heads: Heads,
    /// `examples × themes`: logits of heads that had not seen the example.
    pub(super) held_out: Vec<f32>,
    /// The C that was chosen.
    pub(super) strength: f64,
    /// The length of the prior that was chosen.
    pub(super) pull: f64,
}

/// What heads learn from.
pub(super) struct Material<'a> {
    /// The answers and their codes.
    pub(super) examples: &'a Examples,
    /// `examples × dim`.
    pub(super) vectors: &'a [f32],
    /// `themes × dim`, unit rows.
    pub(super) directions: &'a [f32],
    /// The fold of each example.
    pub(super) folds: &'a [usize],
    /// Number of folds.
    pub(super) n_folds: usize,
    /// Hashes of the questions asked: the row of each example's question.
    pub(super) asked: &'a [usize],
    /// Number of questions.
    pub(super) n_asked: usize,
}

/// Learns heads.
pub(super) fn learn(material: &Material<'_>) -> HeadFit {
    let shape = Shape::new(material);
    let tried = |pull: f64, strengths: &[f64]| -> Vec<Trial> {
        // Folds run beside each other; within one the next C starts where the last ended.
        let folds: Vec<Vec<Vec<f32>>> = (0..material.n_folds)
            .into_par_iter()
            .map(|fold| shape.path(material, pull, strengths, Some(fold)))
            .collect();
        strengths
            .iter()
            .enumerate()
            .map(|(s, &strength)| {
                let held_out = shape.held_out(material, |fold| &folds[fold][s]);
                Trial { loss: loss(material.examples, &held_out), held_out, strength, pull }
            })
            .collect()
    };
    let mut trials = tried(PULL, &STRENGTHS);
    let best = |trials: &[Trial]| {
        let by_loss = |a: &usize, b: &usize| trials[*a].loss.total_cmp(&trials[*b].loss);
        (0..trials.len()).min_by(|a, b| by_loss(a, b).then(a.cmp(b))).unwrap_or(0)
    };
    let strength = trials[best(&trials)].strength;
    trials.extend(tried(0.0, &[strength]));
    let chosen = trials.swap_remove(best(&trials));
    let weights = shape.path(material, chosen.pull, &[chosen.strength], None);
    let weights = weights.into_iter().next().unwrap_or_default();
    let Trial { held_out, strength, pull, .. } = chosen;
    HeadFit { heads: shape.heads(material, &weights), held_out, strength, pull }
}

/// One C and one prior, over all folds.
struct Trial {
    strength: f64,
    pull: f64,
    held_out: Vec<f32>,
    loss: f64,
}

/// The examples as numbers.
struct Shape {
    design: Design,
    centre: Vec<f32>,
    buckets: Vec<u32>,
    idf: Vec<f32>,
}

impl Shape {
    fn new(material: &Material<'_>) -> Self {
        let examples = material.examples;
        let rows = examples.units.len();
        let dim = material.vectors.len() / rows.max(1);
        let centre = mean(material.vectors, dim);
        let dense: Vec<f32> =
            material.vectors.chunks_exact(dim.max(1)).flat_map(|v| centred(v, &centre)).collect();
        let bags: Vec<lexical::Bag> =
            examples.units.par_iter().map(|u| lexical::bag(&u.text)).collect();
        let (buckets, idf) = lexicon(&bags, &examples.groups);
        let columns = buckets.len() + material.n_asked;
        let sparse = bags.iter().zip(material.asked).map(|(bag, &asked)| {
            let mut row = weighted(&buckets, &idf, bag);
            if material.n_asked > 0 {
                row.push((buckets.len() + asked, ASKED));
            }
            row
        });
        let sparse = sparse.collect();
        Self { design: Design { rows, dim, dense, columns, sparse }, centre, buckets, idf }
    }

    /// The weights for each C in turn, without the answers of one fold.
    fn path(
        &self,
        material: &Material<'_>,
        pull: f64,
        strengths: &[f64],
        without: Option<usize>,
    ) -> Vec<Vec<f32>> {
        let examples = material.examples;
        let k = examples.themes;
        let held = |i: usize| without.is_some_and(|fold| material.folds[i] == fold);
        let rows: Vec<usize> = (0..self.design.rows).filter(|&i| !held(i)).collect();
        let design = self.design.only(&rows);
        let targets = rows.iter().flat_map(|&i| &examples.targets[i * k..(i + 1) * k]);
        let targets: Vec<f32> = targets.copied().collect();
        let weights: Vec<f32> = rows.iter().map(|&i| examples.weights[i]).collect();
        let prior = self.prior(material, pull);
        let mut found: Vec<Vec<f32>> = Vec::with_capacity(strengths.len());
        for &strength in strengths {
            let problem = Problem {
                design: &design,
                themes: k,
                targets: &targets,
                weights: &weights,
                prior: &prior,
                strength,
            };
            let start = found.last().map(Vec::as_slice);
            found.push(logistic::fit(&problem, start));
        }
        found
    }

    /// The directions as columns, each `pull` long.
    fn prior(&self, material: &Material<'_>, pull: f64) -> Vec<f32> {
        let (k, dim) = (material.examples.themes, self.design.dim);
        let mut prior = vec![0f32; dim * k];
        for (t, row) in material.directions.chunks_exact(dim.max(1)).enumerate().take(k) {
            row.iter().enumerate().for_each(|(d, &x)| prior[d * k + t] = x * pull as f32);
        }
        prior
    }

    /// The logits of each example by the weights that had not seen its fold.
    fn held_out<'w>(
        &self,
        material: &Material<'_>,
        weights: impl Fn(usize) -> &'w Vec<f32>,
    ) -> Vec<f32> {
        let k = material.examples.themes;
        let mut all = vec![0f32; self.design.rows * k];
        for fold in 0..material.n_folds {
            let z = logistic::logits(&self.design, k, weights(fold));
            for i in (0..self.design.rows).filter(|&i| material.folds[i] == fold) {
                all[i * k..(i + 1) * k].copy_from_slice(&z[i * k..(i + 1) * k]);
            }
        }
        all
    }

    fn heads(&self, material: &Material<'_>, weights: &[f32]) -> Heads {
        let k = material.examples.themes;
        let (words, asked) = (self.design.dim * k, (self.design.dim + self.buckets.len()) * k);
        let bias = (self.design.dim + self.design.columns) * k;
        Heads {
            themes: k,
            centre: self.centre.clone(),
            dense: weights[..words].to_vec(),
            bias: weights[bias..].to_vec(),
            buckets: self.buckets.clone(),
            idf: self.idf.clone(),
            lexical: weights[words..asked].to_vec(),
            context: weights[asked..bias].iter().map(|w| w * ASKED).collect(),
        }
    }
}

/// The buckets that occur in at least [`TEXTS`] groups of answers, and how rare each is:
/// `1 + ln((1 + n) / (1 + groups with it))`.
fn lexicon(bags: &[lexical::Bag], groups: &[usize]) -> (Vec<u32>, Vec<f32>) {
    let mut seen: Vec<(u32, usize)> = Vec::new();
    for (bag, &group) in bags.iter().zip(groups) {
        seen.extend(bag.iter().map(|&(bucket, _)| (bucket, group)));
    }
    seen.sort_unstable();
    seen.dedup();
    let n = groups.iter().max().map_or(0, |g| g + 1) as f32;
    let mut lexicon = (Vec::new(), Vec::new());
    for run in seen.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() >= TEXTS) {
        lexicon.0.push(run[0].0);
        lexicon.1.push(1.0 + ((1.0 + n) / (1.0 + run.len() as f32)).ln());
    }
    lexicon
}

/// Mean loss a row, over all themes.
pub(super) fn loss(examples: &Examples, logits: &[f32]) -> f64 {
    let k = examples.themes;
    let (mut sum, mut total) = (0.0, 0.0);
    for (i, &weight) in examples.weights.iter().enumerate() {
        let row = i * k..(i + 1) * k;
        let pairs = logits[row.clone()].iter().zip(&examples.targets[row]);
        let one = |(&z, &y): (&f32, &f32)| {
            let (z, y) = (f64::from(z), f64::from(y));
            z.max(0.0) + (-z.abs()).exp().ln_1p() - y * z
        };
        sum += f64::from(weight) * pairs.map(one).sum::<f64>();
        total += f64::from(weight);
    }
    sum / f64::max(total, 1.0)
}

fn mean(rows: &[f32], dim: usize) -> Vec<f32> {
    let mut sum = vec![0f64; dim];
    for row in rows.chunks_exact(dim.max(1)) {
        sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(x));
    }
    let n = (rows.len() / dim.max(1)).max(1) as f64;
    sum.into_iter().map(|s| (s / n) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::learned::Unit;
    use crate::classify::learned::score::{Words, logits};

    /// Answers about two things, each with words and a direction of its own.
    fn examples() -> (Examples, Vec<f32>) {
        let mut e = Examples { themes: 2, ..Examples::default() };
        let mut vectors = Vec::new();
        for i in 0..60 {
            let slow = i % 2 == 0;
            let text = format!("{} number {}", if slow { "slow" } else { "rude" }, i % 7);
            e.units.push(Unit { context: String::new(), text });
            e.targets.extend(if slow { [1.0, 0.0] } else { [0.0, 1.0] });
            e.weights.push(1.0);
            e.groups.push(i);
            let noise = (i % 5) as f32 / 20.0;
            vectors.extend(if slow { [1.0, noise, 0.2] } else { [noise, 1.0, 0.2] });
        }
        (e, vectors)
    }

    #[test]
    fn heads_learn_and_score_as_they_did_in_training() {
        let (examples, vectors) = examples();
        let folds: Vec<usize> = (0..60).map(|i| i / 2 % 3).collect();
        let material = Material {
            examples: &examples,
            vectors: &vectors,
            directions: &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            folds: &folds,
            n_folds: 3,
            asked: &[0; 60],
            n_asked: 1,
        };
        let fit = learn(&material);
        for i in 0..60 {
            let right = fit.held_out[i * 2 + i % 2] > 0.0 && fit.held_out[i * 2 + 1 - i % 2] < 0.0;
            assert!(right, "{i}: {:?}", &fit.held_out[i * 2..i * 2 + 2]);
            let bag = lexical::bag(&examples.units[i].text);
            let words = Words { bag: &bag, asked: Some(0) };
            let z = logits(&fit.heads, &vectors[i * 3..i * 3 + 3], words);
            assert!(z[i % 2] > 0.0 && z[1 - i % 2] < 0.0, "{z:?}");
        }
    }

    #[test]
    fn a_word_of_one_group_of_answers_is_not_learned() {
        let bags =
            vec![lexical::bag("common alone"), lexical::bag("common"), lexical::bag("alone")];
        let (buckets, _) = lexicon(&bags, &[0, 1, 0]);
        assert_eq!(buckets, [lexical::bag("common")[0].0]);
    }
}
