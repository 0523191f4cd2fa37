//! Which dialect a text table is written in.
//!
//! In: the head of the text, the column names that a study wants (none for `init`), what the
//! study says of the dialect. Out: the [`Dialect`] and the number of cells of most records.
//! Every candidate reads the head; the one whose table is most consistent wins: rows of one length
//! (the pattern score) whose cells look like values (the type score). The product of the two follows
//! van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns",
//! Data Mining and Knowledge Discovery 33 (2019); wanted names that a reading shows multiply it.
//! What it costs does not grow with the number of candidates (see [`share`]).
//! Must not know: what is read behind the head.

use std::collections::BTreeMap;

use super::dialect::Dialect;
use super::scan::{Scan, Scanner, line_end};
use super::signs::{QUOTES, candidates};
use crate::ingest::TableHints;
use crate::ingest::table::header::is_quoted_form_of;
use crate::ingest::table::kind::{Kind, kind};
use crate::ingest::table::plain;
use crate::ingest::table::record::Record;

/// Text that decides, in bytes, and records of it at most.
const HEAD_BYTES: usize = 64 << 10;
const HEAD_RECORDS: usize = 300;
/// Records by which the delimiters are found that are looked at more closely, and how many.
const FIRST_RECORDS: usize = 30;
const SHORTLIST: usize = 3;
/// Lines that decide at least, and the text that they may take, in bytes.
const FEW_LINES: usize = 4;
const MAX_HEAD_BYTES: usize = 4 << 20;
/// What all candidates together read of long lines, in bytes.
const MAX_READ: usize = 16 << 20;
/// Records with an open quote that damage may explain, so that they do not speak against a quote.
const FORGIVEN: usize = 2;
/// The longest quoted cell that is looked for once several were not found, in bytes.
const MAX_QUOTED_LATE: usize = 4 << 10;
/// What speaks against a reading in which every record has a quote that nothing explains.
const STRAY: f64 = 0.02;
/// How much the wanted names speak for the reading that shows them all: in a record that is as
/// long as most, and in another, such as a header with a delimiter too many.
const NAMES: f64 = 3.0;
const NAMES_ASIDE: f64 = 2.0;
/// Cells of a line that begin with a quote and are tried as text.
const MAX_LITERALS: usize = 4;
/// Cells in quotes, at least, that show that the writer puts quotes there: one in five records,
/// and no fewer than these.
const QUOTED: usize = 3;
/// Records among which the header is looked for.
const HEADER_RECORDS: usize = 40;

/// A dialect and the number of cells of most records under it.
pub(super) struct Detected {
    pub(super) dialect: Dialect,
    pub(super) width: usize,
}

/// The dialect of a text; `tabs_first` where the file's name says so.
pub(super) fn detect(
    text: &str,
    wanted: &[String],
    hints: &TableHints,
    tabs_first: bool,
) -> Detected {
    let head = head(text);
    let mut best: Option<(Score, Detected)> = None;
    let mut settled = String::new();
    let listed = shortlist(head, candidates(head, hints, tabs_first), wanted);
    let head = share(head, listed.len());
    for dialect in listed {
        if dialect.delimiter == settled {
            continue;
        }
        let (score, width) = score(head, &dialect, wanted, HEAD_RECORDS);
        if score.flawless {
            settled.clone_from(&dialect.delimiter);
        }
        let certain = score.flawless && score.shows_all;
        if best.as_ref().is_none_or(|(s, _)| score.beats(s)) {
            best = Some((score, Detected { dialect, width }));
        }
        if certain {
            break;
        }
    }
    best.map(|(_, detected)| detected).unwrap_or_else(|| Detected {
        dialect: Dialect { delimiter: ",".into(), quote: Some(('"', '"')), escape: None },
        width: 1,
    })
}

/// The candidates with the few delimiters that read the first records best, in their order.
fn shortlist(head: &str, all: Vec<Dialect>, wanted: &[String]) -> Vec<Dialect> {
    let mut ranked: Vec<(Score, String)> = Vec::new();
    let head = share(head, all.len());
    for dialect in &all {
        let (score, _) = score(head, dialect, wanted, FIRST_RECORDS);
        match ranked.iter_mut().find(|(_, d)| *d == dialect.delimiter) {
            Some((best, _)) if !score.beats(best) => {}
            Some((best, _)) => *best = score,
            None => ranked.push((score, dialect.delimiter.clone())),
        }
    }
    ranked.sort_by(|(a, _), (b, _)| b.value.total_cmp(&a.value));
    ranked.truncate(SHORTLIST);
    all.into_iter().filter(|d| ranked.iter().any(|(_, kept)| *kept == d.delimiter)).collect()
}

