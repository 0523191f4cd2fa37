//! Workbooks that were made to harm. Each must end in rows or in one error; what they may take of
//! the memory is measured outside of the tests.

use std::io::{Cursor, Write};

use proptest::prelude::*;

use super::fixture::*;
use super::*;

fn row(n: u32, cell: &str) -> String {
    format!("<row r=\"{n}\">{cell}</row>")
}

fn book(rows: &str) -> Vec<u8> {
    Xlsx { rows, ..Xlsx::default() }.file()
}

fn error(name: &str, bytes: &[u8]) -> String {
    read(name, bytes).unwrap_err().to_string()
}

#[test]
fn far_cells_cost_nothing() {
    let far =
        row(1, "<c r=\"A1\"><v>1</v></c>") + &row(1_048_576, "<c r=\"XFD1048576\"><v>2</v></c>");
    let rows = cells("f.xlsx", &book(&far));
    assert_eq!((rows[1].0, rows[1].1.len()), (1_048_576, 16_384));
    let rows = cells("f.xls", &xls(&[], &[label(0, 0, "a"), label(65_535, 255, "b")].concat()));
    assert_eq!((rows[1].0, rows[1].1.len()), (65_536, 256));
}

#[test]
fn places_that_excel_does_not_know_are_refused() {
    for cell in
        ["r=\"A0\"", "r=\"A-1\"", "r=\"A1048577\"", "r=\"AAAA1\"", "r=\"1\"", "r=\"A99999999999\""]
    {
        let said = error("f.xlsx", &book(&row(1, &format!("<c {cell}><v>1</v></c>"))));
        assert!(said.contains("outside"), "{cell}: {said}");
    }
    for number in ["0", "-5", "1048577", "99999999999999999999", "x"] {
        let said = error("f.xlsx", &book(&format!("<row r=\"{number}\"/>")));
        assert!(said.contains("outside"), "{number}: {said}");
    }
    let said = error("f.xlsx", &book(&(row(5, "") + &row(4, ""))));
    assert!(said.ends_with("row 4 stands below row 5"), "{said}");
    let said = error("f.xlsx", &book(&row(1, "<c r=\"XFE1\"><v>1</v></c>")));
    assert!(said.contains("number of columns exceeds 16384"), "{said}");
}

#[test]
fn strings_that_are_missing_reject_their_row_alone() {
    for number in ["1", "-1", "4294967296", "99999999999999999999999", "x"] {
        let cell = format!("<c t=\"s\"><v>{number}</v></c>");
        let rows = row(1, &cell) + &row(2, "<c><v>2</v></c>");
        let rows =
            read("f.xlsx", &Xlsx { rows: &rows, strings: "<si/>", ..Xlsx::default() }.file());
        let rows = rows.unwrap();
        assert!(rows[0].1.clone().unwrap_err().contains("text is missing"), "{number}");
        assert_eq!(rows[1].1, Ok(vec!["2".into()]));
    }
    let cell = [0u8, 0, 0, 0, 0, 0, 9, 0, 0, 0];
    let rows = read("f.xls", &xls(&[], &biff(0x00FD, &cell))).unwrap();
    assert!(rows[0].1.clone().unwrap_err().contains("text is missing"));
}

#[test]
fn entities_and_document_types_are_refused() {
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let rows = row(1, "<c t=\"str\"><v>&b;&x;</v></c>");
    let file = Xlsx { prolog: laughs, rows: &rows, ..Xlsx::default() }.file();
    assert!(error("f.xlsx", &file).contains("document type declaration"));
    assert!(error("f.xlsx", &book(&rows)).contains("unknown entity"));
    let strings = "<si><t>&x;</t></si>";
    let file = Xlsx { strings, ..Xlsx::default() }.file();
    assert!(error("f.xlsx", &file).contains("unknown entity"));
    let file = ods_with("", laughs, "", "<table:table/>");
    assert!(error("f.ods", &file).contains("document type declaration"));
}

