//! `codings.csv`: every theme on every response, with the segment that carries it.
//!
//! In: corpus and verdicts. Out: one row a theme and evidence segment; `start` and `end` are
//! code points of the original text, `stance` what that segment thinks of the theme. Must not know: text; the file holds none.

use super::cell::Table;
use crate::classify::Verdict;
use crate::plan::Plan;
use crate::prepare::{Corpus, Disposition};
use crate::stance::{self, Asked};

/// The columns.
pub(super) const HEADER: [&str; 9] =
    ["source", "response", "segment", "start", "end", "theme", "score", "coder", "stance"];

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Vec<u8> {
    let mut table = Table::new(&HEADER);
    each_row(plan, corpus, verdicts, &mut |cells| table.row(cells));
    table.into_bytes()
}

/// Who coded.
pub(super) fn coder(plan: &Plan) -> String {
    match &plan.trained {
        Some(trained) => format!("machine:trained:{}", &trained.hash[..12]),
        None => format!("machine:{}:{}", plan.model.manifest.name, &plan.model.hash[..12]),
    }
}

/// Every row of the table, in order.
pub(super) fn each_row(
    plan: &Plan,
    corpus: &Corpus,
    verdicts: &[Verdict],
    put: &mut dyn FnMut(&[&str]),
) {
    let coder = coder(plan);
    let asked: Vec<Vec<Asked>> = plan
        .sources
        .iter()
        .map(|s| s.questions.iter().map(|q| Asked::of(&q.text)).collect())
        .collect();
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        let Verdict::Coded(codings) = verdict else { continue };
        if response.disposition != Disposition::Codable {
            continue; // a copy: its original carries the codings
        }
        for coding in codings {
            let asked = asked[usize::from(response.source)].get(usize::from(response.question));
            for &(number, score) in &coding.evidence {
                let segment = &response.segments[number as usize];
                let text = &corpus.uniques[segment.unique as usize];
                let stance = stance::read(text, asked.copied().unwrap_or_default());
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
                    stance.id(),
                ]);
            }
        }
    }
}
