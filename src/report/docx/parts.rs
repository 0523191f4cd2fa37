//! The parts around a Word document's text: types, relations, styles, header, footer, properties.
//!
//! In: the text and its charts. Out: the package's parts. Must not know: what the text says.

use super::blocks::{Face, field, properties, run};
use super::chart::Chart;
use crate::report::package::Parts;
use crate::report::view::View;
use crate::report::xml::Xml;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES: &str = "application/vnd.openxmlformats-officedocument";

/// Namespaces of the document's root.
pub(super) const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:w", WORD),
    ("xmlns:r", RELATION),
    ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
];

/// Every part, in the order in which it is written.
pub(super) fn all(view: &View, document: Vec<u8>, charts: Vec<Chart>) -> Parts {
    let fixed = |text: &str| text.as_bytes().to_vec();
    let mut parts: Parts = vec![
        ("[Content_Types].xml".into(), types(charts.len())),
        ("_rels/.rels".into(), root()),
        ("word/document.xml".into(), document),
        ("word/_rels/document.xml.rels".into(), relations(charts.len())),
        ("word/styles.xml".into(), fixed(include_str!("../assets/docx/styles.xml"))),
        ("word/numbering.xml".into(), fixed(include_str!("../assets/docx/numbering.xml"))),
        ("word/settings.xml".into(), fixed(include_str!("../assets/docx/settings.xml"))),
        ("word/header1.xml".into(), header(view)),
        ("word/footer1.xml".into(), footer(view)),
        ("docProps/core.xml".into(), core(view)),
        ("docProps/app.xml".into(), app()),
    ];
    for (number, chart) in (1..).zip(charts) {
        let way = relation_part(&[(
            "rId1".into(),
            format!("{RELATION}/package"),
            format!("../embeddings/chart{number}.xlsx"),
        )]);
        parts.push((format!("word/charts/chart{number}.xml"), chart.part));
        parts.push((format!("word/charts/_rels/chart{number}.xml.rels"), way));
        parts.push((format!("word/embeddings/chart{number}.xlsx"), chart.workbook));
    }
    parts
}

fn types(n_charts: usize) -> Vec<u8> {
    let mut xml = Xml::document();
    xml.open("Types", &[("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")]);
    let sheet = format!("{TYPES}.spreadsheetml.sheet");
    for (extension, kind) in [
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("xlsx", sheet.as_str()),
    ] {
        xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
    }
    let word = |part: &str, kind: &str| {
        (format!("/word/{part}.xml"), format!("{TYPES}.wordprocessingml.{kind}+xml"))
    };
    let mut overrides = vec![
        word("document", "document.main"),
        word("styles", "styles"),
        word("numbering", "numbering"),
        word("settings", "settings"),
        word("header1", "header"),
        word("footer1", "footer"),
        ("/docProps/app.xml".into(), format!("{TYPES}.extended-properties+xml")),
        (
            "/docProps/core.xml".into(),
            "application/vnd.openxmlformats-package.core-properties+xml".into(),
        ),
    ];
    for n in 1..=n_charts {
        let kind = format!("{TYPES}.drawingml.chart+xml");
        overrides.push((format!("/word/charts/chart{n}.xml"), kind));
    }
    for (part, kind) in &overrides {
        xml.empty("Override", &[("PartName", part), ("ContentType", kind)]);
    }
    xml.into_bytes()
}

/// Relations by (id, type, target).
fn relation_part(relations: &[(String, String, String)]) -> Vec<u8> {
    let mut xml = Xml::document();
    xml.open("Relationships", &[("xmlns", RELATIONS)]);
    for (id, kind, target) in relations {
        xml.empty("Relationship", &[("Id", id), ("Type", kind), ("Target", target)]);
    }
    xml.into_bytes()
}

fn root() -> Vec<u8> {
    let core =
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relation_part(&[
        ("rId1".into(), format!("{RELATION}/officeDocument"), "word/document.xml".into()),
        ("rId2".into(), core.into(), "docProps/core.xml".into()),
        ("rId3".into(), format!("{RELATION}/extended-properties"), "docProps/app.xml".into()),
    ])
}

fn relations(n_charts: usize) -> Vec<u8> {
    let part = |id: &str, kind: &str, target: &str| {
        (id.to_owned(), format!("{RELATION}/{kind}"), target.to_owned())
    };
    let mut all = vec![
        part("rIdStyles", "styles", "styles.xml"),
        part("rIdNumbering", "numbering", "numbering.xml"),
        part("rIdSettings", "settings", "settings.xml"),
        part("rIdHeader", "header", "header1.xml"),
        part("rIdFooter", "footer", "footer1.xml"),
    ];
    for n in 1..=n_charts {
        all.push(part(&format!("rIdChart{n}"), "chart", &format!("charts/chart{n}.xml")));
    }
    relation_part(&all)
}

fn header(view: &View) -> Vec<u8> {
    let mut xml = Xml::document();
    xml.open("w:hdr", &NAMESPACES[..2]);
    properties(xml.open("w:p", &[]), "Header");
    run(&mut xml, &super::blocks::one_line(&view.title), Face::Plain);
    xml.close();
    xml.into_bytes()
}

fn footer(view: &View) -> Vec<u8> {
    let mut xml = Xml::document();
    xml.open("w:ftr", &NAMESPACES[..2]);
    properties(xml.open("w:p", &[]), "Footer");
    if !view.validated {
        run(&mut xml, "Not yet checked by people: ", Face::Bold);
        run(&mut xml, "codes assigned by a program, error rate unknown.", Face::Plain);
        run(&mut xml, "  ", Face::Plain);
    }
    run(&mut xml, "Page ", Face::Plain);
    field(&mut xml, " PAGE ", "1", Face::Plain);
    run(&mut xml, " of ", Face::Plain);
    field(&mut xml, " NUMPAGES ", "1", Face::Plain);
    xml.close();
    xml.into_bytes()
}

fn core(view: &View) -> Vec<u8> {
    let mut xml = Xml::document();
    xml.open(
        "cp:coreProperties",
        &[
            ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ],
    );
    xml.leaf("dc:title", &[], &super::blocks::one_line(&view.title));
    xml.leaf("dc:creator", &[], &view.methods.program);
    xml.leaf("dc:language", &[], "en-GB");
    xml.into_bytes()
}

fn app() -> Vec<u8> {
    let mut xml = Xml::document();
    let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.open("Properties", &[("xmlns", namespace)]).leaf("Application", &[], "canvass");
    xml.into_bytes()
}
