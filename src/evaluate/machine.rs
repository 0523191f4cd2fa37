//! A machine's codes beside people's.
//!
//! In: coded rows; the output folder of a run, or what a machine gave each row. Out: a
//! [`Comparison`]. Must not know: models, studies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::Error;
use crate::aggregate::State;
use crate::codebook::Codebook;
use crate::coded::CodedTable;
use crate::fsx;
use crate::gold::{self, Design};
use crate::measure::calibration::{Bin, Statement, reliability};
use crate::measure::quality::{Pair, Quality, Rates, quality, rates};

/// What a machine gave one answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Machine {
    /// Themes, ascending.
    pub codes: Vec<usize>,
    /// The probability of every theme of the codebook, in order; empty where it gives none, no
    /// number where it gives none for this theme.
    pub probabilities: Vec<f64>,
}

/// How a machine's codes compare with people's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Precision, recall and F1, by theme and over all.
    pub quality: Quality,
    /// Ids of the themes compared, in the order of [`Quality::themes`].
    pub themes: Vec<String>,
    /// Expected calibration error; `None` where the machine gives no probabilities.
    pub calibration_error: Option<f64>,
    /// The reliability table behind it.
    pub reliability: Vec<Bin>,
    /// Errors by value of each group column: (column, value, answers, errors).
    pub groups: Vec<(String, String, usize, Rates)>,
}

/// Answers of a group's value from which errors are shown.
const SMALLEST_GROUP: usize = 20;

/// Compares row by row; `machine` has one entry a row, `groups` names the group columns asked for.
/// Rows without a participant are a person each; a row with a probability stands for as many as
/// it was drawn from.
pub fn compare(
    table: &CodedTable,
    machine: &[Machine],
    codebook: &Codebook,
    groups: &[String],
    seed: u64,
) -> Comparison {
    let mut people: BTreeMap<String, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    let mut statements = Vec::new();
    for (row, machine) in table.rows.iter().zip(machine) {
        let fresh = people.len();
        let who = row
            .participant
            .as_ref()
            .map_or_else(|| format!("row {}", row.row), |p| format!("p {p}"));
        let person = *people.entry(who).or_insert(fresh);
        let weight = row.probability.map_or(1.0, |p| 1.0 / p);
        for &theme in &table.themes {
            if let Some(&probability) = machine.probabilities.get(theme).filter(|p| p.is_finite()) {
                let came_true = row.codes.contains(&theme);
                statements.push(Statement { probability, came_true, weight });
            }
        }
        let (human, machine) = (row.codes.clone(), machine.codes.clone());
        pairs.push(Pair { human, machine, weight, person });
    }
    let (bins, error) = reliability(&statements);
    Comparison {
        quality: quality(&pairs, &table.themes, seed),
        themes: table.themes.iter().map(|&t| codebook.themes[t].id.clone()).collect(),
        calibration_error: (!statements.is_empty()).then_some(error),
        reliability: bins,
        groups: by_group(table, &pairs, groups, seed),
    }
}

fn by_group(
    table: &CodedTable,
    pairs: &[Pair],
    groups: &[String],
    seed: u64,
) -> Vec<(String, String, usize, Rates)> {
    let mut found = Vec::new();
    for (place, column) in groups.iter().enumerate() {
        let mut by_value: BTreeMap<&str, Vec<Pair>> = BTreeMap::new();
        for (row, pair) in table.rows.iter().zip(pairs) {
            let value = row.groups.get(place).map_or("", String::as_str);
            by_value.entry(value).or_default().push(pair.clone());
        }
        for (value, of) in by_value {
            if !value.is_empty() && of.len() >= SMALLEST_GROUP {
                let rates = rates(&of, &table.themes, seed);
                found.push((column.clone(), value.to_owned(), of.len(), rates));
            }
        }
    }
    found
}

/// What a run gave, by response id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OfRun {
    /// Responses that were read for themes, with those that they carry.
    pub coded: BTreeMap<String, Machine>,
    /// Responses that were set aside: blank, in another language, sent twice.
    pub aside: BTreeSet<String>,
}

