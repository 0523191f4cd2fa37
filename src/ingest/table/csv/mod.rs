//! Text tables (CSV, TSV and their kin) to records.
//!
//! In: bytes and what a study says of them. Out: [`CsvRecords`]. Every line belongs to exactly
//! one record or is blank. A record with a quote that opens and never closes ends where the
//! lines behind it read well again; it alone is faulty. A line written with other signs than the rest is read by them and marked as
//! doubtful. Must not know: columns, headers.

mod detect;
mod dialect;
mod scan;
mod signs;

use self::detect::detect;
use self::dialect::Dialect;
use self::scan::{Scan, Scanner, line_end, n_breaks};
use super::record::{Record, Records, TORN};
use super::wanted_names;
#[cfg(test)]
use crate::ingest::assemble::FileIntake;
use crate::ingest::encoding::decode_owned;
use crate::ingest::{Context, Error, Reject};

/// The longest quoted cell that is looked for, in bytes, and the longest once many were not
/// found: what a hostile file costs grows with its size, not with its square.
const MAX_QUOTED: usize = 4 << 20;
const MAX_QUOTED_LATE: usize = 4 << 10;
/// The longest quoted cell of the record that shows where a damaged one ends, in bytes.
const MAX_QUOTED_BEHIND: usize = 16 << 10;
/// Lines behind an open quote among which the next sound record is looked for.
const MAX_LINES: usize = 200;
/// Cells of a line that begin with a quote and are tried as text.
const MAX_OPENERS: usize = 16;

/// Cells that a row must have so that other signs which give as many are no chance.
const MIN_WIDTH_OF_OTHERS: usize = 4;

/// Reads a whole file for a study.
#[cfg(test)]
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: Vec<u8>) -> Result<FileIntake, Error> {
    super::read(context, &mut open(context, bytes)?)
}

/// Opens a text table; its dialect is that of the study, or detected.
///
/// # Errors
/// No text, an unknown binary format, fewer lines than the header's row.
pub(in crate::ingest) fn open(context: &Context<'_>, bytes: Vec<u8>) -> Result<CsvRecords, Error> {
    let hints = &context.spec.table;
    let decoded = decode_owned(bytes, hints.encoding.as_deref(), context.file)?;
    let first = hints.header_row.unwrap_or(1).max(1);
    let text = decoded.text();
    let mut at = skip_lines(text, first - 1);
    let mut line = first;
    if text[at..].trim().is_empty() {
        return Err(Error::NoHeader { file: context.file.into(), row: first });
    }
    let mut hints = hints.clone();
    if let (None, Some((delimiter, next))) = (&hints.delimiter, declared(text)).clone() {
        hints.delimiter = Some(delimiter);
        if at < next {
            (at, line) = (next, 2);
        }
    }
    let wanted: Vec<String> = wanted_names(context.spec).map(|n| super::plain(n)).collect();
    let tabs_first = !context.file.to_lowercase().ends_with(".csv");
    let detected = detect(&text[at..], &wanted, &hints, tabs_first);
    let format = format!("{}, {}", decoded.name, detected.dialect.words());
    let mut warnings: Vec<String> = decoded.warning(context.file).into_iter().collect();
    warnings.reserve(2);
    Ok(CsvRecords {
        has_nul: memchr::memchr(0, text.as_bytes()).is_some(),
        scanner: Scanner::new(&detected.dialect),
        width: detected.width,
        others: Others::of(&detected.dialect),
        delimiter: detected.dialect.delimiter,
        file: context.file.into(),
        max_columns: context.limits.columns,
        decoded,
        at,
        line,
        wasted: 0,
        n_nul: 0,
        format,
        warnings,
    })
}

/// How single lines may be written in a file of another dialect, the likeliest first.
struct Others {
    /// With another delimiter: the file's own finds hardly a cell.
    with_more_cells: Vec<Scanner>,
    /// With other quotes, or a longer delimiter: the file's dialect cuts cells into pieces.
    with_fewer_cells: Vec<Scanner>,
    /// With a blank behind every delimiter, where cells have quotes around them.
    spaced: Option<Scanner>,
}

