//! Stage 1 from outside: real and hostile files in, every row accounted for.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use canvass::ingest::{
    Content, Error, Intake, Kind, QuestionSpec, Reject, SourceSpec, TableHints, ingest,
};
use proptest::prelude::*;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");

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
        moderators: vec!["Moderator".into(), "Q".into()],
        parts: false,
        table: TableHints::default(),
        sheet: None,
    }
}

fn survey(path: &Path, id: Option<&str>, questions: &[&str]) -> SourceSpec {
    let questions =
        questions.iter().map(|q| QuestionSpec { column: (*q).into(), text: (*q).into() }).collect();
    SourceSpec { id: id.map(Into::into), questions, ..source(Kind::Survey, &[path]) }
}

fn read(spec: SourceSpec) -> Result<Intake, Error> {
    ingest(&[spec], &())
}

/// A folder with one file in it.
fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn table(text: &str, id: Option<&str>, questions: &[&str]) -> Result<Intake, Error> {
    let (_folder, path) = file("t.csv", text.as_bytes());
    read(survey(&path, id, questions))
}

fn talk(name: &str, bytes: &[u8]) -> Result<Intake, Error> {
    let (_folder, path) = file(name, bytes);
    read(source(Kind::FocusGroup, &[&path]))
}

/// Lengths stand for texts: the words themselves cannot be read from outside of the crate.
fn lengths(intake: &Intake) -> Vec<i64> {
    let length = |content: &Content| match content {
        Content::Text(text) => text.len() as i64,
        Content::Moderator => -1,
        Content::Rejected(_) => -2,
    };
    intake.responses.iter().map(|r| length(&r.content)).collect()
}

fn ids(intake: &Intake) -> Vec<&str> {
    intake.responses.iter().map(|r| r.id.as_str()).collect()
}

fn rows(intake: &Intake) -> Vec<u32> {
    intake.responses.iter().map(|r| r.row).collect()
}

fn people(intake: &Intake) -> Vec<&str> {
    intake.participants.iter().map(|p| p.id.as_str()).collect()
}