/// The part of the head that each of so many candidates reads: what all of them read together is
/// bounded. Lines of a usual length fit whatever their number. It ends with a line where one ends
/// in it: half a line has fewer cells than the others.
fn share(head: &str, n: usize) -> &str {
    let most = (MAX_READ / n.max(1)).max(HEAD_BYTES);
    if head.len() <= most {
        return head;
    }
    let end = memchr::memrchr2(b'\n', b'\r', &head.as_bytes()[..most]).map(|last| last + 1);
    &head[..end.unwrap_or_else(|| head.floor_char_boundary(most))]
}

/// Whole lines from the begin: as many as fit, a few where they are long.
fn head(text: &str) -> &str {
    if text.len() <= HEAD_BYTES {
        return text;
    }
    let bytes = text.as_bytes();
    let fits = memchr::memrchr2(b'\n', b'\r', &bytes[..HEAD_BYTES]).unwrap_or(0);
    let (mut few, mut n) = (0, 0);
    while n < FEW_LINES && few < text.len() {
        few = line_end(bytes, few, text.len()).1;
        n += 1;
    }
    let end = fits.max(few).min(MAX_HEAD_BYTES);
    &text[..text.floor_char_boundary(end)]
}

/// How well a dialect reads the head.
#[derive(Debug, Clone, Copy)]
struct Score {
    value: f64,
    /// Every wanted name stands in a record that is as long as most.
    shows_all: bool,
    /// Doubled quotes around cells, as the standard has them, read every record alike: no other
    /// quote need be tried with the delimiter.
    flawless: bool,
}

impl Score {
    /// A later candidate must be better by more than rounding.
    fn beats(&self, other: &Self) -> bool {
        self.value > other.value + 1e-9
    }
}

/// What a dialect makes of the head.
#[derive(Default)]
struct Reading {
    n_records: usize,
    n_doubtful: usize,
    n_stray: usize,
    n_openers: usize,
    /// How many records have how many cells.
    widths: BTreeMap<usize, usize>,
    types: Types,
    /// Cells of the record that shows most wanted names, and those names.
    header: (usize, usize),
}

fn score(head: &str, dialect: &Dialect, wanted: &[String], most: usize) -> (Score, usize) {
    let reading = Reading::of(head, &Scanner::new(dialect), wanted, most);
    let (width, n_modal) = mode(&reading.widths);
    let n_records = reading.n_records.max(1) as f64;
    let n_sound: usize = reading.widths.values().sum();
    let share = n_modal as f64 / n_sound.max(1) as f64;
    let harm = reading.n_doubtful.saturating_sub(FORGIVEN) as f64 / n_records;
    let pattern = if width < 2 { 0.2 } else { share * share * (width - 1) as f64 / width as f64 };
    // Quotes inside of cells that neither a double nor an escape explains: of two readings that
    // are alike otherwise, the one that explains them is meant.
    let unexplained = STRAY * reading.n_stray as f64 / n_records;
    // The wanted names outweigh much; in a line of another length than the table's, less.
    let (header_width, n_names) = reading.header;
    let weight = if header_width == width { NAMES } else { NAMES_ASIDE };
    let shown = n_names as f64 / wanted.len().max(1) as f64;
    let is_sound = reading.n_doubtful == 0 && reading.n_stray == 0;
    let is_quoting = is_sound && reading.n_openers >= reading.n_records.div_ceil(5).max(QUOTED);
    let value = pattern
        * reading.types.score()
        * (1.0 - harm)
        * (1.0 - harm)
        * (1.0 - unexplained)
        * (1.0 + weight * shown)
        * prior(dialect, is_quoting);
    let flawless = dialect.quote == Some(('"', '"'))
        && dialect.escape.is_none()
        && (reading.n_openers > 0 && is_sound && reading.widths.len() == 1 && width > 1);
    let shows_all = !wanted.is_empty() && n_names == wanted.len() && header_width == width;
    (Score { value, shows_all, flawless }, width)
}

impl Reading {
    fn of(head: &str, scanner: &Scanner, wanted: &[String], most: usize) -> Self {
        let mut reading = Self::default();
        let mut record = Record::default();
        let mut at = 0;
        while at < head.len() && reading.n_records < most {
            let (end, next) = line_end(head.as_bytes(), at, head.len());
            if head[at..end].trim().is_empty() {
                at = next;
                continue;
            }
            record.clear(0);
            let longest = if reading.n_doubtful > 8 { MAX_QUOTED_LATE } else { head.len() };
            let limit = head.floor_char_boundary(at + longest);
            let mut scan = scanner.scan(head, at, limit, usize::MAX, &mut record);
            reading.n_records += 1;
            let line = &head[..end];
            if scan.open || (scan.stray && scan.spans_lines) {
                reading.n_doubtful += 1;
                let literal = reading.as_line(scanner, line, at, &mut record);
                if literal.is_none() && reading.n_records <= HEADER_RECORDS {
                    // A stray quote in a header hides no name.
                    let mut names = Record::default();
                    scanner.as_text(&line[at..], &mut names);
                    reading.look_for(wanted, &names);
                }
                match literal {
                    // A quote of the line is text.
                    Some(literal) => scan = Scan { next, ..literal },
                    None if scan.open => {
                        at = next;
                        continue;
                    }
                    None => {}
                }
            }
            if reading.n_records <= HEADER_RECORDS {
                reading.look_for(wanted, &record);
            }
            reading.n_stray += usize::from(scan.stray);
            reading.n_openers += scan.n_openers;
            *reading.widths.entry(record.len()).or_insert(0) += 1;
            reading.types.add(&record);
            at = scan.next;
        }
        reading
    }

