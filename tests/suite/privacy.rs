//! Nothing that points to a person leaves the program: not in outputs, not on its streams, not
//! in an error. The canaries are planted in every place that a run reads.

use super::harness::{LIGHTS, LISTEN, PATROL, Run, Study};

/// Pieces that must not come out, whatever case or punctuation surrounds them.
const CANARIES: [&str; 16] = [
    "zbrowski",
    "quillfeather",
    "555-0147",
    "5550147",
    "mkowal",
    "example.com",
    "44719",
    "kx 4417",
    "2218",
    "lantern st",
    "delphine",
    "arceneaux",
    "resident77",
    "example.org",
    "555-0182",
    "tomasz",
];

/// A survey and a transcript full of canaries.
fn planted() -> Study {
    let survey = format!(
        "Email,Q1\n\
         resident77@example.org,\"{PATROL} Officer Zbrowski was rude. {LIGHTS}\"\n\
         (312) 555-0182,{LISTEN} Call me at 312-555-0147 or write to mkowal@example.com please.\n\
         7,My name is Delphine Arceneaux and I live at 2218 W Lantern St near the lamps on our corner.\n\
         8,\"Sergeant Quillfeather, badge 44719, drove the car with plate KX 4417. {PATROL}\"\n\
         9,\"Officer Zbrowski walked around the block, every evening, Officer Zbrowski!\"\n\
         9,\"Officer Zbrowski walked around the block, every evening, Officer Zbrowski!\"\n\
         10,Call 3125550147,a field too many of mkowal@example.com\n"
    );
    let talk = format!(
        "Moderator: Thank you, Delphine.\n\n\
         Delphine: {PATROL} I told Officer Zbrowski.\n\n\
         Tomasz: {LISTEN}\n\n\
         Moderator: And you, Tomasz?\n\n\
         Delphine: {LIGHTS}\n\n\
         Tomasz: My e-mail is mkowal@example.com.\n"
    );
    Study::new()
        .table("Survey", "survey", &["Q1"], "id = \"Email\"\n", survey)
        .file("talk.txt", talk)
        .talk("Talk", "focus-group", "talk.txt")
}

#[track_caller]
fn nothing_leaked(run: &Run) {
    let all = run.everything().to_lowercase();
    for canary in CANARIES {
        if let Some(at) = all.find(canary) {
            let from = (0..=at.saturating_sub(80)).rev().find(|&i| all.is_char_boundary(i));
            panic!("`{canary}` came out: …{}", &all[from.unwrap_or(0)..at + canary.len()]);
        }
    }
}

#[test]
fn identifiers_come_out_nowhere_even_when_all_quotes_are_shown() {
    for quotes in ["all", "reviewed", "none"] {
        let tail = format!(
            "[privacy]\nmin_cell = 1\nquotes = \"{quotes}\"\n[report]\nformats = [\"html\", \"docx\", \"xlsx\", \"csv\", \"json\", \"md\", \"parquet\", \"qdpx\"]\n"
        );
        let run = planted().tail(&tail).run(&["--json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(run.records("ledger.csv").len(), 13);
        nothing_leaked(&run);
    }
}

#[test]
fn what_was_replaced_is_counted_in_the_account() {
    let summary = planted().done().json("summary.json");
    let marks: Vec<&str> = summary["account"]["redactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| pair[0].as_str().unwrap())
        .collect();
    for mark in ["[EMAIL]", "[PHONE]", "[ADDRESS]", "[BADGE]", "[PLATE]", "[NAME]"] {
        assert!(marks.contains(&mark), "{mark} is not among {marks:?}");
    }
}

#[test]
fn participants_with_an_address_as_id_get_a_hash_in_its_place() {
    let run = planted().done();
    let hashed =
        run.records("ledger.csv").iter().filter(|r| r["response"].starts_with("p-")).count();
    assert_eq!(hashed, 2);
}

#[test]
fn errors_say_nothing_of_what_people_wrote() {
    let spoil = |from: &str, to: &str| {
        let study = planted();
        let text = study.text();
        assert!(text.contains(from));
        let changed = text.replacen(from, to, 1);
        study.toml(&changed)
    };
    let runs = [
        spoil("column = \"Q1\"", "column = \"Q9\"").run(&[]),
        spoil("id = \"Email\"", "id = \"E-mails\"").run(&[]),
        spoil("kind = \"focus-group\"", "kind = \"survey\"").run(&[]),
        spoil("path = \"talk.txt\"", "path = \"tlak.txt\"").run(&[]),
        planted().file("talk.txt", "We met Officer Zbrowski.\nHe was rude.\n").run(&[]),
        planted().file("codebook.toml", "[[theme]]\nid = 1\n").run(&[]),
    ];
    for run in runs {
        assert_eq!(run.code, 2, "{}", run.stderr);
        nothing_leaked(&run);
    }
}

#[test]
fn a_quote_that_is_never_closed_leaks_nothing() {
    let survey = "Email,Q1\n1,\"Officer Zbrowski lives at 2218 W Lantern St\n2,fine words here\n";
    let run = planted().file("survey.csv", survey).run(&[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.states().contains_key("rejected"));
    nothing_leaked(&run);
}
