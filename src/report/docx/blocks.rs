//! The blocks of a Word document: headings, paragraphs, lists, quotes, captions, sections.
//!
//! In: finished text. Out: WordprocessingML in the schema's order, every heading with a bookmark
//! that the contents lead to. Must not know: what the document is about.

use super::chart::Chart;
use crate::report::xml::Xml;

/// How the pages from here back to the last section lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pages {
    Upright,
    Across,
}

impl Pages {
    /// Width of the text, in twentieths of a point.
    pub(super) fn width(self) -> u32 {
        match self {
            Self::Upright => 12_240 - 2 * MARGIN,
            Self::Across => 15_840 - 2 * MARGIN,
        }
    }
}

/// Left and right margin, in twentieths of a point.
const MARGIN: u32 = 1_160;

/// A heading, for the contents.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) bookmark: String,
}

/// A document while it is written.
pub(super) struct Doc {
    pub(super) body: Xml,
    pub(super) headings: Vec<Heading>,
    pub(super) charts: Vec<Chart>,
    pub(super) n_tables: u32,
    pub(super) pages: Pages,
}

impl Doc {
    pub(super) fn new() -> Self {
        Self {
            body: Xml::fragment(),
            headings: Vec::new(),
            charts: Vec::new(),
            n_tables: 0,
            pages: Pages::Upright,
        }
    }

    /// A heading of level 1 to 3.
    pub(super) fn heading(&mut self, level: u8, text: &str) {
        self.headed(level, text, &[]);
    }

    /// A heading of level 1 on a new page.
    pub(super) fn chapter(&mut self, text: &str) {
        self.headed(1, text, &["w:pageBreakBefore"]);
    }

    fn headed(&mut self, level: u8, text: &str, more: &[&'static str]) {
        let number = self.headings.len() + 1;
        let (id, bookmark) = (number.to_string(), format!("_Toc{number:06}"));
        let style = ["Heading1", "Heading2", "Heading3"][usize::from(level.clamp(1, 3)) - 1];
        let xml = &mut self.body;
        xml.open("w:p", &[]).open("w:pPr", &[]).empty("w:pStyle", &[("w:val", style)]);
        for name in more {
            xml.empty(name, &[]);
        }
        xml.close();
        xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &bookmark)]);
        run(xml, text, Face::Plain);
        xml.empty("w:bookmarkEnd", &[("w:id", &id)]).close();
        self.headings.push(Heading { level, text: one_line(text), bookmark });
    }

    /// A paragraph of a style.
    pub(super) fn paragraph(&mut self, style: &str, text: &str) {
        self.runs(style, &[(text, Face::Plain)]);
    }

    /// A paragraph of several faces.
    pub(super) fn runs(&mut self, style: &str, runs: &[(&str, Face)]) {
        paragraph(&mut self.body, style, runs);
    }

    /// A list with bullets.
    pub(super) fn list<'a>(&mut self, items: impl IntoIterator<Item = &'a str>) {
        for item in items {
            self.paragraph("ListBullet", item);
        }
    }

    /// A numbered caption above a table or below a figure.
    pub(super) fn caption(&mut self, kind: &'static str, number: u32, text: &str) {
        let style = if kind == "Figure" { "FigureCaption" } else { "Caption" };
        let xml = &mut self.body;
        properties(xml.open("w:p", &[]), style);
        run(xml, &format!("{kind} "), Face::Bold);
        field(xml, &format!(" SEQ {kind} \\* ARABIC "), &number.to_string(), Face::Bold);
        run(xml, &format!(". {text}"), Face::Plain);
        xml.close();
    }

    /// Ends the section: what was written since the last one stands on such pages.
    pub(super) fn end_section(&mut self) {
        let pages = self.pages;
        let xml = &mut self.body;
        xml.open("w:p", &[]).open("w:pPr", &[]);
        xml.empty("w:spacing", &[("w:before", "0"), ("w:after", "0"), ("w:line", "20")]);
        section(xml, pages);
        xml.close().close();
    }
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Plain,
    Bold,
    Quiet,
}

/// The properties of a section, footer and header included.
pub(super) fn section(xml: &mut Xml, pages: Pages) {
    let side = MARGIN.to_string();
    xml.open("w:sectPr", &[]);
    xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", "rIdHeader")]);
    xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", "rIdFooter")]);
    match pages {
        Pages::Upright => xml.empty("w:pgSz", &[("w:w", "12240"), ("w:h", "15840")]),
        Pages::Across => {
            xml.empty("w:pgSz", &[("w:w", "15840"), ("w:h", "12240"), ("w:orient", "landscape")])
        }
    };
    xml.empty(
        "w:pgMar",
        &[
            ("w:top", "1300"),
            ("w:right", &side),
            ("w:bottom", "1200"),
            ("w:left", &side),
            ("w:header", "560"),
            ("w:footer", "520"),
            ("w:gutter", "0"),
        ],
    );
    xml.close();
}

/// A paragraph of a style.
pub(super) fn paragraph(xml: &mut Xml, style: &str, runs: &[(&str, Face)]) {
    properties(xml.open("w:p", &[]), style);
    for (text, face) in runs {
        run(xml, text, *face);
    }
    xml.close();
}

/// The properties of the open paragraph: its style.
pub(super) fn properties(xml: &mut Xml, style: &str) {
    xml.open("w:pPr", &[]).empty("w:pStyle", &[("w:val", style)]).close();
}

/// Text inside the open paragraph; a line feed is a line break.
pub(super) fn run(xml: &mut Xml, text: &str, face: Face) {
    if text.is_empty() {
        return;
    }
    xml.open("w:r", &[]);
    look(xml, face);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            xml.empty("w:br", &[]);
        }
        xml.leaf("w:t", &[("xml:space", "preserve")], &line.replace(['\t', '\r'], " "));
    }
    xml.close();
}

/// A field with its present result.
pub(super) fn field(xml: &mut Xml, code: &str, result: &str, face: Face) {
    xml.open("w:fldSimple", &[("w:instr", code)]);
    run(xml, result, face);
    xml.close();
}

fn look(xml: &mut Xml, face: Face) {
    match face {
        Face::Plain => {}
        Face::Bold => {
            xml.open("w:rPr", &[]).empty("w:b", &[]).empty("w:bCs", &[]).close();
        }
        Face::Quiet => {
            xml.open("w:rPr", &[]).empty("w:color", &[("w:val", "586069")]).close();
        }
    }
}

/// White space as single spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
