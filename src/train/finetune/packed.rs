//! Weights and gradients on their way between the owner of the weights and the replicas.
//!
//! In: f32 weights, tensors of gradients. Out: the encoder's numbers in the format that it computes
//! in, the heads' in f32, and the sum of gradients in f32. What is computed in bf16 travels in bf16:
//! the gradients are that coarse already, and half the bytes move. Everything is elementwise, so the
//! number of threads changes nothing. Must not know: what the numbers mean, batches.

use half::bf16;
use rayon::prelude::*;
use tch::{Device, Kind, TchError, Tensor};

use super::adam::PART;
use crate::encode::Precision;

/// Numbers of the encoder.
#[derive(Debug, Clone)]
enum Encoder {
    Full(Vec<f32>),
    /// The bits of bf16 numbers: the engine's wrapper takes `half::bf16` for the other half format.
    Half(Vec<i16>),
}

/// Everything that learns: first the encoder, then the heads.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    encoder: Encoder,
    heads: Vec<f32>,
}

/// How many numbers there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    /// Of the encoder.
    pub(super) encoder: usize,
    /// Of the heads.
    pub(super) heads: usize,
}

impl Packed {
    /// Zeros.
    pub(super) fn new(precision: Precision, lengths: Lengths) -> Self {
        let encoder = match precision {
            Precision::Bf16 => Encoder::Half(vec![0; lengths.encoder]),
            Precision::Auto | Precision::F32 => Encoder::Full(vec![0.0; lengths.encoder]),
        };
        Self { encoder, heads: vec![0.0; lengths.heads] }
    }

    /// Becomes a copy of the f32 weights.
    pub(super) fn store(&mut self, weights: &[f32]) {
        let (encoder, heads) = weights.split_at(weights.len() - self.heads.len());
        match &mut self.encoder {
            Encoder::Full(to) => to.copy_from_slice(encoder),
            Encoder::Half(to) => to
                .par_chunks_mut(PART)
                .zip(encoder.par_chunks(PART))
                .for_each(|(to, from)| to.iter_mut().zip(from).for_each(|(t, f)| *t = bits(*f))),
        }
        self.heads.copy_from_slice(heads);
    }

    /// Writes the numbers of the tensors, as they stand in the replica, into this.
    ///
    /// # Errors
    /// A tensor is of another format or length.
    pub(super) fn take(&mut self, encoder: &[Tensor], heads: &[Tensor]) -> Result<(), TchError> {
        let mut at = 0;
        for tensor in encoder {
            let plain = tensor.f_to_device(Device::Cpu)?.f_contiguous()?;
            let n = plain.numel();
            match &mut self.encoder {
                Encoder::Full(to) => plain.f_copy_data(&mut to[at..at + n], n)?,
                Encoder::Half(to) => {
                    plain.f_view_dtype(Kind::Int16)?.f_copy_data(&mut to[at..at + n], n)?;
                }
            }
            at += n;
        }
        at = 0;
        for tensor in heads {
            let plain = tensor.f_to_device(Device::Cpu)?.f_contiguous()?;
            let n = plain.numel();
            plain.f_copy_data(&mut self.heads[at..at + n], n)?;
            at += n;
        }
        Ok(())
    }

    /// Puts the numbers in the place of the tensors' own.
    ///
    /// # Errors
    /// The engine refuses.
    pub(super) fn give(&self, encoder: &[Tensor], heads: &[Tensor]) -> Result<(), TchError> {
        let put = |tensor: &Tensor, source: Result<Tensor, TchError>| -> Result<(), TchError> {
            let source = source?.f_view(tensor.size().as_slice())?.f_to_device(tensor.device())?;
            // A shallow clone is the same tensor: new numbers of one are new numbers of both.
            tensor.shallow_clone().f_set_data(&source)
        };
        let mut at = 0;
        for tensor in encoder {
            let n = tensor.numel();
            let source = match &self.encoder {
                Encoder::Full(from) => Tensor::f_from_slice(&from[at..at + n]),
                Encoder::Half(from) => Tensor::f_from_slice(&from[at..at + n])
                    .and_then(|bits| bits.f_view_dtype(Kind::BFloat16)),
            };
            put(tensor, source)?;
            at += n;
        }
        at = 0;
        for tensor in heads {
            let n = tensor.numel();
            put(tensor, Tensor::f_from_slice(&self.heads[at..at + n]))?;
            at += n;
        }
        Ok(())
    }

    /// Adds its numbers to a sum, or begins one.
    fn add_to(&self, total: &mut [f32], begins: bool) {
        let at = total.len() - self.heads.len();
        let (encoder, heads) = total.split_at_mut(at);
        let chunks = encoder.par_chunks_mut(PART);
        let add = |t: &mut f32, g: f32| if begins { *t = g } else { *t += g };
        match &self.encoder {
            Encoder::Full(from) => chunks
                .zip(from.par_chunks(PART))
                .for_each(|(t, f)| t.iter_mut().zip(f).for_each(|(t, f)| add(t, *f))),
            Encoder::Half(from) => chunks
                .zip(from.par_chunks(PART))
                .for_each(|(t, f)| t.iter_mut().zip(f).for_each(|(t, f)| add(t, number(*f)))),
        }
        heads.iter_mut().zip(&self.heads).for_each(|(t, f)| add(t, *f));
    }
}

/// A number's bits in bf16.
fn bits(number: f32) -> i16 {
    bf16::from_f32(number).to_bits().cast_signed()
}

/// The number of some bits.
fn number(bits: i16) -> f32 {
    bf16::from_bits(bits.cast_unsigned()).to_f32()
}

/// The sum of the parts' gradients in their order.
pub(super) fn sum(parts: &[Packed], total: &mut [f32]) {
    for (i, part) in parts.iter().enumerate() {
        part.add_to(total, i == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_come_back_as_they_went_and_gradients_add_up() {
        let lengths = Lengths { encoder: 6, heads: 2 };
        let weights = [1.0f32, -2.5, 0.1, 3.0, 0.0, 7.25, 0.1, -0.2];
        for (precision, off) in [(Precision::F32, 0.0), (Precision::Bf16, 1e-3)] {
            let kind = if off == 0.0 { tch::Kind::Float } else { tch::Kind::BFloat16 };
            let zeros = |shape: &[i64], kind| Tensor::zeros(shape, (kind, Device::Cpu));
            let encoder = [zeros(&[2, 2], kind), zeros(&[2], kind)];
            let heads = [zeros(&[2], tch::Kind::Float)];
            let mut packed = Packed::new(precision, lengths);
            packed.store(&weights);
            packed.give(&encoder, &heads).unwrap();
            let mut back = Packed::new(precision, lengths);
            back.take(&encoder, &heads).unwrap();
            let mut total = [f32::NAN; 8];
            sum(&[back.clone(), back], &mut total);
            for (t, w) in total.iter().zip(&weights) {
                assert!((t - 2.0 * w).abs() <= off, "{precision:?} {total:?}");
            }
        }
    }
}
