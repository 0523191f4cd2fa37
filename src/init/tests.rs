//! From files to a study that the plan takes, and what is printed on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::ingest::{Content, Intake, Kind, ingest};
use crate::plan::{Options, Plan};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn request(files: &[PathBuf]) -> Request {
    Request { files: files.to_vec(), ..Request::default() }
}

/// The plan of a study that was written, with the model of random numbers.
fn plan(outcome: &Outcome) -> Plan {
    let mut text = std::fs::read_to_string(&outcome.study).unwrap();
    text.push_str(&format!("\n[encoder]\nmodel = \"{ROOT}/models/tiny\"\n"));
    std::fs::write(&outcome.study, text).unwrap();
    Plan::new(&outcome.study, &Options::default()).unwrap()
}

/// Everything that a run would read.
fn read(outcome: &Outcome) -> Intake {
    ingest(&plan(outcome).sources, &()).unwrap()
}

fn csv(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

const ANSWERS: [&str; 5] = [
    "They should come when we call them.",
    "More lights in the park, and a place for the kids to go",
    "I feel safe here most of the time.",
    "Be kind to people who ask for help",
    "The bus is late every day and nobody tells us why",
];

fn survey(n: usize) -> String {
    let row = |i: usize| {
        let district = ["Harbor", "Old Town", "Northfield"][i % 3];
        vec![format!("R{i}"), district.into(), format!("{} ({i})", ANSWERS[i % 5])]
    };
    csv(&["ResponseId", "District", "Why?"], &(0..n).map(row).collect::<Vec<_>>())
}

const INTERVIEW: &str = "Interviewer: How is it here?\nResident 3: It is fine, thank you.\nInterviewer: And at night?\nResident 3: We stay at home.\n";

#[test]
fn a_heap_of_files_becomes_a_study_that_can_be_read() {
    let dir = folder(&[
        ("survey.csv", &survey(40)),
        ("interviews/a.txt", INTERVIEW),
        ("interviews/b.txt", INTERVIEW),
        ("notes/north.txt", "Session\n\n- more buses\n- a library that is open\n- lights\n"),
        (
            "letters/one.txt",
            "Dear Council,\n\nPlease keep the library open.\n\nSincerely,\nA resident\n",
        ),
        ("table.csv", "a,b\n1,2\n3,4\n"),
    ]);
    let outcome = init(&request(&[dir.path().to_owned()])).unwrap();
    let told: Vec<_> = outcome.guesses.sources.iter().map(|s| (s.path.as_str(), s.kind)).collect();
    assert_eq!(
        told,
        [
            ("survey.csv", Kind::Survey),
            ("interviews/*.txt", Kind::Interview),
            ("letters/one.txt", Kind::Comments),
            ("notes/north.txt", Kind::SessionNotes),
        ]
    );
    assert_eq!(outcome.guesses.left_out.len(), 1, "{:?}", outcome.guesses.left_out);
    assert!(outcome.codebook.1, "the starter");
    let intake = read(&outcome);
    assert_eq!(intake.responses.len(), 40 + 4 + 4 + 3 + 1);
    let moderator = |c: &&crate::ingest::Response| matches!(c.content, Content::Moderator);
    assert_eq!(intake.responses.iter().filter(moderator).count(), 4);
}

#[test]
fn a_row_of_words_above_numbers_is_said_to_be_perhaps_a_second_row_of_the_header() {
    let rows = |second: &str| {
        let row = |i: usize| format!("R{i},\"{} ({i})\",{},{}\n", ANSWERS[i % 5], 20 + i, i % 7);
        format!("Id,Why?,Age,Visits\n{second}{}", (0..40).map(row).collect::<String>())
    };
    for (second, said) in [("of the form,in words,in years,a week\n", true), ("", false)] {
        let dir = folder(&[("survey.csv", &rows(second))]);
        let outcome = init(&request(&[dir.path().join("survey.csv")])).unwrap();
        assert_eq!(report(&outcome, 200).contains("set `header_rows = 2`"), said);
    }
}

#[test]
fn a_column_of_survey_weights_is_used_where_it_is_the_only_one_and_full() {
    let row = |i: usize, wt: &str, second: &str| {
        vec![format!("R{i}"), format!("{} ({i})", ANSWERS[i % 5]), wt.into(), second.into()]
    };
    let table = |second: &str, empty: usize| {
        let rows = (0..40).map(|i| {
            row(i, if i < empty { "" } else { ["0.8", "1.3"][i % 2] }, ["0.9", "1.1"][i % 2])
        });
        csv(&["ResponseId", "Why?", "wt", second], &rows.collect::<Vec<_>>())
    };
    for (second, empty, used) in [("Visits", 0, true), ("Visits", 1, false), ("weight", 0, false)] {
        let dir = folder(&[("survey.csv", &table(second, empty))]);
        let outcome = init(&request(&[dir.path().join("survey.csv")])).unwrap();
        let study = std::fs::read_to_string(&outcome.study).unwrap();
        let line = study.lines().any(|l| l.starts_with("weight = \"wt\""));
        assert_eq!(line, used, "{study}");
        let sources = plan(&outcome).sources;
        assert_eq!(sources[0].weight.as_deref(), used.then_some("wt"));
    }
}

#[test]
fn nothing_is_overwritten() {
    let dir = folder(&[("survey.csv", &survey(20)), ("study.toml", "mine")]);
    let err = init(&request(&[dir.path().join("survey.csv")])).unwrap_err();
    assert!(matches!(err, Error::Exists { .. }) && err.hint().is_some(), "{err}");
    assert_eq!(std::fs::read_to_string(dir.path().join("study.toml")).unwrap(), "mine");
    assert!(!dir.path().join("codebook.toml").exists());

    let out = dir.path().join("elsewhere/study");
    let request = Request { out: Some(out.clone()), ..request(&[dir.path().join("survey.csv")]) };
    let outcome = init(&request).unwrap();
    assert_eq!(outcome.guesses.sources[0].path, "../../survey.csv");
    assert_eq!(read(&outcome).responses.len(), 20);
}

#[test]
fn a_codebook_among_the_files_is_used_and_is_no_source() {
    let themes = "id,label,definition\nlights,Lights,Lamps in streets and parks.\n";
    let dir = folder(&[("survey.csv", &survey(20)), ("themes-list.csv", themes)]);
    let outcome = init(&request(&[dir.path().to_owned()])).unwrap();
    assert_eq!(outcome.guesses.sources.len(), 1);
    assert!(!outcome.codebook.1);
    assert_eq!(plan(&outcome).codebook.themes[0].id, "lights");
    assert!(!dir.path().join("codebook.toml").exists());
}

#[test]
fn without_a_source_nothing_is_written_and_every_file_has_its_reason() {
    let dir = folder(&[("a.csv", "x,y\n1,2\n"), ("b.png", "no picture"), ("c.csv", "")]);
    let err = init(&request(&[dir.path().to_owned()])).unwrap_err();
    assert_eq!(err.to_string(), "none of the 3 files can be a source");
    let Error::NoSource { left_out } = err else { panic!() };
    assert_eq!(left_out.len(), 3);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn the_report_quotes_nobody_and_fits_the_terminal() {
    let rows: Vec<Vec<String>> = (0..40)
        .map(|i| {
            vec![
                format!("R{i}"),
                format!("secret{i}@example.org"),
                format!("The zebra crossing {i} is dark. Fix it!"),
            ]
        })
        .collect();
    let dir = folder(&[("s.csv", &csv(&["id", "e-mail", "Your comment"], &rows))]);
    let outcome = init(&request(&[dir.path().join("s.csv")])).unwrap();
    let toml = std::fs::read_to_string(&outcome.study).unwrap();
    for width in [40, 80, 120] {
        let text = report(&outcome, width);
        for told in [&text, &json(&outcome), &toml] {
            assert!(!told.contains("zebra") && !told.contains("secret"), "{told}");
        }
        let path = dir.path().to_str().unwrap();
        let long =
            text.lines().filter(|l| !l.contains(path)).find(|l| l.chars().count() > width.max(48));
        assert_eq!(long, None, "at {width}");
    }
    assert!(report(&outcome, 80).trim_end().lines().last().unwrap().contains("canvass run"));
}

/// What the hand-written study of the sample says, and what is guessed from its files.
#[test]
fn the_samples_files_are_guessed_nearly_as_they_were_set_by_hand() {
    let sample = Path::new(ROOT).join("samples/community-safety");
    let names = [
        "survey.csv",
        "sessions",
        "interviews",
        "focus-groups",
        "peer-cities",
        "codebook.toml",
        "partners-written.xlsx",
    ];
    let out = tempfile::tempdir().unwrap();
    let request = Request {
        files: names.iter().map(|n| sample.join(n)).collect(),
        out: Some(out.path().to_owned()),
        codebook: None,
    };
    let outcome = init(&request).unwrap();
    let by_hand: toml::Table =
        toml::from_str(&std::fs::read_to_string(sample.join("study.toml")).unwrap()).unwrap();
    let mut differs: BTreeMap<String, String> = BTreeMap::new();
    for wanted in by_hand["source"].as_array().unwrap() {
        let path = wanted["path"].as_str().unwrap();
        let Some(found) = outcome.guesses.sources.iter().find(|s| s.path.ends_with(path)) else {
            differs.insert(path.into(), "no source".into());
            continue;
        };
        let mut compare = |what: &str, wanted: String, found: String| {
            if wanted != found {
                differs.insert(format!("{path} {what}"), format!("{found} instead of {wanted}"));
            }
        };
        let text =
            |key: &str| wanted.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        compare("kind", text("kind"), write::kind(found.kind).into());
        compare("perspective", text("perspective"), found.perspective.clone());
        let columns = |role: Role| -> Vec<String> {
            let all = found.table.iter().flat_map(|t| &t.columns);
            all.filter(|c| c.role == role).map(|c| c.name.clone()).collect()
        };
        compare("id", text("id"), columns(Role::Id).join(","));
        let list = |key: &str, name: &str| -> Vec<String> {
            let items = wanted.get(key).and_then(|v| v.as_array()).cloned().unwrap_or_default();
            items.iter().map(|v| v.get(name).unwrap_or(v).as_str().unwrap().to_owned()).collect()
        };
        compare("groups", list("groups", "").join(","), columns(Role::Group).join(","));
        compare(
            "questions",
            list("question", "column").join(","),
            columns(Role::Question).join(","),
        );
        compare("moderators", list("moderators", "").join(","), found.moderators.join(","));
        let row = wanted.get("header_row").and_then(toml::Value::as_integer).unwrap_or(1);
        compare("header row", row.to_string(), found.header_row.to_string());
    }
    let told: Vec<String> = differs.iter().map(|(k, v)| format!("{k}: {v}")).collect();
    // Nothing in the names or labels says whose view these are: the default is the neutral word.
    let unknowable = ["interviews/*.txt", "sessions/*.txt"]
        .map(|p| format!("{p} perspective: Participants instead of "));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().zip(unknowable).all(|(t, u)| t.starts_with(&u)), "{told:?}");
}

/// Where this machine has them: what the columns of real exports are taken for.
#[test]
fn real_exports_are_understood() {
    let data = Path::new(ROOT).join("../shared/data");
    // File, id, participant, groups, questions; `None`: no source.
    type Wanted = Option<(&'static str, &'static str, &'static str, &'static str)>;
    let cases: [(&str, Wanted); 11] = [
        ("nhs_fft/coded.csv", Some(("id", "", "service", "text"))),
        ("anes2008_3/train.csv", Some(("", "id", "", "text"))),
        ("anes2008_4/test.csv", Some(("", "id", "", "text"))),
        ("worker_survey/final_manual_coding_NO_Q13.csv", Some(("", "PID", "", "Text"))),
        ("spanish_survey/Datos.csv", Some(("REGISTRO", "", "", "FINAL"))),
        ("polis/london_youth_policing.csv", Some(("comment-id", "author-id", "", "comment-body"))),
        ("polis/bowling_green.csv", Some(("comment-id", "author-id", "", "comment-body"))),
        ("sib200/spa_Latn/train.tsv", Some(("index_id", "", "category", "text"))),
        ("exports/StarWars.csv", None),
        ("nhs_fft/codebook.csv", None),
        ("worker_survey/codebook.csv", None),
    ];
    let mut differs: Vec<String> = Vec::new();
    for (name, wanted) in cases {
        let path = data.join(name);
        if !path.is_file() {
            println!("skipped: {} is not here", path.display());
            continue;
        }
        let out = tempfile::tempdir().unwrap();
        let request =
            Request { files: vec![path], out: Some(out.path().to_owned()), codebook: None };
        let outcome = match (init(&request), &wanted) {
            (Err(Error::NoSource { .. }), None) => continue,
            (outcome, _) => outcome.unwrap_or_else(|e| panic!("{name}: {e}")),
        };
        let columns = |role: Role| -> String {
            let table = outcome.guesses.sources[0].table.as_ref().unwrap();
            let all = table.columns.iter().filter(|c| c.role == role);
            all.map(|c| c.name.as_str()).collect::<Vec<_>>().join(",")
        };
        let found = [Role::Id, Role::Participant, Role::Group, Role::Question].map(columns);
        let (id, participant, groups, questions) =
            wanted.unwrap_or_else(|| panic!("{name}: {found:?}"));
        if found != [id, participant, groups, questions] {
            differs.push(format!("{name}: {found:?}\n{}", report(&outcome, 100)));
        }
        assert!(!read(&outcome).responses.is_empty());
    }
    assert!(differs.is_empty(), "{}", differs.join("\n"));
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "\\PC{0,12}",
        1 => Just("Q1".to_owned()),
        1 => Just("ResponseId".to_owned()),
        1 => Just("a \"quoted\" name".to_owned()),
        1 => Just("two\nlines".to_owned()),
        1 => Just("dots.and.more".to_owned()),
        1 => Just("😀 \\ \u{202e}".to_owned()),
        1 => Just(String::new()),
    ]
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[a-z]{1,8}( [a-z]{1,8}){2,9}[.!?]?",
        1 => "\\PC{0,40}",
        1 => prop::sample::select(ANSWERS.to_vec()).prop_map(str::to_owned),
        1 => Just(String::new()),
    ]
}

