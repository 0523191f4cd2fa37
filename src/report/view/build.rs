//! From counts to what may be shown: the one place where numbers are rounded into sentences,
//! put in order and protected.
//!
//! In: the plan's words and the true counts. Out: a [`View`]. A count of people from 1 to
//! `min_cell` minus one is shown as "fewer than"; shares of protected counts are not shown; in a
//! breakdown whose protected cell could be worked out from the rest, a second cell is protected.
//! Must not know: formats, vectors, text other than candidate quotes.

use super::facts;
use super::groups;
use super::matrix;
use super::measured;
use super::{
    AccountRow, AccountView, MethodsView, QuestionView, QuoteView, ShareView, Shown, SourceView,
    StateView, ThemeRow, ThemeView, View,
};
use crate::aggregate::{
    Correction, Scope, SourceCorrections, SourceSummary, State, Summary, ThemeCount,
    interval::wilson,
};
use crate::codebook::Codebook;
use crate::config::Quotes;
use crate::ingest::Kind;
use crate::plan::Plan;
use crate::text::Mark;

/// Builds the view of a study.
pub fn build(plan: &Plan, summary: &Summary, warnings: &[String]) -> View {
    let book = &plan.codebook;
    let sources: Vec<SourceView> =
        (0..plan.sources.len()).map(|i| source(plan, summary, i)).collect();
    let matrix = matrix::matrix(plan, summary, &sources);
    View {
        title: plan.title.clone(),
        notice: plan.notice.clone(),
        validated: summary.measured.is_some(),
        measured: summary.measured.as_ref().map(|m| measured::measured(plan, m, summary)),
        account: account(plan, summary),
        plans: matrix::plans(book, &matrix),
        sources,
        matrix,
        themes: themes(book),
        methods: methods(plan, summary.measured.is_some()),
        warnings: warnings.to_vec(),
    }
}

fn themes(book: &Codebook) -> Vec<ThemeView> {
    let one = |t: &crate::codebook::Theme| ThemeView {
        id: t.id.clone(),
        label: t.label.clone(),
        definition: t.definition.clone(),
        parent: t.parent,
        tags: t.tags.clone(),
    };
    book.themes.iter().map(one).collect()
}

fn account(plan: &Plan, summary: &Summary) -> AccountView {
    let account = &summary.account;
    let row =
        |(s, spec): (&crate::aggregate::SourceAccount, &crate::ingest::SourceSpec)| AccountRow {
            name: spec.name.clone(),
            files: s.files,
            rows: s.rows,
            responses: s.responses,
            states: s.states.to_vec(),
        };
    let rows: Vec<AccountRow> = account.sources.iter().zip(&plan.sources).map(row).collect();
    let sum = |f: &dyn Fn(&AccountRow) -> u64| rows.iter().map(f).sum();
    let total = AccountRow {
        name: "All sources".into(),
        files: sum(&|r| r.files),
        rows: sum(&|r| r.rows),
        responses: sum(&|r| r.responses),
        states: (0..State::ALL.len()).map(|i| sum(&|r| r.states[i])).collect(),
    };
    let marks = Mark::ALL.iter().map(|m| m.label().to_owned()).zip(account.redactions);
    let mut languages: Vec<(String, u64)> =
        account.languages.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
    languages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    AccountView {
        rows,
        total,
        states: State::ALL.iter().map(|&s| facts::state(s)).collect::<Vec<StateView>>(),
        redactions: marks.filter(|(_, n)| *n > 0).collect(),
        languages,
    }
}

