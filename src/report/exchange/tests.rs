//! Tests of the exchange files, read back as another tool would read them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;

use quick_xml::events::{BytesStart, Event};

use super::{codebook, project};
use crate::classify::{Coding, Verdict};
use crate::codebook::Codebook;
use crate::ingest::{Kind, ingest};
use crate::plan::{Options, Plan};
use crate::prepare::{Corpus, Disposition, prepare};
use crate::report::codings;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const STUDY: &str = r#"[study]
title = "Words & <tags>"
codebook = "codebook.toml"
[[source]]
name = "Survey"
kind = "survey"
perspective = "Community"
path = "survey.csv"
id = "Id"
groups = ["District"]
[[source.question]]
column = "Q1"
text = "What helps?"
[[source.question]]
column = "Q2"
[[source]]
name = "Talk"
kind = "focus-group"
perspective = "Members"
path = "talk.txt"
moderators = ["Moderator"]
[[source]]
name = "Notes"
kind = "session-notes"
perspective = "Community"
path = "notes.txt"
[encoder]
model = "MODEL"
"#;

const BOOK: &str = r#"[codebook]
title = "T"
[[theme]]
id = "seen"
label = "Being seen & heard"
definition = "Being seen.\nIn two lines."
include = ["patrols"]
exclude = ["cars: see \"traffic\""]
examples = ["Walk around the block", "Say hello"]
tags = ["plan-element:presence", "decree-section:one"]
[[theme]]
id = "foot"
label = "On foot <often>"
definition = "Officers walk."
parent = "seen"
tags = ["plan-element:presence"]
[[theme]]
id = "lights"
label = "Lights"
definition = "Lamps."
"#;

const CAMPAIGN: &str = "We all ask for one and the same thing here, and we ask for it together: keep the park open in the evening and fix the lamps.";

/// A study with a survey of two questions, a conversation and notes.
fn study() -> (Plan, Corpus, Vec<Verdict>) {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("study.toml", &STUDY.replace("MODEL", &format!("{ROOT}/models/tiny")));
    put("codebook.toml", BOOK);
    put(
        "survey.csv",
        &format!(
            "Id,District,Q1,Q2\n\
             R1,North,\"The lamps are broken 😀.\r\nCall 312-555-0147 about it.\nPlease walk around the block.\",They wave at us from the car.\n\
             R2,,n/a,The corner is dark at night & nobody comes.\n\
             R3,South,\"{CAMPAIGN}\",\n\
             R4,South,\"{CAMPAIGN}\",The drivers go too fast on our street.\n"
        ),
    );
    put(
        "talk.txt",
        "Moderator: What do you see?\n\nAnna: We walk when we can and people talk to us.\n\nBen: Nobody has the time to walk any more.\n\nAnna: That is true on the late shift as well.\n\nBen: And on the early one there is nobody to talk to.\n",
    );
    put("notes.txt", "- The lamps in the park are broken.\n- People want to see them on foot.\n");
    let plan = Plan::new(folder.path(), &Options::default()).unwrap();
    let intake = ingest(&plan.sources, &()).unwrap();
    let kinds: Vec<Kind> = plan.sources.iter().map(|s| s.kind).collect();
    let corpus = prepare(intake, &kinds, &());
    let verdict = |r: &crate::prepare::Prepared| match r.disposition {
        Disposition::Codable => {
            // Every second segment carries one theme, the first two.
            let of = |n: usize| (0..r.segments.len() as u32).step_by(n).map(|s| (s, 0.5)).collect();
            let one = |theme, n| Coding { theme, score: 0.5, evidence: of(n) };
            Verdict::Coded(vec![one(1, 2), one(2, 3)])
        }
        _ => Verdict::Aside,
    };
    let verdicts = corpus.responses.iter().map(verdict).collect();
    (plan, corpus, verdicts)
}

