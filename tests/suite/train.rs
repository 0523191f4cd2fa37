//! `canvass train`, `canvass classify` and `[model]` in a study, on the tiny model.

use std::collections::BTreeMap;
use std::path::Path;

use super::harness::{ROOT, Run, Study, canvass, files, records};

const TINY: &str = "models/tiny";

/// Coded answers about three of the four themes: `presence` has two, too few to learn.
fn coded() -> String {
    let mut table = "id,question,text,codes\n".to_owned();
    for i in 0..40 {
        let (place, asked) =
            (["park", "station", "school", "market"][i % 4], ["Good?", "Bad?"][i % 2]);
        let n = i + 1;
        table += &format!("l{n},{asked},The lamps at the {place} number {n} are broken.,lights\n");
        table +=
            &format!("p{n},{asked},Please walk around the {place} more than {n} times.,patrol\n");
        table +=
            &format!("b{n},{asked},Nobody listens at the {place} when {n} people talk.,listen\n");
        table += &format!("n{n},{asked},My cat sleeps on the sofa for {n} hours.,\n");
    }
    table += "x1,Good?,Being seen matters.,presence\nx2,Bad?,We want to see you.,presence;patrol\n";
    table
}

/// A study with the coded table beside it.
fn study() -> Study {
    let answers = [
        "The lamps near us are broken.",
        "Please walk around the block.",
        "My cat sleeps on the sofa all day.",
        "It was a quiet week. The lamps at the school are broken. We had tea.",
        "Nobody listens at the market when I talk. Please walk around the park.",
    ];
    Study::of_answers(answers).file("coded.csv", coded())
}

fn train(study: &Study, out: &str, more: &[&str]) -> Run {
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (coded, codebook, out) = (path("coded.csv"), path("codebook.toml"), path(out));
    let encoder = format!("{ROOT}/{TINY}");
    let fixed = ["train", &coded, "--codebook", &codebook, "--out", &out, "--encoder", &encoder];
    canvass(&[&fixed, more].concat())
}

fn trained(study: &Study, out: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let run = train(study, out, more);
    assert_eq!(run.code, 0, "{}", run.stderr);
    files(&study.path(out))
}

/// The study again, with a trained model in it and without the harness's threshold.
fn with_model(study: &Study) -> String {
    let text = study.text().replace("threshold = 0.05\n", "");
    format!("{text}\n[model]\npath = \"model\"\n")
}

#[test]
fn the_same_seed_gives_the_same_bytes_whatever_the_number_of_threads() {
    for method in ["head", "finetune"] {
        let study = study();
        let more = ["--method", method, "--context", "question", "--seed", "7", "--threads"];
        let one = trained(&study, "a", &[&more[..], &["1"]].concat());
        let two = trained(&study, "b", &[&more[..], &["2"]].concat());
        assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
        for (name, bytes) in &one {
            assert!(*bytes == two[name], "{method}: {name} differs");
        }
        assert_eq!(one.contains_key("model.safetensors"), method == "finetune");
    }
}

#[test]
fn another_seed_tunes_another_model() {
    let study = study();
    let one = trained(&study, "a", &["--method", "finetune", "--seed", "1"]);
    let two = trained(&study, "b", &["--method", "finetune", "--seed", "2"]);
    assert_ne!(one["model.safetensors"], two["model.safetensors"]);
}

#[test]
fn a_model_says_what_it_learned_and_holds_no_answer() {
    let study = study();
    let model = trained(&study, "model", &["--method", "finetune"]);
    let card = String::from_utf8(model["MODEL_CARD.md"].clone()).unwrap();
    assert!(card.contains("| Street lights | 40 |"), "{card}");
    assert!(card.contains("| Presence | 2 | not learned"), "{card}");
    for (name, bytes) in &model {
        let text = String::from_utf8_lossy(bytes);
        for words in ["lamps at the", "sleeps on", "Nobody listens at"] {
            assert!(!text.contains(words), "{name} holds an answer");
        }
        assert!(!text.contains(study.path("").to_str().unwrap()), "{name} holds a path");
    }
}

#[test]
fn a_study_is_coded_by_the_model_and_its_evidence_is_the_telling_sentence() {
    for method in ["head", "finetune"] {
        let study = study();
        let model = trained(&study, "model", &["--method", method]);
        let text = with_model(&study);
        let study = study.toml(&text);
        let run = study.done();
        let codings = run.records("codings.csv");
        let of = |id: &str| -> Vec<(String, String)> {
            let mine = codings.iter().filter(|c| c["response"] == id);
            mine.map(|c| (c["theme"].clone(), c["segment"].clone())).collect()
        };
        assert_eq!(of("R1:Q1"), [("lights".into(), "1".into())], "{method}");
        assert_eq!(of("R2:Q1"), [("patrol".into(), "1".into())], "{method}");
        assert_eq!(of("R3:Q1"), [], "{method}");
        assert!(of("R4:Q1").contains(&("lights".into(), "2".into())), "{method} {:?}", of("R4:Q1"));
        let scores = codings.iter().map(|c| c["score"].parse::<f64>().unwrap());
        assert!(scores.clone().all(|s| (0.0..=1.0).contains(&s)));
        let manifest = run.json("manifest.json");
        let record = canvass::fsx::sha256(&model["trained.toml"]);
        assert_eq!(manifest["trained_model"]["sha256"], record.as_str());
        assert!(codings.iter().all(|c| c["coder"] == format!("machine:trained:{}", &record[..12])));
        let again = study.run(&["--threads", "1", "--fresh"]);
        assert!(run.outputs == again.outputs, "{method}: the number of threads changed an output");
        let resumed = study.run(&["--json"]);
        assert!(run.outputs == resumed.outputs, "{method}: kept work changed an output");
        assert!(resumed.stdout.contains("\"reused\":"), "{}", resumed.stdout);
    }
}

