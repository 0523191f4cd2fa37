//! From what was typed to what will be done: paths resolved, the codebook read, the model found
//! and verified, the output folder probed. Everything that can be wrong before reading is found
//! here, so that a mistake costs seconds and leaves nothing half-written.
//!
//! In: the path of a study and a few [`Options`]. Out: a [`Plan`], the only thing that the
//! pipeline sees. Must not know: the command line's syntax, the engine.

use std::path::{Path, PathBuf};

use crate::classify;
use crate::codebook::{self, Codebook};
use crate::config::{FormatName, Privacy, Source, StudyFile, TomlError, nearest, parse_toml};
use crate::disclosure::Suppression;
use crate::encode::Precision;
use crate::fsx;
use crate::gold::{self, Gold};
use crate::ingest::{self, QuestionSpec, SourceSpec, TableHints};
use crate::model::trained::{self, Trained};
use crate::model::{self, ModelDir};
use crate::released::{self, Released};
use crate::store;

mod check;

use check::{check, check_letters};

/// What a caller may decide beside the study file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where the outputs go; `out` in the study's folder when absent.
    pub out: Option<PathBuf>,
    /// Workers; all cores when absent.
    pub threads: Option<usize>,
    /// Whether finished work of earlier runs is used.
    pub finished: store::Use,
    /// What the plan is for.
    pub purpose: Purpose,
}

/// What a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// A run: the gold sample, where the study names one, is read and must be whole.
    #[default]
    Run,
    /// Drawing a sample: the gold sample need not be there yet.
    Sample,
}

/// A run, decided and checked.
#[derive(Debug)]
pub struct Plan {
    /// The title of the reports.
    pub title: String,
    /// A line that every report carries.
    pub notice: Option<String>,
    /// The study file as shown in outputs, and its hash.
    pub study: (String, String),
    /// The codebook as shown in outputs.
    pub codebook_path: String,
    /// The themes.
    pub codebook: Codebook,
    /// The inputs.
    pub sources: Vec<SourceSpec>,
    /// For each of them the smallest count of people that is shown.
    pub min_cells: Vec<MinCell>,
    /// The encoder's model.
    pub model: ModelDir,
    /// The model that learned from coded answers, where the study names one; it stands on
    /// `model`.
    pub trained: Option<Trained>,
    /// `auto` is resolved.
    pub precision: Precision,
    /// Margin from which a segment carries a theme.
    pub threshold: f32,
    /// What people coded, where the study has a gold sample.
    pub gold: Option<Gold>,
    /// The folder of the gold sample, where the study names one.
    pub gold_folder: Option<PathBuf>,
    /// What may be shown.
    pub privacy: Privacy,
    /// How much is suppressed; a study cannot ask for less than everything.
    pub suppression: Suppression,
    /// What a file may ask of the machine.
    pub limits: ingest::Limits,
    /// Released quotes; `None` unless the study names a list.
    pub released: Option<Released>,
    /// The formats, ascending, each once.
    pub formats: Vec<FormatName>,
    /// The output folder.
    pub out: PathBuf,
    /// The folder for what only those may see who follow up answers.
    pub restricted: PathBuf,
    /// Workers.
    pub threads: usize,
    /// Where finished work is kept, and whether an earlier run's is used.
    pub store: (PathBuf, store::Use),
}

/// The smallest count of a source's people that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinCell {
    /// Counts from 1 to this minus one are not shown.
    pub min: u32,
    /// Why it is lower than that of the study; `None` where the study gives no reason.
    pub reason: Option<String>,
}