impl Others {
    /// Where the file has no quotes, no line of it has any.
    fn of(own: &Dialect) -> Self {
        let scanners = |delimiters: &[&str], quotes: &[Option<(char, char)>]| {
            let mut all = Vec::new();
            for delimiter in delimiters {
                for quote in quotes {
                    let (delimiter, quote) = ((*delimiter).to_owned(), *quote);
                    let other = Dialect { delimiter, quote, escape: own.escape };
                    if other != *own {
                        all.push(Scanner::new(&other));
                    }
                }
            }
            all
        };
        let with_blank = format!("{} ", own.delimiter);
        let blank = || scanners(&[&with_blank], &[own.quote]);
        let mut with_fewer_cells = blank();
        let spaced = own.quote.and_then(|_| blank().pop());
        if own.quote.is_some() {
            let quotes = ['"', '\''].map(|q| Some(Dialect::quote_of(q)));
            with_fewer_cells.extend(scanners(&[&own.delimiter], &quotes));
        }
        let with_more_cells = scanners(&[";", "\t", "|", ",", " "], &[own.quote]);
        Self { with_more_cells, with_fewer_cells, spaced }
    }
}

/// The delimiter that a first line `sep=;` declares, and where the next line begins.
fn declared(text: &str) -> Option<(String, usize)> {
    let (end, next) = line_end(text.as_bytes(), 0, text.len());
    let value = text.get(..4).filter(|s| s.eq_ignore_ascii_case("sep=")).and(text.get(4..end))?;
    let value = value.trim_matches('"');
    (value.chars().count() == 1).then(|| (value.to_owned(), next))
}

/// Byte offset behind `n` physical lines.
fn skip_lines(text: &str, n: u32) -> usize {
    let mut at = 0;
    for _ in 0..n {
        if at >= text.len() {
            break;
        }
        at = line_end(text.as_bytes(), at, text.len()).1;
    }
    at
}

/// The records of a text table.
pub(in crate::ingest) struct CsvRecords {
    decoded: crate::ingest::encoding::Text,
    scanner: Scanner,
    delimiter: String,
    /// Cells of most records.
    width: usize,
    others: Others,
    file: String,
    max_columns: usize,
    at: usize,
    line: u32,
    /// Bytes that were scanned for closing quotes in vain.
    wasted: usize,
    has_nul: bool,
    n_nul: usize,
    format: String,
    warnings: Vec<String>,
}

impl Records for CsvRecords {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        loop {
            if self.at >= self.decoded.text().len() {
                return Ok(false);
            }
            let (from, line) = (self.at, self.line);
            let scan = self.read(from, record);
            if record.len() > self.max_columns {
                let what = "its number of columns".into();
                let limit = self.max_columns.to_string();
                return Err(Error::TooBig { file: self.file.clone(), what, limit });
            }
            let text = self.decoded.text().as_bytes();
            self.line += n_breaks(&text[from..scan.next]);
            self.at = scan.next;
            record.place = line;
            if record.fault.is_none() && record.is_blank() {
                continue;
            }
            record.bytes = self.decoded.place(from..scan.end);
            if record.bytes.is_none()
                && let Some(why) = record.fault.take()
            {
                // Its text stands in for its bytes, so that it is kept with the rejects.
                record.clear(line);
                record.push(&self.decoded.text()[from..scan.end]);
                record.fault = Some(why);
            }
            if self.has_nul {
                self.n_nul += record.remove_nul();
            }
            return Ok(true);
        }
    }

    fn bytes(&self) -> &[u8] {
        self.decoded.bytes()
    }

    fn format(&self) -> String {
        self.format.clone()
    }

    fn counts_fields(&self) -> bool {
        true
    }

    fn delimiter(&self) -> &str {
        &self.delimiter
    }

    fn warnings(&mut self) -> Vec<String> {
        let mut warnings = std::mem::take(&mut self.warnings);
        if self.n_nul > 0 {
            warnings.push(format!("`{}`: {} NUL bytes were left out", self.file, self.n_nul));
        }
        warnings
    }
}

