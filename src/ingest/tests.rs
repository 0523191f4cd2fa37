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
        groups: vec![],
        questions: vec![],
        moderators: vec!["Q".into()],
        parts: false,
        header_row: 1,
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