fn docx(body: &str) -> Vec<u8> {
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:mc=\"m\"><w:body>{body}</w:body></w:document>"
    );
    zip_of(&[("word/document.xml", xml.as_bytes())])
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    let ns = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let pack = "http://schemas.openxmlformats.org/package/2006/relationships";
    zip_of(&[
        ("_rels/.rels", format!("<Relationships xmlns=\"{pack}\"><Relationship Id=\"r\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes()),
        ("xl/workbook.xml", format!("<workbook {ns} xmlns:r=\"{rel}\"><sheets><sheet name=\"Answers\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>").as_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{pack}\"><Relationship Id=\"rId1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{rel}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>").as_bytes()),
        ("xl/sharedStrings.xml", format!("<sst {ns}>{strings}</sst>").as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet {ns}><sheetData>{sheet}</sheetData></worksheet>").as_bytes()),
    ])
}

#[test]
fn every_row_gives_a_response_for_every_question_in_order() {
    let intake = table(
        "id,Q1,Q2\r\n7,yes,\r\n\r\n8,\"two\nlines\",no\r\n9,x,y\r\n",
        Some("id"),
        &["Q2", "Q1"],
    )
    .unwrap();
    assert_eq!(ids(&intake), ["7:Q2", "7:Q1", "8:Q2", "8:Q1", "9:Q2", "9:Q1"]);
    assert_eq!(rows(&intake), [2, 2, 4, 4, 6, 6]);
    assert_eq!(lengths(&intake), [0, 3, 2, 9, 1, 1]);
    assert_eq!(intake.files[0].rows, 3);
    assert_eq!(intake.files[0].format, "utf-8, comma");
    assert_eq!(intake.files[0].sha256.len(), 64);
}

#[test]
fn ragged_rows_of_a_table_too_small_to_show_its_columns_are_rejected_if_they_lack_or_move_a_cell() {
    let intake = table("id,Q1\n1\n2,a,b\n3,c,,\n4,d\n", Some("id"), &["Q1"]).unwrap();
    // `3,c,,` may be the id `3,c` with a blank answer: nothing shows what an id looks like here.
    assert_eq!(ids(&intake), ["t-2:Q1", "t-3:Q1", "t-4:Q1", "4:Q1"]);
    assert_eq!(lengths(&intake), [-2, -2, -2, 1]);
    assert!(intake.responses[0].participant.is_none());
    let Content::Rejected(why) = &intake.responses[1].content else { panic!() };
    assert_eq!(*why, Reject::FieldCount { expected: 2, found: 3 });
}

#[test]
fn a_quote_that_swallows_its_neighbours_is_rejected_with_a_warning() {
    for text in [
        "id,Q1\n1,a\n2,\"He said\n3,b\n",
        "id,Q1\n1,a\n2,\"He said\n3,b\n4,c \"ok\"\n",
        "id,Q1\n1,a\n2,\"He said\n3,\"b\"\n",
    ] {
        let intake = table(text, Some("id"), &["Q1"]).unwrap();
        let alone = lengths(&intake)[..3] == [1, -2, 1];
        assert!(alone, "only the damaged row is rejected: {text}");
        assert!(intake.warnings[0].contains("line 3"), "{:?}", intake.warnings);
        let [reject] = intake.rejects.as_slice() else { panic!("{:?}", intake.rejects) };
        assert_eq!((reject.place, reject.bytes.clone(), reject.raw.len()), (3, Some(10..20), 10));
    }
    let text = "id,Q1\n1,\"a\" b\n2,\"say \"\"hi\"\"\nthere\"";
    let intake = table(text, Some("id"), &["Q1"]).unwrap();
    assert_eq!(lengths(&intake), [5, 14], "quotes that stand where they may");
}

#[test]
fn the_delimiter_is_the_one_that_shows_the_wanted_columns() {
    for (text, dialect) in [
        ("id;Q1, with comma, twice;x\n1;a;b\n", "semicolon"),
        ("id\tQ1, with comma, twice\tx\n1\ta\tb\n", "tab"),
        ("id|Q1, with comma, twice|x\n1|a|b\n", "pipe"),
        ("id,\"Q1, with comma, twice\"\n1,a;b;c\n", "comma"),
    ] {
        let intake = table(text, Some("id"), &["Q1, with comma, twice"]).unwrap();
        assert!(intake.files[0].format.ends_with(dialect), "{text}");
    }
}

#[test]
fn ids_repeat_people_merge_and_responses_stay_unique() {
    let text = "id,who,D,Q\n1,p,,a\n1,p,North,b\n2,p,South,c\n,,,d\n";
    let (_folder, path) = file("t.csv", text.as_bytes());
    let mut spec = survey(&path, Some("id"), &["Q"]);
    spec.participant = Some("who".into());
    spec.groups = vec!["D".into()];
    let intake = read(spec).unwrap();
    assert_eq!(ids(&intake), ["1:Q", "1:Q+2", "2:Q", "t-5:Q"]);
    assert_eq!(people(&intake), ["p", "t-5"]);
    assert_eq!(intake.participants[0].groups, ["North"]);
    assert_eq!(intake.warnings.len(), 1, "{:?}", intake.warnings);
}

#[test]
fn ids_that_look_like_personal_data_never_leave() {
    let intake =
        table("id,Q\nme@example.org,a\n312-555-0147,b\n007,c\n", Some("id"), &["Q"]).unwrap();
    let shown = format!("{intake:?}");
    assert!(!shown.contains("example.org") && !shown.contains("555-0147"));
    assert_eq!(people(&intake)[2], "007");
    assert!(ids(&intake)[0].starts_with("p-"));
}

#[test]
fn the_header_may_stand_lower_and_cells_have_a_limit() {
    let long = "x".repeat((1 << 20) + 1);
    let text = format!("Export of the study\n\u{201C}x\u{201D}\n id , Q \n1,{long}\n");
    let (_folder, path) = file("t.csv", text.as_bytes());
    let intake = read(SourceSpec {
        table: TableHints { header_row: Some(3), ..TableHints::default() },
        ..survey(&path, Some("id"), &["Q"])
    })
    .unwrap();
    assert_eq!((lengths(&intake), rows(&intake)), (vec![-2], vec![4]));
    assert!(intake.responses[0].participant.is_some());
}

#[test]
fn errors_say_what_to_do_in_one_line() {
    let errors = [
        (table("id,Q17\n1,a\n", Some("id"), &["Q7"]), "did you mean `Q17`?"),
        (table("id,Q17\n1,a\n", Some("id"), &["zebra"]), "the columns are `id`, `Q17`"),
        (table("Smith,late\n1,a\n", Some("id"), &["Smit"]), "row 1 has 2 columns: is `header_row`"),
        (table(&format!("id,{}\n1,a\n", "Q".repeat(60)), Some("id"), &["x"]), "QQ…`"),
        (table("id,Q,Q\n1,a,b\n", Some("id"), &["Q"]), "rename one of them in the file"),
        (table("id,Q\n", Some("id"), &["Q"]), "set `header_row`"),
        (table(" \n", Some("id"), &["Q"]), "export it again"),
        (table("PK\u{3}\u{4}", Some("id"), &["Q"]), "true extension"),
        (talk("t.csv", b"speaker,text\nA,b\n"), "save it as text"),
        (talk("t.doc", b"x"), "save it as .docx or .txt"),
        (talk("t.txt", b"no turns here"), "begin each turn with a label"),
    ];
    for (result, hint) in errors {
        let error = result.unwrap_err();
        let message = error.to_string();
        assert!(!message.contains('\n') && !message.ends_with('.'), "{message}");
        assert!(message.starts_with('`'), "{message}");
        assert!(error.hint().unwrap().contains(hint), "{message}: {:?}", error.hint());
    }
    let missing = read(source(Kind::Survey, &[Path::new("/nowhere/t.csv")])).unwrap_err();
    assert_eq!(missing.to_string(), "`/nowhere/t.csv` cannot be opened: no such file");
}

#[test]
fn a_table_that_nobody_has_filled_in_adds_nothing_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let [empty, full] = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
    std::fs::write(&empty, "id,Q\n").unwrap();
    std::fs::write(&full, "id,Q\n1,dark\n").unwrap();
    let intake = ingest(&[survey(&empty, None, &["Q"]), survey(&full, None, &["Q"])], &()).unwrap();
    assert_eq!((intake.files[0].rows, intake.files[1].rows, lengths(&intake)), (0, 1, vec![4]));
    let [warning] = intake.warnings.as_slice() else { panic!("{:?}", intake.warnings) };
    assert!(warning.ends_with("has no rows below the header in row 1 and adds no answers"));
    let twice = [survey(&empty, None, &["Q"]), survey(&empty, None, &["Q"])];
    let error = ingest(&twice, &()).unwrap_err();
    assert_eq!(error.to_string(), "none of the 2 files has a row below its header");
    assert!(error.hint().unwrap().contains("set `header_row`"));
}

