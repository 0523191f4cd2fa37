//! The engine adapter: rust-bert's BERT modules on libtorch, fed by `tokenizers`.
//!
//! In: a checked model folder. Out: an [`Encoder`]. It builds its own batches, masks and pooling
//! (rust-bert's ready-made pipeline pads a whole call to its longest text and guesses the mask
//! from the padding id). One encoder is one copy of the weights, owned by one thread, computing
//! on one libtorch thread: libtorch's own threads spin and scale badly on shared cores.
//! The only file beside the training code that names `rust_bert` or `tch`; every failure of the
//! engine becomes an [`Error`]. An encoder that learned themes says how much each theme is in a
//! text instead of a vector. Must not know: responses, themes, files other than the model's.

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use tch::{Device, Kind, Tensor, nn};
use tokenizers::{Encoding, Tokenizer, TruncationParams};

use super::{Encoder, Error, Pool, Precision, batch};
use crate::model::heads::SHARPNESS;
use crate::model::{Attention, ModelDir, PAIR, Pooling};

/// A pool of `n` encoders that loads the model when the first text has to be computed.
pub fn lazy_pool(model: &ModelDir, precision: Precision, n: usize) -> Pool<'_> {
    Pool::lazy(model.manifest.dim, move || open(model, None, precision, n))
}

/// The same for a tuned encoder: a text's numbers are the logits of the themes.
pub fn lazy_themes<'a>(
    model: &'a ModelDir,
    heads: &'a Attention,
    precision: Precision,
    n: usize,
) -> Pool<'a> {
    Pool::lazy(heads.themes, move || open(model, Some(heads), precision, n))
}

/// A pool of `n` encoders of one model, loaded now.
///
/// # Errors
/// [`Error::Load`] where the files make no model, [`Error::NoBf16`].
pub fn open_pool(model: &ModelDir, precision: Precision, n: usize) -> Result<Pool<'static>, Error> {
    open(model, None, precision, n).map(Pool::opened)
}

/// Opens `n` encoders, in parallel.
fn open(
    model: &ModelDir,
    heads: Option<&Attention>,
    precision: Precision,
    n: usize,
) -> Result<Vec<Box<dyn Encoder>>, Error> {
    let precision = precision.resolve()?;
    let tokenizer = open_tokenizer(model)?;
    check_config(model, &tokenizer)?;
    std::thread::scope(|scope| {
        let tokenizer = &tokenizer;
        let workers: Vec<_> = (0..n.max(1))
            .map(|_| scope.spawn(move || Bert::open(model, heads, tokenizer.clone(), precision)))
            .collect();
        let join = |w: std::thread::ScopedJoinHandle<'_, Result<Bert, Error>>| match w.join() {
            Ok(opened) => opened.map(|b| Box::new(b) as Box<dyn Encoder>),
            Err(_) => Err(load_error(model, "the engine panicked on this model's files")),
        };
        // All are joined before the first error counts: a panic that nobody joined would go on.
        let opened: Vec<_> = workers.into_iter().map(join).collect();
        opened.into_iter().collect()
    })
}

/// A BERT encoder with mean or first-token pooling, or with heads.
struct Bert {
    tokenizer: Tokenizer,
    network: BertModel<BertEmbeddings>,
    _weights: nn::VarStore,
    pooling: Pooling,
    heads: Option<ThemeHeads>,
    normalize: bool,
    pairs: bool,
    dim: usize,
}

impl Bert {
    fn open(
        model: &ModelDir,
        heads: Option<&Attention>,
        tokenizer: Tokenizer,
        precision: Precision,
    ) -> Result<Self, Error> {
        let config = read_config(model)?;
        tch::set_num_threads(1);
        let mut weights = nn::VarStore::new(Device::Cpu);
        let network = BertModel::<BertEmbeddings>::new(weights.root(), &config);
        weights
            .load(model.file("model.safetensors"))
            .map_err(|e| load_error(model, &e.to_string()))?;
        weights.freeze();
        if precision == Precision::Bf16 {
            weights.bfloat16();
        }
        let m = &model.manifest;
        let (pooling, pairs) = (m.pooling, m.pairs);
        let normalize = m.normalize && heads.is_none();
        let dim = heads.map_or(m.dim, |h| h.themes);
        let heads = heads.map(ThemeHeads::new).transpose();
        let heads = heads.map_err(|e| load_error(model, &e.to_string()))?;
        Ok(Self { tokenizer, network, _weights: weights, pooling, heads, normalize, pairs, dim })
    }

