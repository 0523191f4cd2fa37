//! `canvass init` as a user types it: streams, exit codes, and a run of the study it wrote.

use super::harness::{ROOT, canvass};

const SURVEY: &str = "ResponseId,District,What should change?\n\
    R1,Harbor,They should come when we call them.\nR2,Harbor,More lights in the park.\n\
    R3,Old Town,\"Be kind to people, please.\"\nR4,Old Town,The bus is late every day.\n";

#[test]
fn a_study_is_written_and_runs() {
    let dir = tempfile::tempdir().unwrap();
    let survey = dir.path().join("survey.csv");
    std::fs::write(&survey, SURVEY).unwrap();
    let said = canvass(&["init", survey.to_str().unwrap()]);
    assert_eq!((said.code, said.stderr.as_str()), (0, ""));
    assert!(said.stdout.contains("What should change?") && !said.stdout.contains("lights"));
    let study = dir.path().join("study.toml");
    let text = std::fs::read_to_string(&study).unwrap();
    std::fs::write(&study, format!("{text}\n[encoder]\nmodel = \"{ROOT}/models/tiny\"\n")).unwrap();
    let run = canvass(&["run", dir.path().to_str().unwrap(), "--threads", "2"]);
    assert_eq!(run.code, 0, "{}", run.stderr);

    let again = canvass(&["init", survey.to_str().unwrap()]);
    assert_eq!((again.code, again.stdout.as_str()), (2, ""));
    assert!(again.stderr.contains("study.toml: there already; nothing is overwritten\nhint: "));
}

#[test]
fn files_without_answers_are_listed_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("numbers.csv");
    std::fs::write(&file, "a,b\n1,2\n3,4\n").unwrap();
    let said = canvass(&["init", file.to_str().unwrap(), "/nonexistent.csv"]);
    assert_eq!(said.code, 2);
    assert!(said.stdout.contains("a table without a column of free text"), "{}", said.stdout);
    assert!(said.stderr.starts_with("error: none of the 2 files can be a source\nhint: "));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn guesses_can_be_had_as_json() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("survey.csv"), SURVEY).unwrap();
    let said = canvass(&["init", dir.path().to_str().unwrap(), "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(json["sources"][0]["columns"][2]["role"], "question");
    assert_eq!(json["starter_codebook"], true);
}

#[test]
fn an_export_typed_as_a_study_is_answered_with_the_way_to_one() {
    let dir = tempfile::tempdir().unwrap();
    let survey = dir.path().join("survey.csv");
    std::fs::write(&survey, SURVEY).unwrap();
    let said = canvass(&["run", survey.to_str().unwrap()]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("survey.csv: no study but data\nhint: `canvass init "));
}
