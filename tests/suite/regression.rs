//! One test for each defect that was found and mended, named for what it did.

use super::harness::{LIGHTS, PATROL, Study};

/// A file without a header: its first row was taken for one and listed in the hint.
#[test]
fn the_first_answer_of_a_file_without_a_header_was_printed() {
    let rows = "1,Officer Zbrowski at 312-555-0147 was rude to me\n2,He came late\n";
    Study::new().survey("Survey", &["Q1"], rows).refused(
        2,
        "error: `survey.csv` has no column `Id` (wanted as id) in row 1\nhint: row 1 may hold answers and is not shown here: give the file a header, or set `header_row`",
    );
}

/// Of a campaign the row that stood first in the file was the one that counted, so that sorting
/// the file moved counts between districts and questions.
#[test]
fn sorting_the_file_moved_a_campaign_to_another_district() {
    let campaign = format!("{LIGHTS} We all ask for one and the same thing here: open the park.");
    let rows = [
        format!("R1,North,{campaign},{PATROL}\n"),
        format!("R2,South,{campaign},\n"),
        format!("R3,South,{PATROL},{campaign}\n"),
    ];
    let themes = |order: [usize; 3]| {
        let csv: String = order.iter().map(|&i| rows[i].as_str()).collect();
        let study = Study::new().table(
            "Survey",
            "survey",
            &["Q1", "Q2"],
            "id = \"Id\"\ngroups = [\"District\"]\n",
            format!("Id,District,Q1,Q2\n{csv}"),
        );
        study.tail("[privacy]\nmin_cell = 1\n").done().text("themes.csv").to_owned()
    };
    let first = themes([0, 1, 2]);
    assert_eq!(first, themes([2, 1, 0]));
    assert_eq!(first, themes([1, 2, 0]));
}

/// The list of released quotes is made from a file in which an id such as `=7` stands behind an
/// apostrophe; its quote could never be released.
#[test]
fn a_quote_of_an_id_that_looks_like_a_formula_could_not_be_released() {
    let rows = format!("Id,Q1\n=7,{PATROL}\n");
    let study = Study::new().survey("Survey", &["Q1"], rows).tail("[privacy]\nmin_cell = 1\n");
    let review = study.done().text("quotes-for-review.csv").to_owned();
    assert!(review.contains("'=7:Q1/1"), "{review}");
    let released = review.replace(",,,\n", ",yes,A. Reviewer,2026-03-01\n");
    let study = study.tail("approved = \"released.csv\"\n").file("released.csv", released);
    assert!(study.done().text("report.md").contains("walk around the block"));
}
