//! `codings.csv`: every theme on every response, with the segment that carries it.
//!
//! In: corpus and verdicts. Out: one row a theme and evidence segment; `start` and `end` are
//! code points of the original text. Must not know: text; the file holds none.

use super::cell::Table;
use crate::classify::Verdict;
use crate::plan::Plan;
use crate::prepare::{Corpus, Disposition};

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Vec<u8> {
    let coder = match &plan.trained {
        Some(trained) => format!("machine:trained:{}", &trained.hash[..12]),
        None => format!("machine:{}:{}", plan.model.manifest.name, &plan.model.hash[..12]),
    };
    let header = ["source", "response", "segment", "start", "end", "theme", "score", "coder"];
    let mut table = Table::new(&header);
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        let Verdict::Coded(codings) = verdict else { continue };
        if response.disposition != Disposition::Codable {
            continue; // a copy: its original carries the codings
        }
        for coding in codings {
            for &(number, score) in &coding.evidence {
                let span = response.segments[number as usize].span;
                table.row(&[
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
    table.into_bytes()
}
