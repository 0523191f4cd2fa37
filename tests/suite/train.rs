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

/// Codes that have nothing to do with what was said.
fn by_chance() -> String {
    let mut table = "id,text,codes\n".to_owned();
    for i in 0..120 {
        let (place, code) = (i * 7 % 11, ["lights", "patrol", "listen", ""][i * i % 13 % 4]);
        let said = ["The lamps here are broken", "Please walk around the block", "Nobody listens"];
        table += &format!("{i},{} at place {place} number {i}.,{code}\n", said[i % 3]);
    }
    table
}

#[test]
fn a_model_is_compared_with_the_codebook_alone() {
    let study = study();
    let run = train(&study, "model", &["--method", "head"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("\nthe codebook alone on the same: micro-F1 0."), "{}", run.stderr);
    assert!(!run.stderr.contains("clearly better"), "{}", run.stderr);
    let card = std::fs::read_to_string(study.path("model/MODEL_CARD.md")).unwrap();
    assert!(card.contains("\n| this model | 0.9"), "{card}");
    assert!(card.contains("\n| the codebook alone | 0."), "{card}");
    assert!(card.contains("The model is better than the codebook alone beyond chance."), "{card}");
    let record = std::fs::read_to_string(study.path("model/trained.toml")).unwrap();
    assert!(record.contains("[codebook_alone]\nmicro_f1 = 0."), "{record}");
}

#[test]
fn a_model_that_is_no_better_than_the_codebook_says_so_once() {
    let study = study().file("coded.csv", by_chance());
    let run = train(&study, "model", &["--method", "head"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told: Vec<&str> =
        run.stderr.lines().filter(|l| l.contains("than the codebook alone")).collect();
    let [told] = told.as_slice() else { panic!("{}", run.stderr) };
    assert!(told.starts_with("warning: on held-out answers the model is "), "{told}");
    assert!(told.contains("code more answers") && told.contains("leave [model] out"), "{told}");
    let card = std::fs::read_to_string(study.path("model/MODEL_CARD.md")).unwrap();
    assert!(card.contains("than the codebook alone.**"), "{card}");
}

#[test]
fn a_codebook_of_labels_alone_is_nothing_to_compare_with() {
    let labels = "id,label,definition\npresence,Presence,\npatrol,Foot patrol,\nlights,Street lights,\nlisten,Being listened to,\n";
    let study = study().file("labels.csv", labels);
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (coded, codebook, out) = (path("coded.csv"), path("labels.csv"), path("model"));
    let encoder = format!("{ROOT}/{TINY}");
    let fixed = ["train", &coded, "--codebook", &codebook, "--out", &out, "--encoder", &encoder];
    let run = canvass(&[&fixed[..], &["--method", "head"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("there is nothing to compare with"), "{}", run.stderr);
    let record = std::fs::read_to_string(study.path("model/trained.toml")).unwrap();
    assert!(!record.contains("codebook_alone"), "{record}");
}

#[test]
fn a_model_of_the_earlier_form_is_read_and_one_of_a_later_form_is_refused() {
    let study = study();
    trained(&study, "model", &["--method", "head"]);
    let at = study.path("model/trained.toml");
    let text = std::fs::read_to_string(&at).unwrap();
    // Form 2 did not say how the codebook does, nor what was learned from.
    let mut earlier: toml::Table = toml::from_str(&text).unwrap();
    earlier.insert("format".into(), 2.into());
    earlier.remove("codebook_alone").unwrap();
    let files = earlier["file"].as_array_mut().unwrap();
    files.retain(|f| f["path"].as_str() != Some("seen.txt"));
    std::fs::write(&at, toml::to_string(&earlier).unwrap()).unwrap();
    let with = with_model(&study);
    let study = study.toml(&with);
    assert_eq!(study.run(&[]).code, 0);
    std::fs::write(&at, text.replace("format = 3", "format = 9")).unwrap();
    let run = study.run(&[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.starts_with(
            "error: <study>/model/trained.toml: format 9, this program reads formats 2 to 3\nhint: "
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn the_participants_of_a_training_table_are_found_by_the_columns_name() {
    let rows = |table: String| -> String {
        let mut lines = table.lines();
        let head = format!("{},participant\n", lines.next().unwrap());
        let row = |(i, line): (usize, &str)| format!("{line},P{}\n", i % 40);
        head + &lines.enumerate().map(row).collect::<String>()
    };
    let study = study().file("coded.csv", rows(coded()));
    let by_name = trained(&study, "a", &["--method", "head"]);
    let named = trained(&study, "b", &["--method", "head", "--participant", "participant"]);
    assert!(by_name == named);
    let nobody = study.file("coded.csv", rows(coded()).replacen("participant", "who", 1));
    let told = |model: &BTreeMap<String, Vec<u8>>| {
        let text = String::from_utf8(model["trained.toml"].clone()).unwrap();
        text.split("[quality]").nth(1).unwrap().split("[[theme]]").next().unwrap().to_owned()
    };
    assert_ne!(told(&by_name), told(&trained(&nobody, "c", &["--method", "head"])));
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
    assert!(!study.path("model").exists(), "an empty folder is left");
}

#[test]
fn a_column_that_is_not_there_leaves_no_folder() {
    let study = study();
    let run = train(&study, "deep/model", &["--method", "head", "--context", "asked"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("has no column `asked`"), "{}", run.stderr);
    assert!(!study.path("deep").exists());
    let codebook = study.path("codebook.toml").to_str().unwrap().to_owned();
    let coded = study.path("coded.csv").to_str().unwrap().to_owned();
    let out = study.path("deep/codes.csv").to_str().unwrap().to_owned();
    let encoder = format!("{ROOT}/{TINY}");
    let fixed = ["classify", &coded, "--codebook", &codebook, "--out", &out];
    let run = canvass(&[&fixed[..], &["--encoder", &encoder, "--text", "answer"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("has no column `answer`"), "{}", run.stderr);
    assert!(!study.path("deep").exists());
}

#[test]
fn a_place_that_cannot_be_written_is_a_mistake_of_the_command_line_everywhere() {
    let study = study().file("note", "a file").file("ann.csv", "id,codes\n1,lights\n2,\n");
    let study = study.file("bob.csv", "id,codes\n1,lights\n2,listen\n");
    std::fs::write(study.path("study.toml"), study.text()).unwrap();
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (folder, coded, codebook) = (path(""), path("coded.csv"), path("codebook.toml"));
    let (ann, bob, survey) = (path("ann.csv"), path("bob.csv"), path("survey.csv"));
    let (out, file) = (path("note/out"), path("note/out.xlsx"));
    let encoder = format!("{ROOT}/{TINY}");
    let commands: [&[&str]; 6] = [
        &["run", &folder, "--out", &out],
        &["train", &coded, "--codebook", &codebook, "--encoder", &encoder, "--out", &out],
        &["classify", &coded, "--codebook", &codebook, "--encoder", &encoder, "--out", &file],
        &["sample", &folder, "--n", "3", "--out", &file],
        &["evaluate", &ann, &bob, "--codebook", &codebook, "--adjudicate", &file],
        &["init", &survey, "--out", &out],
    ];
    let before = files(&study.path(""));
    for command in commands {
        let run = canvass(command);
        assert_eq!(run.code, 2, "{command:?}: {}", run.stderr);
        let lines: Vec<&str> = run.stderr.lines().collect();
        let [error, hint] = lines.as_slice() else { panic!("{command:?}: {}", run.stderr) };
        assert!(error.ends_with("cannot create the folder: not a folder"), "{command:?}: {error}");
        assert!(hint.starts_with("hint: a file stands where a folder is needed"), "{hint}");
        assert!(files(&study.path("")) == before, "{command:?} left something");
    }
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
        // The model did not learn it, and there is no codebook to give a margin.
        assert_eq!(row["p:presence"], "");
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
    // A margin is no probability, and its column says so.
    assert!(rows[0]["margin:lights"].parse::<f64>().unwrap() > 0.4, "{:?}", rows[0]);
    assert!(rows[0].keys().all(|column| !column.starts_with("p:")), "{:?}", rows[0]);
    assert!(rows[1]["codes"].contains("patrol"), "{:?}", rows[1]);
    assert_eq!(rows[2]["state"], "no-content");
}

#[test]
fn a_model_is_measured_on_answers_that_it_has_not_seen() {
    let study = study();
    trained(&study, "model", &["--method", "head", "--context", "question"]);
    let mut table = "id,question,text,codes\n".to_owned();
    for n in 101..111 {
        table += &format!("l{n},Good?,The lamps at the bridge number {n} are broken.,lights\n");
        table += &format!("p{n},Bad?,Please walk around the bridge more than {n} times.,patrol\n");
        table += &format!("n{n},Bad?,My cat sleeps on the sofa for {n} hours.,\n");
    }
    let learned: String = coded().lines().skip(1).take(5).map(|l| format!("{l}\n")).collect();
    let study = study.file("new.csv", table + &learned + "z1,Bad?,n/a,\n");
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (codebook, model) = (path("codebook.toml"), path("model"));
    let encoder = format!("{ROOT}/{TINY}");
    let evaluate = |table: &str| {
        let fixed = ["evaluate", table, "--codebook", &codebook, "--model", &model];
        canvass(&[&fixed[..], &["--encoder", &encoder]].concat())
    };
    let run = evaluate(&path("new.csv"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("30 answers of 30 people"), "{}", run.stdout);
    assert!(run.stdout.contains("expected calibration error"), "{}", run.stdout);
    assert!(run.stderr.contains("5 rows are of answers that the model has learned from"));
    assert!(run.stderr.contains("1 rows say nothing"), "{}", run.stderr);
    let micro = run.stdout.lines().find(|l| l.starts_with("micro-F1")).unwrap();
    let micro: f64 = micro.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(micro > 0.8, "{}", run.stdout);
    let run = evaluate(&path("coded.csv"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("coded.csv: the model has learned from all 162 rows\nhint: "));
}

#[test]
fn the_examples_of_training_are_where_the_readme_says() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    assert!(readme.contains("## Learning from coded answers"));
    assert!(readme.contains("canvass train "));
}
