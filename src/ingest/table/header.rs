//! Where a table's header is, and what its columns are called.
//!
//! In: the first records, what the study says of the form, the column names that it wants (none
//! for `init`). Out: a [`Header`]: which records stand above it, how many rows it has, where the
//! data begin. Survey tools write one, two or three rows; a second row is taken for a header only
//! where it cannot be an answer: import ids (Qualtrics), `Response` under a question (Survey-
//! Monkey), words above columns of numbers and dates.
//! Must not know: formats, what happens to rows.

use super::kind::{Kind, kind};
use super::plain;
use super::record::Record;
use crate::ingest::TableHints;

/// Records among which the header is looked for, and rows of a header at most.
const SEARCHED: usize = 40;
const MAX_ROWS: usize = 3;

/// A table's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Header {
    /// Line or row where it begins.
    pub(in crate::ingest) place: u32,
    /// Records above it: titles and notes.
    pub(in crate::ingest) preamble: usize,
    /// Its rows; empty where the table has none.
    pub(in crate::ingest) rows: Vec<Vec<String>>,
    /// Index of the first record below it.
    pub(in crate::ingest) first_data: usize,
    /// Whether its rows end with import ids, as Qualtrics writes them.
    import_ids: bool,
    /// Whether the study said where it is.
    given: bool,
    width: usize,
}

impl Header {
    /// Fields of a row.
    pub(in crate::ingest) fn width(&self) -> usize {
        self.width
    }

    /// What a column is called: its cells from top to bottom, each once, with ` — ` between; a
    /// question that stands once above several columns is repeated for each.
    pub(in crate::ingest) fn name(&self, column: usize) -> String {
        if self.rows.is_empty() {
            return format!("column {}", column + 1);
        }
        let mut parts: Vec<&str> = Vec::new();
        for row in self.own_rows() {
            let cell = self.spanning(row, column);
            if !cell.is_empty() && !parts.contains(&cell) && !is_filler(cell) {
                parts.push(cell);
            }
        }
        parts.join(" — ")
    }

    /// The cells that name a column, from top to bottom.
    pub(super) fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(column)).map(String::as_str)
    }

    /// Rows that hold words for people.
    fn own_rows(&self) -> &[Vec<String>] {
        &self.rows[..self.rows.len() - usize::from(self.import_ids)]
    }

    /// The cell, or the last one before it where it is blank and the row below it is not.
    fn spanning<'a>(&'a self, row: &'a [String], column: usize) -> &'a str {
        let cell = row.get(column).map_or("", String::as_str);
        let first = self.rows.first().is_some_and(|f| std::ptr::eq(f.as_slice(), row));
        let below = self.rows.get(1).and_then(|r| r.get(column)).is_some_and(|c| !c.is_empty());
        if !cell.is_empty() || !first || !below {
            return cell;
        }
        row[..column].iter().rev().map(String::as_str).find(|c| !c.is_empty()).unwrap_or("")
    }

    /// Whether a record holds the header once more, as where files were put behind each other.
    pub(super) fn is_repeated_by(&self, record: &Record) -> bool {
        record.len() >= 2
            && self.rows.iter().any(|row| {
                row.len() == record.len()
                    && record.cells().zip(row).all(|(cell, name)| {
                        // The quick answer first: nearly every record differs at once.
                        cell.len() >= name.len() && plain(cell) == *name
                    })
            })
    }

    /// What a user should know about it.
    pub(super) fn warnings(&self, file: &str) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.preamble > 0 && !self.given {
            let n = lines(self.preamble, "row");
            warnings.push(format!(
                "`{file}`: {n} above the header in row {} not read as answers",
                self.place
            ));
        }
        match self.rows.len() {
            0 | 1 => {}
            n if self.import_ids => warnings.push(format!(
                "`{file}`: {} of a Qualtrics export {} not read as answers",
                ["one further header row", "two further header rows"][usize::from(n > 2)],
                ["was", "were"][usize::from(n > 2)],
            )),
            n => warnings.push(format!("`{file}`: the first {n} rows are the header")),
        }
        warnings
    }
}

