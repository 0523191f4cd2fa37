//! What a sample holds: whom, with which probability, and in which form.

use super::workbook::{Row, Use, headings, workbook};
use super::*;
use crate::classify::Coding;
use crate::codebook::Theme;
use crate::ingest::{InputFile, Kind, Participant, QuestionSpec};
use crate::prepare::{Disposition, Prepared};
use crate::text::Redacted;

fn book() -> Codebook {
    let theme = |(id, label): (&str, &str)| Theme {
        id: id.into(),
        label: label.into(),
        definition: "What it means.".into(),
        include: Vec::new(),
        exclude: Vec::new(),
        examples: Vec::new(),
        parent: None,
        tags: Vec::new(),
    };
    let themes = [
        ("often", "Often"),
        ("seldom", "Seldom"),
        ("about-text", "Text"),
        ("twice-a", "Same"),
        ("twice-b", "same"),
    ];
    Codebook { title: "T".into(), themes: themes.map(theme).to_vec(), hash: "h".into() }
}

fn specs() -> Vec<SourceSpec> {
    let q = |column: &str| QuestionSpec { column: column.into(), text: format!("{column}?") };
    let survey = SourceSpec {
        name: "Survey".into(),
        questions: vec![q("Q1"), q("Q2")],
        ..SourceSpec::default()
    };
    let talk = SourceSpec { name: "Talk".into(), kind: Kind::FocusGroup, ..SourceSpec::default() };
    vec![survey, talk]
}

/// 200 people with two answers each; half of them raise `often`, every twentieth `seldom`. The
/// last three have answered nothing that can be coded. One speaker with two turns.
fn corpus() -> (Corpus, Vec<Verdict>) {
    let mut corpus = Corpus::default();
    let mut verdicts = Vec::new();
    for person in 0..201u32 {
        let source = u16::from(person == 200);
        let participant = Participant {
            source,
            id: format!("R{person}"),
            file: 0,
            groups: Vec::new(),
            weight: None,
        };
        corpus.participants.push(participant);
        for question in 0..2u16 {
            let codable = person < 197 || person == 200;
            corpus.responses.push(Prepared {
                source,
                question,
                participant: Some(person),
                file: 0,
                row: person + 2,
                id: format!("R{person}:Q{}", question + 1),
                disposition: if codable { Disposition::Codable } else { Disposition::Moderator },
                text: Redacted::new(format!("answer {person} {question}"), Vec::new()),
                segments: Vec::new(),
            });
            let code = |theme: usize| Coding { theme, score: 0.5, evidence: Vec::new() };
            verdicts.push(match (question, person) {
                (0, p) if p % 20 == 0 => Verdict::Coded(vec![code(1)]),
                (1, p) if p % 2 == 0 => Verdict::Coded(vec![code(0)]),
                _ => Verdict::NoTheme,
            });
        }
    }
    corpus.files.push(InputFile {
        source: 0,
        session: 0,
        path: "a.csv".into(),
        sha256: "f".into(),
        bytes: 1,
        format: "csv".into(),
        rows: 200,
    });
    (corpus, verdicts)
}

fn request(n: usize) -> Request {
    Request {
        size: Size::People(n),
        seed: 1,
        purpose: Purpose::Gold,
        sources: Vec::new(),
        gold: None,
    }
}

fn drawn(request: &Request) -> Result<Drawn, Error> {
    let ((corpus, verdicts), specs, codebook) = (corpus(), specs(), book());
    draw(
        request,
        &Coded { specs: &specs, corpus: &corpus, verdicts: &verdicts, codebook: &codebook },
    )
}

#[test]
fn people_are_drawn_whole_and_with_a_known_probability() {
    let found = drawn(&request(60)).unwrap();
    let design = &found.design;
    assert_eq!(design.units.len(), 60);
    assert!(design.units.iter().all(|u| u.responses.len() == 2), "both answers of each");
    let names: Vec<&str> = design.strata.iter().map(|s| s.theme.as_str()).collect();
    assert_eq!(names, ["no theme", "often", "seldom"]);
    assert_eq!(design.strata.iter().map(|s| s.size).sum::<usize>(), 197);
    for (i, stratum) in design.strata.iter().enumerate() {
        let of: Vec<&Unit> = design.units.iter().filter(|u| u.stratum == i).collect();
        assert_eq!(of.len(), stratum.drawn);
        let probability = stratum.drawn as f64 / stratum.size as f64;
        assert!(of.iter().all(|u| u.probability == probability && probability > 0.0));
    }
    // The rare theme more than in proportion.
    assert!(design.strata[2].drawn as f64 > 60.0 * 10.0 / 197.0, "{:?}", design.strata);
    assert_eq!(found.rows.len(), 120);
}

