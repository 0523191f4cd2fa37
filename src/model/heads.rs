//! What a trained model has learned, as plain numbers, and the file that holds them.
//!
//! In: numbers from training, or the bytes of `heads.safetensors`. Out: [`Heads`] with every
//! length checked, or one line on what is wrong. All numbers are f32, little-endian, row-major.
//! Must not know: texts, themes' names, how the numbers were found.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// Linear heads on the vectors of one encoder, and beside them on words and on what was asked.
///
/// The score of theme `k` on an answer is `bias[k] + Σ dense[d][k]·x[d] + Σ lexical[b][k]·t[b] +
/// context[c][k]`, a logit before calibration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heads {
    /// Number of themes `k`.
    pub themes: usize,
    /// Taken from the vector before it is scaled to length 1; empty: the vector is used as it is.
    pub centre: Vec<f32>,
    /// `dim × k`.
    pub dense: Vec<f32>,
    /// `k`.
    pub bias: Vec<f32>,
    /// The buckets of words that count, ascending.
    pub buckets: Vec<u32>,
    /// The weight of each bucket in a text, by its rarity in the training answers.
    pub idf: Vec<f32>,
    /// `buckets × k`.
    pub lexical: Vec<f32>,
    /// `contexts × k`: one row for each question of the training answers.
    pub context: Vec<f32>,
}

impl Heads {
    /// Width of the vectors.
    pub fn dim(&self) -> usize {
        self.dense.len() / self.themes.max(1)
    }

    /// Adds the numbers to a file's tensors, each name behind `prefix`.
    fn put(&self, prefix: &str, tensors: &mut Tensors) {
        let mut add = |name: &str, numbers: &[f32], shape: Vec<usize>| {
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            tensors.insert(format!("{prefix}.{name}"), (Dtype::F32, shape, bytes));
        };
        let k = self.themes.max(1);
        add("centre", &self.centre, vec![self.centre.len()]);
        add("dense", &self.dense, vec![self.dense.len() / k, k]);
        add("bias", &self.bias, vec![self.bias.len()]);
        add("idf", &self.idf, vec![self.idf.len()]);
        add("lexical", &self.lexical, vec![self.lexical.len() / k, k]);
        add("context", &self.context, vec![self.context.len() / k, k]);
        let buckets = self.buckets.iter().flat_map(|x| x.to_le_bytes()).collect();
        let shape = vec![self.buckets.len()];
        tensors.insert(format!("{prefix}.buckets"), (Dtype::U32, shape, buckets));
    }

    /// Reads the numbers whose names begin with `prefix`.
    fn take(file: &SafeTensors<'_>, prefix: &str, themes: usize) -> Result<Self, String> {
        let floats = |name: &str| floats(file, prefix, name);
        let buckets = words(file, prefix, "buckets", Dtype::U32)?
            .into_iter()
            .map(u32::from_le_bytes)
            .collect();
        let heads = Self {
            themes,
            centre: floats("centre")?,
            dense: floats("dense")?,
            bias: floats("bias")?,
            buckets,
            idf: floats("idf")?,
            lexical: floats("lexical")?,
            context: floats("context")?,
        };
        heads.check(prefix).map(|()| heads)
    }

    /// Whether the lengths fit each other.
    fn check(&self, prefix: &str) -> Result<(), String> {
        let k = self.themes;
        let fits = k > 0
            && self.bias.len() == k
            && !self.dense.is_empty()
            && self.dense.len().is_multiple_of(k)
            && [0, self.dim()].contains(&self.centre.len())
            && self.idf.len() == self.buckets.len()
            && self.lexical.len() == self.buckets.len() * k
            && self.context.len().is_multiple_of(k)
            && self.buckets.windows(2).all(|w| w[0] < w[1]);
        if fits { Ok(()) } else { Err(unfit(prefix)) }
    }
}

/// Heads on a tuned encoder, each with an eye of its own: label-wise attention (Mullenbach et al.
/// 2018).
///
/// Theme `k` looks at token `t` of an answer with weight `a[t]`, the softmax over the tokens of
/// `SHARPNESS / √dim · Σ query[d][k]·h[t][d]`; its score is `bias[k] + Σ a[t]·Σ dense[d][k]·h[t][d]`,
/// a logit before calibration. A query of zeros is the mean over the tokens.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attention {
    /// Number of themes `k`.
    pub themes: usize,
    /// `dim × k`.
    pub query: Vec<f32>,
    /// `dim × k`.
    pub dense: Vec<f32>,
    /// `k`.
    pub bias: Vec<f32>,
}

/// What a query's agreement with a token is multiplied by, beside `1 / √dim`.
pub const SHARPNESS: f64 = 4.0;

impl Attention {
    /// Width of a token's vector.
    pub fn dim(&self) -> usize {
        self.dense.len() / self.themes.max(1)
    }

    /// Adds the numbers to a file's tensors.
    fn put(&self, tensors: &mut Tensors) {
        let k = self.themes.max(1);
        let parts = [("query", &self.query), ("dense", &self.dense), ("bias", &self.bias)];
        for (name, numbers) in parts {
            let shape = if name == "bias" { vec![k] } else { vec![numbers.len() / k, k] };
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            tensors.insert(format!("{TUNED}.{name}"), (Dtype::F32, shape, bytes));
        }
    }

