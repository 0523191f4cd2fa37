//! What a gold sample says, as a report shows it: sentences, a table of quality by theme, errors by
//! group, and a methods text that can be pasted into a publication.
//!
//! In: the plan and what was measured. Out: [`MeasuredView`] and corrected shares. Small counts
//! are protected here as everywhere. Must not know: formats, vectors.

use serde::{Deserialize, Serialize};

use super::{ShareView, Shown};
use crate::aggregate::{Correction, Measured, Summary};
use crate::disclosure::{Disclosure, Rule};
use crate::measure::Estimate;
use crate::measure::correction::{Corrected, TooFew};
use crate::plan::Plan;
use crate::report::words;

/// What was measured by people's codes.
#[derive(Debug, Clone, Serialize)]
pub struct MeasuredView {
    /// The first page: how often the program errs, how far coders agree, what was corrected.
    pub findings: Vec<String>,
    /// Quality by theme, in the codebook's order; themes that nobody gave are left out.
    pub themes: Vec<QualityRow>,
    /// Errors by group.
    pub groups: Vec<ErrorRow>,
    /// The methods, in paragraphs, for a publication.
    pub appendix: Vec<String>,
}

/// Quality of the codes of one theme.
#[derive(Debug, Clone, Serialize)]
pub struct QualityRow {
    /// Index into [`super::View::themes`].
    pub theme: usize,
    /// Coded answers to which people gave it.
    pub people: Shown,
    /// Of the program's codes, the part that people gave too.
    pub precision: Option<ShareView>,
    /// Of people's codes, the part that the program found.
    pub recall: Option<ShareView>,
    /// Their harmonic mean.
    pub f1: Option<ShareView>,
    /// Krippendorff's α of the coders, where there are several.
    pub alpha: Option<f64>,
}

/// Errors of the program for one value of a group column.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorRow {
    /// The source.
    pub source: String,
    /// The column.
    pub column: String,
    /// Its value.
    pub value: String,
    /// People compared.
    pub people: Shown,
    /// Of people's codes, the part that the program missed.
    pub missed: Option<ShareView>,
    /// Of the themes that people did not give, the part that it gave.
    pub added: Option<ShareView>,
}

/// A share after correction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorrectedView {
    /// The share, and whether it was set to 0 or 1 because it came out beyond.
    Share {
        /// The share and its interval.
        share: ShareView,
        /// Set to the limit.
        clamped: bool,
    },
    /// Too few people with the theme in the gold sample.
    TooFew,
}

/// A corrected share of `base` people as it may be shown. Where the raw one is protected, so is
/// this; and where it stands for fewer people than the smallest cell, or where everybody was coded
/// and so few have the theme: a share of all is a count.
pub(super) fn corrected(
    correction: Option<&Correction>,
    raw: Option<ShareView>,
    rule: Rule,
    base: u64,
) -> Option<CorrectedView> {
    raw?;
    let small = |n: u64| rule.is_small(n) || rule.is_small(base.saturating_sub(n));
    match correction?.as_ref()? {
        Ok(c) if small((c.share.value * base as f64).round() as u64) => None,
        Ok(c) => Some(CorrectedView::Share { share: share(c.share), clamped: c.clamped }),
        Err(few) if few.coded as u64 >= base && small(few.with_theme as u64) => None,
        Err(_) => Some(CorrectedView::TooFew),
    }
}

fn share(e: Estimate) -> ShareView {
    ShareView { value: e.value, low: e.low, high: e.high }
}

