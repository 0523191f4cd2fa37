//! Methods and limits: how the numbers came about and what they cannot tell.
//!
//! In: the view's methods. Out: the section. Must not know: any result.

use maud::{Markup, html};

use super::page;
use crate::report::view::View;

/// Limits that hold for every study.
pub const LIMITS: [&str; 4] = [
    "An interval speaks of chance alone. It does not say whether those who answered are like \
     those who did not.",
    "A theme that few raised can matter all the same. How often something was said is not how \
     much it weighs.",
    "Surveys and comments are counted by people. Groups, interviews and sessions are counted by \
     how many of them raised a theme, because people there hear each other. The two are never \
     added together.",
    "Small counts of people are not given. Where one could be worked out from the others, \
     another is left out as well.",
];

/// The section.
pub fn section(view: &View) -> Markup {
    let methods = &view.methods;
    let body = html! {
        dl.methods {
            div { dt { "How answers were coded" } dd dir="auto" { (methods.classifier) } }
            div { dt { "Codebook" } dd dir="auto" { (methods.codebook) } }
            div { dt { "Quotes" } dd dir="auto" { (methods.quotes) } }
            div { dt { "Smallest count of people shown" } dd { (methods.min_cell) } }
            div { dt { "Engine" } dd { (methods.engine) } }
            div { dt { "Program" } dd { (methods.program) } }
        }
        h3 { "What the numbers mean, and what they do not" }
        ul.limits {
            @for limit in LIMITS { li { (limit) } }
            @for note in &methods.notes { li dir="auto" { (note) } }
        }
    };
    page::section(view, "methods", &html! { "Methods and limits" }, &body)
}
