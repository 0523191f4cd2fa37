//! Leaf of the engine: where a model's files lie, what they must hash to, what they can do.
//!
//! In: a model's name or folder. Out: a checked [`ModelDir`], or an error that says which file
//! is missing or changed. Must not know: rust-bert, tch, tokenizers, texts, themes.

use std::path::{Path, PathBuf};

use crate::fsx;

pub mod heads;
mod manifest;
pub mod seen;
pub mod trained;

pub use heads::{Attention, Heads};
pub use manifest::{Fetch, FileEntry, Manifest, PAIR, Pooling};
pub use seen::Seen;
pub use trained::{ThemeRecord, Trained};

/// The manifests that the program knows by name. Adding a model is adding a line here and a
/// folder in `models/`.
const BUILT_IN: [&str; 1] = [include_str!("../../models/all-MiniLM-L6-v2/model.toml")];

/// The model that a study uses when it names none.
pub const DEFAULT: &str = "all-MiniLM-L6-v2";

/// What can be wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No built-in manifest has this name and no folder lies there.
    #[error("no model `{name}`")]
    Unknown {
        /// What the study asked for.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A file of the model is not there.
    #[error("{}: model `{model}` is not complete, this file is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The model.
        model: String,
    },
    /// A file's content is not what the manifest pins.
    #[error("{}: wrong checksum, sha256 {found} where the manifest of `{model}` says {expected}", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
        /// The model.
        model: String,
        /// The pinned hash.
        expected: String,
        /// The hash of what lies there.
        found: String,
    },
    /// The manifest itself cannot be used.
    #[error("{}: {why}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it, in words.
        why: String,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] fsx::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Unknown { nearest: Some(n), .. } => Some(format!("did you mean `{n}`?")),
            Error::Unknown { .. } => Some(format!("built in: {}", built_in_names().join(", "))),
            Error::Missing { .. } => {
                Some("run `make setup` in the checkout to fetch and verify the models".into())
            }
            Error::Checksum { path, .. } => Some(format!(
                "delete {} and run `make setup`; do not use a file that you cannot account for",
                path.display()
            )),
            Error::Manifest { .. } => Some("models/README.md describes a manifest".into()),
            Error::Read(e) => e.hint(),
        }
    }
}

/// A model whose files were found; [`ModelDir::verify`] has checked their hashes.
#[derive(Debug, Clone)]
pub struct ModelDir {
    /// What the model is.
    pub manifest: Manifest,
    /// Where its files lie.
    pub dir: PathBuf,
    /// SHA-256 over the pinned hashes of all files and over how they are used (width, length,
    /// pooling), hexadecimal: the model's identity.
    pub hash: String,
}

impl ModelDir {
    /// The path of one of the model's files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Reads every file and compares it with its pinned hash.
    ///
    /// # Errors
    /// [`Error::Missing`] or [`Error::Checksum`] for the first file that is not as pinned.
    pub fn verify(&self) -> Result<(), Error> {
        use rayon::prelude::*;
        let bad = self.manifest.file.par_iter().map(|entry| self.verify_file(entry));
        bad.collect::<Vec<_>>().into_iter().collect()
    }

    fn verify_file(&self, entry: &FileEntry) -> Result<(), Error> {
        let path = self.file(&entry.path);
        if !path.is_file() {
            return Err(Error::Missing { path, model: self.manifest.name.clone() });
        }
        let found = fsx::sha256_file(&path)?;
        if found == entry.sha256 {
            return Ok(());
        }
        let expected = entry.sha256.clone();
        Err(Error::Checksum { path, model: self.manifest.name.clone(), expected, found })
    }
}

/// Finds a model by its built-in name, or by a folder that holds a `model.toml`; a relative
/// folder is taken from `base`. Reads no weights.
///
/// # Errors
/// [`Error::Unknown`] where neither is there, [`Error::Manifest`] where its manifest is broken.
pub fn find(name: &str, base: &Path) -> Result<ModelDir, Error> {
    let folder = base.join(name);
    let at = folder.join("model.toml");
    if at.is_file() {
        let text = fsx::read_to_string(&at)?;
        let manifest = Manifest::parse(&text).map_err(|why| Error::Manifest { path: at, why })?;
        return Ok(open(manifest, folder));
    }
    let manifests = built_in()?;
    if let Some(manifest) = manifests.into_iter().find(|m| m.name == name) {
        let dir = cache_dir().join("models").join(&manifest.name);
        return Ok(open(manifest, dir));
    }
    let nearest = crate::config::nearest(name, built_in_names().iter().map(String::as_str));
    Err(Error::Unknown { name: name.into(), nearest })
}

/// Every built-in manifest.
///
/// # Errors
/// [`Error::Manifest`] where one of them does not parse, which a test rules out.
pub fn built_in() -> Result<Vec<Manifest>, Error> {
    let parse = |text: &&str| {
        Manifest::parse(text)
            .map_err(|why| Error::Manifest { path: PathBuf::from("built-in manifest"), why })
    };
    BUILT_IN.iter().map(parse).collect()
}

fn built_in_names() -> Vec<String> {
    built_in().map(|m| m.into_iter().map(|m| m.name).collect()).unwrap_or_default()
}

fn open(manifest: Manifest, dir: PathBuf) -> ModelDir {
    let m = &manifest;
    let pinned: Vec<&str> = m.file.iter().map(|f| f.sha256.as_str()).collect();
    let mut used = format!("{} {} {:?} {}", m.dim, m.max_tokens, m.pooling, m.normalize);
    if m.pairs {
        used.push_str(" pairs");
    }
    let hash = fsx::sha256(format!("{}\n{used}", pinned.join("\n")).as_bytes());
    ModelDir { manifest, dir, hash }
}

/// The folder that the set-up script fills: `$CANVASS_CACHE`, else `$XDG_CACHE_HOME/canvass`,
/// else `~/.cache/canvass`.
pub fn cache_dir() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(dir) = set("CANVASS_CACHE") {
        return dir;
    }
    let base = set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|h| h.join(".cache")))
        .unwrap_or_else(|| PathBuf::from(".cache"));
    base.join("canvass")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_manifests_parse_and_pin_every_file() {
        for m in built_in().unwrap() {
            assert!(m.file.iter().any(|f| f.path == "model.safetensors"));
            assert!(m.file.iter().all(|f| f.sha256.len() == 64), "{}", m.name);
        }
    }

    #[test]
    fn an_unknown_model_names_the_nearest() {
        let err = find("all-MiniLM-L6-v3", Path::new("/nonexistent")).unwrap_err();
        assert_eq!(err.hint().unwrap(), "did you mean `all-MiniLM-L6-v2`?");
    }
}
