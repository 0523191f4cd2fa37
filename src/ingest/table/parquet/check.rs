//! What a Parquet file would ask of the memory, measured before anything is unpacked.
//!
//! In: the bytes and the file's own description of its row groups. Out: nothing, or an error
//! where the pages, dictionaries or lists of a row group are out of proportion.
//! Layout of the headers: parquet.thrift of the format. Must not know: values, columns' names.

use parquet::basic::{ConvertedType, Type as PhysicalType};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::thrift::Walk;
use crate::ingest::limits::{Limits, size};

/// The longest description of a file, in bytes.
const MAX_FOOTER: usize = 16_000_000;
/// What one row group may take without being in proportion to the file, in bytes.
const HARMLESS: u64 = 100_000_000;
/// What a row group may take in proportion to the file.
const RATIO: u64 = 20;
/// Rows that need not be in proportion to the file.
const FEW_ROWS: u64 = 1_000_000;
/// Memory for an entry of a dictionary or for a value of a list, in bytes.
const ENTRY: u64 = 40;
/// Rows that are unpacked at once.
pub(super) const BATCH: usize = 64;

/// Why a file is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// What exceeds which limit.
    TooBig(&'static str, String),
    /// What is wrong.
    Damaged(&'static str),
}

/// Checks the description at the end of the file, before it is parsed.
pub(super) fn footer(bytes: &[u8]) -> Result<(), Refusal> {
    const SHORT: Refusal = Refusal::Damaged("it is cut off");
    let tail = bytes.len().checked_sub(8).ok_or(SHORT)?;
    if !bytes.ends_with(b"PAR1") {
        return Err(SHORT);
    }
    let length = bytes[tail..tail + 4].try_into().map(u32::from_le_bytes).map_err(|_| SHORT)?;
    let length = length as usize;
    if length > MAX_FOOTER {
        return Err(Refusal::TooBig("its description", size(MAX_FOOTER as u64)));
    }
    let start = tail.checked_sub(length).ok_or(SHORT)?;
    let damaged = Refusal::Damaged("its description is damaged");
    Walk::new(&bytes[start..tail]).structure(&mut |_, _, _| {}).map(|_| ()).ok_or(damaged)
}

/// Checks every row group.
pub(super) fn groups(
    bytes: &[u8],
    metadata: &ParquetMetaData,
    limits: &Limits,
) -> Result<(), Refusal> {
    let packed = bytes.len() as u64;
    let columns = metadata.file_metadata().schema_descr().num_columns();
    if columns > limits.columns {
        return Err(Refusal::TooBig("its number of columns", limits.columns.to_string()));
    }
    let schema = metadata.file_metadata().schema_descr();
    if !schema.columns().iter().all(|c| is_known(c.physical_type(), c.converted_type())) {
        return Err(Refusal::Damaged("a column has a type that is unknown"));
    }
    let mut rows = 0u64;
    let mut pages = 0u64;
    for group in metadata.row_groups() {
        let n = u64::try_from(group.num_rows()).map_err(|_| Refusal::Damaged("rows below zero"))?;
        rows = rows.saturating_add(n);
        let mut needed = 0u64;
        for column in group.columns() {
            needed = needed.saturating_add(chunk(bytes, column, &mut pages)?);
        }
        if needed > HARMLESS && needed / packed.max(1) > RATIO {
            let limit = format!("{} and {RATIO} times the file", size(HARMLESS));
            return Err(Refusal::TooBig("the unpacked size of a row group", limit));
        }
    }
    if !limits.allows_ratio(rows, packed, FEW_ROWS) || rows > limits.cells {
        return Err(Refusal::TooBig("its number of rows", FEW_ROWS.to_string()));
    }
    if pages > limits.inflated_bytes || !limits.allows_ratio(pages, packed, HARMLESS) {
        let limit = format!("{} to 1 above {}", limits.ratio, size(HARMLESS));
        return Err(Refusal::TooBig("its compression", limit));
    }
    Ok(())
}

/// Whether the parser knows what a column's values mean; it panics, with the value in its
/// message, where it does not.
fn is_known(physical: PhysicalType, converted: ConvertedType) -> bool {
    use ConvertedType as C;
    match physical {
        PhysicalType::INT32 => matches!(
            converted,
            C::NONE
                | C::INT_8
                | C::INT_16
                | C::INT_32
                | C::UINT_8
                | C::UINT_16
                | C::UINT_32
                | C::DATE
                | C::TIME_MILLIS
                | C::DECIMAL
        ),
        PhysicalType::INT64 => matches!(
            converted,
            C::NONE
                | C::INT_64
                | C::UINT_64
                | C::TIME_MICROS
                | C::TIMESTAMP_MILLIS
                | C::TIMESTAMP_MICROS
                | C::DECIMAL
        ),
        PhysicalType::BYTE_ARRAY => {
            matches!(converted, C::NONE | C::UTF8 | C::ENUM | C::JSON | C::BSON | C::DECIMAL)
        }
        PhysicalType::FIXED_LEN_BYTE_ARRAY => matches!(converted, C::NONE | C::DECIMAL),
        _ => true,
    }
}

/// The numbers of a page's header.
#[derive(Default)]
struct Page {
    kind: i64,
    unpacked: i64,
    packed: i64,
    n_values: i64,
    encoding: i64,
}

/// The most memory that reading a column of a row group takes at once.
fn chunk(bytes: &[u8], column: &ColumnChunkMetaData, all: &mut u64) -> Result<u64, Refusal> {
    const DAMAGED: Refusal = Refusal::Damaged("a page is damaged");
    const DELTA_BYTE_ARRAY: i64 = 7;
    let from = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let from = usize::try_from(from).map_err(|_| DAMAGED)?;
    let length = usize::try_from(column.compressed_size()).map_err(|_| DAMAGED)?;
    let end = from.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(DAMAGED)?;
    let (mut at, mut dictionary, mut largest, mut listed) = (from, 0u64, 0u64, 0u64);
    while at < end {
        let mut page = Page::default();
        let head = Walk::new(&bytes[at..end]).structure(&mut |around, field, value| match (
            around, field,
        ) {
            (0, 1) => page.kind = value,
            (0, 2) => page.unpacked = value,
            (0, 3) => page.packed = value,
            (5 | 7 | 8, 1) => page.n_values = value,
            (5, 2) | (8, 4) => page.encoding = value,
            _ => {}
        });
        let count = |n: i64| u64::try_from(n).map_err(|_| DAMAGED);
        let (unpacked, n) = (count(page.unpacked)?, count(page.n_values)?);
        let packed = usize::try_from(page.packed).map_err(|_| DAMAGED)?;
        at = at
            .checked_add(head.ok_or(DAMAGED)?)
            .and_then(|at| at.checked_add(packed))
            .ok_or(DAMAGED)?;
        *all = all.saturating_add(unpacked);
        match page.kind {
            2 if n > unpacked => return Err(DAMAGED),
            2 => dictionary += unpacked.saturating_add(n * ENTRY),
            _ if page.encoding == DELTA_BYTE_ARRAY => {
                // Every value may repeat all of the one before it.
                largest = largest.max(unpacked.saturating_mul(BATCH as u64));
            }
            _ => largest = largest.max(unpacked),
        }
        if column.column_descr().max_rep_level() > 0 && page.kind != 2 {
            listed = listed.saturating_add(n);
        }
    }
    Ok(dictionary.saturating_add(largest).saturating_add(listed.saturating_mul(ENTRY)))
}
