//! Containers around the fuzzer's bytes, so that it spends its time on what they hold.
//!
//! In: bytes; the first may choose between the bytes as they are and a well-formed container.
//! Out: the bytes of a file. Parts of one container are divided by [`CUT`].

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// Divides the parts.
pub const CUT: &[u8] = b"\n~~~~\n";

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="MAIN"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// The bytes as they are behind a zero, else what `container` makes of their parts.
pub fn either(data: &[u8], container: fn(&[&[u8]]) -> Vec<u8>) -> Vec<u8> {
    match data.split_first() {
        None => Vec::new(),
        Some((0, rest)) => rest.to_vec(),
        Some((_, rest)) => container(&parts(rest)),
    }
}

fn parts(mut data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(at) = data.windows(CUT.len()).position(|w| w == CUT) {
        parts.push(&data[..at]);
        data = &data[at + CUT.len()..];
    }
    parts.push(data);
    parts
}

/// A workbook: the sheet's XML, then shared strings, styles, and the workbook's own, if given.
pub fn xlsx(parts: &[&[u8]]) -> Vec<u8> {
    let part = |n: usize, other: &'static str| parts.get(n).copied().unwrap_or(other.as_bytes());
    archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.replace("MAIN", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", part(3, BOOK)),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", part(0, "")),
        ("xl/sharedStrings.xml", part(1, "<sst/>")),
        ("xl/styles.xml", part(2, "<styleSheet/>")),
    ])
}

/// A document: the XML of its body, then of footnotes and comments, if given.
pub fn docx(parts: &[&[u8]]) -> Vec<u8> {
    let mut files = vec![
        ("[Content_Types].xml", TYPES.as_bytes().to_vec()),
        ("_rels/.rels", RELS.replace("MAIN", "word/document.xml").into_bytes()),
    ];
    let names = ["word/document.xml", "word/footnotes.xml", "word/comments.xml"];
    files.extend(names.into_iter().zip(parts.iter().map(|p| p.to_vec())));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (*n, b.as_slice())).collect();
    archive(&files)
}

/// An OpenDocument spreadsheet: its content, then its manifest, if given.
pub fn ods(parts: &[&[u8]]) -> Vec<u8> {
    let manifest = parts.get(1).copied().unwrap_or(b"<manifest:manifest/>");
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", parts[0]),
    ])
}

/// A project: its description, then its texts `0.txt`, `1.txt` …
pub fn project(parts: &[&[u8]]) -> Vec<u8> {
    let names: Vec<String> = (0..parts.len()).map(|n| format!("sources/{n}.txt")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("project.qde", parts[0])];
    files.extend(names.iter().map(String::as_str).zip(parts[1..].iter().copied()));
    archive(&files)
}

/// An old workbook: the bytes are the stream of its records.
pub fn xls(parts: &[&[u8]]) -> Vec<u8> {
    let made = cfb::CompoundFile::create(Cursor::new(Vec::new())).and_then(|mut file| {
        file.create_stream("/Workbook")?.write_all(parts[0])?;
        file.flush()?;
        Ok(file.into_inner().into_inner())
    });
    made.unwrap_or_default()
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        let done = zip.start_file(*name, stored).is_ok() && zip.write_all(bytes).is_ok();
        assert!(done, "an archive in memory");
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}