fn lines(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what} was") } else { format!("{n} {what}s were") }
}

/// Finds the header; `None` where there is no record at all.
pub(in crate::ingest) fn find(
    first: &[Record],
    hints: &TableHints,
    wanted: &[String],
) -> Option<Header> {
    let width = usual_width(first);
    if hints.header_row == Some(0) {
        let place = first.first()?.place;
        return Some(Header {
            place,
            preamble: 0,
            rows: Vec::new(),
            first_data: 0,
            import_ids: false,
            given: true,
            width,
        });
    }
    let data = Data::of(first, width);
    let start = match hints.header_row {
        Some(row) => first.iter().position(|r| r.place >= row && r.fault.is_none())?,
        None => start(first, wanted, &data, width)?,
    };
    let (n_rows, import_ids) = match (hints.header_row, hints.header_rows) {
        (_, Some(n)) => (n as usize, has_import_ids(first.get(start + n as usize - 1))),
        (None, None) if wanted.is_empty() && data.fits(&first[start]) => (0, false),
        _ => n_rows(&first[start..], &data),
    };
    let rows: Vec<Vec<String>> =
        first[start..].iter().take(n_rows).map(|r| r.cells().map(plain).collect()).collect();
    let header_width = rows.iter().map(Vec::len).max().unwrap_or(width);
    Some(Header {
        place: first[start].place,
        preamble: start,
        first_data: (start + rows.len()).min(first.len()),
        rows,
        import_ids,
        given: hints.header_row.is_some(),
        width: header_width,
    })
}

/// The number of cells of most records, of the widest where several are as frequent.
fn usual_width(first: &[Record]) -> usize {
    let mut widths = std::collections::BTreeMap::new();
    for record in first.iter().filter(|r| r.fault.is_none()) {
        *widths.entry(record.len()).or_insert(0usize) += 1;
    }
    widths.into_iter().max_by_key(|(width, n)| (*n, *width)).map_or(0, |(width, _)| width)
}

/// The record where the header begins: the first that shows most of the wanted names, else the
/// first that is as wide as the table and names more than one column.
fn start(first: &[Record], wanted: &[String], data: &Data, width: usize) -> Option<usize> {
    let searched = &first[..first.len().min(SEARCHED)];
    let n_found = |record: &Record| {
        let cells: Vec<String> = record.cells().map(plain).collect();
        wanted.iter().filter(|name| cells.iter().any(|cell| names(cell, name))).count()
    };
    let mut best = (0, 0);
    for (index, record) in searched.iter().enumerate().filter(|(_, r)| r.fault.is_none()) {
        let n = n_found(record);
        if n > best.0 {
            best = (n, index);
        }
    }
    if best.0 > 0 {
        // The wanted name may stand in a later row of the header.
        let (_, index) = best;
        let earlier = (0..index).rev().take(MAX_ROWS - 1).find(|i| {
            let (n, _) = n_rows(&first[*i..], data);
            first[*i].len() == first[index].len() && *i + n > index
        });
        return Some(earlier.unwrap_or(index));
    }
    let fits = |r: &Record| {
        let n_named = r.cells().filter(|c| !c.trim().is_empty()).count();
        r.fault.is_none() && r.len() == width && (width < 3 || n_named > 1)
    };
    searched.iter().position(fits).or_else(|| (!first.is_empty()).then_some(0))
}

/// Whether a header's cell is a wanted name, or begins with it as a code: `Q1. What …`.
pub(super) fn names(cell: &str, wanted: &str) -> bool {
    cell == wanted || is_code_of(cell, wanted)
}

/// Whether a header's cell begins with a code and a full stop, as LimeSurvey writes them.
pub(super) fn is_code_of(cell: &str, wanted: &str) -> bool {
    !wanted.contains(' ') && cell.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(". "))
}

