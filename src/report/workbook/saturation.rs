//! The table of saturation: how many themes come up in so many groups, interviews or sessions.
//!
//! In: the view. Out: a grid, where any source has a curve. Must not know: sheets, single groups.

use super::grid::{Cell, Grid, Row, numbers, words};
use super::tables::{plain, text};
use crate::report::view::{SourceView, View};

/// A row for each number of groups, interviews or sessions of each source with a curve.
pub(super) fn grid(view: &View) -> Option<Grid> {
    let rows: Vec<Row> = view.sources.iter().flat_map(of_source).collect();
    (!rows.is_empty()).then(|| Grid {
        name: "Saturation".into(),
        title: "How fast the themes of groups, interviews and sessions came up".into(),
        reading:
            "On average over all orders in which they could have been held. Of the codebook's \
                  themes that were found there; none where a theme's count is protected."
                .into(),
        fixed: 0,
        columns: vec![
            words("Source", 34.0),
            words("Counted", 14.0),
            numbers("After", 9.0),
            numbers("Themes that came up", 14.0),
            numbers("Themes found", 14.0),
        ],
        rows,
    })
}

fn of_source(source: &SourceView) -> Vec<Row> {
    let Some(curve) = &source.saturation else { return Vec::new() };
    let row = |(after, &found): (u64, &f64)| {
        plain(vec![
            text(&source.name),
            text(&source.file_unit),
            Cell::Number(after),
            Cell::Ratio(found),
            Cell::Number(curve.themes as u64),
        ])
    };
    (1..=curve.files).zip(&curve.after).map(row).collect()
}
