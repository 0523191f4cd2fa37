//! Which dialect a text table is written in.
//!
//! In: the head of the text, the column names that a study wants (none for `init`), what the
//! study says of the dialect. Out: the [`Dialect`] and the number of cells of most records.
//! Every candidate reads the head; the one that shows most wanted names wins, then the one whose
//! table is most consistent: rows of one length (the pattern score) whose cells look like values
//! (the type score). The product of the two follows van den Burg, Nazábal and Sutton, "Wrangling
//! messy CSV files by detecting row and type patterns", Data Mining and Knowledge Discovery 33
//! (2019). Must not know: what is read behind the head.

use std::collections::BTreeMap;

use super::dialect::Dialect;
use super::scan::{Scanner, line_end};
use super::signs::{QUOTES, candidates};
use crate::ingest::TableHints;
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
/// Records with an open quote that damage may explain, so that they do not speak against a quote.
const FORGIVEN: usize = 2;
/// The longest quoted cell that is looked for once several were not found, in bytes.
const MAX_QUOTED_LATE: usize = 4 << 10;
/// What speaks against a reading in which every record has a quote that nothing explains.
const STRAY: f64 = 0.02;
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
    for dialect in shortlist(head, candidates(head, hints, tabs_first), wanted) {
        if dialect.delimiter == settled {
            continue;
        }
        let (score, width) = score(head, &dialect, wanted, HEAD_RECORDS);
        if score.flawless {
            settled.clone_from(&dialect.delimiter);
        }
        let certain = score.flawless && !wanted.is_empty() && score.n_wanted == wanted.len();
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
    for dialect in &all {
        let (score, _) = score(head, dialect, wanted, FIRST_RECORDS);
        match ranked.iter_mut().find(|(_, d)| *d == dialect.delimiter) {
            Some((best, _)) if !score.beats(best) => {}
            Some((best, _)) => *best = score,
            None => ranked.push((score, dialect.delimiter.clone())),
        }
    }
    let rank = |s: &Score| (std::cmp::Reverse(s.n_wanted), -s.consistency);
    ranked.sort_by(|(a, _), (b, _)| {
        let ((na, ca), (nb, cb)) = (rank(a), rank(b));
        na.cmp(&nb).then(ca.total_cmp(&cb))
    });
    ranked.truncate(SHORTLIST);
    all.into_iter().filter(|d| ranked.iter().any(|(_, kept)| *kept == d.delimiter)).collect()
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
    n_wanted: usize,
    consistency: f64,
    /// Doubled quotes around cells, as the standard has them, read every record alike: no other
    /// quote need be tried with the delimiter.
    flawless: bool,
}

impl Score {
    /// A later candidate must be better by more than rounding.
    fn beats(&self, other: &Self) -> bool {
        match self.n_wanted.cmp(&other.n_wanted) {
            std::cmp::Ordering::Equal => self.consistency > other.consistency + 1e-9,
            order => order.is_gt(),
        }
    }
}

fn score(head: &str, dialect: &Dialect, wanted: &[String], most: usize) -> (Score, usize) {
    let scanner = Scanner::new(dialect);
    let mut record = Record::default();
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut n_records, mut n_doubtful, mut n_wanted, mut at) = (0usize, 0usize, 0, 0);
    let mut n_stray = 0usize;
    let (mut types, mut n_openers) = (Types::default(), 0);
    while at < head.len() && n_records < most {
        let (end, next) = line_end(head.as_bytes(), at, head.len());
        if head[at..end].trim().is_empty() {
            at = next;
            continue;
        }
        record.clear(0);
        let longest = if n_doubtful > 8 { MAX_QUOTED_LATE } else { head.len() };
        let limit = head.floor_char_boundary(at + longest);
        let scan = scanner.scan(head, at, limit, usize::MAX, &mut record);
        n_records += 1;
        if scan.open {
            n_doubtful += 1;
            at = next;
            continue;
        }
        if n_records <= HEADER_RECORDS && !wanted.is_empty() {
            let names: Vec<String> = record.cells().map(plain).collect();
            let found = wanted.iter().filter(|name| names.contains(name)).count();
            n_wanted = n_wanted.max(found);
        }
        n_stray += usize::from(scan.stray);
        n_doubtful += usize::from(scan.stray && scan.spans_lines);
        n_openers += scan.n_openers;
        *widths.entry(record.len()).or_insert(0) += 1;
        types.add(&record);
        at = scan.next;
    }
    let (width, n_modal) = mode(&widths);
    let n_sound: usize = widths.values().sum();
    let share = n_modal as f64 / n_sound.max(1) as f64;
    let harm = n_doubtful.saturating_sub(FORGIVEN) as f64 / n_records.max(1) as f64;
    let pattern = if width < 2 { 0.2 } else { share * share * (width - 1) as f64 / width as f64 };
    // Quotes inside of cells that neither a double nor an escape explains: of two readings that
    // are alike otherwise, the one that explains them is meant.
    let unexplained = STRAY * n_stray as f64 / n_records.max(1) as f64;
    let consistency = pattern
        * types.score()
        * (1.0 - harm)
        * (1.0 - harm)
        * (1.0 - unexplained)
        * prior(dialect);
    let flawless = dialect.quote == Some(('"', '"'))
        && dialect.escape.is_none()
        && (n_openers > 0 && n_doubtful == 0 && n_stray == 0 && widths.len() == 1 && width > 1);
    (Score { n_wanted, consistency, flawless }, width)
}

/// The usual quote is left only where it does harm; blanks stand in every text.
fn prior(dialect: &Dialect) -> f64 {
    let quote = if dialect.quote.is_some_and(|(open, _)| open == '"') { 1.0 } else { 0.9 };
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
