//! What the columns of a table are for, seen together.
//!
//! In: a [`Table`] as looked at and the name of its file. Out: a [`TableGuess`]. At most one
//! column becomes the id and one the participant; groups must hold for all rows of a person.
//! Must not know: paths, the study file's syntax.

use std::collections::BTreeMap;

use super::heading::Heading;
use super::traits::Traits;
use super::{ColumnGuess, Role, columns};
use crate::ingest::Kind;
use crate::ingest::glance::{Column, Table};

/// Groups that a report can show side by side.
const MAX_GROUP_COLUMNS: usize = 8;

/// What was guessed of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableGuess {
    /// Every column, in order.
    pub columns: Vec<ColumnGuess>,
    /// `Survey` or `Comments`.
    pub kind: Kind,
    /// Why this kind.
    pub why: String,
    /// Things that a user should know, one line each.
    pub notes: Vec<String>,
    /// Whether no column has answers.
    pub no_answers: bool,
}

/// Guesses the roles of all columns. `stem` is the file's name without extension.
pub(crate) fn guess(table: &Table, stem: &str) -> TableGuess {
    let headings: Vec<Heading> = table.columns.iter().map(|c| Heading::new(&c.name)).collect();
    let traits: Vec<Traits> = table.columns.iter().map(|c| Traits::of(&c.cells)).collect();
    let alone = |i: usize| match unusable(&table.columns, i) {
        Some(why) => (Role::Unnamed, why),
        None => columns::role(&headings[i], &traits[i]),
    };
    let mut found: Vec<(Role, String)> = (0..table.columns.len()).map(alone).collect();
    choose_ids(&mut found, &traits);
    settle_groups(&mut found, table);
    settle_codes(&mut found);
    let notes = notes(table, &found, &headings, &traits);
    let n_questions = found.iter().filter(|(role, _)| *role == Role::Question).count();
    let (kind, why) = kind(&found, n_questions, stem);
    let columns = table.columns.iter().zip(found).map(|(column, (role, why))| ColumnGuess {
        name: column.name.clone(),
        role,
        why,
        wording: column.wording.clone(),
    });
    TableGuess { columns: columns.collect(), kind, why, notes, no_answers: n_questions == 0 }
}

/// Why a column cannot be named in a study, if so.
fn unusable(columns: &[Column], at: usize) -> Option<String> {
    let name = &columns[at].name;
    if name.trim().is_empty() {
        return Some("the header has no name for it".into());
    }
    // A study may name a column by any row of its header, so no other column may be called so in
    // any of them.
    let called = |c: &&Column| c.name == *name || c.wording.as_ref() == Some(name);
    let same = columns.iter().filter(called).count();
    (same > 1).then(|| format!("{same} columns have this name; rename them in the file to use one"))
}

/// One id of rows and one of people, the first that fits best; the rest is left out.
fn choose_ids(found: &mut [(Role, String)], traits: &[Traits]) {
    let position = |found: &[(Role, String)], role| found.iter().position(|(r, _)| *r == role);
    let participant = position(found, Role::Participant);
    let id =
        position(found, Role::RowId).or_else(|| position(found, Role::PersonId)).or_else(|| {
            position(found, Role::LikeId).filter(|at| *at == 0 || participant.is_none() && *at < 2)
        });
    for (at, (role, why)) in found.iter_mut().enumerate() {
        match role {
            Role::RowId | Role::PersonId | Role::LikeId if Some(at) == id => *role = Role::Id,
            Role::RowId | Role::PersonId | Role::LikeId => {
                *why = match id {
                    Some(_) => "a further id; another column identifies the row".into(),
                    None => "a short value of its own in each row".into(),
                };
                *role = if traits[at].numbers.is_some() && *role == Role::LikeId {
                    Role::Number
                } else {
                    Role::Other
                };
            }
            Role::Participant if Some(at) != participant => {
                *role = Role::Other;
                *why = "a further id of people; another column identifies the person".into();
            }
            _ => {}
        }
    }
}

