//! The account: whatever is read, every row and turn has one response a question, every
//! response one id and one state, and all totals agree with a count made here by other means.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::harness::{CODEBOOK, LIGHTS, LISTEN, PATROL, Study};

const SPANISH: &str = "Necesitamos más policías que caminen por nuestras calles cada noche";
const CAMPAIGN: &str =
    "We ask the city to fund more youth programs and to keep the library open every evening.";

/// Answers that a cell may hold, and what must become of each taken alone.
const CELLS: [(&str, &str); 9] = [
    ("", "no-content"),
    ("  ", "no-content"),
    ("n/a", "no-content"),
    ("asdfghjkl", "no-content"),
    (SPANISH, "unsupported-language"),
    (PATROL, "codable"),
    (LIGHTS, "codable"),
    ("My neighbor grows tomatoes, \"the best\" of all,\nand beans.", "codable"),
    (CAMPAIGN, "codable"),
];

/// A row: who sent it, what the questions hold (indices into [`CELLS`]), and whether a field is
/// missing.
#[derive(Debug, Clone)]
struct Row {
    person: u8,
    cells: [usize; 3],
    ragged: bool,
}

fn row() -> impl Strategy<Value = Row> {
    let cells = [0..CELLS.len(), 0..CELLS.len(), 0..CELLS.len()];
    (0u8..9, cells, proptest::bool::weighted(0.1)).prop_map(|(person, cells, ragged)| Row {
        person,
        cells,
        ragged,
    })
}

/// A survey in one or two files with one to three questions.
#[derive(Debug, Clone)]
struct Survey {
    n_questions: usize,
    files: Vec<Vec<Row>>,
}

fn survey() -> impl Strategy<Value = Survey> {
    let files = proptest::collection::vec(proptest::collection::vec(row(), 1..14), 1..3);
    (1usize..4, files).prop_map(|(n_questions, files)| Survey { n_questions, files })
}

/// Turns: speaker 0 moderates.
fn turns() -> impl Strategy<Value = Vec<(u8, usize)>> {
    let texts = prop_oneof![Just(4usize), Just(5), Just(6), Just(8)];
    proptest::collection::vec((0u8..4, texts), 1..20)
}

impl Survey {
    fn bytes(&self, number: usize, file: &[Row]) -> Vec<u8> {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let columns = ["Id", "Who", "Q1", "Q2", "Q3"];
        csv.write_record(&columns[..self.n_questions + 2]).unwrap();
        for (n, row) in file.iter().enumerate() {
            let who = format!("R{}", row.person);
            let mut record = vec![format!("{who}-{number}{n:03}"), who];
            record.extend(row.cells[..self.n_questions].iter().map(|&c| CELLS[c].0.to_owned()));
            if row.ragged {
                record.push("a field too many".into());
            }
            csv.write_record(record).unwrap();
        }
        csv.into_inner().unwrap()
    }

    /// What must become of each response, in the order of reading.
    fn expected(&self) -> Vec<&'static str> {
        let mut sent: BTreeSet<(u8, Vec<&str>)> = BTreeSet::new();
        let mut rows = Vec::new();
        let mut counted: BTreeMap<usize, u8> = BTreeMap::new();
        for row in self.files.iter().flatten() {
            let cells = row.cells[..self.n_questions].iter().map(|&c| CELLS[c]);
            let texts: Vec<&str> = cells.clone().map(|(text, _)| text.trim()).collect();
            let words = texts.iter().any(|t| !t.is_empty());
            let again = !row.ragged && words && !sent.insert((row.person, texts));
            for (question, (text, _)) in cells.enumerate() {
                // Of a campaign the answer whose id comes first is counted.
                if text == CAMPAIGN && !row.ragged && !again {
                    let person = counted.entry(question).or_insert(row.person);
                    *person = row.person.min(*person);
                }
            }
            rows.push((row, again));
        }
        let mut all = Vec::new();
        for (row, again) in rows {
            let cells = row.cells[..self.n_questions].iter().map(|&c| CELLS[c]);
            for (question, (text, alone)) in cells.enumerate() {
                all.push(match (row.ragged, again && !text.trim().is_empty(), text) {
                    (true, ..) => "rejected",
                    (_, true, _) => "duplicate",
                    (_, _, CAMPAIGN) if counted[&question] != row.person => "duplicate",
                    _ => alone,
                });
            }
        }
        all
    }
}

