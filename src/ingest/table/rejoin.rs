//! Rows of another width than the header, where it is certain what happened to them.
//!
//! In: the first rows below the header, all of the usual width; the columns. Out: for a row too
//! long, the same row with its text put together again; for a row too short, whether only blank
//! cells behind its end are missing. Certain means: every other column shows by its well-formed
//! rows what it holds (numbers, dates, a few values, words without a blank), each cell fits
//! there, and no other reading fits. Whatever is not certain is rejected by the caller.
//! Must not know: formats, what becomes of rows.

use std::collections::BTreeSet;

use super::columns::Columns;
use super::kind::{Kind, kind};
use super::record::Record;

/// Well-formed rows that show what a column holds, at least.
const MIN_ROWS: usize = 10;
/// Different values of a column with a few values, at most.
const MAX_VALUES: usize = 20;

/// What the cells of a column have in common.
#[derive(Debug, PartialEq)]
enum Profile {
    /// All filled cells are of one kind.
    Typed(Kind),
    /// One of a few values, each in several rows on average.
    Values(BTreeSet<String>),
    /// A word without white space and without the delimiter, of these lengths in bytes.
    Word(usize, usize),
    /// Anything.
    Open,
}

impl Profile {
    fn of<'c>(cells: impl Iterator<Item = &'c str> + Clone) -> Self {
        let filled = || cells.clone().filter(|c| !c.trim().is_empty());
        let n = filled().count();
        if n < MIN_ROWS {
            return Self::Open;
        }
        for wanted in [Kind::Number, Kind::Date, Kind::Address] {
            if filled().all(|c| kind(c) == wanted) {
                return Self::Typed(wanted);
            }
        }
        let mut values = BTreeSet::new();
        for cell in filled() {
            if values.len() <= MAX_VALUES && !values.contains(cell) {
                values.insert(cell.to_owned());
            }
        }
        if values.len() <= MAX_VALUES && 3 * values.len() <= n {
            return Self::Values(values);
        }
        if filled().all(|c| !c.contains(char::is_whitespace)) {
            let lengths = || filled().map(str::len);
            return Self::Word(lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        }
        Self::Open
    }

    fn fits(&self, cell: &str) -> bool {
        match self {
            Self::Open => false,
            _ if cell.trim().is_empty() => true,
            Self::Typed(wanted) => kind(cell) == *wanted,
            Self::Values(values) => values.contains(cell),
            Self::Word(least, most) => {
                !cell.contains(char::is_whitespace) && (*least..=*most).contains(&cell.len())
            }
        }
    }
}

/// What the columns hold, by the first rows.
pub(super) struct Rejoin {
    profiles: Vec<Profile>,
    /// The only column with free text, if every other one shows what it holds and no text of a
    /// well-formed row holds the delimiter, so that the writer put no quotes around such cells.
    text: Option<usize>,
    last_wanted: usize,
    delimiter: String,
}

impl Rejoin {
    /// Looks at the first rows; those of another width tell nothing.
    pub(super) fn new(rows: &[Record], width: usize, columns: &Columns, delimiter: &str) -> Self {
        let rows: Vec<&Record> =
            rows.iter().filter(|r| r.fault.is_none() && r.len() == width).collect();
        let column = |c: usize| rows.iter().map(move |r| r.cell(c));
        let profiles: Vec<Profile> = (0..width).map(|c| Profile::of(column(c))).collect();
        let open: Vec<usize> = (0..width).filter(|c| profiles[*c] == Profile::Open).collect();
        let text = match (open.as_slice(), columns.questions.as_slice()) {
            ([open], [question]) if open == question => Some(*open),
            _ => None,
        };
        let prose = matches!(delimiter, "," | ";");
        let quoted = |c: &usize| column(*c).any(|cell| cell.contains(delimiter));
        let text = text.filter(|c| prose && rows.len() >= MIN_ROWS && !quoted(c));
        let last_wanted = columns.all().max().unwrap_or(0);
        Self { profiles, text, last_wanted, delimiter: delimiter.to_owned() }
    }

    /// Puts the text of a row that is too long together again, where that is certain.
    pub(super) fn mend(&self, record: &Record, raw: &[u8]) -> Option<Record> {
        let (text, width) = (self.text?, self.profiles.len());
        let surplus = record.len().checked_sub(width).filter(|n| *n > 0)?;
        let cells: Vec<&str> = record.cells().collect();
        // No cell was quoted, and each delimiter in the text is followed by a blank, as in prose.
        if cells.join(&self.delimiter).as_bytes() != raw {
            return None;
        }
        let prose = |pieces: &[&str]| pieces[1..].iter().all(|p| p.starts_with(' '));
        if !prose(&cells[text..=text + surplus]) || !self.reads(&cells, text, surplus) {
            return None;
        }
        let elsewhere = (0..width).filter(|c| *c != text).any(|c| self.reads(&cells, c, surplus));
        if elsewhere {
            return None;
        }
        let mut mended = Record::default();
        mended.clear(record.place);
        mended.bytes.clone_from(&record.bytes);
        for cell in &cells[..text] {
            mended.push(cell);
        }
        mended.push(&cells[text..=text + surplus].join(&self.delimiter));
        for cell in &cells[text + surplus + 1..] {
            mended.push(cell);
        }
        Some(mended)
    }

    /// Whether the row reads well if the surplus belongs to a column.
    fn reads(&self, cells: &[&str], column: usize, surplus: usize) -> bool {
        let fits = |c: usize, cell: &str| Some(c) == self.text || self.profiles[c].fits(cell);
        (0..column).all(|c| fits(c, cells[c]))
            && fits(column, &cells[column..=column + surplus].join(&self.delimiter))
            && (column + 1..self.profiles.len()).all(|c| fits(c, cells[c + surplus]))
    }

    /// Whether a row that is too short lacks only cells behind its end that nobody wants: a cell
    /// behind the last wanted one, or that one itself, shows that none is missing in front.
    pub(super) fn lacks_only_an_unwanted_end(&self, record: &Record) -> bool {
        let n = record.len();
        let holds = |c: usize| !record.cell(c).trim().is_empty();
        n > self.last_wanted
            && n < self.profiles.len()
            && (self.last_wanted..n).any(|c| holds(c) && self.profiles[c].fits(record.cell(c)))
            && (0..n)
                .all(|c| self.profiles[c] == Profile::Open || self.profiles[c].fits(record.cell(c)))
    }
}
