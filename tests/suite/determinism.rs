//! Same inputs, same bytes: any number of threads, any number of runs, any order of rows; and
//! the manifest proves it.

use std::collections::BTreeMap;

use canvass::fsx::sha256;

use super::harness::{LIGHTS, LISTEN, PATROL, Study, words_of};

const WORDS: [&str; 12] = [
    "officers",
    "park",
    "streets",
    "bus",
    "corner",
    "walk",
    "listen",
    "school",
    "night",
    "traffic",
    "calls",
    "neighbors",
];

/// Answers without end: most are different, some repeat, some are campaigns.
fn answer(i: usize) -> String {
    let word = |n: usize| WORDS[(i / n + n) % WORDS.len()];
    match i % 9 {
        0 => PATROL.into(),
        1 => format!("{LISTEN} {LIGHTS}"),
        2 if i.is_multiple_of(2) => {
            format!("{LIGHTS} We all ask for one and the same thing here: keep the park open.")
        }
        3 => "n/a".into(),
        _ => format!("The {} and the {} near the {} need {}.", word(1), word(7), word(3), word(11)),
    }
}

fn rows(n: usize) -> Vec<[String; 4]> {
    let district = |i: usize| ["North", "South", "East"][i % 3].to_owned();
    (0..n).map(|i| [format!("R{i}"), district(i), answer(i), answer(i * 5 + 1)]).collect()
}

fn study(rows: &[[String; 4]]) -> Study {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["Id", "District", "Q1", "Q2"]).unwrap();
    rows.iter().for_each(|row| csv.write_record(row).unwrap());
    let talk: String = (0..40).map(|i| format!("Speaker {}: {}\n\n", i % 4, answer(i))).collect();
    Study::new()
        .table(
            "Survey",
            "survey",
            &["Q1", "Q2"],
            "id = \"Id\"\ngroups = [\"District\"]\n",
            csv.into_inner().unwrap(),
        )
        .file("talks/a.txt", &talk)
        .file("talks/b.txt", &talk)
        .talk("Talks", "focus-group", "talks/*.txt")
}

/// Every format that there is.
const FORMATS: &str = "[report]\nformats = [\"html\", \"docx\", \"xlsx\", \"csv\", \"json\", \"md\", \"parquet\", \"qdpx\"]\n";

#[test]
fn one_two_and_three_threads_and_a_second_run_write_the_same_bytes() {
    let study = study(&rows(1500)).tail(FORMATS);
    let first = study.run(&["--threads", "1"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(first.outputs.len(), 15, "{:?}", first.outputs.keys());
    let encoded = |r: &super::harness::Run| {
        r.stderr.lines().find(|l| l.starts_with("encoded")).unwrap().to_owned()
    };
    for threads in ["2", "3", "2"] {
        let again = study.run(&["--threads", threads, "--fresh"]);
        assert_eq!(encoded(&again), encoded(&first));
        for (name, bytes) in &first.outputs {
            assert!(again.outputs[name] == *bytes, "{name} differs with {threads} threads");
        }
        assert_eq!(again.outputs.len(), first.outputs.len());
    }
}

#[test]
fn another_folder_and_another_name_of_the_output_change_no_byte() {
    let quoting = || study(&rows(60)).tail("[privacy]\nmin_cell = 1\nquotes = \"all\"\n");
    let (here, there) = (quoting(), quoting());
    let out = there.path("elsewhere/deep");
    assert_eq!(there.run(&["--out", out.to_str().unwrap()]).code, 0);
    assert!(here.done().outputs == super::harness::files(&out));
}

#[test]
fn the_order_of_rows_changes_no_count_and_no_share() {
    let ordered = rows(300);
    let mut shuffled = ordered.clone();
    // A fixed permutation: 7 has no factor in common with 300.
    (0..300).for_each(|i| shuffled[i] = ordered[i * 7 % 300].clone());
    let themes = |rows: &[[String; 4]]| {
        let study = study(rows).tail("[privacy]\nmin_cell = 1\n");
        let keyed = study.done().records("themes.csv").into_iter().map(|r| {
            let key = ["source", "question", "group", "theme"].map(|k| r[k].clone());
            (key, r)
        });
        keyed.collect::<BTreeMap<_, _>>()
    };
    let (a, b) = (themes(&ordered), themes(&shuffled));
    assert!(a.len() > 20);
    for (key, row) in &a {
        assert_eq!(Some(row), b.get(key));
    }
    assert_eq!(a.len(), b.len());
}

#[test]
fn the_manifest_holds_the_hash_of_everything_read_and_written() {
    let study = study(&rows(60));
    let run = study.done();
    let manifest = run.json("manifest.json");
    let hash_of = |name: &str| sha256(&std::fs::read(study.path(name)).unwrap());
    let listed = |key: &str| manifest[key].as_array().unwrap().clone();

    let inputs: Vec<String> =
        listed("inputs").iter().map(|f| f["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(inputs, ["survey.csv", "talks/a.txt", "talks/b.txt"]);
    for file in listed("inputs").iter().chain([&manifest["study"], &manifest["codebook"]]) {
        let name = file["path"].as_str().unwrap();
        assert_eq!(file["sha256"].as_str().unwrap(), hash_of(name), "{name}");
    }
    let mut outputs: Vec<String> = Vec::new();
    for file in listed("outputs") {
        let name = file["path"].as_str().unwrap();
        assert_eq!(file["sha256"].as_str().unwrap(), sha256(&run.outputs[name]), "{name}");
        assert_eq!(file["bytes"].as_u64().unwrap(), run.outputs[name].len() as u64);
        outputs.push(name.to_owned());
    }
    outputs.push("manifest.json".into());
    outputs.sort();
    assert_eq!(outputs, run.outputs.keys().cloned().collect::<Vec<_>>());
    assert_eq!(manifest["inputs"][0]["rows"], 60);
}

#[test]
fn outputs_hold_no_clock_and_no_path_of_the_machine() {
    let study = study(&rows(30)).tail(FORMATS);
    let run = study.done();
    let folder = study.path("").to_string_lossy().trim_end_matches('/').to_owned();
    for (name, bytes) in &run.outputs {
        let text = words_of(name, bytes);
        for hint in [folder.as_str(), "/models/tiny", "/work/", "/root/", "/home/"] {
            assert!(!text.contains(hint), "{name} holds {hint}");
        }
    }
}
