//! Logistic regression for all themes at once, drawn towards what the codebook says.
//!
//! In: a [`Design`] (a vector and a few weighted words an answer), targets from 0 to 1, and a
//! prior for the weights. Out: the weights at the minimum of
//! `Σᵢ wᵢ Σₖ logloss(yᵢₖ, zᵢₖ) / N + ‖W − prior‖² / 2CN`, `N = Σ wᵢ`, by L-BFGS (Liu and Nocedal
//! 1989) with backtracking. A prior other than 0 makes a theme of few answers look like its
//! definition, and one of many like its answers. All sums run in a fixed order.
//! Must not know: texts, encoders, files.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, Slice, linalg::general_mat_mul};
use rayon::prelude::*;

use crate::classify::learned::score::sigmoid;

/// What is known of each answer.
#[derive(Debug, Clone)]
pub struct Design {
    /// Answers.
    pub rows: usize,
    /// Width of the vectors.
    pub dim: usize,
    /// `rows × dim`.
    pub dense: Vec<f32>,
    /// Number of sparse columns.
    pub columns: usize,
    /// For each answer its sparse columns and their values.
    pub sparse: Vec<Vec<(usize, f32)>>,
}

impl Design {
    /// The same with some of the answers, in their order.
    pub fn only(&self, rows: &[usize]) -> Self {
        let dim = self.dim;
        let dense = rows.iter().flat_map(|&i| &self.dense[i * dim..(i + 1) * dim]);
        Self {
            rows: rows.len(),
            dim,
            dense: dense.copied().collect(),
            columns: self.columns,
            sparse: rows.iter().map(|&i| self.sparse[i].clone()).collect(),
        }
    }
}

/// What is to be fitted.
pub struct Problem<'a> {
    /// The answers.
    pub design: &'a Design,
    /// Number of themes.
    pub themes: usize,
    /// `rows × themes`, from 0 to 1.
    pub targets: &'a [f32],
    /// How often each answer counts.
    pub weights: &'a [f32],
    /// `dim × themes`: where the weights of the vectors are drawn to.
    pub prior: &'a [f32],
    /// C: how far answers may draw the weights away.
    pub strength: f64,
}

/// Answers, columns or numbers that a thread takes at once. Parts of fixed length, added up in
/// order: the number of threads changes nothing.
const PART: usize = 256;

/// Blocks of the vectors' columns, each one thread's.
const BLOCKS: usize = 4;

/// Steps kept to guess the curvature from.
const MEMORY: usize = 8;

/// Gain, as a part of the loss, under which the search ends.
const ENOUGH: f64 = 1e-4;

/// Steps at most.
const STEPS: usize = 60;

/// Weights: `(dim + columns + 1) × themes`, row by row, the last row the intercepts.
pub fn fit(problem: &Problem<'_>, start: Option<&[f32]>) -> Vec<f32> {
    let mut place = start.map_or_else(|| beginning(problem), <[f32]>::to_vec);
    let columns = transposed(problem.design);
    let mut gradient = vec![0f32; place.len()];
    let mut loss = evaluate(problem, &columns, &place, &mut gradient);
    let mut memory: Vec<(Vec<f32>, Vec<f32>, f64)> = Vec::new();
    let mut next = vec![0f32; place.len()];
    let mut next_gradient = vec![0f32; place.len()];
    for _ in 0..STEPS {
        let direction = direction(&gradient, &memory);
        let slope = dot(&gradient, &direction);
        if slope <= 0.0 {
            break;
        }
        let mut step = 1.0f64;
        let next_loss = loop {
            for ((n, p), d) in next.iter_mut().zip(&place).zip(&direction) {
                *n = p - step as f32 * d;
            }
            let tried = evaluate(problem, &columns, &next, &mut next_gradient);
            if tried <= loss - 1e-4 * step * slope || step < 1e-4 {
                break tried;
            }
            step /= 2.0;
        };
        if next_loss > loss {
            break;
        }
        let moved: Vec<f32> = next.iter().zip(&place).map(|(a, b)| a - b).collect();
        let turned: Vec<f32> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&moved, &turned);
        if curvature > 1e-12 {
            memory.push((moved, turned, 1.0 / curvature));
            if memory.len() > MEMORY {
                memory.remove(0);
            }
        }
        let gain = loss - next_loss;
        std::mem::swap(&mut place, &mut next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        loss = next_loss;
        if gain < ENOUGH * loss {
            break;
        }
    }
    place
}

