//! Tests of what all formats have in common.

use super::html::fixture;
use super::{OUTPUTS, json};

/// The published form of `summary.json`.
const SCHEMA: &str = include_str!("../../schemas/summary.schema.json");

#[test]
fn the_summary_has_the_form_that_is_published() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut summary: serde_json::Value = serde_json::from_slice(&json(&fixture::view())).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(&summary).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "schemas/summary.schema.json: {faults:#?}");
    summary["sources"][0]["questions"][0]["rows"][0]["true_count"] = 3.into();
    assert!(!validator.is_valid(&summary), "a key that nobody published");
}

#[test]
fn every_output_has_a_name_of_its_own() {
    let mut names = OUTPUTS.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), OUTPUTS.len());
}
