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
use crate::ingest::{Reject, TableHints};

/// Records among which the header is looked for, and rows of a header at most.
const SEARCHED: usize = 40;
const MAX_ROWS: usize = 3;
/// Records that show what a table holds, at most, and at least where that decides whether a row
/// is a header.
const LOOKED_AT: usize = 500;
const MIN_DATA: usize = 3;

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
    /// Cells of most records.
    usual: usize,
    /// How its cells were brought above those of the rows, if they did not stand there.
    moved: Option<&'static str>,
    /// Records above it that look like rows of the table.
    stranded: Vec<usize>,
}

impl Header {
    /// Fields of a row.
    pub(in crate::ingest) fn width(&self) -> usize {
        self.width
    }

    /// Brings its names above the cells of the rows, where it has a blank cell too many; for
    /// formats whose rows must hold as many fields as it. Takes the records that it was found in.
    pub(in crate::ingest) fn align(&mut self, first: &[Record]) {
        let named = self.named_width();
        if named < self.width && self.usual <= named {
            // Only the header has the delimiter too many: words behind the last name are torn.
            self.width = named;
            return;
        }
        let [names] = self.rows.as_mut_slice() else { return };
        let below = || first[self.first_data..].iter().filter(|r| r.is_sound());
        let n_usual = below().filter(|r| r.len() == self.usual).count();
        let n_named = names.iter().filter(|name| !name.is_empty()).count();
        let surplus = names.len() > self.usual
            && n_named == self.usual
            && names[..self.usual].iter().any(String::is_empty);
        if surplus && n_usual >= MIN_DATA && !below().any(|r| r.len() == names.len()) {
            names.retain(|name| !name.is_empty());
            self.width = names.len();
            self.moved = Some("has a blank cell that the rows have not, which was left out");
        }
    }

    /// Whether a record above it looks like a row of the table, by its index.
    pub(super) fn is_stranded(&self, index: usize) -> bool {
        self.stranded.contains(&index)
    }

    /// Fields of most rows, where the header has another number of them.
    pub(super) fn other_width(&self) -> Option<usize> {
        (!self.rows.is_empty() && self.usual != self.width).then_some(self.usual)
    }

    /// Fields up to the last that has a name: behind it a row may end.
    pub(super) fn named_width(&self) -> usize {
        let named =
            |row: &Vec<String>| row.iter().rposition(|c| !c.is_empty()).map_or(0, |c| c + 1);
        self.rows.iter().map(named).max().unwrap_or(self.width)
    }

    /// Fields of its longest row, those without a name among them.
    pub(super) fn full_width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(self.width)
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

    /// Whether a record holds the header once more, as where files were put behind each other:
    /// the whole, or as much of it as the shorter of the two has, names throughout. Whatever
    /// stands behind the names may be a row that lost the line break in front of it.
    pub(super) fn is_repeated_by(&self, record: &Record) -> bool {
        self.rows.iter().any(|row| {
            let is_named = |n: usize| n >= 2 && !row[..n].iter().any(String::is_empty);
            let n = row.len().min(record.len());
            (n >= 2 && row.len() == record.len() || is_named(n))
                && (n..record.len()).all(|c| record.cell(c).trim().is_empty())
                && record.cells().zip(row).all(|(cell, name)| {
                    // The quick answer first: nearly every record differs at once.
                    cell.len() >= name.len() && plain(cell) == *name
                })
        })
    }

    /// The place of the row below it where that may be one more of its rows, though nothing
    /// proves it: words alone, above columns of numbers, dates or addresses. Takes the records that
    /// the header was found in.
    pub(super) fn may_go_on(&self, first: &[Record]) -> Option<u32> {
        let (below, rest) = first.get(self.first_data..)?.split_first()?;
        let data = Data::of(rest, self.width);
        let (alike, unlike) = data.agreement(below);
        let is_word = |cell: &str| matches!(kind(cell), Kind::Text | Kind::Blank);
        let may = self.rows.len() == 1
            && data.n >= MIN_DATA
            && below.is_sound()
            && below.len() == self.width
            && below.cells().all(is_word)
            && (alike, unlike >= 2) == (0, true);
        may.then_some(below.place)
    }

