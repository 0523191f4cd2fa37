//! CSV and TSV files to rows.
//!
//! In: bytes. Out: a [`FileIntake`]. The delimiter is the one under which the header holds the
//! wanted columns; quotes are doubled inside quotes; a row with another number of fields than
//! the header is rejected, not mended. Must not know: workbooks, what the cells mean.

use super::{Columns, TableRows, n_found, plain};
use crate::ingest::encoding::decode;
use crate::ingest::{Context, Error, FileIntake, Reject};

const DELIMITERS: [(u8, &str); 4] =
    [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "pipe")];

/// Reads a whole file.
pub(in crate::ingest) fn read(context: &Context<'_>, bytes: Vec<u8>) -> Result<FileIntake, Error> {
    let decoded = decode(&bytes, context.file)?;
    let text: &str = &decoded.text;
    let wanted_row = context.spec.header_row.max(1);
    let start = skip_lines(text, wanted_row - 1);
    let no_header = || Error::NoHeader { file: context.file.into(), row: wanted_row };
    let body = text.get(start..).filter(|b| !b.trim().is_empty()).ok_or_else(no_header)?;
    let (delimiter, dialect) = choose_delimiter(context, body);
    let mut lines = Lines { text: body, at: 0, line: wanted_row };
    let mut reader = reader(body, delimiter);
    let mut record = ::csv::StringRecord::new();
    // Reading from memory, from text that is UTF-8, cannot fail; `false` and errors end alike.
    if !matches!(reader.read_record(&mut record), Ok(true)) {
        return Err(no_header());
    }
    let header: Vec<String> = record.iter().map(plain).collect();
    let header_line = lines.of(&record);
    let columns = Columns::find(context, &header, header_line)?;
    let mut rows = TableRows::new(context, columns);
    if let Some(warning) = decoded.warning(context.file) {
        rows.warn(warning);
    }
    while matches!(reader.read_record(&mut record), Ok(true)) {
        let place = lines.of(&record);
        let end = (reader.position().byte() as usize).clamp(lines.at, body.len());
        let raw = &body.as_bytes()[lines.at..end];
        match fault(&record, raw, delimiter, rows.columns().width) {
            None => rows.push(place, |column| record.get(column).unwrap_or("")),
            Some(why) => {
                if why == Reject::OpenQuote {
                    rows.warn(open_quote(context.file, place, raw));
                }
                rows.reject(place, &why);
            }
        }
    }
    rows.finish(format!("{}, {dialect}", decoded.name))
}

fn open_quote(file: &str, place: u32, raw: &[u8]) -> String {
    let n = n_breaks(raw.trim_ascii_end()) + 1;
    format!(
        "`{file}`: a quote in the row at line {place} opens but does not close where a cell ends; {n} lines were taken as one row and rejected"
    )
}

/// What is wrong with a row, if anything. Empty fields behind the header's width are no fault.
fn fault(record: &::csv::StringRecord, raw: &[u8], delimiter: u8, width: usize) -> Option<Reject> {
    let spans_lines = raw.trim_ascii_end().contains(&b'\n') || raw.contains(&b'\r');
    if raw.contains(&b'"') && (spans_lines || !ends_line(raw)) && quotes_run_on(raw, delimiter) {
        return Some(Reject::OpenQuote);
    }
    let surplus_is_blank = || record.iter().skip(width).all(|f| f.trim().is_empty());
    if record.len() == width || (record.len() > width && surplus_is_blank()) {
        return None;
    }
    Some(Reject::FieldCount { expected: width, found: record.len() })
}

fn ends_line(raw: &[u8]) -> bool {
    raw.last().is_some_and(|b| matches!(b, b'\n' | b'\r'))
}

/// Whether a quoted field runs over a line's end and then ends at the end of the file, or at a
/// quote that no delimiter or line end follows. The extent of such a row cannot be trusted: a
/// forgotten quote makes it swallow its neighbours.
fn quotes_run_on(raw: &[u8], delimiter: u8) -> bool {
    let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
    let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
    let (mut field_start, mut i) = (true, 0);
    while let Some(byte) = raw.get(i) {
        if field_start && *byte == b'"' {
            let Some((end, broke)) = quoted_end(raw, i + 1) else {
                return true;
            };
            let next = raw.get(end + 1);
            let clean = next.is_none_or(|b| *b == delimiter || matches!(b, b'\r' | b'\n'));
            if broke && !clean {
                return true;
            }
            i = end + 1;
            field_start = false;
            continue;
        }
        field_start = *byte == delimiter;
        i += 1;
    }
    false
}

/// Where the closing quote stands, and whether the field holds a line break.
fn quoted_end(raw: &[u8], from: usize) -> Option<(usize, bool)> {
    let (mut i, mut broke) = (from, false);
    while let Some(byte) = raw.get(i) {
        match byte {
            b'"' if raw.get(i + 1) == Some(&b'"') => i += 1,
            b'"' => return Some((i, broke)),
            b'\n' | b'\r' => broke = true,
            _ => {}
        }
        i += 1;
    }
    None
}

