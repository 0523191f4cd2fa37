//! Models that are missing, changed or no models: an error with a remedy, never a panic, and
//! nothing written.

use std::path::Path;

use canvass::fsx::sha256;

use super::harness::{PATROL, ROOT, Study};

/// A study whose model is a copy of the tiny one in its own folder, with one file changed.
fn with_model(file: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Study {
    let mut study = Study::of_answers([PATROL]).model("model");
    for name in ["model.toml", "config.json", "tokenizer.json", "model.safetensors"] {
        let bytes = std::fs::read(Path::new(ROOT).join("models/tiny").join(name)).unwrap();
        let bytes = if name == file { change(bytes) } else { bytes };
        study = study.file(&format!("model/{name}"), bytes);
    }
    study
}

/// The same with the manifest's hash made right again, so that the engine sees the change.
fn repinned(file: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Study {
    let original = std::fs::read(Path::new(ROOT).join("models/tiny").join(file)).unwrap();
    let study = with_model(file, change);
    let changed = std::fs::read(study.path(&format!("model/{file}"))).unwrap();
    let manifest = std::fs::read_to_string(study.path("model/model.toml")).unwrap();
    assert!(manifest.contains(&sha256(&original)));
    let manifest = manifest.replace(&sha256(&original), &sha256(&changed));
    study.file("model/model.toml", manifest)
}

#[track_caller]
fn cannot_be_loaded(study: &Study, why: &str) {
    let run = study.run(&[]);
    let lines: Vec<&str> = run.stderr.lines().collect();
    let [error, hint] = lines.as_slice() else { panic!("{}", run.stderr) };
    assert!(error.starts_with("error: model `tiny` cannot be loaded: "), "{error}");
    assert!(error.contains(why), "{error}");
    assert_eq!(*hint, "hint: run `canvass models verify`; `make setup` repairs the files");
    assert!(!run.stderr.contains("panicked at"), "{}", run.stderr);
    assert_eq!(run.code, 2);
    assert!(run.outputs.is_empty(), "{:?}", run.outputs.keys());
}

#[test]
fn a_copy_of_the_tiny_model_runs() {
    assert_eq!(with_model("", |b| b).done().states()["coded"], 1);
}

#[test]
fn an_unknown_model_names_the_nearest() {
    Study::of_answers([PATROL])
        .model("all-MiniLM-L6")
        .refused(2, "error: no model `all-MiniLM-L6`\nhint: did you mean `all-MiniLM-L6-v2`?");
}

#[test]
fn an_unknown_model_far_from_all_lists_them() {
    Study::of_answers([PATROL])
        .model("models/mine")
        .refused(2, "error: no model `models/mine`\nhint: built in: all-MiniLM-L6-v2");
}

#[test]
fn a_missing_file_of_a_model_is_named() {
    let study = with_model("", |b| b);
    std::fs::remove_file(study.path("model/tokenizer.json")).unwrap();
    study.refused(
        2,
        "error: <study>/model/tokenizer.json: model `tiny` is not complete, this file is missing\nhint: run `make setup` in the checkout to fetch and verify the models",
    );
}

#[test]
fn one_flipped_byte_is_found() {
    let flip = |mut bytes: Vec<u8>| {
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        bytes
    };
    let study = with_model("model.safetensors", flip);
    let found = sha256(&std::fs::read(study.path("model/model.safetensors")).unwrap());
    study.refused(
        2,
        &format!(
            "error: <study>/model/model.safetensors: wrong checksum, sha256 {found} where the manifest of `tiny` says 728322ffb8d8413aa1717cacaf32f16fe733e688941685a43f595e5964400a1a\nhint: delete <study>/model/model.safetensors and run `make setup`; do not use a file that you cannot account for"
        ),
    );
}

#[test]
fn a_manifest_that_does_not_parse_is_named() {
    let drop_dim = |b: Vec<u8>| String::from_utf8(b).unwrap().replace("dim = 32\n", "").into();
    with_model("model.toml", drop_dim).refused(
        2,
        "error: <study>/model/model.toml: missing field `dim`\nhint: models/README.md describes a manifest",
    );
}

#[test]
fn a_broken_config_is_an_error_and_no_panic() {
    cannot_be_loaded(&repinned("config.json", |_| b"{ not json".to_vec()), "key must be a string");
    cannot_be_loaded(&repinned("config.json", |_| b"{}".to_vec()), "missing field");
}

#[test]
fn a_config_of_another_width_is_an_error_and_no_panic() {
    let wider = |b: Vec<u8>| String::from_utf8(b).unwrap().replace("32", "48").into();
    cannot_be_loaded(&repinned("config.json", wider), "48");
}

#[test]
fn heads_that_do_not_divide_the_width_are_an_error_and_no_panic() {
    let heads = |b: Vec<u8>| {
        let text = String::from_utf8(b).unwrap();
        text.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 5").into()
    };
    cannot_be_loaded(&repinned("config.json", heads), "5 attention heads for 32 numbers");
}

#[test]
fn more_tokens_than_the_model_has_places_for_are_an_error_and_no_panic() {
    let longer = |b: Vec<u8>| {
        String::from_utf8(b).unwrap().replace("max_tokens = 128", "max_tokens = 256").into()
    };
    cannot_be_loaded(&with_model("model.toml", longer), "128 tokens a text, the manifest 256");
}

#[test]
fn a_tokenizer_with_more_words_than_the_model_is_an_error_and_no_panic() {
    let smaller = |b: Vec<u8>| String::from_utf8(b).unwrap().replace("1295", "1000").into();
    cannot_be_loaded(&repinned("config.json", smaller), "1000 words, the tokenizer 1295");
}

#[test]
fn broken_weights_are_an_error_and_no_panic() {
    cannot_be_loaded(&repinned("model.safetensors", |b| b[..b.len() / 2].to_vec()), "");
    cannot_be_loaded(&repinned("model.safetensors", |_| b"garbage".to_vec()), "");
}

#[test]
fn a_broken_tokenizer_is_an_error_and_no_panic() {
    cannot_be_loaded(&repinned("tokenizer.json", |_| b"[]".to_vec()), "");
}
