//! Stage 3: texts in, vectors out, in windows that never all lie in memory at once.
//!
//! In: distinct redacted texts. Out: for each window of texts whatever the caller's sink makes
//! of its vectors (the `classify` stage keeps a few scores), in a fixed order. Windows and
//! batches depend on the texts alone, never on the number of workers, so that 1 thread and N
//! threads see the same numbers to the last bit. A finished window is kept in the store, where
//! there is one; a kept window is not computed again, and its numbers are the same, because a
//! window's numbers depend on its own texts alone.
//! Must not know: responses, themes, reports; nothing here but `bert.rs` names the engine.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

pub mod batch;
#[cfg(feature = "engine")]
pub mod bert;
mod pool;
mod precision;
pub mod window;

pub use pool::{Pool, context};
pub use precision::{Precision, instruction_limits, instruction_set};

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

/// A window is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// Its texts.
    pub texts: usize,
    /// Whether a later run will find its vectors.
    pub kept: bool,
}

/// Encodes `texts` window by window on every encoder of the pool and gives each window to
/// `sink`: (indices into `texts`, their vectors row by row). Results come back in the order of
/// the windows. `done` hears of each finished window, from any thread.
///
/// # Errors
/// The model cannot be opened, or the first failure of an encoder, after every worker has
/// stopped.
pub fn encode_windows<R: Send>(
    texts: &[String],
    pool: &mut Pool,
    sink: impl Fn(&[usize], &[f32]) -> R + Sync,
    done: impl Fn(Finished) + Sync,
) -> Result<Vec<R>, Error> {
    let (results, reused) = run(texts, pool, sink, done)?;
    pool.reused += reused;
    Ok(results)
}

/// The same; returns also how many texts were not computed.
fn run<R: Send>(
    texts: &[String],
    pool: &mut Pool,
    sink: impl Fn(&[usize], &[f32]) -> R + Sync,
    done: impl Fn(Finished) + Sync,
) -> Result<(Vec<R>, usize), Error> {
    let windows = window::cut(texts);
    let words = |ids: &[usize]| -> Vec<&str> { ids.iter().map(|&t| texts[t].as_str()).collect() };
    let dim = pool.dim();
    let recalled: Vec<Option<R>> = match pool.kept() {
        None => windows.iter().map(|_| None).collect(),
        Some(kept) => {
            let recall = |ids: &Vec<usize>| {
                let result = sink(ids, &kept.recall(&words(ids), dim)?);
                done(Finished { texts: ids.len(), kept: true });
                Some(result)
            };
            windows.par_iter().map(recall).collect()
        }
    };
    let missing: Vec<usize> = (0..windows.len()).filter(|&i| recalled[i].is_none()).collect();
    let reused = texts.len() - missing.iter().map(|&i| windows[i].len()).sum::<usize>();
    let slots: Vec<Mutex<Option<Result<R, Error>>>> =
        recalled.into_iter().map(|found| Mutex::new(found.map(Ok))).collect();
    if !missing.is_empty() {
        let (encoders, kept) = pool.parts()?;
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let work = |encoder: &mut Box<dyn Encoder>| {
            while !failed.load(Ordering::Relaxed) {
                let Some(&i) = missing.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                let ids = &windows[i];
                let window = words(ids);
                let vectors = encoder.encode(&window);
                let kept = matches!((&vectors, kept), (Ok(v), Some(k)) if k.keep(&window, v));
                let result = vectors.map(|vectors| sink(ids, &vectors));
                failed.fetch_or(result.is_err(), Ordering::Relaxed);
                if let Ok(mut slot) = slots[i].lock() {
                    *slot = Some(result);
                }
                done(Finished { texts: ids.len(), kept });
            }
        };
        std::thread::scope(|scope| {
            for encoder in encoders {
                scope.spawn(|| work(encoder));
            }
        });
    }
    let results = slots.into_iter().filter_map(|slot| slot.into_inner().ok().flatten());
    Ok((results.collect::<Result<_, _>>()?, reused))
}

/// The vectors of a few texts (a codebook's, say), row by row in their order; they do not count
/// as reused.
///
/// # Errors
/// [`Error::Engine`].
pub fn encode_all(texts: &[String], pool: &mut Pool) -> Result<Vec<f32>, Error> {
    let dim = pool.dim();
    let mut all = vec![0f32; texts.len() * dim];
    let (windows, _) = run(texts, pool, |ids, v| (ids.to_vec(), v.to_vec()), |_| ())?;
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
    use crate::fsx::Os;
    use crate::store::{KeyMaker, Store, Use};

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

    fn lengths(n: usize) -> Vec<Box<dyn Encoder>> {
        (0..n).map(|_| Box::new(Lengths) as Box<dyn Encoder>).collect()
    }

    fn pool(n: usize) -> Pool<'static> {
        Pool::opened(lengths(n))
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

    /// A window's numbers depend on all its texts, as a real encoder's do in the last bits.
    struct Together;

    impl Encoder for Together {
        fn dim(&self) -> usize {
            2
        }
        fn encode(&mut self, texts: &[&str]) -> Result<Vec<f32>, Error> {
            let all: usize = texts.iter().map(|t| t.len()).sum();
            Ok(texts.iter().flat_map(|t| [t.len() as f32, all as f32]).collect())
        }
    }

    #[test]
    fn kept_windows_give_the_same_numbers_without_the_model() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join(".canvass");
        let texts: Vec<String> = (0..3000).map(|i| "x".repeat(i * 7 % 310)).collect();
        let open = || Ok(vec![Box::new(Together) as Box<dyn Encoder>]);
        let encode = |texts: &[String], pool: &mut Pool| {
            encode_windows(texts, pool, |ids, v| (ids.to_vec(), v.to_vec()), |_| ())
        };
        let plain = encode(&texts, &mut Pool::lazy(2, open)).unwrap();
        let store = Store::new(&Os, &dir, Use::Kept);
        let mut first = Pool::lazy(2, open).keeping(&store, KeyMaker::new("test"));
        assert_eq!(encode(&texts, &mut first).unwrap(), plain);
        assert_eq!(first.reused(), 0);
        let closed = || Err(Error::Engine { why: "nobody should open this".into() });
        let mut again = Pool::lazy(2, closed).keeping(&store, KeyMaker::new("test"));
        assert_eq!(encode(&texts, &mut again).unwrap(), plain);
        assert_eq!(again.reused(), 3000);
        let mut other = Pool::lazy(2, closed).keeping(&store, KeyMaker::new("another model"));
        assert!(encode(&texts, &mut other).is_err());
        let mut more = texts.clone();
        more.push("one more".into());
        let mut grown = Pool::lazy(2, open).keeping(&store, KeyMaker::new("test"));
        let fresh = encode(&more, &mut Pool::lazy(2, open)).unwrap();
        assert_eq!(encode(&more, &mut grown).unwrap(), fresh);
        assert!(grown.reused() > 3000 - 2 * window::WINDOW, "{}", grown.reused());
    }
}