    /// One forward pass: texts of equal or falling length, padded to the first one's.
    fn forward(&self, texts: &[&Encoding]) -> Result<Vec<f32>, tch::TchError> {
        let batch = Batch::new(texts)?;
        let _no_grad = tch::no_grad_guard();
        let pooled = match &self.heads {
            Some(heads) => {
                let hidden = batch.hidden(&self.network, self.pairs)?;
                heads.logits(&batch, &hidden, &hidden)?
            }
            None => batch.pooled(&self.network, self.pooling, self.pairs)?,
        };
        let mut out = vec![0f32; texts.len() * self.dim];
        let total = out.len();
        pooled.f_contiguous()?.f_copy_data(&mut out, total)?;
        Ok(out)
    }
}

/// Texts as the network reads them.
pub(crate) struct Batch {
    tokens: Tensor,
    mask: Tensor,
    types: Tensor,
}

impl Batch {
    /// Texts of equal or falling length, padded to the first one's.
    fn new(texts: &[&Encoding]) -> Result<Self, tch::TchError> {
        Self::hiding(texts, usize::MAX, Device::Cpu, 0, &mut || false)
    }

    /// The same on a device, cut to `most` tokens a text, with the tokens that `hide` names behind
    /// `mask`; the special tokens at the ends stay.
    pub(crate) fn hiding(
        texts: &[&Encoding],
        most: usize,
        device: Device,
        mask_id: u32,
        hide: &mut dyn FnMut() -> bool,
    ) -> Result<Self, tch::TchError> {
        let longest = texts.iter().map(|text| text.get_ids().len().min(most)).max().unwrap_or(0);
        let shape = [texts.len() as i64, longest as i64];
        let mut tokens = vec![0i64; texts.len() * longest];
        let mut types = vec![0i64; texts.len() * longest];
        let mut mask = vec![0i8; texts.len() * longest];
        for (text, at) in texts.iter().zip((0..).step_by(longest.max(1))) {
            let special = text.get_special_tokens_mask();
            let ids = text.get_ids().iter().zip(text.get_type_ids()).take(longest);
            for (i, (&id, &kind)) in ids.enumerate() {
                let hidden = special[i] == 0 && hide();
                tokens[at + i] = i64::from(if hidden { mask_id } else { id });
                types[at + i] = i64::from(kind);
                mask[at + i] = 1;
            }
        }
        Ok(Self {
            tokens: Tensor::f_from_slice(&tokens)?.f_view(shape)?.f_to_device(device)?,
            mask: Tensor::f_from_slice(&mask)?.f_view(shape)?.f_to_device(device)?,
            types: Tensor::f_from_slice(&types)?.f_view(shape)?.f_to_device(device)?,
        })
    }

    /// Every token's vector in f32: `texts × longest × dim`.
    pub(crate) fn hidden(
        &self,
        network: &BertModel<BertEmbeddings>,
        pairs: bool,
    ) -> Result<Tensor, tch::TchError> {
        let types = pairs.then_some(&self.types);
        network
            .forward_t(Some(&self.tokens), Some(&self.mask), types, None, None, None, None, false)
            .map_err(|e| tch::TchError::Torch(e.to_string()))?
            .hidden_state
            .f_to_kind(Kind::Float)
    }

    /// The texts' vectors, not scaled, in f32: `texts × dim`.
    fn pooled(
        &self,
        network: &BertModel<BertEmbeddings>,
        pooling: Pooling,
        pairs: bool,
    ) -> Result<Tensor, tch::TchError> {
        let hidden = self.hidden(network, pairs)?;
        if pooling == Pooling::Cls {
            return hidden.f_select(1, 0);
        }
        let weight = self.mask.f_to_kind(Kind::Float)?.f_unsqueeze(-1)?;
        let sum = hidden.f_mul(&weight)?.f_sum_dim_intlist([1i64].as_slice(), false, None)?;
        let count = weight.f_sum_dim_intlist([1i64].as_slice(), false, None)?;
        sum.f_div(&count)
    }
}

/// [`Attention`] as tensors.
pub(crate) struct ThemeHeads {
    /// `dim × k`.
    pub(crate) query: Tensor,
    /// `dim × k`.
    pub(crate) dense: Tensor,
    /// `k`.
    pub(crate) bias: Tensor,
}

impl ThemeHeads {
    fn new(heads: &Attention) -> Result<Self, tch::TchError> {
        let shape = [heads.dim() as i64, heads.themes as i64];
        Ok(Self {
            query: Tensor::f_from_slice(&heads.query)?.f_view(shape)?,
            dense: Tensor::f_from_slice(&heads.dense)?.f_view(shape)?,
            bias: Tensor::f_from_slice(&heads.bias)?,
        })
    }

