//! The table of groups: shares by value, and how each differs from everybody else's.
//!
//! In: the view. Out: a grid. Must not know: sheets, how a difference is tested.

use super::grid::{Cell, Column, Grid, Row, numbers, words};
use super::tables::{extra, further, level, more, name, plain, text};
use crate::report::view::{DifferenceView, GroupView, ShareView, SourceView, View};

/// Every theme by every value of every group column.
pub(super) fn groups(view: &View) -> Grid {
    let mut rows = Vec::new();
    for source in &view.sources {
        for group in &source.groups {
            group_rows(view, source, group, &mut rows);
        }
    }
    let reading = if rows.is_empty() {
        "No breakdown by a group may be shown, or the study names none."
    } else {
        "All questions of the source together. Where a small count could be worked out from the \
         others, a second one is not shown. Each share is compared with that of everyone else of the \
         source; more or less is said where the interval leaves out zero and p, adjusted over the \
         column's shares (Benjamini and Hochberg), is below .05."
    };
    Grid {
        name: "Groups".into(),
        title: "Areas and themes by group".into(),
        reading: reading.into(),
        fixed: 0,
        columns: [
            words("Source", 24.0),
            words("Group", 16.0),
            words("Value", 24.0),
            numbers("People in the value", 11.0),
            words("Level", 8.0),
            words("Area or theme", 36.0),
            words("Theme id", 24.0),
            numbers("Share", 11.0),
            numbers("Low", 11.0),
            numbers("High", 11.0),
            numbers("People who raised it", 14.0),
        ]
        .into_iter()
        .chain(further(&extra(view)))
        .chain(apart())
        .collect(),
        rows,
    }
}

/// The columns of the difference from everybody else.
fn apart() -> [Column; 6] {
    [
        numbers("Everyone else", 11.0),
        numbers("Difference (points)", 12.0),
        numbers("Difference low", 12.0),
        numbers("Difference high", 12.0),
        numbers("p adjusted", 11.0),
        words("Clearly", 10.0),
    ]
}

/// Their cells: the difference in percentage points.
fn apart_cells(difference: Option<DifferenceView>) -> [Cell; 6] {
    let Some(d) = difference else { return std::array::from_fn(|_| Cell::Empty) };
    let points = |part: f64| Cell::Points(part * 100.0);
    let clearly = match (d.clear, d.points.value > 0.0) {
        (false, _) => Cell::Empty,
        (true, true) => text("more"),
        (true, false) => text("less"),
    };
    let ShareView { value, low, high } = d.points;
    [
        Cell::Share(d.others),
        points(value),
        points(low),
        points(high),
        Cell::Chance(d.p_adjusted),
        clearly,
    ]
}

fn group_rows(view: &View, source: &SourceView, group: &GroupView, rows: &mut Vec<Row>) {
    let extra = extra(view);
    for (at, (value, base)) in group.values.iter().enumerate() {
        for row in &group.rows {
            let Some(&(count, share_of)) = row.cells.get(at) else { continue };
            let [share, low, high] = if source.shares {
                Cell::share(share_of)
            } else {
                std::array::from_fn(|_| Cell::Empty)
            };
            let mut cells = vec![
                text(&source.name),
                text(&group.column),
                text(value),
                Cell::count(*base),
                text(level(row.level)),
                name(view, row.theme, row.level),
                text(view.themes.get(row.theme).map_or("", |t| &t.id)),
                share,
                low,
                high,
                Cell::count(count),
            ];
            let corrected = row.corrected.get(at).copied().flatten();
            let weighted = row.weighted.get(at).copied().flatten();
            cells.extend(more(&extra, corrected, weighted));
            cells.extend(apart_cells(row.differences.get(at).copied().flatten()));
            rows.push(plain(cells));
        }
    }
}
