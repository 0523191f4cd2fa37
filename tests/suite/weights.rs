//! Survey weights: shares by them, what is corrected by them, and columns that hold none.

use std::collections::BTreeMap;

use super::harness::{LIGHTS, LISTEN, PATROL, Run, Study, canvass};

/// A survey with a column of weights, one row a person.
fn survey(rows: &str) -> Study {
    let bytes = format!("Id,District,wt,Q1\n{rows}");
    let more = "id = \"Id\"\ngroups = [\"District\"]\nweight = \"wt\"\n";
    Study::new().table("Survey", "survey", &["Q1"], more, bytes)
}

/// 100 people on patrol who stand for one each, and 100 on lights who stand for three; every fifth
/// lives in the South.
fn rows() -> String {
    let row = |i: usize| {
        let (weight, said) = if i < 100 { ("1", PATROL) } else { ("3.0", LIGHTS) };
        format!("R{i},{},{weight},{said}\n", if i.is_multiple_of(5) { "South" } else { "North" })
    };
    (0..200).map(row).collect()
}

type Row = BTreeMap<String, String>;

/// The row of a theme in the whole source, or in a group.
fn of(run: &Run, theme: &str, group: &str) -> Row {
    let rows = run.records("themes.csv");
    rows.into_iter().find(|r| r["theme"] == theme && r["group"] == group).unwrap()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn shares_by_weights_stand_beside_the_counted_ones() {
    let run = survey(&rows()).done();
    let patrol = of(&run, "patrol", "");
    assert_eq!(patrol["share"], "0.500000");
    assert_eq!(patrol["weighted_share"], "0.250000");
    // (100 + 300)² ÷ (100 + 900)
    assert_eq!(patrol["effective_base"], "160.000000");
    // variance (100·.75² + 100·9·.25²) ÷ 400² = 1/1422, worth 267 of at most 200 people
    // Wilson's interval of 50 of 200, .195 to .314, in whole points.
    assert_eq!((number(&patrol, "weighted_low"), number(&patrol, "weighted_high")), (0.2, 0.31));
    assert_eq!(of(&run, "lights", "District=South")["weighted_share"], "0.750000");
    assert_eq!(of(&run, "lights", "District=South")["effective_base"], "32.000000");
    let summary = run.json("summary.json");
    let question = &summary["sources"][0]["questions"][0];
    assert_eq!(question["effective_base"], 160.0);
    let weighted: Vec<f64> = question["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["weighted"]["value"].as_f64().unwrap())
        .collect();
    assert!(weighted.iter().all(|w| [0.25, 0.75].contains(w)), "{weighted:?}");
    for name in ["report.html", "report.md"] {
        assert!(run.text(name).contains("survey weights"), "{name} does not say where they are");
    }
}

#[test]
fn a_study_without_weights_has_no_weighted_share() {
    let run = Study::of_answers([PATROL; 30]).done();
    let rows = run.records("themes.csv");
    assert!(rows.iter().all(|r| r["weighted_share"].is_empty() && r["effective_base"].is_empty()));
    assert!(!run.text("report.md").contains("survey weights"));
}

#[test]
fn a_protected_count_has_no_weighted_share() {
    let few = (0..8).map(|i| format!("S{i},North,1,{LISTEN}\n"));
    let run = survey(&(rows() + &few.collect::<String>())).done();
    for row in run.records("themes.csv").iter().filter(|r| r["suppressed"] == "yes") {
        assert!(row["weighted_share"].is_empty() && row["weighted_low"].is_empty(), "{row:?}");
    }
    assert_eq!(of(&run, "listen", "")["suppressed"], "yes");
    assert!(!of(&run, "lights", "")["weighted_share"].is_empty());
}

#[test]
fn a_count_that_is_protected_in_one_group_does_not_follow_from_weights_that_follow_groups() {
    // 5 of the South raise `listen`: the South weighs 2, so one equation would tell how many.
    let row = |i: usize| {
        let (group, weight) = if i < 60 { ("South", 2) } else { ("North", 1) };
        let said = if i < 5 || (60..100).contains(&i) { LISTEN } else { PATROL };
        format!("R{i},{group},{weight},{said}\n")
    };
    let run = survey(&(0..200).map(row).collect::<String>()).done();
    assert_eq!(of(&run, "listen", "District=South")["suppressed"], "yes");
    let listen = of(&run, "listen", "");
    assert_eq!((listen["suppressed"].as_str(), listen["weighted_share"].as_str()), ("no", ""));
    assert!(!listen["effective_base"].is_empty());
}

#[test]
fn the_weights_of_a_few_that_are_most_of_it_show_nothing() {
    let heavy = (0..2).map(|i| format!("H{i},North,100000,{LISTEN}\n"));
    let run = survey(&(rows() + &heavy.collect::<String>())).done();
    assert!(
        run.records("themes.csv")
            .iter()
            .all(|r| r["weighted_share"].is_empty() || r["group"] == "District=South")
    );
}

#[test]
fn what_is_no_weight_is_named_by_file_row_and_column() {
    let hint =
        "hint: each row with an answer needs a weight, a number of 0 or more such as 1.25 or 1,25";
    for (weight, found) in
        [("-1", "negative"), ("", "missing"), ("heavy", "no number"), ("inf", "no number")]
    {
        let rows = format!("R1,North,1,{PATROL}\nR2,North,{weight},{LIGHTS}\n");
        let said =
            format!("error: `survey.csv`, row 3, column `wt`: the weight is {found}\n{hint}");
        survey(&rows).refused(2, &said);
    }
    let rows = format!("R1,North,\"0,5\",{PATROL}\nR2,North,\"1,250\",{LIGHTS}\n");
    let said = "error: `survey.csv`, row 3, column `wt`: the weight is ambiguous: its comma may part \
                thousands\nhint: write the column with decimal points and without other signs, such \
                as 1250 or 1.250";
    survey(&rows).refused(2, said);
    survey(&format!("R1,North,0,{PATROL}\nR2,North,0.0,{LIGHTS}\n")).refused(
        2,
        "error: source `Survey`, column `wt`: no answer has a weight above 0\n\
         hint: is it the right column? without weights, leave `weight` out of study.toml",
    );
    let bytes = format!("Id,District,weight,Q1\n1,North,1,{PATROL}\n");
    let more = "id = \"Id\"\nweight = \"wieght\"\n";
    Study::new().table("Survey", "survey", &["Q1"], more, bytes).refused(
        2,
        "error: `survey.csv` has no column `wieght` (wanted as weight) in row 1\n\
         hint: did you mean `weight`?",
    );
}

#[test]
fn a_row_without_a_word_needs_no_weight() {
    let run = survey(&(rows() + "R900,North,,\n")).done();
    assert_eq!(of(&run, "patrol", "")["weighted_share"], "0.250000");
    assert_eq!(run.states()["no-content"], 1);
}

#[test]
fn corrected_shares_use_the_weights() {
    let study = survey(&rows());
    std::fs::write(study.path("study.toml"), study.text()).unwrap();
    let folder = study.path("").to_str().unwrap().to_owned();
    let drawn = canvass(&["sample", &folder, "--n", "120", "--threads", "2"]);
    assert_eq!(drawn.code, 0, "{}", drawn.stderr);
    let design = std::fs::read(study.path("gold/gold-design.json")).unwrap();
    let design: serde_json::Value = serde_json::from_slice(&design).unwrap();
    let mut table = "id,codes\n".to_owned();
    for unit in design["units"].as_array().unwrap() {
        let id = unit["responses"][0].as_str().unwrap();
        let i: usize = id[1..].split(':').next().unwrap().parse().unwrap();
        // People find lights in every second answer in which the program does.
        let code = match i {
            0..100 => "patrol",
            _ if i.is_multiple_of(2) => "lights",
            _ => "",
        };
        table += &format!("{id},{code}\n");
    }
    let run = study.file("gold/coded.csv", table).tail("[gold]\npath = \"gold/*.csv\"\n").done();
    let lights = of(&run, "lights", "");
    assert_eq!(
        (lights["share"].as_str(), lights["weighted_share"].as_str()),
        ("0.500000", "0.750000")
    );
    // 50 of 100 answers that stand for three each: 150 of 400.
    assert!((number(&lights, "corrected_share") - 0.375).abs() < 0.06, "{lights:?}");
    assert!((number(&of(&run, "patrol", ""), "corrected_share") - 0.25).abs() < 0.01);
    assert!(run.text("report.md").contains("use the survey weights"));
}
