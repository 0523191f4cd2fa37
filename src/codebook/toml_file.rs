//! The codebook as TOML. In: text. Out: drafts. Must not know: whether they make sense.

use std::path::Path;

use serde::Deserialize;

use super::{Draft, Error};
use crate::config::parse_toml;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    codebook: Head,
    #[serde(default)]
    theme: Vec<Entry>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Head {
    title: Option<String>,
    #[serde(rename = "version")]
    _version: Option<String>,
    #[serde(rename = "language")]
    _language: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    id: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    parent: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Title and drafts, in the file's order.
pub(super) fn parse(path: &Path, text: &str) -> Result<(String, Vec<Draft>), Error> {
    let file: File =
        parse_toml(text).map_err(|source| Error::Toml { path: path.to_owned(), source })?;
    let title = file.codebook.title.unwrap_or_else(|| "Codebook".into());
    let drafts = file.theme.into_iter().map(|e| Draft {
        id: e.id,
        label: e.label,
        definition: e.definition,
        include: e.include,
        exclude: e.exclude,
        examples: e.examples,
        parent: e.parent,
        tags: e.tags,
    });
    Ok((title, drafts.collect()))
}
