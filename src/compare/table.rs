//! A comparison as CSV: one row a theme in a question or a group.
//!
//! In: a [`Comparison`]. Out: bytes. Nothing stands where a number is protected. Numbers are
//! written as numbers, minus sign and all; text that a spreadsheet could take for a formula is
//! kept from that. Must not know: how a number came about.

use super::{Basis, Comparison, Row, Side, SourcePair, TablePair};
use crate::measure::Estimate;
use crate::report::cell::safe;
use crate::report::view::{ShareView, Shown};

const HEADER: [&str; 38] = [
    "source",
    "kind",
    "perspective",
    "question",
    "group",
    "theme",
    "label",
    "area",
    "redefined",
    "then_participants",
    "then_base",
    "then_share",
    "then_low",
    "then_high",
    "then_corrected_share",
    "then_files",
    "then_files_base",
    "now_participants",
    "now_base",
    "now_share",
    "now_low",
    "now_high",
    "now_corrected_share",
    "now_files",
    "now_files_base",
    "difference",
    "difference_low",
    "difference_high",
    "corrected_difference",
    "corrected_difference_low",
    "corrected_difference_high",
    "decided_by",
    "p",
    "p_adjusted",
    "verdict",
    "clear",
    "then_wave",
    "now_wave",
];

/// The file's bytes.
pub(super) fn render(found: &Comparison) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = csv.write_record(HEADER);
    for source in &found.sources {
        for table in &source.questions {
            rows(&mut csv, found, source, (table, &table.name, ""));
        }
        let all = source.questions.first().map_or("", |table| &table.name);
        for column in &source.groups {
            for table in &column.values {
                let group = format!("{}={}", column.column, table.name);
                rows(&mut csv, found, source, (table, all, &group));
            }
        }
    }
    csv.into_inner().unwrap_or_default()
}

fn rows(
    csv: &mut csv::Writer<Vec<u8>>,
    found: &Comparison,
    source: &SourcePair,
    (table, question, group): (&TablePair, &str, &str),
) {
    for row in &table.rows {
        let text = [
            source.name.as_str(),
            &source.kind,
            &source.perspective,
            question,
            group,
            &row.theme,
            &row.label,
            row.area.as_deref().unwrap_or_default(),
        ];
        let mut cells: Vec<String> = text.iter().map(|cell| safe(cell).into_owned()).collect();
        cells.push(yes(row.redefined));
        for (side, at) in [(&row.then, 0), (&row.now, 1)] {
            let file_base = (table.file_base[at] > 0).then_some(table.file_base[at]);
            cells.extend(side_cells(side.as_ref(), table.base[at], file_base));
        }
        cells.extend(judged(row));
        cells.extend(found.waves.iter().map(|wave| safe(&wave.name).into_owned()));
        let _ = csv.write_record(cells);
    }
}

fn side_cells(side: Option<&Side>, base: Shown, file_base: Option<u64>) -> [String; 8] {
    let whole = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let part = |share: Option<ShareView>, of: fn(ShareView) -> f64| {
        share.map(|share| number(of(share))).unwrap_or_default()
    };
    let share = side.and_then(|side| side.share);
    [
        whole(side.and_then(|side| side.people.number())),
        whole(base.number()),
        part(share, |s| s.value),
        part(share, |s| s.low),
        part(share, |s| s.high),
        part(side.and_then(|side| side.corrected), |s| s.value),
        whole(side.and_then(|side| side.files)),
        whole(file_base),
    ]
}

fn judged(row: &Row) -> Vec<String> {
    let three = |d: Option<Estimate>| match d {
        Some(d) => [d.value, d.low, d.high].map(number),
        None => std::array::from_fn(|_| String::new()),
    };
    let basis = match row.decided_by {
        Some(Basis::Counted) => "counted",
        Some(Basis::Corrected) => "corrected",
        None => "",
    };
    let verdict = serde_json::to_value(row.verdict).ok();
    let verdict = verdict.as_ref().and_then(|v| v.as_str()).unwrap_or_default();
    let small = |p: f64| if p < 1e-3 { format!("{p:.3e}") } else { number(p) };
    let p = |p: Option<f64>| p.map(small).unwrap_or_default();
    let mut cells: Vec<String> = three(row.difference).to_vec();
    cells.extend(three(row.corrected_difference));
    cells.extend([basis.to_owned(), p(row.p), p(row.p_adjusted)]);
    cells.extend([verdict.to_owned(), yes(row.clear)]);
    cells
}

fn yes(is: bool) -> String {
    if is { "yes".into() } else { "no".into() }
}

fn number(x: f64) -> String {
    format!("{x:.6}")
}