impl CsvRecords {
    /// The record at `from`, its extent and its fault.
    fn read(&mut self, from: usize, record: &mut Record) -> Scan {
        record.clear(self.line);
        let text = self.decoded.text();
        let limit = text.floor_char_boundary(from + self.max_quoted());
        let scan = self.scanner.scan(text, from, limit, usize::MAX, record);
        if !scan.open && !(scan.spans_lines && (scan.stray || record.len() != self.width)) {
            if record.len() != self.width && !scan.spans_lines {
                self.read_otherwise(from, scan.end, record);
            }
            if scan.torn && record.doubt.is_none() {
                record.doubt = Some(TORN);
            } else if record.len() == self.width && !scan.spans_lines {
                self.leave_blanks_out(from, scan.end, record);
            }
            return scan;
        }
        self.wasted += scan.end - from;
        if let Some(scan) = self.read_line(from, record) {
            return scan;
        }
        let (first_end, second) = line_end(text.as_bytes(), from, text.len());
        let true_end = if scan.open || scan.stray {
            self.next_sound_line(from, scan.next)
        } else if !self.scanner.quotes_are_paired(&text[from..first_end])
            && self.all_lines_are_records(from, scan.end)
        {
            second
        } else {
            // A row of another width with a break inside a cell: the driver rejects it.
            return scan;
        };
        let bytes = text.as_bytes();
        let guess = self.guess(from, record);
        // A line of the usual width in front of a sound one has a stray quote and nothing else.
        let is_line = record.len() == self.width && true_end == line_end(bytes, from, text.len()).1;
        // Quotes of two cells are rather one text's.
        let why = Some(if is_line && guess.n_odd > 1 { TORN } else { Reject::OpenQuote });
        (record.fault, record.doubt) = if is_line { (None, why) } else { (why, None) };
        let mut end = true_end;
        while end > from && matches!(bytes[end - 1], b'\n' | b'\r') {
            end -= 1;
        }
        Scan { end, next: true_end, ..scan }
    }

    /// Reads a line of another width than most with signs of its own, where that gives the usual
    /// width.
    fn read_otherwise(&self, from: usize, end: usize, record: &mut Record) {
        let scanners = match record.len() {
            _ if self.width < MIN_WIDTH_OF_OTHERS => return,
            n if n > self.width => &self.others.with_fewer_cells,
            n if 2 * n <= self.width => &self.others.with_more_cells,
            _ => return,
        };
        let line = &self.decoded.text()[..end];
        let mut other = Record::default();
        for scanner in scanners {
            other.clear(record.place);
            let scan = scanner.scan(line, from, end, usize::MAX, &mut other);
            if !scan.open && !scan.stray && !scan.torn && other.len() == self.width {
                std::mem::swap(record, &mut other);
                let (expected, found) = (self.width, other.len());
                record.doubt = Some(Reject::FieldCount { expected, found });
                return;
            }
        }
    }

    /// Reads a line with a blank behind every delimiter without those blanks, where that gives
    /// the same cells; quotes behind the blanks stand around cells then.
    fn leave_blanks_out(&self, from: usize, end: usize, record: &mut Record) {
        let spaced = || record.cells().skip(1).all(|cell| cell.starts_with(' '));
        let Some(scanner) = &self.others.spaced else { return };
        if self.width < MIN_WIDTH_OF_OTHERS || !spaced() {
            return;
        }
        let mut other = Record::default();
        other.clear(record.place);
        let line = &self.decoded.text()[..end];
        let scan = scanner.scan(line, from, end, usize::MAX, &mut other);
        if !scan.open && !scan.stray && !scan.torn && other.len() == record.len() {
            std::mem::swap(record, &mut other);
        }
    }

