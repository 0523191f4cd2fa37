//! Pollutions that the benchmark does not list and exports have all the same: encodings, other
//! delimiters, line ends and quotes in a file or in one row, titles, notes, trailing delimiters,
//! repeated headers.

use super::polluter::{Polluted, STANDARD, Style, of};
use super::source;

/// Every further file.
pub(super) fn all() -> Vec<Polluted> {
    let mut files = encodings();
    files.extend(dialects());
    files.extend(surroundings());
    files.extend(shapes());
    files.extend(rows());
    files
}

fn named(name: &str, text: &str) -> Polluted {
    of(name, text, 1, &source::table())
}

fn encodings() -> Vec<Polluted> {
    let text = STANDARD.file(&source::table());
    let wide = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    [
        ("file_encoding_utf8_bom", format!("\u{FEFF}{text}").into_bytes()),
        ("file_encoding_utf16le_bom", wide("\u{FEFF}", u16::to_le_bytes)),
        ("file_encoding_utf16be_bom", wide("\u{FEFF}", u16::to_be_bytes)),
        ("file_encoding_utf16le", wide("", u16::to_le_bytes)),
        ("file_encoding_latin1", text.chars().map(|c| u8::try_from(c).unwrap()).collect()),
    ]
    .map(|(name, bytes)| Polluted { bytes, ..named(name, "") })
    .into()
}

fn dialects() -> Vec<Polluted> {
    let rows = source::table();
    let mut files = Vec::new();
    for (code, delimiter) in [
        ("0x7C", "|"),
        ("0x3A", ":"),
        ("0x7E", "~"),
        ("0x5E", "^"),
        ("0x1F", "\u{1F}"),
        ("0x20_0x7C_0x20", " | "),
        ("0x3B_0x20", "; "),
    ] {
        for (quotes, quote) in [("double", '"'), ("single", '\'')] {
            for (ends, end) in [("lf", "\n"), ("cr", "\r"), ("crlf", "\r\n")] {
                for (escapes, escape) in [("doubled", quote), ("backslash", '\\')] {
                    let style = Style { delimiter, quote, end, escape: Some(escape) };
                    let name = format!("file_dialect_{code}_{quotes}_{ends}_{escapes}");
                    files.push(named(&name, &style.file(&rows)));
                }
            }
        }
    }
    let everywhere = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        cells.join(",") + "\r\n"
    };
    files.push(named("file_quotes_everywhere", &rows.iter().map(everywhere).collect::<String>()));
    let lines: Vec<String> = rows.iter().map(|r| STANDARD.line(r)).collect();
    let mixed = |(n, line): (usize, &String)| format!("{line}{}", ["\n", "\r\n", "\r"][n % 3]);
    files.push(named(
        "file_mixed_line_ends",
        &lines.iter().enumerate().map(mixed).collect::<String>(),
    ));
    files
}

fn surroundings() -> Vec<Polluted> {
    let rows = source::table();
    let text = STANDARD.file(&rows);
    let mut files = Vec::new();
    for n in [1, 2, 5, 12] {
        let title = |end: &str| -> String {
            (0..n).map(|i| format!("Sales of the shop part {i}{end}\r\n")).collect()
        };
        files.push(named(&format!("file_preamble_{n}_lines"), &format!("{}{text}", title(""))));
        let padded = format!("{}{text}", title(",,,,,,,,"));
        files.push(named(&format!("file_preamble_{n}_padded"), &padded));
        let mut with_notes = rows.clone();
        with_notes.extend((0..n).map(|i| vec![format!("Note {i}")]));
        files.push(of(&format!("file_footnote_{n}"), &STANDARD.file(&with_notes), 1, &with_notes));
    }
    let commas = |row: &Vec<String>| [row.as_slice(), &[String::new()]].concat();
    let padded: Vec<Vec<String>> = rows.iter().map(commas).collect();
    files.push(of("file_trailing_delimiters", &STANDARD.file(&padded), 1, &padded));
    let below = [&rows[..1], &padded[1..]].concat();
    files.push(of("file_trailing_delimiters_below", &STANDARD.file(&below), 1, &below));
    let blank = text.replace("\r\n", "\r\n\r\n");
    files.push(named("file_blank_line_behind_every_row", &blank));
    files
}

