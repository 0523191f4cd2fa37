//! A training from its first step to its last.
//!
//! In: a [`Request`]. Out: the files of the model's folder. Encode the answers; learn heads; where
//! the encoder learns too, tune it once for each fold and once on everything, and mix both scores;
//! decide on held-out scores; write.
//! Must not know: the engine's types.

use super::examples::Examples;
use super::finetune::{Settings, Task, Tuned, engine};
use super::head::{self, HeadFit, Material};
use super::record::{self, Judged, Learned};
use super::{Checked, Choice, ENOUGH, Error, Outcome, Request, TOO_MANY, asked, check, decide};
use super::{alone, card, folds, learned, quality};
use crate::classify::Prototypes;
use crate::classify::learned::joined;
use crate::encode::{Precision, bert, encode_all};
use crate::fsx;
use crate::model::heads;
use crate::model::seen::SEEN;
use crate::model::trained::{HEADS, Method, RECORD};
use crate::observe::{Observer, Stage};

/// Parts in which answers are held out for heads, and for the encoder, whose training costs more.
const FOLDS: (usize, usize) = (5, 3);

/// Learns a model and writes its folder.
///
/// # Errors
/// The first thing that ends the training; nothing is written then.
pub fn train(request: &Request, observer: &dyn Observer) -> Result<Outcome, Error> {
    let checked = check(request)?;
    let threads = checked.threads;
    let rayon = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    rayon.map_err(|_| Error::Threads { threads })?.install(|| work(request, checked, observer))
}

fn work(request: &Request, checked: Checked, observer: &dyn Observer) -> Result<Outcome, Error> {
    let Checked { codebook, table, examples, model, threads, codes_alone } = checked;
    let method = match (request.method, examples.rows) {
        (Choice::Auto, ENOUGH..TOO_MANY) | (Choice::Finetune, _) => Method::Finetune,
        (Choice::Auto | Choice::Head, _) => Method::Head,
    };
    let n_folds = if method == Method::Head { FOLDS.0 } else { FOLDS.1 };
    let deal = folds::Deal {
        groups: &examples.groups,
        weights: &examples.weights,
        targets: &examples.targets,
        themes: examples.themes,
    };
    let folds = folds::deal(&deal, n_folds, request.seed);
    let precision = Precision::Auto.resolve()?;

    let texts: Vec<String> = examples.units.iter().map(|u| u.text.clone()).collect();
    observer.begin(Stage::Code, Some(texts.len() as u64));
    let mut pool = bert::open_pool(&model, precision, threads)?;
    let vectors = encode_all(&texts, &mut pool)?;
    let mut prototypes = Prototypes::learn(&codebook, &mut pool)?;
    let directions = prototypes.directions();
    let answers = (&texts[..], &vectors[..]);
    let by_codebook = match codes_alone {
        true => Some(alone::codes(&codebook, &mut prototypes, answers, &mut pool)?),
        false => None,
    };
    drop(pool);
    observer.end(Stage::Code);

    let (questions, rows) = asked(&examples, !request.columns.context.is_empty());
    let material = Material {
        examples: &examples,
        vectors: &vectors,
        directions: &directions,
        folds: &folds,
        n_folds,
        asked: &rows,
        n_asked: questions.len(),
    };
    let settings = Settings::for_rows(examples.rows as usize);
    let fit = head::learn(&material);
    let learned = learned(&examples);
    let mut tuned = None;
    if method == Method::Finetune {
        let pairs = !questions.is_empty();
        let texts = match pairs {
            true => examples.units.iter().map(|u| joined(&u.context, &u.text)).collect(),
            false => texts,
        };
        let task = Task {
            model: &model,
            precision,
            texts: &texts,
            pairs,
            targets: &examples.targets,
            weights: &examples.weights,
            themes: examples.themes,
            settings,
            seed: request.seed,
            threads,
        };
        let (last, out) = tune(&task, &folds, n_folds, observer)?;
        tuned = Some((last, out));
    }
    let logits = Logits { base: &fit.held_out, tuned: tuned.as_ref().map(|(_, out)| &out[..]) };
    let against = Against { codebook: by_codebook.as_deref(), seed: request.seed };
    let judged = judge(&examples, logits, &folds, &learned, against);
    let tuned = tuned.map(|(tuned, _)| tuned);
    let found = Learned {
        request,
        codebook: &codebook,
        table: &table,
        examples: &examples,
        model: &model,
        method,
        precision,
        asked: questions,
        n_folds,
        fit: &fit,
        epochs: if method == Method::Finetune { settings.epochs } else { 0 },
        judged,
        learned,
    };
    write(&found, &fit, tuned, observer)
}

