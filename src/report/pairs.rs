//! `together.csv`: every pair of areas and how many people raised both, for those who made the study.
//!
//! In: the summary's true counts. Out: one row a pair, nothing protected: a working file, as
//! `codings.csv` is. Must not know: what a report tells of pairs.

use super::cell::Table;
use crate::aggregate::Summary;
use crate::disclosure::together::chance;
use crate::plan::Plan;

const HEADER: [&str; 10] = [
    "source",
    "base",
    "first",
    "second",
    "raised_first",
    "raised_second",
    "raised_both",
    "share_of_first",
    "share_of_others",
    "p_adjusted",
];

/// The file's bytes. The base is people who answered every question of the source; a pair is told
/// from its first area in the codebook: of those who raised it, and of everybody else, the share who
/// raised the second.
pub(super) fn render(plan: &Plan, summary: &Summary) -> Vec<u8> {
    let mut table = Table::new(&HEADER);
    for (source, spec) in summary.sources.iter().zip(&plan.sources) {
        let found = &source.together;
        for pair in &found.pairs {
            let theme = |at: usize| plan.codebook.themes[at].id.clone();
            let [both, _, second, _] = found.parts(pair);
            let share =
                |k: u64, n: u64| if n > 0 { number(k as f64 / n as f64) } else { String::new() };
            let [raised_first, raised_second] = pair.people;
            table.row(&[
                spec.name.clone(),
                found.base.to_string(),
                theme(pair.areas.0),
                theme(pair.areas.1),
                raised_first.to_string(),
                raised_second.to_string(),
                both.to_string(),
                share(both, raised_first),
                share(second, found.base - raised_first),
                number(chance(found.base, pair, found.pairs.len() as u64)),
            ]);
        }
    }
    table.into_bytes()
}

fn number(x: f64) -> String {
    format!("{x:.6}")
}
