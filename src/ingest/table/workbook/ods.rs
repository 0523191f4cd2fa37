//! OpenDocument spreadsheets (ODS) to records.
//!
//! In: an [`Archive`]. Out: [`Sheet`]s and the records of one sheet, streamed. Repeated blank
//! rows and cells cost nothing; repeated filled rows are counted against a limit. Vocabulary of
//! OpenDocument 1.3 part 3, chapters 9 and 19; any prefix.
//! Must not know: what the cells mean, the other formats.

use std::collections::BTreeSet;

use super::cell::Cell;
use super::row::Row;
use super::xml::{Node, Tag, Xml};
use super::{Request, Sheet, broken, choose, others};
use crate::ingest::Error;
use crate::ingest::archive::{Archive, Part, Stop};
use crate::ingest::table::record::{Record, Records};

const PART: &str = "content.xml";
/// Styles of tables beyond this are damage.
const MAX_STYLES: usize = 100_000;

/// The sheets.
pub(super) fn sheets(request: &Request<'_>, zip: &mut Archive<'_>) -> Result<Vec<Sheet>, Error> {
    let mut tables = Tables::open(request, zip)?;
    let listed = tables.list();
    let inflated = tables.xml.inner().read_so_far();
    drop(tables);
    zip.spent(inflated);
    listed.map_err(|stop| stop.into_error(request.file, PART))
}

/// Opens the wanted sheet of a file of `packed` bytes.
pub(super) fn open<'z, 'a, 'r>(
    request: &Request<'r>,
    zip: &'z mut Archive<'a>,
    packed: u64,
) -> Result<OdsRecords<'z, 'a, 'r>, Error> {
    if is_encrypted(zip)? {
        return Err(Error::Encrypted { file: request.file.into() });
    }
    let wanted = match request.sheet {
        Some(_) => Some(choose(request, &sheets(request, zip)?)?.index),
        None => None,
    };
    let fail = |stop: Stop| stop.into_error(request.file, PART);
    let mut tables = Tables::open(request, zip)?;
    let (mut number, mut sheet) = (0, None);
    while let Some(next) = tables.next().map_err(fail)? {
        number += 1;
        if wanted.map_or(!next.hidden, |index| index + 1 == number) {
            sheet = Some(next);
            break;
        }
        tables.xml.skip().map_err(fail)?;
    }
    let Some(sheet) = sheet else {
        let reason = if number == 0 { "it has no sheet" } else { "all of its sheets are hidden" };
        return Err(broken(request.file, reason.into()));
    };
    Ok(OdsRecords {
        inside: tables.xml.depth(),
        tables,
        request: *request,
        sheet,
        number,
        row: Row::new(request.file, request.limits, packed),
        cell: Cell::default(),
        held: Record::default(),
        left: 0,
        next_place: 1,
        n_repeated: 0,
        n_others: 0,
        done: false,
    })
}

/// Whether the manifest names an encrypted part.
fn is_encrypted(zip: &mut Archive<'_>) -> Result<bool, Error> {
    let manifest = zip.part("META-INF/manifest.xml")?.unwrap_or_default();
    let has = |word: &[u8]| memchr::memmem::find(&manifest, word).is_some();
    Ok(has(b"encryption-data") || zip.has("encrypted-package"))
}

/// The tables of a spreadsheet, one after another.
struct Tables<'z, 'a> {
    xml: Xml<Part<'z, 'a>>,
    /// Styles that hide a table.
    hiding: BTreeSet<String>,
    style: String,
    n: usize,
    max: usize,
}

impl<'z, 'a> Tables<'z, 'a> {
    fn open(request: &Request<'_>, zip: &'z mut Archive<'a>) -> Result<Self, Error> {
        let stream = zip.stream(PART)?;
        let stream = stream.ok_or_else(|| broken(request.file, format!("`{PART}` is missing")))?;
        Ok(Self {
            xml: Xml::new(stream),
            hiding: BTreeSet::new(),
            style: String::new(),
            n: 0,
            max: request.limits.sheets,
        })
    }

    /// Goes to the beginning of the next table.
    fn next(&mut self) -> Result<Option<Sheet>, Stop> {
        while let Some(node) = self.xml.next()? {
            let Node::Start(tag) = node else { continue };
            if tag.is("table") {
                let name = tag.attribute("name")?.unwrap_or_default();
                let style = tag.attribute("style-name")?.unwrap_or_default();
                self.n += 1;
                if self.n > self.max {
                    let limit = self.max.to_string();
                    return Err(Stop::TooBig { what: "its number of sheets", limit });
                }
                return Ok(Some(Sheet { name, hidden: self.hiding.contains(&style) }));
            } else if tag.is("style") {
                self.style = tag.attribute("name")?.unwrap_or_default();
            } else if tag.is("table-properties") {
                if tag.attribute("display")?.is_some_and(|d| d == "false") {
                    self.hiding.insert(std::mem::take(&mut self.style));
                }
                if self.hiding.len() > MAX_STYLES {
                    let limit = MAX_STYLES.to_string();
                    return Err(Stop::TooBig { what: "its number of styles", limit });
                }
            } else if tag.is("tracked-changes") {
                // What was deleted has tables of its own.
                self.xml.skip()?;
            }
        }
        Ok(None)
    }

    fn list(&mut self) -> Result<Vec<Sheet>, Stop> {
        let mut sheets = Vec::new();
        while let Some(sheet) = self.next()? {
            sheets.push(sheet);
            self.xml.skip()?;
        }
        Ok(sheets)
    }
}

