//! Where texts are cut, and where they are not.

use proptest::prelude::*;

use super::*;
use crate::text::Verbatim;

fn cut(text: &str) -> Vec<&str> {
    pieces(text).into_iter().map(|p| &text[p]).collect()
}

#[test]
fn sentences_end_as_people_type_them() {
    assert_eq!(cut("They came late. Nobody called!"), ["They came late.", "Nobody called!"]);
    assert_eq!(cut("came late.nobody called"), ["came late.", "nobody called"]);
    assert_eq!(cut("I waited...Then nothing"), ["I waited...Then nothing"]);
    assert_eq!(cut("I waited... Then they left"), ["I waited...", "Then they left"]);
    assert_eq!(cut("more lights; fewer guns"), ["more lights;", "fewer guns"]);
    assert_eq!(
        cut("more lights\n- fewer guns\n* respect"),
        ["more lights", "- fewer guns", "* respect"]
    );
    assert_eq!(cut("\"Go away.\" That is what he said"), ["\"Go away.\"", "That is what he said"]);
    assert_eq!(cut("1) walk more 2) listen to us"), ["1) walk more", "2) listen to us"]);
    assert_eq!(cut("1. walk more\n2. listen to us"), ["1. walk more", "2. listen to us"]);
}

#[test]
fn abbreviations_and_numbers_end_nothing() {
    for text in [
        "Sgt. Okafor and Mr. Ray came at 9 p.m. with 2.5 cars",
        "the U.S. mail on 14th St. near No. 5",
        "e.g. the park, i.e. ours",
        "it was 3.50 dollars",
        "Officer J. Smith was kind",
    ] {
        assert_eq!(cut(text), [text]);
    }
    assert_eq!(cut("It is on Lantern St. They know."), ["It is on Lantern St.", "They know."]);
    assert_eq!(cut("They say no. They lie."), ["They say no.", "They lie."]);
    assert_eq!(
        cut("I came at 9 p.m. Nobody was there."),
        ["I came at 9 p.m.", "Nobody was there."]
    );
}

#[test]
fn interjections_join_and_fragments_stay() {
    assert_eq!(cut("Well. They never come."), ["Well. They never come."]);
    assert_eq!(cut("They never come. Seriously."), ["They never come. Seriously."]);
    assert_eq!(cut("Respect. Honesty."), ["Respect.", "Honesty."]);
    assert_eq!(cut("No."), ["No."]);
    assert_eq!(cut("They never come. !!! ok"), ["They never come. !!! ok"]);
}

#[test]
fn run_on_pieces_are_cut_at_joints() {
    let text = "they came after two hours and the man was long gone and nobody took a statement from my neighbor who saw it all, \
                but then a week later a detective called me and said that the case was closed because nobody had seen anything at all \
                and I told her that this was a lie";
    let got = cut(text);
    assert!(got.len() >= 2 && got.iter().all(|p| n_words(p) >= 8), "{got:?}");
    assert!(got[1].starts_with("but then"), "{got:?}");
}

fn word() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "they",
        "came",
        "and",
        "but",
        "because",
        "I",
        "Mr.",
        "St.",
        "No.",
        "p.m.",
        "...",
        ".",
        "!",
        "?",
        ";",
        ",",
        "\n",
        "- ",
        "•",
        "1)",
        "yes",
        "Well.",
        "[NAME]",
        "312-555-0147",
        "é",
        "警察。",
        "\"",
        "'",
        "’",
        ")",
        "late.nobody",
        "\r\n",
        "…",
    ]);
    prop_oneof![5 => fixed.prop_map(str::to_owned), 1 => "\\PC{0,4}"]
}

proptest! {
    #[test]
    fn segments_rebuild_the_text_and_spans_ascend(words in prop::collection::vec((word(), any::<bool>()), 0..120)) {
        let raw: String = words.iter().map(|(w, gap)| if *gap { format!("{w} ") } else { w.clone() }).collect();
        let redacted = super::super::redact(&Verbatim::new(raw.clone()));
        let text = redacted.as_str();
        let segments = segments(&redacted);
        let mut rebuilt = String::new();
        let (mut byte, mut point) = (0u32, 0u32);
        for s in &segments {
            prop_assert!(s.bytes.start >= byte && s.bytes.end > s.bytes.start);
            prop_assert!(text[byte as usize..s.bytes.start as usize].trim().is_empty());
            prop_assert!(s.span.start >= point && s.span.end > s.span.start);
            prop_assert!(s.span.end as usize <= raw.chars().count());
            prop_assert_eq!(s.span, redacted.original_span(s.bytes.start as usize..s.bytes.end as usize));
            rebuilt.push_str(&text[s.bytes.start as usize..s.bytes.end as usize]);
            (byte, point) = (s.bytes.end, s.span.end);
        }
        let solid = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(solid(&rebuilt), solid(text));
    }
}
