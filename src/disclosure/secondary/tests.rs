//! What is protected in tables that can be checked by hand.

use super::*;
use crate::aggregate::{Scope, SourceSummary, ThemeCount};
use crate::disclosure::Suppression;
use crate::ingest::Kind;

const RULE: Rule = Rule { min: 11, suppression: Suppression::Full };

fn scope(base: u64, counts: &[u64]) -> Scope {
    let theme = |&n: &u64| ThemeCount {
        participants: n,
        with_copies: n,
        files: 1,
        responses: n,
        stances: [0; 5],
    };
    let coded = *counts.iter().max().unwrap_or(&0);
    let themes = counts.iter().map(theme).collect();
    Scope { base, coded, base_with_copies: base, files: 1, copies: 0, themes }
}

/// The whole, the questions, one column of groups.
fn decide(
    whole: (u64, &[u64]),
    questions: &[(u64, &[u64])],
    groups: &[(u64, &[u64])],
    parents: &[Option<usize>],
) -> (Tables, Vec<Vec<Shown>>) {
    let of = |(base, counts): (u64, &[u64])| scope(base, counts);
    let value = |(at, &group): (usize, &(u64, &[u64]))| (format!("V{at}"), of(group));
    let source = SourceSummary {
        weighted: None,
        together: crate::aggregate::Together::default(),
        kind: Kind::Survey,
        files: 1,
        overall: of(whole),
        questions: questions.iter().map(|&q| of(q)).collect(),
        groups: vec![groups.iter().enumerate().map(value).collect()],
        quotes: Vec::new(),
    };
    let tables = Tables::of(RULE, &source);
    let (cells, _) = suppress(RULE, &tables, parents);
    (tables, cells)
}

fn column(cells: &[Vec<Shown>], theme: usize) -> Vec<Shown> {
    cells.iter().map(|table| table[theme]).collect()
}

use Shown::{Exactly, FewerThan, Withheld};

#[test]
fn a_small_cell_takes_the_next_smallest_of_its_row_with_it() {
    let groups: [(u64, &[u64]); 4] = [(60, &[4]), (70, &[30]), (50, &[18]), (40, &[0])];
    let (_, cells) = decide((220, &[52]), &[], &groups, &[None]);
    assert_eq!(column(&cells, 0), [Exactly(52), Withheld, Exactly(30), Withheld, Exactly(0)]);
}

#[test]
fn two_small_cells_whose_sum_would_tell_them_take_a_third() {
    // 10 + 10 = 20: with "fewer than 11" on both, each is 10.
    let groups: [(u64, &[u64]); 3] = [(60, &[10]), (70, &[10]), (50, &[30])];
    let (_, cells) = decide((180, &[50]), &[], &groups, &[None]);
    assert_eq!(column(&cells, 0), [Exactly(50), Withheld, Withheld, Exactly(30)]);
    // 3 + 4 = 7 is a small number of people itself.
    let groups: [(u64, &[u64]); 3] = [(60, &[3]), (70, &[4]), (50, &[30])];
    let (_, cells) = decide((180, &[37]), &[], &groups, &[None]);
    assert_eq!(column(&cells, 0), [Exactly(37), Withheld, Withheld, Withheld]);
}

#[test]
fn all_but_a_few_is_as_protected_as_a_few() {
    let (_, cells) = decide((60, &[56, 49, 60, 5, 0]), &[], &[], &[None; 5]);
    assert_eq!(cells[0], [Withheld, Exactly(49), Exactly(60), FewerThan(11), Exactly(0)]);
}

#[test]
fn of_a_theme_that_few_raised_no_group_says_anything() {
    let groups: [(u64, &[u64]); 2] = [(60, &[5]), (70, &[0])];
    let (_, cells) = decide((130, &[5]), &[], &groups, &[None]);
    assert_eq!(column(&cells, 0), [FewerThan(11), Withheld, Withheld]);
}

#[test]
fn of_fewer_people_than_the_limit_nothing_is_told_not_even_what_nobody_raised() {
    let (tables, cells) = decide((9, &[9, 0, 4]), &[], &[], &[None; 3]);
    assert_eq!(tables.base(0), FewerThan(11));
    assert_eq!(cells[0], [FewerThan(11); 3]);
}

#[test]
fn what_several_questions_leave_for_one_is_protected_too() {
    // 40 raised it in all, 11 of them in question two: question one must have 29 of its 37.
    let questions: [(u64, &[u64]); 2] = [(37, &[30]), (60, &[11])];
    let (_, cells) = decide((80, &[40]), &questions, &[], &[None]);
    let (all, first, second) = (cells[0][0], cells[1][0], cells[2][0]);
    assert_eq!(first, Withheld);
    assert!(!all.is_open() || !second.is_open(), "{cells:?}");
}

#[test]
fn where_hardly_anybody_answered_twice_the_others_do_not_tell_of_a_question() {
    // One person of 100 answered both: 34 raised it, 33 in question two, so one or two in the first.
    let questions: [(u64, &[u64]); 2] = [(50, &[2]), (51, &[33])];
    let (_, cells) = decide((100, &[34]), &questions, &[], &[None]);
    let (all, first, second) = (cells[0][0], cells[1][0], cells[2][0]);
    assert!(!(first.is_open() || all.is_open() && second.is_open()), "{cells:?}");
}

#[test]
fn people_of_values_that_are_left_out_do_not_follow_from_those_that_are_shown() {
    let groups: [(u64, &[u64]); 3] = [(60, &[20]), (25, &[12]), (4, &[0])];
    let (tables, _) = decide((89, &[32]), &[], &groups, &[None]);
    assert_eq!(tables.kept, [[0]]);
    let blank: [(u64, &[u64]); 2] = [(60, &[20]), (25, &[12])];
    let (tables, _) = decide((89, &[32]), &[], &blank, &[None]);
    assert_eq!(tables.kept, [[0]], "four people have no value");
}

#[test]
fn an_area_does_not_limit_a_theme_of_it_to_what_it_holds() {
    // In the first group the area is shown with 12; the theme of 3 inside it must be able to be 12.
    let groups: [(u64, &[u64]); 3] = [(40, &[12, 3]), (40, &[20, 15]), (40, &[25, 20])];
    let (_, cells) = decide((120, &[57, 38]), &[], &groups, &[None, Some(0)]);
    assert_eq!(column(&cells, 0)[..], [Exactly(57), Exactly(12), Exactly(20), Exactly(25)]);
    assert_eq!(column(&cells, 1)[..], [Exactly(38), Withheld, Withheld, Exactly(20)]);
}

#[test]
fn equal_tables_are_protected_equally() {
    let groups: [(u64, &[u64]); 3] = [(40, &[9]), (40, &[15]), (40, &[15])];
    let once = decide((120, &[39]), &[], &groups, &[None]);
    assert_eq!(once, decide((120, &[39]), &[], &groups, &[None]));
    assert_eq!(column(&once.1, 0), [Exactly(39), Withheld, Withheld, Exactly(15)]);
}