    /// The record at `from` as one line with a quoted cell taken as text, where that gives the
    /// usual width and every quote of the line has a partner: `"so" they said`.
    fn read_line(&self, from: usize, record: &mut Record) -> Option<Scan> {
        let text = self.decoded.text();
        let (end, next) = line_end(text.as_bytes(), from, text.len());
        let line = &text[..end];
        if !self.scanner.quotes_are_paired(&line[from..]) {
            return None;
        }
        // What follows must read well too: else the line is the begin of a longer record.
        let follows = |behind: usize| self.scanner.quotes_are_paired(&text[next..behind]);
        if next < text.len() && !self.sound_record(next).is_some_and(follows) {
            return None;
        }
        let mut found = Record::default();
        for literal in 0..MAX_OPENERS {
            found.clear(self.line);
            let scan = self.scanner.scan(line, from, end, literal, &mut found);
            if !scan.open && !scan.stray && scan.n_odd == 0 && found.len() == self.width {
                std::mem::swap(record, &mut found);
                return Some(Scan { next, ..scan });
            }
            if scan.n_openers <= literal {
                break;
            }
        }
        None
    }

    /// Fills a record that cannot be trusted with the cells of its first line, one quote taken
    /// as text.
    fn guess(&self, from: usize, record: &mut Record) -> Scan {
        let text = self.decoded.text();
        let (end, _) = line_end(text.as_bytes(), from, text.len());
        let mut literal = 0;
        loop {
            record.clear(self.line);
            let scan = self.scanner.scan(&text[..end], from, end, literal, record);
            let fits = !scan.open && record.len() == self.width;
            if fits || scan.n_openers <= literal || literal == usize::MAX {
                return scan;
            }
            literal = if literal + 1 < MAX_OPENERS { literal + 1 } else { usize::MAX };
        }
    }

    fn max_quoted(&self) -> usize {
        let patience = 2 * self.decoded.text().len() + (16 << 20);
        if self.wasted > patience { MAX_QUOTED_LATE } else { MAX_QUOTED }
    }

    /// Where the first line behind `from` begins from which two records read well; `end` where
    /// there is none.
    fn next_sound_line(&self, from: usize, end: usize) -> usize {
        let text = self.decoded.text();
        let mut at = from;
        for _ in 0..MAX_LINES {
            at = line_end(text.as_bytes(), at, text.len()).1;
            if at >= end {
                break;
            }
            if let Some(next) = self.sound_record(at)
                && (next >= text.len() || self.sound_record(next).is_some())
            {
                return at;
            }
        }
        end
    }

    /// Where the next record begins, if the one at `from` is sound.
    fn sound_record(&self, from: usize) -> Option<usize> {
        let text = self.decoded.text();
        let longest = self.max_quoted().min(MAX_QUOTED_BEHIND);
        let limit = text.floor_char_boundary(from + longest);
        let mut record = Record::default();
        let scan = self.scanner.scan(text, from, limit, usize::MAX, &mut record);
        let sound = !scan.open && !scan.stray && record.len() == self.width;
        (sound && !record.is_blank()).then_some(scan.next)
    }

    /// Whether each line of a range reads as a record of the usual width by itself, its quotes
    /// taken as text: then a quote swallowed them.
    fn all_lines_are_records(&self, from: usize, end: usize) -> bool {
        let text = self.decoded.text();
        let mut at = from;
        let mut record = Record::default();
        while at < end {
            let (line, next) = line_end(text.as_bytes(), at, text.len());
            record.clear(0);
            let literal = |n| self.scanner.scan(&text[..line], at, line, n, &mut Record::default());
            let n_openers = literal(usize::MAX).n_openers;
            let fits = (0..=n_openers.min(MAX_OPENERS)).any(|n| {
                record.clear(0);
                let scan = self.scanner.scan(&text[..line], at, line, n, &mut record);
                !scan.open && record.len() == self.width
            });
            if !fits {
                return false;
            }
            at = next;
        }
        self.width > 1
    }
}

#[cfg(test)]
mod tests;
