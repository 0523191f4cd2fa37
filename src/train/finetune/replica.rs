//! A worker of learning: a copy of the encoder with heads on it, which computes gradients.
//!
//! In: orders. Out: gradients of some rows, logits of some texts. One thread owns it and computes on
//! one libtorch thread. Beside `packed.rs` the only file of the training that names `rust_bert`
//! or `tch`. Must not know: what becomes of a gradient, folds, rates.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use rust_bert::bert::{BertEmbeddings, BertModel};
use tch::{Device, Kind, Reduction, TchError, Tensor, nn};
use tokenizers::Encoding;

use super::Task;
use super::packed::Packed;
use crate::encode::bert::{self, Batch, ThemeHeads};
use crate::encode::{Error, Precision};
use crate::train::folds::Lots;

/// What a worker is asked for.
pub(super) enum Order {
    /// All weights, to begin with.
    Weights,
    /// The gradient of some rows, for weights as they are now, written into a buffer.
    Gradient { weights: Arc<Packed>, shard: Shard, step: usize, buffer: Packed },
    /// The logits of some texts, for the last weights.
    Logits { weights: Arc<Packed>, texts: Vec<usize> },
}

/// A part of a batch.
pub(super) struct Shard {
    pub(super) rows: Vec<usize>,
    /// Rows of the whole batch.
    pub(super) of: usize,
    /// Where its lots begin.
    pub(super) seed: u64,
}

/// What it answers.
pub(super) enum Reply {
    Weights(Vec<Named>),
    Gradient(Packed),
    Logits(Vec<f32>),
}

impl Reply {
    /// The gradient, if it is one.
    pub(super) fn gradient(self) -> Option<Packed> {
        match self {
            Reply::Gradient(packed) => Some(packed),
            Reply::Weights(_) | Reply::Logits(_) => None,
        }
    }

    /// The logits, if they are some.
    pub(super) fn logits(self) -> Option<Vec<f32>> {
        match self {
            Reply::Logits(logits) => Some(logits),
            Reply::Weights(_) | Reply::Gradient(_) => None,
        }
    }
}

/// A weight: its name, shape, numbers, and whether it learns.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) shape: Vec<i64>,
    pub(super) numbers: Vec<f32>,
    pub(super) learns: bool,
}

/// The number of no step: all are done.
const LAST: usize = usize::MAX;

/// Answers orders until nobody asks any more.
pub(super) fn serve(
    task: &Task<'_>,
    tokens: &[Encoding],
    inbox: &Receiver<Order>,
    outbox: &Sender<Result<Reply, Error>>,
) {
    tch::set_num_threads(1);
    let mut replica = Replica::open(task);
    while let Ok(order) = inbox.recv() {
        let reply = match &mut replica {
            Ok(replica) => replica.answer(task, tokens, order),
            Err(e) => Err(engine(&e.to_string())),
        };
        if outbox.send(reply).is_err() {
            return;
        }
    }
}

/// The engine's failure.
pub(super) fn engine(why: &str) -> Error {
    Error::Engine { why: bert::first_line(why) }
}

/// One copy of the encoder with the heads on it.
struct Replica {
    network: BertModel<BertEmbeddings>,
    /// The encoder's weights that learn, in order of names.
    learning: Vec<Tensor>,
    /// All of its weights in f32, as they were loaded.
    loaded: Vec<Named>,
    /// The step whose weights it has.
    step: Option<usize>,
    heads: ThemeHeads,
    device: Device,
    _store: nn::VarStore,
}

impl Replica {
    fn open(task: &Task<'_>) -> Result<Self, Error> {
        let mut config = bert::read_config(task.model)?;
        // The engine draws dropout from one generator for all threads; lots are drawn here.
        config.hidden_dropout_prob = 0.0;
        config.attention_probs_dropout_prob = 0.0;
        let device = Device::cuda_if_available();
        let mut store = nn::VarStore::new(device);
        let network = BertModel::<BertEmbeddings>::new(store.root(), &config);
        store
            .load(task.model.file("model.safetensors"))
            .map_err(|e| bert::load_error(task.model, &e.to_string()))?;
        let sorted = |store: &nn::VarStore| -> BTreeMap<String, Tensor> {
            store.variables().into_iter().collect()
        };
        let loaded = sorted(&store).into_iter().map(|(name, tensor)| {
            let (numbers, shape) = (numbers(&tensor)?, tensor.size());
            Ok(Named { shape, numbers, learns: learns(&name), name })
        });
        let loaded: Result<Vec<Named>, TchError> = loaded.collect();
        let loaded = loaded.map_err(|e| engine(&e.to_string()))?;
        if task.precision == Precision::Bf16 {
            store.bfloat16();
        }
        let mut learning = Vec::new();
        for (name, tensor) in sorted(&store) {
            let _ = tensor.set_requires_grad(learns(&name));
            if learns(&name) {
                learning.push(tensor);
            }
        }
        let (dim, k) = (task.model.manifest.dim as i64, task.themes as i64);
        let zeros = |shape: &[i64]| Tensor::zeros(shape, (Kind::Float, device));
        let heads = ThemeHeads {
            query: zeros(&[dim, k]).set_requires_grad(true),
            dense: zeros(&[dim, k]).set_requires_grad(true),
            bias: zeros(&[k]).set_requires_grad(true),
        };
        Ok(Self { network, learning, loaded, step: None, heads, device, _store: store })
    }

