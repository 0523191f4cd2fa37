//! What each redaction rule must catch, and what it must leave.

use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> String {
    redact_str(text).as_str().to_owned()
}

/// Each pair: what was typed, what is left.
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(raw, expected)| shown(raw) != *expected)
        .map(|(raw, expected)| {
            format!("\n  raw      {raw}\n  expected {expected}\n  got      {}", shown(raw))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

fn survives(texts: &[&str]) {
    check(&texts.iter().map(|t| (*t, *t)).collect::<Vec<_>>());
}

#[test]
fn addresses_of_the_net_are_replaced() {
    check(&[
        ("I'm at mkowal@example.com", "I'm at [EMAIL]"),
        ("write priya.deaf+x@mail.example.org.", "write [EMAIL]."),
        ("jo at example dot com please", "[EMAIL] please"),
        ("jo.smith (at) example.org", "[EMAIL]"),
        ("see https://example.org/a?b=c, ok", "see [URL], ok"),
        ("on www.example.org.", "on [URL]."),
        ("go to lakemont.gov/police now", "go to [URL] now"),
        ("post on example.com", "post on [URL]"),
    ]);
}

#[test]
fn telephone_numbers_are_replaced() {
    check(&[
        ("call 312-555-0147", "call [PHONE]"),
        ("(773) 555-0182. ANY TIME", "[PHONE]. ANY TIME"),
        ("+1 312 555 0147", "[PHONE]"),
        ("1-312-555-0147!", "[PHONE]!"),
        ("312.555.0147", "[PHONE]"),
        ("3125550147", "[PHONE]"),
        ("its 555-0147", "its [PHONE]"),
        ("my cell 555 0147 ok", "my cell [PHONE] ok"),
        ("+44 20 7946 0958", "[PHONE]"),
        ("call me on 01.84.17.61.18?", "call me on [PHONE]?"),
        ("312-555-0119, I am home", "[PHONE], I am home"),
    ]);
}

#[test]
fn addresses_are_replaced() {
    check(&[
        ("at 2218 W Lantern St and", "at [ADDRESS] and"),
        ("8104 N BIRCHWOOD CT. I CALLED", "[ADDRESS]. I CALLED"),
        ("5127 W Carver Ave has", "[ADDRESS] has"),
        ("i live at 4410 lantern street", "i live at [ADDRESS]"),
        ("1931 West 14th Street, Apt 3B, since", "[ADDRESS], since"),
        ("12 Quarry Boulevard, Lakemont, IL 60601", "[ADDRESS]"),
        ("the 1400 block of Tannery Lane and", "the [ADDRESS] and"),
        ("4400 block of w lantern st", "[ADDRESS]"),
        ("vivo en la calle Lantern 2218", "vivo en la [ADDRESS]"),
        ("4400 W Adams every night", "[ADDRESS] every night"),
        ("P.O. Box 118", "[ADDRESS]"),
    ]);
}

#[test]
fn numbers_of_badges_plates_and_cases_are_replaced() {
    check(&[
        ("badge 4471", "badge [BADGE]"),
        ("wrote down star #20816 and", "wrote down star #[BADGE] and"),
        ("his badge number is 4471.", "his badge number is [BADGE]."),
        ("Car 1423 came", "Car [BADGE] came"),
        ("Badge 6128 and he", "Badge [BADGE] and he"),
        ("placa 4471", "placa [BADGE]"),
        ("plate KX 4417", "plate [PLATE]"),
        ("license plate ABC1234.", "license plate [PLATE]."),
        (
            "We give the plates at every beat meeting (KX 4417 is",
            "We give the plates at every beat meeting ([PLATE] is",
        ),
        ("la placa ABC-123", "la placa [PLATE]"),
        ("RD JG-419802", "RD [ID]"),
        ("report number 118832", "report number [ID]"),
        ("JH-220174 it is", "[ID] it is"),
        ("ssn 123-45-6789", "ssn [ID]"),
        ("my card 4111 1111 1111 1111", "my card [ID]"),
        ("id 123456789", "id [ID]"),
        ("iban GB56HXDO88167774656119", "iban [ID]"),
        ("driver's license number is F162823540116", "driver's license number is [ID]"),
    ]);
}

#[test]
fn names_behind_a_cue_are_replaced_and_ranks_stay() {
    check(&[
        ("Officer Pruitt and his partner", "Officer [NAME] and his partner"),
        ("Sgt. Okafor reads", "Sgt. [NAME] reads"),
        ("the school cop Mr Ray was cool", "the school cop Mr [NAME] was cool"),
        ("Officers Bell and Tran came", "Officers [NAME] and [NAME] came"),
        ("officer pruitt was rude", "officer [NAME] was rude"),
        ("Mrs Patterson's door", "Mrs [NAME]'s door"),
        ("Ms. Whitlow I have nothing", "Ms. [NAME] I have nothing"),
        ("Officer J. O'Brien said", "Officer [NAME] said"),
        ("OFFICER PRUITT WAS RUDE", "OFFICER [NAME] WAS RUDE"),
        ("my name is Delphine Arceneaux and", "my name is [NAME] and"),
        ("My name is Delores Amankwah-Pike and you", "My name is [NAME] and you"),
        ("my name is delphine arceneaux and", "my name is [NAME] and"),
        ("MY NAME IS WALTER STENGEL 8104 N BIRCHWOOD CT.", "MY NAME IS [NAME] [ADDRESS]."),
        ("his name is Terry, he", "his name is [NAME], he"),
        ("me llamo Rosa Delgado y", "me llamo [NAME] y"),
        ("la señora Ramírez dijo", "la señora [NAME] dijo"),
        ("my son Terrell was killed", "my son [NAME] was killed"),
        ("Officer De La Cruz is kind", "Officer [NAME] is kind"),
        ("somebody call me, Kayla, 312-555-0139", "somebody call me, [NAME], [PHONE]"),
    ]);
}

#[test]
fn what_people_commonly_write_survives() {
    survives(&[
        "I called 911 and 311 and 988, 24/7",
        "since 1974, and in 2019-2021, at 2:30 am, for $4,800",
        "14th Street and Carver Avenue at 5th and Main",
        "Officer Friendly. Officers should walk. Chief of police.",
        "the officer came. Nobody called. An officer who listens",
        "officer training, officer wellness, Officer Training Needed",
        "see Q1, 100% of it, 50-60 cars, 500-1000 people",
        "20 minutes down the street, 3 cops on my street",
        "In 2019 Carver Avenue was repaved",
        "I waited 45 minutes on my street and 2 hours on the road",
        "OFFICERS SHOULD COME WHEN YOU CALL",
        "OFFICER CAME AND LEFT",
        "my son was killed. My Friend. my brother and I",
        "the officer didn't listen, the sergeant never called, detective was useless",
        "plate light out, no plates at all, paper plates in 2021",
        "star 4 minutes, 5 star service, unit 4, the 22 bus, beat cops",
        "called 911 on 10-12-2021 and called in 2020-2023",
        "3 officers in 2 cars at 10.30",
        "look at the street. We stay at home dot",
        "budget of 1,000,000 or $2500000",
        "Carver dr is dark",
        "this is important. this is America",
    ]);
}

#[test]
fn edits_lead_back_to_the_original() {
    let raw = "Señor Ruiz, 312-555-0147, badge 4471 — ok";
    let redacted = redact_str(raw);
    assert_eq!(redacted.as_str(), "Señor [NAME], [PHONE], badge [BADGE] — ok");
    let cut = |s: Span| {
        raw.chars().skip(s.start as usize).take((s.end - s.start) as usize).collect::<String>()
    };
    let originals: Vec<String> = redacted.edits().iter().map(|e| cut(e.original)).collect();
    assert_eq!(originals, ["Ruiz", "312-555-0147", "4471"]);
}

fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "312-555-0147",
        "555-0147",
        "(773) 555-0182",
        "a@b.co",
        "jo at x dot com",
        "www.x.org",
        "x.com/",
        "badge ",
        "star #",
        "4471",
        "plate ",
        "KX 4417",
        "RD ",
        "JG-419802",
        "123-45-6789",
        "Officer ",
        "OFFICER ",
        "Sgt. ",
        "Pruitt",
        "my name is ",
        "delphine ",
        "2218 W Lantern St",
        " 14",
        " block of ",
        "Main ",
        "St",
        "[NAME]",
        "[PHONE]",
        "[",
        "]",
        ".",
        ", ",
        "-",
        "#",
        " ",
        "\n",
        "é",
        "中",
        "+1",
        "4111 1111 1111 1111",
        "call ",
        "my son ",
        "Terrell",
        " and ",
        "calle ",
        "and",
        "I",
    ]);
    prop_oneof![4 => fixed.prop_map(str::to_owned), 1 => "[a-zA-Z0-9 .@-]{0,6}", 1 => "\\PC{0,3}"]
}

proptest! {
    #[test]
    fn redacting_twice_changes_nothing(pieces in prop::collection::vec(piece(), 0..14)) {
        let once = redact_str(&pieces.concat());
        let twice = redact_str(once.as_str());
        prop_assert_eq!(twice.as_str(), once.as_str());
        prop_assert!(twice.edits().is_empty());
    }

    #[test]
    fn edits_rebuild_the_original_and_the_redacted_text(pieces in prop::collection::vec(piece(), 0..14)) {
        let raw = pieces.concat();
        let redacted = redact_str(&raw);
        let original: Vec<char> = raw.chars().collect();
        let shown: Vec<char> = redacted.as_str().chars().collect();
        let (mut o, mut r) = (0usize, 0usize);
        for e in redacted.edits() {
            let (os, rs) = (e.original.start as usize, e.redacted.start as usize);
            prop_assert_eq!(&original[o..os], &shown[r..rs]);
            prop_assert_eq!(shown[rs..e.redacted.end as usize].iter().collect::<String>(), e.mark.label());
            prop_assert!(e.original.end > e.original.start);
            o = e.original.end as usize;
            r = e.redacted.end as usize;
        }
        prop_assert_eq!(&original[o..], &shown[r..]);
    }
}
