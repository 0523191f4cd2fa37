//! The engine adapter for learning: rust-bert's BERT modules with autograd.
//!
//! In: a [`Task`]. Out: [`Tuned`]. Two workers each own a replica of the encoder and compute the
//! gradient of one part of every batch on one libtorch thread; the owner of the f32 weights adds
//! the halves in order, takes a step and hands the new weights out. The word embeddings stay as
//! they are. The engine's own types stand in `replica.rs` and `packed.rs` alone.
//! Must not know: folds, thresholds, files other than the base model's.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokenizers::{Encoding, Tokenizer};

use super::adam::{Adam, Stretch};
use super::packed::{Lengths, Packed, sum};
use super::replica::{Named, Order, Reply, Shard, engine, serve};
use super::{Task, Tuned, batches, halves};
use crate::encode::Error;
use crate::encode::bert;
use crate::model::Attention;
use crate::train::folds::Lots;

/// Parts of a batch that are computed apart, whatever the number of workers.
const SHARDS: usize = 2;

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
    let Some(Reply::Weights(named)) = ask_all(posts, posts.len(), |_| Order::Weights)?.pop() else {
        return Err(gone());
    };
    let head = task.model.manifest.dim * task.themes;
    let (mut weights, stretches, lengths) = start(task, &named, head);
    let mut adam = Adam::new(stretches);
    let mut packed = Arc::new(Packed::new(task.precision, lengths));
    let mut total = vec![0f32; weights.len()];
    // Buffers go to the workers and back: fresh ones of this size would cost much of the time.
    let mut spare = vec![Packed::new(task.precision, lengths); SHARDS];
    let rows: Vec<usize> = (0..task.texts.len())
        .flat_map(|i| std::iter::repeat_n(i, task.weights[i].round() as usize))
        .collect();
    let mut lots = Lots(task.seed);
    let length = |i: usize| tokens[i].get_ids().len();
    let steps = s.epochs * rows.len().div_ceil(s.batch);
    let mut done = 0;
    for _ in 0..s.epochs {
        for batch in batches(&rows, length, s.batch, &mut lots) {
            let seed = lots.next();
            let shards = halves(&batch, |i| length(i).min(s.tokens));
            Arc::make_mut(&mut packed).store(&weights);
            let fresh = || Packed::new(task.precision, lengths);
            let order = |shard: usize| Order::Gradient {
                weights: packed.clone(),
                shard: Shard {
                    rows: shards[shard].to_vec(),
                    of: batch.len(),
                    seed: seed ^ shard as u64,
                },
                step: done,
                buffer: spare.pop().unwrap_or_else(fresh),
            };
            let replies = ask_all(posts, shards.len(), order)?;
            spare = replies.into_iter().filter_map(Reply::gradient).collect();
            sum(&spare, &mut total);
            adam.step(&mut weights, &total, s.rate_at(done, steps));
            done += 1;
            step();
        }
    }
    Arc::make_mut(&mut packed).store(&weights);
    let held_out = held_out(task, posts, &packed, length)?;
    Ok(parts(named, &weights, (head, task.themes), held_out))
}

/// The weights to begin with, one after the other, and how each stretch of them is to be moved.
fn start(task: &Task<'_>, named: &[Named], head: usize) -> (Vec<f32>, Vec<Stretch>, Lengths) {
    let s = task.settings;
    let mut stretches = Vec::new();
    let mut flat: Vec<f32> = Vec::new();
    for weight in named.iter().filter(|w| w.learns) {
        let matrix = weight.shape.len() > 1;
        let decay = if matrix { s.decay } else { 0.0 };
        stretches.push(Stretch { len: weight.numbers.len(), rate: s.rate, decay });
        flat.extend_from_slice(&weight.numbers);
    }
    let lengths = Lengths { encoder: flat.len(), heads: 2 * head + task.themes };
    stretches.push(Stretch { len: head, rate: s.query_rate, decay: 0.0 });
    stretches.push(Stretch { len: head + task.themes, rate: s.head_rate, decay: 0.0 });
    flat.resize(flat.len() + 2 * head, 0.0);
    flat.extend(first_bias(task));
    (flat, stretches, lengths)
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

/// Hands `n` jobs out in turn and returns what they brought, in order.
fn ask_all(
    posts: &[Post],
    n: usize,
    mut order: impl FnMut(usize) -> Order,
) -> Result<Vec<Reply>, Error> {
    for job in 0..n {
        posts[job % posts.len()].orders.send(order(job)).map_err(|_| gone())?;
    }
    let reply = |job: usize| posts[job % posts.len()].replies.recv().map_err(|_| gone())?;
    (0..n).map(reply).collect()
}

/// Logits of the texts that were held out; batches depend on the texts alone.
fn held_out(
    task: &Task<'_>,
    posts: &[Post],
    weights: &Arc<Packed>,
    length: impl Fn(usize) -> usize,
) -> Result<Vec<f32>, Error> {
    let k = task.themes;
    let mut held: Vec<usize> = (0..task.texts.len()).filter(|&i| task.weights[i] == 0.0).collect();
    held.sort_by_key(|&i| (std::cmp::Reverse(length(i)), i));
    let batches: Vec<&[usize]> = held.chunks(SCORED).collect();
    let order =
        |job: usize| Order::Logits { weights: weights.clone(), texts: batches[job].to_vec() };
    let mut all = vec![0f32; task.texts.len() * k];
    let replies = ask_all(posts, batches.len(), order)?;
    for (batch, z) in batches.iter().zip(replies.into_iter().filter_map(Reply::logits)) {
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
