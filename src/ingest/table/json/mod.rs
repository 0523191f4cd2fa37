//! JSON Lines, and arrays of objects in JSON, to records.
//!
//! In: bytes. Out: the objects through [`Records`]. Columns are the keys in the order of their
//! first appearance in the whole file, keys of nested objects joined by dots; so the bytes are
//! passed over twice. Strings and numbers stay as they are written; `null` is blank.
//! Must not know: what the columns mean.

mod flat;
mod items;

use std::collections::BTreeMap;
use std::ops::Range;

use self::flat::Flat;
use self::items::Items;
use super::record::{Record, Records};
use crate::ingest::encoding::decode;
use crate::ingest::limits::Limits;
use crate::ingest::{Error, Reject};

/// The longest list of column names, in bytes.
const MAX_NAMES: usize = 16_000_000;

/// The records of a file.
pub(in crate::ingest) struct JsonRecords<'r> {
    file: &'r str,
    limits: Limits,
    bytes: Vec<u8>,
    /// Whether the bytes are not those of the file, so that places in them are none in it.
    moved: bool,
    items: Items,
    flat: Flat,
    columns: Vec<String>,
    numbers: BTreeMap<String, usize>,
    at_header: bool,
    /// Cells of the current record by column.
    cells: Vec<Option<Range<usize>>>,
    n_halves: usize,
}

/// Opens a file; reads all of it once for its keys.
pub(in crate::ingest) fn open(
    file: &str,
    bytes: Vec<u8>,
    limits: Limits,
) -> Result<JsonRecords<'_>, Error> {
    let moved = matches!(bytes.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    let bytes = if moved { decode(&bytes, file)?.text.into_owned().into_bytes() } else { bytes };
    let items = Items::find(file, &bytes)?;
    let mut records = JsonRecords {
        file,
        limits,
        bytes,
        moved,
        items: items.clone(),
        flat: Flat::default(),
        columns: Vec::new(),
        numbers: BTreeMap::new(),
        at_header: true,
        cells: Vec::new(),
        n_halves: 0,
    };
    records.list_columns()?;
    records.items = items;
    Ok(records)
}

impl JsonRecords<'_> {
    fn list_columns(&mut self) -> Result<(), Error> {
        let mut n_bytes = 0;
        while let Some(item) = self.items.next(self.file, &self.bytes)? {
            if self.take(item.bytes).is_err() {
                continue;
            }
            for (key, _) in self.flat.members() {
                if self.numbers.contains_key(key) {
                    continue;
                }
                n_bytes += key.len();
                self.numbers.insert(key.to_string(), self.columns.len());
                self.columns.push(key.to_string());
            }
            let too_big = |what: &str, limit: String| {
                Err(Error::TooBig { file: self.file.into(), what: what.into(), limit })
            };
            if self.columns.len() > self.limits.columns {
                return too_big("its number of columns", self.limits.columns.to_string());
            }
            if n_bytes > MAX_NAMES {
                return too_big("the length of its keys", "16 MB".into());
            }
        }
        if self.columns.is_empty() {
            let reason = "no line is an object with keys";
            return Err(Error::Json { file: self.file.into(), line: 1, reason });
        }
        Ok(())
    }

    /// Takes an object apart, unless it is longer than any record may be.
    fn take(&mut self, item: Range<usize>) -> Result<(), Reject> {
        if item.len() > self.limits.record_bytes() {
            return Err(Reject::TooLong { bytes: item.len() });
        }
        self.flat.read(&self.bytes[item], self.limits.columns)
    }

    /// Fills a record from the object at hand.
    fn fill(&mut self, record: &mut Record) -> Result<(), Reject> {
        const TWICE: Reject = Reject::Unreadable { why: "a key that stands twice" };
        self.cells.clear();
        self.cells.resize(self.columns.len(), None);
        for (key, value) in self.flat.members() {
            let cell = self.numbers.get(key).and_then(|n| self.cells.get_mut(*n));
            let cell = cell.ok_or(Reject::Unreadable { why: "a key that is unknown" })?;
            if cell.replace(value).is_some() {
                return Err(TWICE);
            }
        }
        for cell in &self.cells {
            let text = cell.clone().map_or("", |range| self.flat.value(range));
            if text.len() > self.limits.cell_bytes {
                return Err(Reject::TooLong { bytes: text.len() });
            }
            record.push(text);
        }
        Ok(())
    }
}

impl Records for JsonRecords<'_> {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        if self.at_header {
            self.at_header = false;
            record.clear(1);
            self.columns.iter().for_each(|name| record.push(name));
            return Ok(true);
        }
        let Some(item) = self.items.next(self.file, &self.bytes)? else { return Ok(false) };
        record.clear(item.line);
        record.bytes = Some(item.bytes.clone()).filter(|_| !self.moved);
        let read = self.take(item.bytes.clone());
        match read.and_then(|()| self.fill(record)) {
            Ok(()) => self.n_halves += self.flat.n_halves(),
            Err(why) => {
                if self.moved {
                    // Its text stands in for its bytes, so that it is kept with the rejects.
                    record.clear(item.line);
                    record.push(&String::from_utf8_lossy(&self.bytes[item.bytes]));
                }
                record.fault = Some(why);
            }
        }
        Ok(true)
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn format(&self) -> String {
        let shape = if self.items.is_array() { "array" } else { "lines" };
        format!("json, {shape}")
    }

    fn warnings(&mut self) -> Vec<String> {
        let warning = format!(
            "`{}`: {} halves of characters stand alone and were replaced by U+FFFD",
            self.file, self.n_halves
        );
        if self.n_halves > 0 { vec![warning] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests;
