//! The tables of the workbook that bring sources together: themes by perspective, themes by part
//! of the plan.
//!
//! In: the view's matrix and plans. Out: one [`Grid`] each. Must not know: cells' looks.

use super::grid::{Cell, Column, Grid, Row, numbers, words};
use super::tables::name;
use crate::report::html::plan::by_perspective;
use crate::report::stance::evidence;
use crate::report::view::{MatrixRow, PlanTag, SourceView, View};
use crate::report::words::{label, step};

/// Themes down, sources across.
pub(super) fn matrix(view: &View) -> Grid {
    let matrix = &view.matrix;
    let mut columns = vec![words("Area or theme", 40.0)];
    let head = |c: &crate::report::view::MatrixColumn| format!("{}: {}", c.perspective, c.source);
    columns.extend(matrix.columns.iter().map(|c| numbers(&head(c), 19.0)));
    let row = |row: &MatrixRow| -> Row {
        let mut cells: Row = vec![(name(view, row.theme, row.level), 0)];
        for (column, cell) in matrix.columns.iter().zip(&row.cells) {
            let source = view.sources.iter().find(|s| s.anchor == column.anchor);
            let value = source.and_then(|s| value(s, row.theme));
            let value = value.unwrap_or_else(|| Cell::Protected(cell.text.clone()));
            cells.push((value, step(cell.strength)));
        }
        cells
    };
    Grid {
        name: "Perspective matrix".into(),
        title: "Which source raised what".into(),
        reading: "One column for each source; sources are never added up. The stronger the shade, \
                  the larger the part of the people (where a percentage stands) or of the groups, \
                  interviews or sessions. A dash: nobody raised it."
            .into(),
        fixed: 1,
        columns,
        rows: matrix.rows.iter().map(row).collect(),
    }
}

/// A theme in a source, as a number where it may be given.
fn value(source: &SourceView, theme: usize) -> Option<Cell> {
    let all = source.questions.first()?;
    let row = all.rows.iter().find(|r| r.theme == theme)?;
    if source.shares {
        return row.share.map(|s| Cell::Share(s.value));
    }
    let files = row.files.filter(|&n| n > 0)?;
    Some(Cell::Of(files, all.file_base, source.file_unit.clone()))
}

/// Themes under each part of the plan, with room to write.
pub(super) fn plan(view: &View) -> Grid {
    let mut rows: Vec<Row> = Vec::new();
    for plan in &view.plans {
        for tag in &plan.tags {
            rows.extend(tag.rows.iter().map(|row| plan_row(view, (&plan.group, tag), row)));
        }
    }
    let reading = if rows.is_empty() {
        "No theme that people raised carries a tag such as `plan-element: …` in the codebook."
    } else {
        "What people raised, by the part of the plan it bears on, as the codebook's tags say. That \
         a theme stands here says that people raised it, not what should be done about it. The \
         last four columns are for you to fill in."
    };
    let columns: Vec<Column> = vec![
        words("Kind of part", 18.0),
        words("Part of the plan", 26.0),
        words("Area or theme", 32.0),
        words("Evidence by perspective", 52.0),
        words("In their own words", 52.0),
        words("Owner", 18.0),
        words("Action", 34.0),
        words("Measure", 24.0),
        words("Date", 12.0),
    ];
    Grid {
        name: "Planning matrix".into(),
        title: "For the plan".into(),
        reading: reading.into(),
        fixed: 3,
        columns,
        rows,
    }
}

fn plan_row(view: &View, (group, tag): (&str, &PlanTag), row: &MatrixRow) -> Row {
    let evidence: Vec<String> = by_perspective(&view.matrix.columns, &row.cells)
        .into_iter()
        .map(|(perspective, cells)| {
            let said: Vec<String> = cells
                .into_iter()
                .map(|(column, cell)| format!("{} ({})", evidence(cell), column.source))
                .collect();
            format!("{perspective}: {}", said.join(", "))
        })
        .collect();
    let cells = [
        Cell::Text(group.to_owned()),
        Cell::Text(tag.label.clone()),
        Cell::Strong(label(view, row.theme).to_owned()),
        Cell::Text(evidence.join("\n")),
        Cell::Text(said(view, row.theme).join("\n")),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Date,
    ];
    cells.into_iter().map(|c| (c, 0)).collect()
}

/// The first quote on a theme from each source.
fn said(view: &View, theme: usize) -> Vec<String> {
    let of_source = |source: &SourceView| {
        let row = source.questions.first()?.rows.iter().find(|r| r.theme == theme)?;
        let quote = row.quotes.first()?;
        Some(format!("{}: “{}”", source.perspective, quote.text))
    };
    view.sources.iter().filter_map(of_source).collect()
}
