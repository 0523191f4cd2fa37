//! `ledger.csv`: every record that was read, its place, its state and why.
//!
//! In: corpus and verdicts. Out: one row a response, in the order of reading; the reason of a
//! rejected one names its bytes in the file, where it has such a place. Must not know: text; the
//! ledger holds none.

use std::collections::BTreeMap;

use super::cell::Table;
use crate::aggregate::State;
use crate::classify::Verdict;
use crate::plan::Plan;
use crate::prepare::Corpus;

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Vec<u8> {
    let bytes: BTreeMap<(u16, u32), String> = corpus
        .rejects
        .iter()
        .filter_map(|r| r.bytes.as_ref().map(|b| ((r.file, r.place), b)))
        .map(|(at, b)| (at, format!("; bytes {} to {}", b.start, b.end)))
        .collect();
    let mut table = Table::new(&["source", "file", "row", "response", "state", "reason"]);
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        let state = State::of(response, verdict);
        let mut reason = State::reason(response, &corpus.responses);
        if state == State::Rejected {
            reason += bytes.get(&(response.file, response.row)).map_or("", String::as_str);
        }
        table.row(&[
            plan.sources[usize::from(response.source)].name.as_str(),
            &corpus.files[usize::from(response.file)].path,
            &response.row.to_string(),
            &response.id,
            state.id(),
            &reason,
        ]);
    }
    table.into_bytes()
}
