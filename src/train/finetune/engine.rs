//! The engine adapter for learning: rust-bert's BERT modules with autograd.
//!
//! In: a [`Task`]. Out: [`Tuned`]. Two workers each own a replica of the encoder and compute the
//! gradient of one half of every batch on one libtorch thread; the owner of the f32 weights adds
//! the halves in order, takes a step and hands the new weights out. The word embeddings stay as
//! they are. Beside `encode/bert.rs` the only file that names `rust_bert` or `tch`.
//! Must not know: folds, thresholds, files other than the base model's.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rayon::prelude::*;
use rust_bert::bert::{BertEmbeddings, BertModel};
use tch::{Device, Kind, Reduction, Tensor, nn};
use tokenizers::{Encoding, Tokenizer};

use super::adam::{Adam, PART, Stretch};
use super::{Task, Tuned, batches};
use crate::encode::bert::{self, Batch, ThemeHeads};
use crate::encode::{Error, Precision};
use crate::model::Attention;
use crate::train::folds::Lots;

/// Parts of a batch that are computed apart, whatever the number of workers.
const SHARDS: usize = 2;

/// The number of no step: all are done.
const LAST: usize = usize::MAX;

/// Texts in a pass that scores.
const SCORED: usize = 32;

/// Learns. `step` hears of each finished step.
///
/// # Errors
/// The model cannot be loaded, or the engine failed.
pub(in crate::train) fn tune(task: &Task<'_>, step: &dyn Fn()) -> Result<Tuned, Error> {
    let tokenizer = bert::open_tokenizer(task.model)?;
    bert::check_config(task.model, &tokenizer)?;
    let tokens = encoded(task, &tokenizer)?;
    let workers = task.threads.clamp(1, SHARDS);
    std::thread::scope(|scope| {
        let (mut posts, mut threads) = (Vec::new(), Vec::new());
        for _ in 0..workers {
            let ((orders, inbox), (outbox, replies)) = (channel(), channel());
            let tokens = &tokens;
            threads.push(scope.spawn(move || serve(task, tokens, &inbox, &outbox)));
            posts.push(Post { orders, replies });
        }
        let learned = learn(task, &tokens, &posts, step);
        drop(posts); // the workers end
        let joined: Vec<_> = threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        match joined.iter().all(Result::is_ok) {
            true => learned,
            false => Err(bert::load_error(task.model, "the engine panicked on this model's files")),
        }
    })
}

/// The way to a worker and back.
struct Post {
    orders: Sender<Order>,
    replies: Receiver<Result<Reply, Error>>,
}

/// What a worker is asked for.
enum Order {
    /// All weights, to begin with.
    Weights,
    /// The gradient of some rows, for weights as they are now, written into a buffer.
    Gradient { weights: Arc<Vec<f32>>, shard: Shard, step: usize, buffer: Vec<f32> },
    /// The logits of some texts.
    Logits { weights: Arc<Vec<f32>>, texts: Vec<usize> },
}

/// A part of a batch.
struct Shard {
    rows: Vec<usize>,
    /// Rows of the whole batch.
    of: usize,
    /// Where its lots begin.
    seed: u64,
}

/// What it answers.
enum Reply {
    Weights(Vec<Named>),
    Numbers(Vec<f32>),
}

/// A weight: its name, shape, numbers, and whether it learns.
struct Named {
    name: String,
    shape: Vec<i64>,
    numbers: Vec<f32>,
    learns: bool,
}

/// The texts as tokens, as long as a run reads them.
fn encoded(task: &Task<'_>, tokenizer: &Tokenizer) -> Result<Vec<Encoding>, Error> {
    let fail = |e: tokenizers::Error| engine(&e.to_string());
    let one = |text: &String| bert::tokens(tokenizer, text, task.pairs).map_err(fail);
    let mut tokens = task.texts.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    // The mask token's id travels as the only token of a last, unused text.
    let mask = tokenizer.token_to_id("[MASK]").unwrap_or(0);
    tokens
        .push(Encoding::from_tokens(vec![tokenizers::Token::new(mask, String::new(), (0, 0))], 0));
    Ok(tokens)
}

fn engine(why: &str) -> Error {
    Error::Engine { why: bert::first_line(why) }
}

fn gone() -> Error {
    engine("a worker ended early")
}

