//! One record of a text table: where its cells and its end are.
//!
//! In: the text, a place where a record begins, a [`Dialect`]. Out: the cells, pushed into a
//! [`Record`], and a [`Scan`] that says whether they can be trusted. A quoted cell ends at the
//! first quote that a delimiter or a line's end follows; every other quote inside it is text, a
//! doubled one once.
//! Must not know: what is done about a record that cannot be trusted.

use memchr::memmem::Finder;
use memchr::{memchr, memchr2, memchr3, memmem};

use super::dialect::Dialect;
use crate::ingest::table::record::Record;

/// What a scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    /// Where the record ends, its line break not included.
    pub(super) end: usize,
    /// Where the next record begins.
    pub(super) next: usize,
    /// A quote opened and was never closed in front of the limit.
    pub(super) open: bool,
    /// A quoted cell holds a line break.
    pub(super) spans_lines: bool,
    /// A quote stands where none belongs: inside a quoted cell without a partner.
    pub(super) stray: bool,
    /// Cells that begin with a quote, taken as quoted or not.
    pub(super) n_openers: usize,
    /// Cells without quotes around them in which a quote stands that has no partner there.
    pub(super) n_odd: usize,
    /// A quote opens inside of such a cell and one closes inside of a later one, and not both
    /// stand behind a digit as inches do: what is between them is rather one text, torn at its
    /// delimiters.
    pub(super) torn: bool,
}

impl Scan {
    /// A line in which nothing was found yet.
    fn of_line(end: usize, next: usize) -> Self {
        Self {
            end,
            next,
            open: false,
            spans_lines: false,
            stray: false,
            n_openers: 0,
            n_odd: 0,
            torn: false,
        }
    }
}

/// Finds cells under one dialect.
pub(super) struct Scanner {
    delimiter: Finder<'static>,
    first: u8,
    single: bool,
    quote: Option<(Vec<u8>, Vec<u8>)>,
    escape: Option<Vec<u8>>,
}

impl Scanner {
    /// Prepares to read under a dialect.
    pub(super) fn new(dialect: &Dialect) -> Self {
        let bytes = |c: char| c.to_string().into_bytes();
        Self {
            delimiter: Finder::new(dialect.delimiter.as_bytes()).into_owned(),
            first: dialect.delimiter.as_bytes().first().copied().unwrap_or(b','),
            single: dialect.delimiter.len() == 1,
            quote: dialect.quote.map(|(open, close)| (bytes(open), bytes(close))),
            escape: dialect.escape.map(bytes),
        }
    }

    /// Reads the record at `from`. Quoted cells end at `limit` at the latest; the `literal`-th
    /// cell that begins with a quote is taken as unquoted (none where it is `usize::MAX`).
    pub(super) fn scan(
        &self,
        text: &str,
        from: usize,
        limit: usize,
        literal: usize,
        record: &mut Record,
    ) -> Scan {
        let bytes = text.as_bytes();
        let limit = limit.min(bytes.len());
        let (end, next) = line_end(bytes, from, bytes.len());
        let line = &bytes[from..end];
        let plain = self.escape.as_ref().is_none_or(|e| memchr(e[0], line).is_none())
            && self.quote.as_ref().is_none_or(|(open, _)| memchr(open[0], line).is_none());
        let mut scan = Scan::of_line(end, next);
        let mut half = None;
        if plain {
            self.split(&text[from..end], record);
            return scan;
        }
        let mut at = from;
        loop {
            let opens = self.quote.as_ref().is_some_and(|(open, _)| bytes[at..].starts_with(open));
            let quoted = opens && scan.n_openers != literal;
            scan.n_openers += usize::from(opens);
            let stop = if quoted {
                self.quoted(text, at, limit, record, &mut scan)
            } else {
                let stop = self.unquoted(text, at, record);
                self.pair(&text[at..stop], &mut half, &mut scan);
                stop
            };
            record.end_cell();
            if bytes[stop..].starts_with(self.delimiter.needle()) {
                at = stop + self.delimiter.needle().len();
                continue;
            }
            let (end, next) = line_end(bytes, stop, bytes.len());
            (scan.end, scan.next) = (end, next);
            return scan;
        }
    }

