//! From the cells of a table to coded rows.
//!
//! In: the file and the codebook. Out: a [`CodedTable`] or the first error in the order of rows.
//! Must not know: what becomes of the rows.

use std::collections::BTreeMap;
use std::path::Path;

use super::columns::{self, At, Codes, Found, yes_or_no};
use super::{CodedRow, CodedTable, Columns, Error, Repeated};
use crate::codebook::Codebook;
use crate::config::nearest;
use crate::ingest::{self, Limits, Sheet, SheetRequest};
use crate::text::Verbatim;

/// Rows that a warning names one by one.
const NAMED: usize = 5;

/// As [`super::read_as`], under limits.
pub(super) fn read(
    (path, shown): (&Path, &str),
    codebook: &Codebook,
    asked: &Columns,
    limits: Limits,
) -> Result<CodedTable, Error> {
    let file = shown.to_owned();
    let wanted = columns::wanted(asked, codebook);
    let sheet = asked.sheet.as_deref();
    let request = SheetRequest { path, shown: &file, sheet, wanted: &wanted, limits };
    let sheet = ingest::sheet(&request)?;
    let found = columns::find(&file, &sheet, asked, codebook)?;
    let mut reader = Reader {
        file,
        sheet: &sheet,
        codebook,
        ids: BTreeMap::new(),
        repeated: asked.repeated,
        blank: Vec::new(),
        table: CodedTable {
            rows: Vec::with_capacity(sheet.len()),
            themes: match &found.codes {
                Codes::Joined(_) => (0..codebook.themes.len()).collect(),
                Codes::Single(themes) => themes.iter().map(|(theme, _)| *theme).collect(),
            },
            unfilled: Vec::new(),
            warnings: sheet.warnings().iter().filter(|w| !is_of_ours(w)).cloned().collect(),
            sha256: sheet.sha256().to_owned(),
        },
    };
    reader.table.warnings.extend(found.warnings.iter().cloned());
    for row in 0..sheet.len() {
        reader.row(row, &found)?;
    }
    reader.finish()
}

/// The further sheets of a workbook that `canvass sample` or `canvass evaluate` wrote hold
/// definitions and instructions: nobody needs to be told that they were not read.
fn is_of_ours(warning: &str) -> bool {
    crate::coded::SHEETS.iter().any(|sheet| warning.contains(&format!("sheet `{sheet}` was read")))
}

struct Reader<'a> {
    file: String,
    sheet: &'a Sheet,
    codebook: &'a Codebook,
    /// Where an id of a coder stands first.
    ids: BTreeMap<(String, String), u32>,
    repeated: Repeated,
    /// Rows without a text.
    blank: Vec<u32>,
    table: CodedTable,
}

