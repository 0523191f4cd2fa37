//! The whole run on one screen.
//!
//! In: a [`Plan`]. Out: the files of the output folder and an [`Outcome`] for the closing words.
//! Must not know: the command line, formats, the engine's types.

use crate::aggregate::{State, aggregate, measured, unseen};
use crate::classify::{Encoders, Evidence, Job, Verdict, classify, classify_learned};
use crate::encode::{self, bert, context};
use crate::error::Error;
use crate::fsx;
use crate::ingest::{Kind, ingest_within};
use crate::observe::{Observer, Stage};
use crate::plan::Plan;
use crate::prepare::{
    Corpus, Disposition, Nothing, Prepared, context as context_of, in_another_script, prepare_with,
};
use crate::report::{self, differencing, earlier_outputs, report};
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
    /// What the gold sample says of the codes, in one sentence; `None` where there is none.
    pub measured: Option<String>,
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

/// What the stages up to the verdicts give: the first half of a run, and all that a sample needs.
#[derive(Debug)]
pub struct Coding {
    /// Every response.
    pub corpus: Corpus,
    /// One a response.
    pub verdicts: Vec<Verdict>,
    /// Distinct texts that were needed.
    pub uniques: usize,
    /// How many of them an earlier run had encoded.
    pub reused: usize,
}

/// Reads, prepares and codes a study, and does `then` on the same threads.
///
/// # Errors
/// The first thing that ends it.
pub fn code<T: Send>(
    plan: &Plan,
    observer: &dyn Observer,
    then: impl FnOnce(Coding) -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let threads = plan.threads;
    let rayon = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    rayon.map_err(|_| Error::Threads { threads })?.install(|| {
        let store = Store::new(&fsx::Os, &plan.store.0, plan.store.1);
        let coding = codes(plan, &store, observer)?;
        store.sweep();
        then(coding)
    })
}

fn codes(plan: &Plan, store: &Store, observer: &dyn Observer) -> Result<Coding, Error> {
    let kinds: Vec<Kind> = plan.sources.iter().map(|s| s.kind).collect();
    let intake = ingest_within(plan.limits, &plan.sources, observer)?;
    let coded = plan.trained.as_ref().is_some_and(|t| t.record.codes_nothing);
    let nothing = if coded { Nothing::Coded } else { Nothing::SetAside };
    let corpus = prepare_with(intake, &kinds, nothing, observer);
    let (verdicts, [uniques, reused]) = verdicts(plan, &corpus, store, observer)?;
    Ok(Coding { corpus, verdicts, uniques, reused })
}

fn stages(plan: &Plan, observer: &dyn Observer) -> Result<Outcome, Error> {
    let store = Store::new(&fsx::Os, &plan.store.0, plan.store.1);
    let Coding { mut corpus, verdicts, uniques, reused } = codes(plan, &store, observer)?;

    observer.begin(Stage::Count, None);
    let mut summary = aggregate(&corpus, &verdicts, &plan.codebook, &plan.sources)?;
    if let Some(gold) = &plan.gold {
        let seen = plan.trained.as_ref().and_then(|t| t.seen.as_ref());
        let left = seen.map(|seen| unseen(&corpus, gold, seen)).transpose()?.flatten();
        let (gold, told) = left.as_ref().map_or((gold, None), |(g, told)| (g, Some(told.clone())));
        let mut found = measured(&corpus, &verdicts, &plan.codebook, &plan.sources, gold)?;
        found.warnings.extend(told);
        summary.measured = Some(found);
    }
    corpus.warnings.extend(report::notes(plan, &summary));
    observer.end(Stage::Count);
    observer.begin(Stage::Write, None);
    let files = report(plan, &corpus, &verdicts, &summary)?;
    let differs = differencing(plan, &files);
    let mut notes = publish(plan, &files, &store, observer)?;
    notes.extend(differs);
    notes.extend(unread(plan, &corpus));
    notes.extend(follow_up(plan, &corpus)?);
    observer.end(Stage::Write);
    store.sweep();
    notes.extend(store.trouble());
    let states = std::array::from_fn(|i| summary.account.sources.iter().map(|s| s.states[i]).sum());
    Ok(Outcome {
        rows: summary.account.sources.iter().map(|s| s.rows).sum(),
        states,
        sources: plan.sources.len(),
        files: corpus.files.len(),
        uniques,
        reused,
        written: files.into_iter().map(|(name, _)| name).collect(),
        measured: summary.measured.as_ref().map(report::measured_briefly),
        warnings: corpus.warnings,
        notes,
    })
}