    /// Whether the number of quotes in a line is even.
    pub(super) fn quotes_are_paired(&self, line: &str) -> bool {
        self.quote.as_ref().is_none_or(|(open, close)| {
            let count = |quote: &[u8]| memmem::find_iter(line.as_bytes(), quote).count();
            if open == close { count(open).is_multiple_of(2) } else { count(open) == count(close) }
        })
    }

    /// Reads a line of which nothing is quoted.
    pub(super) fn as_text(&self, line: &str, record: &mut Record) {
        record.clear(0);
        self.split(line, record);
    }

    /// Takes note of the quotes of a cell that is not quoted; `half` where a quote of an earlier
    /// one has no partner, and whether it may stand for inches.
    fn pair(&self, cell: &str, half: &mut Option<bool>, scan: &mut Scan) {
        let Some((open, close)) = &self.quote else { return };
        let loose = self.loose_quotes(cell);
        let is_odd = if open == close {
            !loose.n_open.is_multiple_of(2)
        } else {
            loose.n_open != loose.n_close
        };
        if !is_odd {
            return;
        }
        scan.n_odd += 1;
        let opens = open == close || loose.n_open > loose.n_close;
        let closes = open == close || loose.n_close > loose.n_open;
        scan.torn |= closes && half.is_some_and(|inches| !(inches && loose.inches));
        if opens {
            *half = Some(half.unwrap_or(true) && loose.inches);
        }
    }

