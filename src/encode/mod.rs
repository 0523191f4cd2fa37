//! Stage 3: texts in, vectors out, in windows that never all lie in memory at once.
//!
//! In: distinct redacted texts. Out: for each window of texts whatever the caller's sink makes
//! of its vectors (the `classify` stage keeps a few scores), in a fixed order. Windows and
//! batches depend on the texts alone, never on the number of workers, so that 1 thread and N
//! threads see the same numbers to the last bit.
//! Must not know: responses, themes, reports; nothing here but `bert.rs` names the engine.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub mod batch;
#[cfg(feature = "engine")]
pub mod bert;
mod precision;

pub use precision::{Precision, instruction_set};

/// What can go wrong in an encoder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model's files do not make a model.
    #[error("model `{model}` cannot be loaded: {why}")]
    Load {
        /// The model.
        model: String,
        /// The engine's reason, first line.
        why: String,
    },
    /// The engine failed on a batch.
    #[error("the engine failed while encoding: {why}")]
    Engine {
        /// The engine's reason, first line.
        why: String,
    },
    /// The processor cannot do what the study asks for.
    #[error("precision `bf16` is not available on this processor")]
    NoBf16,
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Load { .. } => "run `canvass models verify`; `make setup` repairs the files",
            Error::Engine { .. } => "run `canvass doctor`; fewer `--threads` need less memory",
            Error::NoBf16 => "write `precision = \"auto\"` or `\"f32\"` in [encoder]",
        };
        Some(hint.into())
    }
}

/// Turns texts into vectors. Implementations are owned by one thread at a time.
pub trait Encoder: Send {
    /// Width of a vector.
    fn dim(&self) -> usize;

    /// The vectors of `texts`, row by row: `texts.len() × dim` numbers, each row of length 1
    /// where the model says so. The result depends on `texts` alone.
    ///
    /// # Errors
    /// [`Error::Engine`].
    fn encode(&mut self, texts: &[&str]) -> Result<Vec<f32>, Error>;
}

/// Encoders of one model, one a worker.
pub type Pool = Vec<Box<dyn Encoder>>;

/// Texts in a window: enough that batches of equal length can be cut from it, few enough that
/// the vectors of all windows under way stay small (512 × 384 × 4 bytes each).
pub const WINDOW: usize = 512;

/// Encodes `texts` window by window on every encoder of the pool and gives each window to
/// `sink`: (indices into `texts`, their vectors row by row). Results come back in the order of
/// the windows. `done` hears of the number of texts finished, from any thread.
///
/// Texts are taken longest first, so that the last windows are the cheap ones and no worker
/// waits long for another.
///
/// # Errors
/// The first failure of an encoder, after every worker has stopped.
pub fn encode_windows<R: Send>(
    texts: &[String],
    pool: &mut Pool,
    sink: impl Fn(&[usize], &[f32]) -> R + Sync,
    done: impl Fn(usize) + Sync,
) -> Result<Vec<R>, Error> {
    let order = batch::longest_first(texts);
    let windows: Vec<&[usize]> = order.chunks(WINDOW).collect();
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let slots: Vec<Mutex<Option<Result<R, Error>>>> =
        windows.iter().map(|_| Mutex::new(None)).collect();
    let work = |encoder: &mut Box<dyn Encoder>| {
        while !failed.load(Ordering::Relaxed) {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(&ids) = windows.get(i) else { break };
            let window: Vec<&str> = ids.iter().map(|&t| texts[t].as_str()).collect();
            let result = encoder.encode(&window).map(|vectors| sink(ids, &vectors));
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            if let Ok(mut slot) = slots[i].lock() {
                *slot = Some(result);
            }
            done(ids.len());
        }
    };
    std::thread::scope(|scope| {
        for encoder in pool.iter_mut() {
            scope.spawn(|| work(encoder));
        }
    });
    let results = slots.into_iter().filter_map(|slot| slot.into_inner().ok().flatten());
    results.collect()
}

/// The vectors of a few texts (a codebook's, say), row by row in their order.
///
/// # Errors
/// [`Error::Engine`].
pub fn encode_all(texts: &[String], pool: &mut Pool) -> Result<Vec<f32>, Error> {
    let dim = pool.first().map_or(0, |e| e.dim());
    let mut all = vec![0f32; texts.len() * dim];
    let windows = encode_windows(texts, pool, |ids, v| (ids.to_vec(), v.to_vec()), |_| ())?;
    for (ids, vectors) in &windows {
        for (row, &id) in vectors.chunks_exact(dim.max(1)).zip(ids) {
            all[id * dim..(id + 1) * dim].copy_from_slice(row);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One number a text: its length. Fails on the text "boom".
    struct Lengths;

    impl Encoder for Lengths {
        fn dim(&self) -> usize {
            1
        }
        fn encode(&mut self, texts: &[&str]) -> Result<Vec<f32>, Error> {
            if texts.contains(&"boom") {
                return Err(Error::Engine { why: "boom".into() });
            }
            Ok(texts.iter().map(|t| t.len() as f32).collect())
        }
    }

    fn pool(n: usize) -> Pool {
        (0..n).map(|_| Box::new(Lengths) as Box<dyn Encoder>).collect()
    }

    #[test]
    fn every_text_is_encoded_once_whatever_the_number_of_workers() {
        let texts: Vec<String> = (0..2000).map(|i| "x".repeat(i * 7 % 31)).collect();
        let run = |n| {
            encode_windows(&texts, &mut pool(n), |ids, v| (ids.to_vec(), v.to_vec()), |_| ())
                .unwrap()
        };
        let one = run(1);
        assert_eq!(one, run(3));
        let mut seen: Vec<usize> = one.iter().flat_map(|(ids, _)| ids.clone()).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..2000).collect::<Vec<_>>());
    }

    #[test]
    fn a_failing_batch_fails_the_whole_call() {
        let mut texts: Vec<String> = (0..1500).map(|i| format!("text {i}")).collect();
        texts[700] = "boom".into();
        assert!(encode_windows(&texts, &mut pool(2), |_, _| (), |_| ()).is_err());
    }

    #[test]
    fn encode_all_keeps_the_order() {
        let texts: Vec<String> = ["aaa", "b", "cc"].map(String::from).to_vec();
        assert_eq!(encode_all(&texts, &mut pool(1)).unwrap(), [3.0, 1.0, 2.0]);
    }
}