/// Builds the view of what was measured. A theme that is protected in one source has no figures
/// here, because they are those of all sources together; a group has none that has no column in
/// its own table.
pub(super) fn measured(
    plan: &Plan,
    found: &Measured,
    summary: &Summary,
    decided: &Disclosure,
) -> MeasuredView {
    let rule = decided.rules.pooled;
    let given = found.quality.themes.iter().filter(|t| t.human + t.machine > 0);
    // A rate of a protected count is a count again.
    let open = |n: usize| !rule.is_small(n as u64);
    let quality = |t: &crate::measure::quality::ThemeQuality| {
        let known = decided.sources.iter().all(|s| s.overall.themes[t.theme].is_open());
        let (human, machine) = (known && open(t.human), known && open(t.machine));
        let alpha = found.coders.as_ref().and_then(|c| c.themes[t.theme]);
        QualityRow {
            theme: t.theme,
            people: if known { rule.alone(t.human as u64) } else { Shown::Withheld },
            precision: t.precision.filter(|_| machine).map(share),
            recall: t.recall.filter(|_| human).map(share),
            f1: t.f1.filter(|_| human && machine).map(share),
            alpha: alpha.filter(|_| human),
        }
    };
    let has_column = |g: &crate::aggregate::GroupErrors| {
        let at = plan.sources[g.source].groups.iter().position(|c| *c == g.column);
        at.is_some_and(|at| {
            let values = &summary.sources[g.source].groups[at];
            let kept = &decided.sources[g.source].columns[at].kept;
            kept.iter().any(|&i| values[i].0 == g.value)
        })
    };
    let is_large = |g: &&crate::aggregate::GroupErrors| {
        g.people as u64 >= decided.rules.sources[g.source].min && has_column(g)
    };
    let large = found.groups.iter().filter(is_large);
    let errors = |g: &crate::aggregate::GroupErrors| ErrorRow {
        source: plan.sources[g.source].name.clone(),
        column: g.column.clone(),
        value: g.value.clone(),
        people: Shown::Exactly(g.people as u64),
        missed: g.rates.missed.map(share),
        added: g.rates.added.map(share),
    };
    MeasuredView {
        findings: findings(plan, found),
        themes: given.map(quality).collect(),
        groups: large.map(errors).collect(),
        appendix: appendix(plan, found),
    }
}

/// `0.71 (0.66 to 0.75)`.
fn figure(e: Estimate) -> String {
    format!("{:.2} ({:.2} to {:.2})", e.value, e.low, e.high)
}

fn percent(e: Estimate) -> String {
    let view = share(e);
    format!("{} ({})", words::percent(e.value), words::range(&view))
}

/// `of 48 shares (12 areas and themes in each of 4 sources) 35 could be corrected`.
pub(in crate::report) fn shares_corrected(found: &Measured) -> String {
    let drawn: Vec<Vec<&Result<Corrected, TooFew>>> =
        found.sources.iter().flatten().map(|s| s.overall.iter().flatten().collect()).collect();
    let done = drawn.iter().flatten().filter(|c| c.is_ok()).count();
    let themes = drawn.first().map_or(0, Vec::len);
    match drawn.len() {
        0 | 1 => format!("of the shares of {themes} areas and themes {done} could be corrected"),
        n => format!(
            "of {} shares ({themes} areas and themes in each of {n} sources) {done} could be corrected",
            themes * n
        ),
    }
}

fn findings(plan: &Plan, found: &Measured) -> Vec<String> {
    let q = &found.quality;
    let mut lines = vec![format!(
        "People coded {} answers of {} people{}. Against their codes the program reaches a micro-F1 of {} and a macro-F1 of {}; {} of the answers got \
         exactly the same themes. In brackets: 95 % intervals.",
        words::thousands(q.answers as u64),
        words::thousands(q.people as u64),
        // Of tables from elsewhere nobody knows what the coders saw.
        if found.designed { " without seeing the program’s codes" } else { "" },
        figure(q.micro),
        figure(q.macro_f1),
        percent(q.exact),
    )];
    if !found.unchecked.is_empty() {
        let names: Vec<&str> =
            found.unchecked.iter().map(|&s| plan.sources[s].name.as_str()).collect();
        lines.push(format!(
            "Not yet checked by people: {}. How often the program errs there is not known.",
            names.join(", ")
        ));
    }
    if let Some(coders) = &found.coders {
        let alpha = coders.alpha.map_or("not defined".into(), figure);
        let verdict = coders.alpha.map_or("", |a| match a.value {
            a if a >= 0.8 => ", which counts as reliable",
            a if a >= 0.667 => ", which counts as tentative",
            _ => ", which does not count as reliable",
        });
        lines.push(format!(
            "{} people coded {} of these answers independently: Krippendorff’s alpha over sets of \
             themes (MASI distance) is {alpha}{verdict}.",
            coders.coders, coders.answers
        ));
    }
    let all = || found.sources.iter().flatten().flat_map(|s| &s.overall).flatten();
    if all().any(Result::is_ok) {
        let clamped = all().filter(|c| matches!(c, Ok(c) if c.clamped)).count();
        let clamp = match clamped {
            0 => String::new(),
            n => format!(" {n} came out beyond 0 or 100 % and were set to the limit."),
        };
        lines.push(format!(
            "Shares are given as the program counted them and, beside that, corrected for its \
             errors where the gold sample holds enough people with the theme: {}.{clamp}",
            shares_corrected(found)
        ));
    } else if !found.designed {
        lines.push(
            "It is not known with which probability these answers were drawn, so no share was \
             corrected for the program’s errors: read shares with the errors above in mind."
                .into(),
        );
    } else {
        lines.push("The gold sample holds too few people to correct any share.".into());
    }
    if found.unmatched > 0 {
        lines.push(format!(
            "{} coded answers are none that this study codes, and were left out.",
            found.unmatched
        ));
    }
    lines
}

