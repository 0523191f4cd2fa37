//! What a user should know about the counts of this run, in sentences.
//!
//! In: the plan and the summary. Out: warnings for the closing words and the report.
//! Must not know: formats.

use super::cell::safe;
use crate::aggregate::Summary;
use crate::config::Quotes;
use crate::ingest::QuestionSpec;
use crate::plan::Plan;
use crate::prepare::context;

/// The warnings that counts and releases give rise to, in a fixed order.
pub fn notes(plan: &Plan, summary: &Summary) -> Vec<String> {
    let mut notes = releases(plan, summary);
    notes.extend(other_questions(plan));
    notes.extend(all_hidden(plan, summary));
    notes
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

/// Questions that the trained model has not seen answers to.
fn other_questions(plan: &Plan) -> Option<String> {
    let trained = plan.trained.as_ref().filter(|t| t.uses_context())?;
    let questions = plan.sources.iter().flat_map(|s| &s.questions);
    let unknown = |q: &&QuestionSpec| trained.asked(&context(&[&q.text])).is_none();
    let n = questions.filter(unknown).count();
    (n > 0).then(|| {
        format!(
            "the model was trained with the question beside the answer, and {n} of this study's \
             questions are not among those of its training table: check that `text` of \
             [[source.question]] is worded as there"
        )
    })
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
