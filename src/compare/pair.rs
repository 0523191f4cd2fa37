//! What belongs together in two waves: sources by name, kind and perspective, questions by their
//! wording, themes by id.
//!
//! In: two [`Wave`]s and what they are called. Out: a [`Comparison`].
//! Must not know: formats, files.

use std::collections::BTreeMap;

use super::differ;
use super::groups;
use super::read::{Question, Source, Summary, ThemeRow, Wave};
use super::row::{Joint, Setting, draft, judge};
use super::words;
use super::{Comparison, Error, Row, Side, SourcePair, TablePair, WaveView};
use crate::aggregate::interval::wilson;
use crate::report::view::{CorrectedView, ShareView, Shown};

/// Both waves of something.
pub(super) type Both<'a, T> = [&'a T; 2];

/// Compares two waves; `names` are what they are called, the earlier first.
///
/// # Errors
/// Both are one file or under one name, or have no source in common.
pub fn compare(then: &Wave, now: &Wave, names: [&str; 2]) -> Result<Comparison, Error> {
    if then.is_same_file(now) {
        return Err(Error::Same { path: now.path.clone() });
    }
    if names[0] == names[1] {
        return Err(Error::SameName { name: names[0].to_owned() });
    }
    let waves = [&then.summary, &now.summary];
    let themes = themes(waves);
    let sources: Vec<SourcePair> = (now.summary.sources.iter())
        .filter_map(|b| Some(([partner(b, &then.summary)?, b], waves)))
        .map(|(pair, waves)| source(pair, waves, &themes, names))
        .collect();
    if sources.is_empty() {
        let name = |wave: &Wave| wave.path.display().to_string();
        let all = |wave: &Wave| wave.summary.sources.iter().map(words::called).collect();
        let (first, second) = (name(then), name(now));
        return Err(Error::NothingShared { first, second, then: all(then), now: all(now) });
    }
    let view = |wave: &Wave, name: &str| WaveView {
        name: name.to_owned(),
        title: wave.summary.title.clone(),
        notice: wave.summary.notice.clone(),
        validated: wave.summary.validated,
        program: wave.summary.methods.program.clone(),
        codebook: wave.summary.methods.codebook.clone(),
        engine: wave.summary.methods.engine.clone(),
    };
    Ok(Comparison {
        program: format!("canvass {}", env!("CARGO_PKG_VERSION")),
        waves: [view(then, names[0]), view(now, names[1])],
        warnings: differ::warnings([then, now], names),
        codebook: differ::codebooks([then, now], &themes, names),
        alone: differ::alone(waves, names),
        notes: words::notes(&sources),
        sources,
    })
}

/// The source of a wave that is the same as this one.
pub(super) fn partner<'a>(source: &Source, wave: &'a Summary) -> Option<&'a Source> {
    let key = |s: &Source| (s.name.clone(), s.kind.clone(), s.perspective.clone(), s.shares);
    wave.sources.iter().find(|s| key(s) == key(source))
}

/// The themes of both codebooks: the later one's in its order, then those that it lacks.
fn themes<'a>([then, now]: Both<'a, Summary>) -> Vec<Joint<'a>> {
    let area = |of: &'a Summary, at: usize| {
        let parent = of.themes[at].parent?;
        Some(of.themes[parent].label.as_str())
    };
    let id = |of: &'a Summary, at: usize| Some(of.themes[of.themes[at].parent?].id.as_str());
    let of_now = now.themes.iter().enumerate().map(|(at, theme)| {
        let before = then.themes.iter().position(|t| t.id == theme.id);
        let redefined = before.is_some_and(|was| {
            let old = &then.themes[was];
            (&old.label, &old.definition, id(then, was))
                != (&theme.label, &theme.definition, id(now, at))
        });
        Joint { at: [before, Some(at)], theme, area: area(now, at), redefined }
    });
    let lacking = then.themes.iter().enumerate().filter_map(|(at, theme)| {
        let stays = now.themes.iter().any(|t| t.id == theme.id);
        let joint = Joint { at: [Some(at), None], theme, area: area(then, at), redefined: false };
        (!stays).then_some(joint)
    });
    of_now.chain(lacking).collect()
}