    /// What a user should know about it.
    pub(super) fn warnings(&self, file: &str) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(moved) = self.moved {
            warnings.push(format!("`{file}`: the header in row {} {moved}", self.place));
        }
        let n_above = self.preamble - self.stranded.len();
        if n_above > 0 && !self.given {
            let n = lines(n_above, "row");
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
    let numbered = |name: &String| {
        let number = name.strip_prefix("column ").and_then(|n| n.parse::<usize>().ok());
        number.is_some_and(|n| n > 0)
    };
    let by_number = !wanted.is_empty()
        && wanted.iter().all(numbered)
        && !first.iter().take(SEARCHED).any(|r| r.cells().any(|c| wanted.contains(&plain(c))));
    if hints.header_row == Some(0) || (hints.header_row.is_none() && by_number) {
        let place = first.first()?.place;
        return Some(Header {
            place,
            preamble: 0,
            rows: Vec::new(),
            first_data: 0,
            import_ids: false,
            given: true,
            width,
            usual: width,
            moved: None,
            stranded: Vec::new(),
        });
    }
    let start = match hints.header_row {
        Some(row) => first.iter().position(|r| r.place >= row && r.fault.is_none())?,
        None => start(first, wanted, width)?,
    };
    let (n_rows, import_ids) = match (hints.header_row, hints.header_rows) {
        (_, Some(n)) => (n as usize, has_import_ids(first.get(start + n as usize - 1))),
        (None, None)
            if wanted.is_empty() && Data::of(&first[start + 1..], width).fits(&first[start]) =>
        {
            (0, false)
        }
        _ => n_rows(&first[start..], width),
    };
    let rows: Vec<Vec<String>> =
        first[start..].iter().take(n_rows).map(|r| r.cells().map(plain).collect()).collect();
    let first_data = (start + rows.len()).min(first.len());
    let header_width = rows.iter().map(Vec::len).max().unwrap_or(width);
    Some(Header {
        place: first[start].place,
        preamble: start,
        first_data,
        rows,
        import_ids,
        given: hints.header_row.is_some(),
        width: header_width,
        usual: width,
        moved: None,
        stranded: if hints.header_row.is_some() {
            Vec::new()
        } else {
            stranded(first, start, width)
        },
    })
}

/// Records above the header that are as wide as the table and look like its rows: they are no
/// title, and must not go unseen.
fn stranded(first: &[Record], start: usize, width: usize) -> Vec<usize> {
    if start == 0 {
        return Vec::new();
    }
    let data = Data::of(&first[start + 1..], width);
    // Where no column tells rows from titles, a record that fills every cell is no title.
    let untyped = data.kinds.iter().all(Option::is_none);
    let is_row = |i: &usize| {
        let record = &first[*i];
        let full = || untyped && record.cells().all(|cell| !cell.trim().is_empty());
        let alike = record.len() == width && width > 1 && (data.fits(record) || full());
        record.fault.is_some() || alike
    };
    (0..start).filter(is_row).collect()
}

/// The number of cells of most records, of the widest where several are as frequent.
fn usual_width(first: &[Record]) -> usize {
    let mut widths = std::collections::BTreeMap::new();
    for record in first.iter().filter(|r| r.is_sound()) {
        *widths.entry(record.len()).or_insert(0usize) += 1;
    }
    widths.into_iter().max_by_key(|(width, n)| (*n, *width)).map_or(0, |(width, _)| width)
}

/// The record where the header begins: the first that shows most of the wanted names, else the
/// first that is as wide as the table and names more than one column.
fn start(first: &[Record], wanted: &[String], width: usize) -> Option<usize> {
    let searched = &first[..first.len().min(SEARCHED)];
    let n_found = |record: &Record| {
        let cells: Vec<String> = record.cells().map(plain).collect();
        wanted.iter().filter(|name| cells.iter().any(|cell| names(cell, name))).count()
    };
    let mut best = (0, 0);
    for (index, record) in searched.iter().enumerate() {
        let n = n_found(record);
        if n > best.0 {
            best = (n, index);
        }
    }
    // A name alone may be somebody's word; below other records it takes most of them.
    if best.0 > 0 && (best.1 == 0 || 2 * best.0 > wanted.len()) {
        // The wanted name may stand in a later row of the header.
        let (_, index) = best;
        let earlier = (0..index).rev().take(MAX_ROWS - 1).find(|i| {
            let (n, _) = n_rows(&first[*i..], width);
            first[*i].len() == first[index].len() && *i + n > index
        });
        return Some(earlier.unwrap_or(index));
    }
    // Too few rows say nothing about the table's form: the first record is the header.
    let n_usual = first.iter().filter(|r| r.fault.is_none() && r.len() == width).count();
    if n_usual <= MIN_DATA {
        return (!first.is_empty()).then_some(0);
    }
    let fits = |r: &Record| {
        let n_named = r.cells().filter(|c| !c.trim().is_empty()).count();
        let otherwise = matches!(r.doubt, Some(Reject::FieldCount { .. }));
        r.len() == width && !otherwise && (width < 3 || n_named > 1)
    };
    let found = searched.iter().position(fits).or_else(|| (!first.is_empty()).then_some(0))?;
    // A header with a cell too many or too few stands in front of what is data.
    let odd = found.checked_sub(1).filter(|above| {
        let (n, wide) = (first[*above].len(), width.max(4));
        n + 1 >= wide && n <= wide + 1 && Data::of(&first[found + 1..], width).fits(&first[found])
    });
    Some(odd.unwrap_or(found))
}

/// Whether a header's cell is a wanted name, or begins with it as a code: `Q1. What …`.
pub(super) fn names(cell: &str, wanted: &str) -> bool {
    cell == wanted || is_code_of(cell, wanted) || is_quoted_form_of(cell, wanted)
}

/// Whether a header's cell is a name with stray quotes.
pub(super) fn is_quoted_form_of(cell: &str, wanted: &str) -> bool {
    cell.contains('"')
        && cell.len() > wanted.len()
        && cell.replace('"', "") == wanted.replace('"', "")
}

/// Whether a header's cell begins with a code and a full stop, as LimeSurvey writes them.
pub(super) fn is_code_of(cell: &str, wanted: &str) -> bool {
    !wanted.contains(' ') && cell.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(". "))
}

