//! The engine adapter against vectors that other programs made (tests/data says how), and its
//! independence from what else is in the batch.
//!
//! all-MiniLM-L6-v2 must be in the cache: `make setup` puts it there.

use std::path::Path;

use canvass::encode::{Precision, bert, encode_all};
use canvass::model::{self, ModelDir};
use serde_json::Value;

use super::harness::ROOT;

fn reference() -> Value {
    serde_json::from_str(include_str!("../data/minilm_reference.json")).unwrap()
}

fn texts() -> Vec<String> {
    let texts = reference()["texts"].as_array().unwrap().clone();
    texts.iter().map(|t| t["text"].as_str().unwrap().to_owned()).collect()
}

/// The model from the cache.
pub fn minilm() -> ModelDir {
    let model = model::find(model::DEFAULT, Path::new("")).unwrap();
    if let Err(e) = model.verify() {
        panic!("the model is not in the cache, run `make setup` first: {e}");
    }
    model
}

fn tiny() -> ModelDir {
    let model = model::find("models/tiny", Path::new(ROOT)).unwrap();
    model.verify().unwrap();
    model
}

/// One row a text.
fn encode(model: &ModelDir, precision: Precision, texts: &[String]) -> Vec<Vec<f32>> {
    let mut pool = bert::open_pool(model, precision, 1).unwrap();
    let all = encode_all(texts, &mut pool).unwrap();
    all.chunks_exact(model.manifest.dim).map(<[f32]>::to_vec).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}

/// The first numbers of each vector agree with the reference.
#[track_caller]
fn first_numbers_agree(rows: &[Vec<f32>], expected: &Value) {
    let expected = expected.as_array().unwrap();
    assert_eq!(rows.len(), expected.len());
    for (i, (row, entry)) in rows.iter().zip(expected).enumerate() {
        assert!((dot(row, row).sqrt() - 1.0).abs() < 1e-4, "text {i} is not of length 1");
        for (x, wanted) in row.iter().zip(entry["first"].as_array().unwrap()) {
            let wanted = wanted.as_f64().unwrap();
            assert!((f64::from(*x) - wanted).abs() < 1e-4, "text {i}: {x} / {wanted}");
        }
    }
}

/// Each text alone has the vector that it has among all others.
#[track_caller]
fn batches_change_nothing(model: &ModelDir, within: f32) {
    let mut texts = texts();
    texts.extend((0..60).map(|i| format!("Answer {i} is about {}", "the park and ".repeat(i % 7))));
    let together = encode(model, Precision::F32, &texts);
    let mut pool = bert::open_pool(model, Precision::F32, 1).unwrap();
    for (text, row) in texts.iter().zip(&together) {
        let alone = encode_all(std::slice::from_ref(text), &mut pool).unwrap();
        let worst = alone.iter().zip(row).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(
            worst < within,
            "`{}…` moved by {worst}",
            text.chars().take(20).collect::<String>()
        );
    }
}

#[test]
fn minilm_agrees_with_sentence_transformers() {
    let reference = reference();
    let rows = encode(&minilm(), Precision::F32, &texts());
    first_numbers_agree(&rows, &reference["texts"]);
    for (i, a) in rows.iter().enumerate() {
        for (j, b) in rows.iter().enumerate() {
            let wanted = reference["cosines"][i][j].as_f64().unwrap();
            assert!((dot(a, b) - wanted).abs() < 1e-4, "texts {i} and {j}");
        }
    }
}

#[test]
fn the_tiny_model_agrees_with_transformers() {
    first_numbers_agree(&encode(&tiny(), Precision::F32, &texts()), &reference()["tiny"]);
}

#[test]
fn a_text_alone_has_the_vector_that_it_has_in_a_batch() {
    batches_change_nothing(&tiny(), 1e-5);
    batches_change_nothing(&minilm(), 1e-5);
}

#[test]
fn the_same_texts_give_the_same_bits_twice_and_in_every_pool() {
    let texts = texts();
    for precision in [Precision::F32, Precision::Auto] {
        let mut pool = bert::open_pool(&minilm(), precision, 2).unwrap();
        let bits = |all: Vec<f32>| all.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        let first = bits(encode_all(&texts, &mut pool).unwrap());
        assert_eq!(first, bits(encode_all(&texts, &mut pool).unwrap()));
        let mut other = bert::open_pool(&minilm(), precision, 1).unwrap();
        assert_eq!(first, bits(encode_all(&texts, &mut other).unwrap()));
    }
}

#[test]
fn bf16_stays_near_f32_where_the_processor_has_it() {
    if Precision::Bf16.resolve().is_err() {
        println!("skipped: this processor has no bf16");
        return;
    }
    let texts = texts();
    let exact = encode(&minilm(), Precision::F32, &texts);
    let rounded = encode(&minilm(), Precision::Bf16, &texts);
    for (i, (a, b)) in exact.iter().zip(&rounded).enumerate() {
        let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
        assert!(cosine > 0.99, "text {i}: {cosine}");
    }
}