    /// The quotes of a cell that are neither escaped nor apostrophes between letters. They may
    /// stand for inches where each stands behind a digit.
    fn loose_quotes(&self, cell: &str) -> Loose {
        let mut loose = Loose { n_open: 0, n_close: 0, inches: true };
        let Some((open, close)) = &self.quote else { return loose };
        let bytes = cell.as_bytes();
        if memmem::find(bytes, open).is_none() && memmem::find(bytes, close).is_none() {
            return loose;
        }
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            if let Some((_, len)) = self.escaped(rest) {
                at += len;
                continue;
            }
            let opens = rest.starts_with(open);
            if !opens && !rest.starts_with(close) {
                at += 1;
                continue;
            }
            let behind = at + if opens { open.len() } else { close.len() };
            if !is_apostrophe(&cell[at..behind], &cell[..at], &cell[behind..]) {
                loose.n_open += usize::from(opens);
                loose.n_close += usize::from(!opens);
                loose.inches &= bytes[..at].last().is_some_and(u8::is_ascii_digit);
            }
            at = behind;
        }
        loose
    }

    /// A line without quotes and escapes.
    fn split(&self, line: &str, record: &mut Record) {
        let mut at = 0;
        if self.single {
            for end in memchr::memchr_iter(self.first, line.as_bytes()) {
                record.push(&line[at..end]);
                at = end + 1;
            }
        } else {
            for end in self.delimiter.find_iter(line.as_bytes()) {
                record.push(&line[at..end]);
                at = end + self.delimiter.needle().len();
            }
        }
        record.push(&line[at..]);
    }

    /// Where an unquoted cell ends: at a delimiter, a line's end or the text's.
    fn unquoted(&self, text: &str, from: usize, record: &mut Record) -> usize {
        let bytes = text.as_bytes();
        let (mut at, mut kept) = (from, from);
        let first = self.delimiter.needle().first().copied().unwrap_or(b'\n');
        while at < bytes.len() {
            if self.escape.is_none() {
                // Nothing else can end the cell.
                at += memchr3(first, b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at);
                if at == bytes.len() {
                    break;
                }
            }
            let rest = &bytes[at..];
            if matches!(rest[0], b'\n' | b'\r') || rest.starts_with(self.delimiter.needle()) {
                break;
            }
            match self.escaped(rest) {
                Some((skip, len)) => {
                    record.push_part(&text[kept..at]);
                    kept = at + skip;
                    at += len;
                }
                None => at += 1,
            }
        }
        record.push_part(&text[kept..at]);
        at
    }

    /// Where a quoted cell that opens at `from` ends.
    fn quoted(
        &self,
        text: &str,
        from: usize,
        limit: usize,
        record: &mut Record,
        scan: &mut Scan,
    ) -> usize {
        let Some((open, close)) = &self.quote else { return from };
        let bytes = text.as_bytes();
        let mut at = from + open.len();
        let mut kept = at;
        let mut torn = false;
        let limit = limit.max(at);
        loop {
            let rest = bytes.get(at..limit).unwrap_or_default();
            let found = match &self.escape {
                Some(escape) if escape != close => memchr2(close[0], escape[0], rest),
                _ => memchr(close[0], rest),
            };
            let Some(found) = found else {
                let limit = limit.max(at);
                record.push_part(&text[kept..limit]);
                scan.open = true;
                scan.spans_lines |= breaks(&bytes[from..limit]);
                return limit;
            };
            at += found;
            let rest = &bytes[at..limit];
            if let Some((skip, len)) = self.escaped(rest) {
                record.push_part(&text[kept..at]);
                kept = at + skip;
                at += len;
            } else if !rest.starts_with(close) {
                at += 1;
            } else {
                let behind = &rest[close.len()..];
                let pair = behind.starts_with(close) && open == close;
                // Where an earlier quote had no partner, the writer doubles none: the first of two
                // in front of a cell's end is text and the second closes.
                let closes = pair && torn && self.ends_cell(&behind[close.len()..]);
                if closes {
                    at += close.len();
                }
                if pair && !closes {
                    // The first of the pair is kept, the second is left out.
                    record.push_part(&text[kept..at + close.len()]);
                    at += 2 * close.len();
                    kept = at;
                } else if closes || self.ends_cell(behind) {
                    record.push_part(&text[kept..at]);
                    scan.spans_lines |= breaks(&bytes[from..at]);
                    return at + close.len();
                } else {
                    (scan.stray, torn) = (true, true);
                    at += close.len();
                }
            }
        }
    }

    /// Whether a cell may end in front of these bytes.
    fn ends_cell(&self, behind: &[u8]) -> bool {
        behind.first().is_none_or(|b| matches!(b, b'\n' | b'\r'))
            || behind.starts_with(self.delimiter.needle())
    }

    /// An escape that takes the meaning away from a quote, a delimiter or itself: the bytes to
    /// leave out and the bytes to go on by.
    fn escaped(&self, rest: &[u8]) -> Option<(usize, usize)> {
        let escape = self.escape.as_deref()?;
        let behind = rest.strip_prefix(escape)?;
        let (open, close) = self.quote.as_ref()?;
        for meant in [close.as_slice(), open, self.delimiter.needle(), escape] {
            if behind.starts_with(meant) {
                return Some((escape.len(), escape.len() + meant.len()));
            }
        }
        None
    }
}

/// Quotes of a cell without quotes around it.
struct Loose {
    n_open: usize,
    n_close: usize,
    /// Whether all of them may stand for inches.
    inches: bool,
}

/// Whether a quote is an apostrophe inside of a word.
fn is_apostrophe(quote: &str, front: &str, behind: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    matches!(quote, "'" | "’")
        && is_letter(front.chars().next_back())
        && is_letter(behind.chars().next())
}

fn breaks(bytes: &[u8]) -> bool {
    memchr2(b'\n', b'\r', bytes).is_some()
}

/// The end of the line and the begin of the next.
pub(super) fn line_end(bytes: &[u8], from: usize, limit: usize) -> (usize, usize) {
    let Some(found) = memchr2(b'\n', b'\r', &bytes[from..limit]) else { return (limit, limit) };
    let end = from + found;
    let pair = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
    (end, end + 1 + usize::from(pair))
}

/// Line ends: LF, CR LF and a lone CR count once each.
pub(super) fn n_breaks(bytes: &[u8]) -> u32 {
    let (mut n, mut at) = (0, 0);
    while let Some(found) = memchr2(b'\n', b'\r', &bytes[at..]) {
        let pair = bytes[at + found] == b'\r' && bytes.get(at + found + 1) == Some(&b'\n');
        at += found + 1 + usize::from(pair);
        n += 1;
    }
    n
}
