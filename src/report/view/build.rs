//! From counts to what is shown: the one place where numbers are rounded into sentences and put in
//! order.
//!
//! In: the plan's words, the true counts, and what `disclosure` decided of them. Out: a [`View`].
//! Beside a protected count of people stand no share, no number of files and no quote, and nothing
//! is in an order that tells protected counts apart.
//! Must not know: formats, vectors, text other than candidate quotes, why a count is protected.

use super::differences;
use super::facts;
use super::groups;
use super::matrix;
use super::measured;
use super::saturation;
use super::together;
use super::weighted::{self, Told};
use super::{
    AccountRow, AccountView, MethodsView, QuestionView, QuoteView, ShareView, Shown, SourceView,
    StancePart, StanceView, ThemeRow, ThemeView, View,
};
use crate::aggregate::{
    Correction, Scope, SourceCorrections, SourceSummary, State, Summary, ThemeCount,
    interval::wilson,
};
use crate::codebook::Codebook;
use crate::config::{Quotes, Sessions};
use crate::disclosure::{
    AccountLine, Disclosure, Rule, Rules, ScopeDisclosure, SourceDisclosure, Stances, disclose,
};
use crate::ingest::{Kind, SourceSpec};
use crate::plan::Plan;
use crate::stance::Stance;
use crate::text::Mark;

/// Quotes of a theme that every report shows; the others stand behind its count.
const QUOTES: usize = 3;

/// Builds the view of a study.
pub fn build(plan: &Plan, summary: &Summary, warnings: &[String]) -> View {
    let book = &plan.codebook;
    let cells: Vec<u32> = plan.min_cells.iter().map(|c| c.min).collect();
    let rules = Rules::new(&cells, plan.privacy.min_cell, plan.suppression);
    let decided = disclose(rules, summary, &parents(book));
    let sources: Vec<SourceView> =
        (0..plan.sources.len()).map(|i| source(plan, summary, &decided, i)).collect();
    let matrix = matrix::matrix(plan, &sources);
    View {
        title: plan.title.clone(),
        notice: plan.notice.clone(),
        validated: summary.measured.is_some(),
        measured: summary.measured.as_ref().map(|m| measured::measured(plan, m, summary, &decided)),
        account: account(plan, summary, &decided),
        plans: matrix::plans(book, &matrix, &sources),
        sources,
        matrix,
        themes: themes(book),
        methods: weighted::with_weights(plan, methods(plan, summary.measured.is_some())),
        warnings: warnings.to_vec(),
    }
}

