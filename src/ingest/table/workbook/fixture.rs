//! Workbooks built in code, and their rows.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::*;
use crate::ingest::format;
use crate::ingest::table::record::Record;

/// Rows as (place, cells or fault).
pub(super) type Rows = Vec<(u32, Result<Vec<String>, String>)>;

/// A zip archive, deflated.
pub(super) fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let how = match *name {
            "mimetype" => zip::CompressionMethod::Stored,
            _ => zip::CompressionMethod::Deflated,
        };
        zip.start_file(*name, SimpleFileOptions::default().compression_method(how)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The parts of an XLSX workbook that a test changes.
pub(super) struct Xlsx<'x> {
    /// What stands before the root of the sheet.
    pub(super) prolog: &'x str,
    /// Rows of the sheet, inside of `sheetData`.
    pub(super) rows: &'x str,
    /// What stands behind `sheetData`.
    pub(super) behind: &'x str,
    /// `si` elements.
    pub(super) strings: &'x str,
    /// `xf` elements, each with a `numFmtId`.
    pub(super) styles: &'x str,
    /// `sheet` elements.
    pub(super) sheets: &'x str,
    /// What stands before the sheets.
    pub(super) properties: &'x str,
}

impl Default for Xlsx<'_> {
    fn default() -> Self {
        let sheets = "<sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/>";
        let (prolog, rows, behind, strings, styles, properties) = ("", "", "", "", "", "");
        Self { prolog, rows, behind, strings, styles, sheets, properties }
    }
}

impl Xlsx<'_> {
    /// The file.
    pub(super) fn file(&self) -> Vec<u8> {
        let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{rel}/{kind}\" Target=\"{target}\"/>")
        };
        let relations = |all: &[String]| format!("<Relationships>{}</Relationships>", all.concat());
        let root = relations(&[relation("r", "officeDocument", "xl/workbook.xml")]);
        let inner = relations(&[
            relation("rId1", "worksheet", "worksheets/sheet1.xml"),
            relation("rId2", "sharedStrings", "sharedStrings.xml"),
            relation("rId3", "styles", "styles.xml"),
            relation("rId4", "worksheet", "worksheets/sheet2.xml"),
            relation("rId5", "chartsheet", "chartsheets/sheet1.xml"),
        ]);
        let (properties, sheets) = (self.properties, self.sheets);
        let book = format!("<workbook>{properties}<sheets>{sheets}</sheets></workbook>");
        let strings = format!("<sst>{}</sst>", self.strings);
        let styles = format!(
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"d/m/yyyy h:mm\"/></numFmts><cellXfs>{}</cellXfs></styleSheet>",
            self.styles
        );
        let (prolog, rows, behind) = (self.prolog, self.rows, self.behind);
        let sheet = format!("{prolog}<worksheet><sheetData>{rows}</sheetData>{behind}</worksheet>");
        let second = "<worksheet><sheetData><row><c t=\"str\"><v>second</v></c></row></sheetData></worksheet>";
        zip_of(&[
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", inner.as_bytes()),
            ("xl/sharedStrings.xml", strings.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
            ("xl/worksheets/sheet2.xml", second.as_bytes()),
        ])
    }
}

/// An ODS workbook of the content of `office:spreadsheet`.
pub(super) fn ods(styles: &str, tables: &str) -> Vec<u8> {
    ods_with("<manifest:manifest/>", "", styles, tables)
}

/// An ODS workbook with a manifest and a prolog of its content.
pub(super) fn ods_with(manifest: &str, prolog: &str, styles: &str, tables: &str) -> Vec<u8> {
    let content = format!(
        "{prolog}<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zip_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

/// One record of BIFF.
pub(super) fn biff(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// A LABEL record of BIFF8.
pub(super) fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let head = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    let length = (text.len() as u16).to_le_bytes();
    biff(0x0204, &[&head[..], &length, &[0], text.as_bytes()].concat())
}

/// An XLS workbook of one sheet with these records, and these before the sheet.
pub(super) fn xls(globals: &[u8], cells: &[u8]) -> Vec<u8> {
    let begin = |kind: u8| biff(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let bound =
        |offset: u32| biff(0x0085, &[&offset.to_le_bytes()[..], &[0, 0, 1, 0, b'A']].concat());
    let end = biff(0x000A, &[]);
    let before = begin(5).len() + globals.len() + bound(0).len() + end.len();
    let parts = [&begin(5)[..], globals, &bound(before as u32), &end, &begin(16), cells, &end];
    compound("Workbook", &parts.concat())
}

/// A compound file with one stream.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(stream).unwrap();
    file.into_inner().into_inner()
}

/// Reads a file as its bytes tell.
pub(super) fn read_with(
    name: &str,
    bytes: &[u8],
    sheet: Option<&str>,
    limits: Limits,
) -> Result<(Rows, Vec<String>), Error> {
    let extension = format::reading(name, bytes)?.extension;
    let format = match extension.as_str() {
        "xls" => Format::Xls,
        "ods" => Format::Ods,
        _ => Format::Xlsx,
    };
    let request = Request { file: name, sheet, limits };
    with_records(&request, format, bytes, |records| {
        let (mut rows, mut record) = (Rows::new(), Record::default());
        while records.next(&mut record)? {
            let cells = record.cells().map(String::from).collect();
            let cells = record.fault.as_ref().map_or(Ok(cells), |f| Err(format!("{f:?}")));
            rows.push((record.place, cells));
        }
        Ok((rows, records.warnings()))
    })
}

/// The rows, read under the defaults.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Rows, Error> {
    read_with(name, bytes, None, Limits::default()).map(|(rows, _)| rows)
}

/// Places and cells of a file without faults.
pub(super) fn cells(name: &str, bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let rows = read(name, bytes).unwrap();
    rows.into_iter().map(|(place, cells)| (place, cells.unwrap())).collect()
}
