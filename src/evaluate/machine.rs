//! A machine's codes beside people's.
//!
//! In: coded rows and, for each, what a machine gave it. Out: a [`Comparison`].
//! Must not know: which machine, files.

use std::collections::BTreeMap;
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
    /// The probability of every theme of the codebook, in order; empty where it gives none.
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
            if let Some(&probability) = machine.probabilities.get(theme) {
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

/// The program's codes of a run, by response id: every response of `ledger.csv` that was read for
/// themes, with those that `codings.csv` in the same folder gives it.
///
/// # Errors
/// The folder holds no such files, or a theme that the codebook does not have.
pub fn of_run(out: &Path, codebook: &Codebook) -> Result<BTreeMap<String, Machine>, Error> {
    let mut found: BTreeMap<String, Machine> = BTreeMap::new();
    let read = [State::Coded, State::NoTheme, State::Undecided].map(State::id);
    for [response, state] in columns(&out.join("ledger.csv"), ["response", "state"])? {
        if read.contains(&state.as_str()) {
            found.insert(response, Machine::default());
        }
    }
    for [response, theme] in columns(&out.join("codings.csv"), ["response", "theme"])? {
        let place = codebook.themes.iter().position(|t| t.id == theme);
        let place = place.ok_or_else(|| Error::OtherCodebook { out: out.to_owned() })?;
        let Some(machine) = found.get_mut(&response) else { continue };
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
/// The design cannot be read or is of another codebook, or a row was not drawn.
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
    design.is_of_codebook(codebook)?;
    let drawn: BTreeMap<&str, &gold::Unit> = design
        .units
        .iter()
        .flat_map(|unit| unit.responses.iter().map(move |id| (id.as_str(), unit)))
        .collect();
    for row in &mut table.rows {
        let Some(unit) = drawn.get(row.id.as_str()) else {
            let file = path.display().to_string();
            return Err(gold::Error::NotDrawn { file, row: row.row });
        };
        row.probability = Some(unit.probability);
        row.participant = Some(unit.participant.clone());
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

/// Keeps the rows that the machine coded, each with its codes; says how many it did not.
///
/// # Errors
/// It coded none of them.
pub fn meet(
    table: &mut CodedTable,
    machine: &BTreeMap<String, Machine>,
) -> Result<(Vec<Machine>, usize), Error> {
    let before = table.rows.len();
    table.rows.retain(|row| machine.contains_key(&row.id));
    if table.rows.is_empty() {
        return Err(Error::NothingShared { rows: before });
    }
    // One answer may stand in the table once for each coder.
    let codes = |row: &crate::coded::CodedRow| machine.get(&row.id).cloned().unwrap_or_default();
    let found = table.rows.iter().map(codes).collect();
    Ok((found, before - table.rows.len()))
}
