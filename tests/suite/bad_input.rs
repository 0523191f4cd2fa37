//! Input files that are missing, empty, of another format or without the wanted columns: one
//! line of error, one of remedy, and nothing written. Odd but readable files are read.

use super::harness::{LIGHTS, PATROL, Study};

/// A survey whose file holds these bytes.
fn survey(bytes: impl AsRef<[u8]>) -> Study {
    Study::new().survey("Survey", &["Q1"], bytes)
}

fn wanting(lines: &str) -> Study {
    let bytes = format!("Response Id,District,Q1\n1,North,{PATROL}\n");
    Study::new().table("Survey", "survey", &["Q1"], lines, bytes)
}

#[test]
fn a_missing_input_names_the_nearest_file() {
    let study = survey("Id,Q1\n1,a\n");
    std::fs::rename(study.path("survey.csv"), study.path("surveys.csv")).unwrap();
    study.refused(
        2,
        "error: <study>/study.toml: source `Survey`: no file `survey.csv`\nhint: did you mean `surveys.csv`?",
    );
}

#[test]
fn a_pattern_that_matches_nothing_is_refused() {
    Study::new().talk("Groups", "focus-group", "groups/*.docx").refused(
        2,
        "error: <study>/study.toml: source `Groups`: no file `groups/*.docx`\nhint: paths are taken from the folder of study.toml",
    );
}

#[test]
fn a_wrong_question_column_names_the_nearest_column() {
    let bytes = format!("Id,Question 1\n1,{PATROL}\n");
    Study::new().survey("Survey", &["Question1"], bytes).refused(
        2,
        "error: `survey.csv` has no column `Question1` (wanted as question) in row 1\nhint: did you mean `Question 1`?",
    );
}

#[test]
fn a_wrong_question_column_far_from_all_lists_them() {
    survey("Id,Answer,Age\n1,a,30\n").refused(
        2,
        "error: `survey.csv` has no column `Q1` (wanted as question) in row 1\nhint: the columns are `Id`, `Answer`, `Age`",
    );
}

#[test]
fn a_wrong_id_column_names_the_nearest_column() {
    wanting("id = \"ResponseId\"\n").refused(
        2,
        "error: `survey.csv` has no column `ResponseId` (wanted as id) in row 1\nhint: did you mean `Response Id`?",
    );
}

#[test]
fn a_wrong_group_column_names_the_nearest_column() {
    wanting("groups = [\"Distrct\"]\n").refused(
        2,
        "error: `survey.csv` has no column `Distrct` (wanted as group) in row 1\nhint: did you mean `District`?",
    );
}

#[test]
fn a_wrong_participant_column_names_the_nearest_column() {
    wanting("participant = \"ResponseID\"\n").refused(
        2,
        "error: `survey.csv` has no column `ResponseID` (wanted as participant) in row 1\nhint: did you mean `Response Id`?",
    );
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    survey("Id,Q1,Q1\n1,a,b\n").refused(
        2,
        "error: `survey.csv` has 2 columns named `Q1` (wanted as question) in row 1\nhint: rename one of them in the file",
    );
}

#[test]
fn an_empty_file_is_refused() {
    let said = "error: `survey.csv` is empty\nhint: export it again, or take it out of the study";
    survey("").refused(2, said);
    survey(" \r\n\n").refused(2, said);
    survey("\u{feff}").refused(2, said);
}

#[test]
fn a_file_with_a_header_alone_is_refused() {
    survey("Id,Q1\n").refused(
        2,
        "error: `survey.csv` has no rows below the header in row 1\nhint: set `header_row` to the row where the column names stand",
    );
}

#[test]
fn a_header_row_behind_the_end_is_refused() {
    wanting("header_row = 9\n").refused(
        2,
        "error: `survey.csv` has no header in row 9\nhint: set `header_row` to the row where the column names stand",
    );
}

#[test]
fn binary_files_with_a_text_extension_are_refused() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".repeat(20);
    let hint = "hint: export it again as CSV in UTF-8, or give it its true extension";
    for (bytes, found) in [
        (png.as_slice(), "it holds binary bytes"),
        (b"PK\x03\x04\x14\0", "it is a zip archive, perhaps a workbook or a document"),
        (b"%PDF-1.7\n", "it is a PDF"),
        (b"\x1F\x8B\x08\0", "it is compressed"),
    ] {
        let said = format!("error: `survey.csv` is not a text file: {found}\n{hint}");
        survey(bytes).refused(2, &said);
    }
}

#[test]
fn a_damaged_workbook_is_refused() {
    let toml = "name = \"Book\"\nkind = \"survey\"\nperspective = \"P\"\npath = \"book.xlsx\"\n[[source.question]]\ncolumn = \"Q1\"\n";
    let study = Study::new().file("book.xlsx", b"PK\x03\x04 and then nothing").source(toml);
    study.refused(
        2,
        "error: `book.xlsx` cannot be read as a workbook: it is no zip archive, or damaged\nhint: open it in Excel, save it as .xlsx, or export it as CSV",
    );
}

#[test]
fn a_damaged_document_is_refused() {
    let study = Study::new().file("talk.docx", "no document");
    study.talk("Talk", "interview", "talk.docx").refused(
        2,
        "error: `talk.docx` cannot be read as a document: it is no zip archive, or damaged\nhint: open it in Word and save it again, or save it as text",
    );
}

#[test]
fn an_unknown_format_says_what_to_save_it_as() {
    let study = Study::new().file("talk.doc", "x").talk("Talk", "interview", "talk.doc");
    study.refused(
        2,
        "error: `talk.doc` has an unknown format `.doc`\nhint: save it as .docx or .txt",
    );
}

#[test]
fn a_transcript_without_labels_is_refused() {
    let study = Study::new().file("talk.txt", "We met on Monday.\nIt was a good talk.\n");
    study.talk("Talk", "interview", "talk.txt").refused(
        2,
        "error: `talk.txt` has no speaker turns\nhint: begin each turn with a label such as `Moderator:` or `Speaker 1:`",
    );
}

#[test]
fn a_failed_run_leaves_the_earlier_outputs_as_they_are() {
    let study = survey(format!("Id,Q1\n1,{LIGHTS}\n"));
    let before = study.done().outputs;
    let study = study.file("survey.csv", "Id,Q1\n");
    assert_eq!(study.run(&[]).code, 2);
    assert!(super::harness::files(&study.path("out")) == before);
}

#[test]
fn a_latin1_file_is_read_and_its_encoding_is_in_the_manifest() {
    let rows =
        b"Id,Q1\n1,The caf\xE9 on our corner is closed and the se\xF1or is gone\n2,na\xEFve\n";
    let run = survey(rows).done();
    let format = run.json("manifest.json")["inputs"][0]["format"].as_str().unwrap().to_owned();
    assert!(format.starts_with("windows-125") && format.ends_with("(guessed), comma"), "{format}");
    assert_eq!(run.records("ledger.csv").len(), 2);
}

#[test]
fn a_utf16_file_with_semicolons_is_read() {
    let text = format!("Id;Q1\n1;{PATROL}\n2;señal\n");
    let bytes: Vec<u8> =
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let run = survey(bytes).done();
    assert_eq!(run.json("manifest.json")["inputs"][0]["format"], "utf-16le, semicolon");
    assert_eq!(run.records("ledger.csv")[0]["state"], "coded");
}
