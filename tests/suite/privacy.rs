//! Nothing that points to a person leaves the program: not in outputs, not on its streams, not
//! in an error, not in what is kept between runs. The canaries are planted in every place that a
//! run reads. Names stand behind a cue (a rank, "my name is", a speaker's label), because redaction
//! finds no others; names without one, crossings and streets without a number are known misses, and
//! no canary here.

use super::harness::{LIGHTS, LISTEN, PATROL, Run, Study, files, words_of};

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
    let interview = format!(
        "Moderator: Who answered, Tomasz?\n\n\
         Tomasz: Sergeant Quillfeather, badge 44719. {LISTEN} My number is 312-555-0147.\n"
    );
    Study::new()
        .table("Survey", "survey", &["Q1"], "id = \"Email\"\n", survey)
        .file("talk.txt", talk)
        .talk("Talk", "focus-group", "talk.txt")
        .file("interview.txt", interview)
        .talk("Interview", "interview", "interview.txt")
}

/// What a run read: everything else in the folder it made.
const INPUTS: [&str; 5] =
    ["study.toml", "codebook.toml", "survey.csv", "talk.txt", "interview.txt"];

/// Every file that a run left in the folder of its study, hidden ones too, as bytes and as what can
/// be read in packages and tables.
#[track_caller]
fn nothing_was_kept(study: &Study) {
    let left = files(&study.path(""));
    let made: Vec<_> = left.iter().filter(|(name, _)| !INPUTS.contains(&name.as_str())).collect();
    assert!(made.iter().any(|(name, _)| name.starts_with(".canvass")), "nothing is kept");
    for (name, bytes) in made {
        let raw = String::from_utf8_lossy(bytes).to_lowercase();
        let words = words_of(name, bytes).to_lowercase();
        for canary in CANARIES {
            assert!(!name.to_lowercase().contains(canary), "`{canary}` is in the name of {name}");
            assert!(!raw.contains(canary) && !words.contains(canary), "`{canary}` is in {name}");
        }
    }
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
        let study = planted().tail(&tail);
        let run = study.run(&["--json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(run.records("ledger.csv").len(), 15);
        nothing_leaked(&run);
        nothing_was_kept(&study);
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

#[test]
fn answers_to_follow_up_are_listed_apart_without_a_word_and_never_quoted() {
    use std::os::unix::fs::PermissionsExt;
    let hurt = "Please walk around the block before I hurt myself.";
    let study = Study::of_answers([hurt, PATROL, LIGHTS])
        .tail("[privacy]\nmin_cell = 1\nquotes = \"all\"\n");
    let run = study.done();
    let list = study.path("restricted/follow-up.csv");
    let text = std::fs::read_to_string(&list).unwrap();
    let start = hurt.find("hurt").unwrap();
    assert_eq!(
        text,
        format!(
            "source,file,row,response,start,end,rule\nSurvey,survey.csv,2,R1:Q1,{start},{},self-harm\n",
            start + "hurt myself".len()
        )
    );
    let mode = |p: &std::path::Path| std::fs::metadata(p).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(list.parent().unwrap()), mode(&list)), (0o700, 0o600));
    assert!(run.stderr.contains("1 place in answers tells of harm"), "{}", run.stderr);
    assert!(!run.everything().contains("hurt myself"));
    // An answer that was taken out leaves no line behind.
    let study = study.file("survey.csv", format!("Id,Q1\nR2,{PATROL}\nR3,{LIGHTS}\n"));
    assert_eq!(study.run(&[]).code, 0);
    assert!(!list.exists());
}

#[test]
fn a_report_that_differs_by_a_few_people_from_the_one_before_says_so_and_is_the_same() {
    let answers = |n: usize| vec![PATROL; n];
    let study = Study::of_answers(answers(40)).tail("[privacy]\nquotes = \"none\"\n");
    assert!(!study.done().stderr.contains("earlier report"));
    let more: String = (0..43).map(|i| format!("R{},{PATROL}\n", i + 1)).collect();
    let study = study.file("survey.csv", format!("Id,Q1\n{more}"));
    let second = study.done();
    assert!(second.stderr.contains("differ by fewer than 11"), "{}", second.stderr);
    let again = study.done();
    assert!(!again.stderr.contains("earlier report"), "{}", again.stderr);
    assert!(again.outputs == second.outputs, "an output says what stood there before");
}
