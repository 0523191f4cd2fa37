//! The first sheet: what this is, whether it was checked, what the sheets hold, how the numbers
//! came about.
//!
//! In: the view and the other sheets' names. Out: a written sheet. Must not know: any result.

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::grid::{Grid, height, lines, print};
use super::looks::Looks;
use super::{cell, charts};
use crate::report::html::methods::LIMITS;
use crate::report::view::View;
use crate::report::words::smallest;

/// Widths of the two columns, in characters.
const NARROW: f64 = 30.0;
const WIDE: f64 = 110.0;

const BANNER: &str = "Not yet checked by people. A program assigned the codes in this report, from \
     the definitions and examples in the codebook. Nobody has yet checked how often it errs. Counts \
     and shares may be off, for some themes more than for others. Use this report as a first \
     reading.";

pub(super) fn write(
    sheet: &mut Worksheet,
    view: &View,
    grids: &[Grid],
    with_charts: bool,
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name("About")?.set_screen_gridlines(false);
    sheet.set_column_width(0, NARROW)?.set_column_width(1, WIDE)?;
    print(sheet, view);
    let mut page = Page { sheet, looks, row: 0 };
    page.title(&view.title)?;
    if let Some(notice) = &view.notice {
        page.pair("Notice", notice)?;
    }
    if view.validated {
        let measured = view.measured.iter().flat_map(|m| &m.findings).map(String::as_str);
        for (at, finding) in measured.enumerate() {
            page.pair(if at == 0 { "Checked" } else { "" }, finding)?;
        }
    } else {
        page.warning(BANNER)?;
    }
    for (at, warning) in view.warnings.iter().enumerate() {
        page.pair(if at == 0 { "Please note" } else { "" }, warning)?;
    }
    page.heading("Sheets")?;
    for (place, grid) in grids.iter().enumerate() {
        page.link(&grid.name, &grid.title)?;
        if place == super::tables::THEMES && with_charts {
            page.link(charts::NAME, charts::TITLE)?;
        }
    }
    page.heading("Sources")?;
    for source in &view.sources {
        let kind = format!("{} · {}", source.perspective, source.kind_label);
        page.pair(&source.name, &format!("{kind}. {}", source.base_sentence))?;
        for finding in &source.findings {
            page.pair("", finding)?;
        }
        for group in &source.groups {
            for finding in &group.findings {
                page.pair(&format!("By {}", group.column), finding)?;
            }
        }
    }
    if !view.matrix.findings.is_empty() {
        page.heading("Across sources")?;
        for finding in &view.matrix.findings {
            page.pair("", finding)?;
        }
    }
    methods(&mut page, view)
}

fn methods(page: &mut Page<'_>, view: &View) -> Result<(), XlsxError> {
    let methods = &view.methods;
    page.heading("Methods and limits")?;
    page.pair("How answers were coded", &methods.classifier)?;
    page.pair("Codebook", &methods.codebook)?;
    page.pair("Quotes", &methods.quotes)?;
    page.pair("Smallest count of people shown", &smallest(view))?;
    page.pair("Engine", &methods.engine)?;
    page.pair("Program", &methods.program)?;
    let limits = methods.notes.iter().map(String::as_str).chain(LIMITS);
    for (at, note) in limits.enumerate() {
        page.pair(if at == 0 { "What the numbers mean" } else { "" }, note)?;
    }
    Ok(())
}

/// A sheet that is written line by line.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    looks: &'a Looks,
    row: u32,
}

impl Page<'_> {
    fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, cell(text).as_ref(), &self.looks.title)?;
        self.row += 2;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.write_string_with_format(self.row, 0, text, &self.looks.heading)?;
        self.row += 1;
        Ok(())
    }

    fn warning(&mut self, text: &str) -> Result<(), XlsxError> {
        let format = self.looks.warning.clone().set_text_wrap();
        self.sheet.merge_range(self.row, 0, self.row, 1, text, &format)?;
        // A merged cell does not find its own height.
        self.sheet.set_row_height(self.row, 48)?;
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, name: &str, text: &str) -> Result<(), XlsxError> {
        let (row, looks) = (self.row, self.looks);
        self.sheet.write_string_with_format(row, 0, cell(name).as_ref(), &looks.label)?;
        self.sheet.write_string_with_format(row, 1, cell(text).as_ref(), &looks.plain)?;
        height(self.sheet, row, lines(text, WIDE).max(lines(name, NARROW)))?;
        self.row += 1;
        Ok(())
    }

    fn link(&mut self, name: &str, text: &str) -> Result<(), XlsxError> {
        let target = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        self.sheet.write_url_with_format(self.row, 0, target, &self.looks.link)?;
        self.sheet.write_string_with_format(self.row, 1, text, &self.looks.quiet)?;
        self.row += 1;
        Ok(())
    }
}
