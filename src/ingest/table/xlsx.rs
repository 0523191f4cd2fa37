//! Excel workbooks (XLSX, XLSM) to rows.
//!
//! In: bytes. Out: [`SheetRows`]. Cells are streamed, so that a hostile sheet cannot ask for
//! memory by naming a far cell; the archive is measured before calamine sees it. Values become
//! the text that Excel shows for them without a number format.
//! Must not know: what the cells mean.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};

use super::{Record, Records};
use crate::ingest::archive::Archive;
use crate::ingest::assemble::FileIntake;
use crate::ingest::error::nearest;
use crate::ingest::{Context, Error};

const MAX_ROW: u32 = 1_048_576;
const MAX_COLUMN: u32 = 16_384;
const MAX_CELLS: u64 = 100_000_000;

/// Reads a whole file for a study.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: Vec<u8>) -> Result<FileIntake, Error> {
    super::read(context, &mut open(context, &bytes)?)
}

/// Opens the wanted sheet: its rows are held until they are asked for.
pub(in crate::ingest) fn open(context: &Context<'_>, bytes: &[u8]) -> Result<SheetRows, Error> {
    Archive::open(bytes, context.file, broken)?.measure()?;
    // calamine's arithmetic on cell references overflows on some damaged files (a panic in
    // builds with overflow checks); one bad file must not end the program.
    let rows = catch_unwind(AssertUnwindSafe(|| read_sheet(context, bytes)))
        .unwrap_or_else(|_| Err(broken(context.file, "its contents are damaged".into())))?;
    Ok(SheetRows { rows: rows.into_iter() })
}

/// The rows of a sheet that hold anything, each with its number and its cells by column.
pub(in crate::ingest) struct SheetRows {
    rows: std::vec::IntoIter<Row>,
}

type Row = (u32, BTreeMap<usize, String>);

impl Records for SheetRows {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        let Some((place, cells)) = self.rows.next() else { return Ok(false) };
        record.clear(place);
        for (column, text) in cells {
            record.pad(column);
            record.push(&text);
        }
        Ok(true)
    }

    fn format(&self) -> String {
        "xlsx".into()
    }
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

fn read_sheet(context: &Context<'_>, bytes: &[u8]) -> Result<Vec<Row>, Error> {
    let fail = |e: XlsxError| from_calamine(context.file, &e);
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(fail)?;
    let sheet = choose_sheet(context, &book)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(fail)?;
    let mut rows: Vec<Row> = Vec::new();
    let (mut row, mut n_cells) = (0, 0u64);
    while let Some(cell) = cells.next_cell().map_err(fail)? {
        let (r, c) = cell.get_position();
        n_cells += 1;
        check_place(context.file, (r, c), row, n_cells)?;
        row = r;
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        if rows.last().is_none_or(|(place, _)| *place != r + 1) {
            rows.push((r + 1, BTreeMap::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            cells.insert(c as usize, text);
        }
    }
    Ok(rows)
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
