//! What a user should know about the counts of this run, in sentences.
//!
//! In: the plan and the summary. Out: warnings for the closing words and the report.
//! Must not know: formats.

use super::cell::safe;
use super::review::listed;
use super::words::thousands;
use crate::aggregate::{Measured, SourceSummary, Summary};
use crate::config::Quotes;
use crate::ingest::QuestionSpec;
use crate::plan::Plan;
use crate::prepare::context;

/// The warnings that counts and releases give rise to, in a fixed order.
pub fn notes(plan: &Plan, summary: &Summary) -> Vec<String> {
    let mut notes = releases(plan, summary);
    notes.extend(other_questions(plan));
    notes.extend(uncodable(plan, summary));
    notes.extend(all_hidden(plan, summary));
    notes.extend(plan.gold.iter().flat_map(|gold| gold.warnings.iter().cloned()));
    notes.extend(summary.measured.iter().flat_map(|m| m.warnings.iter().cloned()));
    notes
}

/// What was measured, for the closing words of a run.
pub fn measured_briefly(found: &Measured) -> String {
    let corrected = match found.designed {
        true => super::view::shares_corrected(found),
        false => "no share could be corrected".to_owned(),
    };
    let q = &found.quality;
    format!(
        "checked against people on {} answers: micro-F1 {:.2} ({:.2} to {:.2}); {corrected}",
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
        notes.push(match list.unsigned {
            1 => "1 release of a quote lacks a name or a date and does not count".to_owned(),
            n => format!("{n} releases of quotes lack a name or a date and do not count"),
        });
    }
    let candidates = summary.sources.iter().flat_map(|s| &s.quotes).flat_map(|(_, q)| q);
    let now: std::collections::BTreeSet<(String, String)> =
        candidates.map(|q| (safe(&q.id).into_owned(), listed(&q.text))).collect();
    let is_gone = |(id, words): &(&str, &str)| !now.contains(&((*id).into(), (*words).into()));
    let gone = list.quotes().filter(is_gone).count();
    if gone > 0 {
        let (quotes, they) = match gone {
            1 => ("quote is", "its words changed; it is"),
            _ => ("quotes are", "their words changed; they are"),
        };
        notes.push(format!(
            "{gone} released {quotes} not among this run's candidates, or {they} not shown: see \
             quotes-for-review.csv"
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

/// The sources that were read and of which nothing could be coded.
fn uncodable(plan: &Plan, summary: &Summary) -> Option<String> {
    let sources = plan.sources.iter().zip(&summary.sources);
    let none = sources.filter(|(_, s)| s.overall.base == 0 && s.files > 0);
    let names: Vec<String> = none.map(|(spec, _)| format!("`{}`", spec.name)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "nothing in {} could be coded, so nothing is said of it: ledger.csv has the state of \
             each response and why",
            names.join(", ")
        )
    })
}

/// The sources in which every theme that somebody raised lies under the smallest count shown.
fn all_hidden(plan: &Plan, summary: &Summary) -> Option<String> {
    let most = |s: &SourceSummary| s.overall.themes.iter().map(|t| t.participants).max();
    let sources = plan.sources.iter().zip(&plan.min_cells).zip(&summary.sources);
    let sources: Vec<(&str, u64, u64)> = sources
        .map(|((spec, cell), s)| (spec.name.as_str(), u64::from(cell.min), most(s).unwrap_or(0)))
        .collect();
    hidden(&sources)
}

/// The same by each source's name, its smallest count shown and its largest count of people.
fn hidden(sources: &[(&str, u64, u64)]) -> Option<String> {
    let raised: Vec<_> = sources.iter().filter(|(.., most)| *most > 0).collect();
    let few: Vec<_> = raised.iter().filter(|(_, min, n)| n < min).collect();
    let names: Vec<String> = few.iter().map(|(name, ..)| format!("`{name}`")).collect();
    let min = few.iter().map(|(_, min, _)| *min).max()?;
    let place = match few.len() {
        n if n == raised.len() => String::new(),
        _ => format!("in {} ", names.join(", ")),
    };
    Some(format!(
        "{place}every theme was raised by fewer than {min} people, so no count of people is shown; \
         `min_cell` in [privacy] is the limit, and a source may have its own"
    ))
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn a_study_whose_every_count_is_hidden_says_so_once() {
        let said = hidden(&[("A", 11, 10), ("B", 11, 3)]).unwrap();
        assert!(said.starts_with("every theme was raised by fewer than 11 people"), "{said}");
        assert!(said.contains("`min_cell`"), "{said}");
    }

    #[test]
    fn a_source_whose_every_count_is_hidden_is_named_beside_one_that_shows_some() {
        let said = hidden(&[("A", 11, 11), ("B", 11, 3), ("C", 11, 1)]).unwrap();
        assert!(said.starts_with("in `B`, `C` every theme"), "{said}");
    }

    #[test]
    fn counts_that_are_shown_and_sources_without_a_theme_need_no_words() {
        assert_eq!(hidden(&[("A", 11, 11), ("B", 11, 0)]), None);
        assert_eq!(hidden(&[("A", 1, 1), ("B", 11, 12)]), None);
        assert_eq!(hidden(&[]), None);
    }
}
