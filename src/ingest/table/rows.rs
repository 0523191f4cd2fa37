//! Rows to people and responses.
//!
//! In: records, accepted or rejected, in file order. Out: a [`FileIntake`].
//! Must not know: formats, headers, why a record is rejected.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::columns::Columns;
use super::record::{Record, TORN};
use crate::ingest::alias::safe_id;
use crate::ingest::assemble::{Draft, FileIntake, Person, fill_blanks};
use crate::ingest::{Content, Context, Error, Reject, Rejected};
use crate::text::{RawBytes, Verbatim};

/// Rejected rows with an open quote or a torn text that are named one by one.
const MAX_NAMED: usize = 20;

/// What tells the people of a file apart. A value of one kind never meets one of another, even
/// where both are shown alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    /// By the `participant` column.
    Named(String),
    /// By the `id` column, where the former is blank or missing.
    Row(String),
    /// By the place in the file, where both are.
    Place(u32),
}

/// Collects the rows of one file.
pub(super) struct TableRows<'a> {
    context: &'a Context<'a>,
    columns: Columns,
    numbers: BTreeMap<Who, u32>,
    intake: FileIntake,
    n_repeated: usize,
    n_contradicting: usize,
    n_other_weight: usize,
    n_open: usize,
    /// The first cell that is no weight: line or row, what is wrong.
    bad_weight: Option<(u32, &'static str)>,
}

impl<'a> TableRows<'a> {
    /// No rows yet.
    pub(super) fn new(context: &'a Context<'a>, columns: Columns) -> Self {
        Self {
            context,
            columns,
            numbers: BTreeMap::new(),
            intake: FileIntake::default(),
            n_repeated: 0,
            n_contradicting: 0,
            n_other_weight: 0,
            n_open: 0,
            bad_weight: None,
        }
    }

    /// The columns that are read.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Takes note of a record that is no row: a part of the header, or a title above it.
    pub(super) fn pass_heading(&mut self) {
        self.intake.headings += 1;
    }

    /// Takes in a row, out of the bytes of the file: a response for every question.
    pub(super) fn push(&mut self, record: &Record, bytes: &[u8]) {
        let place = record.place;
        let id_cell = self.columns.id.map_or("", |c| record.cell(c).trim());
        let row_id = if id_cell.is_empty() {
            format!("{}-{place}", self.context.stem)
        } else {
            safe_id(&self.context.spec.name, id_cell)
        };
        let named = self.columns.participant.map_or("", |c| record.cell(c).trim());
        let who = if !named.is_empty() {
            Who::Named(safe_id(&self.context.spec.name, named))
        } else if id_cell.is_empty() {
            Who::Place(place)
        } else {
            Who::Row(row_id.clone())
        };
        let group = |c: &usize| record.cell(*c).trim().to_string();
        let groups = self.columns.groups.iter().map(group).collect();
        let weight = self.weight(record);
        let person = self.person(who, &row_id, groups, weight);
        let mut too_long = None;
        for (question, spec) in self.context.spec.questions.iter().enumerate() {
            let text = self.columns.questions.get(question).map_or("", |c| record.cell(*c));
            let content = if text.len() > self.context.limits.cell_bytes {
                let why = Reject::TooLong { bytes: text.len() };
                too_long.get_or_insert(why.clone());
                Content::Rejected(why)
            } else {
                Content::Text(Verbatim::new(text))
            };
            self.intake.responses.push(Draft {
                question: question as u16,
                person: Some(person),
                row: place,
                id: format!("{row_id}:{}", spec.column),
                content,
            });
        }
        self.intake.rows += 1;
        if let Some(why) = too_long {
            self.keep(record, why, bytes);
        }
    }

    /// Takes in a row that cannot be read: a rejected response for every question, and the row's
    /// bytes out of those of the file.
    pub(super) fn reject(&mut self, record: &Record, why: Reject, bytes: &[u8]) {
        let place = record.place;
        for (question, spec) in self.context.spec.questions.iter().enumerate() {
            self.intake.responses.push(Draft {
                question: question as u16,
                person: None,
                row: place,
                id: format!("{}-{place}:{}", self.context.stem, spec.column),
                content: Content::Rejected(why.clone()),
            });
        }
        if why == Reject::OpenQuote || why == TORN {
            self.n_open += 1;
            if self.n_open <= MAX_NAMED {
                self.warn(format!(
                    "`{}`: a quote in the row at line {place} opens but does not close where a cell ends; the row was rejected",
                    self.context.file
                ));
            }
        }
        self.intake.rows += 1;
        self.keep(record, why, bytes);
    }

