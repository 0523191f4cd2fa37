//! Areas that the same people raise: a table.
//!
//! In: the pairs of one source. Out: blocks. Must not know: how the pairs were chosen.

use super::blocks::Doc;
use super::table::{Cell, Side, Table};
use crate::report::together::{HEADING, NUMBERS, PAIR, reading};
use crate::report::view::{SourceView, TogetherRow, View};
use crate::report::words::change::change;
use crate::report::words::{interval, label, thousands};

/// The part, where the source has pairs.
pub(super) fn part(doc: &mut Doc, view: &View, source: &SourceView) {
    let Some(pairs) = &source.together else { return };
    doc.heading(2, HEADING);
    doc.paragraph("Normal", &reading(source, pairs));
    let mut columns: Vec<(String, Side, u32)> =
        PAIR.into_iter().map(|head| (head.to_owned(), Side::Words, 34)).collect();
    let widths = [14, 22, 22, 26, 22];
    let numbers = NUMBERS.into_iter().zip(widths);
    columns.extend(numbers.map(|(head, width)| (head.to_owned(), Side::Numbers, width)));
    let cells = |row: &TogetherRow| {
        vec![
            Cell::name(label(view, row.first), 0),
            Cell::text(label(view, row.second)),
            Cell::text(thousands(row.both)),
            Cell::text(interval(&row.among)),
            Cell::text(interval(&row.others)),
            Cell::text(change(&row.difference)),
            Cell::text(interval(&row.reverse)),
        ]
    };
    let rows = pairs.rows.iter().map(cells).collect();
    let caption = format!("Areas that the same {} raise", source.unit);
    doc.table(&Table { caption, columns, rows, to_fill: false });
}
