//! One table as one sheet: title, note, header that stays in view, typed cells, print set-up.
//!
//! In: a [`Grid`]. Out: a written sheet; a table of more rows than a sheet holds goes on in the
//! next. Must not know: what the table is about.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::cell;
use super::looks::{Looks, shaded};
use crate::report::view::{ShareView, Shown, View};
use crate::report::words::shown;

/// Rows of a sheet: Excel's limit less the lines above the header.
const ROWS: usize = 1_048_000;
/// Columns of a sheet.
const COLUMNS: usize = 16_384;
/// The row of the header, from 0.
const HEADER: u32 = 3;

/// Lines that a text takes in a column of such a width. Not every program that opens a workbook
/// finds the height of a row by itself.
pub(super) fn lines(text: &str, width: f64) -> u32 {
    // Letters of scripts behind U+2E80 are two digits wide; a line ends at a word, not at its end.
    let wide = |c: char| if c >= '\u{2e80}' { 2 } else { 1 };
    let room = (width * 1.18 - 1.0).max(4.0);
    let of_line = |line: &str| {
        let n: u32 = line.chars().map(wide).sum();
        if f64::from(n) <= room { 1 } else { (f64::from(n) / (room * 0.92)).ceil() as u32 }
    };
    text.split('\n').map(of_line).sum()
}

/// Makes a row as high as its lines; one line has the height that every row has.
pub(super) fn height(sheet: &mut Worksheet, row: u32, n_lines: u32) -> Result<(), XlsxError> {
    // Excel's highest row has 409 points.
    let points = (f64::from(n_lines) * 15.0 + 2.0).min(409.0);
    if n_lines > 1 { sheet.set_row_height(row, points).map(|_| ()) } else { Ok(()) }
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Empty,
    Text(String),
    /// An area's name.
    Strong(String),
    /// A theme's name, under its area.
    Indented(String),
    Number(u64),
    Share(f64),
    /// A ratio, to two decimals.
    Ratio(f64),
    /// Percentage points with their sign, to one decimal.
    Points(f64),
    /// A p, to three decimals.
    Chance(f64),
    /// A count or share that is not given, in words.
    Protected(String),
    /// `4`, shown as `4 of 5 groups`.
    Of(u64, u64, String),
    /// For somebody to fill in: a day.
    Date,
}

impl Cell {
    /// A count of people as it may be shown.
    pub(super) fn count(count: Shown) -> Self {
        match count {
            Shown::Exactly(n) => Self::Number(n),
            Shown::FewerThan(_) | Shown::Withheld => Self::Protected(shown(count)),
        }
    }

    /// Lines that it takes in a column of such a width.
    fn lines(&self, width: f64) -> u32 {
        match self {
            Self::Text(text) | Self::Protected(text) => lines(text, width),
            Self::Strong(text) => lines(text, width / 1.08),
            Self::Indented(text) => lines(text, width - 2.0),
            _ => 1,
        }
    }

    /// Share, lower end and upper end, or that they are not shown.
    pub(super) fn share(share: Option<ShareView>) -> [Self; 3] {
        match share {
            Some(s) => [s.value, s.low, s.high].map(Self::Share),
            None => std::array::from_fn(|_| Self::Protected("not shown".into())),
        }
    }
}

/// A column's heading, its width in characters, and whether numbers stand in it.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) head: String,
    pub(super) width: f64,
    pub(super) numbers: bool,
}

pub(super) fn words(head: &str, width: f64) -> Column {
    Column { head: head.into(), width, numbers: false }
}

pub(super) fn numbers(head: &str, width: f64) -> Column {
    Column { head: head.into(), width, numbers: true }
}

/// A row: its cells, and for each the step of its shade.
pub(super) type Row = Vec<(Cell, u8)>;

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    /// The sheet's name.
    pub(super) name: String,
    /// What the table shows, for its first line and for the list of sheets.
    pub(super) title: String,
    /// How to read it.
    pub(super) reading: String,
    /// Columns that stay in view.
    pub(super) fixed: u16,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

impl Grid {
    /// The same table in pieces that fit a sheet.
    pub(super) fn sheets(mut self) -> Vec<Grid> {
        self.columns.truncate(COLUMNS);
        if self.rows.len() <= ROWS {
            return vec![self];
        }
        let rows = std::mem::take(&mut self.rows);
        let piece = |(i, rows): (usize, &[Row])| {
            let name = if i == 0 { self.name.clone() } else { format!("{} {}", self.name, i + 1) };
            Grid { name, rows: rows.to_vec(), ..self.clone() }
        };
        rows.chunks(ROWS).enumerate().map(piece).collect()
    }

