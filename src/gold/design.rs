//! How a sample was drawn: `gold-design.json`, beside the workbooks, never in them.
//!
//! In: the file. Out: a [`Design`]: strata with their sizes, units with their probabilities, the
//! hashes of what was drawn from. It holds ids, never words.
//! Must not know: what was coded.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::codebook::Codebook;
use crate::fsx;
use crate::ingest::{InputFile, SourceSpec};

/// The name of the file.
pub const DESIGN: &str = "gold-design.json";
/// The name of the file beside answers that were drawn to teach a model.
pub const TRAINING: &str = "training-design.json";

/// What a sample is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To measure the program and correct its counts: drawn by chance.
    Gold,
    /// To teach it: uncertain and various answers, none of a gold sample.
    Training,
}

/// How a sample was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// What for.
    pub purpose: Purpose,
    /// Decides the draws.
    pub seed: u64,
    /// Of the answers: see [`fingerprint`].
    pub inputs_sha256: String,
    /// Of the codebook.
    pub codebook_sha256: String,
    /// What was drawn from; units refer to it by place.
    pub strata: Vec<Stratum>,
    /// What was drawn, in the order of the workbook.
    pub units: Vec<Unit>,
}

/// People of one source for whom the program found the same rarest theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// The source's name.
    pub source: String,
    /// The theme's id, `no theme`, `rare in` and an area's id, or `rare themes`.
    pub theme: String,
    /// People in it (turns, in transcripts).
    pub size: usize,
    /// How many were drawn.
    pub drawn: usize,
}

/// One person with all answers to the source's questions, or one turn of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Place of the stratum.
    pub stratum: usize,
    /// The participant's id.
    pub participant: String,
    /// With which probability it was drawn.
    pub probability: f64,
    /// Ids of the responses.
    pub responses: Vec<String>,
}

impl Design {
    /// Reads the design in a folder, where there is one.
    ///
    /// # Errors
    /// It cannot be read or is no design.
    pub fn beside(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(DESIGN);
        if !path.is_file() {
            return Ok(None);
        }
        let text = fsx::read_to_string(&path)?;
        let file = path.display().to_string();
        let broken = |why: String| Error::Design { file: file.clone(), why };
        let design: Self = serde_json::from_str(&text).map_err(|e| broken(e.to_string()))?;
        let fits = |u: &Unit| u.stratum < design.strata.len() && u.probability > 0.0;
        match design.units.iter().all(fits) {
            true => Ok(Some(design)),
            false => Err(broken("a unit has no stratum or no probability".into())),
        }
    }

    /// The design of the gold sample that a coded table must be kept apart from: in the table's
    /// folder, in `gold` below it or beside it. Whoever teaches a model from the table leaves out
    /// the rows that [`Design::holds`].
    ///
    /// # Errors
    /// A design is there and cannot be read.
    pub fn near(table: &Path) -> Result<Option<Self>, Error> {
        let folder = table.parent().unwrap_or(Path::new(""));
        for place in [folder.to_owned(), folder.join("gold"), folder.join("../gold")] {
            if let Some(design) = Self::beside(&place)?
                && design.purpose == Purpose::Gold
            {
                return Ok(Some(design));
            }
        }
        Ok(None)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Whether a response was drawn.
    pub fn holds(&self, response: &str) -> bool {
        self.units.iter().any(|u| u.responses.iter().any(|r| r == response))
    }

    /// Ids of all responses that were drawn, ascending. Whoever teaches a model leaves their rows
    /// out: a model must never have seen what it is measured by.
    pub fn responses(&self) -> std::collections::BTreeSet<&str> {
        self.units.iter().flat_map(|u| &u.responses).map(String::as_str).collect()
    }

    /// Whether it was drawn for this codebook.
    pub fn is_of_codebook(&self, codebook: &Codebook) -> Result<(), Error> {
        match self.codebook_sha256 == codebook.hash {
            true => Ok(()),
            false => Err(Error::OtherStudy { what: "codebook" }),
        }
    }

    /// Whether it was drawn from these answers.
    pub fn is_of_inputs(&self, fingerprint: &str) -> Result<(), Error> {
        match self.inputs_sha256 == fingerprint {
            true => Ok(()),
            false => Err(Error::OtherStudy { what: "set of answers" }),
        }
    }
}

/// SHA-256 of what answers a study holds: its sources by name, kind and columns, and the hashes
/// of their files. Settings that change no answer, such as titles and models, are no part of it.
pub fn fingerprint(specs: &[SourceSpec], files: &[InputFile]) -> String {
    let mut text = String::new();
    let mut add = |part: &str| text.push_str(&format!("{}:{part};", part.len()));
    for (index, spec) in specs.iter().enumerate() {
        add(&spec.name);
        add(&format!("{:?}", spec.kind));
        add(spec.id.as_deref().unwrap_or_default());
        add(spec.participant.as_deref().unwrap_or_default());
        spec.questions.iter().for_each(|q| add(&q.column));
        files.iter().filter(|f| usize::from(f.source) == index).for_each(|f| add(&f.sha256));
    }
    fsx::sha256(text.as_bytes())
}