    /// Reads the numbers, where there are any.
    fn take(file: &SafeTensors<'_>, themes: usize) -> Result<Option<Self>, String> {
        if !file.names().iter().any(|n| n.starts_with(TUNED)) {
            return Ok(None);
        }
        let part = |name: &str| floats(file, TUNED, name);
        let heads =
            Self { themes, query: part("query")?, dense: part("dense")?, bias: part("bias")? };
        let fits = themes > 0
            && heads.bias.len() == themes
            && !heads.dense.is_empty()
            && heads.dense.len().is_multiple_of(themes)
            && heads.query.len() == heads.dense.len();
        if fits { Ok(Some(heads)) } else { Err(unfit(TUNED)) }
    }
}

/// What the names of the heads on the base encoder begin with.
const BASE: &str = "base";

/// What the names of the heads on the tuned encoder begin with.
const TUNED: &str = "tuned";

/// The four-byte words of a tensor.
fn words(
    file: &SafeTensors<'_>,
    prefix: &str,
    name: &str,
    dtype: Dtype,
) -> Result<Vec<[u8; 4]>, String> {
    let name = format!("{prefix}.{name}");
    let tensor = file.tensor(&name).map_err(|_| format!("it lacks `{name}`"))?;
    if tensor.dtype() != dtype {
        return Err(format!("`{name}` holds another kind of number"));
    }
    Ok(tensor.data().as_chunks::<4>().0.to_vec())
}

/// The numbers of a tensor.
fn floats(file: &SafeTensors<'_>, prefix: &str, name: &str) -> Result<Vec<f32>, String> {
    let numbers: Vec<f32> =
        words(file, prefix, name, Dtype::F32)?.into_iter().map(f32::from_le_bytes).collect();
    match numbers.iter().all(|x| x.is_finite()) {
        true => Ok(numbers),
        false => Err(format!("`{prefix}.{name}` holds what is no number")),
    }
}

fn unfit(prefix: &str) -> String {
    format!("the numbers of `{prefix}` do not fit together")
}

/// Name, kind, shape and bytes of every tensor, in the order of the file.
type Tensors = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

/// The bytes of `heads.safetensors`: heads on the base encoder, heads on the tuned one.
///
/// # Errors
/// One line in words, which sound heads rule out.
pub fn write(base: &Heads, tuned: Option<&Attention>) -> Result<Vec<u8>, String> {
    let mut tensors = Tensors::new();
    base.put(BASE, &mut tensors);
    if let Some(heads) = tuned {
        heads.put(&mut tensors);
    }
    let mut views = Vec::new();
    for (name, (dtype, shape, bytes)) in &tensors {
        let view = TensorView::new(*dtype, shape.clone(), bytes).map_err(|e| e.to_string())?;
        views.push((name.clone(), view));
    }
    safetensors::serialize(views, &None).map_err(|e| e.to_string())
}

/// Reads what [`fn@write`] wrote, for a model of `themes` themes.
///
/// # Errors
/// One line in words: what is missing or does not fit.
pub fn read(bytes: &[u8], themes: usize) -> Result<(Heads, Option<Attention>), String> {
    let file = SafeTensors::deserialize(bytes).map_err(|_| "it is no safetensors file")?;
    Ok((Heads::take(&file, BASE, themes)?, Attention::take(&file, themes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads() -> Heads {
        Heads {
            themes: 2,
            centre: vec![0.5, -0.5, 0.25],
            dense: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            bias: vec![-1.0, -2.0],
            buckets: vec![3, 70_000],
            idf: vec![1.5, 2.5],
            lexical: vec![0.1, 0.2, 0.3, 0.4],
            context: vec![0.0, 1.0],
        }
    }

    fn attention() -> Attention {
        let numbers = vec![0.5, 1.0, 1.5, 2.0];
        Attention { themes: 2, query: numbers.clone(), dense: numbers, bias: vec![-1.0, 0.0] }
    }

    #[test]
    fn what_was_written_is_read_and_equal_heads_give_equal_bytes() {
        let bytes = write(&heads(), None).unwrap();
        assert_eq!(read(&bytes, 2).unwrap(), (heads(), None));
        assert_eq!(bytes, write(&heads(), None).unwrap());
        let both = write(&heads(), Some(&attention())).unwrap();
        assert_eq!(read(&both, 2).unwrap(), (heads(), Some(attention())));
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let bytes = write(&heads(), None).unwrap();
        assert!(read(&bytes, 3).unwrap_err().contains("do not fit"));
        assert!(read(&bytes[..40], 2).is_err());
        let nan = Heads { bias: vec![f32::NAN, 0.0], ..heads() };
        let bytes = write(&nan, None).unwrap();
        assert!(read(&bytes, 2).unwrap_err().contains("no number"));
        let short = Attention { query: vec![0.0; 2], ..attention() };
        let bytes = write(&heads(), Some(&short)).unwrap();
        assert!(read(&bytes, 2).unwrap_err().contains("`tuned` do not fit"));
    }
}
