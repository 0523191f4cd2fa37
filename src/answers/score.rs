//! What a trained model gives answers that people coded, for a comparison with them.
//!
//! In: a model's folder, a coded table, the codebook. Out: the rows that measure the model and what
//! it gives each. Left out are answers that the model has learned from and such as it would set
//! aside. Must not know: how codes are compared.

use std::path::{Path, PathBuf};

use super::{Coder, Error};
use crate::classify::learned::lexical::normalised;
use crate::classify::{Encoders, Evidence, Job, Verdict, classify_learned};
use crate::codebook::Codebook;
use crate::coded::{self, CodedTable, Columns};
use crate::encode::{Precision, bert};
use crate::evaluate::{Machine, weigh};
use crate::model::trained::Trained;
use crate::observe::Observer;
use crate::prepare::{Prepared, codable, context, redact, says_nothing};
use crate::text::Verbatim;

/// What is to be scored, by what.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A trained model's folder.
    pub model: PathBuf,
    /// The coded table.
    pub coded: PathBuf,
    /// Its columns; what was asked is taken from the columns of the training table where none is
    /// named.
    pub columns: Columns,
    /// The base encoder, where it is not the one that the model names.
    pub encoder: Option<String>,
    /// Workers; all cores when absent.
    pub threads: Option<usize>,
}

/// The rows that measure a model.
#[derive(Debug)]
pub struct Scored {
    /// What people gave them.
    pub table: CodedTable,
    /// What the model gives them, one entry a row.
    pub machine: Vec<Machine>,
}

/// Scores a table.
///
/// # Errors
/// The model, its encoder or the table is not as it should be; the model learned another codebook,
/// or has learned from every row.
pub fn score(
    request: &Request,
    codebook: &Codebook,
    observer: &dyn Observer,
) -> Result<Scored, Error> {
    let trained = Trained::read(&request.model)?;
    trained.learned(&request.model, codebook)?;
    let mut columns = request.columns.clone();
    if columns.context.is_empty() {
        columns.context.clone_from(&trained.record.context);
    }
    let (wanted, given) = (trained.record.context.len(), columns.context.len());
    if wanted != given {
        return Err(Error::Context { trained: wanted, given });
    }
    let mut table = coded::read(&request.coded, codebook, &columns)?;
    let told = weigh(&mut table, &request.coded, codebook)?;
    table.warnings.extend(told);
    leave_out(&mut table, &trained, &request.coded)?;
    let model = trained.encoder(&request.model, request.encoder.as_deref(), Path::new(""))?;
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(all).max(1);
    let precision = Precision::Auto.resolve()?;
    let coder = Coder {
        trained: Some(trained),
        codebook: Some(codebook.clone()),
        model,
        precision,
        threads,
    };
    let rayon = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let rayon = rayon.map_err(|_| Error::Threads { threads })?;
    let machine = rayon.install(|| codes(&table, &coder, observer))?;
    Ok(Scored { table, machine })
}

/// Takes out what the model has learned from, and what says nothing where it would be set aside.
fn leave_out(table: &mut CodedTable, trained: &Trained, path: &Path) -> Result<(), Error> {
    let before = table.rows.len();
    let seen = |text: &str| trained.seen.as_ref().is_some_and(|s| s.holds(&normalised(text)));
    table.rows.retain(|row| !seen(redact(&row.text).as_str()));
    let learned = before - table.rows.len();
    if table.rows.is_empty() {
        return Err(Error::AllLearned { path: path.to_owned(), rows: before });
    }
    if learned > 0 {
        table.warnings.push(format!(
            "{learned} rows are of answers that the model has learned from, and are not in the figures"
        ));
    }
    let before = table.rows.len();
    if !trained.record.codes_nothing {
        table.rows.retain(|row| !says_nothing(&redact(&row.text)));
    }
    let nothing = before - table.rows.len();
    if nothing > 0 {
        table.warnings.push(format!(
            "{nothing} rows say nothing; a run sets such answers aside, and they are not in the figures"
        ));
    }
    Ok(())
}

fn codes(
    table: &CodedTable,
    coder: &Coder,
    observer: &dyn Observer,
) -> Result<Vec<Machine>, Error> {
    let Some(trained) = &coder.trained else { return Err(Error::NothingToCodeWith) };
    let base = bert::lazy_pool(&coder.model, coder.precision, coder.threads);
    let themes = |(m, heads)| bert::lazy_themes(m, heads, coder.precision, coder.threads);
    let mut encoders = Encoders { base, tuned: trained.tuned().map(themes), texts: 0 };
    let texts: Vec<String> =
        table.rows.iter().map(|r| redact(&r.text).as_str().trim().to_owned()).collect();
    let asked = |row: &coded::CodedRow| {
        context(&row.context.iter().map(Verbatim::expose).collect::<Vec<_>>())
    };
    let questions: Vec<String> = table.rows.iter().map(asked).collect();
    let corpus = codable(&texts);
    let asked = |r: &Prepared| questions[r.row as usize].clone();
    let (codebook, evidence) = (coder.codebook.as_ref(), Evidence::Skip);
    let job = Job { corpus: &corpus, codebook, trained, asked: &asked, evidence };
    let mut machine = vec![Machine::default(); texts.len()];
    let themes = &trained.record.theme;
    // A margin of the codebook is no probability.
    let probability = |(theme, &p): (&crate::model::ThemeRecord, &f32)| {
        if theme.learned { f64::from(p) } else { f64::NAN }
    };
    let mut keep = |i: usize, all: &[f32]| {
        machine[i].probabilities = themes.iter().zip(all).map(probability).collect();
    };
    let verdicts = classify_learned(&job, &mut encoders, observer, &mut keep)?;
    for (machine, verdict) in machine.iter_mut().zip(&verdicts) {
        if let Verdict::Coded(codings) = verdict {
            machine.codes = codings.iter().map(|c| c.theme).collect();
        }
    }
    Ok(machine)
}
