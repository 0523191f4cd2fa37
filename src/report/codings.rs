//! `codings.csv`: every theme on every response, with the segment that carries it.
//!
//! In: corpus and verdicts. Out: one row a theme and evidence segment; `start` and `end` are
//! code points of the original text. Must not know: text; the file holds none.

use super::cell::Table;
use crate::classify::Verdict;
use crate::plan::Plan;
use crate::prepare::{Corpus, Disposition};

/// The columns.
pub(super) const HEADER: [&str; 8] =
    ["source", "response", "segment", "start", "end", "theme", "score", "coder"];

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Vec<u8> {
    let mut table = Table::new(&HEADER);
    each_row(plan, corpus, verdicts, &mut |cells| table.row(cells));
    table.into_bytes()
}

/// Who coded.
pub(super) fn coder(plan: &Plan) -> String {
    format!("machine:{}:{}", plan.model.manifest.name, &plan.model.hash[..12])
}

/// Every row of the table, in order.
pub(super) fn each_row(
    plan: &Plan,
    corpus: &Corpus,
    verdicts: &[Verdict],
    put: &mut dyn FnMut(&[&str]),
) {
    let coder = coder(plan);
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        let Verdict::Coded(codings) = verdict else { continue };
        if response.disposition != Disposition::Codable {
            continue; // a copy: its original carries the codings
        }
        for coding in codings {
            for &(number, score) in &coding.evidence {
                let span = response.segments[number as usize].span;
                put(&[
                    plan.sources[usize::from(response.source)].name.as_str(),
                    &response.id,
                    &(number + 1).to_string(),
                    &span.start.to_string(),
                    &span.end.to_string(),
                    &plan.codebook.themes[coding.theme].id,
                    &format!("{score:.4}"),
                    &coder,
                ]);
            }
        }
    }
}
