//! Projects that were put together by hand, and what is read of them.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::codebook::Codebook;
use crate::coded::{CodedTable, Columns, Error, read};

const USERS: &str = "<Users><User guid=\"{M1}\" name=\"machine:model:abc\" id=\"machine\"/>\
    <User guid=\"P1\" name=\"Ana\"/><User guid=\"P2\" name=\"Bo\"/></Users>";

const CODES: &str = "<CodeBook><Codes><Code guid=\"C1\" name=\"Area\" isCodable=\"true\">\
    <Code guid=\"C2\" name=\"Waiting\" isCodable=\"true\"><Description>How long.\nId: wait\
    </Description></Code><Code guid=\"C3\" name=\"staff\" isCodable=\"true\"/></Code>\
    <Code guid=\"C4\" name=\"My memo\" isCodable=\"true\"/>\
    <Code guid=\"C5\" name=\"No theme\" isCodable=\"true\"/></Codes></CodeBook>";

/// A project and a codebook of two themes in a folder.
fn project(sources: &str, texts: &[(&str, &str)]) -> (TempDir, PathBuf, Codebook) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("coded.qdpx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let plain = zip::write::SimpleFileOptions::default();
    zip.start_file("project.qde", plain).unwrap();
    let xml = format!(
        "<?xml version=\"1.0\"?><Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"p\" \
         origin=\"A tool\">{USERS}{CODES}<Sources>{sources}</Sources></Project>"
    );
    zip.write_all(xml.as_bytes()).unwrap();
    for (name, text) in texts {
        zip.start_file(format!("sources/{name}"), plain).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let book = dir.path().join("book.csv");
    std::fs::write(&book, "id,label,definition\nwait,Waiting time,how long\nstaff,Staff,people\n")
        .unwrap();
    let book = crate::codebook::read(&book).unwrap();
    (dir, path, book)
}

fn selection(name: &str, (start, end): (usize, usize), codings: &[(&str, &str)]) -> String {
    let coding = |(user, code): &(&str, &str)| {
        format!(
            "<Coding guid=\"x\" creatingUser=\"{user}\"><CodeRef targetGUID=\"{code}\"/></Coding>"
        )
    };
    let inside: String = codings.iter().map(coding).collect();
    format!(
        "<PlainTextSelection guid=\"s\" name=\"{name}\" startPosition=\"{start}\" \
         endPosition=\"{end}\">{inside}</PlainTextSelection>"
    )
}

fn rows(table: &CodedTable) -> Vec<(&str, &str, &str, Vec<usize>)> {
    let row = |r: &'_ crate::coded::CodedRow| r.coder.clone().unwrap_or_default();
    let coders: Vec<String> = table.rows.iter().map(row).collect();
    table
        .rows
        .iter()
        .zip(coders)
        .map(|(r, coder)| {
            let coder: &str = if coder == "Ana" { "Ana" } else { "Bo" };
            (r.id.as_str(), r.text.expose(), coder, r.codes.clone())
        })
        .collect()
}

#[test]
fn lines_of_a_text_are_coded_by_each_person_who_coded_in_it() {
    // The sign at the front is one code point of four bytes; CR LF counts as one.
    let text = "\u{1d11e} Slow.\r\nKind nurses.\r\n\r\nThanks.";
    let sources = format!(
        "<TextSource guid=\"T\" name=\"one\" plainTextPath=\"internal://T.txt\">{}{}{}</TextSource>",
        selection("a", (0, 4), &[("p1", "{c2}"), ("m1", "c3")]),
        selection("b", (8, 12), &[("P1", "C3"), ("P2", "C3"), ("P2", "C4")]),
        selection("c", (22, 24), &[("M1", "C2")]),
    );
    let (_dir, path, book) = project(&sources, &[("T.txt", text)]);
    let table = read(&path, &book, &Columns::default()).unwrap();
    assert_eq!(
        rows(&table),
        [
            ("one#1", "\u{1d11e} Slow.", "Ana", vec![0]),
            ("one#1", "\u{1d11e} Slow.", "Bo", vec![]),
            ("one#2", "Kind nurses.", "Ana", vec![1]),
            ("one#2", "Kind nurses.", "Bo", vec![1]),
            ("one#3", "Thanks.", "Ana", vec![]),
            ("one#3", "Thanks.", "Bo", vec![]),
        ]
    );
    assert_eq!(table.themes, [0, 1]);
    assert_eq!(table.warnings.len(), 1);
    assert!(
        table.warnings[0].contains("1 codings left out: 1 codes are no themes of the codebook"),
        "{:?}",
        table.warnings
    );
}

#[test]
fn responses_are_units_where_selections_bear_their_names() {
    let sources = format!(
        "<TextSource guid=\"T\" name=\"r7\" plainTextPath=\"internal://T.txt\">{}{}{}{}{}</TextSource>\
         <TextSource guid=\"U\" name=\"r8\"><PlainTextContent>Nobody &amp; nothing</PlainTextContent>\
         </TextSource><PDFSource guid=\"V\" name=\"scan\"/>",
        // A mark that somebody coded is a mark all the same; a selection by another name is none.
        selection("response r7:Q1", (9, 15), &[("P1", "C3")]),
        selection("response r7:Q2", (26, 33), &[]),
        selection("a note", (0, 33), &[]),
        selection("mine", (10, 12), &[("P1", "C2")]),
        selection("heading", (0, 8), &[("P1", "C2")]),
    );
    let text = "Question\nSlow.\n\nQuestion 2\nKindly.";
    let (_dir, path, book) = project(&sources, &[("T.txt", text)]);
    let table = read(&path, &book, &Columns::default()).unwrap();
    let found: Vec<_> = table.rows.iter().map(|r| (r.id.as_str(), r.codes.clone())).collect();
    assert_eq!(found, [("r7:Q1", vec![0, 1]), ("r7:Q2", vec![])]);
    assert_eq!(table.rows[1].participant.as_deref(), Some("r7"));
    let [others, uncoded, lost] = table.warnings.as_slice() else { panic!("{:?}", table.warnings) };
    assert!(others.contains("1 source that is no text"), "{others}");
    assert!(uncoded.contains("1 of 2 texts left out"), "{uncoded}");
    assert!(lost.contains("1 codings left out: they touch no response"), "{lost}");
    assert!(table.unfilled.is_empty());
}

#[test]
fn texts_and_people_of_one_name_are_told_apart_and_no_theme_is_a_code() {
    let of = |guid: &str, user: &str, code: &str| {
        let inside = selection("a", (0, 3), &[(user, code)]);
        format!(
            "<TextSource guid=\"{guid}\" name=\"one\"><PlainTextContent>Slow</PlainTextContent>{inside}</TextSource>"
        )
    };
    let sources = of("T", "P1", "C2") + &of("U", "x9", "C5") + &of("V", "", "C2");
    let (_dir, path, book) = project(&sources, &[]);
    let table = read(&path, &book, &Columns::default()).unwrap();
    let found: Vec<_> = table
        .rows
        .iter()
        .map(|r| (r.id.as_str(), r.coder.as_deref().unwrap_or(""), r.codes.clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("one#1", "Ana", vec![0]),
            ("one (2)#1", "unnamed (2)", vec![]),
            ("one (3)#1", "unnamed", vec![0]),
        ]
    );
    assert!(table.warnings.is_empty(), "{:?}", table.warnings);
}

#[test]
fn a_missing_text_in_which_people_coded_ends_the_reading() {
    let inside = selection("a", (0, 3), &[("P1", "C2")]);
    for path in ["internal://gone.txt", "relative:///a.txt"] {
        let source = format!(
            "<TextSource guid=\"T\" name=\"one\" plainTextPath=\"{path}\">{inside}</TextSource>"
        );
        let (_dir, path, book) = project(&source, &[]);
        let error = read(&path, &book, &Columns::default()).unwrap_err().to_string();
        assert!(error.contains("a text in which people coded is missing"), "{error}");
    }
}

#[test]
fn many_long_selections_over_many_lines_take_no_long_time() {
    const N: usize = 20_000;
    let all: String = (0..N).map(|i| selection("", (i, 3 * N), &[("P1", "C2")])).collect();
    let sources = format!(
        "<TextSource guid=\"T\" name=\"one\" plainTextPath=\"internal://T.txt\">{all}{}</TextSource>",
        selection("", (usize::MAX - 1, usize::MAX), &[("P1", "C3")]),
    );
    let (_dir, path, book) = project(&sources, &[("T.txt", &"a\n".repeat(N))]);
    let table = read(&path, &book, &Columns::default()).unwrap();
    assert_eq!(table.rows.len(), N);
    assert!(table.rows.iter().all(|r| r.codes == [0]));
}

#[test]
fn a_project_that_only_the_program_or_another_codebook_coded_is_refused() {
    let of = |user: &str, code: &str| {
        let inside = selection("a", (0, 3), &[(user, code)]);
        format!(
            "<TextSource guid=\"T\" name=\"one\" plainTextPath=\"internal://T.txt\">{inside}</TextSource>"
        )
    };
    for (user, code, nobody) in [("M1", "C2", true), ("P1", "C4", false)] {
        let (_dir, path, mut book) = project(&of(user, code), &[("T.txt", "Slow")]);
        if !nobody {
            book.themes.iter_mut().for_each(|t| {
                t.id.push('x');
                t.label.push('x');
            });
        }
        let error = read(&path, &book, &Columns::default()).unwrap_err();
        let expected = match error {
            Error::NobodyCoded { .. } => nobody,
            Error::ForeignCodes { .. } => !nobody,
            _ => false,
        };
        assert!(expected && error.hint().is_some(), "{error}");
    }
}

#[test]
fn a_damaged_project_is_named_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book.csv");
    std::fs::write(&book, "id,label,definition\nwait,Waiting time,how long\n").unwrap();
    let book = crate::codebook::read(&book).unwrap();
    let write = |name: &str, xml: &str| {
        let path = dir.path().join(name);
        let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        zip.start_file("project.qde", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
        zip.finish().unwrap();
        path
    };
    let deep = "<Project>".to_owned() + &"<a>".repeat(300);
    for (name, xml) in [
        ("a.qdpx", "<Project"),
        ("b.qdpx", "<Other/>"),
        ("c.qdpx", "<!DOCTYPE x><Project/>"),
        ("d.qdpx", "<Project><Users>"),
        ("e.qdpx", deep.as_str()),
    ] {
        let error = read(&write(name, xml), &book, &Columns::default()).unwrap_err().to_string();
        assert!(error.contains("cannot be read as a project") && !error.contains('\n'), "{error}");
    }
    let no = dir.path().join("no.qdpx");
    std::fs::write(&no, "no archive").unwrap();
    assert!(read(&no, &book, &Columns::default()).is_err());
    assert!(read(Path::new("absent.qdpx"), &book, &Columns::default()).is_err());
}
