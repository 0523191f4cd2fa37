//! Word files as programs write them, and as nobody should.

use std::io::Write;

use proptest::prelude::*;

use super::*;

pub(crate) fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn xml(body: &str) -> String {
    format!("<w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>")
}

pub(crate) fn docx(body: &str) -> Vec<u8> {
    zip_of(&[(PART, xml(body).as_bytes())])
}

fn texts(bytes: &[u8]) -> Result<Vec<String>, Error> {
    read("d.docx", bytes).map(|d| d.paragraphs.into_iter().map(|p| p.text).collect())
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

#[test]
fn text_is_read_wherever_word_puts_it() {
    let hello = run("Hello");
    for (inner, text) in [
        (format!("<w:hyperlink r:id=\"a\">{hello}</w:hyperlink>"), "Hello"),
        (format!("<w:smartTag w:element=\"place\">{hello}</w:smartTag>"), "Hello"),
        (
            format!(
                "<w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent>{hello}</w:sdtContent></w:sdt>"
            ),
            "Hello",
        ),
        (
            format!(
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>{hello}",
                run("Click here")
            ),
            "Hello",
        ),
        (
            format!(
                "<w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>PAGE</w:instrText></w:r>{hello}"
            ),
            "Hello",
        ),
        (format!("<w:fldSimple w:instr=\"DATE\">{hello}</w:fldSimple>"), "Hello"),
        ("<w:r><w:t>Hel</w:t><w:softHyphen/><w:t>lo</w:t></w:r>".into(), "Hello"),
        ("<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:t> yes</w:t></w:r>".into(), "☑ yes"),
        ("<w:r><w:sym w:font=\"Symbol\" w:char=\"03B1\"/></w:r>".into(), "α"),
        ("<w:r><w:sym w:font=\"Odd\" w:char=\"F012\"/><w:sym/></w:r>".into(), "\u{FFFD}\u{FFFD}"),
        (
            format!(
                "{hello}<w:moveFrom>{hello}</w:moveFrom><w:moveTo>{}</w:moveTo>",
                run(" there")
            ),
            "Hello there",
        ),
    ] {
        assert_eq!(texts(&docx(&format!("<w:p>{inner}</w:p>"))).unwrap(), [text], "{inner}");
    }
    let cell = |text: &str| format!("<w:tc><w:p>{}</w:p></w:tc>", run(text));
    let table = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("a"), cell("b"));
    assert_eq!(texts(&docx(&table)).unwrap(), ["a", "b"]);
}

#[test]
fn other_names_namespaces_and_macros_change_nothing() {
    let relations = b"<Relationships><Relationship Id=\"r\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" Target=\"/word/document2.xml\"/></Relationships>";
    let strict = "<ns0:document xmlns:ns0=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><ns0:body><ns0:p><ns0:r><ns0:t>Hello</ns0:t></ns0:r></ns0:p></ns0:body></ns0:document>";
    let parts: [(&str, &[u8]); 3] = [
        ("_rels/.rels", relations),
        ("word/document2.xml", strict.as_bytes()),
        ("word/vbaProject.bin", b"\x01"),
    ];
    assert_eq!(texts(&zip_of(&parts)).unwrap(), ["Hello"]);
}

#[test]
fn notes_on_the_text_are_counted_and_left_out() {
    let body = format!(
        "<w:p>{}<w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>",
        run("x")
    );
    let warning = read("d.docx", &docx(&body)).unwrap().warning.unwrap();
    assert_eq!(warning, "`d.docx`: 1 footnotes and 1 comments on the text were not read");
}

#[test]
fn documents_beyond_the_limits_are_refused() {
    let nested = docx(&"<w:tbl><w:tr><w:tc>".repeat(1_000_000));
    assert!(matches!(texts(&nested), Err(Error::TooBig { .. } | Error::Docx { .. })));
    let noise: String =
        (0..3_000u32).map(|n| format!("<w:tbl a=\"{}\">", n.wrapping_mul(2_654_435_761))).collect();
    assert!(matches!(texts(&docx(&noise)), Err(Error::Docx { .. })));
    let open: String =
        (0..1_000_002u32).map(|n| if n % 7 == 0 { "<w:p></w:p>" } else { "<w:p/>" }).collect();
    assert!(matches!(texts(&docx(&open)), Err(Error::TooBig { .. })));
    let laughs = b"<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><w:document><w:p>&b;</w:p></w:document>";
    assert!(matches!(texts(&zip_of(&[(PART, laughs)])), Err(Error::DoctypeInXml { .. })));
    let external = b"<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:document/>";
    assert!(matches!(texts(&zip_of(&[(PART, external)])), Err(Error::DoctypeInXml { .. })));
}

#[test]
fn a_text_beyond_the_limit_is_not_copied() {
    let mut body = Body::default();
    body.begin_paragraph();
    (body.n_runs, body.in_text) = (1, true);
    let text = "word ".repeat(1 << 20);
    for _ in 0..80 {
        body.text(&text);
    }
    assert!(body.open[0].text.len() <= MAX_TEXT);
    assert!(matches!(body.check("d.docx"), Err(Error::TooBig { .. })));
}

proptest! {
    #[test]
    fn no_word_of_a_paragraph_is_lost(words in proptest::collection::vec("[a-zà-ü中]{1,9}", 1..30)) {
        let body: String = words.iter().enumerate().map(|(n, word)| match n % 4 {
            0 => format!("<w:p>{}</w:p>", run(word)),
            1 => format!("<w:tbl><w:tr><w:tc><w:p><w:ins>{}</w:ins></w:p></w:tc></w:tr></w:tbl>", run(word)),
            2 => format!("<w:sdt><w:sdtPr/><w:sdtContent><w:p>{}</w:p></w:sdtContent></w:sdt>", run(word)),
            _ => format!("<w:p><w:hyperlink>{}</w:hyperlink></w:p>", run(word)),
        }).collect();
        prop_assert_eq!(texts(&docx(&body)).unwrap(), words);
    }

    #[test]
    fn no_xml_makes_the_reader_panic(inner in "(<w:p>|</w:p>|<w:r>|</w:r>|<w:t>|</w:t>|<w:del>|</w:del>|<w:sdt>|<w:sdtContent>|<w:sym w:char='|'/>|&amp;|&#x;|x|<!--|-->| |<w:p/>){0,40}") {
        let _ = texts(&docx(&inner));
    }
}
