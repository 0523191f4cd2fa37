//! Who can be drawn, and in which strata.
//!
//! In: the corpus and the program's codes. Out: people in the corpus's order, strata.
//! Must not know: who is drawn.

use std::collections::BTreeMap;

use super::{Coded, Error};
use crate::classify::Verdict;
use crate::config::nearest;
use crate::gold::Stratum;
use crate::ingest::Kind;
use crate::prepare::Disposition;

/// One person with all answers that can be coded, or one turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) source: usize,
    pub(super) id: String,
    /// Places in the corpus, ascending.
    pub(super) responses: Vec<usize>,
    /// Themes that the program found, ascending.
    pub(super) themes: Vec<usize>,
}

/// Everybody who can be drawn, in the order of first appearance.
pub(super) fn population(names: &[String], coded: &Coded<'_>) -> Result<Vec<Person>, Error> {
    let specs = coded.specs;
    for name in names {
        if specs.iter().all(|s| s.name != *name) {
            let nearest = nearest(name, specs.iter().map(|s| s.name.as_str()));
            return Err(Error::NoSource { wanted: name.clone(), nearest });
        }
    }
    let by_people = |kind: Kind| matches!(kind, Kind::Survey | Kind::Comments);
    let wanted = |source: usize| match names {
        [] => by_people(specs[source].kind),
        names => names.contains(&specs[source].name),
    };
    let mut people: Vec<Person> = Vec::new();
    let mut known: BTreeMap<(usize, u32), usize> = BTreeMap::new();
    for (place, response) in coded.corpus.responses.iter().enumerate() {
        let source = usize::from(response.source);
        let (Some(participant), Disposition::Codable) =
            (response.participant, &response.disposition)
        else {
            continue;
        };
        if !wanted(source) {
            continue;
        }
        let fresh = people.len();
        let at = match by_people(specs[source].kind) {
            true => *known.entry((source, participant)).or_insert(fresh),
            false => fresh,
        };
        if at == fresh {
            let id = coded.corpus.participants[participant as usize].id.clone();
            people.push(Person { source, id, responses: Vec::new(), themes: Vec::new() });
        }
        people[at].responses.push(place);
        if let Verdict::Coded(codings) = &coded.verdicts[place] {
            people[at].themes.extend(codings.iter().map(|c| c.theme));
        }
    }
    for person in &mut people {
        person.themes.sort_unstable();
        person.themes.dedup();
    }
    match people.is_empty() {
        true => Err(Error::Nobody { named: !names.is_empty() }),
        false => Ok(people),
    }
}

/// Strata (drawn: 0) and their members, for a sample of `n`: of each source those without a theme,
/// those of each theme that is their rarest, those of the areas whose themes are too rare for a
/// stratum of their own, and whoever is left.
pub(super) fn stratify(
    people: &[Person],
    n: usize,
    coded: &Coded<'_>,
) -> (Vec<Stratum>, Vec<Vec<usize>>) {
    const SMALLEST: usize = 10;
    // As many as would send two into a sample in proportion.
    let smallest = (2 * people.len() / n.max(1)).max(SMALLEST);
    let themes = &coded.codebook.themes;
    let (mut strata, mut members) = (Vec::new(), Vec::new());
    for (source, spec) in coded.specs.iter().enumerate() {
        let (_, with) = super::themes_of(people, source, themes.len());
        let mut add = |theme: String, of: Vec<usize>| {
            if !of.is_empty() {
                strata.push(Stratum { source: spec.name.clone(), theme, size: of.len(), drawn: 0 });
                members.push(of);
            }
        };
        let (mut none, mut by_theme) = (Vec::new(), Groups::new());
        for (place, person) in people.iter().enumerate().filter(|(_, p)| p.source == source) {
            match person.themes.iter().copied().min_by_key(|&t| (with[t], t)) {
                Some(rarest) => by_theme.entry(rarest).or_default().push(place),
                None => none.push(place),
            }
        }
        let (large, small) = split(by_theme, smallest);
        let mut by_area = Groups::new();
        for (theme, of) in small {
            by_area.entry(themes[theme].parent.unwrap_or(theme)).or_default().extend(of);
        }
        let (areas, rest) = split(by_area, smallest);
        add("no theme".into(), none);
        large.into_iter().for_each(|(theme, of)| add(themes[theme].id.clone(), of));
        areas.into_iter().for_each(|(area, of)| add(format!("rare in {}", themes[area].id), of));
        add("rare themes".into(), rest.into_values().flatten().collect());
    }
    members.iter_mut().for_each(|of: &mut Vec<usize>| of.sort_unstable());
    (strata, members)
}

type Groups = BTreeMap<usize, Vec<usize>>;

/// Groups that are large enough, and the others.
fn split(groups: Groups, smallest: usize) -> (Groups, Groups) {
    groups.into_iter().partition(|(_, of)| of.len() >= smallest)
}
