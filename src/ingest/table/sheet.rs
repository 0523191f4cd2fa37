//! Every record of a table below its header.
//!
//! In: a reader of a format and the names by which the header is found. Out: [`Rows`].
//! Must not know: what columns are for.

use super::header::{self, Header};
use super::{Record, Records, Window, columns, plain};
use crate::ingest::{Context, Error, Reject, TableHints};

/// The header and what stands below it.
pub(in crate::ingest) struct Rows {
    /// The header.
    pub(in crate::ingest) header: Header,
    /// Records that can be read, in order.
    pub(in crate::ingest) records: Vec<Record>,
    /// Those that cannot: place and reason.
    pub(in crate::ingest) rejects: Vec<(u32, String)>,
    /// Sentences for the user.
    pub(in crate::ingest) warnings: Vec<String>,
}

/// Reads every record.
///
/// # Errors
/// No header, no row below it; what the reader fails with.
pub(in crate::ingest) fn rows(
    context: &Context<'_>,
    records: &mut dyn Records,
    wanted: &[String],
) -> Result<Rows, Error> {
    let file = context.file;
    let mut window = Window::fill(records)?;
    let wanted: Vec<String> = wanted.iter().map(|name| plain(name)).collect();
    let header = header::find(&window.records, &TableHints::default(), &wanted)
        .ok_or_else(|| Error::NoHeader { file: file.into(), row: 1 })?;
    let strict = records.counts_fields();
    let warnings = header.warnings(file);
    let (place, first_data) = (header.place, header.first_data);
    let mut rows = Rows { header, records: Vec::new(), rejects: Vec::new(), warnings };
    for record in window.records.drain(..).skip(first_data) {
        rows.take(record, strict, context.limits.cell_bytes);
    }
    let mut ended = window.ended;
    while !ended {
        let mut record = Record::default();
        ended = !records.next(&mut record)?;
        if !ended {
            rows.take(record, strict, context.limits.cell_bytes);
        }
    }
    if rows.records.is_empty() && rows.rejects.is_empty() {
        return Err(Error::HeaderOnly { file: file.into(), row: place });
    }
    rows.warnings.extend(records.warnings());
    Ok(rows)
}

/// The only column that a name leads to.
pub(in crate::ingest) fn resolve(header: &Header, name: &str) -> Option<usize> {
    columns::resolve(header, name)
}

impl Rows {
    fn take(&mut self, record: Record, strict: bool, most: usize) {
        let whole = record.fault.is_none();
        if whole && (record.is_blank() || self.header.is_repeated_by(&record)) {
            return;
        }
        let (expected, found) = (self.header.width(), record.len());
        let surplus = || (expected..found).any(|c| !record.cell(c).trim().is_empty());
        let misfit = strict && (found < expected || (found > expected && surplus()));
        let why = match &record.fault {
            Some(Reject::OpenQuote) => Some("a quote that is never closed".into()),
            Some(_) => Some("the record is damaged".into()),
            None if misfit => Some(format!("{found} fields, the header has {expected}")),
            None if record.cells().any(|c| c.len() > most) => Some("a cell is too long".into()),
            None => None,
        };
        match why {
            Some(why) => self.rejects.push((record.place, why)),
            None => self.records.push(record),
        }
    }
}
