//! Small counts of people are protected in every output alike. The tests compare two studies
//! that differ in a protected count alone: what may be published must not differ by a byte.

use super::harness::{LIGHTS, LISTEN, PATROL, Run, Study, words_of};

/// Outputs that may be published; `ledger.csv` and `codings.csv` are working files by design.
const PUBLIC: [&str; 7] = [
    "report.html",
    "report.docx",
    "report.md",
    "workbook.xlsx",
    "themes.csv",
    "themes.parquet",
    "summary.json",
];

/// The default formats and Parquet, and no quotes.
const TAIL: &str = "[privacy]\nquotes = \"none\"\n[report]\nformats = [\"html\", \"docx\", \"xlsx\", \"csv\", \"json\", \"md\", \"parquet\"]\n";

#[track_caller]
fn equal_in_public(a: &Run, b: &Run) {
    for name in PUBLIC {
        let (a, b) = (words_of(name, &a.outputs[name]), words_of(name, &b.outputs[name]));
        for (x, y) in a.lines().zip(b.lines()) {
            assert_eq!(x, y, "{name} gives a protected count away");
        }
        assert_eq!(a.len(), b.len(), "{name} gives a protected count away");
    }
}

/// Thirty respondents: twelve speak of lights, the rest of patrol, and the first `n` of the
/// latter say, in the place of a second sentence on patrol, that nobody listens.
fn thirty(n: usize) -> Run {
    let answers: Vec<String> = (0..30)
        .map(|i| match i {
            0..12 => format!("{LIGHTS} {LIGHTS}"),
            _ if i < 12 + n => format!("{PATROL} {LISTEN}"),
            _ => format!("{PATROL} {PATROL}"),
        })
        .collect();
    Study::of_answers(answers.iter().map(String::as_str)).tail(TAIL).done()
}

#[test]
fn a_theme_that_three_of_thirty_raised_has_no_count_and_no_share_anywhere() {
    let run = thirty(3);
    let row =
        |theme: &str| run.records("themes.csv").into_iter().find(|r| r["theme"] == theme).unwrap();
    let (few, many) = (row("listen"), row("lights"));
    assert_eq!(few["suppressed"], "yes");
    for column in
        ["participants", "share", "low", "high", "participants_with_copies", "share_with_copies"]
    {
        assert_eq!(few[column], "", "{column}");
        assert_ne!(many[column], "", "{column}");
    }
    assert_eq!((many["participants"].as_str(), many["base"].as_str()), ("12", "30"));

    let summary = run.json("summary.json");
    let rows = summary["sources"][0]["questions"][0]["rows"].as_array().unwrap().clone();
    let row = rows.iter().find(|r| r["theme"] == 3).unwrap();
    assert_eq!(row["participants"], serde_json::json!({"fewer-than": 11}));
    assert!(row["share"].is_null());

    for name in ["report.html", "report.md"] {
        let text = run.text(name).replace('\u{a0}', " ");
        assert!(text.contains("fewer than 11"), "{name}");
        assert!(!text.contains("10 %") && !text.contains("0.1 "), "{name}");
    }
}

#[test]
fn nobody_can_tell_three_from_five() {
    equal_in_public(&thirty(3), &thirty(5));
}

/// Sixty respondents of two districts; all speak of patrol, twenty of lights too, `south` of
/// them in the South.
fn districts(south: usize) -> Run {
    let mut csv = String::from("Id,District,Q1\n");
    for i in 0..60 {
        let (district, nth) = if i < 30 { ("North", i) } else { ("South", i - 30) };
        let speaks = if i < 30 { nth < 20 - south } else { nth < south };
        let also = if speaks { LIGHTS } else { PATROL };
        csv.push_str(&format!("R{i},{district},{PATROL} {also}\n"));
    }
    Study::new()
        .table("Survey", "survey", &["Q1"], "id = \"Id\"\ngroups = [\"District\"]\n", csv)
        .tail(TAIL)
        .done()
}

#[test]
fn a_small_cell_of_a_group_cannot_be_worked_out_from_the_rest() {
    let run = districts(3);
    equal_in_public(&run, &districts(5));
    let south = |r: &&std::collections::BTreeMap<String, String>| {
        r["group"] == "District=South" && r["theme"] == "lights"
    };
    let rows = run.records("themes.csv");
    assert_eq!(rows.iter().find(south).unwrap()["suppressed"], "yes");
}

/// Forty respondents: a campaign of twenty speaks of lights and of listening; `n` others speak
/// of listening by themselves.
fn campaign(n: usize) -> Run {
    let campaign = format!("{LIGHTS} {LISTEN} We ask for this.");
    let answers: Vec<String> = (0..40)
        .map(|i| match i {
            0..20 => campaign.clone(),
            _ if i < 20 + n => format!("{PATROL} {LISTEN}"),
            _ => format!("{PATROL} {PATROL}"),
        })
        .collect();
    Study::of_answers(answers.iter().map(String::as_str)).tail(TAIL).done()
}

#[test]
fn a_protected_count_cannot_be_worked_out_from_the_count_with_copies() {
    let run = campaign(3);
    assert_eq!(run.states()["duplicate"], 19);
    equal_in_public(&run, &campaign(5));
}

