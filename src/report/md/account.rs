//! The front of the report: title, notes, what was read, the matrix at a glance.
//!
//! In: the view. Out: Markdown. Must not know: single sources.

use super::escape::escaped;
use super::{NUMBERS, Page, row_label};
use crate::report::view::{AccountRow, MatrixRow, Shown, View};
use crate::report::words::{read, shown, thousands};

pub(super) fn opening(page: &mut Page, view: &View) {
    page.heading(1, &escaped(&view.title));
    if let Some(notice) = &view.notice {
        page.block(&format!("*{}*", escaped(notice)));
    }
    if let Some(measured) = &view.measured {
        page.block("**Checked against people**");
        page.list(measured.findings.iter().map(|finding| escaped(finding)));
    } else {
        page.block(
            "> **Not yet checked by people.** A program assigned the codes in this report, from \
             the definitions and examples in the codebook. Nobody has yet checked how often it \
             errs. Counts and shares may be off, for some themes more than for others. Use this \
             report as a first reading.",
        );
    }
    if !view.warnings.is_empty() {
        page.block("**Please note**");
        page.list(view.warnings.iter().map(|warning| escaped(warning)));
    }
    page.block("**Contents**");
    let sources = view
        .sources
        .iter()
        .map(|source| format!("{} ({})", escaped(&source.name), escaped(&source.perspective)));
    let front = ["What was read", "At a glance"].map(str::to_owned);
    let back = ["For the plan", "Methods and limits", "Codebook"].map(str::to_owned);
    let checked = view.measured.as_ref().map(|_| "How well the program codes".to_owned());
    page.list(front.into_iter().chain(sources).chain(checked).chain(back));
}

/// A piece of a sentence: escaping drops blanks at the ends, which part it from the pieces beside it.
fn within(piece: &str) -> String {
    let blank = |there: bool| if there { " " } else { "" };
    let (before, after) = (blank(piece.starts_with(' ')), blank(piece.ends_with(' ')));
    format!("{before}{}{after}", escaped(piece))
}

pub(super) fn account(page: &mut Page, view: &View) {
    let account = &view.account;
    page.section("What was read");
    let pieces = read(account);
    let pieces = pieces.iter().enumerate().map(|(at, piece)| match at % 2 {
        1 => format!("**{}**", escaped(piece)),
        _ => within(piece),
    });
    page.block(&pieces.collect::<String>());
    let mut header = vec!["Source".to_owned(), "Files".to_owned(), "Rows and turns".to_owned()];
    header.extend(account.states.iter().map(|state| escaped(&state.label)));
    header.push("All responses".to_owned());
    let rows = account.lines().map(account_row);
    page.table(&header, NUMBERS, rows);
    page.block("What each state means:");
    page.list(
        account
            .states
            .iter()
            .map(|state| format!("**{}**: {}", escaped(&state.label), escaped(&state.meaning))),
    );
    if !account.languages.is_empty() {
        page.block(&format!(
            "**Languages set aside.** These answers were read and counted but not coded: {}.",
            listed(&account.languages)
        ));
    }
    if account.redactions.is_empty() {
        page.block("**Redaction.** The redaction rules found nothing to replace.");
    } else {
        page.block(&format!(
            "**Redaction.** Before anything else, these were taken out of the text and replaced \
             by a mark: {}.",
            listed(&account.redactions)
        ));
    }
}

fn account_row(row: &AccountRow) -> Vec<String> {
    let mut cells = vec![escaped(&row.name), thousands(row.files), shown(row.rows)];
    cells.extend(row.states.iter().map(|&count| shown(count)));
    cells.push(shown(row.responses));
    cells
}

fn listed(items: &[(String, Shown)]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|(name, count)| format!("{} ({})", escaped(name), shown(*count)))
        .collect();
    items.join(", ")
}

pub(super) fn glance(page: &mut Page, view: &View) {
    let matrix = &view.matrix;
    page.section("At a glance");
    page.list(matrix.findings.iter().map(|finding| escaped(finding)));
    if matrix.rows.is_empty() || matrix.columns.is_empty() {
        page.block("No theme of the codebook was raised in the answers that could be coded.");
        return;
    }
    page.block(
        "One column for each source; sources are never added together. A dash means that nobody \
         raised it.",
    );
    let mut header = vec!["Area or theme".to_owned()];
    header.extend(
        matrix
            .columns
            .iter()
            .map(|column| format!("{}: {}", escaped(&column.perspective), escaped(&column.source))),
    );
    page.table(&header, NUMBERS, matrix.rows.iter().map(|row| matrix_row(view, row)));
}

fn matrix_row(view: &View, row: &MatrixRow) -> Vec<String> {
    let mut cells = vec![row_label(view, row.theme, row.level)];
    cells.extend(row.cells.iter().map(|cell| escaped(&cell.text)));
    cells
}
