//! Which pairs are told in tables that can be checked by hand, and what all small ones tell.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::aggregate::{Scope, SourceSummary, ThemeCount};
use crate::disclosure::secondary::suppress;
use crate::ingest::Kind;

fn rule(min: u64) -> Rule {
    Rule { min, suppression: Suppression::Full }
}

fn scope(base: u64, counts: &[u64]) -> Scope {
    let theme = |&n: &u64| ThemeCount { participants: n, with_copies: n, ..ThemeCount::default() };
    let coded = *counts.iter().max().unwrap_or(&0);
    let themes = counts.iter().map(theme).collect();
    Scope { base, coded, base_with_copies: base, files: 1, copies: 0, themes }
}

/// A source of one question and one column of groups.
fn source(whole: (u64, &[u64]), groups: &[(u64, &[u64])], pairs: Vec<PairCount>) -> SourceSummary {
    let value =
        |(at, &(base, counts)): (usize, &(u64, &[u64]))| (format!("V{at}"), scope(base, counts));
    SourceSummary {
        weighted: None,
        together: aggregate::Together { pairs },
        kind: Kind::Survey,
        files: 1,
        overall: scope(whole.0, whole.1),
        questions: Vec::new(),
        groups: vec![groups.iter().enumerate().map(value).collect()],
        quotes: Vec::new(),
    }
}

fn pair(a: usize, b: usize, both: u64, groups: &[u64]) -> PairCount {
    PairCount { areas: (a, b), both, questions: Vec::new(), groups: vec![groups.to_vec()] }
}

fn told(source: &SourceSummary, parents: &[Option<usize>]) -> Vec<(usize, usize)> {
    let tables = Tables::of(rule(11), source);
    let (shown, coded_is_safe) = suppress(rule(11), &tables, parents);
    let decided = Decided { rule: rule(11), tables: &tables, shown: &shown, parents };
    let told = together(decided, &source.together, coded_is_safe).told;
    told.into_iter().map(|p| p.areas).collect()
}

#[test]
fn a_strong_tie_of_enough_people_is_told() {
    let all: &[u64] = &[93, 120];
    assert_eq!(told(&source((300, all), &[], vec![pair(0, 1, 60, &[])]), &[None; 2]), [(0, 1)]);
    // By chance 37 would have raised both.
    assert_eq!(told(&source((300, all), &[], vec![pair(0, 1, 40, &[])]), &[None; 2]), []);
    // Ten who raised both are a small count; so are those who raised the first alone.
    assert_eq!(told(&source((300, all), &[], vec![pair(0, 1, 10, &[])]), &[None; 2]), []);
    assert_eq!(told(&source((300, all), &[], vec![pair(0, 1, 83, &[])]), &[None; 2]), []);
}

#[test]
fn a_tie_that_would_tell_a_protected_group_is_not_told() {
    // Of the third group three raised the first area, which is protected with the second group's
    // count. All of the first and third group raised the second area and nobody of the second did:
    // so 51 who raised both would be the 48 of the first group and three more.
    let groups: [(u64, &[u64]); 3] = [(60, &[48, 60]), (60, &[12, 0]), (60, &[3, 60])];
    let tells = source((180, &[63, 120]), &groups, vec![pair(0, 1, 51, &[48, 0, 3])]);
    assert!(chance(180, [63, 120], 51, 1) < 0.05);
    assert_eq!(told(&tells, &[None; 2]), []);
    // The same where people of every group raised the second area, and others did not.
    let groups: [(u64, &[u64]); 3] = [(60, &[48, 20]), (60, &[12, 35]), (60, &[3, 25])];
    let spread = source((180, &[63, 80]), &groups, vec![pair(0, 1, 18, &[12, 5, 1])]);
    assert_eq!(told(&spread, &[None; 2]), [(0, 1)]);
}

#[test]
fn ties_make_no_circle_and_meet_in_one_area() {
    let all: &[u64] = &[150; 4];
    let of = |a, b, both| pair(a, b, both, &[]);
    let pairs = vec![of(0, 1, 125), of(0, 2, 115), of(1, 2, 110), of(2, 3, 112), of(0, 3, 114)];
    // 0–1, then 0–2 and 0–3; 2–3 and 1–2 would close a circle.
    let found = told(&source((300, all), &[], pairs), &[None; 4]);
    assert_eq!(found, [(0, 1), (0, 2), (0, 3)]);
    let path = vec![of(0, 1, 125), of(1, 2, 120), of(2, 3, 112)];
    assert_eq!(told(&source((300, all), &[], path), &[None; 4]), [(0, 1), (1, 2)]);
}