impl Reader<'_> {
    fn row(&mut self, row: usize, found: &Found) -> Result<(), Error> {
        let place = self.sheet.place(row);
        let value = |at: &At| self.sheet.value(row, at.column).to_owned();
        let filled = |at: &Option<At>| at.as_ref().map(value).filter(|v| !v.is_empty());
        let coder = filled(&found.coder);
        let id = self.id(row, found, coder.as_deref())?;
        let words = |at: &At| self.sheet.words(row, at.column);
        let text = found.text.as_ref().map_or_else(|| Verbatim::new(""), words);
        if found.text.is_some() && text.is_empty() {
            self.blank.push(place);
            return Ok(());
        }
        let (codes, touched) = match &found.codes {
            Codes::Joined(at) => (self.joined(row, at)?, true),
            Codes::Single(themes) => self.single(row, themes)?,
        };
        if !touched && found.done.as_ref().is_some_and(|at| value(at).is_empty()) {
            self.table.unfilled.push((place, id));
            return Ok(());
        }
        let coded = CodedRow {
            id,
            row: place,
            text,
            context: found.context.iter().map(words).collect(),
            participant: filled(&found.participant),
            codes,
            coder,
            stratum: filled(&found.stratum),
            probability: found
                .probability
                .as_ref()
                .map(|at| self.probability(row, at))
                .transpose()?,
            groups: found.groups.iter().map(value).collect(),
        };
        self.table.rows.push(coded);
        Ok(())
    }

    fn id(&mut self, row: usize, found: &Found, coder: Option<&str>) -> Result<String, Error> {
        let place = self.sheet.place(row);
        let Some(at) = &found.id else { return Ok(format!("row-{place}")) };
        let id = self.sheet.value(row, at.column).to_owned();
        let (file, column) = (self.file.clone(), at.name.clone());
        if id.is_empty() {
            return Err(Error::NoId { file, row: place, column });
        }
        let key = (coder.unwrap_or_default().to_owned(), id.clone());
        match self.ids.insert(key, place) {
            Some(earlier) if self.repeated == Repeated::Refused => {
                Err(Error::SameId { file, row: place, column, earlier })
            }
            _ => Ok(id),
        }
    }

    fn joined(&self, row: usize, at: &At) -> Result<Vec<usize>, Error> {
        let mut codes = Vec::new();
        for code in self.sheet.value(row, at.column).split(';').map(str::trim) {
            if code.is_empty() {
                continue;
            }
            let theme = columns::theme(self.codebook, code);
            codes.push(theme.ok_or_else(|| self.unknown(row, at, code))?);
        }
        codes.sort_unstable();
        codes.dedup();
        Ok(codes)
    }

    /// A code that looks like none may be an answer and is not quoted.
    fn unknown(&self, row: usize, at: &At, code: &str) -> Error {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let shown =
            (code.chars().count() <= 60 && code.chars().all(plain)).then(|| code.to_owned());
        let ids = self.codebook.themes.iter().map(|t| t.id.as_str());
        Error::UnknownTheme {
            file: self.file.clone(),
            row: self.sheet.place(row),
            column: at.name.clone(),
            nearest: shown.as_ref().and_then(|_| nearest(code, ids)),
            code: shown,
        }
    }

    /// The themes of a row with a column a theme, and whether any of them is filled.
    fn single(&self, row: usize, themes: &[(usize, At)]) -> Result<(Vec<usize>, bool), Error> {
        let (mut codes, mut touched) = (Vec::new(), false);
        for (theme, at) in themes {
            let cell = self.sheet.value(row, at.column);
            touched |= !cell.is_empty();
            match yes_or_no(cell) {
                Some(true) => codes.push(*theme),
                Some(false) => {}
                None => {
                    let (file, column) = (self.file.clone(), at.name.clone());
                    return Err(Error::NotBinary { file, row: self.sheet.place(row), column });
                }
            }
        }
        Ok((codes, touched))
    }

    fn probability(&self, row: usize, at: &At) -> Result<f64, Error> {
        let value = self.sheet.value(row, at.column).parse::<f64>().ok();
        value.filter(|p| *p > 0.0 && *p <= 1.0).ok_or_else(|| Error::NoProbability {
            file: self.file.clone(),
            row: self.sheet.place(row),
            column: at.name.clone(),
        })
    }

    fn finish(mut self) -> Result<CodedTable, Error> {
        let (file, unfilled) = (self.file, self.table.unfilled.len());
        if self.table.rows.is_empty() {
            return Err(match unfilled {
                0 => Error::NoText { file },
                rows => Error::Unfilled { file, rows },
            });
        }
        let warnings = &mut self.table.warnings;
        for (place, why) in self.sheet.rejects() {
            warnings.push(format!("`{file}`, row {place}: left out: {why}"));
        }
        if !self.blank.is_empty() {
            warnings.push(format!("`{file}`: left out, no text: {}", listed(&self.blank)));
        }
        if unfilled > 0 {
            let rows: Vec<u32> = self.table.unfilled.iter().map(|(row, _)| *row).collect();
            warnings.push(format!("`{file}`: not coded yet: {}", listed(&rows)));
        }
        Ok(self.table)
    }
}

/// `row 4`, `rows 4, 9 and 12`, `rows 4, 5, 6, 7, 8 and 20 more`.
fn listed(rows: &[u32]) -> String {
    let all: Vec<String> = rows.iter().map(u32::to_string).collect();
    match all.as_slice() {
        [one] => format!("row {one}"),
        [first @ .., last] if all.len() <= NAMED => format!("rows {} and {last}", first.join(", ")),
        _ => format!("rows {} and {} more", all[..NAMED].join(", "), all.len() - NAMED),
    }
}
