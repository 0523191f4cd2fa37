//! Sheets of Excel workbooks (XLSX, XLSM) to records.
//!
//! In: an [`Archive`]. Out: [`Sheet`]s and the records of one sheet, streamed; the shared
//! strings are held packed. Vocabulary of ECMA-376 part 1, chapter 18.
//! Must not know: what the cells mean, the other formats.

use super::book::Book;
use super::row::Row;
use super::strings::Strings;
use super::value::{self, Shown};
use super::xml::{Node, Tag, Xml};
use super::{Choice, Request, Sheet, broken, choose, styles};
use crate::ingest::archive::{Archive, Part, Stop};
use crate::ingest::table::record::{Record, Records};
use crate::ingest::{Error, Reject};

const MAX_ROW: u32 = 1_048_576;
const OUTSIDE: &str = "a cell lies outside of what Excel allows";

/// The sheets that hold cells.
pub(super) fn sheets(request: &Request<'_>, zip: &mut Archive<'_>) -> Result<Vec<Sheet>, Error> {
    Ok(Book::read(request, zip)?.sheets.into_iter().map(|(sheet, _)| sheet).collect())
}

/// Opens the wanted sheet of a file of `packed` bytes.
pub(super) fn open<'z, 'a, 'r>(
    request: &Request<'r>,
    zip: &'z mut Archive<'a>,
    packed: u64,
) -> Result<XlsxRecords<'z, 'a, 'r>, Error> {
    let file = request.file;
    let book = Book::read(request, zip)?;
    let (sheets, mut parts): (Vec<Sheet>, Vec<String>) = book.sheets.into_iter().unzip();
    let Choice { index, warning } = choose(request, &sheets)?;
    let part = parts.swap_remove(index);
    let styles = match book.styles.filter(|part| zip.has(part)) {
        Some(name) => match zip.stream(&name)? {
            Some(part) => styles::read(part).map_err(|stop| stop.into_error(file, &name))?,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    let strings = match book.strings.filter(|part| zip.has(part)) {
        Some(name) => Strings::read(request, zip, &name)?,
        None => Strings::default(),
    };
    let stream = zip.stream(&part)?;
    let stream = stream.ok_or_else(|| broken(file, format!("`{part}` is missing or damaged")))?;
    let mut records = XlsxRecords {
        xml: Xml::new(stream),
        file,
        part,
        number: index + 1,
        row: Row::new(file, request.limits, packed),
        strings,
        styles,
        since_1904: book.since_1904,
        place: 0,
        done: false,
        scratch: String::new(),
        warning,
    };
    records.find_cells()?;
    Ok(records)
}

/// The records of one sheet.
pub(super) struct XlsxRecords<'z, 'a, 'r> {
    xml: Xml<Part<'z, 'a>>,
    file: &'r str,
    part: String,
    /// Number of the sheet, from 1.
    number: usize,
    row: Row<'r>,
    strings: Strings,
    styles: Vec<Shown>,
    since_1904: bool,
    /// Number of the row that was last begun, from 1.
    place: u32,
    done: bool,
    scratch: String,
    warning: Option<String>,
}

/// What the next node means.
enum Step {
    Row(Option<u32>),
    EndRow,
    Cell(Head),
    EndSheet,
    Other,
}

/// The beginning of a cell.
#[derive(Default)]
struct Head {
    /// Row from 1 and column from 0.
    at: Option<(u32, usize)>,
    style: usize,
    kind: Kind,
}

/// How a cell's value is written.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Inline,
    Bool,
    Date,
    Word,
}

