//! Codes a table of answers without a study: by a trained model, or by a codebook alone.
//!
//! In: a [`Request`]. Out: a CSV file with one row an answer: id, state, codes, and a score of every
//! theme: the probability where a model learned the theme (`p:`), the margin where the codebook
//! decides (`margin:`; with a codebook alone of the themes that the answer carries).
//! Answers are redacted and judged as in a run, but repetitions are coded each.
//! Must not know: studies, the command line, the engine's types.

use std::path::{Path, PathBuf};

use crate::aggregate::State;
use crate::classify::{self, Encoders, Evidence, Job, Verdict, classify_learned};
use crate::codebook::{self, Codebook};
use crate::encode::{Precision, bert};
use crate::fsx;
use crate::ingest::{
    self, Content, InputFile, Intake, Kind, Limits, Participant, Response, Sheet, SheetRequest,
};
use crate::model::trained::Trained;
use crate::model::{self, ModelDir};
use crate::observe::{Observer, Stage};
use crate::prepare::{Corpus, Nothing, Prepared, context as context_of, prepare_with};
use crate::report::cell::Table;

mod error;
pub mod score;

pub use error::Error;

/// What is to be coded, by what, to where.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The table.
    pub input: PathBuf,
    /// The file of the codes.
    pub out: PathBuf,
    /// A trained model's folder.
    pub model: Option<PathBuf>,
    /// The codebook. Beside a model it codes the themes that the model did not learn.
    pub codebook: Option<PathBuf>,
    /// The base encoder, where it is not the one that the model names.
    pub encoder: Option<String>,
    /// The column of answers; `text` when absent.
    pub text: Option<String>,
    /// The column of ids; `id` where there is one, else rows are numbered.
    pub id: Option<String>,
    /// The columns that say what was asked; those of the training table when empty.
    pub context: Vec<String>,
    /// Workbooks: the sheet.
    pub sheet: Option<String>,
    /// Workers; all cores when absent.
    pub threads: Option<usize>,
}

/// What was done, for the closing words.
#[derive(Debug)]
pub struct Outcome {
    /// Answers by state, in the order of [`State::ALL`].
    pub states: [u64; State::ALL.len()],
    /// What a user should know.
    pub warnings: Vec<String>,
}

/// What codes.
struct Coder {
    trained: Option<Trained>,
    codebook: Option<Codebook>,
    model: ModelDir,
    precision: Precision,
    threads: usize,
}

/// Codes a table and writes the file.
///
/// # Errors
/// The first thing that is wrong; nothing is written then.
pub fn code(request: &Request, observer: &dyn Observer) -> Result<Outcome, Error> {
    let coder = open(request)?;
    let threads = coder.threads;
    let rayon = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    rayon.map_err(|_| Error::Threads { threads })?.install(|| work(request, &coder, observer))
}

fn open(request: &Request) -> Result<Coder, Error> {
    if request.out.exists() {
        return Err(Error::OutExists { path: request.out.clone() });
    }
    fsx::probe_dir(&fsx::Os, fsx::folder_of(&request.out))?;
    let trained = request.model.as_deref().map(Trained::read).transpose()?;
    let read = if trained.is_some() { codebook::read_of_people } else { codebook::read };
    let codebook = request.codebook.as_deref().map(read).transpose()?;
    if trained.is_none() && codebook.is_none() {
        return Err(Error::NothingToCodeWith);
    }
    let (named, here) = (request.encoder.as_deref(), Path::new(""));
    let model = match (&trained, &request.model) {
        (Some(trained), Some(dir)) => {
            codebook.as_ref().map_or(Ok(()), |c| trained.learned(dir, c))?;
            trained.encoder(dir, named, here)?
        }
        _ => {
            let model = model::find(named.unwrap_or(model::DEFAULT), here)?;
            model.verify()?;
            model
        }
    };
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(all).max(1);
    Ok(Coder { trained, codebook, model, precision: Precision::Auto.resolve()?, threads })
}

