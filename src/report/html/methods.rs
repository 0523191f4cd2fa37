//! Methods and limits: how the numbers came about and what they cannot tell.
//!
//! In: the view's methods. Out: the section. Must not know: any result.

use maud::{Markup, html};

use super::page;
use crate::report::view::View;
use crate::report::words::smallest;

/// Limits that hold for every study, beside those that the view names.
pub const LIMITS: [&str; 2] = [
    "A theme that few people raised can matter all the same: how often something was said is not \
     how much it weighs.",
    "Counts of people under the smallest count shown are not given, to keep people from being \
     recognised, nor counts of all but so few. Further counts are withheld where such a one could \
     be worked out from sums, shares or other tables of this report; nothing is said of fewer \
     people than that, not even what nobody raised. What can still be worked out: how many people \
     raised an area but not one of its themes, and, where another report counts nearly the same \
     people, what differs between the two.",
];

/// The section.
pub fn section(view: &View) -> Markup {
    let methods = &view.methods;
    let body = html! {
        dl.methods {
            div { dt { "How answers were coded" } dd dir="auto" { (methods.classifier) } }
            div { dt { "Codebook" } dd dir="auto" { (methods.codebook) } }
            div { dt { "Quotes" } dd dir="auto" { (methods.quotes) } }
            div { dt { "Smallest count of people shown" } dd { (smallest(view)) } }
            div { dt { "Engine" } dd { (methods.engine) } }
            div { dt { "Program" } dd { (methods.program) } }
        }
        h3 { "What the numbers mean, and what they do not" }
        ul.limits {
            @for note in &methods.notes { li dir="auto" { (note) } }
            @for limit in LIMITS { li { (limit) } }
        }
    };
    page::section(view, "methods", &html! { "Methods and limits" }, &body)
}