/// The records of one sheet.
pub(super) struct OdsRecords<'z, 'a, 'r> {
    tables: Tables<'z, 'a>,
    request: Request<'r>,
    sheet: Sheet,
    /// Number of the sheet, from 1.
    number: usize,
    /// Depth of the table's own children.
    inside: usize,
    row: Row<'r>,
    cell: Cell,
    /// A row that is repeated, and how often it still comes.
    held: Record,
    left: u64,
    next_place: u64,
    n_repeated: u64,
    /// Sheets behind this one that are not hidden.
    n_others: usize,
    done: bool,
}

enum Step {
    Row(u64),
    EndTable,
    Other,
}

impl OdsRecords<'_, '_, '_> {
    fn fail(&self, stop: Stop) -> Error {
        stop.into_error(self.request.file, PART)
    }

    fn step(&mut self) -> Result<Step, Stop> {
        let step = match self.tables.xml.next()? {
            Some(Node::Start(tag)) if tag.is("table-row") => Step::Row(repeats(&tag, "rows")?),
            // Drawings that lie on the sheet, and names and queries, hold no cells.
            Some(Node::Start(tag)) if tag.is("shapes") || tag.is("tracked-changes") => {
                self.tables.xml.skip()?;
                Step::Other
            }
            None => return Err(Stop::Damaged("its XML ends too early")),
            Some(_) => Step::Other,
        };
        let ended = self.tables.xml.depth() < self.inside;
        Ok(if ended { Step::EndTable } else { step })
    }

    /// Reads the cells of a row that comes `n` times.
    fn read_row(&mut self, n: u64) -> Result<bool, Error> {
        let file = self.request.file;
        let fail = |stop: Stop| stop.into_error(file, PART);
        let inside = self.tables.xml.depth();
        let mut column = 0usize;
        while self.tables.xml.depth() >= inside {
            let n = match self.tables.xml.next().map_err(fail)? {
                Some(Node::Start(tag)) if tag.is("table-cell") || tag.is("covered-table-cell") => {
                    self.cell.begin(&tag).and_then(|()| repeats(&tag, "columns")).map_err(fail)?
                }
                None => return Err(fail(Stop::Damaged("its XML ends too early"))),
                Some(_) => continue,
            };
            self.cell.read(&mut self.tables.xml, &mut self.row).map_err(fail)?;
            self.end_cells(column, n)?;
            column = column.saturating_add(usize::try_from(n).unwrap_or(usize::MAX));
        }
        let place = self.next_place;
        self.next_place = place.saturating_add(n);
        let filled = self.row.end(u32::try_from(place).unwrap_or(u32::MAX), &mut self.held);
        if !filled {
            return Ok(false);
        }
        self.n_repeated = self.n_repeated.saturating_add(n - 1);
        if self.n_repeated > self.request.limits.repeats || self.next_place > u64::from(u32::MAX) {
            let limit = self.request.limits.repeats.to_string();
            return Err(self.row.too_big("its number of repeated rows", limit));
        }
        self.left = n;
        Ok(true)
    }

    /// Ends a cell that comes `n` times.
    fn end_cells(&mut self, column: usize, n: u64) -> Result<(), Error> {
        let text = if n > 1 { self.row.current().to_string() } else { String::new() };
        if n > 1 && self.row.is_blank_cell() {
            self.row.drop_cell();
            return Ok(());
        }
        self.row.end_cell(column)?;
        for i in 1..usize::try_from(n).unwrap_or(usize::MAX) {
            self.row.write(&text);
            self.row.end_cell(column.saturating_add(i))?;
        }
        Ok(())
    }

    /// Hands out the row that is held.
    fn deliver(&mut self, record: &mut Record) -> Result<(), Error> {
        let place = self.held.place;
        record.clear(place);
        record.fault = self.held.fault.clone();
        let mut bytes = 0;
        for cell in self.held.cells() {
            record.push(cell);
            bytes += cell.len() as u64;
        }
        self.left -= 1;
        self.held.place = place.saturating_add(1);
        if self.left == 0 {
            return Ok(());
        }
        self.row.count(self.held.len() as u64, bytes)
    }

    /// Reads what is behind the sheet: the other sheets, and the part's checksum.
    fn finish(&mut self) -> Result<(), Stop> {
        while let Some(sheet) = self.tables.next()? {
            self.n_others += usize::from(!sheet.hidden);
            self.tables.xml.skip()?;
        }
        self.tables.xml.drain()
    }
}

impl Records for OdsRecords<'_, '_, '_> {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        while self.left == 0 && !self.done {
            match self.step().map_err(|stop| self.fail(stop))? {
                Step::Row(n) => {
                    self.read_row(n)?;
                }
                Step::EndTable => {
                    self.done = true;
                    self.finish().map_err(|stop| self.fail(stop))?;
                }
                Step::Other => {}
            }
        }
        if self.left == 0 {
            return Ok(false);
        }
        self.deliver(record)?;
        Ok(true)
    }

    fn format(&self) -> String {
        format!("ods, sheet {}", self.number)
    }

    fn warnings(&mut self) -> Vec<String> {
        let n = if self.request.sheet.is_some() { 0 } else { std::mem::take(&mut self.n_others) };
        others(&self.request, &self.sheet, n).into_iter().collect()
    }
}

/// How often a row or a cell comes.
fn repeats(tag: &Tag<'_>, what: &str) -> Result<u64, Stop> {
    let written = tag.attribute(&format!("number-{what}-repeated"))?;
    Ok(written.and_then(|n| n.trim().parse().ok()).unwrap_or(1).max(1))
}
