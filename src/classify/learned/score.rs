//! From a vector and a bag of words to the logit of every theme, and on to a probability.
//!
//! In: [`Heads`] and what an encoder and the lexicon say of one answer. Out: one logit a theme,
//! added up in a fixed order. Must not know: responses, encoders, files.

use super::lexical::Bag;
use crate::model::{Heads, ThemeRecord};

/// What an answer is to a head beside its vector.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Its words.
    pub bag: &'a Bag,
    /// Which of the questions known from training was asked, if one of them was.
    pub asked: Option<usize>,
}

/// The logits of one answer, one a theme.
pub fn logits(heads: &Heads, vector: &[f32], words: Words<'_>) -> Vec<f32> {
    let k = heads.themes;
    let mut z = heads.bias.clone();
    for (x, row) in centred(vector, &heads.centre).iter().zip(heads.dense.chunks_exact(k)) {
        add(&mut z, row, *x);
    }
    for (place, x) in weighted(&heads.buckets, &heads.idf, words.bag) {
        add(&mut z, &heads.lexical[place * k..(place + 1) * k], x);
    }
    if let Some(row) = words.asked.and_then(|c| heads.context.get(c * k..(c + 1) * k)) {
        add(&mut z, row, 1.0);
    }
    z
}

fn add(z: &mut [f32], row: &[f32], x: f32) {
    z.iter_mut().zip(row).for_each(|(z, w)| *z += w * x);
}

/// The vector from the training answers' mean, scaled to length 1; as it is where there is no
/// mean.
pub fn centred(vector: &[f32], centre: &[f32]) -> Vec<f32> {
    if centre.is_empty() {
        return vector.to_vec();
    }
    let mut shifted: Vec<f32> = vector.iter().zip(centre).map(|(x, c)| x - c).collect();
    scale_to_one(shifted.iter_mut());
    shifted
}

/// The known buckets of a bag by their place in `buckets`, weighted by rarity, scaled to length 1
/// together (TF-IDF with cosine normalisation; Salton and Buckley 1988).
pub fn weighted(buckets: &[u32], idf: &[f32], bag: &Bag) -> Vec<(usize, f32)> {
    let known = bag.iter().filter_map(|&(bucket, tf)| {
        let place = buckets.binary_search(&bucket).ok()?;
        Some((place, tf * idf[place]))
    });
    let mut known: Vec<(usize, f32)> = known.collect();
    scale_to_one(known.iter_mut().map(|(_, x)| x));
    known
}

fn scale_to_one<'a>(numbers: impl Iterator<Item = &'a mut f32>) {
    let numbers: Vec<&mut f32> = numbers.collect();
    let norm = numbers.iter().map(|x| **x * **x).sum::<f32>().sqrt();
    if norm > 1e-6 {
        numbers.into_iter().for_each(|x| *x /= norm);
    }
}

/// The calibrated probability of a theme whose logit is `z`, to four decimals (Platt 1999).
pub fn probability(theme: &ThemeRecord, z: f32) -> f32 {
    calibrated(theme.slope, theme.offset, z)
}

/// The same from a slope and an offset.
pub fn calibrated(slope: f64, offset: f64, z: f32) -> f32 {
    let p = sigmoid(slope * f64::from(z) + offset);
    ((p * 1e4).round() / 1e4) as f32
}

/// Mixes the tuned encoder's logits into those of the heads on the base encoder, whose part is
/// `base_part`.
pub fn mix(base: &mut [f32], tuned: &[f32], base_part: f64) {
    if base_part >= 1.0 {
        return;
    }
    let part = base_part as f32;
    base.iter_mut().zip(tuned).for_each(|(a, b)| *a = part * *a + (1.0 - part) * b);
}

/// `1 / (1 + e^-z)`.
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logit_is_the_sum_of_its_parts() {
        let heads = Heads {
            themes: 2,
            centre: vec![1.0, 0.0],
            dense: vec![1.0, -1.0, 10.0, 0.0],
            bias: vec![0.5, 0.0],
            buckets: vec![4, 9],
            idf: vec![1.0, 2.0],
            lexical: vec![5.0, 0.0, 0.0, 5.0],
            context: vec![0.25, 0.0],
        };
        let bag = vec![(4, 1.0), (7, 3.0)];
        // the vector (1, 2) is (0, 2) from the centre, (0, 1) at length 1; bucket 7 is unknown,
        // so bucket 4 alone has length 1
        let z = logits(&heads, &[1.0, 2.0], Words { bag: &bag, asked: Some(0) });
        assert_eq!(z, [0.5 + 10.0 + 5.0 + 0.25, 0.0]);
        let other = logits(&heads, &[1.0, 2.0], Words { bag: &Bag::new(), asked: Some(7) });
        assert_eq!(other, [10.5, 0.0]);
    }

    #[test]
    fn a_mixed_score_lies_between_both() {
        let mut z = [1.0, -2.0];
        mix(&mut z, &[3.0, 2.0], 0.25);
        assert_eq!(z, [2.5, 1.0]);
    }

    #[test]
    fn known_words_have_length_one_together() {
        let w = weighted(&[1, 2], &[3.0, 4.0], &vec![(1, 1.0), (2, 1.0), (3, 9.0)]);
        assert!((w[0].1 - 0.6).abs() < 1e-6 && (w[1].1 - 0.8).abs() < 1e-6, "{w:?}");
    }
}
