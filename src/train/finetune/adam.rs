//! One step of AdamW over all weights at once (Kingma and Ba 2015; Loshchilov and Hutter 2019).
//!
//! In: weights, their gradients, rates. Out: the weights moved, in place. Everything is f32 and
//! elementwise, so the number of threads changes nothing. Must not know: what the weights are.

use rayon::prelude::*;

/// A stretch of weights that share a rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// How many weights.
    pub(super) len: usize,
    /// Rate at the top of the schedule.
    pub(super) rate: f64,
    /// Weight decay.
    pub(super) decay: f64,
}

/// Running means of gradients and of their squares.
pub(super) struct Adam {
    stretches: Vec<Stretch>,
    first: Vec<f32>,
    second: Vec<f32>,
    steps: i32,
}

/// Memory of the means.
const BETA: (f64, f64) = (0.9, 0.999);

/// Greatest length of a gradient; longer ones are scaled down.
const LONGEST: f64 = 1.0;

/// Weights that a thread moves at once.
pub(super) const PART: usize = 1 << 16;

impl Adam {
    /// Nothing seen yet.
    pub(super) fn new(stretches: Vec<Stretch>) -> Self {
        let n = stretches.iter().map(|s| s.len).sum();
        Self { stretches, first: vec![0.0; n], second: vec![0.0; n], steps: 0 }
    }

    /// Moves the weights against the gradient; `factor` is the schedule's part of the rates.
    pub(super) fn step(&mut self, weights: &mut [f32], gradient: &[f32], factor: f64) {
        self.steps += 1;
        let parts = gradient.par_chunks(PART);
        let squares: Vec<f64> = parts.map(squares).collect();
        let length = squares.iter().sum::<f64>().sqrt();
        let clip = (LONGEST / (length + 1e-6)).min(1.0) as f32;
        let (b1, b2) = (BETA.0 as f32, BETA.1 as f32);
        let even = (1.0 - BETA.0.powi(self.steps), 1.0 - BETA.1.powi(self.steps));
        let mut at = 0;
        for stretch in &self.stretches {
            let range = at..at + stretch.len;
            at = range.end;
            let rate = stretch.rate * factor;
            let keep = (1.0 - rate * stretch.decay) as f32;
            let (rate, root) = ((rate / even.0) as f32, (1.0 / even.1.sqrt()) as f32);
            let weights = weights[range.clone()].par_chunks_mut(PART);
            let first = self.first[range.clone()].par_chunks_mut(PART);
            let second = self.second[range.clone()].par_chunks_mut(PART);
            let gradient = gradient[range].par_chunks(PART);
            weights.zip(first).zip(second).zip(gradient).for_each(|(((w, m), v), g)| {
                for (((w, m), v), g) in w.iter_mut().zip(m).zip(v).zip(g) {
                    let g = g * clip;
                    *m = b1 * *m + (1.0 - b1) * g;
                    *v = b2 * *v + (1.0 - b2) * g * g;
                    *w = *w * keep - rate * *m / (v.sqrt() * root + 1e-8);
                }
            });
        }
    }
}

/// The sum of squares, in as many lanes as a processor adds at once.
fn squares(part: &[f32]) -> f64 {
    let mut lanes = [0f64; 16];
    let (whole, rest) = part.as_chunks::<16>();
    for chunk in whole {
        for (lane, &g) in lanes.iter_mut().zip(chunk) {
            *lane += f64::from(g) * f64::from(g);
        }
    }
    let rest = rest.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>();
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_is_as_long_as_the_rate_and_decay_shrinks() {
        // After one step both means are unbiased to g and g²: every weight moves by the rate.
        let stretch = Stretch { len: 2, rate: 0.1, decay: 0.5 };
        let mut adam = Adam::new(vec![stretch, Stretch { len: 1, rate: 0.01, decay: 0.0 }]);
        let mut w = vec![1.0, -1.0, 2.0];
        adam.step(&mut w, &[0.3, -0.2, 0.1], 1.0);
        assert!((w[0] - (0.95 - 0.1)).abs() < 1e-4 && (w[1] - (-0.95 + 0.1)).abs() < 1e-4);
        assert!((w[2] - 1.99).abs() < 1e-4, "{w:?}");
    }

    #[test]
    fn it_finds_the_bottom_of_a_bowl() {
        let mut adam = Adam::new(vec![Stretch { len: 2, rate: 0.05, decay: 0.0 }]);
        let mut w = vec![3.0f32, -2.0];
        for i in 0..600 {
            let g = [0.1 * (w[0] - 1.0), 0.5 * (w[1] - 0.5)];
            adam.step(&mut w, &g, 1.0 - f64::from(i) / 600.0);
        }
        assert!((w[0] - 1.0).abs() < 0.05 && (w[1] - 0.5).abs() < 0.05, "{w:?}");
    }
}
