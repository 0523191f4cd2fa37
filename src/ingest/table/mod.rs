//! The table room: records of cells to responses, whatever the format.
//!
//! In: a reader of a format, as [`Records`]. Out: a [`FileIntake`]: one response a question a
//! row, in row order, then question order. [`read`] finds the header and the wanted columns,
//! takes rows in and rejects what it cannot place; accepted and rejected records add up to the
//! records that the reader gave below the header. Every cell is text; nothing is converted.
//!
//! A format is a module that implements [`Records`]; it needs to know nothing of studies. To
//! look at a table without a study, open it (`csv::open` with a [`Context`] whose source names
//! no columns), fill a [`Window`] with its first records and ask [`header::find`] which of them
//! stand above the header, which are its rows and which are data.
//! Must not know: delimiters, cells of workbooks, encodings.

mod columns;
pub(super) mod csv;
pub(super) mod glance;
pub(super) mod header;
mod hints;
pub(super) mod json;
mod kind;
pub(super) mod parquet;
mod record;
mod rows;
pub(super) mod sheet;
pub(super) mod workbook;

use self::columns::Columns;
use self::header::Header;
pub(in crate::ingest) use self::record::{Record, Records};
use self::rows::TableRows;
use crate::ingest::assemble::FileIntake;
use crate::ingest::format::Format;
use crate::ingest::{Context, Error, Reject, SourceSpec};

/// Which reader opens a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum TableKind {
    /// Text with delimiters.
    Csv,
    /// JSON Lines, or an array in JSON.
    Json,
    /// Apache Parquet.
    Parquet,
    /// A workbook, by its format.
    Workbook(Format),
}

/// Opens a table and hands its records to `take`.
///
/// # Errors
/// What the reader or `take` fails with.
pub(in crate::ingest) fn open<T>(
    context: &Context<'_>,
    kind: TableKind,
    sheet: Option<&str>,
    bytes: Vec<u8>,
    take: impl FnOnce(&mut dyn Records) -> Result<T, Error>,
) -> Result<T, Error> {
    let (file, limits) = (context.file, context.limits);
    match kind {
        TableKind::Csv => take(&mut csv::open(context, bytes)?),
        TableKind::Json => take(&mut json::open(file, bytes, limits)?),
        TableKind::Parquet => take(&mut parquet::open(file, bytes, limits)?),
        TableKind::Workbook(format) => {
            let request = workbook::Request { file, sheet, limits };
            workbook::with_records(&request, format, &bytes, take)
        }
    }
}

/// Reads a table: its header, then every record below it.
///
/// # Errors
/// No header, no row below it, a column that is missing or stands there twice; what the reader
/// itself fails with.
pub(in crate::ingest) fn read(
    context: &Context<'_>,
    records: &mut dyn Records,
) -> Result<FileIntake, Error> {
    let mut window = Window::fill(records)?;
    let wanted: Vec<String> = wanted_names(context.spec).map(|n| plain(n)).collect();
    let hints = &context.spec.table;
    let header = header::find(&window.records, hints, &wanted).ok_or_else(|| Error::NoHeader {
        file: context.file.into(),
        row: hints.header_row.unwrap_or(1).max(1),
    })?;
    let columns = Columns::find(context, &header)?;
    let mut rows = TableRows::new(context, columns);
    for warning in header.warnings(context.file) {
        rows.warn(warning);
    }
    let strict = records.counts_fields();
    let mut driver = Driver { header: &header, strict, rows, n_repeated_headers: 0 };
    for record in window.records.drain(..).skip(header.first_data) {
        driver.take(&record, records.bytes());
    }
    if !window.ended {
        let mut record = Record::default();
        while records.next(&mut record)? {
            driver.take(&record, records.bytes());
        }
    }
    let Driver { mut rows, n_repeated_headers, .. } = driver;
    if n_repeated_headers > 0 {
        rows.warn(format!(
            "`{}`: {n_repeated_headers} rows repeat the header and were not read as answers",
            context.file
        ));
    }
    for warning in records.warnings() {
        rows.warn(warning);
    }
    rows.finish(records.format())
}

/// The first records of a table, by which its header is found.
#[derive(Default)]
pub(in crate::ingest) struct Window {
    /// The records, in order.
    pub(in crate::ingest) records: Vec<Record>,
    /// Whether they are all.
    pub(in crate::ingest) ended: bool,
}

impl Window {
    /// Records at most, and memory at most, in bytes.
    const RECORDS: usize = 2000;
    const BYTES: usize = 16 << 20;

    /// Reads the first records.
    ///
    /// # Errors
    /// What the reader fails with.
    pub(in crate::ingest) fn fill(records: &mut dyn Records) -> Result<Self, Error> {
        let mut window = Self::default();
        let mut size = 0;
        while window.records.len() < Self::RECORDS && size < Self::BYTES {
            let mut record = Record::default();
            if !records.next(&mut record)? {
                window.ended = true;
                break;
            }
            size += record.size();
            window.records.push(record);
        }
        Ok(window)
    }
}

/// Decides what becomes of each record.
struct Driver<'a> {
    header: &'a Header,
    strict: bool,
    rows: TableRows<'a>,
    n_repeated_headers: usize,
}

impl Driver<'_> {
    fn take(&mut self, record: &Record, bytes: &[u8]) {
        let why = record.fault.clone().or_else(|| self.misfit(record));
        match why {
            Some(why) => self.rows.reject(record, why, bytes),
            None if self.header.is_repeated_by(record) => self.n_repeated_headers += 1,
            None => self.rows.push(record),
        }
    }

    /// Another number of fields than the header. Blank ones behind its width are no fault.
    fn misfit(&self, record: &Record) -> Option<Reject> {
        let (expected, found) = (self.header.width(), record.len());
        let blank_surplus = || (expected..found).all(|c| record.cell(c).trim().is_empty());
        if !self.strict || found == expected || (found > expected && blank_surplus()) {
            return None;
        }
        Some(Reject::FieldCount { expected, found })
    }
}

/// The columns that a source names.
fn wanted_names(spec: &SourceSpec) -> impl Iterator<Item = &String> {
    let names = spec.questions.iter().map(|q| &q.column);
    names.chain(&spec.groups).chain(&spec.id).chain(&spec.participant)
}

/// A column name as it is compared: trimmed, white space inside made one space.
fn plain(name: &str) -> String {
    let name = name.trim_start_matches('\u{FEFF}');
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