#[test]
fn a_transcript_gives_one_response_a_turn() {
    let text = "Invented.\nDate: May\n\nModerator: Why?\nOfficer 1: Because\nof this.\n\nAnd one thing I'd say: no.\nMaria: Hi\nofficer 1: again\nMODERATOR 2: Ok\nMaria: yes\n";
    let intake = talk("group.txt", text.as_bytes()).unwrap();
    assert_eq!(ids(&intake), ["group#1", "group#2", "group#3", "group#4", "group#5", "group#6"]);
    assert_eq!(rows(&intake), [4, 5, 9, 10, 11, 12]);
    assert_eq!(lengths(&intake), [-1, 43, 2, 5, -1, 3]);
    assert_eq!(people(&intake), ["group/S1", "group/S2"]);
    assert!(!format!("{intake:?}").contains("Maria"));
}

#[test]
fn a_document_keeps_insertions_and_skips_deletions_and_copies() {
    let p = |inner: &str| format!("<w:p>{inner}</w:p>");
    let body = [
        p("<w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>Title</w:t></w:r>"),
        p("<w:r><w:t>Moderator: Hi</w:t></w:r>"),
        p(
            "<w:r><w:t>A: Don&apos;t </w:t></w:r><w:ins><w:r><w:t>&#x4e2d;</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del>",
        ),
        p("<w:r><w:tab/><w:t>go</w:t><w:br/><w:t>on</w:t></w:r>"),
        p(
            "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>",
        ),
    ];
    let intake = talk("d.docx", &docx(&body.concat())).unwrap();
    assert_eq!(rows(&intake), [2, 3]);
    // "Don't 中\ngo\non\nbox"
    assert_eq!(lengths(&intake), [-1, 6 + 3 + 3 + 3 + 4]);
}

