//! Sentences, questions and answers of which people said what they mean.

use proptest::prelude::*;

use super::read::words;
use super::*;

#[test]
fn questions_ask_for_praise_for_wishes_or_for_neither() {
    for (question, asked) in [
        ("What could we do better?", Asked::Wish),
        ("How could we improve?", Asked::Wish),
        ("What should the plan change first?", Asked::Wish),
        ("What would make you feel safer with the police in your neighborhood?", Asked::Hope),
        ("What would you like to see on your street?", Asked::Hope),
        ("What was good?", Asked::Good),
        ("What did you like about the visit?", Asked::Good),
        ("What is working in how the police and your community work together?", Asked::Good),
        ("Tell us about a time the police did something well, or something badly.", Asked::Open),
        ("What did you like best, and what should be different?", Asked::Open),
        (
            "How satisfied are you with the police in your district? Please tell us why.",
            Asked::Open,
        ),
        ("How well do officers treat people in your neighborhood?", Asked::Open),
        ("How can police work with young people?", Asked::Open),
        ("What works against building trust?", Asked::Open),
        ("Why do you not feel the complaint process works?", Asked::Open),
        ("What stops officers from doing their work?", Asked::Open),
        ("What has improved since last year?", Asked::Open),
        ("What should we keep doing?", Asked::Open),
        ("Anything else?", Asked::Open),
        ("Tell us what they did well, or badly. What should be different?", Asked::Open),
        ("", Asked::Open),
    ] {
        assert_eq!(Asked::of(question), asked, "{question}");
    }
}

#[test]
fn stances_of_sentences_make_one_of_the_answer() {
    use Stance::{Mixed, Negative, Positive, Request, Unclear};
    for (of, whole) in [
        (vec![], Unclear),
        (vec![Unclear, Positive], Positive),
        (vec![Positive, Negative], Mixed),
        (vec![Positive, Request], Mixed),
        (vec![Negative, Request], Request),
        (vec![Negative, Unclear], Negative),
        (vec![Mixed, Negative], Mixed),
    ] {
        assert_eq!(Stance::together(of.iter().copied()), whole, "{of:?}");
    }
}

proptest! {
    #[test]
    fn the_order_of_sentences_and_repetitions_change_nothing(
        which in proptest::collection::vec(0usize..5, 0..8),
    ) {
        let of = |w: &usize| Stance::ALL[*w];
        let whole = Stance::together(which.iter().map(of));
        prop_assert_eq!(whole, Stance::together(which.iter().rev().map(of)));
        prop_assert_eq!(whole, Stance::together(which.iter().chain(&which).map(of)));
    }
}