#[test]
fn a_model_of_another_codebook_is_refused() {
    let study = study();
    trained(&study, "model", &["--method", "head"]);
    let text = with_model(&study);
    let other = super::harness::CODEBOOK.replace("Lamps and dark corners", "Lamps");
    study.toml(&text).file("codebook.toml", other).refused(
        2,
        "error: <study>/model: the model learned another codebook than `A small codebook`\n\
         hint: use the codebook that it was trained with, or train again with this one",
    );
}

#[test]
fn a_model_that_was_changed_is_refused() {
    let study = study();
    trained(&study, "model", &["--method", "head"]);
    let at = study.path("model/heads.safetensors");
    let mut bytes = std::fs::read(&at).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&at, bytes).unwrap();
    let text = with_model(&study);
    study.toml(&text).refused(
        2,
        "error: <study>/model/heads.safetensors: not the file that trained.toml was written with\n\
         hint: train again; a model's files are not to be edited",
    );
}

/// Trains on a table that cannot be learned from and demands one line of error, one of hint, and
/// no folder.
#[track_caller]
fn refused(table: &str, message: &str) {
    let study = Study::of_answers(["a"]).file("coded.csv", table);
    let run = train(&study, "model", &[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stderr);
    assert!(lines[0].starts_with("error: ") && lines[0].contains(message), "{}", lines[0]);
    assert!(lines[1].starts_with("hint: "), "{}", lines[1]);
    let out = study.path("model");
    assert!(!out.exists() || files(&out).is_empty());
}

#[test]
fn what_cannot_be_learned_from_is_refused_in_one_line() {
    refused(
        "id,text,codes\n1,Dark,lights\n2,Darker,lights\n3,Rude,listen\n",
        "coded.csv: 3 distinct coded answers, 20 are the least to learn from",
    );
    let rows = |codes: &dyn Fn(usize) -> String| -> String {
        let row = |i: usize| format!("{i},Answer number {i},{}\n", codes(i));
        "id,text,codes\n".to_owned() + &(0..30).map(row).collect::<String>()
    };
    refused(&rows(&|_| "lights".into()), "every coded answer carries the same themes");
    let few = |i: usize| if i < 3 { "lights".into() } else { String::new() };
    refused(&rows(&few), "no theme has 5 coded answers");
    let wrong = |i: usize| if i == 4 { "lihgts".into() } else { "lights".into() };
    refused(&rows(&wrong), "row 6, column `codes`: `lihgts` is not in the codebook");
}

#[test]
fn a_folder_that_is_there_is_not_written_over() {
    let study = study().file("model/notes.txt", "mine");
    let run = train(&study, "model", &["--method", "head"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("the folder is there already and not empty"), "{}", run.stderr);
    assert_eq!(files(&study.path("model")).len(), 1);
}

fn classified(study: &Study, more: &[&str]) -> Run {
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (input, out) = (path("coded.csv"), path("codes.csv"));
    let encoder = format!("{ROOT}/{TINY}");
    canvass(&[&["classify", &input, "--out", &out, "--encoder", &encoder], more].concat())
}

#[test]
fn a_table_is_coded_without_a_study() {
    let study = study();
    trained(&study, "model", &["--method", "head", "--context", "question"]);
    let model = study.path("model").to_str().unwrap().to_owned();
    let run = classified(&study, &["--model", &model]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = records(&std::fs::read(study.path("codes.csv")).unwrap());
    let mut right = 0;
    let mut reader = csv::Reader::from_path(study.path("coded.csv")).unwrap();
    for (row, gold) in rows.iter().zip(reader.records()) {
        let gold = gold.unwrap();
        assert_eq!(row["id"], gold[0]);
        right += usize::from(row["codes"] == gold[3]);
        let carried = |id: &str| row["codes"].split(';').any(|c| c == id);
        let p = |id: &str| row[&format!("p:{id}")].parse::<f64>().unwrap();
        assert!(!carried("lights") || p("lights") > 0.1);
    }
    assert_eq!(rows.len(), 162);
    assert!(right > 150, "{right} of 162");
    let again = classified(&study, &["--model", &model]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("the file is there already"), "{}", again.stderr);
}

#[test]
fn a_table_is_coded_by_a_codebook_alone() {
    let study = Study::of_answers(["x"]).file(
        "coded.csv",
        "id,text\n1,The lamps here are broken.\n2,Please walk around the block.\n3,n/a\n",
    );
    let codebook = study.path("codebook.toml").to_str().unwrap().to_owned();
    let run = classified(&study, &["--codebook", &codebook]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = records(&std::fs::read(study.path("codes.csv")).unwrap());
    assert!(rows[0]["codes"].contains("lights"), "{:?}", rows[0]);
    assert!(rows[1]["codes"].contains("patrol"), "{:?}", rows[1]);
    assert_eq!(rows[2]["state"], "no-content");
}

#[test]
fn the_examples_of_training_are_where_the_readme_says() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    assert!(readme.contains("## Learning from coded answers"));
    assert!(readme.contains("canvass train "));
}