/// Rows of the header that begins with the first of the records, and whether import ids end it.
fn n_rows(from: &[Record], data: &Data) -> (usize, bool) {
    for n in 2..=MAX_ROWS {
        if has_import_ids(from.get(n - 1)) {
            return (n, true);
        }
    }
    let mut n = 1;
    while n < MAX_ROWS
        && n + 1 < from.len()
        && from[n].fault.is_none()
        && data.continues_header(&from[..n], &from[n])
    {
        n += 1;
    }
    (n, false)
}

/// Whether most cells that are not blank are the import ids of a Qualtrics export.
fn has_import_ids(record: Option<&Record>) -> bool {
    let Some(record) = record else { return false };
    let filled = || record.cells().filter(|c| !c.trim().is_empty());
    let ids = filled().filter(|c| c.trim_start().starts_with("{\"ImportId\":")).count();
    ids > 0 && 2 * ids > filled().count()
}

/// What SurveyMonkey writes below a question that needs no further words.
fn is_filler(cell: &str) -> bool {
    matches!(cell, "Response" | "Open-Ended Response")
}

/// What the columns of a table hold below its header, as far as that tells a header from data.
struct Data {
    /// A column's kind where nearly all its filled cells are numbers, dates or addresses.
    kinds: Vec<Option<Kind>>,
    /// Columns that are filled in nearly every record.
    filled: Vec<bool>,
}

impl Data {
    /// Looks at the records of the usual width, the first few not among them.
    fn of(first: &[Record], width: usize) -> Self {
        let skipped = (first.len() / 3).min(5).max(usize::from(first.len() > 1));
        let rows: Vec<&Record> =
            first[skipped..].iter().filter(|r| r.fault.is_none() && r.len() == width).collect();
        let mut data = Self { kinds: Vec::new(), filled: Vec::new() };
        for column in 0..width {
            let mut counts = [0usize; 5];
            for row in &rows {
                counts[kind(row.cell(column)) as usize] += 1;
            }
            let n_filled = rows.len() - counts[Kind::Blank as usize];
            let typed = [Kind::Number, Kind::Date, Kind::Address]
                .into_iter()
                .find(|k| n_filled > 0 && 10 * counts[*k as usize] >= 9 * n_filled);
            data.kinds.push(typed);
            data.filled.push(!rows.is_empty() && 10 * n_filled >= 9 * rows.len());
        }
        data
    }

    /// Typed columns whose cell is of the column's kind, and of another.
    fn agreement(&self, record: &Record) -> (usize, usize) {
        let (mut alike, mut unlike) = (0, 0);
        for (column, wanted) in self.kinds.iter().enumerate() {
            let found = kind(record.cell(column));
            match wanted {
                Some(wanted) if found == *wanted => alike += 1,
                Some(_) if found == Kind::Text => unlike += 1,
                _ => {}
            }
        }
        (alike, unlike)
    }

    /// Whether a record looks like the data: then the table has no header.
    fn fits(&self, record: &Record) -> bool {
        let (alike, unlike) = self.agreement(record);
        alike > unlike
    }

    /// Whether a record below header rows is one more of them.
    fn continues_header(&self, above: &[Record], record: &Record) -> bool {
        let Some(top) = above.first() else { return false };
        if record.len() != top.len() {
            return false;
        }
        let (alike, unlike) = self.agreement(record);
        let blank = |r: &Record, c: usize| r.cell(c).trim().is_empty();
        // A column that every row fills, such as an id, is blank here, and words stand below a
        // question that spans several columns or `Response` stands below one.
        let lacks_id = (0..record.len())
            .any(|c| blank(record, c) && self.filled.get(c) == Some(&true) && !blank(top, c));
        let gaps = || (0..top.len()).filter(|c| blank(top, *c));
        let spans = gaps().count() > 0 && gaps().all(|c| !blank(record, c));
        let fillers = record.cells().any(|c| is_filler(c.trim()));
        alike == 0 && ((lacks_id && (spans || fillers)) || (unlike >= 2 && !lacks_id))
    }
}
