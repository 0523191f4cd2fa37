//! Cells and sheets of all three formats through their readers alone.

use super::fixture::*;
use super::*;

#[test]
fn cells_of_excel_become_what_excel_shows() {
    let rows = "<row r=\"2\">\
        <c r=\"A2\" t=\"s\"><v>0</v></c>\
        <c r=\"B2\" t=\"inlineStr\"><is><t>NA</t><rPh><t>hint</t></rPh></is></c>\
        <c r=\"C2\" t=\"str\"><f>A1</f><v>a_x000D_&amp;b</v></c>\
        <c r=\"D2\"><v>1234567890123456</v></c>\
        <c r=\"E2\" s=\"1\"><v>45351.5</v></c>\
        <c r=\"F2\" s=\"2\"><v>45351</v></c>\
        <c r=\"G2\" t=\"b\"><v>0</v></c>\
        <c r=\"H2\" t=\"e\"><v>#N/A</v></c>\
        <c r=\"J2\" t=\"d\"><v>2024-02-29T00:00:00</v></c>\
        <c r=\"K2\" s=\"99\"><v>0.30000000000000004</v></c>\
        <c r=\"L2\" s=\"3\"><v>1.5</v></c></row>";
    let book = Xlsx {
        rows,
        strings: "<si><r><t xml:space=\"preserve\"> 007</t></r><r><t>1E5\n</t></r><rPh><t>x</t></rPh><phoneticPr/></si>",
        styles: "<xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/><xf numFmtId=\"46\"/>",
        ..Xlsx::default()
    };
    let expected = [
        " 0071E5\n",
        "NA",
        "a\r&b",
        "1234567890123456",
        "2024-02-29T12:00:00",
        "2024-02-29",
        "FALSE",
        "#N/A",
        "",
        "2024-02-29",
        "0.3",
        "36:00:00",
    ];
    assert_eq!(cells("f.xlsx", &book.file()), [(2, expected.map(String::from).to_vec())]);
    let properties = "<workbookPr date1904=\"1\"/>";
    let since_1904 = Xlsx { properties, ..book };
    assert_eq!(cells("f.xlsx", &since_1904.file())[0].1[5], "2028-03-01");
}

#[test]
fn cells_without_references_stand_one_behind_the_other() {
    let rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>";
    let book = Xlsx { rows, ..Xlsx::default() };
    let expected = [(1, vec!["1".to_string(), String::new(), "3".into()]), (3, vec!["4".into()])];
    assert_eq!(cells("f.xlsx", &book.file()), expected);
}

#[test]
fn a_sheet_is_chosen_by_name_then_by_number_and_a_hidden_one_never_by_itself() {
    let sheets = "<sheet name=\"Chart\" r:id=\"rId5\"/><sheet name=\"Hidden\" state=\"hidden\" r:id=\"rId1\"/><sheet name=\"Shown\" r:id=\"rId4\"/><sheet name=\"1\" r:id=\"rId1\"/>";
    let rows = "<row><c t=\"str\"><v>first</v></c></row>";
    let file = Xlsx { rows, sheets, ..Xlsx::default() }.file();
    let read = |sheet| read_with("f.xlsx", &file, sheet, Limits::default());
    let word = |sheet| read(sheet).unwrap().0[0].1.clone().unwrap()[0].clone();
    assert_eq!(word(None), "second");
    assert_eq!(word(Some("Hidden")), "first");
    assert_eq!(word(Some("1")), "first", "a name wins over a number");
    assert_eq!(word(Some("2")), "first", "the second that is shown");
    let warning = &read(None).unwrap().1[0];
    assert!(warning.contains("sheet `Shown` was read, 1 other sheet was not"), "{warning}");
    assert!(read(Some("Shown")).unwrap().1.is_empty());
    for missing in ["3", "shown"] {
        let error = read(Some(missing)).unwrap_err();
        assert!(matches!(error, Error::NoSuchSheet { .. }), "{error}");
    }
    let request = Request { file: "f", sheet: None, limits: Limits::default() };
    let list = super::sheets(&request, Format::Xlsx, &file).unwrap();
    let names: Vec<_> = list.iter().map(|s| (s.name.as_str(), s.hidden)).collect();
    assert_eq!(names, [("Hidden", true), ("Shown", false), ("1", false)]);
    let sheets = "<sheet name=\"H\" state=\"veryHidden\" r:id=\"rId1\"/>";
    let error = fixture::read("f", &Xlsx { sheets, ..Xlsx::default() }.file()).unwrap_err();
    assert!(error.to_string().contains("hidden"), "{error}");
}