fn learn(
    task: &Task<'_>,
    tokens: &[Encoding],
    posts: &[Post],
    step: &dyn Fn(),
) -> Result<Tuned, Error> {
    let s = task.settings;
    let named = match ask(posts, |_| Order::Weights)?.swap_remove(0) {
        Reply::Weights(named) => named,
        Reply::Numbers(_) => return Err(gone()),
    };
    let head = task.model.manifest.dim * task.themes;
    let mut stretches = Vec::new();
    let mut flat: Vec<f32> = Vec::new();
    for weight in named.iter().filter(|w| w.learns) {
        let matrix = weight.shape.len() > 1;
        let decay = if matrix { s.decay } else { 0.0 };
        stretches.push(Stretch { len: weight.numbers.len(), rate: s.rate, decay });
        flat.extend_from_slice(&weight.numbers);
    }
    stretches.push(Stretch { len: head, rate: s.query_rate, decay: 0.0 });
    stretches.push(Stretch { len: head + task.themes, rate: s.head_rate, decay: 0.0 });
    flat.resize(flat.len() + 2 * head, 0.0);
    flat.extend(first_bias(task));
    let mut adam = Adam::new(stretches);
    let mut weights = Arc::new(flat);
    let rows: Vec<usize> = (0..task.texts.len())
        .flat_map(|i| std::iter::repeat_n(i, task.weights[i].round() as usize))
        .collect();
    let mut lots = Lots(task.seed);
    let length = |i: usize| tokens[i].get_ids().len();
    let steps = s.epochs * rows.len().div_ceil(s.batch);
    let mut done = 0;
    // Buffers go to the workers and back: fresh ones of this size would cost a third of the time.
    let mut spare: Vec<Vec<f32>> = Vec::new();
    for _ in 0..s.epochs {
        for batch in batches(&rows, length, s.batch, &mut lots) {
            let seed = lots.next();
            let half = batch.len().div_ceil(SHARDS);
            let shards: Vec<&[usize]> = batch.chunks(half).collect();
            let order = |shard: usize| Order::Gradient {
                weights: weights.clone(),
                shard: Shard {
                    rows: shards[shard].to_vec(),
                    of: batch.len(),
                    seed: seed ^ shard as u64,
                },
                step: done,
                buffer: spare.pop().unwrap_or_default(),
            };
            spare = ask_all(posts, shards.len(), order)?;
            let gradient = added(&mut spare);
            let moved: &mut Vec<f32> = Arc::make_mut(&mut weights);
            adam.step(moved, gradient, s.rate_at(done, steps));
            done += 1;
            step();
        }
    }
    let held_out = held_out(task, posts, &weights, length)?;
    Ok(parts(named, &weights, (head, task.themes), held_out))
}

/// Intercepts that give each theme its share.
fn first_bias(task: &Task<'_>) -> Vec<f32> {
    let k = task.themes;
    let total: f32 = task.weights.iter().sum();
    let share = |t: usize| {
        let rows = task.targets.iter().skip(t).step_by(k).zip(task.weights);
        let with: f32 = rows.map(|(y, w)| y * w).sum();
        ((with + 0.5) / (total - with + 0.5)).ln()
    };
    (0..k).map(share).collect()
}

/// Asks every worker the same kind of thing.
fn ask(posts: &[Post], order: impl Fn(usize) -> Order) -> Result<Vec<Reply>, Error> {
    for (i, post) in posts.iter().enumerate() {
        post.orders.send(order(i)).map_err(|_| gone())?;
    }
    posts.iter().map(|post| post.replies.recv().map_err(|_| gone())?).collect()
}

/// Hands `n` jobs out in turn and returns their numbers in order.
fn ask_all(
    posts: &[Post],
    n: usize,
    mut order: impl FnMut(usize) -> Order,
) -> Result<Vec<Vec<f32>>, Error> {
    for job in 0..n {
        posts[job % posts.len()].orders.send(order(job)).map_err(|_| gone())?;
    }
    let reply = |job: usize| match posts[job % posts.len()].replies.recv().map_err(|_| gone())?? {
        Reply::Numbers(numbers) => Ok(numbers),
        Reply::Weights(_) => Err(gone()),
    };
    (0..n).map(reply).collect()
}

/// Logits of the texts that were held out; batches depend on the texts alone.
fn held_out(
    task: &Task<'_>,
    posts: &[Post],
    weights: &Arc<Vec<f32>>,
    length: impl Fn(usize) -> usize,
) -> Result<Vec<f32>, Error> {
    let k = task.themes;
    let mut held: Vec<usize> = (0..task.texts.len()).filter(|&i| task.weights[i] == 0.0).collect();
    held.sort_by_key(|&i| (std::cmp::Reverse(length(i)), i));
    let batches: Vec<&[usize]> = held.chunks(SCORED).collect();
    let order =
        |job: usize| Order::Logits { weights: weights.clone(), texts: batches[job].to_vec() };
    let mut all = vec![0f32; task.texts.len() * k];
    for (batch, z) in batches.iter().zip(ask_all(posts, batches.len(), order)?) {
        for (&i, row) in batch.iter().zip(z.chunks_exact(k)) {
            all[i * k..(i + 1) * k].copy_from_slice(row);
        }
    }
    Ok(all)
}

/// Takes the flat weights apart: `head` numbers of queries, as many of heads, then intercepts.
fn parts(
    named: Vec<Named>,
    flat: &[f32],
    (head, themes): (usize, usize),
    held_out: Vec<f32>,
) -> Tuned {
    let mut weights = BTreeMap::new();
    let mut at = 0;
    for weight in named {
        let n = weight.numbers.len();
        let shape = weight.shape.iter().map(|&d| d as usize).collect();
        let numbers = if weight.learns { flat[at..at + n].to_vec() } else { weight.numbers };
        at += if weight.learns { n } else { 0 };
        weights.insert(weight.name, (shape, numbers));
    }
    let (query, rest) = flat[at..].split_at(head);
    let (dense, bias) = rest.split_at(head);
    let heads = Attention {
        themes,
        query: query.to_vec(),
        dense: dense.to_vec(),
        bias: bias[..themes].to_vec(),
    };
    Tuned { weights, heads, held_out }
}

