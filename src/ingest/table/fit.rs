//! Rows of another width than the header, and rows that were read in another way than the rest.
//!
//! In: the first rows below the header; the columns. Out: a [`Fit`], which says of a row whether it
//! is certain where its cells belong: a [`Verdict`]. Certain means: the other columns show by their
//! well-formed rows what they hold (numbers, dates, a few values, words without a blank), each
//! cell fits there, and no other reading fits. Whatever is not certain is rejected by the caller:
//! an answer never stands in another column's place. Must not know: formats, what becomes of rows.

use std::collections::BTreeSet;

use super::columns::Columns;
use super::header::Header;
use super::kind::{Kind, kind};
use super::record::Record;
use crate::ingest::Reject;

/// Well-formed rows that show what a column holds: at least, and those looked at.
const MIN_ROWS: usize = 10;
const LOOKED_AT: usize = 500;
/// Different values of a column with a few values, at most.
const MAX_VALUES: usize = 20;
/// Rows of another width that are no accident but the writer's habit, at least.
const HABIT: usize = 3;
/// Rows with blank ends that outweigh one whose end is filled.
const FILLED: usize = 20;

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

/// What is to be done with a row.
pub(super) enum Verdict {
    /// Its cells stand where the header says.
    Fits,
    /// They do, and the cells that it lacks are blank.
    Short,
    /// The same row with its text put together again.
    Mended(Record),
    /// Nobody can say where its cells belong.
    Misfit,
}

/// What the columns hold, by the first rows.
pub(super) struct Fit {
    profiles: Vec<Profile>,
    width: usize,
    /// Cells up to the last that has a name: behind it a row may end.
    named_width: usize,
    /// Cells of the header, blank ones behind the last name among them.
    full_width: usize,
    /// The only column with free text, if every other one shows what it holds and no text of a
    /// well-formed row holds the delimiter, so that the writer put no quotes around such cells.
    text: Option<usize>,
    last_wanted: usize,
    delimiter: String,
    /// The cells of rows behind whose last cell the writer puts delimiters.
    pads: Option<usize>,
    /// The writer leaves blank cells at a row's end out.
    drops_blanks: bool,
}

impl Fit {
    /// Looks at the first rows; damaged ones tell nothing.
    pub(super) fn new(
        rows: &[Record],
        header: &Header,
        columns: &Columns,
        delimiter: &str,
    ) -> Self {
        let width = header.width();
        let rows: Vec<&Record> = rows.iter().filter(|r| r.is_sound()).take(LOOKED_AT).collect();
        let pads = pads(&rows, width, delimiter).then(|| padded_length(&rows, width)).flatten();
        let usual: Vec<&Record> = rows
            .iter()
            .copied()
            .filter(|r| r.len() == width || (pads == Some(r.len()) && is_padded(r, width)))
            .collect();
        let column = |c: usize| usual.iter().map(move |r| r.cell(c));
        let profiles: Vec<Profile> = (0..width).map(|c| Profile::of(column(c))).collect();
        let open: Vec<usize> = (0..width).filter(|c| profiles[*c] == Profile::Open).collect();
        let text = match (open.as_slice(), columns.questions.as_slice()) {
            ([open], [question]) if open == question => Some(*open),
            _ => None,
        };
        let quoted = |c: &usize| column(*c).any(|cell| cell.contains(delimiter));
        // Whatever a table of one column holds is that column's.
        let lone = width == 1 && 2 * usual.len() >= rows.len();
        let prose = lone || (is_prose_mark(delimiter) && usual.len() >= MIN_ROWS);
        let mut fit = Self {
            text: text.filter(|c| prose && !quoted(c)),
            profiles,
            width,
            named_width: header.named_width(),
            full_width: header.full_width(),
            last_wanted: columns.all().max().unwrap_or(0),
            delimiter: delimiter.to_owned(),
            pads,
            drops_blanks: false,
        };
        fit.drops_blanks = fit.drops_blanks(&rows);
        fit
    }

    /// Whether the writer leaves blank cells at a row's end out: then no row ends with one, and
    /// rows that end early are no exception and read well as far as they go.
    fn drops_blanks(&self, rows: &[&Record]) -> bool {
        let short = || rows.iter().filter(|r| r.len() < self.width);
        let n_short = short().count();
        n_short >= HABIT
            && 20 * n_short >= rows.len()
            && !rows.iter().any(|r| ends_blank(r))
            && short().all(|r| self.agrees(r) && self.shows(r, 0..r.len()))
    }

    /// What is to be done with a row; `raw` are its bytes.
    pub(super) fn judge(&self, record: &Record, raw: &[u8]) -> Verdict {
        let found = record.len();
        if (self.named_width..=self.width).contains(&found)
            || (found <= self.full_width && is_padded(record, self.width))
        {
            return Verdict::Fits;
        }
        if found < self.width {
            let ends_early = self.lacks_only_an_unwanted_end(record)
                || (self.drops_blanks
                    && self.agrees(record)
                    && self.shows(record, 0..found)
                    && !ends_blank(record));
            return if ends_early { Verdict::Short } else { Verdict::Misfit };
        }
        if is_padded(record, self.width)
            && self.agrees(record)
            && (self.pads == Some(found) || self.is_anchored(record) || self.is_full(record))
        {
            return Verdict::Fits;
        }
        self.mend(record, raw).map_or(Verdict::Misfit, Verdict::Mended)
    }

