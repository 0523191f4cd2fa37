//! Which files a run writes, what stands on each of them, and which quotes.

use super::harness::{LIGHTS, LISTEN, PATROL, Run, Study, words_of};

fn names(run: &Run) -> Vec<&str> {
    run.outputs.keys().map(String::as_str).collect()
}

/// Three respondents, each of whom can be quoted, every count shown.
fn study() -> Study {
    Study::of_answers([PATROL, LIGHTS, LISTEN])
}

fn quoting(privacy: &str) -> Study {
    study().tail(&format!("[privacy]\nmin_cell = 1\n{privacy}"))
}

const SAID: [&str; 3] = ["walk around the block", "lamps here are broken", "Nobody listens"];

/// Which of the three sentences stand in an output.
fn said(run: &Run, name: &str) -> [bool; 3] {
    // The codebook's own examples are not printed; a sentence on a page is a quote.
    SAID.map(|s| run.outputs.get(name).is_some_and(|b| words_of(name, b).contains(s)))
}

#[test]
fn every_file_is_written_by_default() {
    let all = [
        "codings.csv",
        "ledger.csv",
        "manifest.json",
        "quotes-for-review.csv",
        "report.docx",
        "report.html",
        "report.md",
        "summary.json",
        "themes.csv",
        "together.csv",
        "workbook.xlsx",
    ];
    let run = study().done();
    assert_eq!(names(&run), all);
    let text = |name: &str| !name.ends_with(".docx") && !name.ends_with(".xlsx");
    for (name, bytes) in run.outputs.iter().filter(|(name, _)| text(name)) {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is not UTF-8"));
        assert!(text.ends_with('\n') || name == "report.html", "{name}");
    }
}

#[test]
fn a_later_run_with_fewer_formats_removes_its_own_stale_files_alone() {
    let study = study();
    study.done();
    let study = study.file("out/notes.docx", "mine").file("out/more/report.html", "mine too");
    let study = study.tail("[report]\nformats = [\"csv\"]\n[privacy]\nquotes = \"none\"\n");
    let run = study.done();
    let left = [
        "codings.csv",
        "ledger.csv",
        "manifest.json",
        "more/report.html",
        "notes.docx",
        "themes.csv",
        "together.csv",
    ];
    assert_eq!(names(&run), left);
    assert_eq!(run.outputs["notes.docx"], b"mine");
    let listed = run.json("manifest.json")["outputs"].as_array().unwrap().len();
    assert_eq!(listed, 4, "codings, ledger, themes, pairs");
}

#[test]
fn each_format_writes_its_own_file() {
    for (format, own) in [
        ("html", vec!["report.html"]),
        ("md", vec!["report.md"]),
        ("json", vec!["summary.json"]),
        ("docx", vec!["report.docx"]),
        ("xlsx", vec!["workbook.xlsx"]),
        ("csv", vec!["themes.csv", "codings.csv", "together.csv"]),
        ("parquet", vec!["themes.parquet", "codings.parquet"]),
        ("qdpx", vec!["project.qdpx", "codebook.qdc"]),
    ] {
        let study = study().tail(&format!("[report]\nformats = [\"{format}\"]\n"));
        let run = study.done();
        assert_eq!(names(&run), {
            let always = ["ledger.csv", "manifest.json", "quotes-for-review.csv"];
            let mut expected: Vec<&str> = own.into_iter().chain(always).collect();
            expected.sort_unstable();
            expected
        });
    }
}

#[test]
fn the_notice_and_the_missing_validation_stand_in_every_report() {
    let study = study().head("notice = \"Everybody here is invented.\"\n");
    let run = study.title("What people told us").done();
    for name in ["report.html", "report.md", "summary.json", "report.docx", "workbook.xlsx"] {
        let text = words_of(name, &run.outputs[name]);
        assert!(text.contains("Everybody here is invented."), "{name}");
        assert!(text.contains("What people told us"), "{name}");
    }
    assert_eq!(run.json("summary.json")["validated"], false);
    for name in ["report.html", "report.md"] {
        let text = run.text(name);
        let n_sections = text.matches("<h2").count() + text.matches("\n## ").count();
        let n_notes = text.matches("Not yet checked by people").count();
        assert!(n_notes >= n_sections.saturating_sub(1), "{name}: {n_notes} of {n_sections}");
        assert!(n_sections > 5);
    }
    assert!(run.stderr.contains("not validated"), "{}", run.stderr);
}

