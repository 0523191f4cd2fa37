//! Tests of the Word document, read back part by part.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use quick_xml::events::Event;

use super::render;
use crate::report::html::fixture;
use crate::report::view::{QuoteView, Shown, View};

/// The parts of the package by name.
fn parts(view: &View) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(render(view).unwrap())).unwrap();
    let mut all = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        all.insert(part.name().unwrap().to_string(), bytes);
    }
    all
}

fn text(view: &View, part: &str) -> String {
    String::from_utf8(parts(view).remove(part).unwrap()).unwrap()
}

fn document(view: &View) -> String {
    text(view, "word/document.xml")
}

/// What a reader of the document sees, a line a paragraph.
fn words(view: &View) -> String {
    let xml = document(view);
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut out, mut shown) = (String::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => shown = e.name().as_ref() == "w:t",
            Event::End(e) if e.name().as_ref() == "w:p" => out.push('\n'),
            Event::End(_) => shown = false,
            Event::Text(t) if shown => out.push_str(&t.xml10_content()),
            Event::GeneralRef(r) if shown => {
                let name: &str = &r;
                out.push_str(quick_xml::escape::resolve_predefined_entity(name).unwrap());
            }
            Event::Eof => return out,
            _ => {}
        }
    }
}

#[test]
fn equal_views_give_equal_bytes() {
    let first = render(&fixture::view()).unwrap();
    for _ in 0..2 {
        assert!(render(&fixture::view()).unwrap() == first);
    }
}

#[test]
fn every_part_is_well_formed_and_every_relation_has_its_target() {
    let parts = parts(&fixture::view());
    for (name, bytes) in parts.iter().filter(|(n, _)| !n.ends_with(".xlsx")) {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(e) => panic!("{name}: {e}"),
            }
        }
        let Some(folder) = name.strip_suffix(".rels") else { continue };
        let folder = folder.split("_rels/").next().unwrap();
        for target in text.split("Target=\"").skip(1).map(|t| t.split('"').next().unwrap()) {
            let path = match target.strip_prefix("../") {
                Some(up) => format!("word/{up}"),
                None => format!("{folder}{target}"),
            };
            assert!(parts.contains_key(&path), "{name} leads to {path}");
        }
    }
}

#[test]
fn the_contents_lead_to_every_chapter() {
    let view = fixture::view();
    let xml = document(&view);
    let anchors: BTreeSet<&str> =
        xml.split("w:anchor=\"").skip(1).map(|t| t.split('"').next().unwrap()).collect();
    assert_eq!(anchors.len(), view.sources.len() + 6);
    for anchor in anchors {
        assert!(xml.contains(&format!("w:name=\"{anchor}\"")), "{anchor}");
    }
    assert!(xml.contains(" TOC \\o "));
}

#[test]
fn bookmarks_drawings_and_their_numbers_stand_once() {
    let xml = document(&fixture::view());
    for mark in ["<w:bookmarkStart w:id=\"", "<wp:docPr id=\""] {
        let ids: Vec<&str> =
            xml.split(mark).skip(1).map(|t| t.split('"').next().unwrap()).collect();
        let once: BTreeSet<&&str> = ids.iter().collect();
        assert!(!ids.is_empty());
        assert_eq!(once.len(), ids.len(), "{mark}");
    }
}

#[test]
fn tables_repeat_their_header_and_have_words_for_those_who_do_not_see_them() {
    let xml = document(&fixture::view());
    let tables = xml.matches("<w:tbl>").count();
    assert!(tables > 10);
    for mark in ["<w:tblHeader/>", "<w:tblCaption ", "<w:tblDescription ", " SEQ Table "] {
        assert_eq!(xml.matches(mark).count(), tables, "{mark}");
    }
    let drawings = xml.matches("<wp:docPr ").count();
    assert_eq!(xml.matches("descr=\"Bar chart.").count(), drawings);
    assert_eq!(xml.matches(" SEQ Figure ").count(), drawings);
}