/// What can be wrong with a study.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No study file there.
    #[error("{}: no study here", path.display())]
    NoStudy {
        /// What was typed.
        path: PathBuf,
    },
    /// Data instead of a study.
    #[error("{}: no study but data", path.display())]
    DataNoStudy {
        /// What was typed.
        path: PathBuf,
    },
    /// A file of the study cannot be read or the output folder cannot be used.
    #[error(transparent)]
    File(#[from] fsx::Error),
    /// `study.toml` is not as it should be.
    #[error("{}: {source}", path.display())]
    Toml {
        /// The study file.
        path: PathBuf,
        /// Where and what.
        source: TomlError,
    },
    /// The study makes no sense, though its syntax is right.
    #[error("{}: {why}", path.display())]
    Study {
        /// The study file.
        path: PathBuf,
        /// What is wrong.
        why: String,
        /// The remedy.
        hint: String,
    },
    /// An input is not there.
    #[error("{}: source `{source_name}`: no file `{wanted}`", study.display())]
    NoInput {
        /// The study file.
        study: PathBuf,
        /// The source.
        source_name: String,
        /// What the study says.
        wanted: String,
        /// The nearest file in the same folder.
        nearest: Option<String>,
    },
    /// The codebook is not as it should be.
    #[error(transparent)]
    Codebook(#[from] codebook::Error),
    /// The model is not as it should be.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// The trained model is not as it should be.
    #[error(transparent)]
    Trained(#[from] trained::Error),
    /// The gold sample is not as it should be.
    #[error(transparent)]
    Gold(#[from] gold::Error),
    /// No coded table where the study says.
    #[error("{}: [gold]: no file `{wanted}`", study.display())]
    NoGold {
        /// The study file.
        study: PathBuf,
        /// What the study says.
        wanted: String,
    },
    /// The list of released quotes is not as it should be.
    #[error(transparent)]
    Released(#[from] released::Error),
    /// The processor lacks the precision.
    #[error(transparent)]
    Precision(#[from] crate::encode::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::NoStudy { .. } => Some(
                "name a study.toml or its folder, such as `canvass run samples/community-safety`"
                    .into(),
            ),
            Error::DataNoStudy { path } => {
                Some(format!("`canvass init {}` writes a study.toml for it", path.display()))
            }
            Error::File(e) => e.hint(),
            Error::Toml { source, .. } => source.hint.clone(),
            Error::Study { hint, .. } => Some(hint.clone()),
            Error::NoInput { nearest: Some(n), .. } => Some(format!("did you mean `{n}`?")),
            Error::NoInput { .. } => Some("paths are taken from the folder of study.toml".into()),
            Error::Codebook(e) => e.hint(),
            Error::Model(e) => e.hint(),
            Error::Trained(e) => e.hint(),
            Error::Gold(e) => e.hint(),
            Error::NoGold { .. } => {
                Some("`canvass sample STUDY --n 300` draws answers for people to code".into())
            }
            Error::Released(e) => e.hint(),
            Error::Precision(e) => e.hint(),
        }
    }
}

impl Error {
    /// Whether the study or its files are at fault (exit code 2), not the disk.
    pub fn is_configuration(&self) -> bool {
        match self {
            Error::File(e) => e.is_configuration(),
            _ => true,
        }
    }
}

impl Plan {
    /// Reads and checks everything that a run needs, but not the inputs themselves.
    ///
    /// # Errors
    /// The first thing that is wrong: study file, inputs, codebook, model, output folder.
    pub fn new(study: &Path, options: &Options) -> Result<Self, Error> {
        let path = study_file(study)?;
        let base = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."))
            .to_owned();
        let text = fsx::read_to_string(&path)?;
        let file: StudyFile =
            parse_toml(&text).map_err(|source| Error::Toml { path: path.clone(), source })?;
        check(&path, &file)?;
        let spec = |s: &Source| resolve_source(&path, &base, s);
        let sources = file.source.iter().map(spec).collect::<Result<Vec<_>, _>>()?;
        let trained = read_trained(&path, &base, &file)?;
        let themes = base.join(&file.study.codebook);
        let codebook = match &trained {
            Some(_) => codebook::read_of_people(&themes)?,
            None => codebook::read(&themes)?,
        };
        let threshold =
            file.study.threshold.unwrap_or_else(|| classify::default_threshold(&codebook));
        let named = file.encoder.model.as_deref();
        let model = match (&trained, &file.model) {
            (Some(trained), Some(at)) => {
                let dir = base.join(&at.path);
                trained.learned(&dir, &codebook)?;
                trained.encoder(&dir, named, &base)?
            }
            _ => {
                let model = model::find(named.unwrap_or(model::DEFAULT), &base)?;
                model.verify()?;
                model
            }
        };
        let precision = file.encoder.precision.resolve()?;
        let list = file.privacy.approved.as_ref();
        let released = list.map(|list| Released::read(&base.join(list))).transpose()?;
        let gold = match (&file.gold, options.purpose) {
            (Some(named), Purpose::Run) => {
                Some(Gold::read(&gold_files(&path, &base, &named.path)?, &codebook)?)
            }
            _ => None,
        };
        let learned = trained.as_ref().map(|t| t.record.training.data_sha256.as_str());
        let same = |g: &Gold| g.files.iter().any(|(_, hash)| Some(hash.as_str()) == learned);
        if gold.as_ref().is_some_and(same) {
            return Err(Error::Study {
                path,
                why: "[model] has learned from the table that [gold] measures it by".into(),
                hint: "train on other answers: `canvass sample STUDY --for training` draws them"
                    .into(),
            });
        }
        let min_cells = min_cells(&file);
        let out = options.out.clone().unwrap_or_else(|| base.join("out"));
        refuse_overwriting(&path, &base, &file, &sources, &out)?;
        fsx::probe_dir(&fsx::Os, &out)?;
        let mut formats = file.report.formats.clone();
        formats.sort_unstable();
        formats.dedup();
        let shown = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self {
            title: file.study.title,
            notice: file.study.notice,
            study: (shown, fsx::sha256(text.as_bytes())),
            codebook_path: file.study.codebook.to_string_lossy().into_owned(),
            codebook,
            min_cells,
            sources,
            model,
            trained,
            precision,
            threshold,
            gold,
            gold_folder: file.gold.map(|g| folder_of(&base.join(g.path))),
            limits: file.limits,
            privacy: file.privacy,
            suppression: Suppression::Full,
            released,
            formats,
            out,
            restricted: base.join("restricted"),
            threads: options.threads.unwrap_or_else(all_cores).max(1),
            store: (base.join(store::FOLDER), options.finished),
        })
    }
}

/// The trained model that a study names.
fn read_trained(study: &Path, base: &Path, file: &StudyFile) -> Result<Option<Trained>, Error> {
    let Some(named) = &file.model else { return Ok(None) };
    let fail = |why: String, hint: &str| {
        Err(Error::Study { path: study.to_owned(), why, hint: hint.to_owned() })
    };
    if file.study.threshold.is_some() {
        return fail(
            "the study has a `threshold` and a [model]".into(),
            "leave `threshold` out: a trained model has a threshold for each theme",
        );
    }
    let trained = Trained::read(&base.join(&named.path))?;
    if let [first, second, ..] = trained.record.context.as_slice() {
        return fail(
            format!("the model was trained with the columns `{first}` and `{second}` as context"),
            "a study knows what was asked and nothing else: train with one `--context` column",
        );
    }
    Ok(Some(trained))
}

/// An output must not take the place of a file that the study is made from: an input, the
/// codebook, or the list in which somebody released quotes.
fn refuse_overwriting(
    study: &Path,
    base: &Path,
    file: &StudyFile,
    sources: &[SourceSpec],
    out: &Path,
) -> Result<(), Error> {
    let real = |p: &Path| std::fs::canonicalize(p).unwrap_or_else(|_| p.to_owned());
    let out = real(out);
    let named = file.privacy.approved.iter().chain([&file.study.codebook]).map(|p| base.join(p));
    let inputs = sources.iter().flat_map(|s| s.files.iter().map(|(path, _)| path.clone()));
    for path in named.chain(inputs) {
        let path = real(&path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.parent() == Some(&out) && crate::report::OUTPUTS.contains(&name.as_str()) {
            return Err(Error::Study {
                path: study.to_owned(),
                why: format!("the run would write over `{name}`, which the study is made from"),
                hint: "choose another folder with `--out DIR`, or save that file elsewhere".into(),
            });
        }
    }
    Ok(())
}

fn all_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn study_file(typed: &Path) -> Result<PathBuf, Error> {
    let path = if typed.is_dir() { typed.join("study.toml") } else { typed.to_owned() };
    if !path.is_file() {
        return Err(Error::NoStudy { path: typed.to_owned() });
    }
    if is_data(&path) { Err(Error::DataNoStudy { path }) } else { Ok(path) }
}

/// Whether the name is that of an export or a transcript.
fn is_data(path: &Path) -> bool {
    const DATA: &str = "csv tsv tab xlsx xlsm xls ods json jsonl ndjson parquet pq txt md docx docm pdf vtt srt sbv";
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    DATA.split(' ').any(|e| e == extension)
}

/// The smallest cell of each source.
fn min_cells(file: &StudyFile) -> Vec<MinCell> {
    let one = |source: &Source| MinCell {
        min: source.min_cell.unwrap_or(file.privacy.min_cell),
        reason: source.min_cell_reason.as_deref().map(|r| r.trim().to_owned()),
    };
    file.source.iter().map(one).collect()
}

/// What a source says about the form of its tables.
fn table_hints(source: &Source) -> TableHints {
    TableHints {
        header_row: source.header_row,
        header_rows: source.header_rows,
        encoding: source.encoding.clone(),
        delimiter: source.delimiter.clone(),
        quote: source.quote.clone(),
        escape: source.escape.clone(),
    }
}

/// The coded tables of the gold sample: (path, path as shown), sorted.
fn gold_files(study: &Path, base: &Path, wanted: &str) -> Result<Vec<(PathBuf, String)>, Error> {
    let files = files_of(base, wanted)?;
    if files.is_empty() {
        return Err(Error::NoGold { study: study.to_owned(), wanted: wanted.to_owned() });
    }
    Ok(files.into_iter().map(|f| (base.join(&f), f)).collect())
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_owned()
}

/// The files of a path with or without a pattern, sorted.
fn files_of(base: &Path, path: &str) -> Result<Vec<String>, Error> {
    Ok(match path.rsplit_once('/').unwrap_or(("", path)) {
        (folder, pattern) if pattern.contains('*') => matching(base, folder, pattern)?,
        _ if base.join(path).is_file() => vec![path.to_owned()],
        _ => Vec::new(),
    })
}

fn resolve_source(study: &Path, base: &Path, source: &Source) -> Result<SourceSpec, Error> {
    let files = files_of(base, &source.path)?;
    if files.is_empty() {
        let nearest = nearest_file(base, &source.path);
        return Err(Error::NoInput {
            study: study.to_owned(),
            source_name: source.name.clone(),
            wanted: source.path.clone(),
            nearest,
        });
    }
    check_letters(study, source, &files)?;
    let question = |q: &crate::config::Question| QuestionSpec {
        column: q.column.clone(),
        text: q.text.clone().unwrap_or_else(|| q.column.clone()),
    };
    Ok(SourceSpec {
        name: source.name.clone(),
        kind: source.kind,
        perspective: source.perspective.clone(),
        files: files.into_iter().map(|f| (base.join(&f), f)).collect(),
        id: source.id.clone(),
        participant: source.participant.clone(),
        groups: source.groups.clone(),
        weight: source.weight.clone(),
        questions: source.question.iter().map(question).collect(),
        moderators: source.moderators.clone(),
        parts: source.parts,
        table: table_hints(source),
        sheet: source.sheet.clone(),
    })
}

/// Files of `folder` whose names match `pattern` (`*` stands for anything), sorted by name.
fn matching(base: &Path, folder: &str, pattern: &str) -> Result<Vec<String>, Error> {
    let names = list(&base.join(folder))?;
    let join = |n: String| if folder.is_empty() { n } else { format!("{folder}/{n}") };
    Ok(names.into_iter().filter(|n| wildcard(pattern, n)).map(join).collect())
}

/// Names of the visible files in a folder, sorted; an absent folder has none.
fn list(dir: &Path) -> Result<Vec<String>, Error> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|e| e.path().is_file())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|n| !n.starts_with(['.', '~']))
        .collect();
    names.sort();
    Ok(names)
}

fn wildcard(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, rest)) => name.strip_prefix(head).is_some_and(|tail| {
            (0..=tail.len())
                .filter(|&i| tail.is_char_boundary(i))
                .any(|i| wildcard(rest, &tail[i..]))
        }),
    }
}

fn nearest_file(base: &Path, wanted: &str) -> Option<String> {
    let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
    let names = list(&base.join(folder)).ok()?;
    let found = nearest(name, names.iter().map(String::as_str))?;
    Some(if folder.is_empty() { found } else { format!("{folder}/{found}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_in_a_name() {
        assert!(wildcard("*.docx", "night-watch.docx"));
        assert!(wildcard("group-*-a.txt", "group-12-a.txt"));
        assert!(!wildcard("*.docx", "night-watch.vtt"));
        assert!(!wildcard("a*b*c", "acb"));
    }
}
