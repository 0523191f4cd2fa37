//! A model that learned from coded answers: its folder, `trained.toml` and the hash that names it.
//!
//! In: a folder that `canvass train` wrote. Out: a checked [`Trained`]: every file is there and
//! hashes to what `trained.toml` says, the numbers fit the themes, the codebook is the one that
//! was learned. Must not know: texts, how anything was learned, the engine.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::heads::{self, Attention, Heads};
use super::seen::{SEEN, Seen};
use super::{ModelDir, find};
use crate::codebook::Codebook;
use crate::fsx;

/// The record's file in a model's folder; it lists all others.
pub const RECORD: &str = "trained.toml";

/// The file of the heads.
pub const HEADS: &str = "heads.safetensors";

/// The form of the folder that this program writes.
pub const FORMAT: u32 = 3;

/// The forms that it reads; a model of form 2 says less of itself.
const READ: std::ops::RangeInclusive<u32> = 2..=FORMAT;

/// How a model learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Heads on the vectors of an encoder that stays as it is.
    Head,
    /// The encoder learned too; its scores are mixed with those of heads.
    Finetune,
}

/// What is read of `trained.toml` before the rest: another format has other keys.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// `trained.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// The program that trained it.
    pub program: String,
    /// How it learned.
    pub method: Method,
    /// Hash of the codebook's file.
    pub codebook_sha256: String,
    /// The base encoder.
    pub encoder: String,
    /// The base encoder's identity ([`ModelDir::hash`]).
    pub encoder_sha256: String,
    /// The base encoder's precision in training.
    pub precision: String,
    /// Columns of the coded table that hold what was asked.
    pub context: Vec<String>,
    /// Hashes of the questions of the training answers, in the order of the heads' rows.
    pub asked: Vec<String>,
    /// Whether answers such as "nothing" were coded, so that the model decides about them.
    pub codes_nothing: bool,
    /// An answer without a theme is `no-theme` where its highest probability, as a part of the
    /// theme's threshold, is below this, and `undecided` from this upwards.
    pub abstain: f64,
    /// An answer in which no learned theme reaches its threshold carries the most probable one
    /// where that is at least this probable; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lone: Option<f64>,
    /// Part of the heads on the base encoder in a score; the tuned encoder has the rest.
    pub base_part: f64,
    /// What it learned from.
    pub training: Training,
    /// How well it did on answers that it had not seen.
    pub quality: Quality,
    /// How well the codebook alone does on the same answers; absent where it cannot code by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codebook_alone: Option<CodebookAlone>,
    /// The themes, in the codebook's order.
    pub theme: Vec<ThemeRecord>,
    /// The other files of the folder.
    pub file: Vec<Pinned>,
}

/// What a model learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Coded rows with words in them.
    pub rows: u64,
    /// Distinct answers (question and words) among them.
    pub answers: u64,
    /// Hash of the coded table's file.
    pub data_sha256: String,
    /// Where every drawing of lots began.
    pub seed: u64,
    /// In how many parts the answers were held out in turn.
    pub folds: u64,
    /// What the C of the heads' penalty was.
    pub strength: f64,
    /// How far the codebook's own words drew the heads.
    pub codebook_pull: f64,
    /// Passes over the answers, where the encoder learned.
    pub epochs: u64,
    /// libtorch, and the processor's instructions that it used.
    pub engine: String,
}

/// Agreement with the coders on answers that were held out: in each fold the heads, the
/// calibration and the thresholds come from the other folds. Means over themes are over those with
/// enough answers to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// F1 over all codes together.
    pub micro_f1: f64,
    /// Mean of the themes' F1.
    pub macro_f1: f64,
    /// Mean of the answers' F1; two empty sets of codes agree.
    pub samples_f1: f64,
    /// Share of answers with exactly the coders' themes.
    pub exact: f64,
    /// Expected calibration error over all themes, ten bins of equal width (Naeini et al. 2015).
    pub calibration_error: f64,
}