fn appendix(plan: &Plan, found: &Measured) -> Vec<String> {
    let q = &found.quality;
    let names: Vec<&str> = plan.sources.iter().map(|s| s.name.as_str()).collect();
    let mut lines = vec![
        format!(
            "Data and codebook. The answers come from {} sources ({}). They were coded by the \
             codebook “{}” ({} areas and themes, SHA-256 {}). Direct identifiers were replaced by \
             marks before anything else.",
            names.len(),
            names.join("; "),
            plan.codebook.title,
            plan.codebook.themes.len(),
            &plan.codebook.hash[..12.min(plan.codebook.hash.len())],
        ),
        format!(
            "Use of machine coding. All answers were coded by a program, canvass {}, that ran on a \
             local machine (model {}, SHA-256 {}). No text left the machine, and no text in the \
             report was written by a language model. The program’s codes were used as a first \
             measurement; people’s codes decide what is reported as corrected.",
            env!("CARGO_PKG_VERSION"),
            plan.model.manifest.name,
            &plan.model.hash[..12.min(plan.model.hash.len())],
        ),
    ];
    lines.push(match found.designed {
        true => format!(
            "Sample. {} people ({} answers) were drawn by chance from {} strata, formed by source and \
             by the rarest theme that the program found, with known probabilities (seed {}). They \
             were coded from redacted text, blind to the program’s codes and to the strata.",
            words::thousands(q.people as u64),
            words::thousands(q.answers as u64),
            found.strata,
            found.seed
        ),
        false => format!(
            "Sample. {} answers of {} people were coded by people. How they were drawn is not known \
             to the program, so they count alike.",
            words::thousands(q.answers as u64),
            words::thousands(q.people as u64)
        ),
    });
    if let Some(coders) = &found.coders {
        lines.push(format!(
            "Agreement. {} coders worked independently on {} answers. Krippendorff’s alpha over \
             sets of themes with MASI distance was {}; differences were decided afterwards. Values \
             of .800 and more count as reliable, .667 to .800 as tentative (Krippendorff 2004).",
            coders.coders,
            coders.answers,
            coders.alpha.map_or("not defined".into(), figure)
        ));
    } else {
        lines.push(
            "Agreement. One coding decides each answer; agreement between coders was not measured."
                .into(),
        );
    }
    lines.push(format!(
        "Quality of the program’s codes, weighted by the inverse of the probability of each \
         answer: micro-F1 {}, macro-F1 {}, samples-F1 {}, exact match {}. Intervals are those of a \
         bootstrap over people.",
        figure(q.micro),
        figure(q.macro_f1),
        figure(q.samples),
        figure(q.exact)
    ));
    if found.designed {
        lines.push(
            "Corrected shares. The program’s share of all people was corrected by the weighted \
             mean difference between people’s and the program’s codes in the sample (difference \
             estimator; Egami et al. 2023; Angelopoulos et al. 2023), where how much the \
             program’s codes count was tuned on other folds of the sample. Intervals are Wilson \
             intervals at the effective sample size and hold the chance of the sample and of who \
             answered. A share is not corrected where fewer than 5 people with the theme, or fewer \
             than 30 people, are in the sample."
                .into(),
        );
    }
    lines.push(
        "Limits. The correction takes the people’s codes as the truth: errors that all coders share \
         stay. Nothing here corrects for who chose to answer."
            .into(),
    );
    lines
}
