//! What a run says: little, without control characters in a pipe, nothing when quiet, one JSON
//! object where a script asks for it.

use super::harness::{LIGHTS, PATROL, Study, canvass};

/// A study with more warnings than the closing words show.
fn warned() -> Study {
    let mut study = Study::new();
    for i in 0..6 {
        let talk = format!("Interviewer: Well?\n\nSpeaker 1: {PATROL}\n");
        study = study.file(&format!("talks/{i}.txt"), talk);
    }
    study.talk("Talks", "interview", "talks/*.txt")
}

#[test]
fn a_pipe_gets_a_few_plain_lines() {
    let run = warned().done();
    assert_eq!(run.stdout, "");
    assert!(run.stderr.lines().count() <= 12, "{}", run.stderr);
    assert!(run.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", run.stderr);
    assert_eq!(run.stderr.matches("warning: ").count(), 3);
    assert!(run.stderr.contains("(4 more warnings in the report)"), "{}", run.stderr);
    assert_eq!(run.json("summary.json")["warnings"].as_array().unwrap().len(), 7);
}

#[test]
fn quiet_prints_nothing() {
    let run = warned().run(&["--quiet"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(run.outputs.len(), 11);
}

#[test]
fn quiet_still_prints_errors() {
    Study::new().refused_with(
        &["--quiet"],
        2,
        "error: <study>/study.toml: the study has no [[source]]\nhint: add a [[source]] with name, kind, perspective and path",
    );
}

#[test]
fn json_prints_one_object_on_stdout() {
    let study = Study::of_answers([PATROL, LIGHTS, "", "n/a"]);
    let run = study.run(&["--json", "--quiet"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout.lines().count(), 1);
    let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&said["rows"], &said["responses"]), (&4.into(), &4.into()));
    assert_eq!(said["states"]["coded"], 2);
    assert_eq!(said["states"]["no-content"], 2);
    assert_eq!(said["out"], "<study>/out");
    assert_eq!(said["files"].as_array().unwrap().len(), run.outputs.len());
}

#[test]
fn the_version_and_the_models_are_data_on_stdout() {
    let version = canvass(&["--version"]);
    assert_eq!(version.stdout, format!("canvass {}\n", env!("CARGO_PKG_VERSION")));
    let models = canvass(&["models", "list"]);
    assert_eq!((models.code, models.stderr.as_str()), (0, ""));
    assert!(models.stdout.starts_with("all-MiniLM-L6-v2\t"), "{}", models.stdout);
}
