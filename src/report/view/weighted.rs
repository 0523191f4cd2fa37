//! Weighted shares as they may be shown.
//!
//! In: weighted shares, the raw ones as shown, what is published of the source. Out: those that
//! stand beside a raw share. The rule counts people, not weights: a weighted share of a protected
//! count is protected too, and so is one behind which a few people stand because the others weigh
//! nothing, or because the weights of a few are most of it.
//!
//! Weights often follow groups, such as districts, and a reader can work them out from the size of
//! each; then a weighted share is one more equation for the theme's counts in those groups. So a
//! theme with a protected count in any group has no weighted share, nor has any where several
//! values of a column are left out. All are rounded to whole points, and numbers of people to whole
//! people, because one exact sum of known weights can tell which of them are in it.
//! Must not know: formats.

use super::{GroupRow, GroupView, MethodsView, QuestionView, ShareView, Shown, ThemeRow};
use crate::aggregate::{SourceSummary, Weighted};
use crate::disclosure::{ColumnDisclosure, Rule};
use crate::ingest::SourceSpec;
use crate::plan::Plan;

/// Which weighted shares of a source may be shown.
#[derive(Debug)]
pub(super) struct Told {
    rule: Rule,
    /// By theme of the codebook.
    themes: Vec<bool>,
}

impl Told {
    /// Decides by what is published of the source's groups.
    pub(super) fn of(rule: Rule, counts: &SourceSummary, columns: &[ColumnDisclosure]) -> Self {
        let closed =
            |(values, decided): (&Vec<_>, &ColumnDisclosure)| values.len() > decided.kept.len() + 1;
        let any_closed = counts.groups.iter().zip(columns).any(closed);
        let open = |theme: usize| {
            let mut cells = columns.iter().flat_map(|c| &c.themes);
            !any_closed && cells.all(|themes| themes[theme].is_open())
        };
        Self { rule, themes: (0..counts.overall.themes.len()).map(open).collect() }
    }

    /// A question's table with shares by survey weights, where the study has them.
    pub(super) fn question(
        &self,
        question: QuestionView,
        of: Option<&Option<Weighted>>,
    ) -> QuestionView {
        let of = of.and_then(Option::as_ref);
        let row =
            |row: ThemeRow| ThemeRow { weighted: self.share(of, row.theme, row.share), ..row };
        QuestionView {
            effective_base: self.effective(of, question.base),
            rows: question.rows.into_iter().map(row).collect(),
            ..question
        }
    }

    /// A breakdown, by one of the source's `columns` of groups, with shares by survey weights.
    pub(super) fn group(
        &self,
        group: GroupView,
        columns: &[String],
        counts: &SourceSummary,
        decided: &[ColumnDisclosure],
    ) -> GroupView {
        let at = columns.iter().position(|name| *name == group.column);
        let (Some(weights), Some(at)) = (&counts.weighted, at) else { return group };
        let kept: Vec<Option<&Weighted>> =
            decided[at].kept.iter().map(|&value| weights.groups[at][value].as_ref()).collect();
        let row = |row: GroupRow| {
            let cells = kept.iter().zip(&row.cells);
            let share = |(w, cell): (&Option<&Weighted>, &(Shown, Option<ShareView>))| {
                self.share(*w, row.theme, cell.1)
            };
            let mut weighted: Vec<Option<ShareView>> = cells.map(share).collect();
            if row.cells.iter().zip(&weighted).any(|(cell, w)| cell.1.is_some() && w.is_none()) {
                // The others and the whole would say something of the hidden one.
                weighted.fill(None);
            }
            GroupRow { weighted, ..row }
        };
        let effective = kept.iter().zip(&group.values);
        let effective = effective.map(|(w, (_, base))| self.effective(*w, *base)).collect();
        let rows = group.rows.into_iter().map(row).collect();
        GroupView { effective, rows, ..group }
    }

    /// The effective number of people of a base.
    fn effective(&self, of: Option<&Weighted>, base: Shown) -> Option<f64> {
        let found = of.filter(|w| base.is_open() && w.effective >= self.rule.min as f64)?;
        Some(found.effective.round())
    }

    /// The weighted share of a theme.
    fn share(
        &self,
        of: Option<&Weighted>,
        theme: usize,
        raw: Option<ShareView>,
    ) -> Option<ShareView> {
        raw.filter(|_| self.themes.get(theme) == Some(&true))?;
        let found = of.filter(|w| w.effective >= self.rule.min as f64)?;
        let of_theme = found.themes.get(theme)?;
        let few = |n: u64| self.rule.is_small(n);
        if few(of_theme.people) || few(found.people - of_theme.people) {
            return None;
        }
        let points = |x: f64| (x * 100.0).round() / 100.0;
        let share = of_theme.share;
        let (value, low, high) = (points(share.value), points(share.low), points(share.high));
        Some(ShareView { value, low, high })
    }
}

/// The methods, with which sources have survey weights and where shares by them are found.
pub(super) fn with_weights(plan: &Plan, mut methods: MethodsView) -> MethodsView {
    let named = |s: &SourceSpec| Some(format!("{} ({})", s.name, s.weight.as_ref()?));
    let named: Vec<String> = plan.sources.iter().filter_map(named).collect();
    if !named.is_empty() {
        methods.notes.push(format!(
            "Counts and shares here count people alike. Beside them stand shares by the survey \
             weights of {}, with linearised 95 % intervals; themes.csv and summary.json have the \
             effective number of people too (Kish). Weights mostly follow groups, so a theme with a \
             protected count in any group has no weighted share, which would tell it. Corrected \
             shares, where there are any, use the survey weights.",
            named.join(", ")
        ));
    }
    methods
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::WeightedTheme;
    use crate::disclosure::Suppression;
    use crate::measure::Estimate;

    const RULE: Rule = Rule { min: 11, suppression: Suppression::Full };
    const RAW: ShareView = ShareView { value: 0.5, low: 0.4, high: 0.6 };

    fn told() -> Told {
        Told { rule: RULE, themes: vec![true, false] }
    }

    fn weighted(effective: f64, people: u64, with: u64) -> Weighted {
        let share = Estimate { value: 0.5049, low: 0.4, high: 0.6 };
        let theme = WeightedTheme { share, people: with };
        Weighted { effective, people, themes: vec![theme, theme] }
    }

    #[test]
    fn a_few_people_behind_a_weighted_share_are_protected_as_everywhere() {
        let shown = |effective, people, with| {
            told().share(Some(&weighted(effective, people, with)), 0, Some(RAW)).is_some()
        };
        assert!(shown(40.0, 60, 30) && shown(40.0, 60, 0) && shown(40.0, 60, 60));
        assert!(!shown(40.0, 60, 10), "the others with the theme weigh nothing");
        assert!(!shown(40.0, 60, 52), "the others without the theme weigh nothing");
        assert!(!shown(3.0, 60, 30), "a few weights are most of it");
    }

    #[test]
    fn a_protected_share_has_no_weighted_one_and_others_are_rounded() {
        let weighted = weighted(40.4, 60, 30);
        assert_eq!(told().share(Some(&weighted), 0, None), None);
        assert_eq!(told().share(Some(&weighted), 1, Some(RAW)), None);
        assert_eq!(told().share(Some(&weighted), 0, Some(RAW)).unwrap().value, 0.5);
        assert_eq!(told().effective(Some(&weighted), Shown::Withheld), None);
        assert_eq!(told().effective(Some(&weighted), Shown::Exactly(60)), Some(40.0));
    }
}
