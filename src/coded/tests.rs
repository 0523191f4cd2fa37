//! What the reader of coded answers takes, and what it refuses with one line.

use std::path::PathBuf;

use super::*;
use crate::codebook::Theme;

fn book() -> Codebook {
    let theme = |(id, label): (&str, &str)| Theme {
        id: id.into(),
        label: label.into(),
        definition: "x".into(),
        include: Vec::new(),
        exclude: Vec::new(),
        examples: Vec::new(),
        parent: None,
        tags: Vec::new(),
    };
    let themes =
        [("response-times", "Response times"), ("lighting", "Street lighting"), ("rare", "Rare")];
    Codebook { title: "T".into(), themes: themes.map(theme).to_vec(), hash: String::new() }
}

fn write(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    (dir, path)
}

fn read_with(text: &str, columns: &Columns) -> Result<CodedTable, Error> {
    let (_dir, path) = write("coded.csv", text);
    read(&path, &book(), columns)
}

#[track_caller]
fn refused(text: &str) -> (String, String) {
    let error = read_with(text, &Columns::default()).unwrap_err();
    let message = error.to_string();
    let (_, tail) = message.split_once("coded.csv").unwrap_or(("", &message));
    (tail.to_owned(), error.hint().unwrap())
}

#[test]
fn joined_codes_are_read_in_the_order_of_the_codebook() {
    let text = "id,question,text,codes,who\na,Q?,slow and dark,lighting; response-times ;lighting,P1\nb,Q?,nothing,,\n";
    let columns = Columns {
        context: vec!["question".into()],
        participant: Some("who".into()),
        ..Columns::default()
    };
    let table = read_with(text, &columns).unwrap();
    assert_eq!(table.themes, [0, 1, 2]);
    let [a, b] = table.rows.as_slice() else { panic!("{table:?}") };
    assert_eq!((a.id.as_str(), a.row, a.codes.as_slice()), ("a", 2, [0, 1].as_slice()));
    assert_eq!((a.participant.as_deref(), a.context[0].expose()), (Some("P1"), "Q?"));
    assert_eq!((b.codes.len(), b.row, b.participant.as_deref()), (0, 3, None));
    assert_eq!(table.sha256, crate::fsx::sha256(text.as_bytes()));
}

#[test]
fn a_column_a_theme_is_found_by_id_or_label_and_blank_is_no() {
    let text = "id,text,response-times,street Lighting,note\na,t,x,0,n\nb,t,,TRUE,n\nc,t,,,n\n";
    let table = read_with(text, &Columns::default()).unwrap();
    assert_eq!(table.themes, [0, 1]);
    let codes: Vec<_> = table.rows.iter().map(|r| r.codes.clone()).collect();
    assert_eq!(codes, [vec![0], vec![1], vec![]]);
}

#[test]
fn a_row_counts_as_coded_once_a_theme_or_done_is_filled() {
    let text = "id,text,lighting,rare,done\na,t,1,,\nb,t,,,1\nc,t,,,\nd,t,0,0,\n";
    let table = read_with(text, &Columns::default()).unwrap();
    let ids: Vec<_> = table.rows.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "d"]);
    assert_eq!(table.unfilled, [(4, "c".to_owned())]);
    assert!(table.warnings.iter().any(|w| w.ends_with("not coded yet: row 4")), "{table:?}");
}

#[test]
fn what_is_wrong_is_named_by_file_row_and_column() {
    let cases = [
        (
            "id,text,codes\na,t,lightning\n",
            "row 2, column `codes`: `lightning` is not in the codebook",
            "did you mean `lighting`?",
        ),
        (
            "id,text,codes\na,t,they never came\n",
            "row 2, column `codes`: what stands there is not in the codebook",
            "write ids",
        ),
        (
            "id,text,codes\na,t,rare\n,t,rare\n",
            "row 3, column `id`: the id is blank",
            "give each row an id",
        ),
        (
            "id,text,codes\na,t,rare\na,t,rare\n",
            "row 3, column `id`: the id stands in row 2 already",
            "take one of the two",
        ),
        ("id,txt,codes\na,t,rare\n", "has no column `text` in row 1", "did you mean `txt`?"),
        (
            "id,text,note\na,t,n\n",
            "no column `codes` and no column of a theme in row 1",
            "`response-times`",
        ),
        (
            "id,text,lighting,rare\na,t,1,perhaps\n",
            "row 2, column `rare`: neither 0 nor 1",
            "write 1",
        ),
        (
            "id,text,lighting,respnse-times\na,t,1,0\n",
            "row 1: column `respnse-times` is no theme",
            "did you mean `response-times`?",
        ),
        (
            "id,text,lighting,Street lighting\na,t,1,0\n",
            "two columns for theme `lighting` in row 1",
            "take one",
        ),
        ("id,text,lighting,done\na,t,,\nb,t,,\n", "none of the 2 rows is coded", "write 1"),
        ("id,text,codes\na, ,rare\n", "no row holds a text", "column of the texts"),
        (
            "id,text,codes,probability\na,t,rare,0\n",
            "row 2, column `probability`: no probability",
            "leave the column out",
        ),
        ("id,text,codes\n", "has no rows below the header", "header_row"),
    ];
    for (text, message, hint) in cases {
        let (m, h) = refused(text);
        assert!(m.contains(message), "{m} / {message}");
        assert!(h.contains(hint), "{h} / {hint}");
        assert!(!m.contains("never came") && !m.contains('\n'));
    }
}

#[test]
fn two_coders_may_code_one_answer_in_one_file() {
    let text = "id,text,codes,coder\na,t,rare,ann\na,t,,bob\n";
    let table = read_with(text, &Columns::default()).unwrap();
    let coders: Vec<_> = table.rows.iter().map(|r| r.coder.as_deref()).collect();
    assert_eq!(coders, [Some("ann"), Some("bob")]);
}

#[test]
fn rows_that_cannot_be_read_or_have_no_text_are_told() {
    let text = "id,text,codes\na,t,rare\nb,,rare\nc,t,rare,1,2\n";
    let table = read_with(text, &Columns::default()).unwrap();
    assert_eq!(table.rows.len(), 1);
    let told = table.warnings.join("\n");
    assert!(told.contains("left out, no text: row 3"), "{told}");
    assert!(told.contains("row 4: left out: 5 fields, the header has 3"), "{told}");
}

#[test]
fn a_table_joined_by_id_needs_no_text() {
    let columns = Columns { text: None, ..Columns::default() };
    let table = read_with("id,lighting\na,1\n", &columns).unwrap();
    assert!(table.rows[0].text.is_empty());
    assert_eq!(table.rows[0].codes, [1]);
}
