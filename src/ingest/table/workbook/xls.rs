//! Old Excel workbooks (XLS: BIFF8 of Excel 97 to 2003, BIFF5 of Excel 5.0 and 95) to records.
//!
//! In: the bytes of a compound file. Out: [`Sheet`]s and the records of one sheet. The cells'
//! places are listed first, eight bytes each, since a file may hold them in any order; their
//! values are read when their row comes. Layout of \[MS-XLS\] 2.4.
//! Must not know: what the cells mean, the other formats.

use std::io::{Cursor, Read};

use super::biff::{Binary, Reader, Writing, shared_strings};
use super::row::Row;
use super::shared::Shared;
use super::value::{self, Shown};
use super::{Request, Sheet, broken, choose};
use crate::ingest::table::record::{Record, Records};
use crate::ingest::{Error, Reject};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;

/// The sheets that hold cells.
pub(super) fn sheets(request: &Request<'_>, bytes: &[u8]) -> Result<Vec<Sheet>, Error> {
    let stream = stream(request, bytes)?;
    Ok(Globals::read(request, &stream)?.sheets.into_iter().map(|(sheet, _)| sheet).collect())
}

/// Opens the wanted sheet.
pub(super) fn open<'r>(request: &Request<'r>, bytes: &[u8]) -> Result<XlsRecords<'r>, Error> {
    let stream = stream(request, bytes)?;
    let mut globals = Globals::read(request, &stream)?;
    let sheets: Vec<Sheet> = globals.sheets.iter().map(|(sheet, _)| sheet.clone()).collect();
    let choice = choose(request, &sheets)?;
    let offset = globals.sheets.swap_remove(choice.index).1;
    let cells = cells(&stream, offset)
        .ok_or_else(|| broken(request.file, "it ends too early, or is damaged".into()))?;
    Ok(XlsRecords {
        row: Row::new(request.file, request.limits, bytes.len() as u64),
        number: choice.index + 1,
        warning: choice.warning,
        stream,
        globals,
        cells,
        next: 0,
        text: String::new(),
    })
}

/// The stream of the workbook inside of the compound file.
fn stream(request: &Request<'_>, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = || broken(request.file, "it is no compound file, or damaged".into());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name));
    let no_workbook = || broken(request.file, "it holds no workbook".into());
    let part = file.open_stream(name.ok_or_else(no_workbook)?).map_err(|_| damaged())?;
    let mut stream = Vec::new();
    // A damaged chain of sectors may run in circles: a stream is never longer than its file.
    part.take(bytes.len() as u64).read_to_end(&mut stream).map_err(|_| damaged())?;
    Ok(stream)
}

/// What stands before the sheets.
struct Globals {
    /// Each with the offset where it begins.
    sheets: Vec<(Sheet, usize)>,
    shared: Shared,
    /// By cell style.
    shown: Vec<Shown>,
    since_1904: bool,
    writing: Writing,
}

impl Globals {
    fn read(request: &Request<'_>, stream: &[u8]) -> Result<Self, Error> {
        let first = Binary::at(stream, 0).filter(|r| r.kind == BOF);
        let wide = match first.map(|r| r.u16(0)) {
            Some(0x0600) => true,
            Some(0x0500) => false,
            _ => return Err(broken(request.file, "its version of Excel is unknown".into())),
        };
        let mut globals = Self {
            sheets: Vec::new(),
            shared: Shared::default(),
            shown: Vec::new(),
            since_1904: false,
            writing: Writing { wide, page: encoding_rs::WINDOWS_1252 },
        };
        let mut formats = std::collections::BTreeMap::new();
        let mut offset = 0;
        while let Some(record) = Binary::at(stream, offset) {
            offset = record.end;
            match record.kind {
                EOF => return Ok(globals),
                // FilePass: the rest is encrypted.
                0x002F => return Err(Error::Encrypted { file: request.file.into() }),
                0x0042 => globals.writing.page = Writing::page(record.u16(0)),
                0x0022 => globals.since_1904 = record.u16(0) == 1,
                // BoundSheet
                0x0085 => globals.sheet(request, stream, record)?,
                0x00FC => globals.shared = shared_strings(stream, record),
                // Format
                0x041E => {
                    let (mut code, length) = (String::new(), if wide { 2 } else { 1 });
                    let mut reader = Reader::new(stream, record, 2);
                    let _cut_short = reader.text(globals.writing, length, &mut code);
                    formats.insert(record.u16(0), value::classify(&code));
                }
                // XF
                0x00E0 => {
                    let id = record.u16(2);
                    let built_in = || value::built_in(u32::from(id));
                    globals.shown.push(formats.get(&id).copied().unwrap_or_else(built_in));
                }
                _ => {}
            }
        }
        Err(broken(request.file, "it ends too early".into()))
    }