fn study(surveys: &[Survey], talk: &[(u8, usize)]) -> (Study, BTreeMap<String, Vec<&'static str>>) {
    let mut study = Study::new().tail("[privacy]\nmin_cell = 1\n");
    let mut expected = BTreeMap::new();
    for (i, survey) in surveys.iter().enumerate() {
        for (n, rows) in survey.files.iter().enumerate() {
            study = study.file(&format!("wave{i}-{n}.csv"), survey.bytes(n, rows));
        }
        let columns: String = (1..=survey.n_questions)
            .map(|q| format!("[[source.question]]\ncolumn = \"Q{q}\"\n"))
            .collect();
        study = study.source(&format!(
            "name = \"Survey {i}\"\nkind = \"survey\"\nperspective = \"P\"\npath = \"wave{i}-*.csv\"\nid = \"Id\"\nparticipant = \"Who\"\n{columns}"
        ));
        expected.insert(format!("Survey {i}"), survey.expected());
    }
    let turn = |(speaker, text): &(u8, usize)| match speaker {
        0 => "Moderator: What would you change?\n\n".to_owned(),
        n => format!("Speaker {n}: {}\n\n", CELLS[*text].0),
    };
    let states = talk.iter().map(|&(speaker, text)| match speaker {
        0 => "moderator",
        _ => CELLS[text].1,
    });
    expected.insert("Talk".into(), states.collect());
    let text: String = talk.iter().map(turn).collect();
    (study.file("talk.txt", text).talk("Talk", "focus-group", "talk.txt"), expected)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_row_and_turn_has_one_state_and_all_totals_agree(
        surveys in proptest::collection::vec(survey(), 1..3),
        talk in turns(),
    ) {
        let (study, expected) = study(&surveys, &talk);
        let (outcome, run) = study.run_here();
        let ledger = run.records("ledger.csv");

        let ids: BTreeSet<&str> = ledger.iter().map(|r| r["response"].as_str()).collect();
        prop_assert_eq!(ids.len(), ledger.len(), "an id stands twice");

        let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for row in &ledger {
            let state = match row["state"].as_str() {
                "coded" | "no-theme" | "undecided" => "codable",
                other => other,
            };
            found.entry(row["source"].clone()).or_default().push(state);
        }
        prop_assert_eq!(&found, &expected);

        let summary = run.json("summary.json");
        let account = &summary["account"];
        let names: Vec<&str> =
            account["states"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
        let states = run.states();
        for (i, name) in names.iter().enumerate() {
            let counted = states.get(*name).copied().unwrap_or(0);
            prop_assert_eq!(account["total"]["states"][i]["exactly"].as_u64(), Some(counted));
            prop_assert_eq!(outcome.states[i], counted);
        }
        let rows: usize =
            surveys.iter().flat_map(|s| &s.files).map(Vec::len).sum::<usize>() + talk.len();
        prop_assert_eq!(account["total"]["rows"]["exactly"].as_u64(), Some(rows as u64));
        prop_assert_eq!(outcome.rows, rows as u64);
        prop_assert_eq!(account["total"]["responses"]["exactly"].as_u64(), Some(ledger.len() as u64));
        for row in account["rows"].as_array().unwrap() {
            let sum: u64 = row["states"].as_array().unwrap().iter().filter_map(|n| n["exactly"].as_u64()).sum();
            prop_assert_eq!(sum, expected[row["name"].as_str().unwrap()].len() as u64);
        }
    }
}

#[test]
fn the_account_of_a_small_study_is_as_written_here() {
    let csv = format!(
        "Id,Q1,Q2\n\
         1,{PATROL},\n\
         1,{PATROL},\n\
         2,n/a,{SPANISH}\n\
         3,{CAMPAIGN},{LIGHTS}\n\
         4,{CAMPAIGN},{LISTEN}\n\
         5,only one field\n\
         6,asdfghjkl,I like cake.\n"
    );
    let talk = format!("Moderator: Well?\n\nSpeaker 1: {PATROL}\n\nSpeaker 2: Mm-hm.\n");
    let study = Study::new().survey("Survey", &["Q1", "Q2"], csv).file("talk.txt", talk).talk(
        "Talk",
        "focus-group",
        "talk.txt",
    );
    let run = study.done();
    let shown: Vec<String> = run
        .records("ledger.csv")
        .iter()
        .map(|r| {
            [&r["row"], &r["response"], &r["state"], &r["reason"]].map(String::as_str).join(" ")
        })
        .collect();
    let expected = [
        "2 1:Q1 coded ",
        "2 1:Q2 no-content blank",
        "3 1:Q1+2 duplicate submitted twice, see 1:Q1",
        "3 1:Q2+2 no-content blank",
        "4 2:Q1 no-content nothing to say",
        "4 2:Q2 unsupported-language Spanish",
        "5 3:Q1 STATE ",
        "5 3:Q2 coded ",
        "6 4:Q1 duplicate word for word as 3:Q1",
        "6 4:Q2 coded ",
        "7 survey-7:Q1 rejected 2 fields, the header has 3; bytes 387 to 403",
        "7 survey-7:Q2 rejected 2 fields, the header has 3; bytes 387 to 403",
        "8 6:Q1 no-content gibberish",
        "8 6:Q2 STATE ",
        "1 talk#1 moderator ",
        "3 talk#2 coded ",
        "5 talk#3 no-content backchannel",
    ];
    // What the tiny model makes of a sentence outside the codebook means nothing.
    let outside = ["no-theme", "undecided", "coded"];
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (found, wanted) in shown.iter().zip(expected) {
        let fits = outside.iter().any(|state| *found == wanted.replace("STATE", state));
        assert!(fits, "{found} / {wanted}");
    }
}

#[test]
fn rejected_rows_give_exit_3_only_when_strict() {
    let ragged = Study::new().survey("Survey", &["Q1"], format!("Id,Q1\n1,{PATROL}\n2,a,b\n"));
    let run = ragged.run(&[]);
    assert_eq!((run.code, run.states()["rejected"]), (0, 1));
    let strict = ragged.run(&["--strict"]);
    assert_eq!((strict.code, strict.outputs == run.outputs), (3, true), "{}", strict.stderr);
    assert_eq!(Study::of_answers([PATROL]).run(&["--strict"]).code, 0);
}

#[test]
fn a_sentence_in_another_script_inside_an_english_answer_is_not_coded() {
    // The codebook has the very sentence, so that nothing but its script can keep it from a code.
    let chinese = "街道太暗了，路灯都坏了。";
    let book = CODEBOOK.replace("Nobody listens when we talk.", chinese);
    let answer = format!("{PATROL} {LIGHTS} {chinese}");
    let study = Study::of_answers([answer.as_str(), chinese]).file("codebook.toml", book);
    let run = study.done();
    let states = run.states();
    assert_eq!((states["coded"], states["unsupported-language"]), (1, 1));
    let themes: Vec<String> =
        run.records("codings.csv").iter().map(|r| r["theme"].clone()).collect();
    assert_eq!(themes, ["patrol", "lights"]);
}
