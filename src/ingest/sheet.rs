//! A table read whole, without a study: its columns by name and its rows in order.
//!
//! In: a file that some other part of the program knows the columns of, such as answers that
//! people coded. Out: a [`Sheet`]. What a column holds is decided by who asks: [`Sheet::value`]
//! is for ids and codes, [`Sheet::words`] for what people wrote, which comes out as [`Verbatim`].
//! Must not know: what the columns are for.

use std::path::Path;

use super::bounds;
use super::error::nearest;
use super::format;
use super::open::Opened;
use super::table::sheet::Rows;
use super::table::{self, TableKind};
use super::{Context, Error, Limits, Route, SourceSpec};
use crate::text::Verbatim;

/// Which table, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct SheetRequest<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its name in messages.
    pub shown: &'a str,
    /// Workbooks: the sheet by name or number; the first that is not hidden when absent.
    pub sheet: Option<&'a str>,
    /// Names of columns by which the header is found; they may be missing.
    pub wanted: &'a [String],
    /// What the file may ask of the machine.
    pub limits: Limits,
}

/// A table: its header and every record below it. It has no `Debug`: its cells are people's words.
pub struct Sheet {
    pub(super) rows: Rows,
    sha256: String,
}

/// Reads a table (CSV, TSV, workbooks, JSON Lines, Parquet).
///
/// # Errors
/// The file cannot be opened, is no table, has no header or no row below it.
pub fn sheet(request: &SheetRequest<'_>) -> Result<Sheet, Error> {
    let (spec, shown) = (SourceSpec::default(), request.shown);
    let Opened { bytes, sha256 } = Opened::read(request.path, shown, &request.limits)?;
    let extension = format::reading(shown, &bytes)?.extension;
    bounds::check(shown, &extension, &bytes, &request.limits)?;
    let kind: TableKind = match Route::choose(&spec, shown, &extension)? {
        Route::Table(kind) => kind,
        _ => return Err(Error::UnknownFormat { file: shown.into(), extension }),
    };
    let context = Context { spec: &spec, file: shown, stem: "", limits: request.limits };
    let rows = table::open(&context, kind, request.sheet, bytes, |records| {
        table::sheet::rows(&context, records, request.wanted)
    })?;
    Ok(Sheet { rows, sha256 })
}

impl Sheet {
    /// SHA-256 of the file, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Line or row of the header.
    pub fn header_row(&self) -> u32 {
        self.rows.header.place
    }

    /// What the columns are called, in order.
    pub fn columns(&self) -> Vec<String> {
        (0..self.rows.header.width()).map(|c| self.rows.header.name(c)).collect()
    }

    /// The only column of a name.
    pub fn find(&self, name: &str) -> Option<usize> {
        table::sheet::resolve(&self.rows.header, name)
    }

    /// The name of a column that is near enough to be meant.
    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, &self.columns())
    }

    /// Rows that could be read.
    pub fn len(&self) -> usize {
        self.rows.records.len()
    }

    /// Whether no row could be read.
    pub fn is_empty(&self) -> bool {
        self.rows.records.is_empty()
    }

    /// Line or row of a record in the file, counted from 1.
    pub fn place(&self, row: usize) -> u32 {
        self.rows.records[row].place
    }

    /// A cell that holds no words of a respondent: an id, a code, a number. Trimmed.
    pub fn value(&self, row: usize, column: usize) -> &str {
        self.rows.records[row].cell(column).trim()
    }

    /// A cell that holds what somebody wrote.
    pub fn words(&self, row: usize, column: usize) -> Verbatim {
        Verbatim::new(self.rows.records[row].cell(column))
    }

    /// Records that cannot be read: line or row, and why in words.
    pub fn rejects(&self) -> &[(u32, String)] {
        &self.rows.rejects
    }

    /// Things that a user should know about the file.
    pub fn warnings(&self) -> &[String] {
        &self.rows.warnings
    }
}