    /// A line whose quotes have partners, one cell that begins with a quote taken as text, where
    /// that gives as many cells as most records have: the reader reads it so.
    fn as_line(
        &self,
        scanner: &Scanner,
        line: &str,
        from: usize,
        record: &mut Record,
    ) -> Option<Scan> {
        let (width, _) = mode(&self.widths);
        if self.widths.is_empty() || !scanner.quotes_are_paired(&line[from..]) {
            return None;
        }
        let mut found = Record::default();
        for literal in 0..MAX_LITERALS {
            found.clear(0);
            let scan = scanner.scan(line, from, line.len(), literal, &mut found);
            if !scan.open && !scan.stray && scan.n_odd == 0 && found.len() == width {
                std::mem::swap(record, &mut found);
                return Some(scan);
            }
            if scan.n_openers <= literal {
                break;
            }
        }
        None
    }

    fn look_for(&mut self, wanted: &[String], record: &Record) {
        if wanted.is_empty() {
            return;
        }
        let names: Vec<String> = record.cells().map(plain).collect();
        let is_name = |cell: &String, name: &str| cell == name || is_quoted_form_of(cell, name);
        let found = wanted.iter().filter(|name| names.iter().any(|c| is_name(c, name))).count();
        if found > self.header.1 {
            self.header = (record.len(), found);
        }
    }
}

/// The usual quote is left only where it does harm, or where another one stands around cells
/// throughout; blanks stand in every text.
fn prior(dialect: &Dialect, is_quoting: bool) -> f64 {
    let is_usual = dialect.quote.is_some_and(|(open, _)| open == '"');
    let quote = if is_usual || (is_quoting && dialect.quote.is_some()) { 1.0 } else { 0.9 };
    let delimiter = match dialect.delimiter.as_str() {
        " " => 0.75,
        d if d.chars().count() > 1 => 0.97,
        _ => 1.0,
    };
    quote * delimiter
}

/// The width of most records; of the widest where several are as frequent.
fn mode(widths: &BTreeMap<usize, usize>) -> (usize, usize) {
    let best = widths.iter().max_by_key(|(width, n)| (**n, **width));
    best.map_or((1, 0), |(width, n)| (*width, *n))
}

/// How much cells look like values.
#[derive(Default)]
struct Types {
    sum: f64,
    n: usize,
}

impl Types {
    fn add(&mut self, record: &Record) {
        for cell in record.cells().take(200) {
            self.n += 1;
            self.sum += match kind(cell) {
                Kind::Text => text_score(cell),
                // A blank in front of a value belongs to the delimiter.
                _ if cell.starts_with(' ') => 0.6,
                Kind::Blank => 0.9,
                _ => 1.0,
            };
        }
    }

    fn score(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.sum / self.n as f64 }
    }
}

/// Text that begins or ends with a quote or a blank was cut at the wrong place.
fn text_score(cell: &str) -> f64 {
    let quote = |c: char| QUOTES.contains(&c) || c == '”' || c == '»' || c == '’';
    let edge = |c: Option<char>| c.is_none_or(quote);
    let (first, last) = (cell.chars().next(), cell.chars().next_back());
    let same = edge(first) && edge(last);
    if edge(first) != edge(last) {
        0.2
    } else if same && cell.chars().count() > 1 {
        0.3
    } else if first == Some(' ') || last == Some(' ') {
        0.4
    } else if cell.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.')) {
        0.9
    } else {
        0.7
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_candidate_reads_of_long_lines_ends_with_a_line_where_one_ends() {
        let line = format!("1,{}\n", "a".repeat(99_000));
        let head = line.repeat(4);
        assert_eq!(share(&head, MAX_READ / 250_000).len(), 2 * line.len());
        assert_eq!(share(&head, 1).len(), head.len());
        let endless = "a".repeat(300_000);
        assert_eq!(share(&endless, MAX_READ / 250_000).len(), MAX_READ / (MAX_READ / 250_000));
    }
}