    /// The logits of a batch, `texts × k`. The tokens' vectors decide where a theme looks; `left`,
    /// the same or what was left of them while learning, decides what it finds there.
    pub(crate) fn logits(
        &self,
        batch: &Batch,
        hidden: &Tensor,
        left: &Tensor,
    ) -> Result<Tensor, tch::TchError> {
        let sharp = SHARPNESS / (self.query.size()[0] as f64).sqrt();
        let padding = batch.mask.f_eq(0)?.f_unsqueeze(-1)?;
        let seen = hidden.f_matmul(&self.query)?.f_mul_scalar(sharp)?;
        let seen = seen.f_masked_fill(&padding, -1e4)?.f_softmax(1, None::<Kind>)?;
        let said = left.f_matmul(&self.dense)?;
        let sum = seen.f_mul(&said)?.f_sum_dim_intlist([1i64].as_slice(), false, None)?;
        sum.f_add(&self.bias)
    }
}

/// A text, or a pair with [`PAIR`] between its two, as tokens.
pub(crate) fn tokens(
    tokenizer: &Tokenizer,
    text: &str,
    pairs: bool,
) -> Result<Encoding, tokenizers::Error> {
    match text.split_once(PAIR).filter(|_| pairs) {
        Some((first, second)) => tokenizer.encode_fast((first, second), true),
        None => tokenizer.encode_fast(text, true),
    }
}

impl Encoder for Bert {
    fn dim(&self) -> usize {
        self.dim
    }

    fn encode(&mut self, texts: &[&str]) -> Result<Vec<f32>, Error> {
        // Each thread has its own setting; the caller's thread need not be the one that opened.
        tch::set_num_threads(1);
        let engine = |why: String| Error::Engine { why: first_line(&why) };
        let mut encoded = Vec::with_capacity(texts.len());
        for text in texts {
            let e = tokens(&self.tokenizer, text, self.pairs).map_err(|e| engine(e.to_string()))?;
            encoded.push(e);
        }
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(encoded[i].get_ids().len()), i));
        let lengths: Vec<usize> = order.iter().map(|&i| encoded[i].get_ids().len()).collect();
        let mut all = vec![0f32; texts.len() * self.dim];
        for range in batch::cut(&lengths, batch::TOKEN_BUDGET) {
            let members = &order[range];
            let batch: Vec<&Encoding> = members.iter().map(|&i| &encoded[i]).collect();
            let vectors = self.forward(&batch).map_err(|e| engine(e.to_string()))?;
            for (row, &i) in vectors.chunks_exact(self.dim).zip(members) {
                let target = &mut all[i * self.dim..(i + 1) * self.dim];
                target.copy_from_slice(row);
                if self.normalize {
                    scale_to_one(target);
                }
            }
        }
        Ok(all)
    }
}

fn scale_to_one(v: &mut [f32]) {
    let norm = v.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-12);
    v.iter_mut().for_each(|x| *x /= norm);
}

/// The tokenizer with padding off (batches pad themselves) and truncation at the manifest's
/// length, whatever the file says.
pub(crate) fn open_tokenizer(model: &ModelDir) -> Result<Tokenizer, Error> {
    let fail = |e: tokenizers::Error| load_error(model, &e.to_string());
    let mut tokenizer = Tokenizer::from_file(model.file("tokenizer.json")).map_err(fail)?;
    tokenizer.with_padding(None);
    let truncation =
        TruncationParams { max_length: model.manifest.max_tokens, ..TruncationParams::default() };
    tokenizer.with_truncation(Some(truncation)).map_err(fail)?;
    Ok(tokenizer)
}

/// Reads `config.json` without rust-bert's loader, which panics on a broken file.
pub(crate) fn read_config(model: &ModelDir) -> Result<BertConfig, Error> {
    let text = crate::fsx::read_to_string(&model.file("config.json"))
        .map_err(|e| load_error(model, &e.to_string()))?;
    let config: BertConfig =
        serde_json::from_str(&text).map_err(|e| load_error(model, &e.to_string()))?;
    Ok(config)
}

/// Finds what would make the engine panic, here or at the first long or odd text.
pub(crate) fn check_config(model: &ModelDir, tokenizer: &Tokenizer) -> Result<(), Error> {
    let config = read_config(model)?;
    let (width, heads) = (config.hidden_size, config.num_attention_heads);
    let (dim, tokens) = (model.manifest.dim, model.manifest.max_tokens);
    let words = tokenizer.get_vocab_size(true);
    let why = if width != dim as i64 {
        format!("config.json says {width} numbers a vector, the manifest {dim}")
    } else if heads < 1 || width % heads != 0 {
        format!("config.json says {heads} attention heads for {width} numbers a vector")
    } else if config.max_position_embeddings < tokens as i64 {
        let positions = config.max_position_embeddings;
        format!("config.json says {positions} tokens a text, the manifest {tokens}")
    } else if config.vocab_size < words as i64 {
        format!("config.json says {} words, the tokenizer {words}", config.vocab_size)
    } else {
        return Ok(());
    };
    Err(load_error(model, &why))
}

pub(crate) fn load_error(model: &ModelDir, why: &str) -> Error {
    Error::Load { model: model.manifest.name.clone(), why: first_line(why) }
}

pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
