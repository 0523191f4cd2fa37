//! `canvass evaluate`: how well coders agree with each other, and the program with people.
//!
//! In: tables that people coded, one a coder. Out: an [`Agreement`] with everything that a
//! researcher reports, a [`Comparison`] of a machine's codes with people's, and the rows on which
//! coders differ, as a workbook for whoever decides.
//! Must not know: the engine, the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::codebook::Codebook;
use crate::coded::{self, CodedRow, Columns};
use crate::gold::ADJUDICATED;
use crate::measure::agreement::{Fourfold, fleiss_kappa};
use crate::measure::alpha::{Scale, SetDistance, alpha_interval, set_alpha_interval, set_distance};
use crate::measure::{Estimate, draw::Draw};
use crate::prepare::redact;
use crate::sample::workbook::{Row, Use, workbook};

mod error;
mod machine;
pub mod tell;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use machine::{Comparison, LeftOut, Machine, OfRun, compare, meet, of_run, weigh};

/// What coders said, answer by answer.
#[derive(Debug)]
pub struct Coders {
    /// Their names: the column `coder`, or the file's.
    pub names: Vec<String>,
    /// The answers, in the order of the first file.
    pub answers: Vec<Answer>,
    /// Themes that all of them looked for, ascending.
    pub themes: Vec<usize>,
    /// Things that a user should know.
    pub warnings: Vec<String>,
}

/// One answer and what each coder gave it.
#[derive(Debug)]
pub struct Answer {
    /// Its id.
    pub id: String,
    /// The words, where the first file has them.
    row: CodedRow,
    /// Themes by coder, ascending.
    pub codes: Vec<Vec<usize>>,
}

/// Agreement of coders.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Their names.
    pub coders: Vec<String>,
    /// Answers that all of them coded.
    pub answers: usize,
    /// Krippendorff's α over the sets of themes, with MASI distance.
    pub alpha_masi: Option<Estimate>,
    /// The same with Jaccard distance.
    pub alpha_jaccard: Option<Estimate>,
    /// Answers to which all gave exactly the same themes, as a part of all.
    pub exact: f64,
    /// Mean of 1 − Jaccard distance over pairs of coders.
    pub overlap: f64,
    /// By theme, in the codebook's order.
    pub themes: Vec<ThemeAgreement>,
}

/// Agreement on one theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeAgreement {
    /// Its id.
    pub theme: String,
    /// Its label.
    pub label: String,
    /// How often each coder gave it.
    pub given: Vec<usize>,
    /// Krippendorff's α, nominal. `None`: no coder gave it.
    pub alpha: Option<Estimate>,
    /// Cohen's κ of two coders, Fleiss' of more.
    pub kappa: Option<f64>,
    /// How often a pair agrees that it is there.
    pub positive: Option<f64>,
    /// How often a pair agrees that it is not.
    pub negative: Option<f64>,
}

/// Reads one table a coder, or one with several coders in its column `coder`.
///
/// # Errors
/// A table cannot be read; there is one coder; tables hold different rows; a row is not coded.
pub fn read(files: &[PathBuf], codebook: &Codebook) -> Result<Coders, Error> {
    let mut coders = Coders {
        names: Vec::new(),
        answers: Vec::new(),
        themes: (0..codebook.themes.len()).collect(),
        warnings: Vec::new(),
    };
    let mut said: Vec<(String, String, BTreeMap<String, CodedRow>)> = Vec::new();
    let mut order: Vec<String> = Vec::new();
    for path in files {
        let file = path.display().to_string();
        let table = coded::read(path, codebook, &columns(path, codebook))?;
        if let Some((row, _)) = table.unfilled.first() {
            let rows = table.unfilled.len();
            return Err(Error::Unfilled { file, row: *row, rows });
        }
        coders.warnings.extend(table.warnings);
        coders.themes.retain(|t| table.themes.contains(t));
        let usual = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for row in table.rows {
            let name = row.coder.clone().unwrap_or_else(|| usual.clone());
            if name == ADJUDICATED {
                continue;
            }
            if said.first().is_none_or(|(first, from, _)| *first == name && *from == file) {
                order.push(row.id.clone());
            }
            let at = said.iter().position(|(known, from, _)| *known == name && *from == file);
            let at = at.unwrap_or_else(|| {
                said.push((name, file.clone(), BTreeMap::new()));
                said.len() - 1
            });
            said[at].2.insert(row.id.clone(), row);
        }
    }
    if said.len() < 2 {
        return Err(Error::OneCoder);
    }
    same_rows(&said, &order)?;
    // Two files of one name are two coders.
    let shown = |(i, (name, ..)): (usize, &(String, String, BTreeMap<String, CodedRow>))| match said
        [..i]
        .iter()
        .filter(|(known, ..)| known == name)
        .count()
    {
        0 => name.clone(),
        taken => format!("{name} ({})", taken + 1),
    };
    coders.names = said.iter().enumerate().map(shown).collect();
    for id in order {
        let mut rows: Vec<CodedRow> = said.iter_mut().filter_map(|s| s.2.remove(&id)).collect();
        for row in &mut rows {
            row.codes.retain(|theme| coders.themes.contains(theme));
        }
        let codes = rows.iter().map(|r| r.codes.clone()).collect();
        if let Some(row) = rows.into_iter().next() {
            coders.answers.push(Answer { id, row, codes });
        }
    }
    Ok(coders)
}