#[test]
fn bombs_are_stopped_by_what_they_inflate_to() {
    let spaces = " ".repeat(30_000_000);
    let said = error("f.xlsx", &book(&spaces));
    assert!(said.contains("compression exceeds 100 to 1"), "{said}");
    let strings = format!("<si><t>{spaces}</t></si>");
    let said = error("f.xlsx", &Xlsx { strings: &strings, ..Xlsx::default() }.file());
    assert!(said.contains("compression exceeds 100 to 1"), "{said}");
    let limits = Limits { part_bytes: 1_000, ..Limits::default() };
    let file = book(&row(1, &"<c><v>1</v></c>".repeat(500)));
    let said = read_with("f.xlsx", &file, None, limits).unwrap_err().to_string();
    assert!(said.contains("inflated size exceeds 1 KB"), "{said}");
}

#[test]
fn sizes_that_lie_are_found_out_while_inflating() {
    let mut file = book(&" ".repeat(30_000_000));
    // The declared size stands in the local header and in the directory.
    let declared = 30_000_000u32 + 64;
    let mut n = 0;
    for at in 0..file.len() - 4 {
        let found = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        if found.abs_diff(declared) < 64 {
            file[at..at + 4].copy_from_slice(&900u32.to_le_bytes());
            n += 1;
        }
    }
    assert!(n >= 1);
    let said = error("f.xlsx", &file);
    assert!(said.contains("exceeds") || said.contains("damaged"), "{said}");
}

