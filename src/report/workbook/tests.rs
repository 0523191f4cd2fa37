//! Tests of the workbook, read back as a program would read it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::{CELL, cell, render};
use crate::report::html::fixture;
use crate::report::view::{QuoteView, Shown, View};

/// The parts of the package by name.
fn parts(view: &View) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(render(view).unwrap())).unwrap();
    let mut all = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        all.insert(part.name().unwrap().to_string(), text);
    }
    all
}

/// The strings of the workbook, as they stand in cells.
fn strings(view: &View) -> String {
    parts(view).remove("xl/sharedStrings.xml").unwrap()
}

#[test]
fn equal_views_give_equal_bytes() {
    let first = render(&fixture::view()).unwrap();
    for _ in 0..2 {
        assert!(render(&fixture::view()).unwrap() == first);
    }
}

#[test]
fn text_that_looks_like_a_formula_or_a_link_stays_text() {
    let mut view = fixture::view();
    let hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "<b>&\u{202e}x"];
    for (i, text) in hostile.iter().enumerate() {
        view.themes[i].label = (*text).to_owned();
        view.themes[i].definition = (*text).to_owned();
        view.sources[i % 6].name = (*text).to_owned();
        view.sources[1].questions[0].rows[i].quotes =
            vec![QuoteView { id: "r#1".into(), text: (*text).to_owned() }];
    }
    view.title = "=HYPERLINK(1)".into();
    let parts = parts(&view);
    for (name, text) in &parts {
        assert!(!text.contains("<f>"), "{name} holds a formula");
        assert!(!text.contains("TargetMode=\"External\""), "{name} links to somewhere else");
        assert!(!text.contains('\u{202e}'), "{name} holds a control");
    }
    let strings = &parts["xl/sharedStrings.xml"];
    for text in ["=1+1", "@SUM(A1)", "http://example.org", "&lt;b&gt;&amp;x"] {
        assert!(strings.contains(&format!(">{text}</t>")), "{text}");
    }
}

#[test]
fn a_protected_count_shows_no_number() {
    let mut view = fixture::view();
    let marked = 987_654_321;
    view.sources[1].questions[0].rows[0].participants = Shown::Exactly(marked);
    let sheets = |view: &View| {
        let all = parts(view).into_iter().filter(|(n, _)| n.starts_with("xl/worksheets/"));
        all.map(|(_, text)| text).collect::<String>()
    };
    assert!(sheets(&view).contains(&format!("<v>{marked}</v>")));
    view.sources[1].questions[0].rows[0].participants = Shown::FewerThan(11);
    view.sources[1].questions[0].rows[0].share = None;
    assert!(!sheets(&view).contains(&marked.to_string()));
    assert!(strings(&view).contains(">fewer than 11<"));
}

#[test]
fn every_sheet_says_that_nobody_checked_the_codes() {
    let mut view = fixture::view();
    let note = super::grid::UNCHECKED;
    let unchecked = parts(&view);
    let sheets = unchecked.keys().filter(|n| n.starts_with("xl/worksheets/sheet")).count();
    assert!(sheets >= 9);
    let foot = |text: &str| text.contains("Not yet checked by people");
    let marked = unchecked.iter().filter(|(n, t)| n.starts_with("xl/worksheets/sheet") && foot(t));
    assert_eq!(marked.count(), sheets);
    assert!(unchecked["xl/sharedStrings.xml"].contains(note));
    view.validated = true;
    assert!(parts(&view).values().all(|text| !foot(text)));
}

#[test]
fn charts_have_intervals_and_words_for_those_who_do_not_see_them() {
    let view = fixture::view();
    let parts = parts(&view);
    let charts: Vec<&String> =
        parts.iter().filter(|(n, _)| n.starts_with("xl/charts/")).map(|(_, t)| t).collect();
    assert_eq!(charts.len(), view.sources.len());
    let shares = view.sources.iter().filter(|s| s.shares).count();
    assert_eq!(charts.iter().filter(|t| t.contains("<c:errBars>")).count(), shares);
    let drawing = parts.iter().find(|(n, _)| n.starts_with("xl/drawings/drawing")).unwrap().1;
    assert_eq!(drawing.matches("descr=\"Bar chart.").count(), charts.len());
}

#[test]
fn shares_are_numbers_and_not_words() {
    let mut view = fixture::view();
    view.sources[1].questions[0].rows[0].share.as_mut().unwrap().value = 0.123_456_5;
    let parts = parts(&view);
    let found = parts.iter().filter(|(n, _)| n.starts_with("xl/worksheets/"));
    assert!(found.into_iter().any(|(_, t)| t.contains("<v>0.1234565</v>")));
}

#[test]
fn a_cell_is_never_longer_than_excel_allows() {
    let long = "𝄞".repeat(CELL);
    let short = cell(&long);
    assert!(short.encode_utf16().count() <= CELL && short.ends_with('…'));
    let mut view = fixture::view();
    view.themes[0].definition = long.clone();
    view.title = long;
    assert!(!render(&view).unwrap().is_empty());
}

#[test]
fn an_empty_study_still_gives_a_workbook() {
    let mut view = fixture::view();
    view.sources.clear();
    view.themes.clear();
    view.plans.clear();
    view.matrix.columns.clear();
    view.matrix.rows.clear();
    view.account.rows.clear();
    assert!(!render(&view).unwrap().is_empty());
}