#[test]
fn equal_seeds_draw_the_same_people_in_the_same_order_and_others_do_not() {
    assert_eq!(drawn(&request(60)).unwrap().design, drawn(&request(60)).unwrap().design);
    let other = drawn(&Request { seed: 2, ..request(60) }).unwrap();
    assert_ne!(drawn(&request(60)).unwrap().design.units, other.design.units);
}

#[test]
fn turns_of_a_transcript_are_drawn_one_by_one() {
    let found = drawn(&Request { sources: vec!["Talk".into()], ..request(9) }).unwrap();
    let responses: Vec<usize> = found.design.units.iter().map(|u| u.responses.len()).collect();
    assert_eq!(responses, [1, 1]);
    let error = drawn(&Request { sources: vec!["Tolk".into()], ..request(9) }).unwrap_err();
    assert_eq!(error.hint().unwrap(), "did you mean `Talk`?");
}

#[test]
fn answers_to_learn_from_touch_nobody_of_the_gold_sample() {
    let gold = drawn(&request(60)).unwrap().design;
    let learning = Request { purpose: Purpose::Training, gold: Some(gold.clone()), ..request(200) };
    let found = drawn(&learning).unwrap().design;
    assert_eq!(found.units.len(), 137);
    assert!(found.units.iter().flat_map(|u| &u.responses).all(|r| !gold.holds(r)));
    let without = Request { gold: None, ..learning };
    assert!(matches!(drawn(&without), Err(Error::GoldFirst)));
}

#[test]
fn a_wanted_width_decides_how_many() {
    let wide = drawn(&Request { size: Size::Width(0.1), ..request(0) }).unwrap();
    let narrow = drawn(&Request { size: Size::Width(0.05), ..request(0) }).unwrap();
    assert!(wide.design.units.len() < narrow.design.units.len());
    // Cochran: 1.96² · .25 ÷ .1² = 96, of 197 people 65.
    assert!((60..=66).contains(&wide.design.units.len()), "{}", wide.design.units.len());
    assert!(wide.advice.iter().any(|a| a.contains("±5 points")), "{:?}", wide.advice);
}

#[test]
fn a_wanted_width_holds_in_each_source() {
    let ((mut corpus, mut verdicts), mut specs, codebook) = (corpus(), specs(), book());
    let again = SourceSpec { name: "Again".into(), ..specs[0].clone() };
    specs.push(again);
    // The first 50 people answer another survey instead; all raise the same.
    for person in 0..50usize {
        corpus.participants[person].source = 2;
        for at in [2 * person, 2 * person + 1] {
            corpus.responses[at].source = 2;
            let code = Coding { theme: 0, score: 0.5, evidence: Vec::new() };
            verdicts[at] = Verdict::Coded(vec![code]);
        }
    }
    let coded = Coded { specs: &specs, corpus: &corpus, verdicts: &verdicts, codebook: &codebook };
    let found = draw(&Request { size: Size::Width(0.05), ..request(0) }, &coded).unwrap();
    let of = |source: &str| -> (usize, usize) {
        let strata = || found.design.strata.iter().filter(|s| s.source == source);
        (strata().map(|s| s.drawn).sum(), strata().map(|s| s.size).sum())
    };
    // Half of 147 people raise `often`: 385 ÷ (1 + 384 ÷ 147) = 107; nothing is to be told of 50
    // people who all raise the same but what the least draw shows.
    assert_eq!(of("Survey"), (107, 147));
    assert_eq!(of("Again").1, 50);
    assert!(found.advice[0].contains("107 of 147 in `Survey`"), "{:?}", found.advice);
}

#[test]
fn a_workbook_reads_back_as_what_was_coded_and_is_blind() {
    let codebook = book();
    assert_eq!(headings(&codebook), ["Often", "Seldom", "about-text", "twice-a", "twice-b"]);
    let row = |id, text| Row { id, question: "=1+1", text, more: &[] };
    let rows = [row("R1:Q1", "=cmd|' /C calc'!A0"), row("R2:Q1", "https://example.org")];
    let bytes = workbook(&rows, &codebook, Use::Blind).unwrap();
    assert_eq!(bytes, workbook(&rows, &codebook, Use::Blind).unwrap(), "equal rows, equal bytes");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("gold.xlsx");
    std::fs::write(&path, &bytes).unwrap();
    let blank =
        crate::coded::read(&path, &codebook, &crate::coded::Columns::default()).unwrap_err();
    assert!(blank.to_string().ends_with("none of the 2 rows is coded"), "{blank}");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        if !name.contains("worksheets") {
            continue;
        }
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        assert!(!text.contains("<f>") && !text.contains("<hyperlink"), "{name}");
    }
}