/// Texts and questions are read where the table has them: for the workbook of differences.
fn columns(path: &Path, codebook: &Codebook) -> Columns {
    let with = |text: bool, question: bool| Columns {
        text: text.then(|| "text".into()),
        context: if question { vec!["question".into()] } else { Vec::new() },
        ..Columns::default()
    };
    let fits = |columns: &Columns| {
        !matches!(coded::read(path, codebook, columns), Err(coded::Error::NoColumn { .. }))
    };
    let all = [with(true, true), with(true, false)];
    all.into_iter().find(fits).unwrap_or_else(|| with(false, false))
}

type Said = (String, String, BTreeMap<String, CodedRow>);

fn same_rows(said: &[Said], order: &[String]) -> Result<(), Error> {
    let Some(((_, first, rows), others)) = said.split_first() else { return Ok(()) };
    let shared =
        |of: &BTreeMap<String, CodedRow>| order.iter().filter(|id| of.contains_key(*id)).count();
    for (_, file, of) in others {
        if shared(of) == 0 {
            return Err(Error::NoOverlap { first: first.clone(), second: file.clone() });
        }
        let lacks = |a: &BTreeMap<String, CodedRow>, b: &BTreeMap<String, CodedRow>| {
            let mut missing: Vec<u32> =
                a.values().filter(|r| !b.contains_key(&r.id)).map(|r| r.row).collect();
            missing.sort_unstable();
            missing.first().map(|row| (*row, missing.len()))
        };
        let differ = |whole: &str, lacking: &str, (row, rows): (u32, usize)| {
            Err(Error::OtherRows { lacking: lacking.into(), whole: whole.into(), row, rows })
        };
        if let Some(found) = lacks(rows, of) {
            return differ(first, file, found);
        }
        if let Some(found) = lacks(of, rows) {
            return differ(file, first, found);
        }
    }
    Ok(())
}

/// Measures how coders agree; `seed` draws the replicates of the intervals.
pub fn agreement(coders: &Coders, codebook: &Codebook, seed: u64) -> Agreement {
    let answers: Vec<&[Vec<usize>]> = coders.answers.iter().map(|a| a.codes.as_slice()).collect();
    of_sets(&coders.names, &answers, &coders.themes, codebook, seed)
}

