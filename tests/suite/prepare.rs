//! `prepare` from outside: what goes in comes out once, and nothing personal comes out.

use canvass::ingest::{Content, Intake, Kind, Response};
use canvass::prepare::{Corpus, Disposition, prepare};
use canvass::text::Verbatim;

/// One respondent an answer, one source, one question.
fn corpus(kind: Kind, answers: &[&str]) -> Corpus {
    let responses = answers
        .iter()
        .zip(0u32..)
        .map(|(text, i)| Response {
            source: 0,
            question: 0,
            participant: Some(i),
            file: 0,
            row: i + 2,
            id: format!("R{i}"),
            content: Content::Text(Verbatim::new(*text)),
        })
        .collect();
    prepare(Intake { responses, ..Intake::default() }, &[kind], &())
}

const PLANTED: [&str; 9] =
    ["555-0147", "mkowal", "4471", "KX 4417", "Lantern", "419802", "Pruitt", "Okafor", "Arceneaux"];

#[test]
fn planted_identifiers_reach_neither_texts_nor_uniques_nor_debug_output() {
    let corpus = corpus(
        Kind::Survey,
        &[
            "Call me at 312-555-0147 or mkowal@example.com, my name is Delphine Arceneaux.",
            "Officer Pruitt, badge 4471, was rude. Sgt. Okafor was kind.",
            "I live at 2218 W Lantern St. The car had plate KX 4417, report RD JG-419802.",
        ],
    );
    let everything = format!("{corpus:?}");
    for secret in PLANTED {
        assert!(!everything.contains(secret), "`{secret}` is left");
    }
    assert!(corpus.responses.iter().all(|r| r.disposition == Disposition::Codable));
}

#[test]
fn every_response_comes_out_once_in_order_with_its_place() {
    let corpus =
        corpus(Kind::Survey, &["", "n/a", "asdfgh", "Respect.", "que patrullen a pie", "Respect."]);
    let ids: Vec<&str> = corpus.responses.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["R0", "R1", "R2", "R3", "R4", "R5"]);
    let codable = corpus.responses.iter().filter(|r| r.disposition == Disposition::Codable).count();
    assert_eq!((codable, corpus.uniques.as_slice()), (2, ["Respect.".to_owned()].as_slice()));
}

#[test]
fn segments_are_substrings_of_the_redacted_text() {
    let corpus = corpus(
        Kind::Comments,
        &["They came late.nobody called; ask Sgt. Okafor.\n- more lights\n- fewer guns"],
    );
    let response = &corpus.responses[0];
    let shown: Vec<&str> = response
        .segments
        .iter()
        .map(|s| &response.text.as_str()[s.bytes.start as usize..s.bytes.end as usize])
        .collect();
    let expected =
        ["They came late.", "nobody called;", "ask Sgt. [NAME].", "- more lights", "- fewer guns"];
    assert_eq!(shown, expected);
    assert!(
        response
            .segments
            .iter()
            .zip(&expected)
            .all(|(s, e)| corpus.uniques[s.unique as usize] == *e)
    );
}
