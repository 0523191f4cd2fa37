//! What becomes of responses as a whole: order, duplicates, campaigns, segments.

use super::*;
use crate::text::Verbatim;

fn answer(participant: u32, row: u32, question: u16, text: &str) -> Response {
    Response {
        source: 0,
        question,
        participant: Some(participant),
        file: 0,
        row,
        id: format!("R{row}:Q{question}"),
        content: Content::Text(Verbatim::new(text)),
    }
}

fn dispositions(responses: Vec<Response>, kind: Kind) -> Vec<Disposition> {
    let intake = Intake { responses, ..Intake::default() };
    prepare(intake, &[kind], &()).responses.into_iter().map(|r| r.disposition).collect()
}

const LETTER: &str =
    "Keep the pool open. It costs less than it saves, so fund it and fix the gym roof.";

#[test]
fn a_row_sent_twice_by_one_participant_is_a_resubmission() {
    let rows = vec![
        answer(0, 2, 0, "More patrols"),
        answer(0, 2, 1, ""),
        answer(1, 3, 0, "More patrols"),
        answer(1, 3, 1, ""),
        answer(0, 4, 0, "more PATROLS!"),
        answer(0, 4, 1, " "),
        answer(0, 5, 0, "more patrols"),
        answer(0, 5, 1, "They never come"),
    ];
    let got = dispositions(rows, Kind::Survey);
    let blank = Disposition::NoContent(NoContent::Blank);
    let again = Disposition::Duplicate(Duplicate::Resubmission { of: 0 });
    use Disposition::Codable;
    assert_eq!(
        got,
        [Codable, blank.clone(), Codable, blank.clone(), again, blank, Codable, Codable]
    );
}

#[test]
fn a_long_text_of_several_participants_is_a_campaign_and_short_ones_are_not() {
    let rows = || {
        vec![
            answer(0, 2, 0, LETTER),
            answer(1, 3, 0, &LETTER.to_uppercase()),
            answer(2, 4, 0, "Answer the phone"),
            answer(3, 5, 0, "Answer the phone"),
            answer(4, 6, 0, LETTER),
        ]
    };
    let again = Disposition::Duplicate(Duplicate::Campaign { of: 0 });
    use Disposition::Codable;
    assert_eq!(
        dispositions(rows(), Kind::Comments),
        [Codable, again.clone(), Codable, Codable, again]
    );
    assert!(dispositions(rows(), Kind::FocusGroup).iter().all(|d| *d == Codable));
}

#[test]
fn texts_that_differ_only_in_what_is_hidden_are_no_copies() {
    let report = |name, plate| {
        format!("My name is {name} and an officer took the car with plate {plate} last night.")
    };
    let rows = vec![
        answer(0, 2, 0, &report("Delphine Arceneaux", "KX 4417")),
        answer(1, 3, 0, &report("Marta Kowalska", "BD 9021")),
        answer(1, 4, 0, &report("Marta Kowalska", "BD 9022")),
        answer(2, 5, 0, &report("Marta Kowalska", "BD 9022").to_uppercase()),
    ];
    let intake = Intake { responses: rows, ..Intake::default() };
    let corpus = prepare(intake, &[Kind::Survey], &());
    assert_eq!(corpus.responses[0].text.as_str(), corpus.responses[1].text.as_str());
    let got: Vec<_> = corpus.responses.into_iter().map(|r| r.disposition).collect();
    let copy = Disposition::Duplicate(Duplicate::Campaign { of: 2 });
    use Disposition::Codable;
    assert_eq!(got, [Codable, Codable, Codable, copy]);
}

#[test]
fn everything_read_is_accounted_for_in_order() {
    let mut rows = vec![
        answer(0, 2, 0, "n/a"),
        answer(1, 3, 0, "Mas respeto por favor"),
        answer(2, 4, 0, "asdf"),
        answer(3, 5, 0, "Walk more."),
    ];
    rows.push(Response { content: Content::Moderator, participant: None, ..answer(4, 6, 0, "") });
    rows.push(Response {
        content: Content::Rejected(Reject::TooLong { bytes: 9 }),
        participant: None,
        ..answer(5, 7, 0, "")
    });
    let got = dispositions(rows, Kind::Survey);
    assert_eq!(
        got,
        [
            Disposition::NoContent(NoContent::NothingToSay),
            Disposition::UnsupportedLanguage(Language::Spanish),
            Disposition::NoContent(NoContent::Gibberish),
            Disposition::Codable,
            Disposition::Moderator,
            Disposition::Rejected(Reject::TooLong { bytes: 9 }),
        ]
    );
}

#[test]
fn uniques_are_numbered_by_first_appearance_and_texts_of_empty_answers_are_dropped() {
    let rows = vec![
        answer(0, 2, 0, "Walk more. Listen to us. Call 312-555-0147."),
        answer(1, 3, 0, "none"),
        answer(2, 4, 0, "Listen to us. Walk more."),
    ];
    let corpus = prepare(Intake { responses: rows, ..Intake::default() }, &[Kind::Survey], &());
    assert_eq!(corpus.uniques, ["Walk more.", "Listen to us.", "Call [PHONE]."]);
    let numbers: Vec<Vec<u32>> =
        corpus.responses.iter().map(|r| r.segments.iter().map(|s| s.unique).collect()).collect();
    assert_eq!(numbers, [vec![0, 1, 2], vec![], vec![1, 0]]);
    assert_eq!(corpus.responses[1].text.as_str(), "");
    assert_eq!(corpus.responses[0].segments[2].span, Span { start: 25, end: 43 });
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let rows = || {
        (0..400)
            .map(|i| answer(i, i + 2, 0, &format!("They came {} times. {LETTER}", i % 7)))
            .collect::<Vec<_>>()
    };
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let intake = Intake { responses: rows(), ..Intake::default() };
        format!("{:?}", pool.install(|| prepare(intake, &[Kind::Survey], &())))
    };
    assert_eq!(run(1), run(4));
}
