//! Real data where this machine has it (`shared/data` beside the checkout): as many responses
//! as rows, counted here by the csv crate alone.

use std::path::Path;

use super::harness::{Study, records};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");

/// Runs one file as a survey with one question and compares the counts.
fn whole_file(name: &str, id: &str, question: &str, more: &str) {
    let path = Path::new(DATA).join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let rows = records(&bytes);
    let source = format!("id = \"{id}\"\n{more}");
    let run = Study::new().table("Real", "comments", &[question], &source, &bytes).done();
    let ledger = run.records("ledger.csv");
    assert_eq!(ledger.len(), rows.len());
    assert_eq!(run.states().values().sum::<u64>(), rows.len() as u64);
    assert!(!run.states().contains_key("rejected"), "{:?}", run.states());

    let blank = rows.iter().filter(|r| r[question].trim().is_empty()).count();
    let read_blank = ledger.iter().filter(|r| r["reason"] == "blank").count();
    assert_eq!(read_blank, blank);
    let account = &run.json("summary.json")["account"]["total"];
    assert_eq!(account["rows"]["exactly"].as_u64(), Some(rows.len() as u64));
    let ids: std::collections::BTreeSet<_> = ledger.iter().map(|r| &r["response"]).collect();
    assert_eq!(ids.len(), rows.len());
}

#[test]
fn every_row_of_a_health_survey_is_accounted_for() {
    whole_file("nhs_fft/coded.csv", "id", "text", "groups = [\"service\"]\n");
}

#[test]
fn every_row_of_an_election_study_is_accounted_for() {
    whole_file("anes2008_3/test.csv", "id", "text", "");
}

#[test]
fn every_row_of_a_public_conversation_is_accounted_for() {
    let person = "participant = \"author-id\"\n";
    whole_file("polis/london_youth_policing.csv", "comment-id", "comment-body", person);
}