/// The prior, and intercepts that give each theme its share.
fn beginning(problem: &Problem<'_>) -> Vec<f32> {
    let k = problem.themes;
    let mut place = problem.prior.to_vec();
    place.resize((problem.design.dim + problem.design.columns) * k, 0.0);
    let total: f64 = problem.weights.iter().map(|&w| f64::from(w)).sum();
    for t in 0..k {
        let rows = problem.targets.iter().skip(t).step_by(k).zip(problem.weights);
        let with: f64 = rows.map(|(&y, &w)| f64::from(y * w)).sum();
        place.push((((with + 0.5) / (total - with + 0.5)).ln()) as f32);
    }
    place
}

/// For each sparse column its answers and values, in the order of the answers.
fn transposed(design: &Design) -> Vec<Vec<(usize, f32)>> {
    let mut columns = vec![Vec::new(); design.columns];
    for (row, entries) in design.sparse.iter().enumerate() {
        for &(column, x) in entries {
            columns[column].push((row, x));
        }
    }
    columns
}

/// The logits of every answer, `rows × themes`.
pub fn logits(design: &Design, themes: usize, place: &[f32]) -> Vec<f32> {
    let (k, dim) = (themes, design.dim);
    let bias = &place[(dim + design.columns) * k..];
    let mut z: Vec<f32> = bias.iter().copied().cycle().take(design.rows * k).collect();
    let w = view(&place[..dim * k], dim, k);
    z.par_chunks_mut(PART * k.max(1)).enumerate().for_each(|(part, z)| {
        let first = part * PART;
        let rows = z.len() / k;
        let x = view(&design.dense[first * dim..(first + rows) * dim], rows, dim);
        if let (Some(x), Some(w), Ok(mut out)) =
            (x, w, ArrayViewMut2::from_shape((rows, k), &mut *z))
        {
            general_mat_mul(1.0, &x, &w, 1.0, &mut out);
        }
        for (row, entries) in z.chunks_exact_mut(k).zip(&design.sparse[first..]) {
            for &(column, x) in entries {
                let at = (dim + column) * k;
                row.iter_mut().zip(&place[at..at + k]).for_each(|(z, w)| *z += x * w);
            }
        }
    });
    z
}

fn view(numbers: &[f32], rows: usize, columns: usize) -> Option<ArrayView2<'_, f32>> {
    ArrayView2::from_shape((rows, columns), numbers).ok()
}

