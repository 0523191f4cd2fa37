//! Two reports on nearly the same people: what subtracting one from the other tells.
//!
//! In: `summary.json` as an earlier run left it in the output folder, and as this run writes it.
//! Out: a note where a count that both show differs by fewer people than the smallest count shown:
//! a few late answers, or a few that were taken out. Whoever has both reports can count them, and
//! no report can take back what another says, so the rule is one for people: of two such reports
//! one is published. Nothing of it enters an output, since none may differ by what stood in the
//! folder before.
//! Must not know: true counts.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::words::thousands;
use crate::plan::Plan;

/// The note, where there is reason for one.
pub fn differencing(plan: &Plan, files: &[(String, Vec<u8>)]) -> Option<String> {
    let cells = plan.sources.iter().zip(&plan.min_cells);
    let cells: Cells = cells.map(|(s, c)| (s.name.clone(), u64::from(c.min))).collect();
    between(&plan.out, files, &cells)
}

/// The smallest count that is shown of a source's people, by its name.
type Cells = BTreeMap<String, u64>;

/// The same by the folder and the smallest counts.
fn between(out: &Path, files: &[(String, Vec<u8>)], cells: &Cells) -> Option<String> {
    let (_, new) = files.iter().find(|(name, _)| name == "summary.json")?;
    let old = crate::fsx::read_to_string(&out.join("summary.json")).ok()?;
    let [old, new] = [old.as_bytes(), new].map(|b| serde_json::from_slice::<Value>(b).ok());
    let n = small_differences(&counts(&old?), &counts(&new?), cells);
    let min_cell = cells.values().max().copied().unwrap_or_default();
    (n > 0).then(|| {
        let (counts, stand) = if n == 1 { ("count", "stands") } else { ("counts", "stand") };
        format!(
            "{} {counts} of people {stand} in the earlier report of this folder too and differ by \
             fewer than {min_cell}: whoever has both reports knows how few people the difference \
             is, so publish one of them",
            thousands(n)
        )
    })
}

/// How many counts differ by a small number of people.
fn small_differences(old: &Counts, new: &Counts, cells: &Cells) -> u64 {
    let is_small = |(place, n): (&(String, String, String), &u64)| {
        let difference = old.get(place)?.abs_diff(*n);
        Some((1..*cells.get(&place.0)?).contains(&difference))
    };
    new.iter().filter_map(is_small).filter(|small| *small).count() as u64
}

/// Counts that are shown, by source, table and theme; the base stands under no theme.
type Counts = BTreeMap<(String, String, String), u64>;

fn counts(summary: &Value) -> Counts {
    let mut counts = Counts::new();
    let theme = |row: &Value| {
        let at = row["theme"].as_u64().and_then(|t| usize::try_from(t).ok());
        let theme = at.map(|at| &summary["themes"][at]["id"]);
        theme.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    for source in array(&summary["sources"]) {
        let name = text(&source["name"]);
        let mut put = |table: &str, theme: String, shown: &Value| {
            if let Some(n) = shown["exactly"].as_u64() {
                counts.insert((name.clone(), table.to_owned(), theme), n);
            }
        };
        for question in array(&source["questions"]) {
            let table = format!("question {}", text(&question["text"]));
            put(&table, String::new(), &question["base"]);
            for row in array(&question["rows"]) {
                put(&table, theme(row), &row["participants"]);
                for part in array(&row["stances"]["parts"]) {
                    let of = format!("{table} {}", text(&part["stance"]));
                    put(&of, theme(row), &json!({ "exactly": part["people"] }));
                }
            }
        }
        for group in array(&source["groups"]) {
            let column = text(&group["column"]);
            for (at, value) in array(&group["values"]).iter().enumerate() {
                let table = format!("group {column} {}", text(&value[0]));
                put(&table, String::new(), &value[1]);
                for row in array(&group["rows"]) {
                    put(&table, theme(row), &row["cells"][at][0]);
                }
            }
        }
    }
    counts
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(base: u64, lights: u64, north: u64) -> Value {
        json!({
            "themes": [{"id": "lights"}],
            "sources": [{
                "name": "Survey",
                "questions": [{
                    "text": "Q",
                    "base": {"exactly": base},
                    "rows": [{"theme": 0, "participants": {"exactly": lights}}],
                }],
                "groups": [{
                    "column": "District",
                    "values": [["North", {"exactly": 40}]],
                    "rows": [{"theme": 0, "cells": [[{"exactly": north}, null], ["withheld", null]]}],
                }],
            }],
        })
    }

    #[test]
    fn a_difference_of_a_few_people_between_two_reports_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let write = |v: &Value| std::fs::write(folder.path().join("summary.json"), v.to_string());
        let said = |v: &Value| {
            let files = [("summary.json".to_owned(), v.to_string().into_bytes())];
            between(folder.path(), &files, &Cells::from([("Survey".to_owned(), 11)]))
        };
        let first = summary(120, 50, 20);
        assert_eq!(said(&first), None, "there is no earlier report");
        write(&first).unwrap();
        assert_eq!(said(&first), None, "the same again");
        assert_eq!(said(&summary(140, 61, 31)), None, "eleven people and more");
        let note = said(&summary(123, 51, 31)).unwrap();
        assert!(note.starts_with("2 counts of people stand in the earlier report"), "{note}");
        let one = said(&summary(120, 53, 20)).unwrap();
        assert!(one.starts_with("1 count of people stands"), "{one}");
        assert!(!note.contains("123") && !one.contains("53"), "no number of the report");
    }
}
