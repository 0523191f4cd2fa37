//! Native charts in a Word document, each with the workbook that Word opens for "Edit data".
//!
//! In: a [`Figure`]. Out: a [`Chart`]: the chart's part and its embedded workbook. The part is the
//! one that the workbook library writes for a sheet, tied to the embedded workbook in place of
//! the sheet that it stood on. Must not know: what is drawn.

use std::io::{Cursor, Read};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::Error;
use super::blocks::Doc;
use crate::report::figure::{Drawn, Figure};

/// The sheet of the embedded workbook.
const SHEET: &str = "Data";

/// The parts of one chart.
pub(super) struct Chart {
    /// `word/charts/chartN.xml`.
    pub(super) part: Vec<u8>,
    /// `word/embeddings/chartN.xlsx`.
    pub(super) workbook: Vec<u8>,
}

impl Doc {
    /// A figure with its caption.
    pub(super) fn figure(&mut self, figure: &Figure) -> Result<(), Error> {
        self.charts.push(Chart::of(figure)?);
        let number = self.charts.len();
        let (width, height) = figure.pixels();
        // Pixels of a 96th of an inch, in English metric units.
        let [cx, cy] = [width, height].map(|pixels| (u64::from(pixels) * 9_525).to_string());
        let (id, name) = (number.to_string(), format!("Chart {number}"));
        let relation = format!("rIdChart{number}");
        let xml = &mut self.body;
        super::blocks::properties(xml.open("w:p", &[]), "Figure");
        xml.open("w:r", &[]).open("w:drawing", &[]);
        let apart = [("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")];
        xml.open("wp:inline", &apart).empty("wp:extent", &[("cx", &cx), ("cy", &cy)]);
        xml.empty("wp:effectExtent", &[("l", "0"), ("t", "0"), ("r", "0"), ("b", "0")]);
        xml.empty("wp:docPr", &[("id", &id), ("name", &name), ("descr", &figure.alt)]);
        xml.empty("wp:cNvGraphicFramePr", &[]);
        xml.open("a:graphic", &[("xmlns:a", DRAWING)]);
        xml.open("a:graphicData", &[("uri", CHART)]);
        xml.empty("c:chart", &[("xmlns:c", CHART), ("r:id", &relation)]);
        for _ in ["a:graphicData", "a:graphic", "wp:inline", "w:drawing", "w:r", "w:p"] {
            xml.close();
        }
        self.caption("Figure", number as u32, &figure.caption);
        Ok(())
    }
}

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";

impl Chart {
    fn of(figure: &Figure) -> Result<Self, Error> {
        let workbook = book(figure, With::Numbers)?;
        let drawn = book(figure, With::Chart)?;
        let mut archive = zip::ZipArchive::new(Cursor::new(drawn))?;
        let mut part = String::new();
        archive.by_name("xl/charts/chart1.xml")?.read_to_string(&mut part)?;
        let tied = tied(&part).ok_or(Error::Chart)?;
        Ok(Self { part: tied.into_bytes(), workbook })
    }
}

/// What a book holds: the numbers alone, or the chart over them too.
#[derive(PartialEq)]
enum With {
    Numbers,
    Chart,
}

fn book(figure: &Figure, with: With) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(1980, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    sheet.set_name(SHEET)?.set_column_width(0, 40.0)?;
    figure.table(sheet, 0, 0)?;
    if with == With::Chart {
        sheet.insert_chart(0, 6, &figure.chart(SHEET, (0, 0), Drawn::Graded))?;
    }
    book.save_to_buffer()
}

/// The chart without what only a sheet has, and with the way to its workbook.
fn tied(part: &str) -> Option<String> {
    const END: &str = "</c:chartSpace>";
    const WAY: &str = "<c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData>";
    let body = part.trim_end().strip_suffix(END)?;
    let body = match (body.find("<c:printSettings>"), body.find("</c:printSettings>")) {
        (Some(start), Some(end)) if start < end => &body[..start],
        _ => body,
    };
    Some(format!("{body}{WAY}{END}"))
}
