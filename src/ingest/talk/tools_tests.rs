//! Transcripts and captions as the tools write them. All people are invented.

use super::*;
use crate::ingest::{Kind, SourceSpec};

pub(super) fn spec() -> SourceSpec {
    SourceSpec {
        name: "s".into(),
        kind: Kind::FocusGroup,
        perspective: String::new(),
        files: vec![],
        id: None,
        participant: None,
        weight: None,
        groups: vec![],
        questions: vec![],
        moderators: [
            "Moderator",
            "Interviewer",
            "Q",
            "I",
            "Entrevistadora",
            "主持人",
            "Dana Reyes",
        ]
        .map(String::from)
        .to_vec(),
        parts: false,
        table: crate::ingest::TableHints::default(),
        sheet: None,
    }
}

pub(super) fn intake(file: &str, bytes: &[u8]) -> Result<FileIntake, Error> {
    let spec = spec();
    let context =
        Context { spec: &spec, file, stem: "t", limits: crate::ingest::Limits::default() };
    match file.rsplit_once('.').unwrap().1 {
        "vtt" => vtt::read(&context, bytes),
        "srt" => srt::read(&context, bytes),
        "sbv" => sbv::read(&context, bytes),
        _ => txt::read(&context, bytes),
    }
}

/// Every record as `line person: words`; `M` is a moderator's, `X` a rejected one.
pub(super) fn shown(file: &str, text: &str) -> Vec<String> {
    let intake = intake(file, text.as_bytes()).unwrap();
    assert_eq!(intake.rows as usize, intake.responses.len());
    let line = |r: &Draft| match &r.content {
        Content::Text(text) => format!("{} {}: {}", r.row, r.person.unwrap(), text.expose()),
        Content::Moderator => format!("{} M", r.row),
        Content::Rejected(_) => format!("{} X", r.row),
    };
    intake.responses.iter().map(line).collect()
}

#[test]
fn teams_writes_a_heading_with_a_time_above_the_words() {
    let text = "Listening session\n\nDana Reyes started transcription\n\nDana Reyes   0:03\nWhat would help?\n\nOmar Haddad (Guest)   0:09\nNote: I walk home late.\nMore light.\n\njliu   0:21\nYes.\n\nOmar Haddad (Guest)   1:02:21\nAnd benches.\n";
    let turns =
        ["5 M", "8 0: Note: I walk home late.\nMore light.", "12 1: Yes.", "15 0: And benches."];
    assert_eq!(shown("t.txt", text), turns);
    let warnings = intake("t.txt", text.as_bytes()).unwrap().warnings;
    assert!(warnings[0].contains("1 lines are the recording tool's own"), "{warnings:?}");
    let old = "0:0:0.0 --> 0:0:4.250\nDana Reyes\nWhat would help?\n0:0:5.0 --> 0:0:9.1\nOmar Haddad\nMore light\n0:0:9.1 --> 0:0:9.9\nOmar Haddad\non our street.\n";
    assert_eq!(shown("t.txt", old), ["2 M", "5 0: More light", "8 0: on our street."]);
}

#[test]
fn zoom_writes_captions_texts_and_chats() {
    let saved = "[Dana Reyes] 10:02:11\nWhat would help?\n\n[Omar Haddad] 10:02:40\nMore light.\nAnd benches.\n";
    assert_eq!(shown("t.txt", saved), ["1 M", "4 0: More light.\nAnd benches."]);
    let lines = "00:01:02 Dana Reyes: What would help?\n00:01:09 Omar Haddad: More light.\n00:01:12 Dana Reyes: Where?\n00:01:15 Li Na Chen: Everywhere.\n";
    assert_eq!(shown("t.txt", lines), ["1 M", "2 0: More light.", "3 M", "4 1: Everywhere."]);
    let chat = "10:15:22 From Omar Haddad to Everyone: The bus is late, I mean: very late\n10:15:40 From Dana Reyes to Everyone:\n\tThank you\n10:16:02\t From  Rosa Díaz : Same here\n10:17:00 From Omar Haddad To Dana Reyes(Direct Message): ok\n";
    let turns = ["1 0: The bus is late, I mean: very late", "2 M", "4 1: Same here", "5 0: ok"];
    assert_eq!(shown("chat.txt", chat), turns);
    let mut cues = String::from("WEBVTT\n\n");
    for n in 1..=12 {
        let words = if n == 7 { "Rosa Díaz: Once" } else { "Omar Haddad: Again" };
        cues.push_str(&format!("{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\n{words}\n\n"));
    }
    let turns = shown("z.vtt", &cues);
    assert_eq!(turns.len(), 3, "{turns:?}");
    assert_eq!(turns[1], "28 1: Once");
}

