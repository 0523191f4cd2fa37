//! From what files hold to what a study needs to know of them: pure functions with reasons.
//!
//! In: a [`Table`](crate::ingest::glance::Table) as looked at. Out: a role and a reason for every column, and what follows for
//! the source: its kind, its questions, its id. A reason holds numbers and names of columns, and
//! never quotes a cell.
//! Must not know: paths, the study file's syntax, the terminal.

mod columns;
mod heading;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod traits;

pub(super) mod files;
pub use table::TableGuess;
pub(super) use table::guess;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It holds answers in people's own words.
    Question,
    /// It identifies the row.
    Id,
    /// It identifies the person, who may have several rows.
    Participant,
    /// Shares are broken down by it.
    Group,
    /// How many people a row stands for.
    Weight,
    /// Free text that is hardly a question of its own; offered as a comment.
    MaybeQuestion,
    /// Few values that are hardly a group; offered as a comment.
    MaybeGroup,
    /// A closed answer.
    Closed,
    /// Numbers.
    Number,
    /// It says who or where somebody is.
    Personal,
    /// Times, links, columns of the survey tool.
    Metadata,
    /// Codes that somebody gave.
    Codes,
    /// One of several 0/1 columns.
    Ticks,
    /// Names the question that the row answers.
    Asked,
    /// No cell is filled.
    Empty,
    /// It cannot be named in a study: no name, or one that stands twice.
    Unnamed,
    /// None of these.
    Other,
    /// An id of rows, before the table is seen whole.
    RowId,
    /// An id of people with one row each, before the table is seen whole.
    PersonId,
    /// Looks like an id though its name does not say so, before the table is seen whole.
    LikeId,
}

impl Role {
    /// The word for it in the printed list and in JSON.
    pub fn label(self) -> &'static str {
        match self {
            Role::Question => "question",
            Role::Id => "id",
            Role::Participant => "participant",
            Role::Group => "group",
            Role::Weight => "weight",
            Role::MaybeQuestion => "question?",
            Role::MaybeGroup => "group?",
            Role::Closed => "closed answer",
            Role::Number => "number",
            Role::Personal => "personal",
            Role::Metadata => "metadata",
            Role::Codes => "codes",
            Role::Ticks => "ticks",
            Role::Asked => "asked",
            Role::Empty => "empty",
            Role::Unnamed => "no name",
            Role::Other | Role::RowId | Role::PersonId | Role::LikeId => "other",
        }
    }

    /// Whether the study uses the column.
    pub fn is_used(self) -> bool {
        matches!(self, Role::Question | Role::Id | Role::Participant | Role::Group | Role::Weight)
    }
}

/// A column, its role, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGuess {
    /// Its name as the header states it.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Why, in one line.
    pub why: String,
    /// The question's words, where the file has them apart from the name.
    pub wording: Option<String>,
}