#[test]
fn two_strong_ties_leave_open_what_their_ends_share() {
    let all: &[u64] = &[150; 3];
    // Of 150 each, 139 raised the first and the second, and 139 the first and the third: from 128
    // to 150 raised the second and the third.
    let pairs = vec![pair(0, 1, 139, &[]), pair(0, 2, 139, &[])];
    assert_eq!(told(&source((300, all), &[], pairs), &[None; 3]), [(0, 1), (0, 2)]);
}

#[test]
fn a_theme_that_nearly_fills_its_area_is_held_to_the_same() {
    // Three of the first area did not raise its theme: of 12 with both areas, at least nine did.
    let all: &[u64] = &[93, 120, 90];
    let source = source((300, all), &[], vec![pair(0, 1, 12, &[])]);
    assert_eq!(told(&source, &[None, None, Some(0)]), []);
    assert_eq!(told(&source, &[None, None, None]), [(0, 1)]);
}

/// Who knows the rule and tries all numbers of three areas that would print the same.
#[test]
fn nobody_who_knows_the_rule_can_tell_a_small_part_of_a_third_pair() {
    const LIMITS: Limits = Limits { least: 4, min: 4, chance: 2.0 };
    const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];
    let (mut prints, mut stars) = (0, 0);
    for base in [16, 18, 21, 23] {
        for margins in margins(base, LIMITS.min) {
            let mut by_print: BTreeMap<Vec<Tie>, [BTreeSet<u64>; 3]> = BTreeMap::new();
            for both in boths(base, margins) {
                let pairs = PAIRS.iter().zip(both).map(|(&(a, b), n)| pair(a, b, n, &[])).collect();
                let source = source((base, &margins), &[], pairs);
                let tables = Tables::of(rule(LIMITS.min), &source);
                let shown = vec![margins.map(Shown::Exactly).to_vec()];
                let (rule, parents) = (rule(LIMITS.min), &[None; 3]);
                let decided = Decided { rule, tables: &tables, shown: &shown, parents };
                let choice = Choice { decided, limits: LIMITS };
                let told = choice.told(&[0, 1, 2], &source.together, 3);
                let values = by_print.entry(told).or_default();
                values.iter_mut().zip(both).for_each(|(of, n)| {
                    of.insert(n);
                });
            }
            for (told, values) in by_print {
                prints += 1;
                stars += usize::from(told.len() == 2);
                for (&(a, b), values) in PAIRS.iter().zip(values) {
                    if told.iter().any(|t| t.areas == (a, b)) {
                        continue;
                    }
                    let of = Margins { base, first: margins[a], second: margins[b] };
                    let small =
                        |n: &u64| of.parts(*n).unwrap().into_iter().any(|n| LIMITS.is_small(n));
                    let narrow = values.iter().any(small) && !LIMITS.are_many(values.len() as u64);
                    assert!(!narrow, "{base} {margins:?} {told:?}: {a} {b} {values:?}");
                }
            }
        }
    }
    assert!(prints > 3_000 && stars > 800, "{prints} prints, {stars} stars");
}

/// Counts of three areas, ascending, that are open of such a base.
fn margins(base: u64, min: u64) -> Vec<[u64; 3]> {
    let open = || min..=base - min;
    let of = |a| open().filter(move |b| *b >= a).map(move |b| (a, b));
    let pairs = open().flat_map(of);
    pairs.flat_map(|(a, b)| open().filter(move |c| *c >= b).map(move |c| [a, b, c])).collect()
}

/// Numbers of people who raised two of three areas, as far as any number for all three agrees.
fn boths(base: u64, [a, b, c]: [u64; 3]) -> Vec<[u64; 3]> {
    let range = |first, second| Margins { base, first, second }.range();
    let [ab, ac, bc] = [range(a, b), range(a, c), range(b, c)].map(|(low, high)| low..=high);
    let agrees = |[x, y, z]: &[u64; 3]| {
        let low =
            [x + y, x + z, y + z].into_iter().zip([a, b, c]).map(|(two, n)| two.saturating_sub(n));
        let none = (base + x + y + z).checked_sub(a + b + c);
        let high = none.map(|none| none.min(*x).min(*y).min(*z));
        high.is_some_and(|high| low.max().unwrap_or(0) <= high)
    };
    let all = ab.flat_map(|x| ac.clone().map(move |y| (x, y)));
    let all = all.flat_map(|(x, y)| bc.clone().map(move |z| [x, y, z]));
    all.filter(agrees).collect()
}
