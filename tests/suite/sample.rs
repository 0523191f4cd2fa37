//! The sample study: what it promises about itself, and that the program runs it whole with the
//! real model.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use canvass::codebook;

use super::encoder::minilm;
use super::harness::{Run, canvass, files, records};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/community-safety");

/// One run of the sample, shared by the tests.
static RUN: LazyLock<Run> = LazyLock::new(|| {
    minilm();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out_arg = out.to_str().unwrap();
    let mut run =
        canvass(&["run", SAMPLE, "--threads", "2", "--strict", "--fresh", "--out", out_arg]);
    run.outputs = files(&out);
    run
});

/// The input files of the sample.
fn inputs() -> Vec<PathBuf> {
    let names = RUN.json("manifest.json")["inputs"].as_array().unwrap().clone();
    names.iter().map(|f| Path::new(SAMPLE).join(f["path"].as_str().unwrap())).collect()
}

/// All text of an input file, the words of a document or workbook included.
fn text_of(path: &Path) -> String {
    if path.extension().is_some_and(|e| e == "docx" || e == "xlsx") {
        let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let part = ["word/document.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"];
        let mut all = String::new();
        for name in part {
            if let Ok(mut file) = archive.by_name(name) {
                file.read_to_string(&mut all).unwrap();
            }
        }
        let mut words = String::new();
        for piece in all.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
            let ends = ["/w:p", "/si", "/is", "/c"].contains(&tag);
            words.push_str(if ends { "\n" } else { text });
        }
        return words;
    }
    std::fs::read_to_string(path).unwrap()
}

/// Lower-case words between single spaces.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace(['\'', '’'], "");
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn book() -> codebook::Codebook {
    codebook::read(&Path::new(SAMPLE).join("codebook.toml")).unwrap()
}

#[test]
fn the_sample_runs_and_rejects_nothing() {
    assert_eq!(RUN.code, 0, "{}", RUN.stderr);
    let states = RUN.states();
    assert!(!states.contains_key("rejected"), "{states:?}");
    assert!(states["coded"] > states["no-theme"], "{states:?}");
    for state in ["no-content", "unsupported-language", "duplicate", "moderator", "undecided"] {
        assert!(states.contains_key(state), "the sample shows no `{state}`: {states:?}");
    }
    assert!(RUN.stderr.lines().count() <= 12, "{}", RUN.stderr);
}

#[test]
fn at_least_400_people_answer_the_survey() {
    let survey = text_of(&Path::new(SAMPLE).join("survey.csv"));
    let (_, table) = survey.split_once('\n').unwrap();
    let people: BTreeSet<String> =
        records(table.as_bytes()).into_iter().map(|r| r["ResponseId"].clone()).collect();
    assert!(people.len() >= 400, "{}", people.len());
}

#[test]
fn every_source_of_the_study_is_heard() {
    let ledger = RUN.records("ledger.csv");
    let sources: BTreeSet<&str> = ledger.iter().map(|r| r["source"].as_str()).collect();
    assert!(sources.len() >= 6, "{sources:?}");
    let perspectives: BTreeSet<String> = RUN.json("summary.json")["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["perspective"].as_str().unwrap().to_owned())
        .collect();
    let expected = ["Community", "Members", "National", "Partners"].map(str::to_owned);
    assert_eq!(perspectives, BTreeSet::from(expected));
}

#[test]
fn the_codebook_has_at_least_35_themes_with_five_examples_each() {
    let book = book();
    assert!(book.themes.len() >= 35, "{}", book.themes.len());
    for theme in &book.themes {
        assert!(theme.examples.len() >= 5, "`{}` has {}", theme.id, theme.examples.len());
    }
}

/// Whole answers and turns of the sample, without speaker's label or bullet.
fn answers() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for path in inputs() {
        let text = text_of(&path);
        if path.ends_with("survey.csv") {
            let rows = records(text.split_once('\n').unwrap().1.as_bytes());
            all.extend(rows.iter().flat_map(|r| [plain(&r["Q1"]), plain(&r["Q2"])]));
            continue;
        }
        for line in text.lines() {
            all.extend([plain(line), plain(line.split_once(": ").map_or("", |(_, words)| words))]);
        }
    }
    all
}

#[test]
fn no_example_of_the_codebook_is_an_answer_of_the_sample() {
    let answers = answers();
    assert!(answers.len() > 1000, "{}", answers.len());
    let texts: Vec<String> = inputs().iter().map(|p| format!(" {} ", plain(&text_of(p)))).collect();
    let mut found = Vec::new();
    for example in book().themes.iter().flat_map(|t| &t.examples) {
        let words = plain(example);
        let sentence = words.split(' ').count() >= 5;
        let inside = sentence && texts.iter().any(|t| t.contains(&format!(" {words} ")));
        if inside || answers.contains(&words) {
            found.push(example.clone());
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn hand_codes_belong_to_answers_and_themes_that_exist() {
    let gold = records(&std::fs::read(Path::new(SAMPLE).join("gold.csv")).unwrap());
    let ledger = RUN.records("ledger.csv");
    let known: BTreeSet<&str> = ledger.iter().map(|r| r["response"].as_str()).collect();
    let themes: BTreeSet<String> = book().themes.into_iter().map(|t| t.id).collect();
    let survey = text_of(&Path::new(SAMPLE).join("survey.csv"));
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for row in records(survey.split_once('\n').unwrap().1.as_bytes()) {
        for question in ["Q1", "Q2"] {
            let id = format!("{}:{question}", row["ResponseId"]);
            answers.entry(id).or_insert_with(|| row[question].clone());
        }
    }
    assert!(gold.len() >= 200, "{}", gold.len());
    let mut seen = BTreeSet::new();
    for row in &gold {
        let id = row["id"].as_str();
        assert!(known.contains(id), "{id} is no response");
        assert!(seen.insert(id), "{id} is coded twice");
        assert_eq!(answers[id].trim(), row["text"].trim(), "{id} has another text");
        for code in row["codes"].split(';').filter(|c| !c.is_empty()) {
            assert!(themes.contains(code), "{id}: `{code}` is not in the codebook");
        }
        assert!(row["note"].contains("invented"), "{id}");
    }
}

#[test]
fn every_file_and_every_report_says_that_it_is_invented() {
    for path in inputs() {
        let text = text_of(&path);
        // Web captions must begin with their own mark; the note comes right behind it.
        let first = text.lines().map(str::trim).find(|l| !l.is_empty() && *l != "WEBVTT");
        let first = first.unwrap_or_default().to_lowercase();
        assert!(first.contains("invented"), "{}: {first}", path.display());
    }
    for name in ["study.toml", "codebook.toml"] {
        let text = std::fs::read_to_string(Path::new(SAMPLE).join(name)).unwrap();
        assert!(text.lines().take(8).any(|l| l.contains("invented")), "{name}");
    }
    for name in ["report.html", "report.md", "summary.json"] {
        assert!(RUN.text(name).contains("Invented for the canvass sample study"), "{name}");
    }
}

#[test]
fn quotes_of_the_sample_are_said_in_its_files() {
    let texts: Vec<String> = inputs().iter().map(|p| plain(&text_of(p))).collect();
    let quotes: Vec<String> = RUN.json("summary.json")["sources"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s["questions"][0]["rows"].as_array().unwrap().clone())
        .flat_map(|row| row["quotes"].as_array().unwrap().clone())
        .map(|q| q["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(quotes.len() > 30, "{}", quotes.len());
    for quote in quotes {
        let words = plain(&quote);
        assert!(texts.iter().any(|t| t.contains(&words)), "nobody said: {quote}");
    }
}
