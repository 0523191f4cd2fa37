//! `restricted/follow-up.csv`: answers that somebody should follow up.
//!
//! In: the corpus. Out: one row a find: which response, where in the original (code points), and
//! the rule that fired; no words. `None` where nothing fired. It is no output of a report: it is
//! written beside the study, in a folder that only its owner may enter, and names single people.
//! Must not know: themes, counts.

use super::cell::Table;
use crate::plan::Plan;
use crate::prepare::Corpus;

/// The file's bytes.
pub fn follow_up(plan: &Plan, corpus: &Corpus) -> Option<Vec<u8>> {
    let mut table = Table::new(&["source", "file", "row", "response", "start", "end", "rule"]);
    for flag in &corpus.flags {
        let response = &corpus.responses[flag.response as usize];
        table.row(&[
            plan.sources[usize::from(response.source)].name.as_str(),
            &corpus.files[usize::from(response.file)].path,
            &response.row.to_string(),
            &response.id,
            &flag.span.start.to_string(),
            &flag.span.end.to_string(),
            flag.rule,
        ]);
    }
    (!corpus.flags.is_empty()).then(|| table.into_bytes())
}