#[test]
fn hostile_documents_are_refused() {
    let doctype =
        zip_of(&[("word/document.xml", b"<!DOCTYPE d [<!ENTITY e \"x\">]><w:document/>")]);
    assert!(matches!(talk("d.docx", &doctype), Err(Error::DoctypeInXml { .. })));
    let entity = docx("<w:p><w:r><w:t>A: &e;</w:t></w:r></w:p>");
    assert!(matches!(talk("d.docx", &entity), Err(Error::Docx { .. })));
    let bomb = docx(&" ".repeat(30_000_000));
    assert!(matches!(talk("d.docx", &bomb), Err(Error::TooBig { .. })));
    assert!(matches!(talk("d.docx", b"\xD0\xCF\x11\xE0old"), Err(Error::Encrypted { .. })));
}

#[test]
fn cues_of_one_speaker_become_one_turn() {
    let text = "WEBVTT - x\nKind: captions\n\nNOTE\nA: not this\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.000\n<v Moderator>Hi &amp; <b>hello</b>\n\n00:02.000 --> 00:03.000 align:start\n<v.loud Ann B>one\ntwo</v>\n\n00:03.000 --> 00:04.000\nthree <v Bob>four\n\n00:04.000 --> 00:05.000\n<v Bob>five &lt;6\n";
    let intake = talk("z.vtt", text.as_bytes()).unwrap();
    assert_eq!(rows(&intake), [11, 14, 18]);
    assert_eq!(lengths(&intake), [-1, "one two three".len() as i64, "four five <6".len() as i64]);
    let plain = "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn B: one\n\n00:02.000 --> 00:03.000\nAnn B: two\n\n00:03.000 --> 00:04.000\nMr C: x\n\n00:03.000 --> 00:04.000\nMr C: y\n";
    assert_eq!(lengths(&talk("z.vtt", plain.as_bytes()).unwrap()), [7, 3]);
}

#[test]
fn notes_count_statements() {
    let (_folder, path) = file("s.md", b"# Session\n\n- One\n- Two\n");
    let intake = read(source(Kind::SessionNotes, &[&path])).unwrap();
    assert_eq!(people(&intake), ["s/N1", "s/N2"]);
    let list = "<w:p><w:r><w:t>Head</w:t></w:r></w:p><w:p><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr><w:r><w:t>One</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"ListBullet\"/></w:pPr><w:r><w:t>Two</w:t></w:r></w:p>";
    let (_folder, path) = file("s.docx", &docx(list));
    let intake = read(source(Kind::SessionNotes, &[&path])).unwrap();
    assert_eq!((lengths(&intake), rows(&intake)), (vec![3, 3], vec![2, 3]));
}

#[test]
fn a_workbook_gives_text_for_every_kind_of_cell() {
    let sheet = "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"inlineStr\"><is><t>Q</t></is></c></row><row r=\"4\"><c r=\"A4\"><v>7</v></c><c r=\"C4\" t=\"s\"><v>1</v></c></row><row r=\"5\"><c r=\"A5\"/></row><row r=\"6\"><c r=\"A6\"><v>2.50</v></c><c r=\"C6\" t=\"b\"><v>1</v></c></row><row r=\"7\"><c r=\"C7\" t=\"e\"><v>#N/A</v></c><c r=\"D7\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let (_folder, path) = file(
        "w.xlsx",
        &xlsx(
            sheet,
            "<si><t>id</t></si><si><r><t xml:space=\"preserve\">rich </t></r><r><t>text</t></r></si>",
        ),
    );
    let intake = read(survey(&path, Some("id"), &["Q"])).unwrap();
    assert_eq!(ids(&intake), ["7:Q", "2.5:Q", "w-7:Q", "w-1048576:Q"]);
    assert_eq!(lengths(&intake), [9, 4, 4, 0]);
    let wanted = SourceSpec { sheet: Some("answers".into()), ..survey(&path, None, &["Q"]) };
    assert_eq!(read(wanted).unwrap_err().hint().unwrap(), "did you mean `Answers`?");
}