fn source(plan: &Plan, summary: &Summary, index: usize) -> SourceView {
    let (spec, counts) = (&plan.sources[index], &summary.sources[index]);
    let corrections: Option<&SourceCorrections> =
        summary.measured.as_ref().and_then(|m| m.sources.get(index)?.as_ref());
    let of_group = |at: usize| corrections.map_or(&[][..], |c| &c.groups[at]);
    let words = facts::words(spec.kind);
    let protect = Protect { min: u64::from(plan.privacy.min_cell), shares: words.shares };
    let anchor = format!("source-{}", index + 1);
    let mut questions = Vec::new();
    let several = !counts.questions.is_empty();
    let overall = match (several, spec.questions.first()) {
        (true, _) => "All questions together".to_owned(),
        (false, Some(q)) => q.text.clone(),
        (false, None) => "Everything that was said".to_owned(),
    };
    let quotes = released(plan, counts);
    let overall_corrections = corrections.map_or(&[][..], |c| &c.overall);
    let first = Asked { text: &overall, anchor: &anchor, corrections: overall_corrections };
    questions.push(protect.question(&plan.codebook, &counts.overall, &first, &quotes));
    for (at, (scope, q)) in counts.questions.iter().zip(&spec.questions).enumerate() {
        let anchor = format!("{anchor}-question-{}", questions.len());
        let corrections = corrections.map_or(&[][..], |c| &c.questions[at]);
        let asked = Asked { text: &q.text, anchor: &anchor, corrections };
        questions.push(protect.question(&plan.codebook, scope, &asked, &[]));
    }
    let order: Vec<(usize, u8)> = questions[0].rows.iter().map(|r| (r.theme, r.level)).collect();
    let columns = spec.groups.iter().zip(&counts.groups).enumerate();
    let groups = columns
        .map(|(at, (name, values))| {
            groups::group(&protect, name, values, &counts.overall, &order, of_group(at))
        })
        .filter(|g| g.values.len() + g.too_small > 1);
    SourceView {
        name: spec.name.clone(),
        kind: facts::kind_id(spec.kind).into(),
        kind_label: words.label.into(),
        perspective: spec.perspective.clone(),
        unit: words.unit.into(),
        file_unit: words.file_unit.into(),
        shares: words.shares,
        base_sentence: facts::base_sentence(&protect, counts, spec.questions.len()),
        findings: facts::findings(&plan.codebook, &questions[0], &words),
        groups: groups.collect(),
        questions,
        anchor,
    }
}

/// Quotes by theme that the study allows to be shown.
fn released(plan: &Plan, counts: &SourceSummary) -> Vec<(usize, Vec<QuoteView>)> {
    let listed = |q: &crate::aggregate::Quote| {
        let (id, words) = (crate::report::cell::safe(&q.id), crate::report::cell::safe(&q.text));
        plan.released.as_ref().is_some_and(|list| list.holds(&id, &words))
    };
    let allowed = |q: &crate::aggregate::Quote| match plan.privacy.quotes {
        Quotes::None => false,
        Quotes::All => true,
        Quotes::Reviewed => listed(q),
    };
    let view = |q: &crate::aggregate::Quote| QuoteView { id: q.id.clone(), text: q.text.clone() };
    let of_theme = |(theme, quotes): &(usize, Vec<crate::aggregate::Quote>)| {
        (*theme, quotes.iter().filter(|q| allowed(q)).map(view).collect())
    };
    counts.quotes.iter().map(of_theme).collect()
}

/// One question, or all together: its words, its link, its corrected shares by theme.
struct Asked<'a> {
    text: &'a str,
    anchor: &'a str,
    corrections: &'a [Correction],
}

/// The rules for small counts of one source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Protect {
    /// The smallest count of people that is shown.
    pub(super) min: u64,
    /// Whether shares of people are shown at all.
    pub(super) shares: bool,
}

impl Protect {
    /// A count of people as it may be shown.
    pub(super) fn shown(&self, n: u64) -> Shown {
        if n == 0 || n >= self.min { Shown::Exactly(n) } else { Shown::FewerThan(self.min) }
    }

    /// A share of a base, where both may be shown.
    pub(super) fn share(&self, k: u64, n: u64) -> Option<ShareView> {
        let open = |x| matches!(self.shown(x), Shown::Exactly(_));
        if !self.shares || !open(k) || !open(n) {
            return None;
        }
        let (low, high) = wilson(k, n)?;
        Some(ShareView { value: k as f64 / n as f64, low, high })
    }

