//! The sheet of charts: one a source, each beside the numbers that it is drawn from.
//!
//! In: the view. Out: a written sheet. Must not know: how a chart is built (see `figure.rs`).

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cell;
use super::grid::head;
use super::looks::Looks;
use crate::report::figure::{Drawn, Figure, figure};
use crate::report::view::View;

/// The sheet's name.
pub(super) const NAME: &str = "Charts";
/// What it shows.
pub(super) const TITLE: &str = "The areas and themes that each source raised most, as charts";

/// Rows of a sheet that a chart of this height covers: one is twenty pixels high.
const ROW: u32 = 20;
/// Column in which charts stand, behind the numbers.
const BESIDE: u16 = 6;

/// One figure a source that has anything to draw.
pub(super) fn figures(view: &View) -> Vec<(&str, Figure)> {
    let of_source = |source| {
        let source: &crate::report::view::SourceView = source;
        let all = source.questions.first()?;
        figure(view, source, all, Drawn::Whiskers).map(|f| (source.name.as_str(), f))
    };
    view.sources.iter().filter_map(of_source).collect()
}

pub(super) fn write(
    sheet: &mut Worksheet,
    view: &View,
    figures: &[(&str, Figure)],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?.set_screen_gridlines(false);
    head(sheet, view, looks, (TITLE, "All questions of a source together."))?;
    sheet.set_column_width(0, 40.0)?;
    for column in 1..BESIDE - 1 {
        sheet.set_column_width(column, 21.0)?;
    }
    let mut row = 4;
    for (source, figure) in figures {
        sheet.write_string_with_format(row, 0, cell(source).as_ref(), &looks.heading)?;
        sheet.write_string_with_format(row + 1, 0, cell(&figure.caption).as_ref(), &looks.note)?;
        let top = row + 2;
        figure.table(sheet, top, 0)?;
        let mut chart = figure.chart(NAME, (top, 0), Drawn::Whiskers);
        chart.set_name(super::clipped(source, 60));
        sheet.insert_chart(top, BESIDE, &chart)?;
        row = top + figure.height().max(figure.pixels().1 / ROW) + 3;
    }
    Ok(())
}