/// The program's codes of a run: every response of `ledger.csv`, with the themes that `codings.csv`
/// in the same folder gives it.
///
/// # Errors
/// The folder holds no such files, or a theme that the codebook does not have.
pub fn of_run(out: &Path, codebook: &Codebook) -> Result<OfRun, Error> {
    let mut found = OfRun::default();
    let read = [State::Coded, State::NoTheme, State::Undecided].map(State::id);
    for [response, state] in columns(&out.join("ledger.csv"), ["response", "state"])? {
        if read.contains(&state.as_str()) {
            found.coded.insert(response, Machine::default());
        } else {
            found.aside.insert(response);
        }
    }
    for [response, theme] in columns(&out.join("codings.csv"), ["response", "theme"])? {
        let place = codebook.themes.iter().position(|t| t.id == theme);
        let place = place.ok_or_else(|| Error::OtherCodebook { out: out.to_owned() })?;
        let Some(machine) = found.coded.get_mut(&response) else { continue };
        let codes = &mut machine.codes;
        if !codes.contains(&place) {
            codes.push(place);
            codes.sort_unstable();
        }
    }
    Ok(found)
}

/// Gives the rows of a drawn sample the people and the probabilities with which they were drawn,
/// where the sample's design lies beside the table. Returns what a user should know.
///
/// # Errors
/// The design cannot be read or is of another codebook, a row was not drawn, or one that was drawn
/// is not there or not coded.
pub fn weigh(
    table: &mut CodedTable,
    path: &Path,
    codebook: &Codebook,
) -> Result<Option<String>, gold::Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let Some(design) = Design::beside(folder)? else {
        let learned = folder.join(gold::TRAINING).is_file();
        let why = "the answers were chosen to learn from and are harder than most: figures from \
                   them say little of all answers";
        return Ok(learned.then(|| why.to_owned()));
    };
    if design.purpose != gold::Purpose::Gold {
        return Err(gold::Error::Training { folder: folder.to_owned() });
    }
    design.is_of_codebook(codebook)?;
    let file = path.display().to_string();
    if let Some((row, _)) = table.unfilled.first() {
        return Err(gold::Error::Unfilled { file, row: *row, rows: table.unfilled.len() });
    }
    let drawn: BTreeMap<&str, &gold::Unit> = design
        .units
        .iter()
        .flat_map(|unit| unit.responses.iter().map(move |id| (id.as_str(), unit)))
        .collect();
    for row in &mut table.rows {
        let Some(unit) = drawn.get(row.id.as_str()) else {
            return Err(gold::Error::NotDrawn { file, row: row.row });
        };
        row.probability = Some(unit.probability);
        // One id may stand for two people in two sources.
        let source = &design.strata[unit.stratum].source;
        row.participant = Some(format!("{source}\u{1f}{}", unit.participant));
    }
    let there: BTreeSet<&str> = table.rows.iter().map(|row| row.id.as_str()).collect();
    match drawn.keys().filter(|id| !there.contains(*id)).count() {
        0 => {}
        missing => return Err(gold::Error::Missing { missing, drawn: drawn.len() }),
    }
    Ok(None)
}

/// Two columns of a file that a run wrote.
fn columns(path: &Path, names: [&str; 2]) -> Result<Vec<[String; 2]>, Error> {
    let text = fsx::read_to_string(path).map_err(|_| Error::NoRun { path: path.to_owned() })?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let at = |name: &str| header.iter().position(|h| h == name);
    let (Some(a), Some(b)) = (at(names[0]), at(names[1])) else {
        return Err(Error::NoRun { path: path.to_owned() });
    };
    let cell = |r: &csv::StringRecord, i: usize| r.get(i).unwrap_or_default().to_owned();
    Ok(reader.records().filter_map(Result::ok).map(|r| [cell(&r, a), cell(&r, b)]).collect())
}

/// Coded rows that a comparison leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The run set them aside.
    pub aside: usize,
    /// The run does not have them.
    pub unknown: usize,
}

/// Keeps the rows that the run read for themes, in their order, with what it gave each.
///
/// # Errors
/// It read none of them.
pub fn meet(table: &mut CodedTable, run: &OfRun) -> Result<(Vec<Machine>, LeftOut), Error> {
    let before = table.rows.len();
    let aside = table.rows.iter().filter(|row| run.aside.contains(&row.id)).count();
    table.rows.retain(|row| run.coded.contains_key(&row.id));
    if table.rows.is_empty() {
        return Err(Error::NothingShared { rows: before });
    }
    // One answer may stand in the table once for each coder.
    let codes = |row: &crate::coded::CodedRow| run.coded.get(&row.id).cloned().unwrap_or_default();
    let found = table.rows.iter().map(codes).collect();
    Ok((found, LeftOut { aside, unknown: before - aside - table.rows.len() }))
}