    fn sheet(
        &mut self,
        request: &Request<'_>,
        stream: &[u8],
        record: Binary<'_>,
    ) -> Result<(), Error> {
        let kind = record.data.get(5).copied().unwrap_or(0);
        if kind != 0 {
            // A chart or a macro sheet.
            return Ok(());
        }
        if self.sheets.len() >= request.limits.sheets {
            let limit = request.limits.sheets.to_string();
            let what = "its number of sheets".into();
            return Err(Error::TooBig { file: request.file.into(), what, limit });
        }
        let mut name = String::new();
        let _cut_short = Reader::new(stream, record, 6).text(self.writing, 1, &mut name);
        let hidden = record.data.get(4).is_some_and(|state| state & 3 != 0);
        let offset = record.u32(0).unwrap_or(u32::MAX) as usize;
        self.sheets.push((Sheet { name, hidden }, offset));
        Ok(())
    }
}

/// Where a record with cells stands.
#[derive(Clone, Copy)]
struct Place {
    row: u16,
    column: u16,
    offset: u32,
}

/// The places of a sheet's cells in the order of rows and columns; `None` where the sheet does
/// not begin at the offset, or does not end.
fn cells(stream: &[u8], offset: usize) -> Option<Vec<Place>> {
    let first = Binary::at(stream, offset).filter(|r| r.kind == BOF)?;
    let mut cells: Vec<Place> = Vec::new();
    let mut at = first.end;
    // A chart that is embedded in the sheet has a beginning and an end of its own.
    let mut inside = 1;
    while inside > 0 {
        let record = Binary::at(stream, at)?;
        match record.kind {
            BOF => inside += 1,
            EOF => inside -= 1,
            kind if inside == 1 && holds_value(kind) => {
                let offset = u32::try_from(at).ok()?;
                cells.push(Place { row: record.u16(0), column: record.u16(2), offset });
            }
            _ => {}
        }
        at = record.end;
    }
    let key = |p: &Place| (p.row, p.column);
    if !cells.is_sorted_by_key(key) {
        cells.sort_by_key(key);
    }
    Some(cells)
}

/// LabelSst, Label, RString, Number, RK, MulRk, BoolErr, Formula; in BIFF5 a formula's number
/// may differ.
fn holds_value(kind: u16) -> bool {
    matches!(kind, 0x00FD | 0x0204 | 0x00D6 | 0x0203 | 0x027E | 0x00BD | 0x0205 | 0x0006 | 0x0406)
}

/// The records of one sheet.
pub(super) struct XlsRecords<'r> {
    row: Row<'r>,
    number: usize,
    warning: Option<String>,
    stream: Vec<u8>,
    globals: Globals,
    cells: Vec<Place>,
    next: usize,
    text: String,
}