    fn keep(&mut self, record: &Record, why: Reject, bytes: &[u8]) {
        let raw = record.bytes.clone().and_then(|range| bytes.get(range));
        let raw = raw.map_or_else(
            || RawBytes::new(record.cells().collect::<Vec<_>>().join("\t").as_bytes()),
            RawBytes::new,
        );
        let place = |r: &std::ops::Range<usize>| r.start as u64..r.end as u64;
        self.intake.rejects.push(Rejected {
            file: 0,
            place: record.place,
            bytes: record.bytes.as_ref().map(place),
            why,
            raw,
        });
    }

    /// Notes something that the user should know.
    pub(super) fn warn(&mut self, warning: String) {
        self.intake.warnings.push(warning);
    }

    /// The weight of a row. A row without a word in it needs none.
    fn weight(&mut self, record: &Record) -> Option<f64> {
        let cell = record.cell(self.columns.weight?).trim();
        let blank = |c: &usize| record.cell(*c).trim().is_empty();
        let found = match number(cell).parse::<f64>() {
            Ok(weight) if weight.is_finite() && weight >= 0.0 => return Some(weight),
            Ok(weight) if weight < 0.0 => "negative",
            Err(_) if cell.is_empty() && self.columns.questions.iter().all(blank) => return None,
            Err(_) if cell.is_empty() => "missing",
            _ => "no number",
        };
        self.bad_weight.get_or_insert((record.place, found));
        None
    }

    fn person(&mut self, who: Who, row_id: &str, groups: Vec<String>, weight: Option<f64>) -> u32 {
        if let Some(number) = self.numbers.get(&who) {
            self.n_repeated += 1;
            let known = &mut self.intake.people[*number as usize];
            self.n_contradicting += usize::from(fill_blanks(&mut known.groups, groups));
            self.n_other_weight +=
                usize::from(weight.is_some_and(|w| known.weight.is_some_and(|k| k != w)));
            known.weight = known.weight.or(weight);
            return *number;
        }
        let number = self.intake.people.len() as u32;
        let (id, named) = match &who {
            Who::Named(id) => (id.clone(), true),
            Who::Row(_) | Who::Place(_) => (row_id.to_string(), false),
        };
        self.numbers.insert(who, number);
        self.intake.people.push(Person { id, named, groups, weight });
        number
    }

    /// All rows of the file. There may be none: a form that nobody has filled in yet.
    ///
    /// # Errors
    /// The first row whose weight is none.
    pub(super) fn finish(mut self, format: String) -> Result<FileIntake, Error> {
        let file = self.context.file;
        if let Some((row, found)) = self.bad_weight {
            let column = self.context.spec.weight.clone().unwrap_or_default();
            return Err(Error::BadWeight { file: file.into(), row, column, found });
        }
        self.intake.header = self.columns.row;
        if self.intake.rows == 0 {
            let row = self.columns.row;
            self.warn(format!(
                "`{file}` has no rows below the header in row {row} and adds no answers"
            ));
        }
        if self.n_open > MAX_NAMED {
            self.warn(format!(
                "`{file}`: {} more rows with such a quote were rejected",
                self.n_open - MAX_NAMED
            ));
        }
        if self.n_repeated > 0 && self.context.spec.participant.is_none() {
            self.warn(format!(
                "`{file}`: {} rows repeat the id of an earlier row; each id counts as one person",
                self.n_repeated
            ));
        }
        if self.n_contradicting > 0 {
            self.warn(format!(
                "`{file}`: {} rows give another group than the same person's first row, which stands",
                self.n_contradicting
            ));
        }
        if self.n_other_weight > 0 {
            self.warn(format!(
                "`{file}`: {} rows give another weight than the same person's first row, which stands",
                self.n_other_weight
            ));
        }
        self.intake.format = format;
        Ok(self.intake)
    }
}

/// A number with a decimal point, where it may be written with a decimal comma: `1,25`. A comma
/// before three digits may part thousands and stays, so that nothing is guessed: `1,250`.
fn number(cell: &str) -> Cow<'_, str> {
    match cell.split_once(',') {
        Some((whole, part)) if part.len() != 3 || matches!(whole, "" | "0") => {
            Cow::Owned(format!("{whole}.{part}"))
        }
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_decimal_comma_is_read_and_one_that_may_part_thousands_is_not() {
        let read = |cell: &str| number(cell).parse::<f64>().ok();
        assert_eq!(read("1.25"), Some(1.25));
        assert_eq!(
            (read("1,25"), read("0,873"), read("1,2")),
            (Some(1.25), Some(0.873), Some(1.2))
        );
        assert_eq!(
            (read("1,250"), read("1,234,5"), read("1,2.5"), read(",")),
            (None, None, None, None)
        );
    }
}