/// The loss at a place; writes its gradient.
fn evaluate(
    problem: &Problem<'_>,
    columns: &[Vec<(usize, f32)>],
    place: &[f32],
    gradient: &mut [f32],
) -> f64 {
    let (design, k) = (problem.design, problem.themes);
    let dim = design.dim;
    let total: f64 = problem.weights.iter().map(|&w| f64::from(w)).sum::<f64>().max(1e-9);
    let mut errors = logits(design, k, place);
    let rows = errors.par_chunks_mut(k).zip(problem.targets.par_chunks(k)).zip(problem.weights);
    let losses: Vec<f64> = rows
        .map(|((row, targets), &weight)| {
            let mut sum = 0f64;
            for (z, &y) in row.iter_mut().zip(targets) {
                let x = f64::from(*z);
                sum += softplus(x) - f64::from(y) * x;
                *z = (sigmoid(x) as f32 - y) * weight / total as f32;
            }
            f64::from(weight) * sum / total
        })
        .collect();
    let loss: f64 = losses.iter().sum();
    let (dense, sparse) = gradient.split_at_mut(dim * k);
    let x = view(&design.dense, design.rows, dim);
    let e = view(&errors, design.rows, k);
    // Whole columns: a part of a sum over the answers would depend on where it is cut.
    let block = dim.div_ceil(BLOCKS).max(1);
    dense.par_chunks_mut(block * k).enumerate().for_each(|(part, out)| {
        let (first, n) = (part * block, out.len() / k);
        if let (Some(x), Some(e), Ok(mut out)) = (x, e, ArrayViewMut2::from_shape((n, k), out)) {
            let x = x.slice_axis(Axis(1), Slice::from(first..first + n));
            general_mat_mul(1.0, &x.t(), &e, 0.0, &mut out);
        }
    });
    sparse[..columns.len() * k].par_chunks_mut(k).zip(columns).for_each(|(target, entries)| {
        target.fill(0.0);
        for &(row, x) in entries {
            let errors = &errors[row * k..(row + 1) * k];
            target.iter_mut().zip(errors).for_each(|(g, e)| *g += x * e);
        }
    });
    let at = (dim + design.columns) * k;
    gradient[at..].fill(0.0);
    for row in errors.chunks_exact(k) {
        gradient[at..].iter_mut().zip(row).for_each(|(g, e)| *g += e);
    }
    let pull = 1.0 / (problem.strength * total);
    let rows = gradient[..at].par_chunks_mut(PART * k).zip(place.par_chunks(PART * k));
    let far: Vec<f64> = rows
        .enumerate()
        .map(|(part, (gradient, place))| {
            let prior = problem.prior.get(part * PART * k..).unwrap_or_default();
            let prior = prior.iter().copied().chain(std::iter::repeat(0.0));
            let mut far = 0f64;
            for ((g, w), prior) in gradient.iter_mut().zip(place).zip(prior) {
                let away = w - prior;
                *g += pull as f32 * away;
                far += f64::from(away) * f64::from(away);
            }
            far
        })
        .collect();
    loss + pull / 2.0 * far.iter().sum::<f64>()
}

/// `ln(1 + e^x)`.
fn softplus(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}

/// The direction to leave in: the gradient times a guess of the inverse curvature.
fn direction(gradient: &[f32], memory: &[(Vec<f32>, Vec<f32>, f64)]) -> Vec<f32> {
    let mut q = gradient.to_vec();
    let mut shares = Vec::with_capacity(memory.len());
    for (moved, turned, scale) in memory.iter().rev() {
        let share = scale * dot(moved, &q);
        q.iter_mut().zip(turned).for_each(|(q, t)| *q -= share as f32 * t);
        shares.push(share);
    }
    let size = match memory.last() {
        Some((_, turned, scale)) => 1.0 / (scale * dot(turned, turned)),
        None => 10.0 / gradient.iter().map(|g| f64::from(g.abs())).sum::<f64>().max(1e-12),
    };
    q.iter_mut().for_each(|q| *q *= size as f32);
    for ((moved, turned, scale), share) in memory.iter().zip(shares.into_iter().rev()) {
        let back = share - scale * dot(turned, &q);
        q.iter_mut().zip(moved).for_each(|(q, m)| *q += back as f32 * m);
    }
    q
}

/// Dot product, added up in a fixed order.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    const LONG: usize = 1 << 15;
    let parts: Vec<f64> =
        a.par_chunks(LONG).zip(b.par_chunks(LONG)).map(|(a, b)| lanes(a, b)).collect();
    parts.iter().sum()
}