/// An element with its attributes, the text right inside it, and its depth.
#[derive(Debug, Default, Clone)]
struct Element {
    name: String,
    depth: usize,
    attributes: BTreeMap<String, String>,
    text: String,
}

fn elements(xml: &str) -> Vec<Element> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut all, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    let element = |e: &BytesStart<'_>, depth: usize| Element {
        name: e.name().as_ref().to_owned(),
        depth,
        attributes: e
            .attributes()
            .map(Result::unwrap)
            .map(|a| {
                let value = quick_xml::escape::unescape(&a.value).unwrap().into_owned();
                (a.key.as_ref().to_owned(), value)
            })
            .collect(),
        text: String::new(),
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => {
                all.push(element(&e, open.len()));
                open.push(all.len() - 1);
            }
            Event::Empty(e) => all.push(element(&e, open.len())),
            Event::End(_) => drop(open.pop()),
            Event::Text(t) => {
                if let Some(&at) = open.last() {
                    all[at].text.push_str(&t.xml10_content());
                }
            }
            Event::Eof => return all,
            _ => {}
        }
    }
}

fn parts(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        all.insert(part.name().unwrap().to_string(), text);
    }
    all
}

fn read_book(folder: &Path, bytes: &[u8]) -> Codebook {
    let path = folder.join("codebook.qdc");
    std::fs::write(&path, bytes).unwrap();
    crate::codebook::read(&path).unwrap()
}

#[test]
fn a_codebook_comes_back_with_every_theme_note_tag_and_id() {
    let (plan, _, _) = study();
    let folder = tempfile::tempdir().unwrap();
    let back = read_book(folder.path(), &codebook(&plan.codebook));
    assert!(back.themes == plan.codebook.themes);
    let sample = Path::new(ROOT).join("samples/community-safety/codebook.toml");
    let sample = crate::codebook::read(&sample).unwrap();
    let back = read_book(folder.path(), &codebook(&sample));
    assert_eq!(back.themes.len(), sample.themes.len());
    for (mut back, mut theme) in back.themes.into_iter().zip(sample.themes) {
        // A set knows its members, a code does not know the order of its sets.
        back.tags.sort();
        theme.tags.sort();
        assert!(back == theme, "{}", theme.id);
    }
}

#[test]
fn a_project_keeps_every_coding_with_its_words_and_its_codes_name() {
    let (plan, corpus, verdicts) = study();
    let parts = parts(project(&plan, &corpus, &verdicts).unwrap());
    let xml = elements(&parts["project.qde"]);
    let names: BTreeMap<&str, &str> = xml
        .iter()
        .filter(|e| e.name == "Code")
        .map(|e| (e.attributes["guid"].as_str(), e.attributes["name"].as_str()))
        .collect();
    assert_eq!(names.len(), plan.codebook.themes.len());

    // (response/segment, words, code) as the project has them.
    let (mut found, mut text, mut selection) =
        (BTreeSet::new(), "", (String::new(), String::new()));
    for e in &xml {
        match e.name.as_str() {
            "TextSource" => {
                let path = e.attributes["plainTextPath"].replace("internal://", "sources/");
                text = &parts[&path];
            }
            "PlainTextSelection" => {
                let at = |key: &str| e.attributes[key].parse::<usize>().unwrap();
                let (start, end) = (at("startPosition"), at("endPosition"));
                let words = text.chars().skip(start).take(end - start).collect();
                selection = (e.attributes["name"].clone(), words);
            }
            "CodeRef" => {
                let code = names[e.attributes["targetGUID"].as_str()];
                found.insert((selection.0.clone(), selection.1.clone(), code.to_owned()));
            }
            _ => {}
        }
    }
    let mut expected = BTreeSet::new();
    codings::each_row(&plan, &corpus, &verdicts, &mut |row| {
        let response = corpus.responses.iter().find(|r| r.id == row[1]).unwrap();
        let segment = &response.segments[row[2].parse::<usize>().unwrap() - 1];
        let range = segment.bytes.start as usize..segment.bytes.end as usize;
        let words = response.text.as_str()[range].replace("\r\n", "\n");
        let theme = plan.codebook.themes.iter().find(|t| t.id == row[5]).unwrap();
        expected.insert((format!("{}/{}", row[1], row[2]), words, theme.label.clone()));
    });
    assert!(expected.len() > 8);
    assert_eq!(found, expected);
}