#[test]
fn the_summary_has_the_form_that_is_published() {
    let schema = serde_json::from_str(include_str!("../../schemas/summary.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let run = quoting("quotes = \"all\"\n").done();
    let faults: Vec<String> =
        validator.iter_errors(&run.json("summary.json")).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_quotes_means_none_in_any_file() {
    let formats = "[report]\nformats = [\"html\", \"docx\", \"xlsx\", \"csv\", \"json\", \"md\", \"parquet\"]\n";
    let run = quoting(&format!("quotes = \"none\"\n{formats}")).done();
    assert!(!run.outputs.contains_key("quotes-for-review.csv"));
    for name in run.outputs.keys() {
        assert_eq!(said(&run, name), [false; 3], "{name}");
    }
}

#[test]
fn all_quotes_are_exact_pieces_of_what_was_said() {
    let run = quoting("quotes = \"all\"\n").done();
    for name in ["report.html", "report.md", "summary.json", "report.docx", "workbook.xlsx"] {
        assert_eq!(said(&run, name), [true; 3], "{name}");
    }
    let quotes: Vec<String> = run.json("summary.json")["sources"][0]["questions"][0]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row["quotes"].as_array().unwrap().clone())
        .map(|q| q["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(quotes.len(), 3, "one a participant: {quotes:?}");
    assert!(quotes.iter().all(|q| [PATROL, LIGHTS, LISTEN].contains(&q.as_str())));
}

#[test]
fn without_a_list_quotes_stand_in_the_file_for_review_alone() {
    let run = quoting("").done();
    assert_eq!(said(&run, "quotes-for-review.csv"), [true; 3]);
    for name in run.outputs.keys().filter(|n| *n != "quotes-for-review.csv") {
        assert_eq!(said(&run, name), [false; 3], "{name}");
    }
}

#[test]
fn quotes_are_released_by_yes_a_name_and_a_date() {
    let list = format!(
        "quote,source,theme,text,released,by,date\n\
         R1:Q1/1,Survey,patrol,{PATROL},Yes,A. Reviewer,2026-03-01\n\
         R2:Q1/1,Survey,lights,{LIGHTS},yes,,2026-03-01\n\
         R2:Q1/1,Survey,lights,Other words,yes,A. Reviewer,2026-03-01\n\
         R3:Q1/1,Survey,listen,{LISTEN},yes,A. Reviewer,\n\
         R3:Q1/1,Survey,listen,{LISTEN},no,A. Reviewer,2026-03-01\n\
         R9:Q1/1,Survey,listen,{LISTEN},yes,A. Reviewer,2026-03-01\n"
    );
    let study = quoting("approved = \"released.csv\"\n").file("released.csv", list);
    let run = study.done();
    for name in ["report.html", "report.md", "summary.json", "report.docx", "workbook.xlsx"] {
        assert_eq!(said(&run, name), [true, false, false], "{name}");
    }
    let warnings = &run.json("summary.json")["warnings"];
    let expected = [
        "2 releases of quotes lack a name or a date and do not count",
        "2 released quotes are not among this run's candidates, or their words changed; they are not shown: see quotes-for-review.csv",
    ];
    assert_eq!(warnings, &serde_json::json!(expected));
}

#[test]
fn a_quote_is_reviewed_and_released_without_characters_that_hide_or_turn_words() {
    let study = |privacy: &str| {
        let answer = "Nobody listens \u{202e}when we talk at the counter.";
        let privacy = format!("[privacy]\nmin_cell = 1\n{privacy}");
        Study::of_answers([answer, LIGHTS]).tail(&privacy)
    };
    let run = study("").done();
    let list = run.text("quotes-for-review.csv");
    assert!(list.contains("Nobody listens when we talk") && !list.contains('\u{202e}'), "{list}");
    let released = list.replace(",,,\n", ",yes,A. Reviewer,2026-03-01\n");
    let run = study("approved = \"released.csv\"\n").file("released.csv", released).done();
    assert!(run.text("report.html").contains("Nobody listens when we talk at the counter."));
}

#[test]
fn a_list_of_released_quotes_without_its_columns_is_refused() {
    let study = quoting("approved = \"released.csv\"\n");
    study.file("released.csv", "quote;text;released;by;date\n").refused(
        2,
        "error: <study>/released.csv: the list of released quotes has no column `quote`\nhint: save quotes-for-review.csv as CSV with commas, under another name",
    );
}

#[test]
fn pairs_of_areas_stand_in_the_working_file_and_in_a_report_that_shows_every_count() {
    // Of 40 who raise lamps 30 raise listening too, of 40 others 6.
    let answer = |i: usize| match i {
        0..30 => format!("{LIGHTS} {LISTEN}"),
        30..40 => LIGHTS.to_owned(),
        40..46 => LISTEN.to_owned(),
        _ => PATROL.to_owned(),
    };
    let answers: Vec<String> = (0..80).map(answer).collect();
    let run = |min: &str| {
        let study = Study::of_answers(answers.iter().map(String::as_str));
        study.tail(&format!("[privacy]\nmin_cell = {min}\n")).done()
    };
    let told = run("1");
    let pairs = &told.json("summary.json")["sources"][0]["together"];
    let counts =
        |pair: &serde_json::Value| [&pair["people"], &pair["both"]].map(serde_json::Value::as_u64);
    assert!(pairs["rows"].as_array().unwrap().iter().any(|p| counts(p) == [Some(36), Some(30)]));
    for name in ["report.html", "report.md", "report.docx", "workbook.xlsx"] {
        let words = words_of(name, &told.outputs[name]);
        assert!(words.contains("What is said together"), "{name}");
        assert!(words.contains("does not say that one brings about the other"), "{name}");
    }
    let row = |run: &Run| {
        let rows = run.records("together.csv");
        rows.into_iter().find(|r| r["first"] == "lights" && r["second"] == "listen").unwrap()
    };
    let pair = row(&told);
    let cells = ["base", "raised_first", "raised_second", "raised_both"].map(|c| pair[c].as_str());
    assert_eq!(cells, ["80", "40", "36", "30"]);
    assert_eq!(
        (pair["share_of_first"].as_str(), pair["share_of_others"].as_str()),
        ("0.750000", "0.150000")
    );
    let closed = run("3");
    assert_eq!(closed.json("summary.json")["sources"][0]["together"], serde_json::Value::Null);
    assert_eq!(row(&closed), pair);
    let manifest = closed.json("manifest.json");
    let listed = manifest["outputs"].as_array().unwrap().iter();
    let mut listed = listed.filter(|o| o["path"] == "together.csv");
    assert_eq!(listed.next().unwrap()["for"], "work");
}
