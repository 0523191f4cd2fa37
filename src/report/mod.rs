//! Stage 6: counts in, bytes out.
//!
//! In: the [`view::View`] (everything that people read) and, for the two files that list single
//! responses, the corpus and its verdicts. Out: named bytes; the pipeline publishes them. Every
//! format is a pure function, so all are rendered in parallel.
//! Must not know: vectors, the file system, raw text. `ledger.csv` and `codings.csv` carry ids,
//! places and themes, never words: they are working files, not for publication.

use crate::aggregate::Summary;
use crate::classify::Verdict;
use crate::config::{FormatName, Quotes};
use crate::plan::Plan;
use crate::prepare::Corpus;

pub(crate) mod cell;
mod codings;
mod html;
mod ledger;
mod manifest;
mod md;
mod notes;
mod rejects;
mod review;
mod themes;
pub mod view;

pub use notes::{measured_briefly, notes};
pub use words::{is_hazard, thousands};
mod words;

/// Names of every file that the program may write.
pub const OUTPUTS: [&str; 9] = [
    "report.html",
    "report.md",
    "themes.csv",
    "codings.csv",
    "ledger.csv",
    "rejects.jsonl",
    "quotes-for-review.csv",
    "summary.json",
    "manifest.json",
];

/// Renders every file of a run, the manifest last.
pub fn report(
    plan: &Plan,
    corpus: &Corpus,
    verdicts: &[Verdict],
    summary: &Summary,
) -> Vec<(String, Vec<u8>)> {
    use rayon::prelude::*;
    let view = view::build(plan, summary, &corpus.warnings);
    let wants = |f: FormatName| plan.formats.contains(&f);
    let names = OUTPUTS.par_iter().filter(|name| match **name {
        "report.html" => wants(FormatName::Html),
        "report.md" => wants(FormatName::Md),
        "themes.csv" | "codings.csv" => wants(FormatName::Csv),
        "summary.json" => wants(FormatName::Json),
        "quotes-for-review.csv" => plan.privacy.quotes == Quotes::Reviewed,
        "rejects.jsonl" => !corpus.rejects.is_empty(),
        "manifest.json" => false,
        _ => true,
    });
    let render = |name: &str| {
        let bytes = match name {
            "report.html" => html::render(&view),
            "report.md" => md::render(&view),
            "themes.csv" => themes::render(&view),
            "codings.csv" => codings::render(plan, corpus, verdicts),
            "rejects.jsonl" => rejects::render(plan, corpus),
            "quotes-for-review.csv" => review::render(plan, summary),
            "summary.json" => json(&view),
            _ => ledger::render(plan, corpus, verdicts),
        };
        (name.to_owned(), bytes)
    };
    let mut files: Vec<(String, Vec<u8>)> = names.map(|n| render(n)).collect();
    files.push(("manifest.json".into(), manifest::render(plan, corpus, &files)));
    files
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
