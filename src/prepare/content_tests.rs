//! Answers that are content and answers that are not.

use super::*;

#[test]
fn empty_answers_are_recognised_in_three_languages() {
    for text in [
        "n/a",
        "N/A.",
        "none",
        "None at this time, thank you",
        "nothing",
        "Nothing to report!",
        "no comment",
        "No comments.",
        "idk",
        "I don't know",
        "prefer not to say",
        "see above",
        "See question 1",
        "(answered above)",
        "same",
        "-",
        "..",
        "👍",
        "?",
        "not applicable",
        "nope",
        "no",
        "Yes",
        "ok",
        "cant think of any",
        "Can't recall",
        "Dont know any",
        "I said no comment",
        "I could not say.",
        "not sure",
        "no idea",
        "no se",
        "Ninguna",
        "ninguno",
        "no comento",
        "sin comentarios",
        "Ya lo dije arriba",
        "nada",
        "無",
        "没有",
        "沒有意見",
        "不知道",
        "没有什么特别的。",
        "brak",
        "nie wiem",
        "No opinion really",
        "12",
    ] {
        assert_eq!(recognise(text), Some(NoContent::NothingToSay), "{text}");
    }
    for text in ["", "  \n ", "\u{200b}"] {
        assert_eq!(recognise(text), Some(NoContent::Blank));
    }
}

#[test]
fn keys_hit_at_random_are_recognised() {
    for text in [
        "asdfgh",
        "asdf",
        "jjjj",
        "ASDF",
        "qwerty",
        "kafjsaj",
        "xxx",
        "fdgdfg fgh",
        "lkjh",
        "sdkfjhsdkfjh",
    ] {
        assert_eq!(recognise(text), Some(NoContent::Gibberish), "{text}");
    }
}

#[test]
fn real_answers_pass() {
    for text in [
        "Nothing works, nobody comes",
        "Respect",
        "Trust",
        "CAPS",
        "responce tme",
        "No more guns",
        "nothing ever changes",
        "no complaints",
        "None of them care",
        "defund",
        "same cops every day",
        "Pray",
        "they lied",
        "all of it",
        "abolish",
        "Slow",
        "No one listens",
        "yes more patrols",
        "were",
        "DBT",
        "LGBTQ",
        "NHS",
        "Quicker",
        "I don't know my officer",
        "dont know who to call",
        "no experience with them",
        "[NAME]",
        "Officer [NAME]",
        "idk more lights",
        "Parking, see above",
        "crwd ctrl",
        "希望警察多来",
        "Hmmmm maybe respect",
        "rhythm",
        "psychs",
        "strength",
        "nothing but good things",
        "no change",
        "hmmm",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
}

#[test]
fn listening_noises_count_only_in_transcripts() {
    for text in ["Yeah.", "Mm-hm.", "Right, right.", "Uh-huh. Okay.", "(laughs)", "Yeah, exactly."]
    {
        assert_eq!(recognise_turn(text), Some(NoContent::Backchannel), "{text}");
    }
    assert_eq!(recognise_turn("Yeah, they never come."), None);
    assert_eq!(recognise("exactly"), None);
}