#[test]
fn a_smallest_cell_of_one_shows_every_count() {
    let run = Study::of_answers([PATROL, LIGHTS, LIGHTS]).tail("[privacy]\nmin_cell = 1\n").done();
    let shown: Vec<(String, String)> = run
        .records("themes.csv")
        .into_iter()
        .map(|r| (r["theme"].clone(), r["participants"].clone()))
        .collect();
    let expected = [("lights", "2"), ("presence", "1"), ("patrol", "1")];
    assert_eq!(shown, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

const SPANISH: &str = "Necesitamos más policías que caminen por nuestras calles cada noche";

/// Forty answers on patrol, and one more that is set aside.
fn set_aside(last: &str) -> Run {
    let answers = (0..40).map(|_| PATROL).chain([last]);
    Study::of_answers(answers).tail(TAIL).done()
}

#[test]
fn one_answer_in_another_language_hides_nothing_of_what_was_read_and_stays_one_of_two_things() {
    let run = set_aside(SPANISH);
    assert_eq!(run.states()["unsupported-language"], 1);
    equal_in_public(&run, &set_aside("n/a"));
    let account = run.json("summary.json")["account"].clone();
    let exactly = |n: u64| serde_json::json!({ "exactly": n });
    for line in [&account["rows"][0], &account["total"]] {
        assert_eq!((&line["rows"], &line["responses"]), (&exactly(41), &exactly(41)));
        let sum: u64 = (0..9).filter_map(|i| line["states"][i]["exactly"].as_u64()).sum();
        assert_eq!((&line["states"][5], sum), (&exactly(1), 41));
    }
    assert_eq!(account["states"][5]["id"], "no-content-or-language");
    assert!(account["languages"].as_array().unwrap().is_empty());
    for name in PUBLIC.iter().filter(|n| !n.starts_with("themes")) {
        let words = words_of(name, &run.outputs[*name]);
        assert!(words.contains("No content or other language"), "{name}");
        assert!(words.contains("41"), "{name}");
    }
}

#[test]
fn many_answers_in_another_language_are_told_by_themselves() {
    let answers = (0..60).map(|i| if i < 40 { PATROL } else { SPANISH });
    let account =
        Study::of_answers(answers).tail(TAIL).done().json("summary.json")["account"].clone();
    assert_eq!(account["states"][4]["id"], "unsupported-language");
    assert_eq!(account["total"]["states"][4], serde_json::json!({ "exactly": 20 }));
    assert_eq!(account["languages"], serde_json::json!([["Spanish", { "exactly": 20 }]]));
}

/// Twenty answers in a survey, and three in another one.
fn small_beside_large(cell: &str) -> Study {
    let rows = |n: usize| {
        let rows: String = (0..n).map(|i| format!("R{i},{PATROL}\n")).collect();
        format!("Id,Q1\n{rows}")
    };
    Study::new()
        .survey("Large", &["Q1"], rows(20))
        .table("Small", "survey", &["Q1"], &format!("id = \"Id\"\n{cell}"), rows(3))
        .tail(TAIL)
}

#[test]
fn the_rows_of_a_small_source_are_few_and_the_others_are_added_up() {
    let run = small_beside_large("").done();
    let account = run.json("summary.json")["account"].clone();
    assert_eq!(account["rows"][1]["rows"], serde_json::json!({ "fewer-than": 11 }));
    assert_eq!(account["total"]["rows"], serde_json::json!({ "exactly": 20 }));
    assert_eq!(account["left_out"], serde_json::json!(["Small"]));
    for name in ["report.html", "report.md", "report.docx", "workbook.xlsx"] {
        let words = words_of(name, &run.outputs[name]);
        assert!(words.contains("Small is not in these sums"), "{name}");
    }
}

#[test]
fn where_every_source_is_small_nothing_is_added_up_and_nothing_is_listed_for_the_plan() {
    let run = Study::of_answers([PATROL, LIGHTS, LISTEN]).done();
    for name in ["report.html", "report.md", "report.docx", "workbook.xlsx"] {
        let words = words_of(name, &run.outputs[name]);
        assert!(!words.contains("Sum of the others"), "{name}");
        assert!(!words.contains("Engagement and visibility"), "{name}");
    }
    let words = words_of("report.html", &run.outputs["report.html"]);
    assert!(words.contains("No theme with a tag is known to have been raised."));
}

#[test]
fn a_source_of_which_nothing_can_be_coded_is_said() {
    let run = Study::of_answers(["n/a", "", "n/a"]).done();
    let said = "warning: nothing could be coded in `Survey`, so no theme stands there";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

const REASON: &str = "Three offices that asked to be counted by name";

#[test]
fn a_source_may_have_a_smallest_count_of_its_own_and_every_report_says_why() {
    let cell = format!("min_cell = 1\nmin_cell_reason = \"{REASON}\"\n");
    let run = small_beside_large(&cell).done();
    let of = |source: &str| {
        let rows = run.records("themes.csv");
        let row = rows.into_iter().find(|r| r["source"] == source && r["theme"] == "patrol");
        row.unwrap()["participants"].clone()
    };
    assert_eq!((of("Small").as_str(), of("Large").as_str()), ("3", "20"));
    let summary = run.json("summary.json");
    assert_eq!(summary["sources"][1]["min_cell"], 1);
    assert_eq!(summary["sources"][1]["min_cell_reason"], REASON);
    assert_eq!(summary["sources"][0]["min_cell"], 11);
    let settings = &run.json("manifest.json")["settings"]["min_cell_of_sources"];
    let set = serde_json::json!([{ "source": "Small", "min_cell": 1, "reason": REASON }]);
    assert_eq!(settings, &set);
    for name in ["report.html", "report.md", "report.docx", "workbook.xlsx", "summary.json"] {
        let words = words_of(name, &run.outputs[name]).replace('\u{a0}', " ");
        assert!(words.contains("Small: every count is shown, however small"), "{name}");
        assert!(words.contains(REASON), "{name}");
    }
}
