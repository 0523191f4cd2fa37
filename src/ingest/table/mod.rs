//! Rows of a table to responses: what the CSV and XLSX readers have in common.
//!
//! In: a header and cells by column number. Out: a [`FileIntake`]: one response a question a
//! row, in row order, then question order. Every cell is text; nothing is typed or guessed.
//! Must not know: delimiters, workbooks, encodings.

pub(super) mod csv;
#[allow(dead_code, reason = "the readers move over to it one by one")]
mod record;
pub(super) mod xlsx;

use std::collections::BTreeMap;

use crate::ingest::alias::safe_id;
use crate::ingest::assemble::{Draft, FileIntake, Person, fill_blanks};
use crate::ingest::error::nearest;
use crate::ingest::{Content, Context, Error, Reject, Role, SourceSpec};
use crate::text::Verbatim;

/// The longest cell that is read, in bytes.
const MAX_CELL: usize = 1 << 20;

/// Where the wanted columns stand.
#[derive(Debug)]
pub(super) struct Columns {
    /// Row or line of the header.
    row: u32,
    /// Fields of the header.
    pub(super) width: usize,
    id: Option<usize>,
    participant: Option<usize>,
    groups: Vec<usize>,
    questions: Vec<usize>,
}

impl Columns {
    /// Finds every column that the source names.
    pub(super) fn find(context: &Context<'_>, header: &[String], row: u32) -> Result<Self, Error> {
        let spec = context.spec;
        let find = |wanted: &str, role| position(context, (header, row), wanted, role);
        let optional = |wanted: &Option<String>, role| {
            wanted.as_deref().map(|name| find(name, role)).transpose()
        };
        Ok(Self {
            row,
            width: header.len(),
            id: optional(&spec.id, Role::Id)?,
            participant: optional(&spec.participant, Role::Participant)?,
            groups: spec
                .groups
                .iter()
                .map(|name| find(name, Role::Group))
                .collect::<Result<_, _>>()?,
            questions: spec
                .questions
                .iter()
                .map(|q| find(&q.column, Role::Question))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Whether any role wants the column.
    pub(super) fn wants(&self, column: usize) -> bool {
        self.all().any(|c| c == column)
    }

    fn all(&self) -> impl Iterator<Item = usize> {
        let people = self.id.iter().chain(&self.participant);
        people.chain(&self.groups).chain(&self.questions).copied()
    }

    /// Whether most of the wanted cells are the import ids of a Qualtrics export.
    fn hold_import_ids<'c>(&self, cell: &impl Fn(usize) -> &'c str) -> bool {
        let is_id = |c: &usize| cell(*c).trim_start().starts_with("{\"ImportId\":");
        2 * self.all().filter(is_id).count() > self.all().count()
    }
}

/// How many of the columns that the source names stand in a header.
pub(super) fn n_found(spec: &SourceSpec, header: &[String]) -> usize {
    wanted_names(spec).filter(|name| header.contains(&plain(name))).count()
}

fn wanted_names(spec: &SourceSpec) -> impl Iterator<Item = &String> {
    let names = spec.questions.iter().map(|q| &q.column);
    names.chain(&spec.groups).chain(&spec.id).chain(&spec.participant)
}

/// A column name as it is compared: trimmed, white space inside made one space.
pub(super) fn plain(name: &str) -> String {
    let name = name.trim_start_matches('\u{FEFF}');
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn position(
    context: &Context<'_>,
    (header, row): (&[String], u32),
    wanted: &str,
    role: Role,
) -> Result<usize, Error> {
    let name = plain(wanted);
    let file = context.file.to_string();
    let mut places = header.iter().enumerate().filter(|(_, h)| **h == name).map(|(i, _)| i);
    let Some(first) = places.next() else {
        return Err(Error::NoSuchColumn {
            file,
            row,
            wanted: wanted.into(),
            role,
            is_header: 2 * n_found(context.spec, header) >= wanted_names(context.spec).count(),
            suggestion: nearest(&name, header),
            columns: header.to_vec(),
        });
    };
    match places.count() {
        0 => Ok(first),
        more => Err(Error::DuplicateColumn { file, row, column: name, role, count: more + 1 }),
    }
}

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
        }
    }