#[test]
fn archives_of_many_parts_are_counted_before_they_are_opened() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..10_001 {
        zip.start_file(format!("{i}"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<workbook/>").unwrap();
    let file = zip.finish().unwrap().into_inner();
    assert!(error("f.xlsx", &file).contains("number of parts exceeds 10000"));
}

#[test]
fn parts_beside_the_workbook_are_never_inflated_and_names_lead_nowhere() {
    let bomb = vec![b'0'; 50_000_000];
    let inner = zip_of(&[("a", &bomb)]);
    let book_part = "<workbook><sheets><sheet name=\"A\" r:id=\"r\"/></sheets></workbook>";
    let relations = "<Relationships><Relationship Id=\"r\" Type=\"x/worksheet\" Target=\"../../../../etc/passwd\"/></Relationships>";
    let sheet = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>";
    let file = zip_of(&[
        ("xl/workbook.xml", book_part.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("etc/passwd", sheet.as_bytes()),
        ("../../outside", sheet.as_bytes()),
        ("/tmp/outside", sheet.as_bytes()),
        ("inner.zip", &inner),
        ("bomb", &bomb),
    ]);
    assert_eq!(cells("f.xlsx", &file), [(1, vec!["1".to_string()])]);
}

#[test]
fn lists_without_end_are_counted() {
    let sheets: String =
        (0..1_001).map(|i| format!("<sheet name=\"{i}\" r:id=\"rId1\"/>")).collect();
    let said = error("f.xlsx", &Xlsx { sheets: &sheets, ..Xlsx::default() }.file());
    assert!(said.contains("number of sheets exceeds 1000"), "{said}");
    let said = error("f.ods", &ods("", &"<table:table table:name=\"x\"/>".repeat(1_001)));
    assert!(said.contains("number of sheets exceeds 1000"), "{said}");
    let behind: String = (1..100_000).map(|i| format!("<mergeCell ref=\"A{i}:B{i}\"/>")).collect();
    let rows = row(1, "<c><v>1</v></c>");
    let file = Xlsx { rows: &rows, behind: &behind, ..Xlsx::default() }.file();
    assert_eq!(cells("f.xlsx", &file).len(), 1);
    let deep = error("f.xlsx", &book(&"<row>".repeat(300)));
    assert!(deep.contains("nested too deeply"), "{deep}");
}

#[test]
fn repeated_rows_cost_nothing_where_they_are_blank_and_are_counted_where_not() {
    let table = |rows: u64, columns: u64, inside: &str| {
        let row = format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell table:number-columns-repeated=\"{columns}\">{inside}</table:table-cell></table:table-row>"
        );
        let last = "<table:table-row><table:table-cell><text:p>z</text:p></table:table-cell></table:table-row>";
        ods("", &format!("<table:table table:name=\"A\">{row}{last}</table:table>"))
    };
    for n in [1_048_575, u64::from(u32::MAX) - 2] {
        let rows = cells("f.ods", &table(n, u64::MAX, ""));
        assert_eq!(rows, [(n as u32 + 1, vec!["z".to_string()])]);
    }
    let said = error("f.ods", &table(1_048_576, 1, "<text:p>x</text:p>"));
    assert!(said.contains("number of repeated rows exceeds 100000"), "{said}");
    let said = error("f.ods", &table(u64::MAX, 1, "<text:p>x</text:p>"));
    assert!(said.contains("number of repeated rows"), "{said}");
    let said = error("f.ods", &table(1, u64::MAX, "<text:p>x</text:p>"));
    assert!(said.contains("number of columns exceeds 16384"), "{said}");
    assert_eq!(cells("f.ods", &table(500, 2, "<text:p>x</text:p>")).len(), 501);
}

#[test]
fn one_string_in_a_million_cells_is_stopped_by_the_text_that_it_makes() {
    let strings = format!("<si><t>{}</t></si>", "long text ".repeat(90_000));
    let rows: String = (1..=400).map(|n| row(n, "<c t=\"s\"><v>0</v></c>")).collect();
    let limits = Limits { ratio: 10_000, ..Limits::default() };
    let file = Xlsx { rows: &rows, strings: &strings, ..Xlsx::default() }.file();
    let request = Request { file: "f", sheet: None, limits: Limits { ratio: 1_000, ..limits } };
    let counted = with_records(&request, Format::Xlsx, &file, |records| {
        let (mut record, mut n) = (crate::ingest::table::record::Record::default(), 0);
        while records.next(&mut record)? {
            n += 1;
        }
        Ok(n)
    });
    let said = counted.unwrap_err().to_string();
    assert!(said.contains("the text of its cells exceeds 200 MB"), "{said}");
}

/// One small workbook of each format.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let rows = row(1, "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>45351</v></c>")
        + &row(3, "<c r=\"A3\" t=\"inlineStr\"><is><t>&#x41;</t></is></c>");
    let strings = "<si><t>text</t></si>";
    let styles = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>";
    let cell = "<table:table-cell office:value-type=\"string\"><text:p>x<text:s/>y</text:p></table:table-cell>";
    let table = format!(
        "<table:table table:name=\"A\"><table:table-row table:number-rows-repeated=\"2\">{cell}</table:table-row></table:table>"
    );
    let sst = biff(0x00FC, &[1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, b'a', b'b']);
    let by_number = biff(0x00FD, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    vec![
        ("f.xlsx", Xlsx { rows: &rows, strings, styles, ..Xlsx::default() }.file()),
        ("f.ods", ods("", &table)),
        ("f.xls", xls(&sst, &[label(0, 0, "a"), by_number].concat())),
    ]
}

#[test]
fn a_file_cut_off_anywhere_is_an_error_and_no_other_table() {
    for (name, whole) in samples() {
        let all = read(name, &whole).unwrap();
        for n in 0..whole.len() {
            // Padding at the end of a compound file says nothing.
            let read = read(name, &whole[..n]);
            assert!(read.is_err() || read.unwrap() == all, "{name} cut to {n}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn no_changed_bytes_harm(
        which in 0usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let (name, mut bytes) = samples().swap_remove(which);
        let n = bytes.len();
        for (at, byte) in changes {
            bytes[at.index(n)] = byte;
        }
        let _any = read(name, &bytes);
    }

    #[test]
    fn no_changed_markup_harms(
        at in any::<prop::sample::Index>(), piece in "[<>/&;\"'= a-zA-Z0-9!\\[\\]-]{0,6}", n in 0usize..8,
    ) {
        let rows = row(1, "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>45351</v></c>");
        let mut changed = rows.clone();
        let start = at.index(rows.len());
        changed.replace_range(start..(start + n).min(rows.len()), &piece);
        let _any = read("f.xlsx", &book(&changed));
        let table = "<table:table table:name=\"A\"><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell></table:table-row></table:table>";
        let mut changed = table.to_string();
        let start = at.index(table.len());
        changed.replace_range(start..(start + n).min(table.len()), &piece);
        let _any = read("f.ods", &ods("", &changed));
    }
}
