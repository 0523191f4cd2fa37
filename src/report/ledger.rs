//! `ledger.csv`: every record that was read, its place, its state and why.
//!
//! In: corpus and verdicts. Out: one row a response, in the order of reading. Must not know:
//! text; the ledger holds none.

use super::cell::Table;
use crate::aggregate::State;
use crate::classify::Verdict;
use crate::plan::Plan;
use crate::prepare::Corpus;

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Vec<u8> {
    let mut table = Table::new(&["source", "file", "row", "response", "state", "reason"]);
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        table.row(&[
            plan.sources[usize::from(response.source)].name.as_str(),
            &corpus.files[usize::from(response.file)].path,
            &response.row.to_string(),
            &response.id,
            State::of(response, verdict).id(),
            &State::reason(response, &corpus.responses),
        ]);
    }
    table.into_bytes()
}
