//! Turns where labels are missing, late or occur once.

use super::*;
use crate::ingest::{Kind, SourceSpec};

/// Every turn as `person: words`, `M` for a moderator's, and the warnings.
fn turns_of(lines: &[(Option<&str>, &str)], layout: Layout) -> (Vec<String>, Vec<String>) {
    let spec = SourceSpec {
        name: "s".into(),
        kind: Kind::FocusGroup,
        perspective: String::new(),
        files: vec![],
        id: None,
        participant: None,
        weight: None,
        groups: vec![],
        questions: vec![],
        moderators: vec!["Moderator".into()],
        parts: false,
        table: crate::ingest::TableHints::default(),
        sheet: None,
    };
    let lines = lines.iter().zip(1u32..).map(|((voice, text), place)| Line {
        place,
        voice: voice.map(Into::into),
        text: (*text).into(),
    });
    let context =
        Context { spec: &spec, file: "t", stem: "t", limits: crate::ingest::Limits::default() };
    let script = Script { lines: lines.collect(), layout, rejected: vec![] };
    let intake = read(&context, script).unwrap();
    let shown = intake.responses.iter().map(|r| match &r.content {
        Content::Text(text) => format!("{}: {}", r.person.unwrap(), text.expose()),
        _ => "M".into(),
    });
    (shown.collect(), intake.warnings)
}

#[test]
fn captions_in_front_of_the_first_label_have_an_unnamed_speaker() {
    let lines = [
        (None, "the rent"),
        (None, "is high"),
        (Some("Moderator"), "Why?"),
        (None, "I do not know"),
        (Some("Ann"), "Taxes"),
        (None, "and fees"),
    ];
    let (turns, warnings) = turns_of(&lines, Layout::Cues);
    assert_eq!(turns, ["0: the rent is high", "M", "1: Taxes and fees"]);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("1 captions without a speaker"), "{warnings:?}");
}

#[test]
fn a_name_that_occurs_once_is_no_part_of_a_moderators_turn() {
    let lines = [
        (None, "Moderator: What about fares?"),
        (None, "Note: this is recorded"),
        (None, "Joe: The ticket is too expensive"),
        (None, "Ann Lee: For me too"),
        (None, "Moderator: And the drivers?"),
        (None, "Officer 1: Fine"),
        (None, "Maria: Yes"),
    ];
    let (turns, warnings) = turns_of(&lines, Layout::Paragraphs);
    let expected =
        ["M", "0: The ticket is too expensive", "1: For me too", "M", "2: Fine\nMaria: Yes"];
    assert_eq!(turns, expected);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("(lines 7)"), "{warnings:?}");
}

#[test]
fn words_above_the_first_label_are_counted_in_a_warning() {
    let long = "word ".repeat(26);
    let title = [(None, "A talk"), (None, "Date: May 2"), (None, "Moderator: Hi")];
    assert!(turns_of(&title, Layout::Paragraphs).1.is_empty());
    let spoken = [(None, "Joe: I say so"), (None, long.as_str()), (None, "Moderator: Hi")];
    let (turns, warnings) = turns_of(&spoken, Layout::Paragraphs);
    assert_eq!(turns, ["M"]);
    assert!(warnings[0].contains(" 30 words above"), "{warnings:?}");
}
