//! Shares by survey weights, beside the counts of people.
//!
//! In: the members of one of a source's tables, their people's weights, the codebook. Out: a
//! [`Weighted`]. It counts whom [`super::tally`] counts, each by the weight that the study's column
//! gives; whoever has a weight of 0 stands for nobody.
//! Must not know: what may be shown.

use std::collections::BTreeMap;

use super::tally::Member;
use crate::codebook::Codebook;
use crate::ingest::Participant;
use crate::measure::{Estimate, weights};

/// Weighted shares of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// How many people of equal weight the base is worth (Kish 1965).
    pub effective: f64,
    /// People of the base who have a weight.
    pub people: u64,
    /// By theme of the codebook.
    pub themes: Vec<WeightedTheme>,
}

/// The weighted share of one theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedTheme {
    /// The share and its 95 % interval.
    pub share: Estimate,
    /// People with a weight who raised it.
    pub people: u64,
}

/// The same tables as those of a source's counts; `None` where nobody of a table has a weight.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceWeighted {
    /// All questions together.
    pub overall: Option<Weighted>,
    /// Each question.
    pub questions: Vec<Option<Weighted>>,
    /// For each group column its values, in the order of the counts.
    pub groups: Vec<Vec<Option<Weighted>>>,
}

/// Weighted shares over these members, copies of campaigns set aside.
pub(super) fn scope(
    kept: &[&Member<'_>],
    participants: &[Participant],
    codebook: &Codebook,
) -> Option<Weighted> {
    let mut people: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for member in kept.iter().filter(|m| !m.copy) {
        let themes = people.entry(member.participant).or_default();
        for coding in member.codings {
            themes.push(coding.theme);
            themes.extend(codebook.themes[coding.theme].parent);
        }
    }
    let weight = |p: &usize| participants[*p].weight.unwrap_or(1.0);
    let theme = |theme: usize| {
        let raised: Vec<(f64, bool)> =
            people.iter().map(|(p, themes)| (weight(p), themes.contains(&theme))).collect();
        let with = raised.iter().filter(|(w, yes)| *yes && *w > 0.0).count() as u64;
        Some(WeightedTheme { share: weights::share(&raised)?, people: with })
    };
    Some(Weighted {
        themes: (0..codebook.themes.len()).map(theme).collect::<Option<_>>()?,
        effective: weights::effective(people.keys().map(weight)),
        people: people.keys().filter(|p| weight(p) > 0.0).count() as u64,
    })
}
