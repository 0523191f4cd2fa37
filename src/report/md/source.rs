//! One source: its questions, tables, quotes and breakdowns.
//!
//! In: one source of the view. Out: Markdown. Must not know: other sources.

use super::escape::escaped;
use super::{NUMBERS, Page, row_label};
use crate::report::stance::{self, has_stances};
use crate::report::view::{CorrectedView, GroupView, QuestionView, Shown, SourceView, View};
use crate::report::words::{
    capitalised, change, corrected, files_of, has_copies, has_corrected, has_weighted, interval,
    label, shown, thousands, weighted, with_copies,
};

pub(super) fn one_source(page: &mut Page, view: &View, source: &SourceView) {
    page.section(&escaped(&source.name));
    page.block(&format!("{} · {}", escaped(&source.perspective), escaped(&source.kind_label)));
    page.block(&escaped(&source.base_sentence));
    page.list(source.findings.iter().map(|finding| escaped(finding)));
    for question in &source.questions {
        one_question(page, view, source, question);
    }
    for group in &source.groups {
        one_group(page, view, source, group);
    }
    super::together::part(page, view, source);
}

fn one_question(page: &mut Page, view: &View, source: &SourceView, question: &QuestionView) {
    page.heading(3, &escaped(&question.text));
    page.block(&base(source, question));
    if question.rows.is_empty() {
        page.block("No area or theme of the codebook was raised in answers that could be coded.");
    } else {
        question_table(page, view, source, question);
    }
    if question.rows.iter().any(|row| !row.quotes.is_empty()) {
        page.heading(4, "In their own words");
        for row in question.rows.iter().filter(|row| !row.quotes.is_empty()) {
            page.block(&format!("**{}**", escaped(label(view, row.theme))));
            for quote in &row.quotes {
                page.block(&format!("> {}", escaped(&quote.text)));
                // Two block quotes in a row would run together.
                page.block("<!-- -->");
            }
        }
    }
    if !question.unraised.is_empty() {
        let labels: Vec<String> = question.unraised.iter().map(|label| escaped(label)).collect();
        page.block(&format!("Themes that nobody raised here: {}.", labels.join("; ")));
    }
}

fn base(source: &SourceView, question: &QuestionView) -> String {
    let mut text = format!(
        "{} with something that could be coded: **{}**.",
        escaped(&capitalised(&source.unit)),
        shown(question.base)
    );
    if counts_files(source) {
        text.push_str(&format!(
            " {} with something that could be coded: **{}**.",
            escaped(&capitalised(&source.file_unit)),
            thousands(question.file_base)
        ));
    }
    if question.copies != Shown::Exactly(0) {
        text.push_str(&format!(
            " Answers set aside as copies of a campaign text: **{}**.",
            shown(question.copies)
        ));
    }
    text
}

fn counts_files(source: &SourceView) -> bool {
    !source.shares && !source.file_unit.is_empty()
}

fn question_table(page: &mut Page, view: &View, source: &SourceView, question: &QuestionView) {
    let (files, copies) = (counts_files(source), has_copies(question));
    let measured = source.shares && has_corrected(question);
    let weights = has_weighted(question);
    let mut header = vec!["Area or theme".to_owned()];
    if source.shares {
        header.push("Share (95 % interval)".to_owned());
    }
    if measured {
        header.push("Corrected for errors".to_owned());
    }
    if weights {
        header.push("By weights".to_owned());
    }
    if files {
        let base = thousands(question.file_base);
        header.push(format!("Raised in, of {base} {}", escaped(&source.file_unit)));
    }
    header.push(escaped(&capitalised(&source.unit)));
    if copies {
        header.push("With the copies".to_owned());
    }
    let stances = has_stances(question);
    if stances {
        header.push(stance::HEAD.to_owned());
    }
    let rows = question.rows.iter().map(|row| {
        let mut cells = vec![row_label(view, row.theme, row.level)];
        if source.shares {
            cells.push(row.share.as_ref().map_or("not shown".to_owned(), interval));
        }
        if measured {
            cells.push(corrected(row.corrected.as_ref()));
        }
        if weights {
            cells.push(weighted(row.weighted.as_ref()));
        }
        if files {
            cells.push(files_of(row));
        }
        cells.push(shown(row.participants));
        if copies {
            cells.push(escaped(&with_copies(row)));
        }
        if stances {
            cells.push(escaped(&stance::parts(view, source, row)));
        }
        cells
    });
    page.table(&header, NUMBERS, rows);
}

fn one_group(page: &mut Page, view: &View, source: &SourceView, group: &GroupView) {
    page.heading(3, &format!("By {}", escaped(&group.column)));
    if group.values.is_empty() {
        page.block("No value of this column has enough people behind it to be shown.");
    } else {
        let unit = escaped(&source.unit);
        page.block(&format!(
            "All questions together. In brackets: how many {unit} stand behind the column."
        ));
    }
    if group.too_small > 0 {
        let n = thousands(group.too_small as u64);
        page.block(&format!(
            "Values left out because too few people stand behind them or behind another: {n}."
        ));
    }
    if group.values.is_empty() || group.rows.is_empty() {
        return;
    }
    page.list(group.findings.iter().map(|finding| escaped(finding)));
    if change::is_marked(group) {
        page.block(change::LEGEND);
    }
    let mut header = vec!["Area or theme".to_owned()];
    header.extend(
        group.values.iter().map(|(value, base)| format!("{} ({})", escaped(value), shown(*base))),
    );
    let rows = group.rows.iter().map(|row| {
        let mut cells = vec![row_label(view, row.theme, row.level)];
        cells.extend(row.cells.iter().enumerate().map(|(i, (count, share))| {
            let raw = share.as_ref().map_or_else(|| shown(*count), interval);
            let corrected = match row.corrected.get(i).and_then(Option::as_ref) {
                Some(CorrectedView::Share { share, .. }) => {
                    format!("<br>corrected {}", interval(share))
                }
                _ => String::new(),
            };
            let mark = change::mark(row.differences.get(i)).map(|m| format!("<br>{m}"));
            raw + &corrected + &mark.unwrap_or_default()
        }));
        cells
    });
    page.table(&header, NUMBERS, rows);
}
