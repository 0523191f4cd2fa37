//! What a user should know about the counts of this run, in sentences.
//!
//! In: the plan and the summary. Out: warnings for the closing words and the report.
//! Must not know: formats.

use super::cell::safe;
use super::words::thousands;
use crate::aggregate::{Measured, Summary};
use crate::config::Quotes;
use crate::plan::Plan;

/// The warnings that counts and releases give rise to, in a fixed order.
pub fn notes(plan: &Plan, summary: &Summary) -> Vec<String> {
    let mut notes = releases(plan, summary);
    notes.extend(all_hidden(plan, summary));
    notes.extend(plan.gold.iter().flat_map(|gold| gold.warnings.iter().cloned()));
    notes.extend(summary.measured.iter().flat_map(|m| m.warnings.iter().cloned()));
    notes
}

/// What was measured, for the closing words of a run.
pub fn measured_briefly(found: &Measured) -> String {
    let corrections = found.sources.iter().flatten().flat_map(|s| &s.overall).flatten();
    let corrected = corrections.filter(|c| c.is_ok()).count();
    let q = &found.quality;
    format!(
        "checked against people on {} answers: micro-F1 {:.2} ({:.2} to {:.2}); {corrected} shares corrected",
        thousands(q.answers as u64),
        q.micro.value,
        q.micro.low,
        q.micro.high
    )
}

fn releases(plan: &Plan, summary: &Summary) -> Vec<String> {
    let Some(list) = plan.released.as_ref().filter(|_| plan.privacy.quotes == Quotes::Reviewed)
    else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if list.unsigned > 0 {
        notes.push(format!(
            "{} releases of quotes lack a name or a date and do not count",
            list.unsigned
        ));
    }
    let candidates = summary.sources.iter().flat_map(|s| &s.quotes).flat_map(|(_, q)| q);
    let now: std::collections::BTreeSet<(String, String)> =
        candidates.map(|q| (safe(&q.id).into_owned(), safe(&q.text).into_owned())).collect();
    let is_gone = |(id, words): &(&str, &str)| !now.contains(&((*id).into(), (*words).into()));
    let gone = list.quotes().filter(is_gone).count();
    if gone > 0 {
        notes.push(format!(
            "{gone} released quotes are not among this run's candidates, or their words changed; \
             they are not shown: see quotes-for-review.csv"
        ));
    }
    notes
}

/// Whether every theme that somebody raised lies under the smallest count that is shown.
fn all_hidden(plan: &Plan, summary: &Summary) -> Option<String> {
    let min = u64::from(plan.privacy.min_cell);
    let themes = summary.sources.iter().flat_map(|s| &s.overall.themes);
    let most = themes.map(|t| t.participants).max().unwrap_or(0);
    (0 < most && most < min).then(|| {
        format!(
            "every theme was raised by fewer than {min} people, so no count is shown; \
             `min_cell` in [privacy] is the limit"
        )
    })
}
