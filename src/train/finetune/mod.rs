//! Letting the encoder itself learn: settings, the order of batches, and the seam to the engine.
//!
//! In: examples, a base encoder, which examples are held out. Out: [`Tuned`]: the encoder's new
//! weights, heads that look at its tokens, and logits for the examples that were held out. Every
//! choice follows from the seed: the order of batches, which tokens are hidden, which numbers of a
//! vector are dropped. A batch is always computed in two halves whose gradients are added in
//! order, each on one libtorch thread, so that one core and two give the same bytes.
//! Must not know: what becomes of the logits; only `replica.rs` and `packed.rs` name the engine.

use super::folds::Lots;

mod adam;
#[cfg(feature = "engine")]
pub(super) mod engine;
#[cfg(feature = "engine")]
mod packed;
#[cfg(feature = "engine")]
mod replica;

/// How the encoder learns. README says what these settings reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    /// Passes over the rows.
    pub(super) epochs: usize,
    /// Rows in a batch.
    pub(super) batch: usize,
    /// Highest rate of the encoder.
    pub(super) rate: f64,
    /// Highest rate of the heads: they start from nothing.
    pub(super) head_rate: f64,
    /// Highest rate of what decides where a head looks; it starts from the mean over the tokens.
    pub(super) query_rate: f64,
    /// Weight decay of the encoder's matrices (Loshchilov and Hutter 2019).
    pub(super) decay: f64,
    /// Share of the steps over which the rates rise; then they fall by a half cosine.
    pub(super) warm_up: f64,
    /// Share of the tokens that are hidden behind the mask token.
    pub(super) hidden: f64,
    /// Share of a vector's numbers that are dropped (Srivastava et al. 2014).
    pub(super) dropped: f64,
    /// Tokens of a text that are looked at while learning; what is scored is read as in a run.
    pub(super) tokens: usize,
}

/// A table of fewer rows learns in small batches.
const SMALL: usize = 1000;

impl Settings {
    /// What suits a table of so many rows.
    pub(super) fn for_rows(rows: usize) -> Self {
        // Rows that are seen in all passes: many passes over a small table, few over a large one.
        let (batch, seen) = if rows < SMALL { (16, 8000) } else { (32, 16000) };
        Self {
            epochs: (seen / rows.max(1)).clamp(4, 14),
            batch,
            rate: 1e-4,
            head_rate: 5e-3,
            query_rate: 3e-2,
            decay: 0.01,
            warm_up: 0.1,
            hidden: 0.1,
            dropped: 0.1,
            tokens: 128,
        }
    }

    /// The factor on the rates at a step.
    fn rate_at(&self, step: usize, steps: usize) -> f64 {
        let warm = (self.warm_up * steps as f64).max(1.0);
        let step = step as f64;
        if step < warm {
            return (step + 1.0) / (warm + 1.0);
        }
        let done = (step - warm) / (steps as f64 - warm).max(1.0);
        0.5 * (1.0 + (std::f64::consts::PI * done).cos())
    }
}

/// Batches of one group are of like lengths; the groups are drawn by lot.
const GROUP: usize = 16;

/// The batches of one pass: indices of examples. `rows` names an example once for each of its
/// rows; `length` tells its tokens.
fn batches(
    rows: &[usize],
    length: impl Fn(usize) -> usize,
    batch: usize,
    lots: &mut Lots,
) -> Vec<Vec<usize>> {
    let mut order = rows.to_vec();
    lots.shuffle(&mut order);
    let mut all: Vec<Vec<usize>> = Vec::new();
    for group in order.chunks_mut(batch * GROUP) {
        // A stable sort: equal lengths keep their lot.
        group.sort_by_key(|&i| std::cmp::Reverse(length(i)));
        all.extend(group.chunks(batch).map(<[usize]>::to_vec));
    }
    lots.shuffle(&mut all);
    all
}