fn source(
    pair: Both<'_, Source>,
    waves: Both<'_, Summary>,
    themes: &[Joint<'_>],
    names: [&str; 2],
) -> SourcePair {
    let [then, now] = pair;
    let together = differ::asks_the_same(pair);
    let mut questions = Vec::new();
    for (at, b) in now.questions.iter().enumerate() {
        let is_all = |s: &Source, at: usize| at == 0 && s.questions.len() > 1;
        let a = match is_all(now, at) {
            true => then.questions.first().filter(|_| together && then.questions.len() > 1),
            false => same_question(then, now, at),
        };
        let Some(a) = a else { continue };
        let half = |of: &Source, q: &Question, wave: &Summary| Half::of(of, q, wave);
        let halves = [half(then, a, waves[0]), half(now, b, waves[1])];
        questions.extend(tables(&[(b.text.clone(), halves)], themes, now, names));
    }
    let groups = groups::columns(pair, waves, themes, names);
    SourcePair {
        name: now.name.clone(),
        kind: now.kind.clone(),
        kind_label: now.kind_label.clone(),
        perspective: now.perspective.clone(),
        unit: now.unit.clone(),
        file_unit: now.file_unit.clone(),
        shares: now.shares,
        base_sentence: words::bases(pair, names),
        notes: differ::of_source(pair, names),
        questions,
        groups,
    }
}

/// The earlier wave's question of the same wording: of several such, the one in the same place
/// among them.
pub(super) fn same_question<'a>(then: &'a Source, now: &Source, at: usize) -> Option<&'a Question> {
    let text = &now.questions[at].text;
    let asked = |s: &Source| usize::from(s.questions.len() > 1);
    let rank = now.questions[asked(now)..at].iter().filter(|q| q.text == *text).count();
    then.questions[asked(then)..].iter().filter(|q| q.text == *text).nth(rank)
}

/// A table of one wave: its bases, and each theme's figures in the order of its own codebook.
pub(super) struct Half {
    pub(super) base: Shown,
    pub(super) file_base: u64,
    pub(super) sides: Vec<Side>,
}

impl Half {
    /// A question's table.
    fn of(source: &Source, question: &Question, wave: &Summary) -> Self {
        let rows: BTreeMap<usize, &ThemeRow> =
            question.rows.iter().map(|row| (row.theme, row)).collect();
        let side = |at: usize| match rows.get(&at) {
            Some(row) => {
                let found = row.corrected.is_some() || row.with_copies.is_some();
                Side::of((row.participants, row.files), row.share, row.corrected, found)
            }
            None => absent(source, question, &wave.themes[at].label, question.base),
        };
        let sides = (0..wave.themes.len()).map(side).collect();
        Self { base: question.base, file_base: question.file_base, sides }
    }
}

/// A theme without a row: nobody raised it where the report says so, else nothing is known.
pub(super) fn absent(source: &Source, question: &Question, label: &str, base: Shown) -> Side {
    let known = question.unraised.iter().any(|l| l == label);
    let Some(n) = base.number().filter(|_| known && question.base.is_open()) else {
        let (people, files, share) = (Shown::Withheld, None, None);
        return Side { people, files, share, corrected: None, nobody: false };
    };
    let interval = wilson(0, n).filter(|_| source.shares);
    Side {
        people: Shown::Exactly(0),
        files: Some(0),
        share: interval.map(|(low, high)| ShareView { value: 0.0, low, high }),
        corrected: None,
        nobody: true,
    }
}

impl Side {
    /// A theme as a report has it: people and files, its shares, and whether it was found although
    /// the program counts nobody. Beside a protected count no share stands, whatever the file says.
    pub(super) fn of(
        (people, files): (Shown, Option<u64>),
        share: Option<ShareView>,
        corrected: Option<CorrectedView>,
        found: bool,
    ) -> Self {
        let corrected = match corrected {
            Some(CorrectedView::Share { share, .. }) => Some(share),
            Some(CorrectedView::TooFew) | None => None,
        };
        let open = people.is_open();
        Self {
            people,
            files,
            share: share.filter(|_| open),
            corrected: corrected.filter(|_| open),
            nobody: people == Shown::Exactly(0) && !found,
        }
    }
}

/// Tables whose differences are tested together.
pub(super) fn tables(
    named: &[(String, [Half; 2])],
    themes: &[Joint<'_>],
    source: &Source,
    names: [&str; 2],
) -> Vec<TablePair> {
    let mut unraised = vec![0; named.len()];
    let mut judged: Vec<(Vec<Row>, Setting<'_>)> = Vec::new();
    for ((_, halves), unraised) in named.iter().zip(&mut unraised) {
        let set = setting(halves, source, names);
        let rows = themes.iter().filter_map(|joint| {
            let of = |wave: usize| Some(halves[wave].sides[joint.at[wave]?].clone());
            let row = draft(joint, [of(0), of(1)], set);
            *unraised += u64::from(row.is_none());
            row
        });
        judged.push((rows.collect(), set));
    }
    let tested = judge(&mut judged);
    let mut tables = Vec::new();
    for (((rows, _), (name, [then, now])), unraised) in judged.into_iter().zip(named).zip(unraised)
    {
        let (base, file_base) = ([then.base, now.base], [then.file_base, now.file_base]);
        tables.push(TablePair {
            name: name.clone(),
            base,
            file_base,
            findings: words::findings(&rows, source, (base, file_base)),
            remainder: words::remainder(&rows, source.shares),
            rows,
            unraised,
            tested,
        });
    }
    tables
}

fn setting<'a>(halves: &[Half; 2], source: &Source, names: [&'a str; 2]) -> Setting<'a> {
    Setting { names, shares: source.shares, base: [halves[0].base, halves[1].base] }
}