#[test]
fn a_column_whose_name_stands_in_another_row_of_the_header_too_is_not_named() {
    let table = "a,,b,the comment\nBe kind to people,Be kind to people,,Anything else?\n\
                 one of us,two of them were late,so it goes,They should come when we call. 1\n\
                 x y z,I feel safe here most of the time.,so it goes on,More lights in the park. 2\n";
    let dir = folder(&[("data.csv", table)]);
    let outcome = init(&request(&[dir.path().join("data.csv")])).unwrap();
    assert!(!read(&outcome).responses.is_empty());
    let columns = &outcome.guesses.sources[0].table.as_ref().unwrap().columns;
    let twice = columns.iter().find(|c| c.name == "Be kind to people").map(|c| c.role);
    assert!(twice.is_none_or(|role| role == Role::Unnamed), "{columns:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_header_and_cells_give_a_study_that_the_plan_takes_and_the_readers_read(
        header in prop::collection::vec(name(), 1..7),
        rows in prop::collection::vec(prop::collection::vec(cell(), 7), 1..12),
    ) {
        let mut header: Vec<&str> = header.iter().map(String::as_str).collect();
        header.push("the comment");
        let mut rows: Vec<Vec<String>> = rows.into_iter().map(|r| r[..header.len() - 1].to_vec()).collect();
        for (i, row) in rows.iter_mut().enumerate() {
            row.push(format!("{} {i}", ANSWERS[i % 5]));
        }
        let dir = folder(&[("data.csv", &csv(&header, &rows))]);
        match init(&request(&[dir.path().join("data.csv")])) {
            Ok(outcome) => {
                let intake = read(&outcome);
                let questions = outcome.guesses.sources[0].table.as_ref().unwrap().columns.iter()
                    .filter(|c| c.role == Role::Question).count();
                prop_assert_eq!(intake.responses.len() % questions, 0);
                prop_assert!(!intake.responses.is_empty());
            }
            Err(e) => prop_assert!(matches!(e, Error::NoSource { .. }), "{e}"),
        }
    }
}