/// Codes the corpus by the trained model, where there is one, else by the codebook. Returns also
/// how many texts were needed, and how many of them an earlier run had encoded. A model is loaded
/// when the first text has to be encoded, if one has to be.
fn verdicts(
    plan: &Plan,
    corpus: &Corpus,
    store: &Store,
    observer: &dyn Observer,
) -> Result<(Vec<Verdict>, [usize; 2]), encode::Error> {
    let pool = |model| {
        bert::lazy_pool(model, plan.precision, plan.threads)
            .keeping(store, context(model, plan.precision))
    };
    let Some(trained) = &plan.trained else {
        let mut pool = pool(&plan.model);
        let verdicts = classify(corpus, &plan.codebook, plan.threshold, &mut pool, observer)?;
        return Ok((verdicts, [corpus.uniques.len(), pool.reused()]));
    };
    let themes = |(model, heads)| {
        let pool = bert::lazy_themes(model, heads, plan.precision, plan.threads);
        pool.keeping(store, context(model, plan.precision).part(&trained.hash))
    };
    let tuned = trained.tuned().map(themes);
    let mut encoders = Encoders { base: pool(&plan.model), tuned, texts: 0 };
    let asked = |response: &Prepared| {
        let questions = &plan.sources[usize::from(response.source)].questions;
        let question = questions.get(usize::from(response.question));
        context_of(&[question.map_or("", |q| q.text.as_str())])
    };
    let evidence = Evidence::Find;
    let job = Job { corpus, codebook: Some(&plan.codebook), trained, asked: &asked, evidence };
    let verdicts = classify_learned(&job, &mut encoders, observer, &mut |_, _| ())?;
    Ok((verdicts, [encoders.texts, encoders.reused()]))
}

/// How many sentences of answers that are coded stand in another script; for the terminal alone,
/// since one such sentence may be one person's.
fn unread(plan: &Plan, corpus: &Corpus) -> Option<String> {
    let coded = corpus.responses.iter().filter(|r| matches!(r.disposition, Disposition::Codable));
    let texts = coded.flat_map(|r| &r.segments).map(|s| &corpus.uniques[s.unique as usize]);
    let n = texts.filter(|text| in_another_script(text)).count();
    (n > 0 && plan.trained.is_none()).then(|| {
        format!(
            "sentences in another script inside English answers: {n}; they were not coded, the rest of \
             each answer was"
        )
    })
}

/// Writes what is for those alone who follow up answers; an earlier run's list is replaced.
fn follow_up(plan: &Plan, corpus: &Corpus) -> Result<Option<String>, Error> {
    let (file, found) = (plan.restricted.join(report::FOLLOW_UP), corpus.flags.len());
    let Some(bytes) = report::follow_up(plan, corpus) else {
        let _ = fsx::Disk::remove_file(&fsx::Os, &file);
        return Ok(None);
    };
    fsx::write_private(&fsx::Os, &file, &bytes)?;
    let (places, tell) = if found == 1 { ("place", "tells") } else { ("places", "tell") };
    Ok(Some(format!(
        "{found} {places} in answers {tell} of harm, threats, abuse or misconduct: see {}, and have \
         somebody read them; the list knows words only and misses things",
        file.display()
    )))
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