/// Tunes the encoder once for each fold and once on everything. Returns the last one and the
/// logits of each answer from the one that had not seen it.
fn tune(
    task: &Task<'_>,
    folds: &[usize],
    n_folds: usize,
    observer: &dyn Observer,
) -> Result<(Tuned, Vec<f32>), Error> {
    let rows: f32 = task.weights.iter().sum();
    let passes = task.settings.epochs as f64 * n_folds as f64;
    let steps = passes * f64::from(rows) / task.settings.batch as f64;
    observer.begin(Stage::Train, Some(steps as u64));
    let step = || observer.advance(Stage::Train, 1);
    let mut held_out = vec![0f32; folds.len() * task.themes];
    for fold in 0..n_folds {
        let held = |(i, &w): (usize, &f32)| if folds[i] == fold { 0.0 } else { w };
        let weights: Vec<f32> = task.weights.iter().enumerate().map(held).collect();
        let one = engine::tune(&Task { weights: &weights, ..*task }, &step)?;
        // Logits are 0 but for the held-out answers of this fold.
        held_out.iter_mut().zip(one.held_out).for_each(|(a, b)| *a += b);
    }
    let last = engine::tune(task, &step)?;
    observer.end(Stage::Train);
    Ok((last, held_out))
}

/// Logits of answers that were held out.
#[derive(Clone, Copy)]
struct Logits<'a> {
    /// Of the heads on the base encoder.
    base: &'a [f32],
    /// Of the tuned encoder.
    tuned: Option<&'a [f32]>,
}

impl Logits<'_> {
    /// The mixture that suits the answers that count, and the part of the base heads in it.
    fn mixed(self, held: decide::HeldOut<'_>) -> (f64, Vec<f32>) {
        match self.tuned {
            Some(tuned) => decide::mix(held, self.base, tuned),
            None => (1.0, self.base.to_vec()),
        }
    }
}

/// What the model's codes are compared with beside the coders'.
#[derive(Clone, Copy)]
struct Against<'a> {
    /// The codes of the codebook alone, where it can code.
    codebook: Option<&'a [bool]>,
    /// Draws the replicates of the difference.
    seed: u64,
}

/// Mixture, calibration and thresholds from all held-out logits; and what decisions from the other
/// folds reach on each fold.
fn judge(
    examples: &Examples,
    logits: Logits<'_>,
    folds: &[usize],
    learned: &[bool],
    against: Against<'_>,
) -> Judged {
    let k = examples.themes;
    let (targets, weights) = (&examples.targets, &examples.weights);
    let all = decide::HeldOut { themes: k, logits: &[], targets, weights, learned };
    let mut carried = vec![false; logits.base.len()];
    let mut probabilities = vec![0f64; logits.base.len()];
    for fold in 0..=folds.iter().copied().max().unwrap_or(0) {
        let weight = |(i, &w): (usize, &f32)| if folds[i] == fold { 0.0 } else { w };
        let others: Vec<f32> = weights.iter().enumerate().map(weight).collect();
        let (_, mixed) = logits.mixed(decide::HeldOut { weights: &others, ..all });
        let held = decide::HeldOut { logits: &mixed, ..all };
        let decision = decide::decide(decide::HeldOut { weights: &others, ..held });
        let (codes, p) = decide::apply(held, &decision);
        for i in (0..folds.len()).filter(|&i| folds[i] == fold) {
            for at in i * k..(i + 1) * k {
                (carried[at], probabilities[at]) = (codes[at], f64::from(p[at]));
            }
        }
    }
    let (quality, agreement) = quality::measure(&quality::Codes {
        themes: k,
        targets,
        carried: &carried,
        probabilities: &probabilities,
        weights,
        learned,
    });
    let both = |codebook| alone::Both { model: &carried, codebook, learned };
    let alone = against.codebook.map(|c| alone::compare(examples, &both(c), against.seed));
    let (base_part, mixed) = logits.mixed(all);
    let held = decide::HeldOut { logits: &mixed, ..all };
    let decision = decide::decide(held);
    let abstain = decide::abstain(held, &decision);
    Judged { base_part, decision, abstain, quality, agreement, alone }
}

/// Puts the folder together and in its place.
fn write(
    found: &Learned<'_>,
    fit: &HeadFit,
    tuned: Option<Tuned>,
    observer: &dyn Observer,
) -> Result<Outcome, Error> {
    observer.begin(Stage::Write, None);
    let form = |why: String| Error::Form { why };
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut tuned_heads = None;
    if let Some(tuned) = tuned {
        files = record::encoder_files(found, &tuned.weights).map_err(form)?;
        tuned_heads = Some(tuned.heads);
    }
    let heads = heads::write(&fit.heads, tuned_heads.as_ref()).map_err(form)?;
    files.push((HEADS.to_owned(), heads));
    files.push((SEEN.to_owned(), record::seen(found).to_bytes()));
    let mut record = record::record(found);
    files.push(("MODEL_CARD.md".into(), card::render(found, &record)));
    record.pin(&files);
    let text = toml::to_string(&record).map_err(|e| form(e.to_string()))?;
    files.push((RECORD.to_owned(), text.into_bytes()));
    let mut published = Ok(Vec::new());
    observer.uninterrupted(&mut || {
        published = fsx::publish(&fsx::Os, &found.request.out, &files, &|_| Vec::new());
    });
    let mut warnings = found.table.warnings.clone();
    warnings.extend(found.examples.warnings.iter().cloned());
    let q = &record.quality;
    warnings.extend(record.codebook_alone.and_then(|a| alone::warning(q.micro_f1, &a)));
    warnings.extend(published?);
    observer.end(Stage::Write);
    let rare = record.theme.iter().filter(|t| !t.learned).map(|t| t.id.clone()).collect();
    let written = files.into_iter().map(|(name, _)| name).collect();
    Ok(Outcome { record, rare, warnings, written })
}
