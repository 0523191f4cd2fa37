//! What was learned, as the files of a model's folder.
//!
//! In: everything that a training found. Out: the [`Record`] and the tuned encoder's files. No
//! file holds a respondent's words. Must not know: how it was found.

use std::collections::BTreeMap;

use safetensors::{Dtype, tensor::TensorView};

use super::Request;
use super::decide::Decision;
use super::examples::Examples;
use super::finetune::Tensor;
use super::head::HeadFit;
use super::quality::Agreement;
use crate::classify::learned::lexical;
use crate::codebook::Codebook;
use crate::coded::CodedTable;
use crate::encode::{Precision, instruction_set};
use crate::fsx;
use crate::model::trained::{CodebookAlone, FORMAT, Method, Pinned, Quality, Record, Training};
use crate::model::{ModelDir, Seen, ThemeRecord};

/// Everything that a training found.
pub(super) struct Learned<'a> {
    pub(super) request: &'a Request,
    pub(super) codebook: &'a Codebook,
    pub(super) table: &'a CodedTable,
    pub(super) examples: &'a Examples,
    pub(super) model: &'a ModelDir,
    pub(super) method: Method,
    pub(super) precision: Precision,
    /// Hashes of the questions asked.
    pub(super) asked: Vec<String>,
    pub(super) n_folds: usize,
    pub(super) fit: &'a HeadFit,
    pub(super) epochs: usize,
    pub(super) judged: Judged,
    pub(super) learned: Vec<bool>,
}

/// What held-out answers decided, and how well that did.
pub(super) struct Judged {
    /// Part of the heads on the base encoder in a score.
    pub(super) base_part: f64,
    pub(super) decision: Decision,
    pub(super) abstain: f64,
    pub(super) quality: Quality,
    pub(super) agreement: Vec<Agreement>,
    /// The codebook's own codes on the same answers, where it can code.
    pub(super) alone: Option<CodebookAlone>,
}

/// The record, without the hashes of the other files.
pub(super) fn record(found: &Learned<'_>) -> Record {
    let (examples, judged) = (found.examples, &found.judged);
    let decision = &judged.decision;
    let theme = |(t, theme): (usize, &crate::codebook::Theme)| {
        let (precision, recall, f1) = judged.agreement[t];
        ThemeRecord {
            id: theme.id.clone(),
            positives: examples.positives[t],
            learned: found.learned[t],
            threshold: decision.threshold[t],
            slope: decision.slope[t],
            offset: decision.offset[t],
            precision: rounded(precision),
            recall: rounded(recall),
            f1: rounded(f1),
        }
    };
    let q = judged.quality;
    Record {
        format: FORMAT,
        program: format!("canvass {}", env!("CARGO_PKG_VERSION")),
        method: found.method,
        codebook_sha256: found.codebook.hash.clone(),
        encoder: found.model.manifest.name.clone(),
        encoder_sha256: found.model.hash.clone(),
        precision: found.precision.name().to_owned(),
        context: found.request.columns.context.clone(),
        asked: found.asked.clone(),
        codes_nothing: examples.codes_nothing,
        abstain: judged.abstain,
        lone: decision.lone,
        base_part: judged.base_part,
        training: Training {
            rows: examples.rows,
            answers: examples.units.len() as u64,
            data_sha256: found.table.sha256.clone(),
            seed: found.request.seed,
            folds: found.n_folds as u64,
            strength: found.fit.strength,
            codebook_pull: found.fit.pull,
            epochs: found.epochs as u64,
            engine: format!("libtorch {}, {}", env!("CANVASS_LIBTORCH"), instruction_set()),
        },
        quality: Quality {
            micro_f1: rounded(q.micro_f1),
            macro_f1: rounded(q.macro_f1),
            samples_f1: rounded(q.samples_f1),
            exact: rounded(q.exact),
            calibration_error: rounded(q.calibration_error),
        },
        codebook_alone: judged.alone.map(|a| CodebookAlone {
            micro_f1: rounded(a.micro_f1),
            macro_f1: rounded(a.macro_f1),
            samples_f1: rounded(a.samples_f1),
            exact: rounded(a.exact),
            gain: rounded(a.gain),
            gain_low: rounded(a.gain_low),
            gain_high: rounded(a.gain_high),
        }),
        theme: found.codebook.themes.iter().enumerate().map(theme).collect(),
        file: Vec::new(),
    }
}

/// The answers that were learned from, whatever was asked.
pub(super) fn seen(found: &Learned<'_>) -> Seen {
    let words: Vec<String> =
        found.examples.units.iter().map(|u| lexical::normalised(&u.text)).collect();
    Seen::of(&found.table.sha256, words.iter().map(String::as_str))
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

impl Record {
    /// Pins the other files of the folder.
    pub(super) fn pin(&mut self, files: &[(String, Vec<u8>)]) {
        let pin = |(name, bytes): &(String, Vec<u8>)| Pinned {
            path: name.clone(),
            sha256: fsx::sha256(bytes),
        };
        self.file = files.iter().map(pin).collect();
    }
}

/// The tuned encoder as a model folder of its own: weights, tokenizer, configuration, manifest.
pub(super) fn encoder_files(
    found: &Learned<'_>,
    weights: &BTreeMap<String, Tensor>,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    let bytes: BTreeMap<&str, (Vec<usize>, Vec<u8>)> = weights
        .iter()
        .map(|(name, (shape, numbers))| {
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            (name.as_str(), (shape.clone(), bytes))
        })
        .collect();
    let mut views = Vec::new();
    for (name, (shape, bytes)) in &bytes {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(|e| e.to_string())?;
        views.push((*name, view));
    }
    let tensors = safetensors::serialize(views, &None).map_err(|e| e.to_string())?;
    let mut files = vec![("model.safetensors".to_owned(), tensors)];
    for name in ["tokenizer.json", "config.json"] {
        let bytes = fsx::read(&found.model.file(name)).map_err(|e| e.to_string())?;
        files.push((name.to_owned(), bytes));
    }
    let m = &found.model.manifest;
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut manifest = format!(
        "# Written by canvass train: {} after learning from coded answers.\nname = {}\nkind = {}\n\
         dim = {}\nmax_tokens = {}\npooling = {}\nnormalize = false\npairs = {}\nlicence = {}\n\
         source = {}\n",
        m.name,
        quoted(&format!("{}-tuned", m.name)),
        quoted(&m.kind),
        m.dim,
        m.max_tokens,
        quoted(m.pooling.name()),
        !found.asked.is_empty(),
        quoted(&m.licence),
        quoted(&m.source),
    );
    for (name, bytes) in &files {
        manifest.push_str(&format!(
            "\n[[file]]\npath = {}\nsha256 = {}\nbytes = {}\n",
            quoted(name),
            quoted(&fsx::sha256(bytes)),
            bytes.len()
        ));
    }
    files.push(("model.toml".to_owned(), manifest.into_bytes()));
    Ok(files)
}
