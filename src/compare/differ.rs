//! What differs between two waves beside what people said: how they were coded, by which codebook,
//! who was asked what.
//!
//! In: two waves. Out: sentences. Must not know: numbers of themes, formats.

use std::collections::BTreeSet;

use super::groups::shifts;
use super::pair::{Both, partner, same_question};
use super::read::{Group, Question, Source, Summary, Wave};
use super::row::Joint;
use super::words::{called, capital};
use crate::report::view::CorrectedView;
use crate::report::words::thousands;

/// How the waves were made, where that differs: then a change can be the machine's.
pub(super) fn warnings([then, now]: [&Wave; 2], names: [&str; 2]) -> Vec<String> {
    let mut said = Vec::new();
    if then.sha256 == now.sha256 {
        said.push("Both waves hold the same summary, byte for byte: is one a copy?".to_owned());
    }
    for (wave, name) in [then, now].into_iter().zip(names) {
        if !wave.is_as_written() {
            said.push(format!(
                "{}: summary.json is not the one that its manifest.json lists, so it was changed \
                 after the run.",
                capital(name)
            ));
        }
        if wave.made.is_none() {
            said.push(format!(
                "{}: no manifest.json lies beside summary.json, so not everything is known of how \
                 it was coded.",
                capital(name)
            ));
        }
    }
    said.extend(machine([then, now], names));
    said.extend(strangers(then, now));
    said
}

/// That two codebooks have little in common.
fn strangers(then: &Wave, now: &Wave) -> Option<String> {
    let [a, b] = [then, now].map(|w| w.summary.themes.iter().map(|t| t.id.as_str()));
    let a: BTreeSet<&str> = a.collect();
    let (shared, of) = (b.clone().filter(|id| a.contains(id)).count(), [a.len(), b.len()]);
    (shared * 2 < of[0].min(of[1])).then(|| {
        format!(
            "The codebooks have {shared} themes in common, of {} and {}, so most cannot be compared: \
             are these two waves of one study?",
            of[0], of[1]
        )
    })
}

fn machine([then, now]: [&Wave; 2], names: [&str; 2]) -> Vec<String> {
    let mut said = Vec::new();
    let [a, b] = [then, now].map(|wave| &wave.summary.methods);
    let differing = |what: &str, was: &str, is: &str| {
        format!("{what}: {} {was}; {} {is}. A change can be the machine’s.", names[0], names[1])
    };
    let made = then.made.as_ref().zip(now.made.as_ref());
    let same_model = made.is_some_and(|(a, b)| a.model == b.model);
    if a.engine != b.engine {
        said.push(match same_model {
            true => format!(
                "The same model coded both, but on machines that compute different last digits \
                 ({}; {}): answers near a limit can fall to another side.",
                a.engine, b.engine
            ),
            false => differing("The two were coded by different models", &a.engine, &b.engine),
        });
    }
    if let Some((a, b)) = made {
        if a.trained != b.trained {
            let of = |hash: &Option<String>| match hash {
                Some(hash) => format!("{}…", hash.chars().take(12).collect::<String>()),
                None => "none".to_owned(),
            };
            said.push(differing(
                "The models that were trained on coded answers differ",
                &of(&a.trained),
                &of(&b.trained),
            ));
        }
        if a.trained.is_none() && b.trained.is_none() && a.threshold != b.threshold {
            said.push(differing(
                "The limits above which a theme is coded differ",
                &a.threshold,
                &b.threshold,
            ));
        }
    } else if a.classifier != b.classifier {
        said.push(
            "The two were coded in different ways, as their methods say. A change can be the \
             machine’s."
                .to_owned(),
        );
    }
    if a.program != b.program {
        said.push(differing("Two versions of the program coded them", &a.program, &b.program));
    }
    let [was, is] = [then, now].map(|wave| wave.summary.validated);
    if was != is {
        let checked = if was { names[0] } else { names[1] };
        said.push(format!(
            "People’s codes checked one wave alone ({checked}), so no corrected shares can be \
             compared: verdicts rest on the program’s counts."
        ));
    }
    said
}