    fn question(
        &self,
        book: &Codebook,
        scope: &Scope,
        asked: &Asked<'_>,
        quotes: &[(usize, Vec<QuoteView>)],
    ) -> QuestionView {
        // A theme that people found, though the program did not, is not one that nobody raised.
        let found = |t: usize| match asked.corrections.get(t) {
            Some(Some(Ok(_))) => true,
            Some(Some(Err(few))) => few.with_theme > 0,
            _ => false,
        };
        let rows = ordered(book, scope, self, &found).into_iter().map(|(theme, level)| {
            let of_theme = quotes.iter().find(|(t, _)| *t == theme);
            let quotes = of_theme.map(|(_, q)| q.clone()).unwrap_or_default();
            let row = self.row(theme, level, scope, quotes);
            let correction = asked.corrections.get(theme);
            let corrected = measured::corrected(correction, row.share, self, scope.base);
            ThemeRow { corrected, ..row }
        });
        let silent = |t: &usize| {
            let counts = &scope.themes[*t];
            counts.participants == 0 && counts.with_copies == 0 && !found(*t)
        };
        QuestionView {
            anchor: asked.anchor.into(),
            text: asked.text.into(),
            base: self.shown(scope.base),
            file_base: scope.files,
            rows: rows.collect(),
            unraised: (0..book.themes.len())
                .filter(silent)
                .map(|t| book.themes[t].label.clone())
                .collect(),
            copies: scope.copies,
        }
    }

    fn row(&self, theme: usize, level: u8, scope: &Scope, quotes: Vec<QuoteView>) -> ThemeRow {
        let ThemeCount { participants, with_copies, files, .. } = scope.themes[theme];
        // Beside a protected count the one with copies would give it away.
        let open = matches!(self.shown(participants), Shown::Exactly(_));
        let differs = with_copies != participants && open;
        let copies = self.share(with_copies, scope.base_with_copies);
        ThemeRow {
            theme,
            level,
            participants: self.shown(participants),
            files,
            share: self.share(participants, scope.base),
            corrected: None,
            with_copies: differs.then(|| self.shown(with_copies)),
            share_with_copies: copies.filter(|_| differs).map(|s| s.value),
            quotes,
        }
    }
}

/// Themes that anybody raised, or that people `found`: areas by number of people (or of files), each followed by its
/// themes; ties in the codebook's order.
/// Protected counts are equal here: their order in a table must not tell them apart.
fn ordered(
    book: &Codebook,
    scope: &Scope,
    protect: &Protect,
    found: &dyn Fn(usize) -> bool,
) -> Vec<(usize, u8)> {
    let weight = |t: usize| {
        let c = &scope.themes[t];
        let open = matches!(protect.shown(c.participants), Shown::Exactly(_));
        let people = if open { c.participants } else { 1 };
        std::cmp::Reverse(if protect.shares { (people, 0) } else { (c.files, people) })
    };
    let raised = |t: &usize| {
        scope.themes[*t].participants > 0 || scope.themes[*t].with_copies > 0 || found(*t)
    };
    let mut areas: Vec<usize> = book.roots().filter(raised).collect();
    areas.sort_by_key(|&t| (weight(t), t));
    let mut rows = Vec::new();
    for area in areas {
        rows.push((area, 0));
        let below = |t: &usize| book.themes[*t].parent == Some(area);
        let mut inside: Vec<usize> = (0..book.themes.len()).filter(below).filter(raised).collect();
        inside.sort_by_key(|&t| (weight(t), t));
        rows.extend(inside.into_iter().map(|t| (t, 1)));
    }
    rows
}

fn methods(plan: &Plan, measured: bool) -> MethodsView {
    MethodsView {
        program: format!("canvass {}", env!("CARGO_PKG_VERSION")),
        codebook: format!(
            "{} ({} themes, sha256 {})",
            plan.codebook.title,
            plan.codebook.themes.len(),
            &plan.codebook.hash[..12]
        ),
        engine: format!(
            "{} ({}, {}), sha256 {}",
            plan.model.manifest.name,
            plan.precision.name(),
            crate::encode::instruction_set(),
            &plan.model.hash[..12]
        ),
        classifier: match &plan.trained {
            Some(trained) => facts::learned(&trained.record),
            None => facts::classifier(plan.threshold),
        },
        min_cell: plan.privacy.min_cell,
        quotes: facts::quotes(plan.privacy.quotes).into(),
        notes: facts::notes(
            plan.sources.iter().any(|s| matches!(s.kind, Kind::Survey | Kind::Comments)),
            measured,
        ),
    }
}