/// Rows of the header that begins with the first of the records, and whether import ids end it.
fn n_rows(from: &[Record], width: usize) -> (usize, bool) {
    for n in 2..=MAX_ROWS {
        if has_import_ids(from.get(n - 1)) {
            return (n, true);
        }
    }
    let mut n = 1;
    while n < MAX_ROWS
        && n + 1 < from.len()
        && from[n].is_sound()
        && Data::of(&from[n + 1..], width).continues_header(&from[0], &from[n])
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
    /// Records that show it.
    n: usize,
}

impl Data {
    /// Looks at records of the usual width.
    fn of(below: &[Record], width: usize) -> Self {
        let usual = |r: &&Record| r.is_sound() && r.len() == width;
        let rows: Vec<&Record> = below.iter().take(LOOKED_AT).filter(usual).collect();
        let mut data = Self { kinds: Vec::new(), filled: Vec::new(), n: rows.len() };
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
    fn continues_header(&self, top: &Record, record: &Record) -> bool {
        if record.len() != top.len() || self.n < MIN_DATA {
            return false;
        }
        let (alike, unlike) = self.agreement(record);
        let blank = |r: &Record, c: usize| r.cell(c).trim().is_empty();
        // Words above three columns of numbers, dates or addresses are no answers, or: a column
        // that every row fills, such as an id, is blank here, and words stand below a
        // question that spans several columns or `Response` stands below one.
        let lacks_id = (0..record.len())
            .any(|c| blank(record, c) && self.filled.get(c) == Some(&true) && !blank(top, c));
        let gaps = || (0..top.len()).filter(|c| blank(top, *c));
        let spans = gaps().count() > 0 && gaps().all(|c| !blank(record, c));
        let fillers = record.cells().any(|c| is_filler(c.trim()));
        // One answer may be such a word, and the same one thrice: names differ, and none stands
        // where the rows begin with a word of their own.
        let above: Vec<&str> = (0..record.len())
            .filter(|c| self.kinds.get(*c).copied().flatten().is_some())
            .map(|c| record.cell(c).trim())
            .filter(|cell| kind(cell) == Kind::Text)
            .collect();
        let differ = above.iter().enumerate().all(|(n, cell)| !above[..n].contains(cell));
        let begins = blank(record, 0) || self.kinds.first().copied().flatten().is_some();
        alike == 0 && ((lacks_id && (spans || fillers)) || (unlike >= 3 && differ && begins))
    }
}