#[test]
fn real_files_are_read_whole() {
    if !Path::new(SHARED).exists() {
        eprintln!("skipped: no {SHARED}");
        return;
    }
    let path = Path::new(SHARED).join("nhs_fft/coded.csv");
    let intake = read(survey(&path, Some("id"), &["text"])).unwrap();
    assert_eq!((intake.responses.len(), intake.files[0].rows), (3964, 3964));
    let path = Path::new(SHARED).join("exports/StarWars.csv");
    let fan = "Do you consider yourself to be a fan of the Star Wars film franchise?";
    let intake = read(survey(&path, Some("RespondentID"), &[fan])).unwrap();
    assert_eq!(intake.files[0].rows, 1186, "the second header row is no answer");
    assert!(!intake.files[0].format.starts_with("utf-8"), "{}", intake.files[0].format);
    for folder in ["workbooks", "transcripts"] {
        for entry in std::fs::read_dir(Path::new(SHARED).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let _never_panics = read(survey(&path, None, &["no such column"]));
            let _never_panics = read(source(Kind::FocusGroup, &[&path]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_reader_panics_on_arbitrary_bytes(
        bytes in proptest::collection::vec(any::<u8>(), 1..600),
        name in prop::sample::select(vec!["f.csv", "f.xls", "f.ods", "f.jsonl", "f.json", "f.parquet", "f.xlsx", "f.txt", "f.docx", "f.vtt", "f.md"]),
    ) {
        let (_folder, path) = file(name, &bytes);
        for kind in [Kind::Survey, Kind::FocusGroup, Kind::SessionNotes] {
            let mut spec = survey(&path, None, &["a"]);
            spec.kind = kind;
            if kind != Kind::Survey {
                spec.questions.clear();
            }
            let _ = read(spec);
        }
    }

    #[test]
    fn no_reader_panics_on_damaged_archives(
        at in 0usize..3000, byte in any::<u8>(), cut in 0usize..3000,
    ) {
        let body = "<w:p><w:r><w:t>A: b</w:t></w:r></w:p>";
        let sheet = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row><row r=\"2\"><c r=\"A2\"><v>7</v></c></row>";
        for (name, mut bytes) in [("f.docx", docx(body)), ("f.xlsx", xlsx(sheet, ""))] {
            let n = bytes.len();
            bytes[at % n] = byte;
            bytes.truncate(n - cut % 40);
            let (_folder, path) = file(name, &bytes);
            let _ = read(survey(&path, None, &["a"]));
            let _ = read(source(Kind::FocusGroup, &[&path]));
        }
    }

    #[test]
    fn no_text_reader_panics_on_odd_lines(
        text in "([A-Z:<>\\-\\[\\]() v&;\\n\\r\"*0-9á中：.]|-->|<v |WEBVTT|Q: |\n\n){0,120}",
        name in prop::sample::select(vec!["f.csv", "f.txt", "f.vtt", "f.md"]),
    ) {
        let (_folder, path) = file(name, text.as_bytes());
        let _ = read(survey(&path, None, &["Q"]));
        let _ = read(source(Kind::FocusGroup, &[&path]));
        let _ = read(source(Kind::SessionNotes, &[&path]));
    }

    #[test]
    fn what_the_csv_crate_writes_is_read_back_row_for_row(
        cells in proptest::collection::vec(("[^\u{0}-\u{8}\u{b}-\u{1f}\u{feff}\u{fffd}]{0,30}", "[a-z\"\n\r,; ]{0,12}"), 1..30),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["n", "Q1", "Q2"]).unwrap();
        for (n, (a, b)) in cells.iter().enumerate() {
            writer.write_record([&n.to_string(), a, b]).unwrap();
        }
        let (_folder, path) = file("t.csv", &writer.into_inner().unwrap());
        let intake = read(survey(&path, Some("n"), &["Q1", "Q2"])).unwrap();
        let expected: Vec<i64> =
            cells.iter().flat_map(|(a, b)| [a.len() as i64, b.len() as i64]).collect();
        prop_assert_eq!(lengths(&intake), expected);
        prop_assert_eq!(intake.responses.len(), intake.files[0].rows as usize * 2);
    }
}
