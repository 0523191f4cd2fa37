//! What holds for every document: no panic, nothing lost, and line ends and marks mean nothing.

use proptest::prelude::*;

use super::*;

const TEXTS: [&str; 5] = ["f.txt", "f.md", "f.vtt", "f.srt", "f.sbv"];

fn spec(kind: Kind) -> SourceSpec {
    SourceSpec {
        name: "s".into(),
        kind,
        perspective: String::new(),
        files: vec![],
        id: None,
        participant: None,
        weight: None,
        groups: vec![],
        questions: vec![],
        moderators: vec!["Moderator".into()],
        parts: false,
        table: TableHints::default(),
        sheet: None,
    }
}

fn intake(kind: Kind, file: &str, bytes: &[u8]) -> Option<FileIntake> {
    let spec = spec(kind);
    let context = Context { spec: &spec, file, stem: "f", limits: Limits::default() };
    match Route::choose(&spec, file, &extension(file)).ok()? {
        Route::Txt => talk::txt::read(&context, bytes),
        Route::Docx => talk::docx::read(&context, bytes),
        Route::Vtt => talk::vtt::read(&context, bytes),
        Route::Srt => talk::srt::read(&context, bytes),
        Route::Sbv => talk::sbv::read(&context, bytes),
        Route::NotesTxt => notes::read_txt(&context, bytes),
        Route::NotesDocx => notes::read_docx(&context, bytes),
        Route::LetterTxt => notes::letter::read_txt(&context, bytes),
        Route::LetterDocx => notes::letter::read_docx(&context, bytes),
        _ => return None,
    }
    .ok()
}

/// Every record: line, person, words or why not.
fn shown(intake: &FileIntake) -> Vec<String> {
    let line = |r: &assemble::Draft| match &r.content {
        Content::Text(text) => format!("{} {:?} {}", r.row, r.person, text.expose()),
        Content::Moderator => format!("{} M", r.row),
        Content::Rejected(_) => format!("{} X", r.row),
    };
    intake.responses.iter().map(line).collect()
}

const KINDS: [Kind; 4] = [Kind::FocusGroup, Kind::Interview, Kind::SessionNotes, Kind::Comments];

/// Pieces of captions; every word is a number of its own.
fn caption(piece: u8, n: usize, format: &str) -> String {
    let (good, bad) = match format {
        "f.sbv" => ("0:00:01.0,0:00:02.0", "0:00:0x.0,0:00:02.0"),
        _ => ("00:00:01,000 --> 00:00:02,000", "00:00:0x,000 --> 00:00:02,000"),
    };
    match piece {
        0 => format!("{good}\nw{n}a w{n}b\nw{n}c\n\n"),
        1 => format!("{bad}\nw{n}a\nw{n}b\n\n"),
        2 => format!("w{n}a b w{n}c d\nw{n}e\n\n"),
        3 => format!("{good}\nOfficer 1: w{n}a\n{good}\nw{n}b <i>w{n}c</i>\n"),
        4 => format!("{good}\n\n  \nw{n}a <w{n}b> & w{n}c\n\n"),
        _ => format!("{good}\nMaria: w{n}a\n\n{good}\nMaria: w{n}b\n\n"),
    }
}