/// A worker: answers orders until nobody asks any more.
fn serve(
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

/// One copy of the encoder with the heads on it.
struct Replica {
    network: BertModel<BertEmbeddings>,
    /// Every weight by name, in order of names.
    named: Vec<(String, Tensor)>,
    /// All of them in f32, as they were loaded.
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
        let loaded: Result<Vec<Named>, tch::TchError> = loaded.collect();
        let loaded = loaded.map_err(|e| engine(&e.to_string()))?;
        if task.precision == Precision::Bf16 {
            store.bfloat16();
        }
        let named: Vec<(String, Tensor)> = sorted(&store).into_iter().collect();
        for (name, tensor) in &named {
            let _ = tensor.set_requires_grad(learns(name));
        }
        let (dim, k) = (task.model.manifest.dim as i64, task.themes as i64);
        let zeros = |shape: &[i64]| Tensor::zeros(shape, (Kind::Float, device));
        let heads = ThemeHeads {
            query: zeros(&[dim, k]).set_requires_grad(true),
            dense: zeros(&[dim, k]).set_requires_grad(true),
            bias: zeros(&[k]).set_requires_grad(true),
        };
        Ok(Self { network, named, loaded, step: None, heads, device, _store: store })
    }

    fn answer(
        &mut self,
        task: &Task<'_>,
        tokens: &[Encoding],
        order: Order,
    ) -> Result<Reply, Error> {
        let reply = match order {
            Order::Weights => Ok(Reply::Weights(std::mem::take(&mut self.loaded))),
            Order::Gradient { weights, shard, step, mut buffer } => {
                let set = if self.step == Some(step) { Ok(()) } else { self.set(&weights) };
                self.step = Some(step);
                drop(weights);
                set.and_then(|()| self.gradient(task, tokens, &shard, &mut buffer))
                    .map(|()| Reply::Numbers(buffer))
            }
            Order::Logits { weights, texts } => {
                let set = if self.step == Some(LAST) { Ok(()) } else { self.set(&weights) };
                self.step = Some(LAST);
                set.and_then(|()| self.logits(task, tokens, &texts)).map(Reply::Numbers)
            }
        };
        reply.map_err(|e| engine(&e.to_string()))
    }

    /// Everything that learns, in order.
    fn learning(&self) -> impl Iterator<Item = &Tensor> {
        let encoder = self.named.iter().filter(|(name, _)| learns(name)).map(|(_, t)| t);
        encoder.chain([&self.heads.query, &self.heads.dense, &self.heads.bias])
    }

    fn set(&self, flat: &[f32]) -> Result<(), tch::TchError> {
        let _no_grad = tch::no_grad_guard();
        let mut at = 0;
        for tensor in self.learning() {
            let n = tensor.numel();
            let source =
                Tensor::f_from_slice(&flat[at..at + n])?.f_view(tensor.size().as_slice())?;
            // A shallow clone is the same tensor: what is copied into it is copied into both.
            tensor.shallow_clone().f_copy_(&source)?;
            at += n;
        }
        Ok(())
    }

    fn gradient(
        &self,
        task: &Task<'_>,
        tokens: &[Encoding],
        shard: &Shard,
        flat: &mut Vec<f32>,
    ) -> Result<(), tch::TchError> {
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
        loss.f_div_scalar((shard.of * k) as f64)?.f_backward()?;
        flat.resize(self.learning().map(Tensor::numel).sum(), 0.0);
        let mut at = 0;
        for tensor in self.learning() {
            let n = tensor.numel();
            let mut gradient = tensor.grad();
            if gradient.defined() {
                copy(&gradient, &mut flat[at..at + n])?;
                let _ = gradient.f_zero_()?;
            } else {
                flat[at..at + n].fill(0.0);
            }
            at += n;
        }
        Ok(())
    }

    fn logits(
        &self,
        task: &Task<'_>,
        tokens: &[Encoding],
        texts: &[usize],
    ) -> Result<Vec<f32>, tch::TchError> {
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
fn numbers(tensor: &Tensor) -> Result<Vec<f32>, tch::TchError> {
    let mut out = vec![0f32; tensor.numel()];
    copy(tensor, &mut out)?;
    Ok(out)
}

fn copy(tensor: &Tensor, out: &mut [f32]) -> Result<(), tch::TchError> {
    let _no_grad = tch::no_grad_guard();
    let plain = tensor.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?.f_contiguous()?;
    let n = out.len();
    plain.f_copy_data(out, n)
}

/// The sum of the shards' gradients, in their order, in the first one's place.
fn added(gradients: &mut [Vec<f32>]) -> &[f32] {
    let Some((total, others)) = gradients.split_first_mut() else { return &[] };
    for other in others {
        let parts = total.par_chunks_mut(PART).zip(other.par_chunks(PART));
        parts.for_each(|(t, o)| t.iter_mut().zip(o).for_each(|(t, o)| *t += o));
    }
    total
}