impl XlsxRecords<'_, '_, '_> {
    fn fail(&self, stop: Stop) -> Error {
        stop.into_error(self.file, &self.part)
    }

    /// Passes over what stands before the cells.
    fn find_cells(&mut self) -> Result<(), Error> {
        loop {
            match self.xml.next() {
                Ok(Some(Node::Start(tag))) if tag.is("sheetData") => return Ok(()),
                Ok(Some(_)) => {}
                Ok(None) => return Err(broken(self.file, "the sheet holds no cells".into())),
                Err(stop) => return Err(self.fail(stop)),
            }
        }
    }

    fn step(&mut self) -> Result<Step, Stop> {
        Ok(match self.xml.next()? {
            Some(Node::Start(tag)) if tag.is("row") => Step::Row(row_number(&tag)?),
            Some(Node::Start(tag)) if tag.is("c") => Step::Cell(head(&tag)?),
            Some(Node::End(tag)) if tag.is("row") => Step::EndRow,
            Some(Node::End(tag)) if tag.is("sheetData") => Step::EndSheet,
            None => return Err(Stop::Damaged("its XML ends too early")),
            Some(_) => Step::Other,
        })
    }

    fn begin_row(&mut self, number: Option<u32>) -> Result<(), Error> {
        let place = number.unwrap_or(self.place + 1);
        if place == 0 || place > MAX_ROW {
            return Err(broken(self.file, OUTSIDE.into()));
        }
        if place <= self.place {
            let reason = format!("row {place} stands below row {}", self.place);
            return Err(broken(self.file, reason));
        }
        self.place = place;
        Ok(())
    }

    /// Reads a cell up to its end; returns whether it stands in the row that it names.
    fn cell(&mut self, head: &Head, column: usize) -> Result<(), Error> {
        self.value(head.kind).map_err(|stop| self.fail(stop))?;
        if !self.row.is_cut() {
            self.convert(head);
        }
        self.row.end_cell(column)
    }

    /// The text of `v`, or of every `t` in `is` that is no reading aid.
    fn value(&mut self, kind: Kind) -> Result<(), Stop> {
        let inside = self.xml.depth();
        let mut wanted = false;
        while self.xml.depth() >= inside {
            match self.xml.next()? {
                Some(Node::Text(text)) if wanted => self.row.write(&text),
                Some(Node::Start(tag)) => {
                    wanted = tag.is(if kind == Kind::Inline { "t" } else { "v" });
                    if tag.is("rPh") || tag.is("f") || tag.is("extLst") {
                        self.xml.skip()?;
                    }
                }
                Some(Node::End(_)) => wanted = false,
                Some(Node::Text(_)) => {}
                None => return Err(Stop::Damaged("its XML ends too early")),
            }
        }
        Ok(())
    }

    /// Turns what is written in a cell into what the spreadsheet shows.
    fn convert(&mut self, head: &Head) {
        let written = self.row.current();
        if written.is_empty() || head.kind == Kind::Word {
            return;
        }
        self.scratch.clear();
        match head.kind {
            Kind::Text | Kind::Inline => {
                if !written.contains("_x") {
                    return;
                }
                value::unescape(written, &mut self.scratch);
                self.row.replace(&self.scratch);
            }
            Kind::Shared => {
                let number = written.trim().parse().unwrap_or(usize::MAX);
                match self.strings.get(number) {
                    Ok(text) => self.row.replace(text),
                    Err(why) => self.row.reject(why),
                }
            }
            Kind::Bool => {
                let word = match written.trim() {
                    "1" | "true" => "TRUE",
                    "0" | "false" => "FALSE",
                    _ => return,
                };
                self.row.replace(word);
            }
            Kind::Date => {
                self.scratch.push_str(value::iso_date(written));
                self.row.replace(&self.scratch);
            }
            Kind::Number => {
                let shown = self.styles.get(head.style).copied().unwrap_or_default();
                let days = written.trim().parse::<f64>().ok().filter(|v| v.is_finite());
                match days.filter(|_| shown != Shown::Number) {
                    Some(days) => {
                        value::serial(days, shown, self.since_1904, &mut self.scratch);
                        self.row.replace(&self.scratch);
                    }
                    None if value::literal(written, &mut self.scratch) => {
                        self.row.replace(&self.scratch);
                    }
                    None => {}
                }
            }
            Kind::Word => {}
        }
    }
}

impl Records for XlsxRecords<'_, '_, '_> {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        let mut column = 0;
        let mut named = false;
        while !self.done {
            match self.step().map_err(|stop| self.fail(stop))? {
                Step::Row(number) => {
                    self.begin_row(number)?;
                    column = 0;
                    named = number.is_some();
                }
                Step::Cell(head) => {
                    if let Some((row, at)) = head.at {
                        if !named && row != self.place {
                            self.place = self.place.saturating_sub(1);
                            self.begin_row(Some(row))?;
                        } else if row != self.place {
                            self.row.reject(Reject::Unreadable { why: "a cell of another row" });
                        }
                        column = at;
                        named = true;
                    }
                    self.cell(&head, column)?;
                    column += 1;
                }
                Step::EndRow => {
                    if self.row.end(self.place, record) {
                        return Ok(true);
                    }
                }
                Step::EndSheet => {
                    self.done = true;
                    self.xml.drain().map_err(|stop| self.fail(stop))?;
                }
                Step::Other => {}
            }
        }
        Ok(false)
    }

    fn format(&self) -> String {
        format!("xlsx, sheet {}", self.number)
    }

    fn warnings(&mut self) -> Vec<String> {
        self.warning.take().into_iter().collect()
    }
}

/// The number of a row, where it has one.
fn row_number(tag: &Tag<'_>) -> Result<Option<u32>, Stop> {
    let mut number = None;
    tag.attributes(|name, value| {
        if name == "r" {
            number = Some(value.trim().parse().unwrap_or(0));
        }
    })?;
    Ok(number)
}

fn head(tag: &Tag<'_>) -> Result<Head, Stop> {
    let mut head = Head::default();
    let mut wrong = None;
    tag.attributes(|name, value| match name {
        "r" => match place(value) {
            Some(at) => head.at = Some(at),
            None => wrong = Some(Stop::Damaged(OUTSIDE)),
        },
        "s" => head.style = value.parse().unwrap_or(0),
        "t" => {
            head.kind = match value {
                "s" => Kind::Shared,
                "str" => Kind::Text,
                "inlineStr" | "is" => Kind::Inline,
                "b" => Kind::Bool,
                "d" => Kind::Date,
                "e" => Kind::Word,
                _ => Kind::Number,
            }
        }
        _ => {}
    })?;
    wrong.map_or(Ok(head), Err)
}

/// `B7` as row 7 (from 1) and column 1 (from 0).
fn place(reference: &str) -> Option<(u32, usize)> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let (column, row) = reference.split_at(letters);
    let digit = |b: u8| usize::from(b.to_ascii_uppercase() - b'A') + 1;
    let column = column.bytes().fold(0, |sum, b| sum * 26 + digit(b));
    let row = row.parse().ok().filter(|row| (1..=MAX_ROW).contains(row))?;
    Some((row, column - 1))
}
