//! The encoders of one model, opened when the first text has to be computed, and the store in
//! which finished windows are kept.
//!
//! In: how to open the model, where to keep windows. Out: encoders, and kept windows. A run all
//! of whose windows are kept never loads the model. Must not know: the engine, windows' sinks.

use super::{Encoder, Error, batch};
use crate::model::ModelDir;
use crate::store::{Key, KeyMaker, Store};

/// One encoder a worker.
type Encoders = Vec<Box<dyn Encoder>>;

/// Opens the encoders.
type Open<'a> = Box<dyn FnOnce() -> Result<Encoders, Error> + 'a>;

/// Encoders of one model, one a worker.
pub struct Pool<'a> {
    dim: usize,
    encoders: Encoders,
    open: Option<Open<'a>>,
    kept: Option<Kept<'a>>,
    pub(super) reused: usize,
}

/// Where windows are kept, and what all their keys begin with.
pub(super) struct Kept<'a> {
    store: &'a Store<'a>,
    context: KeyMaker,
}

impl<'a> Pool<'a> {
    /// Encoders of vectors of width `dim` that `open` makes when they are needed.
    pub fn lazy(dim: usize, open: impl FnOnce() -> Result<Encoders, Error> + 'a) -> Self {
        Self { dim, encoders: Vec::new(), open: Some(Box::new(open)), kept: None, reused: 0 }
    }

    /// Encoders that are open.
    pub fn opened(encoders: Encoders) -> Self {
        let dim = encoders.first().map_or(0, |e| e.dim());
        Self { dim, encoders, open: None, kept: None, reused: 0 }
    }

    /// Keeps windows in `store`. `context` names all that the numbers depend on beside the texts.
    #[must_use]
    pub fn keeping(mut self, store: &'a Store<'a>, context: KeyMaker) -> Self {
        // How batches are cut decides last digits.
        let context = context.part(batch::TOKEN_BUDGET.to_le_bytes());
        self.kept = Some(Kept { store, context });
        self
    }

    /// Width of a vector.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Texts of [`super::encode_windows`] whose vectors were kept by an earlier run.
    pub fn reused(&self) -> usize {
        self.reused
    }

    /// The encoders, opened now at the latest, and where windows are kept.
    pub(super) fn parts(&mut self) -> Result<(&mut Encoders, Option<&Kept<'a>>), Error> {
        if let Some(open) = self.open.take() {
            self.encoders = open()?;
        }
        Ok((&mut self.encoders, self.kept.as_ref()))
    }

    /// Where windows are kept.
    pub(super) fn kept(&self) -> Option<&Kept<'a>> {
        self.kept.as_ref()
    }
}

impl Kept<'_> {
    /// The vectors of a window, where they are kept.
    pub(super) fn recall(&self, window: &[&str], dim: usize) -> Option<Vec<f32>> {
        self.store.get(&self.key(window), window.len() * dim)
    }

    /// Keeps the vectors of a window. Says whether a later run will find them.
    pub(super) fn keep(&self, window: &[&str], vectors: &[f32]) -> bool {
        self.store.put(&self.key(window), vectors)
    }

    fn key(&self, window: &[&str]) -> Key {
        window.iter().fold(self.context.clone(), KeyMaker::part).key()
    }
}

/// All that a window's numbers depend on beside its texts: model, precision, engine, processor.
pub fn context(model: &ModelDir, precision: super::Precision) -> KeyMaker {
    KeyMaker::new("encoded window")
        .part(&model.hash)
        .part(precision.name())
        .part(env!("CARGO_PKG_VERSION"))
        .part(env!("CANVASS_LIBTORCH"))
        .part(std::env::consts::ARCH)
        .part(super::instruction_set())
        .part(super::instruction_limits().join(" "))
}