fn work(request: &Request, coder: &Coder, observer: &dyn Observer) -> Result<Outcome, Error> {
    observer.begin(Stage::Read, None);
    let table = read(request, coder.trained.as_ref())?;
    observer.end(Stage::Read);
    let coded = coder.trained.as_ref().is_some_and(|t| t.record.codes_nothing);
    let nothing = if coded { Nothing::Coded } else { Nothing::SetAside };
    // Session notes: the one kind of writing in which every entry is an entry of its own.
    let corpus = prepare_with(table.intake, &[Kind::SessionNotes], nothing, observer);
    let pool = |model| bert::lazy_pool(model, coder.precision, coder.threads);
    let n = corpus.responses.len();
    let mut strengths: Vec<Vec<f32>> = vec![Vec::new(); n];
    let verdicts = match (&coder.trained, &coder.codebook) {
        (Some(trained), codebook) => {
            let themes = |(m, heads)| bert::lazy_themes(m, heads, coder.precision, coder.threads);
            let tuned = trained.tuned().map(themes);
            let mut encoders = Encoders { base: pool(&coder.model), tuned, texts: 0 };
            let asked = |r: &Prepared| {
                r.participant.map_or(String::new(), |p| table.asked[p as usize].clone())
            };
            let (evidence, codebook) = (Evidence::Skip, codebook.as_ref());
            let job = Job { corpus: &corpus, codebook, trained, asked: &asked, evidence };
            let mut keep = |i: usize, all: &[f32]| strengths[i] = all.to_vec();
            classify_learned(&job, &mut encoders, observer, &mut keep)?
        }
        (None, Some(codebook)) => {
            let threshold = classify::default_threshold(codebook);
            classify::classify(&corpus, codebook, threshold, &mut pool(&coder.model), observer)?
        }
        (None, None) => return Err(Error::NothingToCodeWith),
    };
    observer.begin(Stage::Write, None);
    let themes = themes(coder);
    let bytes = render(&themes, &table.ids, &corpus, &verdicts, &strengths);
    fsx::write_new(&fsx::Os, &request.out, &bytes)?;
    observer.end(Stage::Write);
    let mut states = [0; State::ALL.len()];
    for (response, verdict) in corpus.responses.iter().zip(&verdicts) {
        states[State::of(response, verdict) as usize] += 1;
    }
    let mut warnings = corpus.warnings;
    warnings.extend(rare(coder));
    Ok(Outcome { states, warnings })
}

/// A theme and what its score is.
struct Scored {
    id: String,
    score: Score,
}

/// What a score is.
#[derive(PartialEq)]
enum Score {
    /// The calibrated probability of a theme that a model learned.
    Probability,
    /// How much nearer the answer is to the theme than to the codebook's average.
    Margin,
    /// A theme that the model did not learn, and no codebook beside it.
    None,
}

impl Scored {
    /// The column's name begins with what stands in it, so that the file can be read as a coded
    /// table.
    fn column(&self) -> String {
        let kind = if self.score == Score::Margin { "margin" } else { "p" };
        format!("{kind}:{}", self.id)
    }
}

/// The themes, in order.
fn themes(coder: &Coder) -> Vec<Scored> {
    let margin = if coder.codebook.is_some() { Score::Margin } else { Score::None };
    let Some(trained) = &coder.trained else {
        let themes = coder.codebook.iter().flat_map(|c| &c.themes);
        return themes.map(|t| Scored { id: t.id.clone(), score: Score::Margin }).collect();
    };
    let scored = |t: &model::ThemeRecord| Scored {
        id: t.id.clone(),
        score: match (t.learned, &margin) {
            (true, _) => Score::Probability,
            (false, Score::Margin) => Score::Margin,
            (false, _) => Score::None,
        },
    };
    trained.record.theme.iter().map(scored).collect()
}

/// Which themes nothing can carry.
fn rare(coder: &Coder) -> Option<String> {
    let trained = coder.trained.as_ref().filter(|_| coder.codebook.is_none())?;
    let n = trained.record.theme.iter().filter(|t| !t.learned).count();
    (n > 0).then(|| {
        let themes = if n == 1 { "theme" } else { "themes" };
        format!("{n} {themes} had too few coded answers to be learned; `--codebook FILE` codes by definitions what was not learned")
    })
}

/// A table of answers, read.
struct Answers {
    ids: Vec<String>,
    asked: Vec<String>,
    intake: Intake,
}

