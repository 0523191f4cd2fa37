//! The table of the workbook that says which areas the same people raise.
//!
//! In: the view. Out: a [`Grid`]. Must not know: cells' looks.

use super::grid::{Cell, Grid, Row, numbers, words};
use crate::report::together::{HEADING, LIMITS, NUMBERS, PAIR};
use crate::report::view::{ShareView, SourceView, TogetherRow, View};
use crate::report::words::label;

/// The table; none where no source has pairs.
pub(super) fn grid(view: &View) -> Option<Grid> {
    let pairs = |source: &'_ SourceView| source.together.clone().into_iter().flat_map(|t| t.rows);
    let rows: Vec<Row> = view
        .sources
        .iter()
        .flat_map(|source| pairs(source).map(|pair| row(view, source, &pair)))
        .collect();
    let [both, among, others, difference, reverse] = NUMBERS;
    let mut columns = vec![words("Source", 24.0)];
    columns.extend(PAIR.map(|head| words(head, 34.0)));
    columns.push(numbers(both, 10.0));
    for head in [among, others, difference, reverse] {
        columns.extend([numbers(head, 12.0), numbers("Low", 8.0), numbers("High", 8.0)]);
    }
    columns.push(numbers("p, adjusted", 11.0));
    (!rows.is_empty()).then(|| Grid {
        name: "Said together".into(),
        title: HEADING.into(),
        reading: format!(
            "Of people who answered every question; low and high are the ends of 95 % intervals; p is \
             that of no tie, times the number of pairs looked at. {LIMITS}"
        ),
        fixed: 3,
        columns,
        rows,
    })
}

fn row(view: &View, source: &SourceView, pair: &TogetherRow) -> Row {
    let mut cells = vec![
        Cell::Text(source.name.clone()),
        Cell::Text(label(view, pair.first).to_owned()),
        Cell::Text(label(view, pair.second).to_owned()),
        Cell::Number(pair.both),
    ];
    let ends = |s: &ShareView| [s.value, s.low, s.high].map(Cell::Share);
    cells.extend(ends(&pair.among));
    cells.extend(ends(&pair.others));
    let d = &pair.difference;
    cells.extend([d.value, d.low, d.high].map(|part| Cell::Points(part * 100.0)));
    cells.extend(ends(&pair.reverse));
    cells.push(Cell::Chance(pair.p_adjusted));
    cells.into_iter().map(|c| (c, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::html::fixture;

    #[test]
    fn a_pair_is_a_row_of_numbers_and_without_pairs_there_is_no_sheet() {
        let mut view = fixture::view();
        let grid = grid(&view).unwrap();
        let pairs = view.sources.iter().flat_map(|s| &s.together).map(|t| t.rows.len());
        assert_eq!(grid.rows.len(), pairs.sum::<usize>());
        assert!(grid.rows.iter().all(|row| row.len() == grid.columns.len()));
        assert!(matches!(grid.rows[0][3].0, Cell::Number(41)));
        assert!(matches!(grid.rows[0].last(), Some((Cell::Chance(p), _)) if *p < 1e-5));
        view.sources.iter_mut().for_each(|s| s.together = None);
        assert!(super::grid(&view).is_none());
    }
}