proptest! {
    #[test]
    fn no_reader_of_documents_panics(
        bytes in proptest::collection::vec(any::<u8>(), 1..400),
        name in prop::sample::select(vec!["f.txt", "f.docx", "f.vtt", "f.srt", "f.sbv"]),
    ) {
        for kind in KINDS {
            let _ = intake(kind, name, &bytes);
        }
    }

    #[test]
    fn no_line_makes_a_reader_panic(
        text in "([A-Z:<>\\-\\[\\]() v&;\\n\\r\"*0-9á中：.,—]|-->|<v |WEBVTT|Q\\. |0:03|00:01:02|From | to |\\{\\\\|\t|\n\n){0,120}",
        name in prop::sample::select(TEXTS.to_vec()),
    ) {
        for kind in KINDS {
            let _ = intake(kind, name, text.as_bytes());
        }
    }

    #[test]
    fn every_word_of_captions_is_in_a_turn_or_a_rejected_record(
        pieces in proptest::collection::vec(0u8..6, 1..12),
        name in prop::sample::select(vec!["f.srt", "f.vtt", "f.sbv"]),
    ) {
        let first = caption(3, 99, name);
        let body: String = pieces.iter().enumerate().map(|(n, p)| caption(*p, n, name)).collect();
        let text = format!("\u{feff}{}{first}\n{body}", if name == "f.vtt" { "WEBVTT\n\n" } else { "" });
        let intake = intake(Kind::FocusGroup, name, text.as_bytes()).unwrap();
        let mut found = String::new();
        for response in &intake.responses {
            if let Content::Text(text) = &response.content {
                found.push_str(text.expose());
                found.push(' ');
            }
        }
        for record in &intake.rejects {
            let bytes = record.bytes.clone().unwrap();
            found.push_str(&text[bytes.start as usize..bytes.end as usize]);
            found.push(' ');
        }
        let is_word = |w: &&str| w.starts_with('w');
        let mut expected: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(is_word).collect();
        let mut there: Vec<&str> = found.split(|c: char| !c.is_alphanumeric()).filter(is_word).collect();
        expected.sort_unstable();
        there.sort_unstable();
        prop_assert_eq!(there, expected);
    }

    #[test]
    fn every_line_behind_the_first_label_is_in_a_turn(
        lines in proptest::collection::vec(prop::sample::select(vec!["Officer 1: x", "Maria: x", "Omar Haddad   0:12", "[laughs]", "x --> x", "Note: x", "x — x", "Q. x", "12:30 x", "[00:01:02]", "", "# x", "- x"]), 0..25),
    ) {
        let mut text = String::from("Officer 1: w0\n");
        for (n, line) in lines.iter().enumerate() {
            text.push_str(&line.replace('x', &format!("w{n}")));
            text.push('\n');
        }
        let intake = intake(Kind::FocusGroup, "f.txt", text.as_bytes()).unwrap();
        let found = shown(&intake).join(" ");
        // First lines of another form than the rest are a heading, and a warning counts them.
        let is_head = intake.warnings.iter().any(|w| w.contains("above the first speaker's label"));
        let first = if is_head { intake.responses[0].row as usize - 1 } else { 0 };
        let text = text.split('\n').skip(first).collect::<Vec<_>>().join("\n");
        for word in text.split_whitespace().filter(|w| w.starts_with('w')) {
            prop_assert!(found.split_whitespace().any(|w| w == word), "{} in {}", word, found);
        }
    }

    #[test]
    fn line_ends_and_marks_mean_nothing(
        lines in proptest::collection::vec(prop::sample::select(vec!["Officer 1: one", "Maria: two", "Moderator: why?", "", "- three", "and more words of a line that runs on for long enough to count", "1", "00:00:01,000 --> 00:00:02,000", "00:00:0x,000 --> 00:00:02,000", "0:00:01.0,0:00:02.0", "NOTE x", "Omar   0:12", "[00:01:02]"]), 1..25),
        name in prop::sample::select(TEXTS.to_vec()),
    ) {
        for kind in KINDS {
            let plain = intake(kind, name, lines.join("\n").as_bytes()).map(|i| (shown(&i), i.warnings));
            for end in ["\n", "\r\n", "\r"] {
                for mark in ["", "\u{feff}"] {
                    let text = format!("{mark}{}", lines.join(end));
                    let other = intake(kind, name, text.as_bytes()).map(|i| (shown(&i), i.warnings));
                    prop_assert_eq!(&other, &plain, "{:?} {:?}", end, mark);
                }
            }
        }
    }
}
