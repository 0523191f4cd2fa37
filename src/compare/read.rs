//! One wave: what a finished run published.
//!
//! In: an output folder, the folder of its study, or a `summary.json`. Out: a [`Wave`]. Of the
//! summary only what is compared is read: numbers that disclosure control released, names, how
//! they came about. Quotes are not read.
//! Must not know: the other wave.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::Error;
use crate::fsx;
use crate::report::view::{CorrectedView, ShareView, Shown};

/// A finished run.
#[derive(Debug)]
pub struct Wave {
    /// Where its summary lies, for messages.
    pub(super) path: PathBuf,
    pub(super) summary: Summary,
    /// What its manifest says, where one lies beside the summary.
    pub(super) made: Option<Made>,
    /// The hash of the summary's bytes.
    pub(super) sha256: String,
}

/// How a run was made, by its manifest.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Made {
    /// Name and hash of the model.
    pub(super) model: (String, String),
    /// Precision, instruction set, limits of it, engine.
    pub(super) machine: Vec<String>,
    /// The hash of a model that was trained on answers.
    pub(super) trained: Option<String>,
    pub(super) threshold: String,
    /// The hash of the codebook's file.
    pub(super) codebook: String,
    /// The hash of `summary.json` as it was written.
    pub(super) summary: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    pub(super) title: String,
    pub(super) notice: Option<String>,
    pub(super) validated: bool,
    pub(super) sources: Vec<Source>,
    pub(super) themes: Vec<Theme>,
    pub(super) methods: Methods,
}

#[derive(Debug, Deserialize)]
pub(super) struct Theme {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) definition: String,
    pub(super) parent: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Methods {
    pub(super) program: String,
    pub(super) codebook: String,
    pub(super) engine: String,
    pub(super) classifier: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) kind_label: String,
    pub(super) perspective: String,
    pub(super) unit: String,
    pub(super) file_unit: String,
    pub(super) shares: bool,
    pub(super) min_cell: u32,
    pub(super) questions: Vec<Question>,
    pub(super) groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    pub(super) text: String,
    pub(super) base: Shown,
    pub(super) file_base: u64,
    pub(super) rows: Vec<ThemeRow>,
    pub(super) unraised: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ThemeRow {
    pub(super) theme: usize,
    pub(super) participants: Shown,
    pub(super) files: Option<u64>,
    pub(super) share: Option<ShareView>,
    pub(super) weighted: Option<ShareView>,
    pub(super) corrected: Option<CorrectedView>,
    pub(super) with_copies: Option<Shown>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub(super) column: String,
    pub(super) values: Vec<(String, Shown)>,
    pub(super) rows: Vec<GroupRow>,
}

#[derive(Debug, Deserialize)]
pub(super) struct GroupRow {
    pub(super) theme: usize,
    pub(super) cells: Vec<(Shown, Option<ShareView>)>,
    pub(super) corrected: Vec<Option<CorrectedView>>,
}

/// Reads a wave.
///
/// # Errors
/// There is no summary, it cannot be read, or it has another form.
pub fn read(place: &Path) -> Result<Wave, Error> {
    let path = summary_of(place)?;
    let text = fsx::read_to_string(&path)?;
    let value: Value = serde_json::from_str(&text).map_err(|e| Error::NoJson {
        path: path.clone(),
        line: e.line(),
        column: e.column(),
    })?;
    let program = value["methods"]["program"].as_str().filter(|p| p.starts_with("canvass "));
    let Some(program) = program.map(str::to_owned) else {
        return Err(Error::NotASummary { path });
    };
    // The parser's own words could quote the file.
    let summary = serde_json::from_value::<Summary>(value).ok().filter(Summary::holds_together);
    let Some(summary) = summary else { return Err(Error::OtherForm { path, program }) };
    let made = Made::beside(&path);
    Ok(Wave { made, summary, sha256: fsx::sha256(text.as_bytes()), path })
}

/// The summary that a path means: the file itself, the one in an output folder, or the one in the
/// folder `out` of a study.
fn summary_of(place: &Path) -> Result<PathBuf, Error> {
    let path = place.to_owned();
    if !place.try_exists().unwrap_or(true) {
        return Err(Error::Missing { path });
    }
    let is_json = |path: &Path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if place.is_file() && !is_json(place) {
        return Err(Error::AnotherFile { path });
    }
    let places = [place.to_owned(), place.join("summary.json"), place.join("out/summary.json")];
    places.into_iter().find(|path| path.is_file()).ok_or(Error::NoOutput { path })
}

impl Wave {
    /// Whether two are one file.
    pub(super) fn is_same_file(&self, other: &Wave) -> bool {
        let real = |wave: &Wave| std::fs::canonicalize(&wave.path).ok();
        self.path == other.path || real(self).is_some_and(|path| Some(path) == real(other))
    }

    /// Whether the summary is the one that its manifest lists.
    pub(super) fn is_as_written(&self) -> bool {
        self.made.as_ref().is_none_or(|made| made.summary == self.sha256)
    }
}

impl Summary {
    /// Whether every index leads somewhere and every row has the columns of its table.
    fn holds_together(&self) -> bool {
        let n = self.themes.len();
        let question = |q: &Question| q.rows.iter().all(|row| row.theme < n);
        let group =
            |g: &Group| g.rows.iter().all(|row| row.theme < n && row.cells.len() == g.values.len());
        let source = |s: &Source| {
            !s.questions.is_empty()
                && s.questions.iter().all(question)
                && s.groups.iter().all(group)
        };
        self.themes.iter().all(|t| t.parent.is_none_or(|p| p < n))
            && self.sources.iter().all(source)
    }
}

impl Made {
    /// By the manifest beside a summary, where it can be read.
    fn beside(summary: &Path) -> Option<Self> {
        let text = fsx::read_to_string(&summary.with_file_name("manifest.json")).ok()?;
        let manifest: Value = serde_json::from_str(&text).ok()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let engine = &manifest["engine"];
        let outputs = manifest["outputs"].as_array()?;
        let listed = outputs.iter().find(|output| output["path"] == "summary.json")?;
        let limits = &engine["instruction_limits"];
        let computed = ["precision", "instruction_set", "libtorch"].map(|key| text(&engine[key]));
        Some(Self {
            model: (text(&engine["model"]), text(&engine["model_sha256"])),
            machine: computed.into_iter().chain([limits.to_string()]).collect(),
            trained: manifest["trained_model"]["sha256"].as_str().map(str::to_owned),
            threshold: text(&manifest["settings"]["threshold"]),
            codebook: text(&manifest["codebook"]["sha256"]),
            summary: text(&listed["sha256"]),
        })
    }
}