#[test]
fn sentences_are_read_as_a_person_would() {
    use Stance::{Mixed, Negative, Positive, Request, Unclear};
    for (sentence, asked, stance) in [
        ("The officer was polite and patient with my father.", Asked::Open, Positive),
        ("Nobody came and nobody called back.", Asked::Open, Negative),
        ("She listened, but the report was full of mistakes.", Asked::Open, Mixed),
        ("Please get out of the car and walk the block.", Asked::Open, Request),
        ("They should answer the phone.", Asked::Open, Request),
        ("Teach every recruit to wait before shouting.", Asked::Open, Request),
        ("The station moved to Harlow Street in 2019.", Asked::Open, Unclear),
        ("Not helpful.", Asked::Open, Negative),
        ("It wasn\u{2019}t bad.", Asked::Open, Positive),
        ("Nothing", Asked::Wish, Positive),
        ("Nothing, it couldn't be better", Asked::Wish, Positive),
        ("Nothing", Asked::Good, Negative),
        ("Nothing", Asked::Open, Unclear),
        ("Nothing", Asked::Hope, Unclear),
        ("No apology.", Asked::Wish, Unclear),
        ("No bench.", Asked::Open, Unclear),
        ("Nothing they do makes me feel safe.", Asked::Wish, Negative),
        ("Nothing they do makes me feel safe on the bus.", Asked::Open, Negative),
        ("After that nothing, no call", Asked::Wish, Unclear),
        ("I WOULD FEEL SAFER IF THEY WOULD SAY GOOD MORNING.", Asked::Open, Request),
        ("There is nothing you could do better", Asked::Wish, Positive),
        ("Officers never follow up.", Asked::Open, Negative),
        ("They never show up.", Asked::Wish, Negative),
        ("They didn't send anyone.", Asked::Open, Negative),
        ("They don't treat us with dignity.", Asked::Open, Negative),
        ("They never come to our street.", Asked::Hope, Negative),
        ("The police never answer.", Asked::Open, Negative),
        ("I could not ask for more.", Asked::Open, Positive),
        ("They could not have done any better", Asked::Wish, Positive),
        ("They have never been rude to me.", Asked::Open, Positive),
        ("Friendly officers who know us", Asked::Hope, Request),
        ("Respect", Asked::Hope, Request),
        ("They shot my cousin.", Asked::Good, Unclear),
        ("Two officers came on Tuesday evening.", Asked::Good, Unclear),
        ("Street lights on Quarry Blvd", Asked::Wish, Request),
        ("The foot patrols.", Asked::Good, Positive),
        ("I was on the phone with my mother.", Asked::Wish, Unclear),
        ("", Asked::Wish, Unclear),
    ] {
        assert_eq!(read(sentence, asked), stance, "{sentence} {asked:?}");
    }
}

#[test]
fn words_keep_their_apostrophes_and_pauses_stand_alone() {
    assert_eq!(words("don't, 'stop' - no/one"), ["don't", ",", "stop", "-", "no/one"]);
}

proptest! {
    #[test]
    fn any_text_has_a_stance(text in ".{0,80}") {
        for asked in [Asked::Open, Asked::Good, Asked::Wish, Asked::Hope] {
            let _ = read(&text, asked);
        }
    }
}

/// Whether nobody looked at an answer while the list of words was made: those whose MD5 is odd.
fn is_untouched(text: &str) -> bool {
    use md5::Digest;
    md5::Md5::digest(text.as_bytes()).last().is_some_and(|byte| byte % 2 == 1)
}

/// Answers about health services, which people marked from 1 (very positive) to 5: the half that
/// was not looked at. README quotes what this prints.
#[test]
fn people_mark_answers_as_the_rules_do() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("../shared/data/nhs_fft/coded.csv");
    let Ok(mut table) = csv::Reader::from_path(&file) else {
        eprintln!("skipped: the answers with marks are not here");
        return;
    };
    let (mut all, mut right, mut taken) = (0u32, [0u32; 2], [0u32; 2]);
    for row in table.records().map(Result::unwrap) {
        let (question, text, mark) = (&row[1], &row[2], &row[3]);
        let good = match mark {
            "1" | "2" => true,
            "4" | "5" => false,
            _ => continue,
        };
        if !is_untouched(text) {
            continue;
        }
        all += 1;
        let asked = Asked::of(question);
        let sentences = text.split_inclusive(['.', '!', '?', '\n']).map(|s| read(s, asked));
        let found = Stance::together(sentences);
        if !matches!(found, Stance::Mixed | Stance::Unclear) {
            let positive = found == Stance::Positive;
            taken[usize::from(positive)] += 1;
            right[usize::from(positive)] += u32::from(positive == good);
        }
    }
    let (decided, agreed) = (taken[0] + taken[1], right[0] + right[1]);
    println!(
        "{agreed} of {decided} right, of {all}; praise {} of {}, the rest {} of {}",
        right[1], taken[1], right[0], taken[0]
    );
    assert!(f64::from(agreed) > 0.9 * f64::from(decided), "{agreed} of {decided}");
    assert!(f64::from(right[1]) > 0.97 * f64::from(taken[1]), "{} of {}", right[1], taken[1]);
    assert!(f64::from(decided) > 0.75 * f64::from(all), "{decided} of {all}");
}
