//! The report as an Excel workbook: a sheet a table, numbers as numbers, native charts.
//!
//! In: the [`View`]. Out: the bytes of `workbook.xlsx`. Every cell is a number or a string: no
//! formula, no link but those from the first sheet to the others. Equal views give equal bytes.
//! Must not know: files, raw text, how a number came about; it hides and rounds nothing, it
//! leaves out what the view leaves out.

mod about;
mod charts;
mod cross;
mod grid;
mod groups;
mod looks;
mod measured;
mod saturation;
mod tables;
#[cfg(test)]
mod tests;
mod together;

use std::borrow::Cow;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::report::view::View;
use crate::report::words::neutralised;
use grid::Grid;
use looks::Looks;

/// Characters of a cell, in UTF-16 units, as Excel counts them.
const CELL: usize = 32_767;

/// The workbook.
///
/// # Errors
/// The sheet format cannot hold it.
pub fn render(view: &View) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let grids: Vec<Grid> = [
        tables::account(view),
        tables::states(view),
        tables::themes(view),
        groups::groups(view),
        cross::matrix(view),
        cross::plan(view),
        tables::quotes(view),
        tables::codebook(view),
    ]
    .into_iter()
    .chain(saturation::grid(view))
    .chain(together::grid(view))
    .chain(measured::grids(view))
    .flat_map(Grid::sheets)
    .collect();
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(1980, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(clipped(&view.title, 255))
        .set_author(&view.methods.program)
        .set_creation_datetime(&created);
    book.set_properties(&properties);
    let charts = charts::figures(view);
    about::write(book.add_worksheet(), view, &grids, !charts.is_empty(), &looks)?;
    for (place, grid) in grids.iter().enumerate() {
        grid.write(book.add_worksheet(), view, &looks)?;
        // Beside the table that the charts are drawn from.
        if place == tables::THEMES && !charts.is_empty() {
            charts::write(book.add_worksheet(), view, &charts, &looks)?;
        }
    }
    book.save_to_buffer()
}

/// Text as a cell can hold it: no control, at most as long as Excel allows.
pub(in crate::report) fn cell(text: &str) -> Cow<'_, str> {
    let plain = neutralised(text);
    if plain.len() <= CELL || plain.encode_utf16().count() <= CELL {
        return Cow::Owned(plain);
    }
    Cow::Owned(clipped(&plain, CELL))
}

/// The beginning of a text, at most `most` UTF-16 units with the sign that more was there.
fn clipped(text: &str, most: usize) -> String {
    let text = neutralised(text);
    if text.encode_utf16().count() <= most {
        return text;
    }
    let mut left = most - 1;
    let fits = |c: &char| left.checked_sub(c.len_utf16()).map(|rest| left = rest).is_some();
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    short
}
