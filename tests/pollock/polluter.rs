//! The pollutions of the benchmark, by the list in its public description: each file differs
//! from the clean table in one respect.

use super::Expected;
use super::source;

/// One polluted file and what a perfect reader would load from it.
pub(super) struct Polluted {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) expected: Expected,
    /// The rows as they were before the pollution: what an answer must be where it is accepted.
    pub(super) truth: Vec<Vec<String>>,
}

/// How a file is written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) delimiter: &'static str,
    pub(super) quote: char,
    pub(super) escape: Option<char>,
    pub(super) end: &'static str,
}

pub(super) const STANDARD: Style =
    Style { delimiter: ",", quote: '"', escape: Some('"'), end: "\r\n" };

impl Style {
    fn cell(self, cell: &str) -> String {
        let needs = cell.contains([self.quote, '\n', '\r', ' ', ';', '\t'])
            || cell.contains(self.delimiter);
        if !needs {
            return cell.into();
        }
        let quote = self.quote.to_string();
        let inner = match self.escape {
            Some(escape) => cell.replace(self.quote, &format!("{escape}{quote}")),
            None => cell.into(),
        };
        format!("{quote}{inner}{quote}")
    }

    pub(super) fn line(self, cells: &[String]) -> String {
        cells.iter().map(|c| self.cell(c)).collect::<Vec<_>>().join(self.delimiter)
    }

    pub(super) fn file(self, rows: &[Vec<String>]) -> String {
        rows.iter().map(|r| self.line(r) + self.end).collect()
    }
}

/// Every polluted file.
pub(super) fn all() -> Vec<Polluted> {
    let mut files = whole_files();
    files.extend(dialects());
    files.extend(single_rows());
    files
}

/// A file whose first rows are the header.
pub(super) fn of(name: &str, text: &str, n_header: usize, rows: &[Vec<String>]) -> Polluted {
    Polluted {
        name: format!("{name}.csv"),
        bytes: text.into(),
        truth: rows[n_header..].to_vec(),
        expected: Expected {
            header: rows[..n_header].concat(),
            records: rows[n_header..].to_vec(),
        },
    }
}

fn whole_files() -> Vec<Polluted> {
    let rows = source::table();
    let text = STANDARD.file(&rows);
    let cells = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    let second = cells(&["", "hh:mm", "pieces", "", "USD", "", "in words", "", ""]);
    let third = cells(&[
        "of sale",
        "local",
        "sold",
        "of the shop",
        "each",
        "of goods",
        "",
        "of the item",
        "",
    ]);
    let two = [&rows[..1], std::slice::from_ref(&second), &rows[1..]].concat();
    let three = [&rows[..1], &[second, third], &rows[1..]].concat();
    let narrow: Vec<Vec<String>> = rows.iter().map(|r| r[..5].to_vec()).collect();
    let both = |a: &[Vec<String>], b: &[Vec<String>]| [a, &b[1..]].concat();
    let join = |a: &[Vec<String>], b: &[Vec<String>]| {
        format!("{}\r\n{}", STANDARD.file(a), STANDARD.file(b))
    };
    vec![
        of("source", &text, 1, &rows),
        of("file_no_payload", "", 0, &[]),
        of("file_no_trailing_newline", text.trim_end(), 1, &rows),
        of("file_double_trailing_newline", &format!("{text}\r\n"), 1, &rows),
        of("file_no_header", &STANDARD.file(&rows[1..]), 0, &rows[1..]),
        of("file_header_multirow_2", &STANDARD.file(&two), 2, &two),
        of("file_header_multirow_3", &STANDARD.file(&three), 3, &three),
        of(
            "file_preamble",
            &format!("Sales of the shop\r\nas of June 2021\r\n\r\n{text}"),
            1,
            &rows,
        ),
        of("file_multitable_less", &join(&narrow, &rows), 1, &both(&narrow, &rows)),
        of("file_multitable_more", &join(&rows, &narrow), 1, &both(&rows, &narrow)),
        of("file_multitable_same", &join(&rows, &rows), 1, &both(&rows, &rows)),
        of("file_header_only", &STANDARD.file(&rows[..1]), 1, &rows[..1]),
        of("file_one_data_row", &STANDARD.file(&rows[..2]), 1, &rows[..2]),
    ]
}

fn dialects() -> Vec<Polluted> {
    let rows = source::table();
    [
        ("file_field_delimiter_0x20", Style { delimiter: " ", ..STANDARD }),
        ("file_field_delimiter_0x2C_0x20", Style { delimiter: ", ", ..STANDARD }),
        ("file_field_delimiter_0x3B", Style { delimiter: ";", ..STANDARD }),
        ("file_field_delimiter_0x9", Style { delimiter: "\t", ..STANDARD }),
        ("file_field_delimiter_0x7C_0x7C", Style { delimiter: "||", ..STANDARD }),
        ("file_quotation_char_0x27", Style { quote: '\'', escape: Some('\''), ..STANDARD }),
        ("file_escape_char_0x5C", Style { escape: Some('\\'), ..STANDARD }),
        ("file_escape_char_0x00", Style { escape: None, ..STANDARD }),
        ("file_record_delimiter_0xA", Style { end: "\n", ..STANDARD }),
        ("file_record_delimiter_0xD", Style { end: "\r", ..STANDARD }),
    ]
    .map(|(name, style)| of(name, &style.file(&rows), 1, &rows))
    .into()
}

fn single_rows() -> Vec<Polluted> {
    let rows = source::table();
    let lines: Vec<String> = rows.iter().map(|r| STANDARD.line(r)).collect();
    let truth = rows[1..].to_vec();
    let with = |name: &str, x: usize, line: String, row: Vec<String>| {
        let (mut lines, mut rows) = (lines.clone(), rows.clone());
        (lines[x], rows[x]) = (line, row);
        let text: String = lines.iter().map(|l| format!("{l}\r\n")).collect();
        Polluted { truth: truth.clone(), ..of(name, &text, 1, &rows) }
    };
    let mut files = Vec::new();
    for (x, row) in rows.iter().enumerate() {
        let written: Vec<String> = row.iter().map(|c| STANDARD.cell(c)).collect();
        for y in 0..row.len() {
            if y > 0 {
                let mut raw = written.clone();
                let mut less = row.clone();
                let (right, cell) = (raw.remove(y), less.remove(y));
                raw[y - 1].push_str(&right);
                less[y - 1].push_str(&cell);
                files.push(with(&format!("row_less_sep_row{x}_col{y}"), x, raw.join(","), less));
            }
            let (mut raw, mut more) = (written.clone(), row.clone());
            raw.insert(y, String::new());
            more.insert(y, String::new());
            files.push(with(&format!("row_more_sep_row{x}_col{y}"), x, raw.join(","), more));

            // In front, in the middle and behind in turn: the description leaves the place open.
            let (mut raw, mut extra) = (written.clone(), row.clone());
            for cell in [&mut raw[y], &mut extra[y]] {
                let at = [0, cell.len() / 2, cell.len()][(x + y) % 3];
                cell.insert(cell.floor_char_boundary(at), '"');
            }
            files.push(with(&format!("row_extra_quote{x}_col{y}"), x, raw.join(","), extra));
        }
        let style = Style { delimiter: " ", ..STANDARD };
        files.push(with(&format!("row_field_delimiter_{x}_0x20"), x, style.line(row), row.clone()));
    }
    files
}
