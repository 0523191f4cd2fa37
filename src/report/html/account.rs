//! What was read: every response with its one state, as a sentence, a bar per source, a table.
//!
//! In: the view's account. Out: the section. Must not know: themes, quotes.

use std::ops::Range;

use maud::{Markup, html};

use super::page;
use crate::report::view::{AccountRow, AccountView, Shown, View};
use crate::report::words::{is_protected, read, shown, thousands};

/// Bars narrower than this part of the whole carry no number.
const ROOM_FOR_A_NUMBER: f64 = 0.13;

/// The section.
pub fn section(view: &View) -> Markup {
    let account = &view.account;
    let body = html! {
        p.lead { (sentence(account)) }
        (bars(account))
        (table(account))
        (meanings(account))
        (asides(account))
    };
    page::section(view, "account", &html! { "What was read" }, &body)
}

fn sentence(account: &AccountView) -> Markup {
    html! {
        @for (at, piece) in read(account).iter().enumerate() {
            @if at % 2 == 1 { strong { (piece) } } @else { (piece) }
        }
    }
}

fn bars(account: &AccountView) -> Markup {
    html! {
        figure.states {
            figcaption {
                strong { "Where the responses of each source went" }
                " Each bar is all of one source’s responses."
            }
            ul.key {
                @for (index, state) in account.states.iter().enumerate() {
                    @if account.rows.iter().any(|r| drawn(r, index) > 0) {
                        li { span.swatch.(state_class(&state.id, index)) {} (state.label) }
                    }
                }
            }
            div.state-rows {
                @for row in &account.rows {
                    p.state-name { bdi { (row.name) } span.quiet { " " (shown(row.responses)) } }
                    (bar(account, row))
                }
            }
        }
    }
}

/// Responses of a state, as many as a bar shows.
fn drawn(row: &AccountRow, index: usize) -> u64 {
    match (row.responses, row.states.get(index)) {
        (Shown::Exactly(_), Some(&Shown::Exactly(n))) => n,
        _ => 0,
    }
}

/// The parts that are told, in proportion to their sum; none where the whole is protected.
fn bar(account: &AccountView, row: &AccountRow) -> Markup {
    let number = |index: usize| drawn(row, index);
    let whole = row.responses.number().unwrap_or(1).max(1) as f64;
    let before = |index: usize| (0..index).map(number).sum::<u64>() as f64 / whole;
    let desc = match row.states.iter().any(|&n| is_protected(n)) {
        true => "Small numbers are not shown. The table below has the others.",
        false => "The table below has the same numbers.",
    };
    html! {
        svg.state-bar role="img" width="100%" height="26" {
            title { "Responses by state" }
            desc { (desc) }
            @for (index, state) in account.states.iter().enumerate() {
                @let count = number(index);
                @let part = count as f64 / whole;
                @let start = before(index);
                @let class = state_class(&state.id, index);
                @if count > 0 {
                    g.(class) {
                        title { (state.label) ": " (thousands(count)) }
                        rect x=(at(start)) y="0" width=(at(part)) height="26" {}
                        @if part >= ROOM_FOR_A_NUMBER {
                            text x=(at(start + part / 2.0)) y="17" text-anchor="middle" {
                                (thousands(count))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn at(part: f64) -> String {
    format!("{:.2}%", part * 100.0)
}

/// The colour of a state: known states by name, others by place.
fn state_class(id: &str, index: usize) -> &'static str {
    const IN_ORDER: [&str; 9] = ["st0", "st1", "st2", "st3", "st4", "st5", "st6", "st7", "st8"];
    let known = match id {
        "coded" => 0,
        "no-theme" => 1,
        "undecided" => 2,
        "no-content" => 3,
        "unsupported-language" => 4,
        "duplicate" => 5,
        "moderator" => 6,
        "rejected" => 7,
        "no-content-or-language" => 8,
        _ => index % IN_ORDER.len(),
    };
    IN_ORDER[known]
}

fn table(account: &AccountView) -> Markup {
    let table = html! {
        table.account {
            caption { "Responses by source and state" }
            thead {
                tr {
                    th scope="col" { "Source" }
                    th.n scope="col" { "Files" }
                    th.n scope="col" { "Rows and turns" }
                    @for state in &account.states { th.n scope="col" { (state.label) } }
                    th.n scope="col" { "All responses" }
                }
            }
            tbody { @for row in &account.rows { tr { (cells(account, row)) } } }
            @if let Some(total) = account.summed() { tfoot { tr { (cells(account, total)) } } }
        }
    };
    page::scroll_box("Table: responses by source and state", &table)
}

fn cells(account: &AccountView, row: &AccountRow) -> Markup {
    let across = across(account, row);
    html! {
        th scope="row" dir="auto" { (row.name) }
        td.n { (thousands(row.files)) }
        td.n { (shown(row.rows)) }
        @for (at, &count) in row.states.iter().enumerate() {
            @if across.contains(&at) {
                @if at + 1 == across.end {
                    td.n.across.protected[is_protected(count)] colspan=(across.len()) { (shown(count)) }
                }
            } @else {
                td.n.protected[is_protected(count)] { (shown(count)) }
            }
        }
        td.n.sum { (shown(row.responses)) }
    }
}

/// The places of two states and of their one number, where a row has that number alone: one cell
/// over three columns says that it holds both, and a column adds down without it.
fn across(account: &AccountView, row: &AccountRow) -> Range<usize> {
    let merged = account.states.iter().position(|s| s.id == "no-content-or-language");
    let told_apart = |at: usize| row.states.get(at - 2).is_none_or(|n| !is_protected(*n));
    match merged {
        Some(at) if at >= 2 && !told_apart(at) => at - 2..at + 1,
        _ => 0..0,
    }
}

fn meanings(account: &AccountView) -> Markup {
    html! {
        details {
            summary { "What each state means" }
            dl.meanings {
                @for state in &account.states {
                    div { dt { (state.label) } dd { (state.meaning) } }
                }
            }
        }
    }
}

fn asides(account: &AccountView) -> Markup {
    html! {
        @if !account.languages.is_empty() {
            p {
                strong { "Languages set aside. " }
                "These answers were read and counted but not coded: "
                (listed(&account.languages)) "."
            }
        }
        @if account.redactions.is_empty() {
            p { strong { "Redaction. " } "The redaction rules found nothing to replace." }
        } @else {
            p {
                strong { "Redaction. " }
                "Before anything else, these were taken out of the text and replaced by a mark: "
                (listed(&account.redactions)) "."
            }
        }
    }
}

fn listed(items: &[(String, Shown)]) -> Markup {
    html! {
        @for (index, (name, count)) in items.iter().enumerate() {
            @if index > 0 { ", " }
            bdi { (name) } " " span.nowrap { "(" (shown(*count)) ")" }
        }
    }
}
