//! One source's synthesis: who was heard, what came up most, in whose words, and how groups
//! differ.
//!
//! In: one source of the view. Out: blocks. Must not know: other sources.

use super::Error;
use super::blocks::{Doc, Face};
use super::table::{Cell, Side, Table};
use crate::report::figure::{Drawn, figure};
use crate::report::stance::{self, has_stances};
use crate::report::view::{
    AccountRow, CorrectedView, GroupRow, GroupView, QuestionView, Shown, SourceView, ThemeRow, View,
};
use crate::report::words::{
    capitalised, change, corrected, has_copies, has_corrected, has_weighted, interval,
    is_protected, label, largest, shown, shown_briefly, step, stretches, thousands, weighted,
    with_copies,
};

/// Rows of a source's own tables; every row stands in the tables at the end.
const ROWS: usize = 15;
/// Themes with quotes in a source's section.
const QUOTED: usize = 6;
/// Values of a group side by side.
const ACROSS: usize = 6;

/// The section.
pub(super) fn section(doc: &mut Doc, view: &View, source: &SourceView) -> Result<(), Error> {
    doc.chapter(&source.name);
    doc.paragraph("Subtitle", &format!("{} · {}", source.perspective, source.kind_label));
    doc.heading(2, "Who was heard");
    doc.paragraph("Normal", &source.base_sentence);
    if let Some(row) = view.account.rows.iter().find(|row| row.name == source.name) {
        doc.paragraph("Normal", &account(view, row));
    }
    let Some((all, questions)) = source.questions.split_first() else { return Ok(()) };
    doc.heading(2, "What came up most");
    doc.list(source.findings.iter().map(String::as_str));
    if all.rows.is_empty() {
        doc.paragraph(
            "Normal",
            "No area or theme of the codebook was raised in answers that could be coded.",
        );
        return Ok(());
    }
    if let Some(figure) = figure(view, source, all, Drawn::Graded) {
        doc.figure(&figure)?;
    }
    counts(doc, view, source, all, ROWS);
    quotes(doc, view, all);
    if !questions.is_empty() {
        doc.heading(2, "Question by question");
    }
    for question in questions {
        doc.heading(3, &question.text);
        if question.rows.is_empty() {
            doc.paragraph("Normal", "No area or theme was raised in answers that could be coded.");
        } else {
            counts(doc, view, source, question, ROWS);
        }
    }
    for group in &source.groups {
        breakdown(doc, view, source, group);
    }
    super::together::part(doc, view, source);
    Ok(())
}

/// What became of everything that was read.
fn account(view: &View, row: &AccountRow) -> String {
    let states =
        view.account.states.iter().zip(&row.states).filter(|(_, n)| **n != Shown::Exactly(0));
    let states: Vec<String> =
        states.map(|(state, n)| format!("{} {}", shown(*n), state.label.to_lowercase())).collect();
    format!(
        "Read: {} {} from {} {}, which hold {} {}: {}.",
        shown(row.rows),
        if row.rows == Shown::Exactly(1) { "row or turn" } else { "rows or turns" },
        thousands(row.files),
        if row.files == 1 { "file" } else { "files" },
        shown(row.responses),
        if row.responses == Shown::Exactly(1) { "response" } else { "responses" },
        states.join(", "),
    )
}

/// The table of one question, its largest rows or all of them.
pub(super) fn counts(
    doc: &mut Doc,
    view: &View,
    source: &SourceView,
    question: &QuestionView,
    most: usize,
) {
    let rows: Vec<&ThemeRow> = question.rows.iter().collect();
    let rows = if source.shares {
        largest(&rows, most, |row| row.share.map_or(0.0, |s| s.value))
    } else {
        largest(&rows, most, |row| row.files.unwrap_or(0) as f64)
    };
    let n = question.rows.len();
    let which = if rows.len() < n {
        format!("The {} areas and themes raised most, of {n}", rows.len())
    } else {
        "All areas and themes that were raised".to_owned()
    };
    let files = !source.shares && !source.file_unit.is_empty();
    let copies = has_copies(question);
    let (measured, weights) = (has_corrected(question), has_weighted(question));
    let mut columns = vec![("Area or theme".to_owned(), Side::Words, 52)];
    if source.shares {
        columns.push(("Share (95 % interval)".into(), Side::Numbers, 24));
    }
    if measured {
        columns.push(("Corrected for errors".into(), Side::Numbers, 24));
    }
    if weights {
        columns.push(("By weights".into(), Side::Numbers, 24));
    }
    if files {
        columns.push(("Raised in".into(), Side::Numbers, 24));
    }
    columns.push((format!("By, of {} {}", shown(question.base), source.unit), Side::Numbers, 24));
    if copies {
        columns.push(("With the copies".into(), Side::Numbers, 18));
    }
    let stances = has_stances(question);
    if stances {
        columns.push((stance::HEAD.into(), Side::Words, 30));
    }
    let cells = |row: &&ThemeRow| {
        let mut cells = vec![Cell::name(label(view, row.theme), row.level)];
        if source.shares {
            cells.push(match &row.share {
                Some(share) => Cell::text(interval(share)),
                None => Cell::face("not shown", Face::Quiet),
            });
        }
        if measured {
            cells.push(Cell::text(corrected(row.corrected.as_ref())));
        }
        if weights {
            cells.push(Cell::text(weighted(row.weighted.as_ref())));
        }
        if files {
            cells.push(match row.files {
                None => Cell::face("not shown", Face::Quiet),
                Some(files) => Cell::text(format!(
                    "{} of {} {}",
                    thousands(files),
                    thousands(question.file_base),
                    source.file_unit
                )),
            });
        }
        let face = if is_protected(row.participants) { Face::Quiet } else { Face::Plain };
        cells.push(Cell::face(shown(row.participants), face));
        if copies {
            cells.push(Cell::text(with_copies(row)));
        }
        if stances {
            cells.push(Cell::text(stance::parts(view, source, row)));
        }
        cells
    };
    let caption = format!("{which}: {}", question.text);
    doc.table(&Table { caption, columns, rows: rows.iter().map(cells).collect(), to_fill: false });
    if rows.iter().any(|row| is_protected(row.participants)) {
        protection(doc);
    }
}

