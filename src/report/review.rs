//! `quotes-for-review.csv`: candidate quotes for a person to read and release.
//!
//! In: the summary's candidates. Out: one row a candidate, with empty columns `released`, `by`
//! and `date`; saved under another name and named as `approved` in study.toml, the rows with
//! `yes`, a name and a date enter the report. Must not know: who spoke.

use super::cell::{Table, safe};
use super::words::neutralised;
use crate::aggregate::Summary;
use crate::plan::Plan;

/// A quote's words as they stand in the list, by which a release is known.
pub(super) fn listed(text: &str) -> String {
    safe(&neutralised(text)).into_owned()
}

/// The file's bytes.
pub(super) fn render(plan: &Plan, summary: &Summary) -> Vec<u8> {
    let mut table = Table::new(&["quote", "source", "theme", "text", "released", "by", "date"]);
    for (source, spec) in summary.sources.iter().zip(&plan.sources) {
        for (theme, quotes) in &source.quotes {
            for quote in quotes {
                let theme = plan.codebook.themes[*theme].id.as_str();
                let text = neutralised(&quote.text);
                table.row(&[quote.id.as_str(), &spec.name, theme, &text, "", "", ""]);
            }
        }
    }
    table.into_bytes()
}