impl XlsRecords<'_> {
    /// Writes the cells of one record.
    fn cell(&mut self, place: Place) -> Result<(), Error> {
        let Some(record) = Binary::at(&self.stream, place.offset as usize) else {
            return Ok(());
        };
        let column = usize::from(place.column);
        if record.kind == 0x00BD {
            // Style and number in turn; the last two bytes name the last column.
            let n = record.data.len().saturating_sub(6) / 6;
            let values: Vec<_> =
                (0..n).map(|i| (record.u16(4 + 6 * i), record.rk(6 + 6 * i))).collect();
            for (i, (style, number)) in values.into_iter().enumerate() {
                self.text.clear();
                number.inspect(|number| self.globals.number(*number, style, &mut self.text));
                self.row.write(&self.text);
                self.row.end_cell(column + i)?;
            }
            return Ok(());
        }
        self.text.clear();
        if let Err(why) = self.globals.value(&self.stream, record, &mut self.text) {
            self.row.reject(why);
        }
        self.row.write(&self.text);
        self.row.end_cell(column)
    }
}

impl Globals {
    /// The text that a cell shows.
    fn value(&self, stream: &[u8], record: Binary<'_>, out: &mut String) -> Result<(), Reject> {
        const DAMAGED: Reject = Reject::Unreadable { why: "a damaged cell" };
        let style = record.u16(4);
        match record.kind {
            0x00FD => {
                let number = record.u32(6).ok_or(DAMAGED)? as usize;
                let missing = Reject::Unreadable { why: "a cell whose text is missing" };
                out.push_str(self.shared.get(number).ok_or(missing)?);
            }
            0x0204 | 0x00D6 => {
                let mut reader = Reader::new(stream, record, 6);
                reader.text(self.writing, 2, out).ok_or(DAMAGED)?;
            }
            0x0203 => self.number(record.f64(6).ok_or(DAMAGED)?, style, out),
            0x027E => self.number(record.rk(6).ok_or(DAMAGED)?, style, out),
            0x0205 => {
                let (value, is_error) = match record.data.get(6..8) {
                    Some([value, flag]) => (*value, *flag == 1),
                    _ => return Err(DAMAGED),
                };
                out.push_str(if is_error { error_word(value) } else { truth(value) });
            }
            _ => self.formula(stream, record, style, out).ok_or(DAMAGED)?,
        }
        Ok(())
    }

    /// The value that a formula had last.
    fn formula(
        &self,
        stream: &[u8],
        record: Binary<'_>,
        style: u16,
        out: &mut String,
    ) -> Option<()> {
        let value = record.data.get(6..14)?;
        if value[6..] != [0xFF, 0xFF] {
            self.number(record.f64(6)?, style, out);
            return Some(());
        }
        match value[0] {
            0 => {
                // The text stands in a record of its own, perhaps behind those of an array or of
                // a formula that several cells share.
                let mut next = Binary::at(stream, record.end)?;
                while matches!(next.kind, 0x0221 | 0x0236 | 0x04BC | 0x003C) {
                    next = Binary::at(stream, next.end)?;
                }
                if next.kind == 0x0207 {
                    Reader::new(stream, next, 0).text(self.writing, 2, out)?;
                }
            }
            1 => out.push_str(truth(value[2])),
            2 => out.push_str(error_word(value[2])),
            _ => {}
        }
        Some(())
    }

    fn number(&self, number: f64, style: u16, out: &mut String) {
        if !number.is_finite() {
            return;
        }
        match self.shown.get(usize::from(style)).copied().unwrap_or_default() {
            Shown::Number => value::number(number, out),
            shown => value::serial(number, shown, self.since_1904, out),
        }
    }
}

impl Records for XlsRecords<'_> {
    fn next(&mut self, record: &mut Record) -> Result<bool, Error> {
        while let Some(first) = self.cells.get(self.next).copied() {
            while let Some(place) = self.cells.get(self.next).copied() {
                if place.row != first.row {
                    break;
                }
                self.cell(place)?;
                self.next += 1;
            }
            if self.row.end(u32::from(first.row) + 1, record) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn format(&self) -> String {
        format!("xls, sheet {}", self.number)
    }

    fn warnings(&mut self) -> Vec<String> {
        self.warning.take().into_iter().collect()
    }
}

fn truth(value: u8) -> &'static str {
    if value == 0 { "FALSE" } else { "TRUE" }
}

/// The word for an error (\[MS-XLS\] 2.5.10).
fn error_word(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR",
    }
}