fn protection(doc: &mut Doc) {
    doc.paragraph(
        "Note",
        "Small counts of people are not given, so that nobody can be recognised, nor counts that \
         would give one away; their shares are not given either.",
    );
}

/// Quotes on the themes that most people raised.
fn quotes(doc: &mut Doc, view: &View, question: &QuestionView) {
    let quoted: Vec<&ThemeRow> = question.rows.iter().filter(|r| !r.quotes.is_empty()).collect();
    if quoted.is_empty() {
        return;
    }
    let strength =
        |row: &ThemeRow| row.share.map_or(row.files.unwrap_or(0) as f64 / 1e9, |s| s.value);
    let rows = largest(&quoted, QUOTED, strength);
    doc.heading(2, "In their own words");
    let left = quoted.len() - rows.len();
    if left > 0 {
        doc.paragraph(
            "Note",
            &format!(
                "On the themes raised most. Quotes on {left} further {} may be shown: the report \
                 page, summary.json and the workbook hold them.",
                if left == 1 { "theme" } else { "themes" }
            ),
        );
    }
    for row in &rows {
        doc.paragraph("QuoteTheme", &capitalised(label(view, row.theme)));
        for quote in &row.quotes {
            doc.paragraph("Quote", &format!("“{}”", quote.text));
        }
    }
}

/// Areas (or, where there are none, themes), and what differs clearly, by the values of a group.
fn breakdown(doc: &mut Doc, view: &View, source: &SourceView, group: &GroupView) {
    doc.heading(2, &format!("By {}", group.column));
    let areas = group.rows.iter().any(|row| row.level == 0);
    let differs = |row: &GroupRow| row.differences.iter().flatten().any(|d| d.clear);
    let rows: Vec<&GroupRow> =
        group.rows.iter().filter(|row| !areas || row.level == 0 || differs(row)).collect();
    if group.values.is_empty() || rows.is_empty() {
        doc.paragraph("Normal", "No value of this column has enough people behind it to be shown.");
        return;
    }
    if group.too_small > 0 {
        let n = thousands(group.too_small as u64);
        doc.paragraph(
            "Normal",
            &format!(
                "Values left out because too few people stand behind them or behind another: {n}."
            ),
        );
    }
    doc.list(group.findings.iter().map(String::as_str));
    if change::is_marked(group) {
        doc.paragraph("Note", change::LEGEND);
    }
    for range in stretches(group.values.len(), ACROSS) {
        let mut columns = vec![("Area or theme".to_owned(), Side::Words, 34)];
        let values = &group.values[range.clone()];
        columns.extend(values.iter().map(|(value, base)| {
            (format!("{value}\n{} {}", shown(*base), source.unit), Side::Numbers, 16)
        }));
        let row = |row: &&GroupRow| {
            let mut cells = vec![Cell::name(label(view, row.theme), row.level)];
            let shown = row.cells.iter().skip(range.start).take(range.len());
            let corrected = |at: usize| match row.corrected.get(at) {
                Some(Some(CorrectedView::Share { share, .. })) => {
                    format!("\ncorrected {}", interval(share))
                }
                _ => String::new(),
            };
            cells.extend(shown.enumerate().map(|(at, (count, share))| match share {
                Some(share) => {
                    let mark = change::mark(row.differences.get(range.start + at));
                    let mark = mark.map(|m| format!("\n{m}")).unwrap_or_default();
                    let text = interval(share) + &corrected(range.start + at) + &mark;
                    Cell::text(text).shaded(step(share.value))
                }
                None if is_protected(*count) => Cell::face(shown_briefly(*count), Face::Quiet),
                None => Cell::text(shown_briefly(*count)),
            }));
            cells
        };
        let rows = rows.iter().map(row).collect();
        let what = if source.shares { "Share (95 % interval)" } else { "People who raised it" };
        let caption = format!("{what} by {}, all questions together", group.column);
        doc.table(&Table { caption, columns, rows, to_fill: false });
    }
    let all = group.rows.iter().flat_map(|row| &row.cells);
    if all.into_iter().any(|cell| is_protected(cell.0)) {
        protection(doc);
    }
}
