//! Workbooks (XLSX, XLSM, ODS, XLS) to records.
//!
//! In: bytes and which sheet is wanted. Out: the sheet's records through [`Records`], and the
//! list of sheets. Cells become the text that the spreadsheet shows without its number formats;
//! a formula gives the value that was last computed; of merged cells the first holds the value.
//! Must not know: what the columns mean.
//!
//! All three formats are streamed by readers of their own: a reader that first builds the
//! rectangle from the first to the last cell can be made to ask for 500 GB by a file of 1 KB.

mod biff;
mod book;
mod cell;
mod guard;
mod ods;
mod row;
mod shared;
mod strings;
mod styles;
mod value;
mod xls;
mod xlsx;
mod xml;

use crate::ingest::error::nearest;
use crate::ingest::format::Format;
use crate::ingest::limits::Limits;
use crate::ingest::table::record::Records;
use crate::ingest::{Error, archive::Archive};

pub(super) use self::row::Row;
pub(super) use self::value::civil;

/// What a workbook's reader is told.
#[derive(Clone, Copy)]
pub(in crate::ingest) struct Request<'a> {
    /// The file as shown.
    pub(in crate::ingest) file: &'a str,
    /// The sheet by name or, where none has that name, by number. `None`: the first that is not
    /// hidden.
    pub(in crate::ingest) sheet: Option<&'a str>,
    /// What it may ask of the machine.
    pub(in crate::ingest) limits: Limits,
}

/// A sheet in the list of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Sheet {
    /// The name on its tab.
    pub(in crate::ingest) name: String,
    /// Whether the workbook hides it.
    pub(in crate::ingest) hidden: bool,
}

/// Reads the wanted sheet: hands its records to `read`.
pub(in crate::ingest) fn with_records<T>(
    request: &Request<'_>,
    format: Format,
    bytes: &[u8],
    read: impl FnOnce(&mut dyn Records) -> Result<T, Error>,
) -> Result<T, Error> {
    let zip = || Archive::within(request.limits, bytes, request.file, broken);
    match format {
        Format::Xls => read(&mut xls::open(request, bytes)?),
        Format::Ods => read(&mut ods::open(request, &mut zip()?, bytes.len() as u64)?),
        _ => read(&mut xlsx::open(request, &mut zip()?, bytes.len() as u64)?),
    }
}

/// The sheets of a workbook that hold cells, in the order of their tabs.
pub(in crate::ingest) fn sheets(
    request: &Request<'_>,
    format: Format,
    bytes: &[u8],
) -> Result<Vec<Sheet>, Error> {
    let zip = || Archive::within(request.limits, bytes, request.file, broken);
    match format {
        Format::Xls => xls::sheets(request, bytes),
        Format::Ods => ods::sheets(request, &mut zip()?),
        _ => xlsx::sheets(request, &mut zip()?),
    }
}

fn broken(file: &str, reason: String) -> Error {
    Error::Workbook { file: file.into(), reason }
}

/// Which sheet is read, and what the user should know about the choice.
struct Choice {
    /// Index in the list of sheets.
    index: usize,
    warning: Option<String>,
}

/// By name, else by number among the sheets that are shown, else the first that is shown.
fn choose(request: &Request<'_>, sheets: &[Sheet]) -> Result<Choice, Error> {
    let chosen = |index| Choice { index, warning: None };
    let mut shown = sheets.iter().enumerate().filter(|(_, s)| !s.hidden).map(|(i, _)| i);
    let Some(wanted) = request.sheet else {
        let Some(index) = shown.next() else {
            let reason =
                if sheets.is_empty() { "it has no sheet" } else { "all of its sheets are hidden" };
            return Err(broken(request.file, reason.into()));
        };
        let warning = others(request, &sheets[index], shown.count());
        return Ok(Choice { index, warning });
    };
    if let Some(index) = sheets.iter().position(|s| s.name == wanted) {
        return Ok(chosen(index));
    }
    let number = wanted.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    if let Some(index) = number.and_then(|n| shown.nth(n)) {
        return Ok(chosen(index));
    }
    let names: Vec<String> = sheets.iter().map(|s| s.name.clone()).collect();
    Err(Error::NoSuchSheet {
        file: request.file.into(),
        wanted: wanted.into(),
        suggestion: nearest(wanted, &names),
        sheets: names,
    })
}

/// A sentence where a workbook has sheets that are neither read nor hidden.
fn others(request: &Request<'_>, read: &Sheet, n: usize) -> Option<String> {
    let (file, name) = (request.file, &read.name);
    let sheets = if n == 1 { "sheet was" } else { "sheets were" };
    (n > 0).then(|| {
        format!("`{file}`: sheet `{name}` was read, {n} other {sheets} not: `sheet` chooses one")
    })
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
