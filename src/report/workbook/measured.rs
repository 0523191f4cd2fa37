//! The tables of the workbook that say how often the program errs.
//!
//! In: the view's measured part. Out: one [`Grid`] each. Must not know: cells' looks.

use super::grid::{Cell, Column, Grid, Row, numbers, words};
use crate::report::view::{ErrorRow, MeasuredView, QualityRow, ShareView, View};
use crate::report::words::label;

/// The tables; none where nothing was measured.
pub(super) fn grids(view: &View) -> Vec<Grid> {
    let Some(measured) = &view.measured else { return Vec::new() };
    let mut grids = vec![quality(view, measured)];
    grids.extend((!measured.groups.is_empty()).then(|| groups(measured)));
    grids
}

fn quality(view: &View, measured: &MeasuredView) -> Grid {
    let row = |t: &QualityRow| {
        let mut cells = vec![Cell::Text(label(view, t.theme).to_owned()), Cell::count(t.people)];
        cells.extend([t.precision, t.recall, t.f1].into_iter().flat_map(ends));
        cells.push(t.alpha.map_or(Cell::Empty, Cell::Ratio));
        plain(cells)
    };
    let mut columns = vec![words("Theme", 40.0), numbers("Given by people", 12.0)];
    columns.extend(["Precision", "Recall", "F1"].into_iter().flat_map(heads));
    columns.push(numbers("Coders\u{2019} alpha", 10.0));
    Grid {
        name: "Quality by theme".into(),
        title: "How well the program codes, theme by theme".into(),
        reading: "By people's codes of a sample. Precision: of the program's codes, the part that \
                  people gave too. Recall: of people's codes, the part that the program found. F1 \
                  is their harmonic mean. Low and high are the ends of 95 % intervals."
            .into(),
        fixed: 1,
        columns,
        rows: measured.themes.iter().map(row).collect(),
    }
}

fn groups(measured: &MeasuredView) -> Grid {
    let row = |g: &ErrorRow| {
        let mut cells: Vec<Cell> =
            [&g.source, &g.column, &g.value].into_iter().map(|t| Cell::Text(t.clone())).collect();
        cells.push(Cell::count(g.people));
        cells.extend([g.missed, g.added].into_iter().flat_map(ends));
        plain(cells)
    };
    let mut columns = vec![words("Source", 26.0), words("Group", 18.0), words("Value", 24.0)];
    columns.push(numbers("People compared", 12.0));
    columns.extend(["Missed", "Added"].into_iter().flat_map(heads));
    Grid {
        name: "Errors by group".into(),
        title: "How often the program errs, group by group".into(),
        reading: "Missed: of the themes that people gave, the part that the program did not find. \
                  Added: of those that people did not give, the part that it gave."
            .into(),
        fixed: 3,
        columns,
        rows: measured.groups.iter().map(row).collect(),
    }
}

fn plain(cells: Vec<Cell>) -> Row {
    cells.into_iter().map(|c| (c, 0)).collect()
}

fn heads(head: &str) -> [Column; 3] {
    [numbers(head, 10.0), numbers("Low", 8.0), numbers("High", 8.0)]
}

fn ends(share: Option<ShareView>) -> [Cell; 3] {
    match share {
        Some(s) => [s.value, s.low, s.high].map(Cell::Ratio),
        None => std::array::from_fn(|_| Cell::Empty),
    }
}
