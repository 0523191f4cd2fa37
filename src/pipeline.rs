//! The whole run on one screen.
//!
//! In: a [`Plan`]. Out: the files of the output folder and an [`Outcome`] for the closing words.
//! Must not know: the command line, formats, the engine's types.

use crate::aggregate::{State, aggregate};
use crate::classify::classify;
use crate::encode::{bert, context};
use crate::error::Error;
use crate::fsx;
use crate::ingest::{Kind, ingest_within};
use crate::observe::{Observer, Stage};
use crate::plan::Plan;
use crate::prepare::prepare;
use crate::report::{self, earlier_outputs, report};
use crate::store::Store;

/// What a run did, for its closing words.
#[derive(Debug)]
pub struct Outcome {
    /// Rows and turns read, and what became of the responses in them, over all sources, in the
    /// order of [`State::ALL`].
    pub rows: u64,
    /// Responses by state.
    pub states: [u64; State::ALL.len()],
    /// Sources and files read.
    pub sources: usize,
    /// Files read.
    pub files: usize,
    /// Distinct texts whose vectors were needed.
    pub uniques: usize,
    /// How many of them an earlier run had encoded.
    pub reused: usize,
    /// Names of the files written.
    pub written: Vec<String>,
    /// Things that a user should know; they stand in the reports too.
    pub warnings: Vec<String>,
    /// The same, of this run alone: no output may differ by how it came about.
    pub notes: Vec<String>,
}

/// Runs a study: read, prepare, code, count, report. Either all outputs are written, or none.
///
/// # Errors
/// The first thing that ends the run.
pub fn run(plan: &Plan, observer: &dyn Observer) -> Result<Outcome, Error> {
    let threads = plan.threads;
    let rayon = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    rayon.map_err(|_| Error::Threads { threads })?.install(|| stages(plan, observer))
}

fn stages(plan: &Plan, observer: &dyn Observer) -> Result<Outcome, Error> {
    let kinds: Vec<Kind> = plan.sources.iter().map(|s| s.kind).collect();
    let intake = ingest_within(plan.limits, &plan.sources, observer)?;
    let mut corpus = prepare(intake, &kinds, observer);

    // The model is loaded when the first text has to be encoded, if one has to be.
    let store = Store::new(&fsx::Os, &plan.store.0, plan.store.1);
    let mut pool = bert::lazy_pool(&plan.model, plan.precision, plan.threads)
        .keeping(&store, context(&plan.model, plan.precision));
    let verdicts = classify(&corpus, &plan.codebook, plan.threshold, &mut pool, observer)?;
    let reused = pool.reused();
    drop(pool);

    observer.begin(Stage::Count, None);
    let summary = aggregate(&corpus, &verdicts, &plan.codebook, &plan.sources)?;
    corpus.warnings.extend(report::notes(plan, &summary));
    observer.end(Stage::Count);
    observer.begin(Stage::Write, None);
    let files = report(plan, &corpus, &verdicts, &summary)?;
    let mut notes = publish(plan, &files, &store, observer)?;
    observer.end(Stage::Write);
    store.sweep();
    notes.extend(store.trouble());
    let states = std::array::from_fn(|i| summary.account.sources.iter().map(|s| s.states[i]).sum());
    Ok(Outcome {
        rows: summary.account.sources.iter().map(|s| s.rows).sum(),
        states,
        sources: plan.sources.len(),
        files: corpus.files.len(),
        uniques: corpus.uniques.len(),
        reused,
        written: files.into_iter().map(|(name, _)| name).collect(),
        warnings: corpus.warnings,
        notes,
    })
}

/// Puts the files in place; kept work makes room for them where the disk is full.
fn publish(
    plan: &Plan,
    files: &[(String, Vec<u8>)],
    store: &Store,
    observer: &dyn Observer,
) -> Result<Vec<String>, Error> {
    let mut published = Ok(Vec::new());
    observer.uninterrupted(&mut || {
        let write = || fsx::publish(&fsx::Os, &plan.out, files, &earlier_outputs);
        published = write();
        if published.as_ref().is_err_and(fsx::Error::is_full) && store.make_room(&plan.out) {
            published = write();
        }
    });
    Ok(published?)
}