/// Dot product in sixteen lanes of f64.
fn lanes(a: &[f32], b: &[f32]) -> f64 {
    let mut lanes = [0f64; 16];
    let (xs, ys) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest = xs.remainder().iter().zip(ys.remainder());
    let tail: f64 = rest.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
    for (x, y) in xs.zip(ys) {
        for i in 0..16 {
            lanes[i] += f64::from(x[i]) * f64::from(y[i]);
        }
    }
    lanes.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two groups of answers told apart by one number.
    fn design(dense: Vec<f32>, sparse: Vec<Vec<(usize, f32)>>) -> Design {
        Design { rows: dense.len(), dim: 1, dense, columns: 1, sparse }
    }

    #[test]
    fn the_minimum_is_where_the_closed_form_says() {
        // Intercepts alone (the vector is 0): the share's logit, here 3 of 4 and 1 of 4.
        let design = design(vec![0.0; 4], vec![Vec::new(); 4]);
        let targets = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0];
        let problem = Problem {
            design: &design,
            themes: 2,
            targets: &targets,
            weights: &[1.0; 4],
            prior: &[0.0, 0.0],
            strength: 1.0,
        };
        let w = fit(&problem, None);
        assert!((f64::from(w[4]) - 3f64.ln()).abs() < 0.02, "{w:?}");
        assert!((f64::from(w[5]) + 3f64.ln()).abs() < 0.02, "{w:?}");
    }

    #[test]
    fn a_penalised_weight_solves_its_equation() {
        // x = ±1 with y = 1, 0, twice each, no intercept needed by symmetry. The minimum solves
        // w / C = Σ (1 − σ(w)) = 4 (1 − σ(w)); for C = 1 that is w ≈ 1.2036.
        let design = design(vec![1.0, -1.0, 1.0, -1.0], vec![Vec::new(); 4]);
        let problem = Problem {
            design: &design,
            themes: 1,
            targets: &[1.0, 0.0, 1.0, 0.0],
            weights: &[1.0; 4],
            prior: &[0.0],
            strength: 1.0,
        };
        let w = f64::from(fit(&problem, None)[0]);
        assert!((w - 4.0 * (1.0 - sigmoid(w))).abs() < 0.03, "{w}");
        // Drawn to a prior of 5 instead: w − 5 = 4 (1 − σ(w)).
        let w = f64::from(fit(&Problem { prior: &[5.0], ..problem }, None)[0]);
        assert!((w - 5.0 - 4.0 * (1.0 - sigmoid(w))).abs() < 0.05, "{w}");
    }

    #[test]
    fn held_out_answers_do_not_count() {
        let sparse = vec![vec![(0, 1.0)], vec![], vec![(0, 1.0)], vec![]];
        let design = design(vec![0.5, -0.5, 0.5, -0.5], sparse);
        let problem = |targets: &[f32]| {
            let problem = Problem {
                design: &design,
                themes: 1,
                targets,
                weights: &[1.0, 1.0, 0.0, 0.0],
                prior: &[0.0],
                strength: 3.0,
            };
            fit(&problem, None)
        };
        assert_eq!(problem(&[1.0, 0.0, 1.0, 0.0]), problem(&[1.0, 0.0, 0.0, 1.0]));
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let sparse = vec![vec![(0, 0.7)], vec![], vec![(0, -0.2)]];
        let design = design(vec![0.3, -0.8, 0.1], sparse);
        let problem = Problem {
            design: &design,
            themes: 2,
            targets: &[1.0, 0.0, 0.5, 0.0, 0.0, 1.0],
            weights: &[1.0, 2.0, 1.0],
            prior: &[0.5, -0.5],
            strength: 2.0,
        };
        let columns = transposed(&design);
        let place = [0.4, -0.3, 0.2, 0.9, -0.6, 0.1];
        let mut gradient = vec![0.0; 6];
        let mut unused = vec![0.0; 6];
        evaluate(&problem, &columns, &place, &mut gradient);
        for i in 0..6 {
            let mut at = |d: f32| {
                let mut moved = place;
                moved[i] += d;
                evaluate(&problem, &columns, &moved, &mut unused)
            };
            let slope = (at(1e-3) - at(-1e-3)) / 2e-3;
            assert!((slope - f64::from(gradient[i])).abs() < 1e-3, "{i}: {slope}");
        }
    }
}