/// What the codebook's own words would have coded on the answers of [`Quality`], by the rule of a
/// study without a model, over the same themes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodebookAlone {
    /// F1 over all codes together.
    pub micro_f1: f64,
    /// Mean of the themes' F1.
    pub macro_f1: f64,
    /// Mean of the answers' F1.
    pub samples_f1: f64,
    /// Share of answers with exactly the coders' themes.
    pub exact: f64,
    /// The model's micro-F1 less the codebook's.
    pub gain: f64,
    /// Lower end of its 95 % interval: a bootstrap over answers that are held out together, both
    /// judged on the same ones.
    pub gain_low: f64,
    /// Upper end.
    pub gain_high: f64,
}

impl CodebookAlone {
    /// Whether the model is better beyond chance.
    pub fn is_beaten(&self) -> bool {
        self.gain_low > 0.0
    }
}

/// One theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeRecord {
    /// Its id in the codebook.
    pub id: String,
    /// Coded answers that carry it.
    pub positives: u64,
    /// Whether there were enough of them; if not, the codebook's words alone decide.
    pub learned: bool,
    /// Probability from which an answer carries the theme.
    pub threshold: f64,
    /// Calibration: the probability is the sigmoid of `slope × logit + offset`.
    pub slope: f64,
    /// See `slope`.
    pub offset: f64,
    /// Of the held-out answers that the model gave the theme, the share that the coders gave it.
    pub precision: f64,
    /// Of the held-out answers that the coders gave the theme, the share that the model gave it.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    /// Its name.
    pub path: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// A trained model, read and checked.
#[derive(Debug, Clone)]
pub struct Trained {
    /// Its record.
    pub record: Record,
    /// Heads on the base encoder.
    pub base: Heads,
    /// Heads on the tuned encoder.
    pub tuned: Option<Attention>,
    /// The tuned encoder.
    pub tuned_encoder: Option<ModelDir>,
    /// What it has learned from; `None` where it is of a form that does not say.
    pub seen: Option<Seen>,
    /// SHA-256 of the record, which pins every other file: the model's identity.
    pub hash: String,
}

/// What can be wrong with a trained model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No trained model there.
    #[error("{}: no trained model here", path.display())]
    NotThere {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not as it was written.
    #[error("{}: {why}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It learned another codebook.
    #[error("{}: the model learned another codebook than {codebook}", path.display())]
    OtherCodebook {
        /// The model's folder.
        path: PathBuf,
        /// The codebook that it is to code with.
        codebook: String,
    },
    /// It stands on another encoder.
    #[error("{}: the model stands on the encoder `{wanted}`, not on `{found}`", path.display())]
    OtherEncoder {
        /// The model's folder.
        path: PathBuf,
        /// What it was trained on.
        wanted: String,
        /// What was offered.
        found: String,
    },
    /// The encoder that it stands on has no built-in name.
    #[error("{}: the model stands on the encoder `{wanted}`, which is not built in", path.display())]
    EncoderNotHere {
        /// The model's folder.
        path: PathBuf,
        /// What it was trained on.
        wanted: String,
    },
    /// An encoder cannot be used.
    #[error(transparent)]
    Encoder(#[from] super::Error),
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] fsx::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::NotThere { .. } => "name the folder that `canvass train … --out DIR` wrote",
            Error::Broken { .. } => "train again; a model's files are not to be edited",
            Error::OtherCodebook { .. } => {
                "use the codebook that it was trained with, or train again with this one"
            }
            Error::OtherEncoder { .. } | Error::EncoderNotHere { .. } => {
                "name the encoder that it was trained on: [encoder] model in study.toml, or \
                 `--encoder`"
            }
            Error::Encoder(e) => return e.hint(),
            Error::Read(e) => return e.hint(),
        };
        Some(hint.into())
    }
}

