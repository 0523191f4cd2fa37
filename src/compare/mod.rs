//! `canvass compare`: two waves of one study, what rose, what fell, what is new.
//!
//! In: the finished outputs of two runs ([`Wave`]): their `summary.json`, which holds what
//! disclosure control released and nothing else, and what `manifest.json` says of how they were
//! made. Out: a [`Comparison`], which the formats ([`tell`], [`mod@file`]) only lay out.
//!
//! Sources are matched by name, kind and perspective, questions by their wording, themes by id.
//! Shares of people are subtracted, with an interval; groups, interviews and sessions are counted
//! side by side and never tested. A number that either wave protects stays protected: no
//! difference, no verdict, no place in an order.
//! Must not know: the engine, the command line, texts, true counts.

use serde::Serialize;

use crate::measure::Estimate;
use crate::report::view::{ShareView, Shown};

mod chart;
mod differ;
mod error;
pub mod file;
mod groups;
mod html;
mod md;
mod pair;
mod read;
mod row;
mod table;
pub mod tell;
#[cfg(test)]
mod tests;
mod words;

pub use error::Error;
pub use pair::compare;
pub use read::{Wave, read};

/// Two waves side by side: everything that a format shows.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Program and version.
    pub program: String,
    /// The earlier wave and the later one.
    pub waves: [WaveView; 2],
    /// What a reader must know before the numbers: what differs between the waves beside what
    /// people said.
    pub warnings: Vec<String>,
    /// How the two codebooks differ; empty where they are the same.
    pub codebook: Vec<String>,
    /// What stands in one wave alone: sources, questions, groups.
    pub alone: Vec<String>,
    /// The sources of both, in the later wave's order. Never pooled.
    pub sources: Vec<SourcePair>,
    /// What the numbers mean and do not mean, and by which methods they came about.
    pub notes: Vec<String>,
}

/// One wave.
#[derive(Debug, Clone, Serialize)]
pub struct WaveView {
    /// What it is called here, such as `2024`.
    pub name: String,
    /// The study's title.
    pub title: String,
    /// A line that the study demands on every report.
    pub notice: Option<String>,
    /// Whether people's codes checked the program's.
    pub validated: bool,
    /// The program that wrote it.
    pub program: String,
    /// The codebook and its hash.
    pub codebook: String,
    /// Model, precision, instruction set.
    pub engine: String,
}

/// One source of both waves.
#[derive(Debug, Clone, Serialize)]
pub struct SourcePair {
    /// Its name.
    pub name: String,
    /// `survey`, `comments`, …
    pub kind: String,
    /// The kind in words.
    pub kind_label: String,
    /// Whose view it is.
    pub perspective: String,
    /// What is counted, such as `respondents`.
    pub unit: String,
    /// What a file is, such as `groups`; empty for tables.
    pub file_unit: String,
    /// Whether shares are compared, or counts of groups are put side by side.
    pub shares: bool,
    /// Who was heard in each wave, in a sentence.
    pub base_sentence: String,
    /// What differs between the waves in this source beside what people said.
    pub notes: Vec<String>,
    /// All questions together, where both waves asked the same ones; then each question.
    pub questions: Vec<TablePair>,
    /// The same by the values of a group column.
    pub groups: Vec<ColumnPair>,
}

/// One column of groups.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnPair {
    /// The column, such as `District`.
    pub column: String,
    /// One table a value that both waves show.
    pub values: Vec<TablePair>,
}

/// Themes of one question, or one group, in both waves.
#[derive(Debug, Clone, Serialize)]
pub struct TablePair {
    /// The question's wording, or the value of the column.
    pub name: String,
    /// People of each wave with an answer that could be coded.
    pub base: [Shown; 2],
    /// Files (groups, interviews, sessions) of each wave.
    pub file_base: [u64; 2],
    /// What changed, in sentences, largest change first.
    pub findings: Vec<String>,
    /// How many themes did not change clearly or cannot be told, by the reason.
    pub remainder: Option<String>,
    /// Themes that somebody raised in either wave: first those that changed clearly, the largest
    /// rise first and the largest fall last; then the others that have a difference, largest
    /// first; then the rest, in the codebook's order.
    pub rows: Vec<Row>,
    /// Themes that nobody raised in either.
    pub unraised: u64,
    /// Differences that were tested together.
    pub tested: u64,
}

/// One theme in both waves.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its id.
    pub theme: String,
    /// Its label, as the later wave has it.
    pub label: String,
    /// The label of the area above it.
    pub area: Option<String>,
    /// Whether its label, definition or area is another in the later wave.
    pub redefined: bool,
    /// The earlier wave; null where its codebook lacks the theme.
    pub then: Option<Side>,
    /// The later wave.
    pub now: Option<Side>,
    /// Difference of the shares as counted, in parts of 1.
    pub difference: Option<Estimate>,
    /// Difference of the shares corrected for the program's errors, where both have one.
    pub corrected_difference: Option<Estimate>,
    /// Which of the two decides.
    pub decided_by: Option<Basis>,
    /// How likely a difference so large is by chance alone.
    pub p: Option<f64>,
    /// The same, adjusted for all differences tested together.
    pub p_adjusted: Option<f64>,
    /// What is said of it.
    pub verdict: Verdict,
    /// Whether chance alone is an unlikely reason: of `new` and `gone` too.
    pub clear: bool,
    /// The verdict in words.
    pub said: String,
}

/// One theme in one wave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// People who raised it.
    pub people: Shown,
    /// Files in which it was raised; null where that is protected.
    pub files: Option<u64>,
    /// Its share of the base.
    pub share: Option<ShareView>,
    /// The share corrected for the program's errors.
    pub corrected: Option<ShareView>,
    /// Whether neither the program nor anybody who checked it found the theme.
    pub nobody: bool,
}

/// Which shares a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// As the program counted them.
    Counted,
    /// Corrected for its errors.
    Corrected,
}

/// What is said of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A larger share than before, beyond what chance explains.
    Rose,
    /// A smaller one.
    Fell,
    /// Raised by nobody then, by somebody now.
    New,
    /// The other way round.
    Gone,
    /// What chance alone would explain.
    NoClearChange,
    /// Counts of groups, interviews or sessions: side by side, untested.
    SideBySide,
    /// Fewer than 30 people in a wave.
    TooFew,
    /// The earlier codebook lacks it.
    OnlyNow,
    /// The later codebook lacks it.
    OnlyThen,
    /// Protected in a wave.
    NotShown,
}

impl TablePair {
    /// Rows that changed clearly.
    pub fn clear(&self) -> &[Row] {
        &self.rows[..self.rows.partition_point(|row| row.clear)]
    }

    /// The others.
    pub fn others(&self) -> &[Row] {
        &self.rows[self.clear().len()..]
    }
}

impl Row {
    /// The difference that decides.
    pub fn deciding(&self) -> Option<Estimate> {
        match self.decided_by? {
            Basis::Counted => self.difference,
            Basis::Corrected => self.corrected_difference,
        }
    }
}