fn read(request: &Request, trained: Option<&Trained>) -> Result<Answers, Error> {
    let file = request.input.display().to_string();
    let text = request.text.as_deref().unwrap_or("text");
    let context = match trained {
        Some(t) if request.context.is_empty() => t.record.context.clone(),
        _ => request.context.clone(),
    };
    if let Some(t) = trained.filter(|t| t.record.context.len() != context.len()) {
        return Err(Error::Context { trained: t.record.context.len(), given: context.len() });
    }
    let mut wanted = vec![text.to_owned()];
    wanted.extend(request.id.clone());
    wanted.extend(context.iter().cloned());
    let sheet = ingest::sheet(&SheetRequest {
        path: &request.input,
        shown: &file,
        sheet: request.sheet.as_deref(),
        wanted: &wanted,
        limits: Limits::default(),
    })?;
    let column = |name: &str| {
        sheet.find(name).ok_or_else(|| Error::NoColumn {
            file: file.clone(),
            row: sheet.header_row(),
            wanted: name.to_owned(),
            nearest: sheet.nearest(name),
        })
    };
    let text = column(text)?;
    let id = match &request.id {
        Some(name) => Some(column(name)?),
        None => sheet.find("id"),
    };
    let context = context.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
    Ok(answers(&file, &sheet, text, id, &context))
}

fn answers(
    file: &str,
    sheet: &Sheet,
    text: usize,
    id: Option<usize>,
    context: &[usize],
) -> Answers {
    let mut ids = Vec::with_capacity(sheet.len());
    let mut asked = Vec::with_capacity(sheet.len());
    let mut intake = Intake { warnings: sheet.warnings().to_vec(), ..Intake::default() };
    for (place, why) in sheet.rejects() {
        intake.warnings.push(format!("`{file}`, row {place}: left out: {why}"));
    }
    intake.files.push(InputFile {
        source: 0,
        session: 0,
        path: file.to_owned(),
        sha256: sheet.sha256().to_owned(),
        bytes: 0,
        format: String::new(),
        rows: sheet.len() as u32,
    });
    for row in 0..sheet.len() {
        let place = sheet.place(row);
        ids.push(match id.map(|c| sheet.value(row, c)).filter(|v| !v.is_empty()) {
            Some(id) => id.to_owned(),
            None => format!("row-{place}"),
        });
        let parts: Vec<&str> = context.iter().map(|&c| sheet.value(row, c)).collect();
        asked.push(context_of(&parts));
        let id = format!("a-{place}");
        let groups = Vec::new();
        intake.participants.push(Participant {
            source: 0,
            id: id.clone(),
            file: 0,
            groups,
            weight: None,
        });
        intake.responses.push(Response {
            source: 0,
            question: 0,
            participant: Some(row as u32),
            file: 0,
            row: place,
            id,
            content: Content::Text(sheet.words(row, text)),
        });
    }
    Answers { ids, asked, intake }
}

/// One row an answer.
fn render(
    themes: &[Scored],
    ids: &[String],
    corpus: &Corpus,
    verdicts: &[Verdict],
    strengths: &[Vec<f32>],
) -> Vec<u8> {
    let columns = themes.iter().map(Scored::column);
    let header: Vec<String> =
        ["id", "state", "codes"].map(String::from).into_iter().chain(columns).collect();
    let mut table = Table::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
    for (i, (response, verdict)) in corpus.responses.iter().zip(verdicts).enumerate() {
        let codings = match verdict {
            Verdict::Coded(codings) => codings.as_slice(),
            _ => &[],
        };
        let codes: Vec<&str> = codings.iter().map(|c| themes[c.theme].id.as_str()).collect();
        let mut row =
            vec![ids[i].clone(), State::of(response, verdict).id().to_owned(), codes.join(";")];
        let known = |t: usize| strengths[i].get(t).copied();
        let carried = |t: usize| codings.iter().find(|c| c.theme == t).map(|c| c.score);
        let score = |(t, theme): (usize, &Scored)| match theme.score {
            Score::None => None,
            _ => known(t).or_else(|| carried(t)),
        };
        let scores = themes.iter().enumerate().map(score);
        row.extend(scores.map(|s| s.map_or(String::new(), |s| format!("{s:.4}"))));
        table.row(&row);
    }
    table.into_bytes()
}