/// Groups beyond the limit are offered; with a participant column, a group must be the same in
/// all rows of a person, or nearly.
fn settle_groups(found: &mut [(Role, String)], table: &Table) {
    let participant = found.iter().position(|(role, _)| *role == Role::Participant);
    let mut n = 0;
    let groups = found.iter_mut().enumerate().filter(|(_, (role, _))| *role == Role::Group);
    for (at, guess) in groups {
        let varies =
            participant.is_some_and(|p| !is_constant_within(&table.columns[p], &table.columns[at]));
        n += usize::from(!varies);
        if varies {
            *guess = (Role::MaybeGroup, "differs between rows of one person".into());
        } else if n > MAX_GROUP_COLUMNS {
            let why = format!("a group too, but {MAX_GROUP_COLUMNS} are taken already");
            *guess = (Role::MaybeGroup, why);
        }
    }
}

/// Whether at least 95 of 100 rows agree with their person's first row.
fn is_constant_within(person: &Column, group: &Column) -> bool {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let (mut rows, mut agree) = (0usize, 0usize);
    for (who, value) in person.cells.iter().zip(&group.cells) {
        let (who, value) = (who.expose().trim(), value.expose().trim());
        if !who.is_empty() && !value.is_empty() {
            rows += 1;
            agree += usize::from(*first.entry(who).or_insert(value) == value);
        }
    }
    agree * 100 >= rows * 95
}

/// Single 0/1 columns are closed answers; several beside a text are codes or options.
fn settle_codes(found: &mut [(Role, String)]) {
    let n = found.iter().filter(|(role, _)| *role == Role::Ticks).count();
    for (role, why) in found.iter_mut().filter(|(role, _)| *role == Role::Ticks) {
        *role = if n >= 3 { Role::Codes } else { Role::Closed };
        if n >= 3 {
            *why = format!("one of {n} columns of ticks: codes, or options of a closed question");
        }
    }
}

fn kind(found: &[(Role, String)], n_questions: usize, stem: &str) -> (Kind, String) {
    const COMMENTS: [&str; 16] = [
        "comment",
        "written",
        "submission",
        "letter",
        "feedback",
        "review",
        "tweet",
        "post",
        "message",
        "consulta",
        "comentario",
        "statement",
        "complaint",
        "suggestion",
        "testimony",
        "评论",
    ];
    const SURVEY: [&str; 6] = ["survey", "questionnaire", "poll", "encuesta", "ankieta", "问卷"];
    let lower = stem.to_lowercase();
    if let Some(word) = SURVEY.iter().find(|w| lower.contains(*w)) {
        return (Kind::Survey, format!("the file's name says `{word}`"));
    }
    if let Some(word) = COMMENTS.iter().find(|w| lower.contains(*w)) {
        return (Kind::Comments, format!("the file's name says `{word}`"));
    }
    let closed = [Role::Group, Role::MaybeGroup, Role::Closed, Role::Number];
    let n_closed = found.iter().filter(|(role, _)| closed.contains(role)).count();
    if n_questions == 1 && n_closed <= 4 {
        return (Kind::Comments, "one column of free text and few others".into());
    }
    (Kind::Survey, format!("{n_questions} open questions, {n_closed} closed columns"))
}

fn notes(
    table: &Table,
    found: &[(Role, String)],
    headings: &[Heading],
    traits: &[Traits],
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(row) = table.second {
        notes.push(format!(
            "row {row} holds words where the rows below it hold numbers or dates: if it belongs to the header, set `header_rows = 2`"
        ));
    }
    let has = |role: Role| found.iter().any(|(r, _)| *r == role);
    for ((heading, traits), column) in headings.iter().zip(traits).zip(&table.columns) {
        if heading.is_status() && traits.previews > 0 {
            notes.push(format!(
                "{} rows are previews, tests or spam by column `{}`; they would count as people: take them out of the file",
                traits.previews, column.name
            ));
        }
    }
    if has(Role::Codes) && has(Role::Question) {
        notes.push("the table holds codes as well; they are not used by a run".into());
    }
    if has(Role::Asked) && has(Role::Question) {
        notes.push("rows answer different questions; a run counts them together".into());
    }
    if has(Role::Question) && !has(Role::Id) && !has(Role::Participant) {
        notes.push("no column identifies the rows; their numbers do".into());
    }
    notes
}
