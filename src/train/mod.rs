//! Learning a codebook from coded answers: a coded table in, a model folder out.
//!
//! In: a [`Request`]. Out: a folder with heads, record and model card (and, where the encoder
//! learned, the encoder), and an [`Outcome`] for the closing words. Everything that is chosen
//! (penalty, calibration, thresholds, when to abstain) is chosen on answers that the deciding model
//! had not seen. The same request gives the same bytes on one machine.
//! Must not know: studies, the command line; only `finetune/` names the engine.

use std::path::{Path, PathBuf};

use crate::codebook::{self, Codebook};
use crate::coded::{self, Repeated};
use crate::fsx;
use crate::gold;
use crate::model::trained::Record;
use crate::model::{self, ModelDir};

mod alone;
mod card;
mod decide;
mod error;
pub mod examples;
mod finetune;
mod folds;
mod head;
pub mod logistic;
mod quality;
mod record;
#[cfg(feature = "engine")]
mod work;

pub use error::Error;
use examples::Examples;
#[cfg(feature = "engine")]
pub use work::train;

/// How a model is to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The encoder learns too where there are [`ENOUGH`] coded rows, and not too many.
    #[default]
    Auto,
    /// Heads alone: seconds.
    Head,
    /// The encoder learns too: minutes.
    Finetune,
}

/// Coded rows from which `auto` lets the encoder learn.
pub const ENOUGH: u64 = 200;

/// Coded rows from which `auto` does not, because it would take more than about half an hour.
pub const TOO_MANY: u64 = 30_000;

/// Coded answers that a theme needs to be learned.
pub const POSITIVES: u64 = 5;

/// Distinct answers that a model needs.
pub const ANSWERS: usize = 20;

/// What is to be learned, from what, to where.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The coded table.
    pub coded: PathBuf,
    /// The codebook.
    pub codebook: PathBuf,
    /// The model's folder.
    pub out: PathBuf,
    /// How.
    pub method: Choice,
    /// The table's columns.
    pub columns: coded::Columns,
    /// The base encoder by name or folder; the default one when absent.
    pub encoder: Option<String>,
    /// Workers; all cores when absent.
    pub threads: Option<usize>,
    /// Where lots begin.
    pub seed: u64,
}

/// What was learned, for the closing words.
#[derive(Debug)]
pub struct Outcome {
    /// The model's record.
    pub record: Record,
    /// Themes that had too few answers, by id.
    pub rare: Vec<String>,
    /// What a user should know.
    pub warnings: Vec<String>,
    /// Names of the files written.
    pub written: Vec<String>,
}

/// What is checked before any work is done.
struct Checked {
    codebook: Codebook,
    table: coded::CodedTable,
    examples: Examples,
    model: ModelDir,
    threads: usize,
    /// Whether the codebook can code without a model.
    codes_alone: bool,
}

/// Reads and checks all that a training needs.
fn check(request: &Request) -> Result<Checked, Error> {
    let mut entries = std::fs::read_dir(&request.out).into_iter().flatten();
    if request.out.is_file() || entries.next().is_some() {
        return Err(Error::OutExists { path: request.out.clone() });
    }
    let codebook = codebook::read_of_people(&request.codebook)?;
    let says = |t: &codebook::Theme| t.definition != t.label || !t.examples.is_empty();
    let codes_alone = codebook::read(&request.codebook).is_ok() && codebook.themes.iter().any(says);
    let name = request.encoder.as_deref().unwrap_or(model::DEFAULT);
    let model = model::find(name, Path::new(""))?;
    model.verify()?;
    let columns = coded::Columns { repeated: Repeated::OnePerson, ..request.columns.clone() };
    let mut table = coded::read(&request.coded, &codebook, &columns)?;
    for row in &mut table.rows {
        // Rows of one id are one person's.
        row.participant.get_or_insert_with(|| row.id.clone());
    }
    keep_apart(&mut table, &request.coded)?;
    let examples = examples::collect(&table, codebook.themes.len());
    let path = request.coded.clone();
    let found = examples.units.len();
    if found < ANSWERS {
        return Err(Error::TooFew { path, found, needed: ANSWERS });
    }
    let k = examples.themes;
    if examples.targets.chunks_exact(k).all(|row| *row == examples.targets[..k]) {
        return Err(Error::OneClass { path });
    }
    if !learned(&examples).contains(&true) {
        return Err(Error::NoTheme { path, needed: POSITIVES });
    }
    fsx::probe_dir(&fsx::Os, &request.out)?;
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(all).max(1);
    Ok(Checked { codebook, table, examples, model, threads, codes_alone })
}

/// Leaves out the rows of a gold sample: a model must never have seen what it is measured by.
fn keep_apart(table: &mut coded::CodedTable, path: &Path) -> Result<(), Error> {
    let Some(design) = gold::Design::near(path)? else { return Ok(()) };
    let drawn = design.responses();
    let before = table.rows.len();
    table.rows.retain(|row| !drawn.contains(row.id.as_str()));
    match before - table.rows.len() {
        0 => Ok(()),
        n if n == before => Err(Error::AllGold { path: path.to_owned() }),
        n => {
            table.warnings.push(format!(
                "{n} rows belong to the gold sample beside the table and were not learned from"
            ));
            Ok(())
        }
    }
}

/// Which themes have enough answers with and without them.
fn learned(examples: &Examples) -> Vec<bool> {
    let enough = |&n: &u64| n >= POSITIVES && examples.rows - n >= POSITIVES;
    examples.positives.iter().map(enough).collect()
}

/// Hashes of the distinct questions in order of first appearance, and each example's among them.
fn asked(examples: &Examples, uses_context: bool) -> (Vec<String>, Vec<usize>) {
    if !uses_context {
        return (Vec::new(), vec![0; examples.units.len()]);
    }
    let mut questions: Vec<&str> = Vec::new();
    let mut rows = Vec::with_capacity(examples.units.len());
    let mut numbers = std::collections::BTreeMap::new();
    for unit in &examples.units {
        let number = *numbers.entry(unit.context.as_str()).or_insert_with(|| {
            questions.push(&unit.context);
            questions.len() - 1
        });
        rows.push(number);
    }
    (questions.iter().map(|q| fsx::sha256(q.as_bytes())).collect(), rows)
}
