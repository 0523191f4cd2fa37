//! The types of stage 1: what to read, and everything that was read.
//!
//! In: nothing; the readers of this folder build these values. Out: [`SourceSpec`] from the
//! plan, [`Intake`] for the `prepare` stage. Must not know: any file format, themes, reports.

use std::ops::Range;
use std::path::PathBuf;

use crate::text::{RawBytes, Verbatim};

/// How people were heard; decides the unit that the report counts.
#[derive(
    Debug,
    Default,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Deserialize,
    serde::Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Open answers of a survey: one row a respondent.
    #[default]
    Survey,
    /// A discussion of several people, moderated: one file a group.
    FocusGroup,
    /// One or two people who are asked: one file an interview.
    Interview,
    /// Notes that somebody took in a session: one file a session, one line a statement.
    SessionNotes,
    /// Written comments that people sent in: one row a comment, or one file a letter.
    Comments,
}

/// What to read, resolved and checked by the plan: no relative path, no wildcard.
#[derive(Debug, Clone, Default)]
pub struct SourceSpec {
    /// The source's name in reports.
    pub name: String,
    /// How people were heard.
    pub kind: Kind,
    /// Whose perspective it is (free text).
    pub perspective: String,
    /// The files, sorted by path: (path to open, path as shown in outputs).
    pub files: Vec<(PathBuf, String)>,
    /// Tables: the column that identifies a row. `None`: the row number does.
    pub id: Option<String>,
    /// Tables: the column that identifies the person, where one person may send several rows.
    pub participant: Option<String>,
    /// Tables: columns by which shares are broken down.
    pub groups: Vec<String>,
    /// Tables: the column of survey weights.
    pub weight: Option<String>,
    /// Tables: the open questions. Never empty for `Survey`; empty for `Comments` that are letters.
    pub questions: Vec<QuestionSpec>,
    /// Transcripts: labels of people whose turns are read but not coded (compared without case).
    pub moderators: Vec<String>,
    /// Transcripts: files whose names differ only in a part are one conversation.
    pub parts: bool,
    /// Tables: what the study says about the file's form; what it leaves open is detected.
    pub table: TableHints,
    /// Workbooks: the sheet to read, by name or number. `None`: the first that is not hidden.
    pub sheet: Option<String>,
}

/// What a study says about the form of a table, so that it need not be detected.
#[derive(Debug, Clone, Default)]
pub struct TableHints {
    /// The line (text files) or row (workbooks), counted from 1, where the header begins; 0 where
    /// the table has no header, so that its columns are called `column 1`, `column 2` and so on.
    pub header_row: Option<u32>,
    /// How many rows make up the header.
    pub header_rows: Option<u32>,
    /// Text files: the encoding, by its name on the web, such as `windows-1252`.
    pub encoding: Option<String>,
    /// Text files: what stands between two cells, of one or more characters.
    pub delimiter: Option<String>,
    /// Text files: the character around cells; empty where there is none.
    pub quote: Option<String>,
    /// Text files: the character that takes a quote's meaning away; the quote itself where it is
    /// doubled.
    pub escape: Option<String>,
}

/// One open question of a table.
#[derive(Debug, Clone)]
pub struct QuestionSpec {
    /// The column that holds the answers.
    pub column: String,
    /// The question's wording, as it stands in reports.
    pub text: String,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Intake {
    /// One entry a file, in the order of sources and paths.
    pub files: Vec<InputFile>,
    /// The people, in order of first appearance.
    pub participants: Vec<Participant>,
    /// Every answer cell and every turn, in file order.
    pub responses: Vec<Response>,
    /// The records that could not be read, in file order: one entry a record, whatever the number
    /// of questions.
    pub rejects: Vec<Rejected>,
    /// Things that a user should know but that stop nothing, in a fixed order.
    pub warnings: Vec<String>,
}

/// One input file and what was found in it.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Index of the source in the study.
    pub source: u16,
    /// Index of the first file of the same conversation: its own, unless the study has parts.
    pub session: u16,
    /// The path as shown in outputs.
    pub path: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Text encoding and dialect in words, such as `utf-8, comma`; `docx`, `xlsx`, `vtt`.
    pub format: String,
    /// Rows (tables: records below the header) or turns read, rejected ones included.
    pub rows: u32,
}

/// Somebody who spoke: the unit of every count.
#[derive(Debug, Clone)]
pub struct Participant {
    /// Index of the source.
    pub source: u16,
    /// A name that is safe to write: the row's id (`p-` and a hash where the id looks like
    /// personal data), `<file stem>/S1`, `S2` … for speakers in order of first appearance,
    /// `<file stem>/N1`, `N2` … for statements of notes, or `<file stem>/L1` for a letter. A speaker's own label never leaves this
    /// stage.
    pub id: String,
    /// The file in which the person appears first; a focus group is a file.
    pub file: u16,
    /// Values of the source's group columns, in their order; empty string where blank.
    pub groups: Vec<String>,
    /// The survey weight, 0 or more, where the source has weights; `None` also where the person
    /// wrote nothing and has none.
    pub weight: Option<f64>,
}

/// One participant's answer to one question, or one speaker turn.
#[derive(Debug)]
pub struct Response {
    /// Index of the source.
    pub source: u16,
    /// Index of the question in the source's list; 0 for transcripts and notes.
    pub question: u16,
    /// Index into [`Intake::participants`]; `None` where nobody can be named (rejected rows,
    /// moderators). A statement of session notes has a participant of its own, since the notes
    /// do not say who spoke: its unit of count is the statement.
    pub participant: Option<u32>,
    /// Index into [`Intake::files`].
    pub file: u16,
    /// Place in the file, counted from 1: line of a text file, row of a sheet, paragraph of a
    /// DOCX, line of the first cue's timing in captions.
    pub row: u32,
    /// A name for the response that is unique in the study: `R-0012:Q1`, `night-watch#17`.
    pub id: String,
    /// What was read.
    pub content: Content,
}

/// What was read at one place.
#[derive(Debug)]
pub enum Content {
    /// Somebody's words, possibly blank.
    Text(Verbatim),
    /// A moderator's or interviewer's turn: kept out of the counts.
    Moderator,
    /// The record could not be read.
    Rejected(Reject),
}

/// A record that could not be read, kept so that nothing is lost.
#[derive(Debug)]
pub struct Rejected {
    /// Index into [`Intake::files`].
    pub file: u16,
    /// Its line or row, counted from 1.
    pub place: u32,
    /// Where it stands in the file, in bytes, where the format has such a place.
    pub bytes: Option<Range<u64>>,
    /// Why it was rejected.
    pub why: Reject,
    /// Its bytes as they stand in the file; its cells, with tabs between them, where the format
    /// has no such place.
    pub raw: RawBytes,
}

/// Why a record was rejected. Never quotes the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reject {
    /// The row has another number of fields than the header.
    FieldCount {
        /// Fields in the header.
        expected: usize,
        /// Fields in the row.
        found: usize,
    },
    /// A quote opens in this row and is never closed, so that everything behind it, perhaps
    /// many rows, was read as one cell.
    OpenQuote,
    /// Words among captions that no timing stands above.
    NoTiming,
    /// A caption whose timing is no time.
    BadTiming,
    /// The cell is longer than the limit.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The record is damaged.
    Unreadable {
        /// What is wrong with it, in words.
        why: &'static str,
    },
}
