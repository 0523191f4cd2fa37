//! Answers to learn from: those of which the program is least sure, of as many themes as can be.
//!
//! In: people, the program's codes, the gold sample. Out: whom to code. Nobody of the gold sample
//! is among them, and nobody who wrote the same words. Nothing is drawn by chance here, so the
//! answers say nothing about shares. Must not know: files.

use std::collections::{BTreeMap, BTreeSet};

use super::Coded;
use super::population::Person;
use crate::classify::Verdict;
use crate::gold::{Design, Stratum};

/// One list of places, as [`super::by_chance`] gives it; the only stratum is everybody chosen.
pub(super) fn choose(
    n: usize,
    people: &[Person],
    gold: &Design,
    coded: &Coded<'_>,
) -> (Vec<Stratum>, Vec<(usize, usize)>) {
    let drawn = gold.responses();
    let id = |i: usize| coded.corpus.responses[i].id.as_str();
    let text = |i: usize| coded.corpus.responses[i].text.as_str();
    let in_gold = |p: &Person| p.responses.iter().any(|&r| drawn.contains(id(r)));
    let gold_words: BTreeSet<&str> =
        people.iter().filter(|p| in_gold(p)).flat_map(|p| &p.responses).map(|&r| text(r)).collect();
    let free =
        |p: &Person| !in_gold(p) && !p.responses.iter().any(|&r| gold_words.contains(text(r)));
    // By the themes found, the least sure first; one of each in turn.
    let mut queues: BTreeMap<&[usize], Vec<(f64, usize)>> = BTreeMap::new();
    for (place, person) in people.iter().enumerate().filter(|(_, p)| free(p)) {
        queues.entry(&person.themes).or_default().push((sureness(person, coded), place));
    }
    for queue in queues.values_mut() {
        queue.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    }
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    while chosen.len() < n && queues.values().any(|q| !q.is_empty()) {
        let mut round: Vec<(f64, usize)> = queues.values_mut().filter_map(Vec::pop).collect();
        round.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        chosen.extend(round.into_iter().take(n - chosen.len()).map(|(_, place)| (place, 0)));
    }
    let size = chosen.len().max(1);
    let stratum =
        Stratum { source: "all".into(), theme: "chosen to learn from".into(), size, drawn: size };
    (vec![stratum], chosen)
}

/// How sure the program is of a person's answers: 0 where it abstained, else the lowest score.
fn sureness(person: &Person, coded: &Coded<'_>) -> f64 {
    let of = |&r: &usize| match &coded.verdicts[r] {
        Verdict::Undecided => 0.0,
        Verdict::Coded(codings) => codings.iter().map(|c| f64::from(c.score)).fold(1.0, f64::min),
        Verdict::NoTheme | Verdict::Aside => 0.5,
    };
    person.responses.iter().map(of).fold(1.0, f64::min)
}