#[test]
fn cells_of_open_document_become_what_the_spreadsheet_shows() {
    let cell = |attributes: &str, inside: &str| {
        format!("<table:table-cell {attributes}>{inside}</table:table-cell>")
    };
    let row = [
        cell(
            "office:value-type=\"string\"",
            "<text:p>a <text:span>b</text:span><text:s text:c=\"2\"/>c</text:p><text:p>d<text:line-break/>e</text:p><office:annotation><text:p>no</text:p></office:annotation>",
        ),
        cell("office:value-type=\"float\" office:value=\"7.0\"", "<text:p>7,00 €</text:p>"),
        cell(
            "office:value-type=\"date\" office:date-value=\"2024-02-29T00:00:00\"",
            "<text:p>29.2.</text:p>",
        ),
        cell("office:value-type=\"time\" office:time-value=\"PT26H03M00S\"", "<text:p>x</text:p>"),
        cell(
            "office:value-type=\"boolean\" office:boolean-value=\"true\"",
            "<text:p>WAHR</text:p>",
        ),
        cell("table:number-columns-repeated=\"2\"", ""),
        cell(
            "office:value-type=\"string\" calcext:value-type=\"error\" office:string-value=\"\"",
            "<text:p>#N/A</text:p>",
        ),
        "<table:covered-table-cell/>".into(),
        cell(
            "office:value-type=\"string\" office:string-value=\"x&amp;y\" table:number-columns-repeated=\"2\"",
            "",
        ),
    ];
    let blank = "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let table = format!(
        "<table:table table:name=\"A\">{blank}<table:table-row table:number-rows-repeated=\"2\">{}</table:table-row>{}</table:table>",
        row.concat(),
        blank.replace("\"3\"", "\"1048576\"")
    );
    let expected =
        ["a b  c\nd\ne", "7", "2024-02-29", "26:03:00", "TRUE", "", "", "#N/A", "", "x&y", "x&y"];
    let expected = expected.map(String::from).to_vec();
    let read = cells("f.ods", &ods("", &table));
    assert_eq!(read, [(4, expected.clone()), (5, expected)]);
}

#[test]
fn sheets_of_open_document_are_chosen_alike() {
    let styles = "<style:style style:name=\"ta1\"><style:table-properties table:display=\"false\"/></style:style>";
    let table = |name: &str, style: &str| {
        format!(
            "<table:table table:name=\"{name}\" table:style-name=\"{style}\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>{name}</text:p></table:table-cell></table:table-row></table:table>"
        )
    };
    let tables = [table("H", "ta1"), table("S", ""), table("T", "")].concat();
    let file = ods(styles, &tables);
    for (wanted, name, n_warnings) in [(None, "S", 1), (Some("H"), "H", 0), (Some("2"), "T", 0)] {
        let (rows, warnings) = read_with("f.ods", &file, wanted, Limits::default()).unwrap();
        assert_eq!((rows[0].1.clone().unwrap()[0].as_str(), warnings.len()), (name, n_warnings));
    }
}

#[test]
fn cells_of_old_excel_become_what_excel_shows() {
    let at = |row: u16, column: u16, style: u16| {
        [row.to_le_bytes(), column.to_le_bytes(), style.to_le_bytes()].concat()
    };
    let xf = |format: u16| biff(0x00E0, &[[0, 0], format.to_le_bytes(), [0; 2]].concat());
    let globals = [xf(0), xf(14)].concat();
    let number = |column, style, value: f64| {
        biff(0x0203, &[&at(1, column, style)[..], &value.to_le_bytes()].concat())
    };
    let formula =
        |column, value: [u8; 8]| biff(0x0006, &[&at(1, column, 0)[..], &value, &[0; 6]].concat());
    let records = [
        label(1, 0, "NA"),
        number(1, 0, 9_007_199_254_740_991.0),
        number(2, 1, 45_351.0),
        biff(0x0205, &[&at(1, 3, 0)[..], &[1, 0]].concat()),
        biff(0x0205, &[&at(1, 4, 0)[..], &[0x2A, 1]].concat()),
        formula(5, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        biff(0x0207, &[3, 0, 0, b'x', b'y', b'z']),
        formula(6, 2.5f64.to_le_bytes()),
        biff(0x00BD, &[&at(1, 7, 0)[..4], &[0, 0, 6, 0, 0, 0, 0, 0, 10, 0, 0, 0, 8, 0]].concat()),
        label(0, 2, "above"),
    ];
    let file = xls(&globals, &records.concat());
    let second = ["NA", "9007199254740991", "2024-02-29", "TRUE", "#N/A", "xyz", "2.5", "1", "2"];
    let expected = [
        (1, vec![String::new(), String::new(), "above".into()]),
        (2, second.map(String::from).to_vec()),
    ];
    assert_eq!(cells("f.xls", &file), expected);
}

#[test]
fn encrypted_workbooks_are_one_clear_error() {
    let manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    for (name, bytes) in [
        ("new.xlsx", compound("EncryptedPackage", b"x")),
        ("old.xls", xls(&biff(0x002F, &[1, 0, 1, 0]), &[])),
        ("open.ods", ods_with(manifest, "", "", "x")),
    ] {
        let error = read(name, &bytes).unwrap_err();
        assert_eq!(error.to_string(), format!("`{name}` is protected by a password"));
    }
}

#[test]
fn a_cell_above_the_limit_rejects_its_row_alone() {
    let long = "x".repeat(3_000_000);
    let rows = format!(
        "<row><c t=\"inlineStr\"><is><t>{long}</t></is></c></row><row><c t=\"s\"><v>0</v></c></row><row><c><v>3</v></c></row>"
    );
    let strings = format!("<si><t>{long}</t></si>");
    let limits = Limits { ratio: 10_000, ..Limits::default() };
    let file = Xlsx { rows: &rows, strings: &strings, ..Xlsx::default() }.file();
    let too_long = Err("TooLong { bytes: 3000000 }".to_string());
    let expected = [(1, too_long.clone()), (2, too_long.clone()), (3, Ok(vec!["3".into()]))];
    assert_eq!(read_with("f.xlsx", &file, None, limits).unwrap().0, expected);
    let tables = format!(
        "<table:table><table:table-row><table:table-cell><text:p>{long}</text:p></table:table-cell></table:table-row></table:table>"
    );
    let rows = read_with("f.ods", &ods("", &tables), None, limits).unwrap().0;
    assert_eq!(rows, [(1, too_long)]);
}
