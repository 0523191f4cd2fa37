//! One question: its base, its chart, its full table, what people said.
//!
//! In: one question of the view. Out: a part of its source's section. Must not know: breakdowns.

use maud::{Markup, html};

use super::page::scroll_box;
use super::{behind, chart};
use crate::report::stance::{self, has_stances};
use crate::report::view::{QuestionView, Shown, SourceView, ThemeRow, View};
use crate::report::words::{
    capitalised, corrected, files_of, has_copies, has_corrected, has_weighted, interval,
    is_protected, label, shown, thousands, weighted, with_copies,
};

/// Themes whose quotes stand open on the page; those of the others are folded.
const OPEN_QUOTES: usize = 3;

/// The part.
pub fn part(view: &View, source: &SourceView, question: &QuestionView) -> Markup {
    html! {
        article.question id=(question.anchor) {
            h3 dir="auto" { (question.text) }
            (base(source, question))
            @if question.rows.is_empty() {
                p { "No area or theme of the codebook was raised in answers that could be coded." }
            } @else {
                (chart::chart(view, source, question))
                (full_table(view, source, question))
            }
            (quotes(view, question))
            @if !question.unraised.is_empty() { (unraised(question)) }
        }
    }
}

fn base(source: &SourceView, question: &QuestionView) -> Markup {
    html! {
        p.base {
            (capitalised(&source.unit)) " with something that could be coded: "
            strong { (shown(question.base)) } "."
            @if !source.shares && !source.file_unit.is_empty() {
                " " (capitalised(&source.file_unit)) " with something that could be coded: "
                strong { (thousands(question.file_base)) } "."
            }
            @if question.copies != Shown::Exactly(0) {
                " Answers set aside as copies of a campaign text: "
                strong { (shown(question.copies)) } "."
            }
        }
    }
}

/// The table with every row; folded, since the chart shows the largest.
fn full_table(view: &View, source: &SourceView, question: &QuestionView) -> Markup {
    let files = !source.shares && !source.file_unit.is_empty();
    let copies = has_copies(question);
    let measured = source.shares && has_corrected(question);
    let weights = has_weighted(question);
    let stances = has_stances(question);
    let columns = 2 + [source.shares, measured, weights, files, copies, stances]
        .into_iter()
        .filter(|c| *c)
        .count();
    let table = html! {
        table.full {
            caption dir="auto" { (question.text) }
            thead {
                tr {
                    th scope="col" { "Area or theme" }
                    @if source.shares { th.n scope="col" { "Share (95 % interval)" } }
                    @if measured { th.n scope="col" { "Corrected for errors" } }
                    @if weights { th.n scope="col" { "By weights" } }
                    @if files {
                        th.n scope="col" {
                            "Raised in, of " (thousands(question.file_base)) " " (source.file_unit)
                        }
                    }
                    th.n scope="col" { (capitalised(&source.unit)) }
                    @if copies { th.n scope="col" { "With the copies" } }
                    @if stances { th scope="col" { (stance::HEAD) } }
                }
            }
            tbody {
                @for row in &question.rows {
                    tr.area[row.level == 0].theme[row.level > 0] data-t=(row.theme) {
                        th scope="row" dir="auto" { (label(view, row.theme)) }
                        @if source.shares { (share_cell(row)) }
                        @if measured { td.n { (corrected(row.corrected.as_ref())) } }
                        @if weights { td.n { (weighted(row.weighted.as_ref())) } }
                        @if files { td.n.protected[row.files.is_none()] { (files_of(row)) } }
                        td.n.protected[is_protected(row.participants)] { (shown(row.participants)) }
                        @if copies { td.n { (with_copies(row)) } }
                        @if stances { td { (stance::parts(view, source, row)) } }
                    }
                    (behind::row(view, (source, question), row, columns))
                }
            }
        }
    };
    let protected = question.rows.iter().any(|row| is_protected(row.participants));
    html! {
        details {
            summary { "All areas and themes as a table (" (question.rows.len()) ")" }
            (scroll_box("Table: all areas and themes", &table))
            @if protected { (protection_note()) }
            @if stances { (stance_note()) }
            @if !behind::any(source) { (no_sentences()) }
        }
    }
}

/// What the parts of a theme are, and why many have none.
fn stance_note() -> Markup {
    html! {
        p.note {
            "What they say of it is read from their words by fixed rules; “otherwise” holds all whose "
            "part is not given. Not told: no part could be given without telling of a few people. "
            "Of areas it is not said."
        }
    }
}

/// Why no row has sentences behind it.
fn no_sentences() -> Markup {
    html! {
        p.note {
            "No sentence can be opened here: sentences stand behind a count of people that is given, "
            "and where the study lets them be quoted."
        }
    }
}

/// Why some counts are not given.
pub fn protection_note() -> Markup {
    html! {
        p.note {
            "Small counts of people are not given, so that nobody can be recognised, nor counts "
            "that would give one away; their shares are not given either."
        }
    }
}

fn share_cell(row: &ThemeRow) -> Markup {
    match &row.share {
        Some(share) => html! { td.n { (interval(share)) } },
        None => html! { td.n.protected { "not shown" } },
    }
}

fn quotes(view: &View, question: &QuestionView) -> Markup {
    let rows: Vec<&ThemeRow> = question.rows.iter().filter(|row| !row.quotes.is_empty()).collect();
    if rows.is_empty() {
        return html! {};
    }
    let (open, folded) = rows.split_at(rows.len().min(OPEN_QUOTES));
    html! {
        div.own-words {
            h4 { "In their own words" }
            div.quotes { @for row in open { (quotes_of(view, row)) } }
            @if !folded.is_empty() {
                details {
                    summary { "Quotes on further themes (" (folded.len()) ")" }
                    div.quotes { @for row in folded { (quotes_of(view, row)) } }
                }
            }
        }
    }
}

fn quotes_of(view: &View, row: &ThemeRow) -> Markup {
    html! {
        div.said data-t=(row.theme) {
            h5 dir="auto" { (label(view, row.theme)) }
            @for quote in &row.quotes { blockquote dir="auto" { p { (quote.text) } } }
        }
    }
}

fn unraised(question: &QuestionView) -> Markup {
    html! {
        details {
            summary { "Themes that nobody raised here (" (question.unraised.len()) ")" }
            ul.unraised { @for label in &question.unraised { li dir="auto" { (label) } } }
        }
    }
}
