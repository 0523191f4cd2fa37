//! Stage 6: counts in, bytes out.
//!
//! In: the [`view::View`] (everything that people read) and, for the files that list single
//! responses, the corpus and its verdicts. Out: named bytes; the pipeline publishes them. Every
//! format is a pure function, so all are rendered in parallel.
//! Must not know: vectors, the file system, raw text. `ledger.csv` and `codings` carry ids, places
//! and themes, never words; `project.qdpx` carries redacted words, where a study asks for it: they
//! are working files, not for publication.

use crate::aggregate::Summary;
use crate::classify::Verdict;
use crate::config::{FormatName, Quotes};
use crate::plan::Plan;
use crate::prepare::Corpus;

pub(crate) mod cell;
mod codings;
mod differencing;
mod docx;
mod exchange;
mod figure;
mod follow_up;
mod html;
mod ledger;
mod manifest;
mod md;
mod notes;
mod package;
mod pairs;
mod parquet;
mod rejects;
mod review;
pub mod stance;
mod themes;
mod together;
pub mod view;
mod workbook;
mod xml;

#[cfg(test)]
mod tests;

pub use differencing::differencing;
pub use follow_up::follow_up;
#[cfg(test)]
pub(crate) use html::fixture;
pub(crate) use html::{change, framed, scroll_box};
pub(crate) use md::escaped;
pub use notes::{measured_briefly, notes};
pub use words::{is_hazard, thousands};
pub(crate) mod words;

/// Names of every file that the program may write.
pub const OUTPUTS: [&str; 16] = [
    "report.html",
    "report.docx",
    "report.md",
    "workbook.xlsx",
    "themes.csv",
    "themes.parquet",
    "codings.csv",
    "together.csv",
    "codings.parquet",
    "ledger.csv",
    "rejects.jsonl",
    "quotes-for-review.csv",
    "summary.json",
    "project.qdpx",
    "codebook.qdc",
    "manifest.json",
];

/// The list of answers to follow up, in its own folder beside the study.
pub const FOLLOW_UP: &str = "follow-up.csv";

/// Whether a file may be published once a person has read it. The others list single responses, or
/// words, or what can be counted again: they are for those who made the study.
pub fn is_for_publication(name: &str) -> bool {
    const PUBLIC: [&str; 7] = [
        "report.html",
        "report.docx",
        "report.md",
        "workbook.xlsx",
        "themes.csv",
        "themes.parquet",
        "summary.json",
    ];
    PUBLIC.contains(&name)
}

/// A format cannot hold the report.
#[derive(Debug, thiserror::Error)]
#[error("{file}: cannot be made: {reason}")]
pub struct Error {
    /// The output.
    pub file: String,
    /// What the format's library says.
    pub reason: String,
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some("leave this format out: `formats` in [report] lists those that are written".into())
    }
}

/// Renders every file of a run, the manifest last.
///
/// # Errors
/// A format cannot hold the report: more than a sheet's rows or a package's bytes.
pub fn report(
    plan: &Plan,
    corpus: &Corpus,
    verdicts: &[Verdict],
    summary: &Summary,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    use rayon::prelude::*;
    let view = view::build(plan, summary, &corpus.warnings);
    let render = |name: &str| -> Result<Vec<u8>, String> {
        Ok(match name {
            "report.html" => html::render(&view),
            "report.docx" => docx::render(&view).map_err(|e| e.to_string())?,
            "report.md" => md::render(&view),
            "workbook.xlsx" => workbook::render(&view).map_err(|e| e.to_string())?,
            "themes.csv" => themes::render(&view),
            "themes.parquet" => parquet::themes(&view).map_err(|e| e.to_string())?,
            "codings.csv" => codings::render(plan, corpus, verdicts),
            "together.csv" => pairs::render(plan, summary),
            "codings.parquet" => {
                parquet::codings(plan, corpus, verdicts).map_err(|e| e.to_string())?
            }
            "rejects.jsonl" => rejects::render(plan, corpus),
            "quotes-for-review.csv" => review::render(plan, summary),
            "summary.json" => json(&view),
            "project.qdpx" => {
                exchange::project(plan, corpus, verdicts).map_err(|e| e.to_string())?
            }
            "codebook.qdc" => exchange::codebook(&plan.codebook),
            _ => ledger::render(plan, corpus, verdicts),
        })
    };
    let named = |name: &&str| {
        let file = (*name).to_owned();
        match render(name) {
            Ok(bytes) => Ok((file, bytes)),
            Err(reason) => Err(Error { file, reason }),
        }
    };
    let wanted = OUTPUTS.par_iter().filter(|name| is_wanted(name, plan, corpus));
    let mut files = wanted.map(named).collect::<Result<Vec<_>, _>>()?;
    files.push(("manifest.json".into(), manifest::render(plan, corpus, &files)));
    Ok(files)
}

/// Whether the study asks for a file; the manifest is written apart.
fn is_wanted(name: &str, plan: &Plan, corpus: &Corpus) -> bool {
    let wants = |f: FormatName| plan.formats.contains(&f);
    match name {
        "report.html" => wants(FormatName::Html),
        "report.docx" => wants(FormatName::Docx),
        "report.md" => wants(FormatName::Md),
        "workbook.xlsx" => wants(FormatName::Xlsx),
        "themes.csv" | "codings.csv" | "together.csv" => wants(FormatName::Csv),
        "themes.parquet" | "codings.parquet" => wants(FormatName::Parquet),
        "summary.json" => wants(FormatName::Json),
        "project.qdpx" | "codebook.qdc" => wants(FormatName::Qdpx),
        "quotes-for-review.csv" => plan.privacy.quotes == Quotes::Reviewed,
        "rejects.jsonl" => !corpus.rejects.is_empty(),
        "manifest.json" => false,
        _ => true,
    }
}

/// Files of an earlier run in a folder: those that its manifest lists, under names that are ours.
/// A file that somebody else put there under such a name is not ours to remove.
pub fn earlier_outputs(dir: &std::path::Path) -> Vec<String> {
    let text = crate::fsx::read_to_string(&dir.join("manifest.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let listed = manifest["outputs"].as_array().into_iter().flatten();
    let names = listed.filter_map(|o| o["path"].as_str()).filter(|n| OUTPUTS.contains(n));
    names.map(str::to_owned).collect()
}

/// The view as JSON: what every format shows, for programs.
fn json(view: &view::View) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(view).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