#[test]
fn a_project_holds_redacted_text_with_lf_line_ends_and_no_moderator() {
    let (plan, corpus, verdicts) = study();
    let parts = parts(project(&plan, &corpus, &verdicts).unwrap());
    let all: String = parts.values().cloned().collect();
    assert!(all.contains("Call [PHONE] about it."));
    for gone in ["312-555", "\r", "What do you see", "Anna", "Ben:"] {
        assert!(!all.contains(gone), "{gone:?}");
    }
    let texts: Vec<&String> =
        parts.iter().filter(|(n, _)| n.starts_with("sources/")).map(|(_, t)| t).collect();
    assert_eq!(texts.len(), 6, "four respondents, a conversation, notes");
    assert!(texts.iter().any(|t| t.starts_with("What helps?\nThe lamps are broken 😀.\nCall")));
    assert!(texts.iter().any(|t| t.starts_with("S1: We walk") && t.contains("\n\nS2: Nobody")));
    assert!(texts.iter().any(|t| t.contains("[word for word as R3:Q1]")));
}

#[test]
fn people_are_cases_with_their_groups_and_what_they_said() {
    let (plan, corpus, verdicts) = study();
    let parts = parts(project(&plan, &corpus, &verdicts).unwrap());
    let xml = elements(&parts["project.qde"]);
    let of = |name: &str| xml.iter().filter(|e| e.name == name).count();
    assert_eq!(of("Case"), 6, "four respondents and two speakers; notes have none");
    assert_eq!(of("Variable"), 1);
    let values: Vec<&str> =
        xml.iter().filter(|e| e.name == "TextValue").map(|e| e.text.as_str()).collect();
    assert_eq!(values, ["North", "South", "South"]);
    assert_eq!(of("SourceRef"), 4);
    assert_eq!(of("SelectionRef"), 4, "turns");
}

#[test]
fn every_reference_has_its_target_and_every_guid_stands_once() {
    let (plan, corpus, verdicts) = study();
    let parts = parts(project(&plan, &corpus, &verdicts).unwrap());
    let xml = elements(&parts["project.qde"]);
    let guids: Vec<&String> = xml.iter().filter_map(|e| e.attributes.get("guid")).collect();
    let once: BTreeSet<&String> = guids.iter().copied().collect();
    assert_eq!(once.len(), guids.len());
    for e in &xml {
        for key in ["targetGUID", "creatingUser", "creatingUserGUID"] {
            if let Some(target) = e.attributes.get(key) {
                assert!(once.contains(target), "{} {key}", e.name);
            }
        }
    }
    let order: Vec<&str> = xml.iter().filter(|e| e.depth == 1).map(|e| e.name.as_str()).collect();
    let schema = ["Users", "CodeBook", "Variables", "Cases", "Sources", "Sets", "Description"];
    assert_eq!(order, schema);
}

#[test]
fn equal_studies_give_equal_bytes() {
    let (a, b) = (study(), study());
    let bytes = |s: &(Plan, Corpus, Vec<Verdict>)| project(&s.0, &s.1, &s.2).unwrap();
    assert!(bytes(&a) == bytes(&b));
    assert_eq!(codebook(&a.0.codebook), codebook(&b.0.codebook));
}

#[test]
fn a_study_without_answers_is_still_a_project() {
    let (plan, _, _) = study();
    let parts = parts(project(&plan, &Corpus::default(), &[]).unwrap());
    let xml = elements(&parts["project.qde"]);
    assert!(xml.iter().all(|e| !matches!(e.name.as_str(), "Cases" | "Sources")));
}
