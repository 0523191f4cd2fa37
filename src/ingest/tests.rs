//! Ids over the files of one source.

use std::path::Path;

use super::*;

fn source(kind: Kind, files: &[&Path]) -> SourceSpec {
    SourceSpec {
        name: "a source".into(),
        kind,
        perspective: "Community".into(),
        files: files.iter().map(|p| (p.to_path_buf(), p.display().to_string())).collect(),
        id: None,
        participant: None,
        weight: None,
        groups: vec![],
        questions: vec![],
        moderators: vec!["Q".into()],
        parts: false,
        table: TableHints::default(),
        sheet: None,
    }
}

fn read(spec: SourceSpec) -> Result<Intake, Error> {
    ingest(&[spec], &())
}

fn ids(intake: &Intake) -> Vec<&str> {
    intake.responses.iter().map(|r| r.id.as_str()).collect()
}

fn people(intake: &Intake) -> Vec<&str> {
    intake.participants.iter().map(|p| p.id.as_str()).collect()
}

#[test]
fn a_row_id_belongs_to_its_file_and_a_participant_to_the_source() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["North", "South"].map(|name| folder.path().join(format!("{name}.csv")));
    std::fs::write(&paths[0], "id,who,Q\n12,p,a\n13,,b\np,,c\n").unwrap();
    std::fs::write(&paths[1], "id,who,Q\n12,p,a\n13,,d\n").unwrap();
    let files = paths.iter().map(|p| (p.clone(), p.display().to_string())).collect();
    let questions = vec![QuestionSpec { column: "Q".into(), text: "Q".into() }];
    let plain = SourceSpec { files, id: Some("id".into()), questions, ..source(Kind::Survey, &[]) };
    let named = SourceSpec { participant: Some("who".into()), ..plain.clone() };
    let intake = read(plain).unwrap();
    assert_eq!(people(&intake), ["12", "13", "p", "South/12", "South/13"]);
    assert_eq!(ids(&intake), ["12:Q", "13:Q", "p:Q", "South/12:Q", "South/13:Q"]);
    assert!(intake.warnings[0].contains("2 ids also stand"), "{:?}", intake.warnings);
    let intake = read(named).unwrap();
    assert_eq!(people(&intake), ["p", "13", "North/p", "South/13"]);
    let numbers: Vec<_> = intake.responses.iter().map(|r| r.participant.unwrap()).collect();
    assert_eq!(numbers, [0, 1, 2, 0, 3]);
}

#[test]
fn files_that_share_a_stem_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for parent in ["east", "west"] {
        std::fs::create_dir(folder.path().join(parent)).unwrap();
        let path = folder.path().join(parent).join("g.txt");
        std::fs::write(&path, "Q: a\nA: b\n").unwrap();
        paths.push(path);
    }
    let intake = read(source(Kind::Interview, &[&paths[0], &paths[1]])).unwrap();
    assert_eq!(ids(&intake), ["east/g#1", "east/g#2", "west/g#1", "west/g#2"]);
    assert_eq!(people(&intake), ["east/g/S1", "west/g/S1"]);
    assert_eq!(intake.participants[1].file, 1);
}

#[test]
fn parts_of_a_conversation_share_their_speakers() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        (path, name.to_string())
    };
    let files = vec![
        write("north part 1.txt", "Q: a\nOmar: b\nOmar: b2\nSpeaker 1: c\n"),
        write("north part 2.txt", "Q: a\nSpeaker 1: d\nRosa: e\nOMAR: f\nOmar: g\nRosa: j\n"),
        write("south-2.txt", "Q: a\nOmar: h\nOmar: i\n"),
    ];
    let apart = SourceSpec { files, ..source(Kind::FocusGroup, &[]) };
    let together = SourceSpec { parts: true, ..apart.clone() };
    assert_eq!(read(apart).unwrap().participants.len(), 6);
    let intake = read(together).unwrap();
    assert_eq!(people(&intake), ["north/S1", "north/S2", "north/S3", "south-2/S1"]);
    let sessions: Vec<u16> = intake.files.iter().map(|f| f.session).collect();
    assert_eq!(sessions, [0, 0, 2]);
    let who: Vec<_> = intake.responses.iter().filter_map(|r| r.participant).collect();
    assert_eq!(who, [0, 0, 1, 1, 2, 0, 0, 2, 3, 3]);
    assert_eq!(intake.warnings.len(), 1, "{:?}", intake.warnings);
    assert!(intake.warnings[0].contains("1 speakers have a number for a name"));
    assert!(!format!("{intake:?}").contains("mar"));
}

#[test]
fn a_letter_is_one_comment() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("a.txt");
    let words = "To the board\r\n\r\nPlease do not close the branch library on our street, as my\r\nchildren read there.\r\n- Keep it open\r\n\r\nRosa\r\n";
    std::fs::write(&text, words).unwrap();
    let word = folder.path().join("b.docx");
    let body = "<w:p><w:r><w:t>One</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>Two</w:t></w:r></w:p>";
    std::fs::write(&word, docx::tests::docx(body)).unwrap();
    let mut spec = source(Kind::Comments, &[&text, &word]);
    spec.files = vec![(text, "a.txt".into()), (word, "b.docx".into())];
    let intake = read(spec.clone()).unwrap();
    assert_eq!(people(&intake), ["a/L1", "b/L1"]);
    assert_eq!(ids(&intake), ["a#1", "b#1"]);
    let texts: Vec<&str> = intake
        .responses
        .iter()
        .map(|r| match &r.content {
            Content::Text(text) => text.expose(),
            _ => "",
        })
        .collect();
    let joined = "To the board\nPlease do not close the branch library on our street, as my children read there.\n- Keep it open\nRosa";
    assert_eq!(texts, [joined, "One\nTwo"]);
    let questions = vec![QuestionSpec { column: "Q".into(), text: "Q".into() }];
    assert!(matches!(read(SourceSpec { questions, ..spec }), Err(Error::WrongKind { .. })));
}

#[test]
fn what_is_rejected_in_a_file_that_had_to_be_decoded_is_kept_without_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let talk = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>señal sí\n\n00:03.000 --> 0x\ncafé\n";
    let table = "{\"Q\":\"a\"}\n{\"Q\":\"é\"\n";
    let latin = encoding_rs::WINDOWS_1252.encode(talk).0;
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let questions = vec![QuestionSpec { column: "Q".into(), text: "Q".into() }];
    for (name, bytes, kept) in [("a.vtt", &latin[..], 22), ("a.jsonl", &wide[..], 9)] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let kind = if name == "a.vtt" { Kind::Interview } else { Kind::Survey };
        let questions = if name == "a.vtt" { vec![] } else { questions.clone() };
        let intake = read(SourceSpec { questions, ..source(kind, &[&path]) }).unwrap();
        let [record] = &intake.rejects[..] else { panic!("{:?}", intake.rejects) };
        assert_eq!((record.bytes.clone(), record.raw.len()), (None, kept), "{name}");
    }
}