    /// Whether the cells of a row that was read in another way than the rest show that they
    /// stand where they belong: behind a stray quote one must, of a row with signs of its own two.
    pub(super) fn proves(&self, record: &Record, doubt: &Reject) -> bool {
        let n_shown = match doubt {
            // A text that lies in several cells: those of a quoted one are not all there.
            Reject::Unreadable { .. } => return false,
            Reject::OpenQuote => {
                usize::from(self.shows(record, self.last_wanted + 1..self.width)) * 2
            }
            _ => (0..self.width).filter(|c| self.shows(record, *c..c + 1)).count(),
        };
        record.len() == self.width && self.agrees(record) && n_shown >= 2
    }

    /// Whether no cell contradicts its column.
    fn agrees(&self, record: &Record) -> bool {
        (0..self.width.min(record.len()))
            .all(|c| self.profiles[c] == Profile::Open || self.profiles[c].fits(record.cell(c)))
    }

    /// Whether one of the cells is filled and of the kind that its column holds.
    fn shows(&self, record: &Record, mut cells: std::ops::Range<usize>) -> bool {
        cells.any(|c| !record.cell(c).trim().is_empty() && self.profiles[c].fits(record.cell(c)))
    }

    /// Whether the wanted cells of a row with blank cells too many cannot have been moved: a
    /// filled one at the last of them or behind shows it, or every one in front does and nothing
    /// stands behind. A number behind another one may be its decimals.
    fn is_anchored(&self, record: &Record) -> bool {
        let last = self.last_wanted;
        let is_blank = |c: usize| record.cell(c).trim().is_empty();
        let is_number = |c: usize| kind(record.cell(c)) == Kind::Number;
        let may_be_decimals =
            || self.delimiter == "," && last > 0 && is_number(last - 1) && is_number(last);
        self.shows(record, last..self.width)
            || ((0..last).all(|c| self.shows(record, c..c + 1))
                && !is_blank(last)
                && !may_be_decimals()
                && (last + 1..self.width).all(is_blank))
    }

    /// Whether the cells of a row with blank cells too many must stand where they belong since
    /// none of them is blank: a blank one among them would be left of what moved them, and what
    /// was torn at a delimiter (a text, a name, a number) would need blank columns behind it, as
    /// many as it has pieces too many, and one less where it ends with a delimiter. Only a column
    /// that shows what it holds cannot be torn.
    fn is_full(&self, record: &Record) -> bool {
        let is_torn = |c: &str| is_prose_mark(&self.delimiter) && c.starts_with(' ');
        let first = (0..self.width).find(|c| self.profiles[*c] == Profile::Open);
        let most_blank = first.map_or(0, |c| self.width - c);
        let full = record.cells().take(self.width).all(|c| !c.trim().is_empty() && !is_torn(c));
        full && record.len() - self.width > most_blank
    }

    /// Puts the text of a row that is too long together again, where that is certain.
    fn mend(&self, record: &Record, raw: &[u8]) -> Option<Record> {
        let (text, width) = (self.text?, self.width);
        let surplus = record.len().checked_sub(width).filter(|n| *n > 0)?;
        let cells: Vec<&str> = record.cells().collect();
        // No cell was quoted, and each delimiter in the text is followed by a blank, as in prose.
        if cells.join(&self.delimiter).as_bytes() != raw {
            return None;
        }
        let prose = |pieces: &[&str]| pieces[1..].iter().all(|p| p.starts_with(' '));
        if width > 1 && !(prose(&cells[text..=text + surplus]) && self.reads(&cells, text, surplus))
        {
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
    fn lacks_only_an_unwanted_end(&self, record: &Record) -> bool {
        let n = record.len();
        n > self.last_wanted && self.agrees(record) && self.shows(record, self.last_wanted..n)
    }
}

/// Whether cells behind the header's width are all blank, and there are some.
fn is_padded(record: &Record, width: usize) -> bool {
    record.len() > width && (width..record.len()).all(|c| record.cell(c).trim().is_empty())
}

/// The commonest number of cells of padded rows.
fn padded_length(rows: &[&Record], width: usize) -> Option<usize> {
    let mut lengths = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|r| is_padded(r, width)) {
        *lengths.entry(row.len()).or_insert(0usize) += 1;
    }
    lengths.into_iter().rev().max_by_key(|(_, n)| *n).map(|(length, _)| length)
}

fn ends_blank(record: &Record) -> bool {
    record.len().checked_sub(1).is_none_or(|last| record.cell(last).trim().is_empty())
}

/// Whether the delimiter stands in prose too.
fn is_prose_mark(delimiter: &str) -> bool {
    matches!(delimiter, "," | ";")
}

/// Whether the writer puts delimiters behind the last cell: in a tenth of the rows, or in each of
/// a few that show no sign of another cause. Rows that hold something behind the last name speak
/// against it: then the header lacks a name, and blank ends of other rows are cells of the table.
fn pads(rows: &[&Record], width: usize, delimiter: &str) -> bool {
    let n = rows.iter().filter(|r| is_padded(r, width)).count();
    // A cell behind the last that begins with a blank was torn off a text.
    let torn_off = |c: &str| is_prose_mark(delimiter) && c.starts_with(' ');
    let holds = |c: &str| !c.trim().is_empty() && !torn_off(c);
    let n_filled = rows.iter().filter(|r| r.cells().skip(width).any(holds)).count();
    if FILLED * n_filled > n {
        return false;
    }
    let is_torn = |c: &str| c.trim().is_empty() || (is_prose_mark(delimiter) && c.starts_with(' '));
    let clean = |r: &&Record| !r.cells().take(width).any(is_torn);
    (n >= HABIT && 10 * n >= rows.len()) || (n > 0 && n == rows.len() && rows.iter().all(clean))
}
