//! One row of a sheet while its cells come in, and what the whole sheet may hold.
//!
//! In: cells with their columns, in any order. Out: a [`Record`] whose cells stand in order; it
//! is faulty where a cell is too long, stands twice or cannot be read.
//! Must not know: how a format stores its cells.

use std::ops::Range;

use crate::ingest::limits::{Limits, size};
use crate::ingest::table::record::Record;
use crate::ingest::{Error, Reject};

/// Text of a table up to which it need not be in proportion to its file, in bytes.
const HARMLESS: u64 = 200_000_000;

/// The row.
pub(in crate::ingest::table) struct Row<'a> {
    file: &'a str,
    limits: Limits,
    /// Size of the file, in bytes.
    packed: u64,
    text: String,
    cells: Vec<(usize, Range<usize>)>,
    fault: Option<Reject>,
    /// Bytes of the current cell that were not kept.
    cut: usize,
    begun: usize,
    n_cells: u64,
    n_bytes: u64,
}

impl<'a> Row<'a> {
    /// An empty row of a file of `packed` bytes.
    pub(in crate::ingest::table) fn new(file: &'a str, limits: Limits, packed: u64) -> Self {
        Self {
            file,
            limits,
            packed,
            text: String::new(),
            cells: Vec::new(),
            fault: None,
            cut: 0,
            begun: 0,
            n_cells: 0,
            n_bytes: 0,
        }
    }

    /// Takes in a piece of the current cell.
    pub(in crate::ingest::table) fn write(&mut self, piece: &str) {
        let long = self.text.len() - self.begun + piece.len() > self.limits.cell_bytes;
        if self.cut > 0 || long || self.text.len() + piece.len() > self.limits.record_bytes() {
            self.cut += piece.len();
        } else {
            self.text.push_str(piece);
        }
    }

    /// What the current cell holds so far.
    pub(in crate::ingest::table) fn current(&self) -> &str {
        &self.text[self.begun..]
    }

    /// Puts other text in the place of the current cell's.
    pub(in crate::ingest::table) fn replace(&mut self, text: &str) {
        self.text.truncate(self.begun);
        self.write(text);
    }

    /// Whether the current cell was too long to be kept.
    pub(in crate::ingest::table) fn is_cut(&self) -> bool {
        self.cut > 0
    }

    /// Whether the current cell holds no more than white space.
    pub(in crate::ingest::table) fn is_blank_cell(&self) -> bool {
        self.cut == 0 && self.current().trim().is_empty()
    }

    /// Forgets the current cell.
    pub(in crate::ingest::table) fn drop_cell(&mut self) {
        self.text.truncate(self.begun);
        self.cut = 0;
    }

    /// Marks the row as one that cannot be read.
    pub(in crate::ingest::table) fn reject(&mut self, why: Reject) {
        self.fault.get_or_insert(why);
    }

    /// Ends the current cell.
    ///
    /// # Errors
    /// A column beyond the limit, or more cells or text than the table may hold.
    pub(in crate::ingest::table) fn end_cell(&mut self, column: usize) -> Result<(), Error> {
        if column >= self.limits.columns {
            return Err(self.too_big("its number of columns", self.limits.columns.to_string()));
        }
        if self.cut > 0 {
            let bytes = self.text.len() - self.begun + self.cut;
            self.reject(Reject::TooLong { bytes });
            self.text.truncate(self.begun);
            self.cut = 0;
        }
        if self.text.len() > self.begun {
            self.count(1, (self.text.len() - self.begun) as u64)?;
            self.cells.push((column, self.begun..self.text.len()));
        }
        self.begun = self.text.len();
        Ok(())
    }

    /// Counts cells and text of a record.
    pub(in crate::ingest::table) fn count(&mut self, cells: u64, bytes: u64) -> Result<(), Error> {
        self.n_cells += cells;
        self.n_bytes += bytes;
        if self.n_cells > self.limits.cells {
            return Err(self.too_big("its number of cells", self.limits.cells.to_string()));
        }
        if !self.limits.allows_ratio(self.n_bytes, self.packed, HARMLESS) {
            let limit = format!("{} and {} times the file", size(HARMLESS), self.limits.ratio);
            return Err(self.too_big("the text of its cells", limit));
        }
        Ok(())
    }

    /// Moves the row into a record and begins the next; returns whether it holds anything.
    pub(in crate::ingest::table) fn end(&mut self, place: u32, record: &mut Record) -> bool {
        record.clear(place);
        if self.cells.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            self.cells.sort_by_key(|(column, _)| *column);
            if self.cells.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                self.reject(Reject::Unreadable { why: "two cells at one place" });
            }
        }
        record.fault = self.fault.take();
        for (column, range) in self.cells.drain(..) {
            record.pad(column);
            record.push(&self.text[range]);
        }
        self.text.clear();
        (self.begun, self.cut) = (0, 0);
        record.fault.is_some() || !record.is_blank()
    }

    pub(in crate::ingest::table) fn too_big(&self, what: &str, limit: String) -> Error {
        Error::TooBig { file: self.file.into(), what: what.into(), limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(usize, &str)], limits: Limits) -> (bool, Record) {
        let mut row = Row::new("f", limits, 1);
        for (column, text) in cells {
            row.write(text);
            row.end_cell(*column).unwrap();
        }
        let mut record = Record::default();
        let filled = row.end(7, &mut record);
        (filled, record)
    }

    #[test]
    fn cells_out_of_order_are_put_in_order_and_twins_are_a_fault() {
        let (filled, record) = row(&[(3, "d"), (1, "b"), (2, "")], Limits::default());
        assert!(filled);
        assert_eq!(record.cells().collect::<Vec<_>>(), ["", "b", "", "d"]);
        let (_, twins) = row(&[(1, "a"), (1, "b")], Limits::default());
        assert_eq!(twins.fault, Some(Reject::Unreadable { why: "two cells at one place" }));
        assert!(!row(&[(0, " "), (5, "\n")], Limits::default()).0);
    }

    #[test]
    fn a_cell_above_the_limit_rejects_its_row_with_its_length() {
        let limits = Limits { cell_bytes: 4, ..Limits::default() };
        let mut row = Row::new("f", limits, 1);
        for piece in ["abc", "de", "f"] {
            row.write(piece);
        }
        row.end_cell(0).unwrap();
        row.write("good");
        row.end_cell(1).unwrap();
        let mut record = Record::default();
        assert!(row.end(1, &mut record));
        assert_eq!(record.fault, Some(Reject::TooLong { bytes: 6 }));
    }
}