impl Trained {
    /// Reads a model's folder and checks every file in it.
    ///
    /// # Errors
    /// No model, or the first file that is not as it was written.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let at = dir.join(RECORD);
        if !at.is_file() {
            return Err(Error::NotThere { path: dir.to_owned() });
        }
        let text = fsx::read_to_string(&at)?;
        let broken = |path: &Path, why: String| Error::Broken { path: path.to_owned(), why };
        let first_line = |e: toml::de::Error| {
            broken(&at, e.message().lines().next().unwrap_or_default().to_owned())
        };
        let form: Form = toml::from_str(&text).map_err(first_line)?;
        if !READ.contains(&form.format) {
            let (found, least, most) = (form.format, READ.start(), READ.end());
            let why = format!("format {found}, this program reads formats {least} to {most}");
            return Err(broken(&at, why));
        }
        let record: Record = toml::from_str(&text).map_err(first_line)?;
        if !(0.0..=1.0).contains(&record.base_part) {
            return Err(broken(&at, "`base_part` is no part".into()));
        }
        for file in &record.file {
            let path = dir.join(&file.path);
            if fsx::sha256_file(&path)? != file.sha256 {
                return Err(broken(&path, format!("not the file that {RECORD} was written with")));
            }
        }
        let path = dir.join(HEADS);
        let bytes = fsx::read(&path)?;
        let (base, tuned) =
            heads::read(&bytes, record.theme.len()).map_err(|why| broken(&path, why))?;
        let tuned_encoder = match (&tuned, record.method) {
            (Some(heads), Method::Finetune) => {
                let encoder = find(".", dir)?;
                if encoder.manifest.dim != heads.dim() {
                    return Err(broken(&path, "the heads do not fit the encoder".into()));
                }
                Some(encoder)
            }
            (None, Method::Head) => None,
            _ => return Err(broken(&at, "its method and its heads do not fit".into())),
        };
        let hash = fsx::sha256(text.as_bytes());
        let mut seen = None;
        if record.file.iter().any(|file| file.path == SEEN) {
            let path = dir.join(SEEN);
            let read = Seen::read(&record.training.data_sha256, &fsx::read(&path)?);
            seen = Some(read.map_err(|why| broken(&path, why))?);
        }
        Ok(Self { record, base, tuned, tuned_encoder, seen, hash })
    }

    /// The encoder that the model in `dir` stands on, verified: the one that is named, a folder
    /// taken from `base`, or else the one of training.
    ///
    /// # Errors
    /// It is not there, not as its manifest says, or another one.
    pub fn encoder(&self, dir: &Path, named: Option<&str>, base: &Path) -> Result<ModelDir, Error> {
        let wanted = &self.record.encoder;
        let found = match (find(named.unwrap_or(wanted), base), named) {
            (Err(super::Error::Unknown { .. }), None) => {
                let (path, wanted) = (dir.to_owned(), wanted.clone());
                return Err(Error::EncoderNotHere { path, wanted });
            }
            (found, _) => found?,
        };
        found.verify()?;
        self.stands_on(dir, &found)?;
        Ok(found)
    }

    /// Whether it learned this codebook.
    ///
    /// # Errors
    /// [`Error::OtherCodebook`].
    pub fn learned(&self, dir: &Path, codebook: &Codebook) -> Result<(), Error> {
        let same =
            codebook.themes.iter().map(|t| &t.id).eq(self.record.theme.iter().map(|t| &t.id));
        if same && codebook.hash == self.record.codebook_sha256 {
            return Ok(());
        }
        let codebook = format!("`{}`", codebook.title.replace('`', "'"));
        Err(Error::OtherCodebook { path: dir.to_owned(), codebook })
    }

    /// The tuned encoder and the heads on it.
    pub fn tuned(&self) -> Option<(&ModelDir, &Attention)> {
        self.tuned_encoder.as_ref().zip(self.tuned.as_ref())
    }

    /// Whether it stands on this encoder.
    fn stands_on(&self, dir: &Path, encoder: &ModelDir) -> Result<(), Error> {
        if encoder.hash == self.record.encoder_sha256 && encoder.manifest.dim == self.base.dim() {
            return Ok(());
        }
        Err(Error::OtherEncoder {
            path: dir.to_owned(),
            wanted: self.record.encoder.clone(),
            found: encoder.manifest.name.clone(),
        })
    }

    /// The row of a question among those of the training answers.
    pub fn asked(&self, context: &str) -> Option<usize> {
        let hash = fsx::sha256(context.as_bytes());
        self.record.asked.iter().position(|known| *known == hash)
    }

    /// Whether scores depend on what was asked.
    pub fn uses_context(&self) -> bool {
        !self.record.context.is_empty()
    }
}