    /// The columns that are read.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Takes in a row: a response for every question.
    pub(super) fn push<'c>(&mut self, place: u32, cell: impl Fn(usize) -> &'c str) {
        if self.intake.rows <= 1 && self.columns.hold_import_ids(&cell) {
            self.forget_header_rows();
            return;
        }
        let id_cell = self.columns.id.map_or("", |c| cell(c).trim());
        let row_id = if id_cell.is_empty() {
            format!("{}-{place}", self.context.stem)
        } else {
            safe_id(&self.context.spec.name, id_cell)
        };
        let named = self.columns.participant.map_or("", |c| cell(c).trim());
        let who = if !named.is_empty() {
            Who::Named(safe_id(&self.context.spec.name, named))
        } else if id_cell.is_empty() {
            Who::Place(place)
        } else {
            Who::Row(row_id.clone())
        };
        let groups = self.columns.groups.iter().map(|c| cell(*c).trim().to_string()).collect();
        let person = self.person(who, &row_id, groups);
        for (question, spec) in self.context.spec.questions.iter().enumerate() {
            let text = self.columns.questions.get(question).map_or("", |c| cell(*c));
            let content = if text.len() > MAX_CELL {
                Content::Rejected(Reject::TooLong { bytes: text.len() })
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
    }

    /// Takes in a row that cannot be read: a rejected response for every question.
    pub(super) fn reject(&mut self, place: u32, why: &Reject) {
        for (question, spec) in self.context.spec.questions.iter().enumerate() {
            self.intake.responses.push(Draft {
                question: question as u16,
                person: None,
                row: place,
                id: format!("{}-{place}:{}", self.context.stem, spec.column),
                content: Content::Rejected(why.clone()),
            });
        }
        self.intake.rows += 1;
    }

    /// Notes something that the user should know.
    pub(super) fn warn(&mut self, warning: String) {
        self.intake.warnings.push(warning);
    }

    /// Drops what was read so far, which is a second header: Qualtrics writes the questions' texts
    /// below the columns' names, and below them the row that has just been seen.
    fn forget_header_rows(&mut self) {
        let rows = match self.intake.rows {
            0 => "one further header row of a Qualtrics export was",
            _ => "two further header rows of a Qualtrics export were",
        };
        self.numbers.clear();
        self.intake.people.clear();
        self.intake.responses.clear();
        self.intake.rows = 0;
        (self.n_repeated, self.n_contradicting) = (0, 0);
        self.warn(format!("`{}`: {rows} not read as answers", self.context.file));
    }

    fn person(&mut self, who: Who, row_id: &str, groups: Vec<String>) -> u32 {
        if let Some(number) = self.numbers.get(&who) {
            self.n_repeated += 1;
            let known = &mut self.intake.people[*number as usize].groups;
            self.n_contradicting += usize::from(fill_blanks(known, groups));
            return *number;
        }
        let number = self.intake.people.len() as u32;
        let (id, named) = match &who {
            Who::Named(id) => (id.clone(), true),
            Who::Row(_) | Who::Place(_) => (row_id.to_string(), false),
        };
        self.numbers.insert(who, number);
        self.intake.people.push(Person { id, named, groups });
        number
    }

    /// All rows of the file, or an error if there are none.
    pub(super) fn finish(mut self, format: String) -> Result<FileIntake, Error> {
        let file = self.context.file;
        if self.intake.rows == 0 {
            return Err(Error::HeaderOnly { file: file.into(), row: self.columns.row });
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
        self.intake.format = format;
        Ok(self.intake)
    }
}
