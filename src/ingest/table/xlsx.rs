//! Excel workbooks (XLSX, XLSM) to rows.
//!
//! In: bytes. Out: a [`FileIntake`]. Cells are streamed, so that a hostile sheet cannot ask for
//! memory by naming a far cell; the archive is measured before calamine sees it. Values become
//! the text that Excel shows for them without a number format.
//! Must not know: what the cells mean.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};

use super::{Columns, TableRows, plain};
use crate::ingest::archive::Archive;
use crate::ingest::error::nearest;
use crate::ingest::{Context, Error, FileIntake};

const MAX_ROW: u32 = 1_048_576;
const MAX_COLUMN: u32 = 16_384;
const MAX_CELLS: u64 = 100_000_000;

/// Reads the wanted sheet.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: Vec<u8>) -> Result<FileIntake, Error> {
    Archive::open(&bytes, context.file, broken)?.measure()?;
    // calamine's arithmetic on cell references overflows on some damaged files (a panic in
    // builds with overflow checks); one bad file must not end the program.
    catch_unwind(AssertUnwindSafe(|| read_sheet(context, &bytes)))
        .unwrap_or_else(|_| Err(broken(context.file, "its contents are damaged".into())))
}

fn broken(file: &str, reason: String) -> Error {
    Error::Workbook { file: file.into(), reason }
}

fn from_calamine(file: &str, error: &XlsxError) -> Error {
    let reason = match error {
        XlsxError::Password => return Error::Encrypted { file: file.into() },
        XlsxError::Zip(_) | XlsxError::Io(_) => "the archive is damaged",
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => "a part of it is missing",
        XlsxError::WorksheetNotFound(_) => "the sheet is missing",
        XlsxError::NotAWorksheet(_) => "the sheet holds no cells",
        _ => "its XML is damaged",
    };
    broken(file, reason.into())
}

fn read_sheet(context: &Context<'_>, bytes: &[u8]) -> Result<FileIntake, Error> {
    let fail = |e: XlsxError| from_calamine(context.file, &e);
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(fail)?;
    let sheet = choose_sheet(context, &book)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(fail)?;
    let mut sheet_rows = SheetRows::Header { context, cells: Vec::new() };
    let (mut row, mut n_cells) = (0, 0u64);
    while let Some(cell) = cells.next_cell().map_err(fail)? {
        let (r, c) = cell.get_position();
        n_cells += 1;
        check_place(context.file, (r, c), row, n_cells)?;
        if r != row {
            sheet_rows = sheet_rows.end_row(row + 1)?;
            row = r;
        }
        sheet_rows.cell(c as usize, cell.get_value());
    }
    match sheet_rows.end_row(row + 1)? {
        SheetRows::Header { .. } => {
            Err(Error::NoHeader { file: context.file.into(), row: context.spec.header_row.max(1) })
        }
        SheetRows::Body { rows, .. } => rows.finish("xlsx".into()),
    }
}

fn check_place(file: &str, (r, c): (u32, u32), row: u32, n_cells: u64) -> Result<(), Error> {
    if r >= MAX_ROW || c >= MAX_COLUMN {
        return Err(broken(file, "a cell lies outside of what Excel allows".into()));
    }
    if r < row {
        return Err(broken(file, format!("row {} stands below row {}", r + 1, row + 1)));
    }
    if n_cells > MAX_CELLS {
        return Err(Error::TooBig {
            file: file.into(),
            what: "its number of cells".into(),
            limit: MAX_CELLS.to_string(),
        });
    }
    Ok(())
}

fn choose_sheet(context: &Context<'_>, book: &Xlsx<Cursor<&[u8]>>) -> Result<String, Error> {
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| s.name.clone())
        .collect();
    let Some(wanted) = &context.spec.sheet else {
        return sheets
            .first()
            .cloned()
            .ok_or_else(|| broken(context.file, "it has no worksheet".into()));
    };
    if sheets.contains(wanted) {
        return Ok(wanted.clone());
    }
    Err(Error::NoSuchSheet {
        file: context.file.into(),
        wanted: wanted.clone(),
        suggestion: nearest(wanted, &sheets),
        sheets,
    })
}

/// A sheet while it streams by: before and behind its header.
enum SheetRows<'a> {
    /// The header has not been seen whole.
    Header { context: &'a Context<'a>, cells: Vec<(usize, String)> },
    /// Data rows; `cells` holds the wanted ones of the current row.
    Body { rows: Box<TableRows<'a>>, cells: Vec<(usize, String)>, blank: bool },
}

impl SheetRows<'_> {
    fn cell(&mut self, column: usize, value: &DataRef<'_>) {
        match self {
            Self::Header { cells, .. } => cells.push((column, text(value))),
            Self::Body { rows, cells, blank } => {
                if rows.columns().wants(column) {
                    let text = text(value);
                    *blank &= text.trim().is_empty();
                    cells.push((column, text));
                } else {
                    *blank &= is_blank(value);
                }
            }
        }
    }

    fn end_row(self, place: u32) -> Result<Self, Error> {
        match self {
            Self::Header { context, mut cells } => {
                let named = cells.iter().any(|(_, name)| !plain(name).is_empty());
                if place < context.spec.header_row || !named {
                    cells.clear();
                    return Ok(Self::Header { context, cells });
                }
                let width = cells.iter().map(|(c, _)| c + 1).max().unwrap_or(0);
                let mut header = vec![String::new(); width];
                for (column, name) in cells {
                    header[column] = plain(&name);
                }
                let columns = Columns::find(context, &header, place)?;
                let rows = Box::new(TableRows::new(context, columns));
                Ok(Self::Body { rows, cells: Vec::new(), blank: true })
            }
            Self::Body { mut rows, mut cells, blank } => {
                if !blank {
                    let find = |c: usize| cells.iter().rev().find(|(column, _)| *column == c);
                    rows.push(place, |c| find(c).map_or("", |(_, text)| text.as_str()));
                }
                cells.clear();
                Ok(Self::Body { rows, cells, blank: true })
            }
        }
    }
}

fn is_blank(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty | DataRef::Error(_) => true,
        DataRef::String(s) => s.trim().is_empty(),
        DataRef::SharedString(s) => s.trim().is_empty(),
        _ => false,
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_string(),
        DataRef::Int(i) => i.to_string(),
        DataRef::Float(f) => number(*f),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(d) => date(d),
    }
}

/// At most 15 significant digits, as Excel keeps; whole numbers without a point.
fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if rounded != 0.0 && !(1e-9..1e21).contains(&rounded.abs()) {
        return format!("{rounded:E}");
    }
    format!("{}", rounded + 0.0)
}

fn date(value: &ExcelDateTime) -> String {
    let serial = value.as_f64();
    if value.is_duration() {
        let seconds = (serial.abs() * 86_400.0).round() as u64;
        let sign = if serial < 0.0 { "-" } else { "" };
        return format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    if !(0.0..2_958_466.0).contains(&serial) {
        return number(serial);
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    if serial < 1.0 && serial > 0.0 {
        clock
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{clock}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_excel() {
        for (value, shown) in [
            (7.0, "7"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (2.5, "2.5"),
            (123_456_789_012.0, "123456789012"),
            (1e300, "1E300"),
        ] {
            assert_eq!(number(value), shown);
        }
    }
}
