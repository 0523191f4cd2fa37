//! The top of a table without a study: its header and first rows.
//!
//! In: a file. Out: [`Table`]s, one a sheet that holds rows below a header. A column is called
//! what a study can find it by. Must not know: what columns are for.

use std::io::Read;
use std::path::Path;

use super::header::{self, Header};
use super::workbook::{self, Request};
use super::{Records, TableKind, Window, columns, plain};
use crate::ingest::bounds;
use crate::ingest::format::{self, Format};
use crate::ingest::glance::{Column, Table};
use crate::ingest::open::{self, Opened};
use crate::ingest::{Context, Error, Limits, Route, SourceSpec, TableHints, extension};
use crate::text::Verbatim;

/// Bytes of a text table that are looked at.
const MAX_TEXT: u64 = 24 << 20;
/// Bytes of a cell that are looked at.
const MAX_CELL: usize = 4096;
/// Sheets of a workbook that are looked at.
const MAX_SHEETS: usize = 50;
/// Columns that are looked at.
const MAX_COLUMNS: usize = 2000;

/// Looks at a table, or at every sheet of a workbook.
///
/// # Errors
/// The file cannot be opened, is no table, or has no row below a header.
pub(in crate::ingest) fn tables(path: &Path, shown: &str) -> Result<Vec<Table>, Error> {
    let (spec, limits) = (SourceSpec::default(), Limits::default());
    let context = Context { spec: &spec, file: shown, stem: "", limits };
    let (bytes, whole) = head(path, shown, &limits)?;
    let extension = format::reading(shown, &bytes)?.extension;
    bounds::check(shown, &extension, &bytes, &limits)?;
    match Route::choose(&spec, shown, &extension)? {
        Route::Table(TableKind::Workbook(format)) => sheets(&context, format, &bytes),
        Route::Table(kind) => {
            let look = |records: &mut dyn Records| look(&context, records, None);
            let mut table = super::open(&context, kind, None, bytes, look)?;
            table.more |= !whole;
            Ok(vec![table])
        }
        _ => Err(Error::UnknownFormat { file: shown.into(), extension }),
    }
}

/// The bytes of a file, of a large text table its first lines, and whether they are all.
fn head(path: &Path, shown: &str, limits: &Limits) -> Result<(Vec<u8>, bool), Error> {
    let (file, metadata) = open::open(path, shown)?;
    let lines = ["csv", "tsv", "tab", "jsonl", "ndjson"].contains(&extension(shown).as_str());
    if !lines || metadata.len() <= MAX_TEXT {
        return Ok((Opened::read(path, shown, limits)?.bytes, true));
    }
    let mut bytes = Vec::new();
    file.take(MAX_TEXT).read_to_end(&mut bytes).map_err(open::failed(shown))?;
    // The last line may be cut; in UTF-16 a line's end has two bytes. What is no text after all
    // is read whole.
    let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    match bytes.iter().rposition(|b| *b == b'\n') {
        Some(end) if !bytes.starts_with(b"PK") => {
            bytes.truncate(if wide { end & !1 } else { end + 1 });
            Ok((bytes, false))
        }
        _ => Ok((Opened::read(path, shown, limits)?.bytes, true)),
    }
}

/// Looks at every sheet that is not hidden; those without rows are left out. A sheet is named
/// where a study must name it: where it is one of several, or not the one that is read by itself.
fn sheets(context: &Context<'_>, format: Format, bytes: &[u8]) -> Result<Vec<Table>, Error> {
    let request = Request { file: context.file, sheet: None, limits: context.limits };
    let names = workbook::sheets(&request, format, bytes)?;
    let (mut found, mut first_error) = (Vec::new(), None);
    for (n, sheet) in names.iter().filter(|s| !s.hidden).take(MAX_SHEETS).enumerate() {
        let request = Request { sheet: Some(&sheet.name), ..request };
        let table = workbook::with_records(&request, format, bytes, |records| {
            look(context, records, Some(sheet.name.clone()))
        });
        match table {
            Ok(table) => found.push((n, table)),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    match (found.as_mut_slice(), first_error) {
        ([], Some(error)) => return Err(error),
        ([], None) => return look_at_default(context, format, bytes),
        ([(0, only)], _) => only.sheet = None,
        _ => {}
    }
    Ok(found.into_iter().map(|(_, table)| table).collect())
}

/// What a run would say of a workbook that shows no sheet.
fn look_at_default(
    context: &Context<'_>,
    format: Format,
    bytes: &[u8],
) -> Result<Vec<Table>, Error> {
    let request = Request { file: context.file, sheet: None, limits: context.limits };
    workbook::with_records(&request, format, bytes, |records| {
        Ok(vec![look(context, records, None)?])
    })
}

fn look(
    context: &Context<'_>,
    records: &mut dyn Records,
    sheet: Option<String>,
) -> Result<Table, Error> {
    let file = context.file;
    let window = Window::fill(records)?;
    let mut header = header::find(&window.records, &TableHints::default(), &[])
        .ok_or_else(|| Error::NoHeader { file: file.into(), row: 1 })?;
    if records.counts_fields() {
        header.align(&window.records);
    }
    let fits = |n: usize| !records.counts_fields() || n >= header.width();
    let rows: Vec<_> = window.records[header.first_data..]
        .iter()
        .filter(|r| r.is_sound() && fits(r.len()) && !r.is_blank())
        .collect();
    if rows.is_empty() {
        return Err(Error::HeaderOnly { file: file.into(), row: header.place });
    }
    let columns = (0..header.width().min(MAX_COLUMNS)).map(|c| {
        let (name, wording) = called(&header, c);
        let cells = rows.iter().map(|r| Verbatim::new(cut(r.cell(c)))).collect();
        Column { name, wording, cells }
    });
    Ok(Table {
        sheet,
        header_row: if header.rows.is_empty() { 0 } else { header.place },
        second: header.may_go_on(&window.records),
        format: records.format(),
        rows: rows.len(),
        more: !window.ended,
        columns: columns.collect(),
    })
}

/// The shortest name that leads to this column alone, and the words beside it. A column that no
/// name leads to keeps the one that it shares.
fn called(header: &Header, column: usize) -> (String, Option<String>) {
    let joined = header.name(column);
    let cells: Vec<&str> = header.cells(column).filter(|c| !c.is_empty()).collect();
    let leads = |name: &str| !name.is_empty() && columns::resolve(header, name) == Some(column);
    let first = cells.first().copied().unwrap_or_default();
    let name = [first, joined.as_str()].into_iter().find(|name| leads(name)).unwrap_or(first);
    let wording = joined.strip_prefix(name).map(|rest| rest.trim_start_matches([' ', '—']));
    let wording = wording.filter(|w| !w.is_empty() && !name.is_empty());
    (plain(name), wording.map(plain))
}

fn cut(cell: &str) -> &str {
    let mut end = cell.len().min(MAX_CELL);
    while !cell.is_char_boundary(end) {
        end -= 1;
    }
    &cell[..end]
}
