//! From a draw to corrected shares: `canvass sample`, people's codes, `canvass run`, and
//! `canvass evaluate`.

use std::collections::BTreeSet;

use super::harness::{CODEBOOK, LIGHTS, LISTEN, PATROL, ROOT, Run, Study, canvass, files};

/// 240 people: 120 on patrol, 80 on lights, 40 on listening.
fn study() -> Study {
    let said = |i: usize| match i % 6 {
        0..=2 => PATROL,
        3 | 4 => LIGHTS,
        _ => LISTEN,
    };
    Study::of_answers((0..240).map(said))
}

fn command(study: &Study, name: &str, arguments: &[&str]) -> Run {
    std::fs::write(study.path("study.toml"), study.text()).unwrap();
    let folder = study.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let mut run = canvass(&[&[name, &folder], arguments].concat());
    run.stderr = run.stderr.replace(&folder, "<study>");
    run
}

/// Draws 120 people.
fn drawn(study: &Study) -> serde_json::Value {
    let run = command(study, "sample", &["--n", "120", "--threads", "2"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_slice(&std::fs::read(study.path("gold/gold-design.json")).unwrap()).unwrap()
}

/// What people code: every third answer on patrol is none, everything else is as it reads.
fn coded(design: &serde_json::Value) -> String {
    let mut text = "id,codes\n".to_owned();
    for unit in design["units"].as_array().unwrap() {
        let id = unit["responses"][0].as_str().unwrap();
        let number: usize = id[1..].split(':').next().unwrap().parse().unwrap();
        let code = match (number - 1) % 6 {
            0 => "",
            1 | 2 => "patrol",
            3 | 4 => "lights",
            _ => "listen",
        };
        text.push_str(&format!("{id},{code}\n"));
    }
    text
}

fn with_gold() -> Study {
    let study = study();
    let design = drawn(&study);
    study.file("gold/coded.csv", coded(&design)).tail("[gold]\npath = \"gold/*.csv\"\n")
}

#[test]
fn a_draw_is_blind_repeats_and_is_never_written_over() {
    let (one, two) = (study(), study());
    let design = drawn(&one);
    assert_eq!(design, drawn(&two));
    assert_eq!(design["units"].as_array().unwrap().len(), 120);
    let name = "gold/gold.xlsx";
    let book = std::fs::read(one.path(name)).unwrap();
    assert_eq!(book, std::fs::read(two.path(name)).unwrap());
    let again = command(&one, "sample", &["--n", "120"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.starts_with("error: `<study>/gold/gold.xlsx` is there already\nhint: "));
    assert_eq!(book, std::fs::read(one.path(name)).unwrap());
    let coders = command(&one, "sample", &["--width", "8", "--coders", "2", "--out", &out(&one)]);
    assert_eq!(coders.code, 0, "{}", coders.stderr);
    let names: BTreeSet<String> = files(&one.path("second")).into_keys().collect();
    let wanted = ["g-coder-1.xlsx", "g-coder-2.xlsx", "gold-design.json"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from(wanted));
}

fn out(study: &Study) -> String {
    study.path("second/g.xlsx").to_str().unwrap().to_owned()
}

#[test]
fn a_coded_sample_corrects_the_shares_and_takes_the_note_away() {
    let study = with_gold();
    let run = study.done();
    assert!(run.stderr.contains("checked against people on 120 answers"), "{}", run.stderr);
    let summary = run.json("summary.json");
    assert_eq!(summary["validated"], true);
    for name in ["report.html", "report.md"] {
        let text = run.text(name);
        assert!(!text.contains("Not yet checked by people"), "{name}");
        assert!(text.contains("micro-F1") && text.contains("Corrected for errors"), "{name}");
        assert!(text.contains("difference estimator"), "{name}: the methods");
    }
    let rows = run.records("themes.csv");
    let of = |theme: &str| rows.iter().find(|r| r["theme"] == theme).unwrap();
    let number = |row: &std::collections::BTreeMap<String, String>, column: &str| -> f64 {
        row[column].parse().unwrap()
    };
    // The program counts 120 of 240 on patrol, people 80.
    let patrol = of("patrol");
    assert_eq!(patrol["share"], "0.500000");
    assert!((number(patrol, "corrected_share") - 1.0 / 3.0).abs() < 0.06, "{patrol:?}");
    assert!(
        number(patrol, "corrected_low") < 1.0 / 3.0 && number(patrol, "corrected_high") > 1.0 / 3.0
    );
    assert!((number(of("lights"), "corrected_share") - 1.0 / 3.0).abs() < 0.01);
    assert_eq!(run.json("manifest.json")["gold"]["tables"][0]["path"], "gold/coded.csv");
    // The same bytes with another number of threads.
    let outputs = study.run(&["--threads", "1"]).outputs;
    assert!(outputs == run.outputs);
}

#[test]
fn a_share_that_is_protected_is_not_shown_corrected_either() {
    let study = with_gold().tail("[privacy]\nmin_cell = 41\n");
    let run = study.done();
    let rows = run.records("themes.csv");
    let hidden: Vec<_> = rows.iter().filter(|r| r["suppressed"] == "yes").collect();
    assert!(!hidden.is_empty());
    assert!(
        hidden.iter().all(|r| r["corrected_share"].is_empty() && r["corrected_low"].is_empty())
    );
}

#[test]
fn a_sample_of_another_study_is_refused_in_one_line() {
    let inputs = with_gold();
    let text = std::fs::read_to_string(inputs.path("survey.csv")).unwrap();
    // The answers were coded before they were known to be others: what was encoded is kept.
    let run = inputs.file("survey.csv", text + "R900,Something else entirely.\n").run(&[]);
    let said = "error: the gold sample was drawn from another set of answers than this study's\n\
         hint: use the files that the sample was drawn from, or draw and code a new sample";
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.outputs.is_empty());
    let book =
        format!("{CODEBOOK}\n[[theme]]\nid = \"x\"\nlabel = \"X\"\ndefinition = \"More.\"\n");
    with_gold().file("codebook.toml", book).refused(
        2,
        "error: the gold sample was drawn from another codebook than this study's\n\
         hint: use the codebook that the coders used, or draw and code a new sample",
    );
}

#[test]
fn a_sample_that_is_not_coded_yet_is_refused_in_one_line() {
    let absent = study().tail("[gold]\npath = \"gold/*.csv\"\n");
    absent.refused(
        2,
        "error: <study>/study.toml: [gold]: no file `gold/*.csv`\n\
         hint: `canvass sample STUDY --n 300` draws answers for people to code",
    );
    let study = study();
    drawn(&study);
    study.tail("[gold]\npath = \"gold/*.xlsx\"\n").refused(
        2,
        "error: `gold/gold.xlsx`: none of the 120 rows is coded\n\
         hint: write 1 where a theme applies; where none does, write 1 in the column `done`",
    );
}

#[test]
fn codes_without_a_design_measure_but_do_not_correct() {
    let study = study()
        .file("hand.csv", "id,codes\nR1:Q1,patrol\nR4:Q1,lights\nR5:Q1,\n")
        .tail("[gold]\npath = \"hand.csv\"\n");
    let run = study.done();
    assert!(run.stderr.contains("checked against people on 3 answers"), "{}", run.stderr);
    assert!(run.records("themes.csv").iter().all(|r| r["corrected_share"].is_empty()));
    assert!(run.text("report.md").contains("It is not known with which probability"));
}

/// 90 people with words of their own.
fn various() -> Study {
    let said: Vec<String> = (0..90).map(answer).collect();
    Study::of_answers(said.iter().map(String::as_str))
}

fn answer(i: usize) -> String {
    let place = ["park", "station", "school", "market", "bridge"][i % 5];
    let said = ["The lamps are broken at the", "Please walk around the", "Nobody listens at the"];
    format!("{} {place} number {i}.", said[i % 3])
}

const THEMES: [&str; 3] = ["lights", "patrol", "listen"];

/// Trains on answers to learn from that lie elsewhere, under other ids, and names the model.
fn with_model_of(study: Study, answers: &[String]) -> Study {
    let mut table = "id,text,codes\n".to_owned();
    for (i, text) in answers.iter().enumerate() {
        let theme = THEMES.iter().zip(["lamps", "walk", "listens"]);
        let theme = theme.filter(|(_, word)| text.contains(word)).map(|(t, _)| *t).next();
        table += &format!("t{i},{text},{}\n", theme.unwrap_or_default());
    }
    let study = study.file("elsewhere/table.csv", table);
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (coded, codebook, out) =
        (path("elsewhere/table.csv"), path("codebook.toml"), path("model"));
    let encoder = format!("{ROOT}/models/tiny");
    let run = canvass(&[
        "train",
        &coded,
        "--codebook",
        &codebook,
        "--out",
        &out,
        "--encoder",
        &encoder,
        "--method",
        "head",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = study.text().replace("threshold = 0.05\n", "");
    study.toml(&format!("{text}\n[model]\npath = \"model\"\n"))
}

/// Draws and codes 60 people.
fn with_gold_of_various() -> Study {
    let study = various();
    let run = command(&study, "sample", &["--n", "60", "--threads", "2"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut table = "id,codes\n".to_owned();
    for i in drawn_numbers(&study) {
        table += &format!("R{}:Q1,{}\n", i + 1, THEMES[i % 3]);
    }
    study.file("gold/coded.csv", table).tail("[gold]\npath = \"gold/*.csv\"\n")
}

/// The numbers of those who were drawn, from 0.
fn drawn_numbers(study: &Study) -> Vec<usize> {
    let bytes = std::fs::read(study.path("gold/gold-design.json")).unwrap();
    let design: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let id = |u: &serde_json::Value| u["participant"].as_str().unwrap()[1..].to_owned();
    let units = design["units"].as_array().unwrap();
    units.iter().map(|u| id(u).parse::<usize>().unwrap() - 1).collect()
}

#[test]
fn a_model_that_has_learned_the_gold_sample_elsewhere_is_refused() {
    let all: Vec<String> = (0..90).map(answer).collect();
    let study = with_model_of(with_gold_of_various(), &all);
    let run = study.run(&[]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    let said = "error: the model has learned from 60 of the 60 answers of the gold sample, which \
         measures it\nhint: train on other answers: `canvass sample STUDY --for training` draws them";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.outputs.is_empty());
}

#[test]
fn a_few_answers_that_the_model_has_learned_elsewhere_do_not_measure_it() {
    let study = with_gold_of_various();
    let gold = drawn_numbers(&study);
    let mut others: Vec<String> = (0..90).filter(|i| !gold.contains(i)).map(answer).collect();
    others.extend(gold[..3].iter().map(|&i| answer(i).to_uppercase().to_lowercase()));
    let run = with_model_of(study, &others).done();
    let told = "the model has learned from 3 answers of the gold sample, in a table from elsewhere; \
        the people who gave them are left out of what measures it";
    assert!(run.stderr.contains(told), "{}", run.stderr);
    assert!(run.stderr.contains("checked against people on 57 answers"), "{}", run.stderr);
    assert!(run.text("report.md").contains("learned from 3 answers of the gold sample"));
}

#[test]
fn equal_short_answers_of_other_people_measure_the_model() {
    let study = with_gold();
    let texts: Vec<String> = [PATROL, LIGHTS, LISTEN]
        .iter()
        .map(|t| (*t).to_owned())
        .chain((0..60).map(answer))
        .collect();
    let run = with_model_of(study, &texts).done();
    assert!(run.stderr.contains("checked against people on 120 answers"), "{}", run.stderr);
}

/// The words of a workbook.
fn words(study: &Study, name: &str) -> String {
    super::harness::words_of(name, &std::fs::read(study.path(name)).unwrap())
}

#[test]
fn answers_to_learn_from_say_whose_they_are_and_what_they_are_for() {
    let study = with_gold_of_various();
    let run = command(&study, "sample", &["--n", "20", "--for", "training"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let training = words(&study, "training/training.xlsx");
    assert!(training.contains("participant") && training.contains("Survey: R"), "{training}");
    assert!(training.contains("The program learns from these codes."), "{training}");
    let gold = words(&study, "gold/gold.xlsx");
    assert!(!gold.contains("participant") && !gold.contains("The program learns"), "{gold}");
    assert!(gold.contains("Work without the other coder"), "{gold}");
}

#[test]
fn what_could_be_corrected_is_told_by_shares_themes_and_sources() {
    let run = with_gold().done();
    let said = "of the shares of 4 areas and themes 4 could be corrected";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.text("report.md").contains(said));
}

#[test]
fn coders_are_compared_and_their_differences_listed() {
    let study = study()
        .file("ann.csv", "id,text,codes\n1,t,patrol\n2,t,lights\n3,t,\n")
        .file("bob.csv", "id,text,codes\n1,t,patrol\n2,t,\n3,t,\n")
        .file("short.csv", "id,text,codes\n1,t,patrol\n");
    let path = |name: &str| study.path(name).to_str().unwrap().to_owned();
    let (ann, bob, book) = (path("ann.csv"), path("bob.csv"), path("codebook.toml"));
    let decide = path("decide.xlsx");
    let run = canvass(&["evaluate", &ann, &bob, "--codebook", &book, "--adjudicate", &decide]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("2 coders (ann, bob), 3 answers"), "{}", run.stdout);
    assert!(run.stderr.contains("1 answers to decide"), "{}", run.stderr);
    let book_of = words(&study, "decide.xlsx");
    assert!(
        book_of.contains("Decide each of them") && !book_of.contains("Work without"),
        "{book_of}"
    );
    let again = canvass(&["evaluate", &ann, &bob, "--codebook", &book, "--adjudicate", &decide]);
    assert_eq!((again.code, again.stdout.as_str()), (2, ""));
    assert_eq!(
        again.stderr,
        format!(
            "error: `{decide}` is there already\nhint: decisions are never written over: move it \
             away, or name another file\n"
        )
    );
    let json = canvass(&["evaluate", &ann, &bob, "--codebook", &book, "--json"]);
    let found: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(found["answers"], 3);
    study.done();
    let hand = path("hand.csv");
    std::fs::write(&hand, "id,codes,area\nR1:Q1,patrol,N\nR4:Q1,,N\nR999:Q1,,S\n").unwrap();
    let out = path("out");
    let run = canvass(&["evaluate", &hand, "--codebook", &book, "--run", &out, "--group", "area"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("2 answers of 2 people"), "{}", run.stdout);
    assert!(run.stdout.contains("micro-F1     0.667"), "{}", run.stdout);
    assert!(run.stderr.contains("1 coded rows are no responses of that run"), "{}", run.stderr);
    let short = path("short.csv");
    let run = canvass(&["evaluate", &ann, &short, "--codebook", &book]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("short.csv` lacks 2 of the rows of"), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 2);
}