    pub(super) fn write(
        &self,
        sheet: &mut Worksheet,
        view: &View,
        looks: &Looks,
    ) -> Result<(), XlsxError> {
        sheet.set_name(&self.name)?;
        head(sheet, view, looks, (&self.title, &self.reading))?;
        let heads = self.columns.iter().map(|c| lines(&c.head, c.width - 2.0));
        height(sheet, HEADER, heads.max().unwrap_or(1))?;
        for (at, column) in (0u16..).zip(&self.columns) {
            let format = if column.numbers { &looks.head_number } else { &looks.head };
            sheet.write_string_with_format(HEADER, at, cell(&column.head).as_ref(), format)?;
            sheet.set_column_width(at, column.width)?;
        }
        for (at, row) in (HEADER + 1..).zip(&self.rows) {
            let mut n_lines = 1;
            for (column, (value, step)) in (0..COLUMNS as u16).zip(row) {
                put(sheet, (at, column), value, *step, looks)?;
                let width = self.columns.get(usize::from(column)).map_or(10.0, |c| c.width);
                n_lines = n_lines.max(value.lines(width));
            }
            height(sheet, at, n_lines)?;
        }
        let last = HEADER + self.rows.len() as u32;
        if !self.columns.is_empty() && !self.rows.is_empty() {
            sheet.autofilter(HEADER, 0, last, self.columns.len() as u16 - 1)?;
        }
        sheet.set_freeze_panes(HEADER + 1, self.fixed)?;
        sheet.set_repeat_rows(HEADER, HEADER)?;
        Ok(())
    }
}

/// The lines above a sheet's content and how it prints.
pub(super) fn head(
    sheet: &mut Worksheet,
    view: &View,
    looks: &Looks,
    (title, reading): (&str, &str),
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, cell(title).as_ref(), &looks.title)?;
    if !view.validated {
        sheet.write_string_with_format(1, 0, UNCHECKED, &looks.warning)?;
    }
    sheet.write_string_with_format(2, 0, cell(reading).as_ref(), &looks.note)?;
    print(sheet, view);
    Ok(())
}

/// Stands on every sheet of a report whose codes nobody has checked.
pub(super) const UNCHECKED: &str =
    "Not yet checked by people. A program assigned the codes; how often it errs is not known.";

/// Landscape, as wide as the page, with a foot that says what it is.
pub(super) fn print(sheet: &mut Worksheet, view: &View) {
    let note = if view.validated { "" } else { "Not yet checked by people" };
    // An ampersand begins a code in a foot; a long foot is refused.
    let title: String = super::clipped(&view.title, 80).replace('&', "&&");
    sheet
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_footer(format!("&L{title}&C{note}&R&A, page &P of &N"));
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Cell,
    step: u8,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let string = |sheet: &mut Worksheet, text: &str, format: &Format| {
        let format = shaded(format, step);
        sheet.write_string_with_format(row, column, cell(text).as_ref(), &format).map(|_| ())
    };
    let number = |sheet: &mut Worksheet, n: f64, format: &Format| {
        sheet.write_number_with_format(row, column, n, &shaded(format, step)).map(|_| ())
    };
    match value {
        Cell::Empty => sheet.write_blank(row, column, &looks.text).map(|_| ()),
        Cell::Date => sheet.write_blank(row, column, &looks.date).map(|_| ()),
        Cell::Text(text) => string(sheet, text, &looks.text),
        Cell::Strong(text) => string(sheet, text, &looks.strong),
        Cell::Indented(text) => string(sheet, text, &looks.indented),
        Cell::Protected(text) => string(sheet, text, &looks.protected),
        Cell::Number(n) => number(sheet, *n as f64, &looks.number),
        Cell::Share(share) => number(sheet, *share, &looks.share),
        Cell::Ratio(ratio) => number(sheet, *ratio, &looks.ratio),
        Cell::Points(points) => number(sheet, *points, &looks.points),
        Cell::Chance(p) => number(sheet, *p, &looks.chance),
        Cell::Of(k, n, unit) => {
            let form = format!("0\" of {n} {}\"", unit.replace('"', ""));
            number(sheet, *k as f64, &looks.number.clone().set_num_format(form))
        }
    }
}