/// A batch of falling lengths in two parts that cost alike: rows × longest row of each. Cut in the
/// middle, the part with the longer texts would keep the other one waiting.
fn halves(batch: &[usize], length: impl Fn(usize) -> usize) -> Vec<&[usize]> {
    let cost = |part: &[usize]| part.len() * part.first().map_or(0, |&i| length(i));
    let dearer = |at: usize| cost(&batch[..at]).max(cost(&batch[at..]));
    let at = (0..=batch.len()).min_by_key(|&at| dearer(at)).unwrap_or(0);
    let (long, short) = batch.split_at(at);
    [long, short].into_iter().filter(|part| !part.is_empty()).collect()
}

/// What the encoder is to learn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    /// The base encoder.
    pub(super) model: &'a crate::model::ModelDir,
    /// Number format of the forward and backward pass; the weights are kept in f32 beside it.
    pub(super) precision: crate::encode::Precision,
    /// The answers, with what was asked in front where `pairs` says so.
    pub(super) texts: &'a [String],
    /// Whether a text is a pair.
    pub(super) pairs: bool,
    /// `texts × themes`, from 0 to 1.
    pub(super) targets: &'a [f32],
    /// Rows behind each text; 0: it is held out.
    pub(super) weights: &'a [f32],
    /// Number of themes.
    pub(super) themes: usize,
    /// How to learn.
    pub(super) settings: Settings,
    /// Where lots begin.
    pub(super) seed: u64,
    /// Workers; more than two are not used.
    pub(super) threads: usize,
}

/// A tensor by its shape and its numbers.
pub(super) type Tensor = (Vec<usize>, Vec<f32>);

/// What was learned.
#[derive(Debug)]
pub(super) struct Tuned {
    /// The encoder's weights by name.
    pub(super) weights: std::collections::BTreeMap<String, Tensor>,
    /// The heads on it.
    pub(super) heads: crate::model::Attention,
    /// `texts × themes`: logits of the texts that were held out, 0 elsewhere.
    pub(super) held_out: Vec<f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_holds_each_row_once_and_batches_are_of_like_lengths() {
        let rows: Vec<usize> = (0..1000).chain([7, 7]).collect();
        let length = |i: usize| i * 37 % 90;
        let all = batches(&rows, length, 32, &mut Lots(5));
        let mut flat: Vec<usize> = all.iter().flatten().copied().collect();
        flat.sort_unstable();
        let mut want = rows.clone();
        want.sort_unstable();
        assert_eq!(flat, want);
        let padding: usize = all
            .iter()
            .map(|b| {
                let most = b.iter().map(|&i| length(i)).max().unwrap();
                b.iter().map(|&i| most - length(i)).sum::<usize>()
            })
            .sum();
        let total: usize = rows.iter().map(|&i| length(i)).sum();
        assert!(padding * 4 < total, "{padding} of {total}");
        assert_eq!(all, batches(&rows, length, 32, &mut Lots(5)));
        assert_ne!(all, batches(&rows, length, 32, &mut Lots(6)));
    }

    #[test]
    fn the_parts_of_a_batch_cost_alike() {
        let lengths = [40, 40, 30, 12, 10, 10, 10, 10, 10, 8];
        let rows: Vec<usize> = (0..10).collect();
        assert_eq!(halves(&rows, |i| lengths[i]), [&rows[..3], &rows[3..]]);
        let equal = halves(&rows, |_| 20);
        assert_eq!(equal, [&rows[..5], &rows[5..]]);
        assert_eq!(halves(&rows[..1], |_| 20), [&rows[..1]]);
        // A text that is longer than all others together is a part of its own.
        let parts = halves(&rows, |i| if i == 0 { 500 } else { 10 });
        assert_eq!(parts, [&rows[..1], &rows[1..]]);
    }

    #[test]
    fn rates_rise_and_fall() {
        let s = Settings::for_rows(4000);
        let rates: Vec<f64> = (0..100).map(|i| s.rate_at(i, 100)).collect();
        let top = rates.iter().copied().fold(0.0, f64::max);
        assert!((top - 1.0).abs() < 1e-9 && rates[0] < 0.2 && rates[99] < 0.01);
        assert!(rates[10..].windows(2).all(|w| w[0] > w[1]));
    }

    #[test]
    fn small_tables_get_more_passes() {
        assert_eq!(Settings::for_rows(4000).epochs, 4);
        assert_eq!(Settings::for_rows(300).epochs, 14);
    }
}
