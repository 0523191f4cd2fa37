//! Finished work is used again and changes no byte: after a kill, after Ctrl-C, beside another
//! run, with a damaged or an unusable store.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::harness::{PATROL, Run, Study, files};

/// Enough different answers for a dozen windows.
fn answers(n: usize) -> Vec<String> {
    let words = ["park", "street", "bus", "corner", "school", "night", "calls", "lamp"];
    let answer = |i: usize| {
        let more = format!("and the {} ", words[i % 8]).repeat(i * 5 % 13);
        format!("The {} near number {i} {more}needs somebody to look.", words[i / 8 % 8])
    };
    (0..n).map(answer).collect()
}

fn study() -> Study {
    let answers = answers(4000);
    let study = Study::of_answers(answers.iter().map(String::as_str).chain([PATROL]));
    std::fs::write(study.path("study.toml"), study.text()).unwrap();
    study
}

/// The outputs of a run that nothing disturbed.
fn undisturbed() -> BTreeMap<String, Vec<u8>> {
    study().done().outputs
}

fn start(study: &Study) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
    command.args(["run", study.path("").to_str().unwrap(), "--threads", "2"]);
    command.env_clear().stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Blocks in the store.
fn blocks(study: &Study) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(study.path(".canvass")) else { return Vec::new() };
    let paths = entries.filter_map(|e| e.ok().map(|e| e.path()));
    paths.filter(|p| p.extension().is_some_and(|e| e == "f32")).collect()
}

/// Starts a run and sends it a signal when `n` blocks are kept, or its outputs are there.
fn disturb(study: &Study, signal: &str, n: usize) -> std::process::Output {
    let mut child = start(study);
    let out = study.path("out/manifest.json");
    while blocks(study).len() < n && !out.exists() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    Command::new("kill").args([signal, &pid]).status().unwrap();
    child.wait_with_output().unwrap()
}

fn reused(run: &Run) -> u64 {
    let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    said["reused"].as_u64().unwrap()
}

#[test]
fn a_killed_run_goes_on_and_writes_the_same_bytes() {
    let whole = undisturbed();
    let study = study();
    for n in [0, 1, 3, 6, 9] {
        disturb(&study, "-KILL", n);
        let out = files(&study.path("out"));
        assert!(out.is_empty() || out == whole, "{n}: {:?}", out.keys());
    }
    let run = study.run(&["--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.outputs == whole);
    assert!(reused(&run) > 500, "{}", run.stderr);
    assert!(run.stderr.contains("of them in an earlier run"), "{}", run.stderr);
}

#[test]
fn a_stopped_run_says_what_is_kept_and_exits_by_the_signal() {
    let whole = undisturbed();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let study = study();
        let ended = disturb(&study, signal, 4);
        let said = String::from_utf8(ended.stderr).unwrap();
        // On a quick machine the run may be over first.
        if ended.status.code() != Some(0) {
            assert_eq!(ended.status.code(), Some(code), "{said}");
            assert!(said.starts_with("canvass: stopped"), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
        }
        assert!(study.done().outputs == whole);
    }
}

#[test]
fn a_run_stopped_before_anything_is_kept_says_so_and_writes_nothing() {
    let study = study();
    // Not SIGINT, which jobs in the background may be told to ignore until a handler is there.
    let ended = disturb(&study, "-TERM", 0);
    // The handler is there a moment after the start; before it the system ends the process.
    if let Some(code) = ended.status.code() {
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((code, said.starts_with("canvass: stopped")), (143, true), "{said}");
    }
    assert!(files(&study.path("out")).is_empty());
}

#[test]
fn a_second_run_encodes_nothing_and_an_added_answer_little() {
    let study = study();
    let first = study.run(&["--json"]);
    assert_eq!(reused(&first), 0);
    let again = study.run(&["--json"]);
    assert!(again.outputs == first.outputs);
    let all: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(all["reused"], all["encoded"]);
    assert_eq!(all["notes"].as_array().unwrap().len(), 0);
    let kept = blocks(&study).len();

    let mut csv = std::fs::read_to_string(study.path("survey.csv")).unwrap();
    csv.push_str("R9999,One more answer about the benches by the river.\n");
    let study = study.file("survey.csv", csv);
    let more = study.run(&["--json"]);
    assert!(reused(&more) > all["encoded"].as_u64().unwrap() - 3 * 128, "{}", more.stderr);
    assert!(blocks(&study).len() <= kept + 2, "what is not used any more is removed");
    assert!(more.outputs == study.run(&["--fresh"]).outputs);
}

#[test]
fn damaged_blocks_are_computed_again() {
    let study = study();
    let first = study.done();
    for (i, path) in blocks(&study).into_iter().enumerate() {
        let mut bytes = std::fs::read(&path).unwrap();
        match i % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes[100] ^= 1,
            _ => bytes.clear(),
        }
        std::fs::write(&path, bytes).unwrap();
    }
    let again = study.run(&["--json"]);
    assert_eq!(reused(&again), 0);
    assert!(again.outputs == first.outputs);
    assert_eq!(reused(&study.run(&["--json"])), 4001);
}

#[test]
fn a_store_that_cannot_be_used_is_named_once_and_changes_nothing_else() {
    let whole = undisturbed();
    let study = study().file(".canvass", "something else");
    let run = study.done();
    assert!(run.outputs == whole);
    let said = "warning: <study>/.canvass: something else bears the name: finished work is not kept there; a run that is stopped begins again";
    assert_eq!(run.stderr.matches(said).count(), 1, "{}", run.stderr);
    assert_eq!(std::fs::read(study.path(".canvass")).unwrap(), b"something else");
}

#[test]
fn runs_at_one_time_on_one_study_do_not_hurt_each_other() {
    let whole = undisturbed();
    let study = study();
    let runs: Vec<Child> = (0..3).map(|_| start(&study)).collect();
    for run in runs {
        let ended = run.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    assert!(files(&study.path("out")) == whole);
    assert!(!has_leftovers(&study.path("")));
}

fn has_leftovers(folder: &Path) -> bool {
    files(folder).keys().any(|name| name.contains(".canvass-") || name.contains("unfinished-"))
}

#[test]
fn the_store_holds_no_words() {
    let study = study();
    study.done();
    for (name, bytes) in files(&study.path(".canvass")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("number") && !text.contains("block."), "{name}");
    }
}
