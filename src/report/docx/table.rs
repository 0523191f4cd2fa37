//! Tables of a Word document: widths, a header that each page repeats, rows that do not break,
//! words for people who do not see them.
//!
//! In: cells of text. Out: WordprocessingML. Must not know: what a table is about.

use super::blocks::{Doc, Face, paragraph};
use crate::report::xml::Xml;

/// Fills by step of strength, as on the page.
const SHADES: [&str; 9] =
    ["", "F1F6F9", "E3EDF4", "D3E3EE", "C2D9E7", "B1CEE0", "9FC2D8", "8DB6D0", "7BAAC8"];

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Words,
    Numbers,
}

/// One cell: paragraphs of faces, and the step of its fill.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    paragraphs: Vec<Vec<(String, Face)>>,
    step: u8,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::face(text, Face::Plain)
    }

    pub(super) fn face(text: impl Into<String>, face: Face) -> Self {
        Self { paragraphs: vec![vec![(text.into(), face)]], step: 0 }
    }

    /// An area in bold, a theme behind a step.
    pub(super) fn name(label: &str, level: u8) -> Self {
        if level == 0 {
            Self::face(label, Face::Bold)
        } else {
            Self::text(format!("\u{2003}{label}"))
        }
    }

    /// Several paragraphs.
    pub(super) fn paragraphs(paragraphs: Vec<Vec<(String, Face)>>) -> Self {
        Self { paragraphs, step: 0 }
    }

    pub(super) fn shaded(mut self, step: u8) -> Self {
        self.step = step;
        self
    }
}

/// A table.
pub(super) struct Table {
    /// Above it, with its number.
    pub(super) caption: String,
    /// Headings, sides, and widths in parts of the whole.
    pub(super) columns: Vec<(String, Side, u32)>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Whether somebody is to write in it.
    pub(super) to_fill: bool,
}

impl Doc {
    /// The table with its caption and some room below it.
    pub(super) fn table(&mut self, table: &Table) {
        self.n_tables += 1;
        let number = self.n_tables;
        self.caption("Table", number, &table.caption);
        let width = self.pages.width();
        let all: u32 = table.columns.iter().map(|c| c.2).sum::<u32>().max(1);
        let widths: Vec<String> =
            table.columns.iter().map(|c| (width * c.2 / all).to_string()).collect();
        let xml = &mut self.body;
        xml.open("w:tbl", &[]);
        head(xml, table, width);
        xml.open("w:tblGrid", &[]);
        for width in &widths {
            xml.empty("w:gridCol", &[("w:w", width)]);
        }
        xml.close();
        let heads: Vec<Cell> = table.columns.iter().map(|c| Cell::text(c.0.as_str())).collect();
        row(xml, table, &widths, &heads, true);
        for cells in &table.rows {
            row(xml, table, &widths, cells, false);
        }
        xml.close();
        // Word joins two tables that no paragraph parts.
        self.paragraph("Note", "");
    }
}

fn head(xml: &mut Xml, table: &Table, width: u32) {
    let style = if table.to_fill { "WorkTable" } else { "ReportTable" };
    let headings: Vec<&str> = table.columns.iter().map(|c| c.0.as_str()).collect();
    let rows = table.rows.len();
    let words = format!("{rows} rows. Columns: {}.", headings.join("; "));
    xml.open("w:tblPr", &[]);
    xml.empty("w:tblStyle", &[("w:val", style)]);
    xml.empty("w:tblW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
    xml.empty("w:tblLayout", &[("w:type", "fixed")]);
    let look = [("w:val", "0020"), ("w:firstRow", "1"), ("w:lastRow", "0"), ("w:firstColumn", "0")];
    let rest = [("w:lastColumn", "0"), ("w:noHBand", "1"), ("w:noVBand", "1")];
    xml.empty("w:tblLook", &[look.as_slice(), &rest].concat());
    xml.empty("w:tblCaption", &[("w:val", &table.caption)]);
    xml.empty("w:tblDescription", &[("w:val", &words)]);
    xml.close();
}

fn row(xml: &mut Xml, table: &Table, widths: &[String], cells: &[Cell], is_head: bool) {
    xml.open("w:tr", &[]).open("w:trPr", &[]).empty("w:cantSplit", &[]);
    if is_head {
        xml.empty("w:tblHeader", &[]);
    }
    xml.close();
    let nothing = Cell::default();
    for (at, width) in widths.iter().enumerate() {
        let cell = cells.get(at).unwrap_or(&nothing);
        xml.open("w:tc", &[]).open("w:tcPr", &[]);
        xml.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")]);
        if let Some(fill) = SHADES.get(usize::from(cell.step)).filter(|f| !f.is_empty()) {
            xml.empty("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill)]);
        }
        xml.close();
        let style = match (is_head, table.columns[at].1) {
            (false, Side::Words) if table.to_fill => "CellSmall",
            (true, Side::Words) => "CellHead",
            (true, Side::Numbers) => "CellHeadNumber",
            (false, Side::Words) => "Cell",
            (false, Side::Numbers) => "CellNumber",
        };
        for runs in &cell.paragraphs {
            let runs: Vec<(&str, Face)> = runs.iter().map(|(t, f)| (t.as_str(), *f)).collect();
            paragraph(xml, style, &runs);
        }
        if cell.paragraphs.is_empty() {
            paragraph(xml, style, &[]);
        }
        xml.close();
    }
    xml.close();
}