/// For each theme the area above it.
fn parents(book: &Codebook) -> Vec<Option<usize>> {
    book.themes.iter().map(|t| t.parent).collect()
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

fn account(plan: &Plan, summary: &Summary, decided: &Disclosure) -> AccountView {
    let (account, shown) = (&summary.account, &decided.account);
    let merged = shown.lines.iter().any(AccountLine::is_merged);
    let row = |name: &str, files: u64, line: &AccountLine| AccountRow {
        name: name.to_owned(),
        files,
        rows: line.rows,
        responses: line.responses,
        states: states(line, merged),
    };
    let lines = plan.sources.iter().zip(&account.sources).zip(&shown.lines);
    let rows = lines.map(|((spec, s), line)| row(&spec.name, s.files, line)).collect();
    let added = (0..plan.sources.len()).filter(|i| !shown.left_out.contains(i));
    let files = added.map(|i| account.sources[i].files).sum();
    let marks = Mark::ALL.iter().map(|m| m.label().to_owned()).zip(shown.redactions.clone());
    let name = if shown.left_out.is_empty() { "All sources" } else { "Sum of the others" };
    let left_out = shown.left_out.iter().map(|&i| plan.sources[i].name.clone());
    AccountView {
        rows,
        total: row(name, files, &shown.total),
        left_out: left_out.collect(),
        states: facts::states(merged),
        redactions: marks.filter(|(_, n)| *n != Shown::Exactly(0)).collect(),
        languages: shown.languages.clone(),
    }
}

/// Responses by state, in the order of [`facts::states`].
fn states(line: &AccountLine, merged: bool) -> Vec<Shown> {
    let mut states = line.states.clone();
    if merged {
        // Where the two are told apart no response is left that could be either.
        let apart = states[State::NoContent as usize].is_open();
        let either = if apart { Shown::Exactly(0) } else { line.aside };
        states.insert(State::UnsupportedLanguage as usize + 1, either);
    }
    states
}

fn source(plan: &Plan, summary: &Summary, decided: &Disclosure, index: usize) -> SourceView {
    let (spec, counts) = (&plan.sources[index], &summary.sources[index]);
    let SourceDisclosure { overall: whole, questions: asked, columns, together: pairs } =
        &decided.sources[index];
    let corrections: Option<&SourceCorrections> =
        summary.measured.as_ref().and_then(|m| m.sources.get(index)?.as_ref());
    let of_group = |at: usize| corrections.map_or(&[][..], |c| &c.groups[at]);
    let words = facts::words(spec.kind);
    let sessions = plan.privacy.sessions == Sessions::Shown && !words.shares;
    let rule = decided.rules.sources[index];
    let protect = Protect { rule, shares: words.shares, sessions };
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
    let published = &decided.sources[index].columns;
    let told = Told::of(protect.rule, counts, published);
    let all = protect.question(&plan.codebook, (&counts.overall, whole), &first, &quotes);
    questions.push(told.question(all, counts.weighted.as_ref().map(|w| &w.overall)));
    for (at, (scope, q)) in counts.questions.iter().zip(&spec.questions).enumerate() {
        let anchor = format!("{anchor}-question-{}", questions.len());
        let corrections = corrections.map_or(&[][..], |c| &c.questions[at]);
        let one = Asked { text: &q.text, anchor: &anchor, corrections };
        let question = protect.question(&plan.codebook, (scope, &asked[at]), &one, &[]);
        questions.push(told.question(question, counts.weighted.as_ref().map(|w| &w.questions[at])));
    }
    let labels: Vec<&str> = plan.codebook.themes.iter().map(|t| t.label.as_str()).collect();
    let columns = spec.groups.iter().zip(&counts.groups).zip(columns).enumerate();
    let groups = columns
        .map(|(at, ((name, values), decided))| {
            groups::group(&protect, name, (values, decided), &questions[0], of_group(at))
        })
        .map(|g| match words.shares {
            true => differences::compared(
                g,
                &questions[0],
                (&labels, words.unit),
                spec.weight.is_some(),
            ),
            false => g,
        })
        .filter(|g| g.values.len() + g.too_small > 1);
    let curve = saturation::saturation(&questions[0], &parents(&plan.codebook));
    let curve = curve.filter(|_| !words.shares && !words.file_unit.is_empty());
    let saturated = curve.as_ref().map(|c| saturation::sentence(c, words.file_unit));
    let pairs = together::view(pairs);
    let tied =
        pairs.as_ref().and_then(|pairs| together::finding(&plan.codebook, words.unit, pairs));
    SourceView {
        name: spec.name.clone(),
        kind: facts::kind_id(spec.kind).into(),
        kind_label: words.label.into(),
        perspective: spec.perspective.clone(),
        unit: words.unit.into(),
        file_unit: words.file_unit.into(),
        shares: words.shares,
        min_cell: plan.min_cells[index].min,
        min_cell_reason: plan.min_cells[index].reason.clone(),
        base_sentence: facts::base_sentence(whole.base, counts, spec.questions.len()),
        findings: facts::findings(&plan.codebook, &questions[0], &words)
            .into_iter()
            .chain(facts::stances(&plan.codebook, &questions[0], &words))
            .chain(saturated)
            .chain(tied)
            .collect(),
        saturation: curve,
        together: pairs,
        groups: groups.map(|g| told.group(g, &spec.groups, counts, published)).collect(),
        questions,
        anchor,
    }
}

/// Quotes by theme that the study allows to be shown.
fn released(plan: &Plan, counts: &SourceSummary) -> Vec<(usize, Vec<QuoteView>)> {
    let listed = |q: &crate::aggregate::Quote| {
        let (id, words) =
            (crate::report::cell::safe(&q.id), crate::report::review::listed(&q.text));
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

/// How counts of one source are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Protect {
    /// The rule for small counts.
    pub(super) rule: Rule,
    /// Whether shares of people are shown at all.
    pub(super) shares: bool,
    /// Whether counts of sessions are shown beside protected counts of people.
    pub(super) sessions: bool,
}

impl Protect {
    /// A share of a base, where both may be shown.
    pub(super) fn share(&self, shown: Shown, base: Shown) -> Option<ShareView> {
        let (k, n) = (shown.number()?, base.number()?);
        let (low, high) = wilson(k, n).filter(|_| self.shares)?;
        Some(ShareView { value: k as f64 / n as f64, low, high })
    }

    fn question(
        &self,
        book: &Codebook,
        (scope, decided): (&Scope, &ScopeDisclosure),
        asked: &Asked<'_>,
        quotes: &[(usize, Vec<QuoteView>)],
    ) -> QuestionView {
        // A theme that people found, though the program did not, is not one that nobody raised.
        // Of a table that is not shown nobody learns which themes were raised.
        let found = |t: usize| match asked.corrections.get(t) {
            _ if decided.is_closed() => true,
            Some(Some(Ok(_))) => true,
            Some(Some(Err(few))) => few.with_theme > 0,
            _ => false,
        };
        let raised = |t: usize| {
            scope.themes[t].participants > 0 || scope.themes[t].with_copies > 0 || found(t)
        };
        let order = ordered(book, (scope, decided), self, &raised);
        let rows = order.into_iter().map(|(theme, level)| {
            let of_theme = quotes.iter().find(|(t, _)| *t == theme);
            // What so few people said may tell who they are.
            let of_theme = of_theme.filter(|_| decided.themes[theme].is_open());
            let mut quotes = of_theme.map(|(_, q)| q.clone()).unwrap_or_default();
            let further = quotes.split_off(quotes.len().min(QUOTES));
            let row = self.row((theme, level), scope, decided, quotes);
            let correction = asked.corrections.get(theme);
            let corrected = measured::corrected(correction, row.share, self.rule, scope.base);
            ThemeRow { corrected, further, ..row }
        });
        QuestionView {
            anchor: asked.anchor.into(),
            text: asked.text.into(),
            base: decided.base,
            effective_base: None,
            file_base: scope.files,
            rows: rows.collect(),
            unraised: (0..book.themes.len())
                // Where nothing could be coded nobody knows what was raised.
                .filter(|t| scope.base > 0 && !raised(*t))
                .map(|t| book.themes[t].label.clone())
                .collect(),
            copies: decided.copies,
        }
    }

    fn tells_files(&self, decided: &ScopeDisclosure, theme: usize) -> bool {
        decided.themes[theme].is_open() || self.sessions && !decided.is_closed()
    }

    fn row(
        &self,
        (theme, level): (usize, u8),
        scope: &Scope,
        decided: &ScopeDisclosure,
        quotes: Vec<QuoteView>,
    ) -> ThemeRow {
        let ThemeCount { participants, with_copies, files, .. } = scope.themes[theme];
        let shown = decided.themes[theme];
        let told = decided.with_copies[theme];
        let differs = with_copies != participants && told;
        let by_copy = scope.base_with_copies > scope.base && shown.is_open();
        let copies = Shown::Exactly(with_copies);
        let of_copies = self.share(copies, Shown::Exactly(scope.base_with_copies));
        ThemeRow {
            theme,
            level,
            participants: shown,
            files: self.tells_files(decided, theme).then_some(files),
            share: self.share(shown, decided.base),
            weighted: None,
            corrected: None,
            with_copies: match (differs, by_copy && !told) {
                (true, _) => Some(copies),
                (false, true) => Some(Shown::Withheld),
                (false, false) => None,
            },
            share_with_copies: of_copies.filter(|_| differs).map(|s| s.value),
            stances: decided.stances[theme].as_ref().map(stances),
            quotes,
            further: Vec::new(),
        }
    }
}

fn stances(told: &Stances) -> StanceView {
    let part = |&(stance, people): &(Stance, u64)| StancePart { stance, people };
    StanceView { parts: told.told.iter().map(part).collect(), rest: told.rest }
}

/// Themes that were `raised`: areas by number of people (or of files), each followed by its themes;
/// ties in the codebook's order.
/// Protected counts are equal here: their order in a table must not tell them apart.
fn ordered(
    book: &Codebook,
    (scope, decided): (&Scope, &ScopeDisclosure),
    protect: &Protect,
    raised: &dyn Fn(usize) -> bool,
) -> Vec<(usize, u8)> {
    let weight = |t: usize| {
        let files = if protect.shares { 0 } else { scope.themes[t].files };
        std::cmp::Reverse(match decided.themes[t] {
            Shown::Exactly(people) if protect.shares => (people, 0),
            Shown::Exactly(people) => (files, people),
            _ if protect.tells_files(decided, t) => (files, 0),
            _ => (u64::from(protect.shares), 0),
        })
    };
    let raised = |t: &usize| raised(*t);
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
        notes: notes(plan, measured),
    }
}

/// What the numbers mean, and which sources have a smallest count of their own.
fn notes(plan: &Plan, measured: bool) -> Vec<String> {
    let shares = |s: &SourceSpec| matches!(s.kind, Kind::Survey | Kind::Comments);
    let mut notes = facts::notes(&facts::Holds {
        shares: plan.sources.iter().any(shares),
        groups: plan.sources.iter().any(|s| shares(s) && !s.groups.is_empty()),
        gatherings: plan.sources.iter().any(|s| !shares(s)),
        measured,
    });
    for (spec, cell) in plan.sources.iter().zip(&plan.min_cells) {
        notes.extend(facts::min_cell(&spec.name, cell, plan.privacy.min_cell));
    }
    notes
}
