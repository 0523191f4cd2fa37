//! The rows of every table of a report, whatever its format.
//!
//! In: a file's bytes. Out: [`Row`]s: their cells by heading, and the source, question and column
//! of groups under which the table stands. Tags are read one by one; nothing of the program is used.

use std::io::Read;

/// A row of a table.
#[derive(Debug, Default, Clone)]
pub struct Row {
    pub source: String,
    pub question: String,
    pub group: Option<String>,
    /// Heading and text.
    pub cells: Vec<(String, String)>,
}

/// A tag with its attributes, or a piece of text.
enum Piece<'a> {
    Tag(&'a str),
    Text(String),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split('<').skip(1).flat_map(|part| {
        let (tag, words) = part.split_once('>').unwrap_or((part, ""));
        let words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        [Piece::Tag(tag), Piece::Text(words)]
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next()
}

/// What is gathered while a file is read.
#[derive(Default)]
struct Reader {
    rows: Vec<Row>,
    place: Row,
    head: Vec<String>,
    cells: Vec<String>,
    /// The text that is open.
    text: String,
    in_head: bool,
}

impl Reader {
    fn end_cell(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.cells.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }

    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if self.in_head || self.head.is_empty() {
            self.head = cells;
            return;
        }
        // A corner that spans two rows of the head.
        let corner = (cells.len() == self.head.len() + 1).then(String::new);
        let head = corner.into_iter().chain(self.head.iter().cloned());
        let head = head.chain(std::iter::repeat(String::new()));
        self.rows.push(Row { cells: head.zip(cells).collect(), ..self.place.clone() });
    }
}

pub fn html(bytes: &[u8]) -> Vec<Row> {
    let text = String::from_utf8_lossy(bytes);
    let mut r = Reader::default();
    for piece in pieces(&text) {
        match piece {
            Piece::Text(words) => {
                r.text.push(' ');
                r.text.push_str(&words);
            }
            Piece::Tag(tag) => {
                let name = tag.split([' ', '/']).find(|n| !n.is_empty()).unwrap_or_default();
                match (tag.starts_with('/'), name) {
                    (false, "section") => r.place = Row::default(),
                    (false, "h2" | "h3" | "th" | "td") => r.text.clear(),
                    (true, "h2") => {
                        let at = r.text.find("Source ").map(|at| r.text[at..].trim().to_owned());
                        r.place.source = at.unwrap_or_default();
                    }
                    (true, "h3") => {
                        let title = r.text.split_whitespace().collect::<Vec<_>>().join(" ");
                        r.place.group = title.strip_prefix("By ").map(str::to_owned);
                        r.place.question = title;
                    }
                    (false, "thead") => {
                        r.head.clear();
                        r.in_head = true;
                    }
                    (true, "thead") => r.in_head = false,
                    (true, "th" | "td") => r.end_cell(),
                    (true, "tr") => r.end_row(),
                    _ => {}
                }
            }
        }
    }
    r.rows
}

pub fn docx(bytes: &[u8]) -> Vec<Row> {
    let text = part(bytes, "word/document.xml");
    let mut r = Reader::default();
    let (mut style, mut depth, mut first) = (String::new(), 0, false);
    for piece in pieces(&text) {
        match piece {
            Piece::Text(words) => r.text.push_str(&words),
            Piece::Tag(tag) => match tag.split(' ').next().unwrap_or_default() {
                "w:tbl" => {
                    (depth, first) = (depth + 1, true);
                    r.head.clear();
                }
                "/w:tbl" => depth -= 1,
                "w:p" if depth == 0 => {
                    r.text.clear();
                    style.clear();
                }
                "w:tc" => r.text.clear(),
                "w:br/" | "w:br" | "/w:p" if depth > 0 => r.text.push(' '),
                "w:pStyle" => style = attribute(tag, "w:val").unwrap_or_default().to_owned(),
                "/w:p" => {
                    let words = r.text.trim().to_owned();
                    if style.starts_with("Heading") && words.starts_with("Source ") {
                        r.place.source = words;
                    } else if style == "Heading1" {
                        r.place.source.clear();
                    } else if style == "Caption" {
                        let by = words.split_once(" by C").map(|(_, rest)| format!("C{rest}"));
                        r.place.group = by.map(|c| c.split(',').next().unwrap().to_owned());
                        let question = words.rsplit(": ").next().unwrap_or_default();
                        r.place.question = question.to_owned();
                    }
                }
                "/w:tc" => r.end_cell(),
                "/w:tr" => {
                    r.in_head = std::mem::take(&mut first);
                    r.end_row();
                }
                _ => {}
            },
        }
    }
    r.rows
}

pub fn xlsx(bytes: &[u8]) -> Vec<Row> {
    let shared = part(bytes, "xl/sharedStrings.xml");
    let mut strings: Vec<String> = Vec::new();
    for piece in pieces(&shared) {
        match piece {
            Piece::Tag(tag) if tag == "si" => strings.push(String::new()),
            Piece::Text(words) => {
                if let Some(last) = strings.last_mut() {
                    last.push_str(&words);
                }
            }
            Piece::Tag(_) => {}
        }
    }
    let mut rows = Vec::new();
    for n in 1..20 {
        let sheet = part(bytes, &format!("xl/worksheets/sheet{n}.xml"));
        let mut head: Vec<(usize, String)> = Vec::new();
        let (mut at, mut cell, mut is_shared) = (0, 0, false);
        let mut cells: Vec<(usize, String)> = Vec::new();
        for piece in pieces(&sheet) {
            match piece {
                Piece::Tag(tag) if tag.starts_with("row ") => {
                    at = attribute(tag, "r").unwrap().parse().unwrap();
                    cells.clear();
                }
                Piece::Tag(tag) if tag.starts_with("c ") => {
                    let letters = attribute(tag, "r").unwrap();
                    let letters = letters.bytes().take_while(u8::is_ascii_uppercase);
                    cell = letters.fold(0, |n, c| n * 26 + usize::from(c - b'A') + 1);
                    is_shared = attribute(tag, "t") == Some("s");
                }
                Piece::Text(words) if !words.trim().is_empty() => {
                    let text = if is_shared {
                        words.parse().ok().and_then(|i: usize| strings.get(i).cloned())
                    } else {
                        Some(words)
                    };
                    cells.push((cell, text.unwrap_or_default()));
                }
                Piece::Tag("/row") if at == 4 => head = std::mem::take(&mut cells),
                Piece::Tag("/row") if at > 4 => {
                    let named = |(c, text): &(usize, String)| {
                        let head = head.iter().find(|(h, _)| h == c)?;
                        Some((head.1.clone(), text.clone()))
                    };
                    let cells = cells.iter().filter_map(named).collect();
                    rows.push(Row { cells, ..Row::default() });
                }
                _ => {}
            }
        }
    }
    rows
}

pub fn markdown(bytes: &[u8]) -> Vec<Row> {
    let text = String::from_utf8_lossy(bytes).replace('\\', "").replace(['\u{a0}', '*'], " ");
    let mut r = Reader::default();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let source = title.split(" (").next().unwrap_or_default();
            let source = if source.starts_with("Source ") { source } else { "" };
            r.place = Row { source: source.to_owned(), ..Row::default() };
        } else if let Some(title) = line.strip_prefix("### ") {
            r.place.group = title.strip_prefix("By ").map(str::to_owned);
            r.place.question = title.to_owned();
        }
        if !line.starts_with('|') {
            r.head.clear();
            continue;
        }
        let cells = line.trim_matches('|').split('|').map(|c| c.trim().trim_start_matches('–'));
        r.cells = cells.map(|c| c.trim().to_owned()).collect();
        r.end_row();
    }
    r.rows
}

pub fn csv(bytes: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(bytes);
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| {
        let cells = head.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        Row { cells, ..Row::default() }
    };
    reader.records().map(|r| row(r.unwrap())).collect()
}

/// A file inside a package; empty where there is none.
fn part(bytes: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let Ok(mut file) = package.by_name(name) else { return String::new() };
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    text
}
