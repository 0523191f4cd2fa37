//! Parquet files to records.
//!
//! In: bytes. Out: the rows through [`Records`]; the first record holds the columns' names, those
//! inside of structures joined by dots. A list of plain values becomes its values joined by
//! `; `. What a row group would take is measured before it is unpacked.
//! Must not know: what the columns mean.

mod check;
mod text;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as ParquetRow};
use parquet::schema::types::Type;

use self::check::{BATCH, Refusal};
use super::record::{Record, Records};
use super::workbook::Row;
use crate::ingest::Error;
use crate::ingest::limits::Limits;

/// Structures inside of each other.
const MAX_DEPTH: usize = 16;

/// The rows of a file.
pub(in crate::ingest) struct ParquetRecords<'r> {
    file: &'r str,
    rows: RowIter<'static>,
    columns: Vec<Column>,
    row: Row<'r>,
    place: u32,
    at_header: bool,
    n_rows: u64,
}

/// A column that is not a structure.
struct Column {
    name: String,
    unit: Unit,
}

/// What a whole number stands for where the file's older types cannot say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    None,
    /// Billionths of a second since 1970.
    Nanoseconds,
    /// Billionths of a second since midnight.
    NanosecondsOfDay,
    /// Sixteen bytes.
    Uuid,
}

/// Opens a file.
pub(in crate::ingest) fn open(
    file: &str,
    bytes: Vec<u8>,
    limits: Limits,
) -> Result<ParquetRecords<'_>, Error> {
    let refused = |refusal| match refusal {
        Refusal::TooBig(what, limit) => {
            Error::TooBig { file: file.into(), what: what.into(), limit }
        }
        Refusal::Damaged(reason) => damaged(file, reason),
    };
    check::footer(&bytes).map_err(refused)?;
    let packed = bytes.len() as u64;
    let bytes = Bytes::from(bytes);
    // The parser checks what it reads with assertions in places; one bad file must not end the
    // program.
    let opened = catch_unwind(AssertUnwindSafe(|| {
        let options = ReadOptionsBuilder::new().build();
        let reader = SerializedFileReader::new_with_options(bytes.clone(), options);
        let reader = reader.map_err(|_| damaged(file, "its description is damaged"))?;
        check::groups(&bytes, reader.metadata(), &limits).map_err(refused)?;
        let schema = reader.metadata().file_metadata().schema().clone();
        let n_rows = reader.metadata().file_metadata().num_rows();
        let mut columns = Vec::new();
        list(&schema, "", 0, &mut columns)
            .ok_or_else(|| damaged(file, "its columns are damaged"))?;
        let rows = RowIter::from_file_into(Box::new(reader)).with_batch_size(BATCH);
        Ok((columns, rows, u64::try_from(n_rows).unwrap_or(0)))
    }));
    let (columns, rows, n_rows) =
        opened.unwrap_or_else(|_| Err(damaged(file, "its description is damaged")))?;
    let row = Row::new(file, limits, packed);
    Ok(ParquetRecords { file, rows, columns, row, place: 0, at_header: true, n_rows })
}

fn damaged(file: &str, reason: &str) -> Error {
    Error::Parquet { file: file.into(), reason: reason.into() }
}

/// The columns of a structure, those of structures in it with its name before theirs.
fn list(schema: &Type, before: &str, depth: usize, columns: &mut Vec<Column>) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    for field in schema.get_fields() {
        let dot = if before.is_empty() { "" } else { "." };
        let name = format!("{before}{dot}{}", field.name());
        if is_structure(field) {
            list(field, &name, depth + 1, columns)?;
        } else {
            columns.push(Column { name, unit: unit(field) });
        }
    }
    Some(())
}

/// A group of fields that is no list and no map.
fn is_structure(field: &Type) -> bool {
    let info = field.get_basic_info();
    let repeated =
        info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED;
    let kind = info.converted_type();
    let nested =
        matches!(kind, ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE);
    field.is_group() && !repeated && !nested
}

fn unit(field: &Type) -> Unit {
    match field.get_basic_info().logical_type_ref() {
        Some(LogicalType::Timestamp(t)) if t.unit == TimeUnit::NANOS => Unit::Nanoseconds,
        Some(LogicalType::Time(t)) if t.unit == TimeUnit::NANOS => Unit::NanosecondsOfDay,
        Some(LogicalType::Uuid) => Unit::Uuid,
        _ => Unit::None,
    }
}

impl ParquetRecords<'_> {
    /// Writes the cells of a row, those of structures in the order of the columns.
    fn cells(&mut self, row: &ParquetRow, column: &mut usize) -> Result<(), Error> {
        for (name, field) in row.get_column_iter() {
            if let Field::Group(inner) = field {
                self.cells(inner, column)?;
                continue;
            }
            let Some(known) = self.columns.get(*column) else {
                return Err(damaged(self.file, "a row has more fields than there are columns"));
            };
            if *field == Field::Null && !ends_with(&known.name, name) {
                // A structure that is missing as a whole: its columns stay blank.
                let inside = |c: &Column| c.name.split('.').any(|part| part == name);
                while self.columns.get(*column).is_some_and(inside) {
                    *column += 1;
                }
                continue;
            }
            if let Err(why) = text::write(field, known.unit, &mut self.row) {
                self.row.reject(why);
            }
            self.row.end_cell(*column)?;
            *column += 1;
        }
        Ok(())
    }
}

fn ends_with(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

impl Records for ParquetRecords<'_> {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        if self.at_header {
            self.at_header = false;
            record.clear(1);
            self.columns.iter().for_each(|column| record.push(&column.name));
            return Ok(true);
        }
        loop {
            let next = catch_unwind(AssertUnwindSafe(|| self.rows.next()));
            let row = match next {
                Ok(Some(Ok(row))) => row,
                Ok(None) if u64::from(self.place) == self.n_rows => return Ok(false),
                Ok(None) => return Err(damaged(self.file, "it has fewer rows than it says")),
                Ok(Some(Err(_))) | Err(_) => {
                    let reason = format!("row {} and those behind it are damaged", self.place + 1);
                    return Err(damaged(self.file, &reason));
                }
            };
            self.place = self.place.saturating_add(1);
            self.cells(&row, &mut 0)?;
            if self.row.end(self.place, record) {
                return Ok(true);
            }
        }
    }

    fn format(&self) -> String {
        "parquet".into()
    }
}

#[cfg(test)]
mod tests;