/// How the codebooks differ.
pub(super) fn codebooks(
    [then, now]: [&Wave; 2],
    themes: &[Joint<'_>],
    names: [&str; 2],
) -> Vec<String> {
    let mut said = Vec::new();
    for (wave, other) in [(0, 1), (1, 0)] {
        let alone = themes.iter().filter(|joint| joint.at[other].is_none());
        let labels: Vec<&str> = alone.map(|joint| joint.theme.label.as_str()).collect();
        if !labels.is_empty() {
            said.push(format!(
                "In the codebook of one wave alone ({}), so the other did not look for it: {}.",
                names[wave],
                labels.join("; ")
            ));
        }
    }
    for joint in themes.iter().filter(|joint| joint.redefined) {
        let [Some(was), Some(is)] = joint.at else { continue };
        let (was, is) = (&then.summary.themes[was], &now.summary.themes[is]);
        let mut what = Vec::new();
        if was.label != is.label {
            what.push(format!("the label was “{}”", was.label));
        }
        if was.definition != is.definition {
            what.push("the definition is another".to_owned());
        }
        if what.is_empty() {
            what.push("it stands in another area".to_owned());
        }
        said.push(format!("{}: {}. A change can come from that.", is.label, what.join(", ")));
    }
    let made = then.made.as_ref().zip(now.made.as_ref());
    if said.is_empty() && made.is_some_and(|(a, b)| a.codebook != b.codebook) {
        said.push(
            "The two codebooks differ, though their themes, labels and definitions are the same: \
             notes or examples may have changed, and these decide codes too."
                .to_owned(),
        );
    }
    said
}

/// What stands in one wave alone.
pub(super) fn alone(waves: Both<'_, Summary>, names: [&str; 2]) -> Vec<String> {
    let mut said = Vec::new();
    for (wave, other) in [(0, 1), (1, 0)] {
        let name = capital(names[wave]);
        for source in &waves[wave].sources {
            let Some(twin) = partner(source, waves[other]) else {
                let namesake = waves[other].sources.iter().find(|s| s.name == source.name);
                let otherwise = namesake.map_or(String::new(), |s| {
                    format!("; {} it is {}, which is not compared", names[other], called(s))
                });
                said.push(format!("{name} only: the source {}{otherwise}.", called(source)));
                continue;
            };
            said.extend(
                questions(source, twin)
                    .map(|q| format!("{name} only: the question “{}” of {}.", q.text, source.name)),
            );
            for group in &source.groups {
                said.extend(of_group(group, twin, &name, &source.name));
            }
        }
    }
    said
}

/// Questions of a source that its twin lacks.
fn questions<'a>(source: &'a Source, twin: &'a Source) -> impl Iterator<Item = &'a Question> {
    let first = usize::from(source.questions.len() > 1);
    let lacks = move |at: &usize| same_question(twin, source, *at).is_none();
    (first..source.questions.len()).filter(lacks).map(|at| &source.questions[at])
}

/// Whether both waves asked the same questions, in whatever order.
pub(super) fn asks_the_same([then, now]: Both<'_, Source>) -> bool {
    questions(then, now).next().is_none() && questions(now, then).next().is_none()
}

fn of_group(group: &Group, twin: &Source, name: &str, source: &str) -> Option<String> {
    let Some(other) = twin.groups.iter().find(|g| g.column == group.column) else {
        return Some(format!("{name} only: the groups by {} of {source}.", group.column));
    };
    let lacks = |value: &&str| !other.values.iter().any(|(v, _)| v == value);
    let values: Vec<&str> = group.values.iter().map(|(v, _)| v.as_str()).filter(lacks).collect();
    (!values.is_empty()).then(|| {
        format!(
            "{name} only: {} {} of {source}; the other report does not show {}, or has not got {}.",
            group.column,
            values.join(", "),
            if values.len() == 1 { "it" } else { "them" },
            if values.len() == 1 { "it" } else { "them" },
        )
    })
}

/// What differs in one source.
pub(super) fn of_source(pair: Both<'_, Source>, names: [&str; 2]) -> Vec<String> {
    let [then, now] = pair;
    let mut said = Vec::new();
    let several = pair.iter().any(|source| source.questions.len() > 1);
    if several && !asks_the_same(pair) {
        said.push(
            "The waves did not ask the same questions, so only questions that both asked are \
             compared, and not all together."
                .to_owned(),
        );
    }
    said.extend(shifts(pair, names));
    if then.min_cell != now.min_cell {
        let [was, is] = pair.map(|source| thousands(u64::from(source.min_cell)));
        said.push(format!(
            "The smallest count of people that is shown differs: {} {was}, {} {is}.",
            names[0], names[1]
        ));
    }
    let rows = |of: &Source| of.questions.iter().flat_map(|q| &q.rows).count();
    let any = |of: &Source, has: fn(&super::read::ThemeRow) -> bool| {
        of.questions.iter().flat_map(|q| &q.rows).any(has)
    };
    let weighted = |of: &Source| any(of, |row| row.weighted.is_some());
    if pair.iter().all(|source| weighted(source)) {
        said.push(
            "Both reports give shares by survey weights. They are given in whole points there, too \
             coarse to be subtracted: differences here are of unweighted shares."
                .to_owned(),
        );
    }
    let corrected =
        |of: &Source| any(of, |row| matches!(row.corrected, Some(CorrectedView::Share { .. })));
    let [was, is] = pair.map(corrected);
    if was != is && rows(then) > 0 && rows(now) > 0 {
        said.push(format!(
            "Shares are corrected for the program’s errors in one wave alone ({}), so corrected \
             shares cannot be compared here.",
            if was { names[0] } else { names[1] }
        ));
    }
    said
}