#[test]
fn otter_rev_trint_descript_and_meet_are_read() {
    let otter = "Unknown Speaker  0:00\nWhat helps?\n\nRosa Díaz  0:07\nA clinic that opens on Sundays.\n\nUnknown Speaker  1:00:02\nWhy?\n\nTranscribed by https://otter.ai\n";
    assert_eq!(
        shown("t.txt", otter),
        ["1 0: What helps?", "4 1: A clinic that opens on Sundays.", "7 0: Why?"]
    );
    for (first, second) in [
        ("Interviewer (00:12):\nWhy?", "Speaker 1 (00:15):\nBecause."),
        ("(00:12) Interviewer: Why?", "(00:15) Speaker 1: Because."),
        ("[00:00:12] Interviewer: Why?", "[00:00:15] Speaker 1: Because."),
        (
            "[00:00:12.000 --> 00:00:14.500] [INTERVIEWER]: Why?",
            "[00:00:15.000 --> 00:00:16.000] [SPEAKER_01]: Because.",
        ),
        ("INTERVIEWER: Why?", "SPEAKER_01: Because."),
        ("**Interviewer:** Why?", "**Speaker 1:** Because."),
        ("I: Why?", "R1: Because."),
        ("I: Why?", "P3: Because."),
        ("Q. Why?", "A. Because."),
        ("Q\tWhy?", "A\tBecause."),
        ("主持人：Why?", "受访者1：Because."),
        ("Entrevistadora: Why?", "Vecina 2: Because."),
        (">> INTERVIEWER: Why?", ">> WITNESS: Because."),
        ("00:00:00\n\nInterviewer: Why?", "00:05:00\n\nParticipant: Because."),
    ] {
        let turns = shown("t.md", &format!("{first}\n\n{second}\n"));
        let words: Vec<&str> = turns.iter().map(|t| t.split_once(' ').unwrap().1).collect();
        assert!(matches!(words[..], ["M", "0: Because." | "0: \nBecause."]), "{first}: {turns:?}");
    }
    let dashes =
        "Dana Reyes — Why?\nOmar — Because.\nDana Reyes — And?\nOmar — That is all — I think.\n";
    assert_eq!(
        shown("t.md", dashes),
        ["1 M", "2 0: Because.", "3 M", "4 0: That is all — I think."]
    );
}

#[test]
fn phrases_that_only_look_like_forms_stay_words() {
    let text = "Moderator: When?\nOfficer 1: We met at 10:30\nRight at 9:15\nOne thing I'd say: no.\n[laughs]\nQ. E. D.\nMoney — there is none.\nMoney — none at all.\n10:45\n";
    let turns = shown("t.txt", text);
    let words = "2 0: We met at 10:30\nRight at 9:15\nOne thing I'd say: no.\n[laughs]\nQ. E. D.\nMoney — there is none.\nMoney — none at all.\n10:45";
    assert_eq!(turns, ["1 M", words]);
    assert!(matches!(
        intake("t.txt", "The road — it is bad.\nThe road — still.".as_bytes()),
        Err(Error::NoTurns { .. })
    ));
}

#[test]
fn a_broken_caption_is_rejected_with_its_bytes_and_the_rest_is_read() {
    let srt = "\u{feff}1\r\n00:00:00,5 --> 00:00:07,000\r\nOfficer 1: {\\an8}<i>One</i>\r\n\r\n2\r\nLost words\r\n\r\n3\r\n00:00:1x,000 --> 00:00:16.000\r\nMore lost\r\n\r\n00:00:16,320 --> 00:00:21,580\r\ntwo <3 three\r\n5\r\n00:00:22,000 --> 00:00:23,000\r\nfour\r\n\r\n6\r\n00:00:24,000 --> 00:00:25,000\r\n\r\n";
    assert_eq!(shown("c.srt", srt), ["2 0: One two <3 three four", "5 X", "8 X"]);
    let intake = intake("c.srt", srt.as_bytes()).unwrap();
    assert!(intake.warnings[0].contains("1 captions have no words"), "{:?}", intake.warnings);
    let lost = ["2\r\nLost words", "3\r\n00:00:1x,000 --> 00:00:16.000\r\nMore lost"];
    assert_eq!(intake.rejects.len(), lost.len());
    for (record, words) in intake.rejects.iter().zip(lost) {
        let bytes = record.bytes.clone().unwrap();
        assert_eq!(&srt[bytes.start as usize..bytes.end as usize], words);
        assert_eq!(record.raw.expose_for_rejects_list(), words.as_bytes());
    }
    let sbv =
        "0:00:01.0,0:00:02.0\nOfficer 1: One[br]two\n\n0:00:0x.0,0:00:02.0\nlost\n\nlost too\n";
    assert_eq!(shown("c.sbv", sbv), ["1 0: One two", "4 X", "7 X"]);
}

#[test]
fn every_file_of_captions_is_read_or_answered_in_one_line() {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/transcripts");
    let Ok(entries) = std::fs::read_dir(shared) else {
        eprintln!("skipped: no {shared}");
        return;
    };
    let mut paths: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        match intake(&name, &bytes) {
            Ok(intake) => {
                let n =
                    intake.responses.iter().filter(|r| matches!(r.content, Content::Rejected(_)));
                println!(
                    "{name}: {} turns, {} rejected {:?}",
                    intake.rows,
                    n.count(),
                    intake.warnings
                );
                assert!(intake.rows > 0);
            }
            Err(error) => {
                println!("{error}");
                assert!(!error.to_string().contains('\n') && error.hint().is_some());
            }
        }
        // The same with a speaker in front: now every caption belongs to somebody.
        let text =
            String::from_utf8_lossy(&bytes).replacen("aption text", "aption text\nOfficer 1: x", 1);
        if let Ok(intake) = intake(&name, text.as_bytes()) {
            println!("  {} records", intake.rows);
        }
    }
}