#[test]
fn each_chart_is_tied_to_a_workbook_of_its_own() {
    let view = fixture::view();
    let parts = parts(&view);
    let charts: Vec<&String> =
        parts.keys().filter(|n| n.starts_with("word/charts/chart")).collect();
    assert_eq!(charts.len(), view.sources.len());
    let graded = "<c:grouping val=\"stacked\"/>";
    let n_graded = charts.iter().filter(|n| String::from_utf8_lossy(&parts[**n]).contains(graded));
    assert_eq!(n_graded.count(), view.sources.iter().filter(|s| s.shares).count());
    for name in charts {
        let chart = std::str::from_utf8(&parts[name]).unwrap();
        assert!(chart.contains("<c:externalData r:id=\"rId1\">"), "{name}");
        assert!(!chart.contains("printSettings"), "{name}");
        let book = name.replace("charts/", "embeddings/").replace(".xml", ".xlsx");
        assert!(zip::ZipArchive::new(Cursor::new(&parts[&book])).is_ok(), "{book}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let mut view = fixture::view();
    let hostile = "</w:t><w:fldSimple w:instr=\"INCLUDETEXT x\"/> & \u{202e}\u{0}\u{1}so\nit\tgoes";
    view.title = hostile.into();
    view.notice = Some(hostile.into());
    view.themes[0].label = hostile.into();
    view.sources[1].name = hostile.into();
    view.sources[1].questions[1].text = hostile.into();
    view.sources[1].groups[0].values[0].0 = hostile.into();
    view.sources[1].questions[0].rows[0].quotes =
        vec![QuoteView { id: "r#1".into(), text: hostile.into() }];
    view.plans[0].tags[0].label = hostile.into();
    for (name, bytes) in parts(&view).iter().filter(|(n, _)| n.ends_with(".xml")) {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(!text.contains("<w:fldSimple w:instr=\"INCLUDETEXT"), "{name}");
        assert!(!text.contains(['\u{202e}', '\u{0}', '\u{1}']), "{name}");
    }
    assert!(document(&view).contains("&lt;/w:t&gt;&lt;w:fldSimple"));
}

#[test]
fn a_protected_count_shows_no_number_and_no_share() {
    let mut view = fixture::view();
    let question = &mut view.sources[1].questions[0];
    question.rows[0].participants = Shown::Exactly(987_654_321);
    assert!(words(&view).contains("987,654,321"));
    let row = &mut view.sources[1].questions[0].rows[0];
    row.participants = Shown::FewerThan(11);
    row.share = None;
    let words = words(&view);
    assert!(!words.contains("987,654,321"));
    assert!(words.contains("\nnot shown\nfewer than 11\n"));
}

#[test]
fn conversations_have_no_percentage_of_people() {
    let mut view = fixture::view();
    view.sources.retain(|s| !s.shares);
    view.sources.iter_mut().for_each(|s| s.groups.clear());
    view.matrix.rows.clear();
    view.plans.clear();
    let words = words(&view);
    assert!(!words.contains("\u{a0}%"));
    assert!(words.contains("of 15 groups\n"));
    assert!(words.contains("By, of 148 speakers"));
}

#[test]
fn every_page_of_an_unchecked_report_says_so() {
    let mut view = fixture::view();
    let sections = document(&view);
    let feet = sections.matches("<w:footerReference ").count();
    assert_eq!(feet, sections.matches("<w:sectPr>").count());
    assert!(text(&view, "word/footer1.xml").contains("Not yet checked by people"));
    view.validated = true;
    assert!(!text(&view, "word/footer1.xml").contains("Not yet checked by people"));
    assert!(!words(&view).contains("Not yet checked by people"));
}

#[test]
fn every_row_and_every_theme_stands_in_the_document() {
    let view = fixture::view();
    let words = words(&view);
    for source in &view.sources {
        for row in &source.questions[0].rows {
            assert!(words.contains(&view.themes[row.theme].label));
        }
    }
    for theme in &view.themes {
        assert!(words.contains(&theme.definition), "{}", theme.id);
    }
}

#[test]
fn an_empty_study_still_gives_a_document() {
    let mut view = fixture::view();
    view.sources.clear();
    view.themes.clear();
    view.plans.clear();
    view.matrix.columns.clear();
    view.matrix.rows.clear();
    view.account.rows.clear();
    assert!(words(&view).contains("No theme of the codebook has a tag"));
}