fn reader(text: &str, delimiter: u8) -> ::csv::Reader<&[u8]> {
    ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The delimiter under which most wanted columns are found, then most fields; the extension's
/// own, then comma, decides a tie.
fn choose_delimiter(context: &Context<'_>, body: &str) -> (u8, &'static str) {
    let tabs_first = !context.file.to_lowercase().ends_with(".csv");
    let mut candidates = DELIMITERS;
    if tabs_first {
        candidates.swap(0, 2);
    }
    let mut best = (candidates[0], (0, 0));
    for candidate in candidates {
        let mut record = ::csv::StringRecord::new();
        let mut reader = reader(body, candidate.0);
        if !matches!(reader.read_record(&mut record), Ok(true)) {
            continue;
        }
        let header: Vec<String> = record.iter().map(plain).collect();
        let score = (n_found(context.spec, &header), header.len());
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

/// Byte offset behind `n` physical lines.
fn skip_lines(text: &str, n: u32) -> usize {
    let mut at = 0;
    for _ in 0..n {
        match text[at..].find('\n') {
            Some(end) => at += end + 1,
            None => return text.len(),
        }
    }
    at
}

/// Counts lines along with the reader, whose own count lags at blank lines and at CR LF.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line where the record begins; moves on to it.
    fn of(&mut self, record: &::csv::StringRecord) -> u32 {
        let bytes = self.text.as_bytes();
        let reported = record.position().map_or(0, |p| p.byte() as usize);
        let mut start = reported.clamp(self.at, bytes.len());
        while bytes.get(start).is_some_and(|b| matches!(b, b'\r' | b'\n')) {
            start += 1;
        }
        self.line += n_breaks(&bytes[self.at..start]);
        self.at = start;
        self.line
    }
}

/// Line ends: LF, CR LF and a lone CR count once each.
fn n_breaks(bytes: &[u8]) -> u32 {
    let n_lf = bytes.iter().filter(|b| **b == b'\n').count();
    let n_cr = bytes.iter().filter(|b| **b == b'\r').count();
    let n_pairs = if n_cr == 0 { 0 } else { bytes.windows(2).filter(|w| w == b"\r\n").count() };
    (n_lf + n_cr - n_pairs) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{Content, Kind, QuestionSpec, SourceSpec};

    fn spec() -> SourceSpec {
        SourceSpec {
            name: "s".into(),
            kind: Kind::Survey,
            perspective: String::new(),
            files: vec![],
            id: Some("n".into()),
            participant: None,
            groups: vec![],
            questions: vec![QuestionSpec { column: "Q".into(), text: "Q?".into() }],
            moderators: vec![],
            parts: false,
            header_row: 1,
            sheet: None,
        }
    }

    #[test]
    fn line_ends_of_three_kinds_count_once() {
        assert_eq!(n_breaks(b"a\r\nb\nc\rd\r\r\n"), 5);
        assert_eq!(skip_lines("a\nb\nc", 2), 4);
    }

    #[test]
    fn header_rows_of_a_qualtrics_export_are_no_answers() {
        let ids =
            "\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID1_TEXT\"\"}\"";
        let spec = spec();
        let context = Context { spec: &spec, file: "t.csv", stem: "t" };
        for (texts, n) in [("Response ID,\"What,\nreally?\"\n", "two"), ("", "one")] {
            let text = format!("n,Q\n{texts}{ids}\nR_1,a\nR_2,{{}}\n");
            let intake = read(&context, text.into_bytes()).unwrap();
            assert_eq!((intake.rows, intake.people.len(), intake.responses.len()), (2, 2, 2));
            assert_eq!(intake.responses[0].id, "R_1:Q");
            let begin = format!("`t.csv`: {n} further header row");
            assert!(intake.warnings[0].starts_with(&begin), "{:?}", intake.warnings);
        }
    }

    proptest! {
        #[test]
        fn cells_that_the_csv_crate_writes_come_back_verbatim(
            cells in proptest::collection::vec("[a-zà-ü中\"\n\r,;\t| ]{0,20}", 1..20),
        ) {
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(["n", "Q"]).unwrap();
            for (n, cell) in cells.iter().enumerate() {
                writer.write_record([&n.to_string(), cell]).unwrap();
            }
            let spec = spec();
            let context = Context { spec: &spec, file: "t.csv", stem: "t" };
            let intake = read(&context, writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(intake.responses.len(), cells.len());
            for (response, cell) in intake.responses.iter().zip(&cells) {
                let Content::Text(text) = &response.content else { panic!("rejected") };
                prop_assert_eq!(text.expose(), cell);
            }
        }
    }
}