/// The same from sets of themes, one list an answer, one set a coder.
pub fn of_sets(
    names: &[String],
    answers: &[&[Vec<usize>]],
    themes: &[usize],
    codebook: &Codebook,
    seed: u64,
) -> Agreement {
    let sets: Vec<Vec<Option<Vec<usize>>>> =
        answers.iter().map(|a| a.iter().cloned().map(Some).collect()).collect();
    let seed = |stream: u64| Draw::new(seed, stream).bits();
    let same = |a: &&&[Vec<usize>]| a.windows(2).all(|w| w[0] == w[1]);
    let n = answers.len().max(1) as f64;
    let pairs = |a: &&[Vec<usize>]| {
        let all = pairs_of(a.len());
        let distance = |(i, j): &(usize, usize)| set_distance(&a[*i], &a[*j], SetDistance::Jaccard);
        1.0 - all.iter().map(distance).sum::<f64>() / all.len().max(1) as f64
    };
    Agreement {
        coders: names.to_vec(),
        answers: answers.len(),
        alpha_masi: set_alpha_interval(&sets, SetDistance::Masi, seed(0)),
        alpha_jaccard: set_alpha_interval(&sets, SetDistance::Jaccard, seed(1)),
        exact: answers.iter().filter(same).count() as f64 / n,
        overlap: answers.iter().map(pairs).sum::<f64>() / n,
        themes: themes
            .iter()
            .map(|&t| of_theme(names.len(), answers, t, codebook, seed(2 + t as u64)))
            .collect(),
    }
}

fn pairs_of(n: usize) -> Vec<(usize, usize)> {
    (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).collect()
}

fn of_theme(
    n_coders: usize,
    answers: &[&[Vec<usize>]],
    theme: usize,
    codebook: &Codebook,
    seed: u64,
) -> ThemeAgreement {
    let yes: Vec<Vec<bool>> =
        answers.iter().map(|a| a.iter().map(|codes| codes.contains(&theme)).collect()).collect();
    let number = |b: &bool| Some(f64::from(u8::from(*b)));
    let units: Vec<Vec<Option<f64>>> = yes.iter().map(|u| u.iter().map(number).collect()).collect();
    let mut table = Fourfold::default();
    for unit in &yes {
        for (i, j) in pairs_of(unit.len()) {
            table.add(unit[i], unit[j], 1.0);
        }
    }
    let counts = |u: &Vec<bool>| {
        let yes = u.iter().filter(|b| **b).count() as u32;
        vec![yes, u.len() as u32 - yes]
    };
    let kappa = match n_coders {
        2 => table.kappa(),
        _ => fleiss_kappa(&yes.iter().map(counts).collect::<Vec<_>>()),
    };
    ThemeAgreement {
        theme: codebook.themes[theme].id.clone(),
        label: codebook.themes[theme].label.clone(),
        given: (0..n_coders).map(|c| yes.iter().filter(|u| u[c]).count()).collect(),
        alpha: alpha_interval(&units, Scale::Nominal, seed),
        kappa,
        positive: table.positive(),
        negative: table.negative(),
    }
}

/// A workbook of the answers on which coders differ, for whoever decides, and how many there are.
///
/// # Errors
/// The workbook cannot be made.
pub fn differences(coders: &Coders, codebook: &Codebook) -> Result<(Vec<u8>, usize), Error> {
    let ids = |codes: &Vec<usize>| {
        codes.iter().map(|&t| codebook.themes[t].id.as_str()).collect::<Vec<_>>().join(";")
    };
    let differ = coders.answers.iter().filter(|a| a.codes.windows(2).any(|w| w[0] != w[1]));
    let differ: Vec<&Answer> = differ.collect();
    let said = |answer: &&Answer| -> Vec<(String, String)> {
        let own = coders.names.iter().zip(&answer.codes);
        let own = own.map(|(name, codes)| (format!("coded by {name}"), ids(codes)));
        std::iter::once(("coder".to_owned(), ADJUDICATED.to_owned())).chain(own).collect()
    };
    let said: Vec<Vec<(String, String)>> = differ.iter().map(said).collect();
    // Tables from elsewhere may hold what was never redacted.
    let redacted = |answer: &&Answer| {
        let question = answer.row.context.first().map(redact).unwrap_or_default();
        (question, redact(&answer.row.text))
    };
    let texts: Vec<_> = differ.iter().map(redacted).collect();
    let rows: Vec<Row<'_>> = differ
        .iter()
        .zip(&said)
        .zip(&texts)
        .map(|((answer, said), (question, text))| Row {
            id: &answer.id,
            question: question.as_str(),
            text: text.as_str(),
            more: said,
        })
        .collect();
    Ok((workbook(&rows, codebook, Use::Adjudication)?, rows.len()))
}
