//! How groups differ: what differs clearly stands in every format, and by the numbers it should.

use super::harness::{LIGHTS, PATROL, Run, Study, words_of};

/// Sixty people in the North, of whom `north` ask for patrols and the others for lamps, and as many
/// in the South.
fn two_districts(north: usize, south: usize) -> Run {
    let row = |district: &'static str, patrols: usize| {
        move |i: usize| {
            let said = if i < patrols { PATROL } else { LIGHTS };
            format!("{district}{i},{district},{said}\n")
        }
    };
    let rows: String =
        (0..60).map(row("North", north)).chain((0..60).map(row("South", south))).collect();
    let formats = "[report]\nformats = [\"html\", \"docx\", \"xlsx\", \"csv\", \"json\", \"md\", \"parquet\"]\n";
    Study::new()
        .table(
            "Survey",
            "survey",
            &["Q1"],
            "id = \"Id\"\ngroups = [\"District\"]\n",
            format!("Id,District,Q1\n{rows}"),
        )
        .tail(formats)
        .done()
}

#[test]
fn a_clear_difference_stands_in_every_format() {
    let run = two_districts(44, 16);
    let group = run.json("summary.json")["sources"][0]["groups"][0].clone();
    let said = "Raised more often in North than in South: Presence (73\u{a0}% against 27\u{a0}%: +46.7 points, 95 % interval ";
    assert!(group["findings"][0].as_str().unwrap().starts_with(said), "{}", group["findings"]);
    for name in ["report.html", "report.md", "report.docx", "workbook.xlsx"] {
        let words = words_of(name, &run.outputs[name]);
        assert!(words.contains("Raised more often in North than in South: "), "{name}");
    }
    for name in ["report.html", "report.md", "report.docx"] {
        let words = words_of(name, &run.outputs[name]);
        assert!(words.contains("▲ +46.7") && words.contains("▼ −46.7"), "{name}");
        assert!(words.contains("clearly higher or lower than that of everyone else"), "{name}");
    }
    let rows = run.records("themes.csv");
    let of = |value: &str| {
        let group = format!("District={value}");
        rows.iter().find(|r| r["theme"] == "patrol" && r["group"] == group).unwrap().clone()
    };
    let (north, south) = (of("North"), of("South"));
    assert_eq!(
        (north["difference"].as_str(), north["others_share"].as_str()),
        ("0.466667", "0.266667")
    );
    assert_eq!(
        (south["difference"].as_str(), south["difference_clear"].as_str()),
        ("-0.466667", "yes")
    );
    assert_eq!(north["difference_of"], "counted");
    // Newcombe's interval of 44 of 60 less 16 of 60, by hand.
    assert_eq!(
        (north["difference_low"].as_str(), north["difference_high"].as_str()),
        ("0.292124", "0.601498")
    );
    let whole = rows.iter().find(|r| r["theme"] == "patrol" && r["group"].is_empty()).unwrap();
    assert!(whole["difference"].is_empty() && whole["difference_clear"].is_empty());
    assert!(
        words_of("themes.parquet", &run.outputs["themes.parquet"])
            .contains("difference_clear: true")
    );
}

#[test]
fn what_chance_may_do_is_marked_nowhere() {
    let run = two_districts(32, 28);
    for name in ["report.html", "report.md", "report.docx"] {
        let words = words_of(name, &run.outputs[name]);
        assert!(!words.contains("▲ +") && !words.contains("Raised more often in"), "{name}");
        assert!(words.contains("no difference is so large that chance can be ruled out"), "{name}");
    }
}
