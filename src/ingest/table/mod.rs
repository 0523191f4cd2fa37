//! The table room: records of cells to responses, whatever the format.
//!
//! In: a reader of a format, as [`Records`]. Out: a [`FileIntake`]: one response a question a
//! row, in row order, then question order. [`read`] finds the header and the wanted columns,
//! takes rows in and rejects what it cannot place; headings, accepted and rejected records add up
//! to the records that the reader gave. Every cell is text; nothing is converted.
//!
//! A format is a module that implements [`Records`]; it needs to know nothing of studies. To
//! look at a table without a study, open it (`csv::open` with a [`Context`] whose source names
//! no columns), fill a [`Window`] with its first records and ask [`header::find`] which of them
//! stand above the header, which are its rows and which are data.
//! Must not know: delimiters, cells of workbooks, encodings.

mod columns;
pub(super) mod csv;
mod fit;
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
use self::fit::{Fit, Verdict};
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
/// No header, a column that is missing or stands there twice; what the reader itself fails with.
pub(in crate::ingest) fn read(
    context: &Context<'_>,
    records: &mut dyn Records,
) -> Result<FileIntake, Error> {
    let mut window = Window::fill(records)?;
    let wanted: Vec<String> = wanted_names(context.spec).map(|n| plain(n)).collect();
    let hints = &context.spec.table;
    let mut header = header::find(&window.records, hints, &wanted).ok_or_else(|| {
        Error::NoHeader { file: context.file.into(), row: hints.header_row.unwrap_or(1).max(1) }
    })?;
    if records.counts_fields() {
        header.align(&window.records);
    }
    let columns = Columns::find(context, &header)?;
    let mut rows = TableRows::new(context, columns);
    for warning in header.warnings(context.file) {
        rows.warn(warning);
    }
    let fit = records.counts_fields().then(|| {
        let data = &window.records[header.first_data..];
        Fit::new(data, &header, rows.columns(), records.delimiter())
    });
    let mut driver = Driver { header: &header, fit, rows, counts: Counts::default() };
    for (index, record) in window.records.drain(..).enumerate() {
        if index >= header.first_data {
            driver.take(&record, records.bytes());
        } else if header.is_stranded(index) {
            driver.strand(&record, records.bytes());
        } else {
            driver.rows.pass_heading();
        }
    }
    if !window.ended {
        let mut record = Record::default();
        while records.next(&mut record)? {
            driver.take(&record, records.bytes());
        }
    }
    driver.warn(context.file);
    let mut rows = driver.rows;
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
    /// For formats whose rows must hold as many fields as the header.
    fit: Option<Fit>,
    rows: TableRows<'a>,
    counts: Counts,
}

/// What a user should know of the rows as a whole.
#[derive(Default)]
struct Counts {
    /// Where the header stands once more.
    repeated: Vec<u32>,
    rows: usize,
    mended: usize,
    short: usize,
    /// Read in another way than the rest, and fitting.
    otherwise: usize,
    misfit: usize,
    stranded: usize,
}

impl Driver<'_> {
    fn take(&mut self, record: &Record, bytes: &[u8]) {
        if let Some(why) = &record.fault {
            self.rows.reject(record, why.clone(), bytes);
        } else if self.header.is_repeated_by(record) {
            self.counts.repeated.push(record.place);
            self.rows.pass_heading();
        } else if let Some(why) = &record.doubt {
            if self.fit.as_ref().is_some_and(|fit| fit.proves(record, why)) {
                self.counts.otherwise += 1;
                self.rows.push(record, bytes);
            } else {
                self.rows.reject(record, why.clone(), bytes);
            }
        } else {
            self.place(record, bytes);
        }
        self.counts.rows += 1;
    }

    /// A row of another number of fields than the header is taken where it is certain what
    /// happened.
    fn place(&mut self, record: &Record, bytes: &[u8]) {
        let (expected, found) = (self.header.width(), record.len());
        let Some(fit) = self.fit.as_ref().filter(|_| found != expected) else {
            return self.rows.push(record, bytes);
        };
        let raw = record.bytes.clone().and_then(|range| bytes.get(range)).unwrap_or_default();
        match fit.judge(record, raw) {
            Verdict::Fits => self.rows.push(record, bytes),
            Verdict::Short => {
                self.counts.short += 1;
                self.rows.push(record, bytes);
            }
            Verdict::Mended(mended) => {
                self.counts.mended += 1;
                self.rows.push(&mended, bytes);
            }
            Verdict::Misfit => {
                self.counts.misfit += 1;
                self.rows.reject(record, Reject::FieldCount { expected, found }, bytes);
            }
        }
    }

    /// A record above the header that looks like a row.
    fn strand(&mut self, record: &Record, bytes: &[u8]) {
        self.counts.stranded += 1;
        let why = Reject::Unreadable { why: "it stands above the header" };
        self.rows.reject(record, record.fault.clone().unwrap_or(why), bytes);
    }

    fn warn(&mut self, file: &str) {
        let counts = std::mem::take(&mut self.counts);
        if !counts.repeated.is_empty() {
            self.rows.warn(format!(
                "`{file}`: {} rows repeat the header and were not read as answers ({})",
                counts.repeated.len(),
                places(&counts.repeated)
            ));
        }
        for (n, what) in [
            (counts.stranded, "rows stand above the header and were rejected"),
            (
                counts.mended,
                "rows held unquoted delimiters in the text column, which were put back into it",
            ),
            (counts.short, "rows end early; the cells that they lack count as blank"),
            (
                counts.otherwise,
                "rows hold a stray quote or signs of their own; their cells fit the columns and were read",
            ),
        ] {
            if n > 0 {
                self.rows.warn(format!("`{file}`: {n} {what}"));
            }
        }
        if 2 * counts.misfit > counts.rows
            && let Some(usual) = self.header.other_width()
        {
            self.rows.warn(format!(
                "`{file}`: most rows hold {usual} fields, the header in row {} holds {}: mend the header",
                self.header.place,
                self.header.width()
            ));
        }
    }
}

/// Lines or rows in words, the first few of many.
fn places(places: &[u32]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = places.iter().take(SHOWN).map(u32::to_string).collect();
    let more = if places.len() > SHOWN { " …" } else { "" };
    let word = if places.len() == 1 { "row" } else { "rows" };
    format!("{word} {}{more}", shown.join(", "))
}

/// The columns that a source names.
fn wanted_names(spec: &SourceSpec) -> impl Iterator<Item = &String> {
    let names = spec.questions.iter().map(|q| &q.column);
    names.chain(&spec.groups).chain(&spec.id).chain(&spec.participant).chain(&spec.weight)
}

/// A column name as it is compared: without NUL, which is left out of the cells of a text file
/// too, trimmed, white space inside made one space.
fn plain(name: &str) -> String {
    if name.contains('\0') {
        return plain(&name.replace('\0', ""));
    }
    let name = name.trim_start_matches('\u{FEFF}');
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_compared_without_nul_bytes_and_the_blanks_around_them() {
        for name in ["a b", "a \0 b", "\0 a b", "a b \0", "\0\u{FEFF}a\0 b"] {
            assert_eq!(super::plain(name), "a b", "{name:?}");
        }
    }
}

#[cfg(test)]
#[path = "../../../tests/pollock/mod.rs"]
mod pollock;