fn shapes() -> Vec<Polluted> {
    let rows = source::table();
    let mut files = Vec::new();
    let mut renamed = |name: &str, cells: [&str; 9]| {
        let mut rows = rows.clone();
        rows[0] = cells.iter().map(ToString::to_string).collect();
        files.push(of(name, &STANDARD.file(&rows), 1, &rows));
    };
    let [date, time, qty, id, price, kind, text, url, last] = source::HEADER;
    renamed("file_names_blank", [date, time, "", id, "", kind, text, url, last]);
    renamed("file_names_twice", [date, time, qty, id, qty, kind, text, url, last]);
    renamed(
        "file_names_in_quotes",
        [date, time, "Qty, in pieces", id, price, kind, text, "the \"URL\"", last],
    );
    let column = |c: usize| rows.iter().map(|r| vec![r[c].clone()]).collect::<Vec<_>>();
    files.push(of("file_one_column_of_text", &STANDARD.file(&column(6)), 1, &column(6)));
    files.push(of("file_one_column_of_ids", &STANDARD.file(&column(3)), 1, &column(3)));
    for n in [2, 3, 4, 6, 10] {
        files.push(of(&format!("file_{n}_records"), &STANDARD.file(&rows[..n]), 1, &rows[..n]));
    }
    let wide: Vec<Vec<String>> =
        rows.iter().map(|r| (0..40).flat_map(|_| r.clone()).collect()).collect();
    files.push(of("file_wide", &STANDARD.file(&wide), 1, &wide));
    files
}

fn rows() -> Vec<Polluted> {
    let rows = source::table();
    let lines: Vec<String> = rows.iter().map(|r| STANDARD.line(r) + "\r\n").collect();
    let with = |name: String, x: usize, line: String| {
        let mut lines = lines.clone();
        lines[x] = line;
        named(&name, &lines.concat())
    };
    let mut files = Vec::new();
    for (x, row) in rows.iter().enumerate() {
        let line = STANDARD.line(row);
        for (code, end) in [("0xA", "\n"), ("0xD", "\r")] {
            let name = format!("row_record_delimiter_{x}_{code}");
            files.push(with(name, x, format!("{line}{end}")));
        }
        files.push(with(format!("row_blank_line_{x}"), x, format!("{line}\r\n\r\n")));
        for (code, delimiter) in [("0x3B", ";"), ("0x9", "\t"), ("0x7C", "|"), ("0x2C_0x20", ", ")]
        {
            let style = Style { delimiter, ..STANDARD };
            let name = format!("row_field_delimiter_{x}_{code}");
            files.push(with(name, x, style.line(row) + "\r\n"));
        }
        if line.contains('"') {
            let style = Style { quote: '\'', escape: Some('\''), ..STANDARD };
            files.push(with(format!("row_quotation_char_{x}_0x27"), x, style.line(row) + "\r\n"));
        }
        if line.contains("\"\"") {
            // As the file's dialect has it, the backslash is a part of the text.
            let style = Style { escape: Some('\\'), ..STANDARD };
            let mut file = with(format!("row_escape_char_{x}_0x5C"), x, style.line(row) + "\r\n");
            for cell in &mut file.expected.records[x - 1] {
                *cell = cell.replace('"', "\\\"");
            }
            files.push(file);
            let style = Style { escape: None, ..STANDARD };
            files.push(with(format!("row_escape_char_{x}_none"), x, style.line(row) + "\r\n"));
        }
        files.extend(torn(x, row, &with));
    }
    files
}

/// A row with a delimiter behind it, and one whose text lost its quotes or holds a line break.
fn torn(
    x: usize,
    row: &[String],
    with: &dyn Fn(String, usize, String) -> Polluted,
) -> Vec<Polluted> {
    let mut files = Vec::new();
    let Some(at) = x.checked_sub(1) else { return files };
    let line = STANDARD.line(row);
    let mut file = with(format!("row_trailing_delimiter_{x}"), x, format!("{line},\r\n"));
    file.expected.records[at].push(String::new());
    files.push(file);
    let plain = row.join(",");
    let mut file = with(format!("row_without_quotes_{x}"), x, format!("{plain}\r\n"));
    file.expected.records[at] = plain.split(',').map(str::to_owned).collect();
    files.push(file);
    let mut broken = row.to_vec();
    broken[6] = format!("{}\r\nand more", broken[6]);
    let mut file = with(format!("row_line_break_{x}"), x, STANDARD.line(&broken) + "\r\n");
    file.expected.records[at].clone_from(&broken);
    file.truth.clone_from(&file.expected.records);
    files.push(file);
    files
}
