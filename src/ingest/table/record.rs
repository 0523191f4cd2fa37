//! What every table format gives: records of cells, one after another.
//!
//! In: nothing; the readers of formats fill these. Out: [`Record`] and the trait [`Records`].
//! Must not know: any format, which columns a study wants, what a header is.

use std::ops::Range;

use crate::ingest::{Error, Reject};

/// What is said of a row whose quotes stand in different cells.
pub(super) const TORN: Reject =
    Reject::Unreadable { why: "a quoted text begins or ends inside of a cell" };

/// A reader of one table: the format's own knowledge ends here.
///
/// Records come in file order, the header's rows among them. Blank records (no cell holds more
/// than white space) are left out by the readers of workbooks and CSV alike, as Excel shows them
/// as empty rows; they are no records.
pub(in crate::ingest) trait Records {
    /// Reads the next record into `record`, overwriting it; `false` at the end of the table.
    ///
    /// # Errors
    /// Where nothing of the file can be read from here on (damage, a limit). A record that
    /// cannot be read alone is no error: it comes with [`Record::fault`].
    fn next(&mut self, record: &mut Record) -> Result<bool, Error>;

    /// The bytes of the file, where records have a place in it ([`Record::bytes`]).
    fn bytes(&self) -> &[u8] {
        &[]
    }

    /// Encoding, dialect, sheet in words, for the manifest: `utf-8, semicolon`, `xlsx, sheet 2`.
    fn format(&self) -> String;

    /// Whether each row must hold as many fields as the header, as in a text file: there a field
    /// too many or too few means that cells stand in the wrong columns.
    fn counts_fields(&self) -> bool {
        false
    }

    /// What stands between cells in the file, where an unquoted one may have split a cell.
    fn delimiter(&self) -> &str {
        ""
    }

    /// Sentences for the user about the file as a whole, known once the end was reached.
    fn warnings(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// One row of a table. Cells are packed into one buffer that is used again for the next record.
#[derive(Default)]
pub(in crate::ingest) struct Record {
    /// The line (CSV, JSON Lines) where it begins or the row of the sheet or of the Parquet file,
    /// counted from 1.
    pub(in crate::ingest) place: u32,
    /// Where it stands in the file; `None` in workbooks and Parquet.
    pub(in crate::ingest) bytes: Option<Range<usize>>,
    /// Why it cannot be read, if so; the cells are then a guess on which nothing may rely.
    pub(in crate::ingest) fault: Option<Reject>,
    /// Why it must be rejected unless its cells fit what the columns hold: they were found in
    /// another way than those of other records.
    pub(in crate::ingest) doubt: Option<Reject>,
    text: String,
    ends: Vec<usize>,
}

impl Record {
    /// Makes it an empty record at a place.
    pub(in crate::ingest) fn clear(&mut self, place: u32) {
        self.place = place;
        self.bytes = None;
        self.fault = None;
        self.doubt = None;
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a cell behind the last.
    pub(in crate::ingest) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Adds text to the cell that the next [`Record::end_cell`] ends.
    pub(in crate::ingest) fn push_part(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Ends the cell of which parts were pushed.
    pub(in crate::ingest) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Adds blank cells until there are `n`, so that the next one pushed is cell `n`.
    pub(in crate::ingest) fn pad(&mut self, n: usize) {
        while self.ends.len() < n {
            self.ends.push(self.text.len());
        }
    }

    /// Cells in the record.
    pub(in crate::ingest) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell by its column, from 0; empty where the record is shorter.
    pub(in crate::ingest) fn cell(&self, column: usize) -> &str {
        let Some(end) = self.ends.get(column) else { return "" };
        let start = column.checked_sub(1).map_or(0, |c| self.ends[c]);
        &self.text[start..*end]
    }

    /// All cells in order.
    pub(in crate::ingest) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.cell(column))
    }

    /// Leaves NUL characters out of its cells and says how many there were.
    pub(in crate::ingest) fn remove_nul(&mut self) -> usize {
        let n = self.text.matches('\0').count();
        if n > 0 {
            let cells: Vec<String> = self.cells().map(|c| c.replace('\0', "")).collect();
            self.text.clear();
            self.ends.clear();
            cells.iter().for_each(|cell| self.push(cell));
        }
        n
    }

    /// Whether it can be trusted: it has neither a fault nor a doubt.
    pub(in crate::ingest) fn is_sound(&self) -> bool {
        self.fault.is_none() && self.doubt.is_none()
    }

    /// Memory that its cells take, about, in bytes.
    pub(in crate::ingest) fn size(&self) -> usize {
        self.text.len() + size_of::<usize>() * self.ends.len()
    }

    /// Whether no cell holds more than white space.
    pub(in crate::ingest) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}
