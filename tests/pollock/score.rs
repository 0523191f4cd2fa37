//! The ten numbers of the benchmark: success, and precision, recall and F1 of the header, of the
//! records and of the cells. Two headers are compared by their names, two tables by their records
//! (the same cells in the same order; the order of records counts for nothing) and by their
//! cells, wherever they stand. Source: Vitagliano, Hameed, Jiang, Reisener, Wu and Naumann,
//! "Pollock: A Data Loading Benchmark", PVLDB 16(8), 2023.

use std::collections::BTreeMap;

use super::Expected;

/// The ten numbers, each from 0 to 1.
pub(super) type Scores = [f64; 10];

/// The names of the ten numbers.
pub(super) const NAMES: [&str; 10] = [
    "success",
    "header P",
    "header R",
    "header F1",
    "record P",
    "record R",
    "record F1",
    "cell P",
    "cell R",
    "cell F1",
];

/// The scores of what was loaded; `None` where nothing was.
pub(super) fn score(expected: &Expected, loaded: Option<&Expected>) -> Scores {
    let Some(loaded) = loaded else { return [0.0; 10] };
    let cells = |t: &Expected| t.records.concat();
    let header = compare(&expected.header, &loaded.header);
    let records = compare(&expected.records, &loaded.records);
    let cells = compare(&cells(expected), &cells(loaded));
    let mut scores = [1.0; 10];
    scores[1..4].copy_from_slice(&header);
    scores[4..7].copy_from_slice(&records);
    scores[7..].copy_from_slice(&cells);
    scores
}

/// Precision, recall and F1 of two bags.
fn compare<T: Ord>(expected: &[T], loaded: &[T]) -> [f64; 3] {
    let mut left: BTreeMap<&T, usize> = BTreeMap::new();
    for item in expected {
        *left.entry(item).or_insert(0) += 1;
    }
    let mut n_common = 0.0;
    for item in loaded {
        if let Some(n) = left.get_mut(item).filter(|n| **n > 0) {
            *n -= 1;
            n_common += 1.0;
        }
    }
    let share = |n: usize| match n {
        0 if expected.is_empty() && loaded.is_empty() => 1.0,
        0 => 0.0,
        n => n_common / n as f64,
    };
    let (precision, recall) = (share(loaded.len()), share(expected.len()));
    let sum = precision + recall;
    [precision, recall, if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }]
}

#[test]
fn a_lost_record_costs_recall_and_an_invented_one_precision() {
    let row = |c: &str| vec![c.to_owned(), "x".to_owned()];
    let table = |rows: &[&str]| Expected {
        header: row("h"),
        records: rows.iter().map(|c| row(c)).collect(),
    };
    let scores = score(&table(&["a", "b"]), Some(&table(&["b"])));
    assert_eq!(scores[..4], [1.0; 4]);
    assert_eq!(scores[4..6], [1.0, 0.5]);
    assert!((scores[6] - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(score(&table(&["a"]), Some(&table(&["a", "c"])))[4], 0.5);
    assert_eq!(score(&table(&["a"]), None), [0.0; 10]);
}