    fn answer(
        &mut self,
        task: &Task<'_>,
        tokens: &[Encoding],
        order: Order,
    ) -> Result<Reply, Error> {
        let reply = match order {
            Order::Weights => Ok(Reply::Weights(std::mem::take(&mut self.loaded))),
            Order::Gradient { weights, shard, step, mut buffer } => self
                .set(weights, step)
                .and_then(|()| self.gradient(task, tokens, &shard, &mut buffer))
                .map(|()| Reply::Gradient(buffer)),
            Order::Logits { weights, texts } => self
                .set(weights, LAST)
                .and_then(|()| self.logits(task, tokens, &texts))
                .map(Reply::Logits),
        };
        reply.map_err(|e| engine(&e.to_string()))
    }

    /// The heads' tensors.
    fn on_top(&self) -> [Tensor; 3] {
        let heads = &self.heads;
        [&heads.query, &heads.dense, &heads.bias].map(Tensor::shallow_clone)
    }

    /// Takes the weights of a step, unless it has them, and lets go of them, so that their owner can
    /// change them while this computes.
    fn set(&mut self, weights: Arc<Packed>, step: usize) -> Result<(), TchError> {
        if self.step != Some(step) {
            let _no_grad = tch::no_grad_guard();
            weights.give(&self.learning, &self.on_top())?;
            self.step = Some(step);
        }
        Ok(())
    }

    fn gradient(
        &self,
        task: &Task<'_>,
        tokens: &[Encoding],
        shard: &Shard,
        buffer: &mut Packed,
    ) -> Result<(), TchError> {
        let rows = &shard.rows;
        let mut lots = Lots(shard.seed);
        let k = task.themes;
        let batch: Vec<&Encoding> = rows.iter().map(|&i| &tokens[i]).collect();
        let mask = tokens.last().and_then(|t| t.get_ids().first()).copied().unwrap_or(0);
        let hidden = task.settings.hidden;
        let most = task.settings.tokens;
        let mut hide = || lots.unit() < hidden;
        let batch = Batch::hiding(&batch, most, self.device, mask, &mut hide)?;
        let vectors = batch.hidden(&self.network, task.pairs)?;
        // A number that is dropped is dropped from all tokens of a text.
        let keep = 1.0 - task.settings.dropped;
        let (n, dim) = (rows.len(), task.model.manifest.dim);
        let kept: Vec<f32> = (0..n * dim)
            .map(|_| if lots.unit() < keep { 1.0 / keep as f32 } else { 0.0 })
            .collect();
        let kept = Tensor::f_from_slice(&kept)?.f_view([n as i64, 1, dim as i64])?;
        let left = vectors.f_mul(&kept.f_to_device(self.device)?)?;
        let z = self.heads.logits(&batch, &vectors, &left)?;
        let targets: Vec<f32> =
            rows.iter().flat_map(|&i| &task.targets[i * k..(i + 1) * k]).copied().collect();
        let targets = Tensor::f_from_slice(&targets)?.f_view(z.size().as_slice())?;
        let targets = targets.f_to_device(self.device)?;
        let none = None::<Tensor>;
        let loss = z.f_binary_cross_entropy_with_logits(
            &targets,
            none.as_ref(),
            none.as_ref(),
            Reduction::Sum,
        )?;
        let loss = loss.f_div_scalar((shard.of * k) as f64)?;
        // Gradients are handed out and not gathered in the weights: one pass over them is saved.
        let on_top = self.on_top();
        let wanted: Vec<&Tensor> = self.learning.iter().chain(&on_top).collect();
        let gradients = Tensor::f_run_backward(&[loss], &wanted, false, false)?;
        let (encoder, heads) = gradients.split_at(self.learning.len());
        let _no_grad = tch::no_grad_guard();
        buffer.take(encoder, heads)
    }

    fn logits(
        &self,
        task: &Task<'_>,
        tokens: &[Encoding],
        texts: &[usize],
    ) -> Result<Vec<f32>, TchError> {
        let _no_grad = tch::no_grad_guard();
        let batch: Vec<&Encoding> = texts.iter().map(|&i| &tokens[i]).collect();
        let batch = Batch::hiding(&batch, usize::MAX, self.device, 0, &mut || false)?;
        let hidden = batch.hidden(&self.network, task.pairs)?;
        numbers(&self.heads.logits(&batch, &hidden, &hidden)?)
    }
}

/// Whether a weight learns: not the word embeddings, which a few thousand answers would bend for
/// the words that they happen to hold; not the pooler, which is not used.
fn learns(name: &str) -> bool {
    !name.starts_with("embeddings.word_embeddings") && !name.starts_with("pooler")
}

/// A tensor's numbers.
fn numbers(tensor: &Tensor) -> Result<Vec<f32>, TchError> {
    let _no_grad = tch::no_grad_guard();
    let plain = tensor.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?.f_contiguous()?;
    let mut out = vec![0f32; plain.numel()];
    let n = out.len();
    plain.f_copy_data(&mut out, n)?;
    Ok(out)
}
