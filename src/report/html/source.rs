//! One source: who spoke, what stands out, its questions, its breakdowns.
//!
//! In: one source of the view. Out: its section. Must not know: other sources.

use maud::{Markup, html};

use super::filter::Groups;
use super::{groups, page, question, saturation, together};
use crate::report::view::{SourceView, View};

/// The section; `index` only chooses whether the chart's reading help is spelt out.
pub fn section(view: &View, source: &SourceView, index: usize, filter: &Groups<'_>) -> Markup {
    let heading = html! {
        span.eyebrow { bdi { (source.perspective) } " · " bdi { (source.kind_label) } }
        span.source-name dir="auto" { (source.name) }
    };
    let body = html! {
        p.lead dir="auto" { (source.base_sentence) }
        @if !source.findings.is_empty() {
            ul.findings.general { @for finding in &source.findings { li dir="auto" { (finding) } } }
        }
        @if let Some(reason) = &source.min_cell_reason {
            p.note dir="auto" {
                "Smallest count of people shown here: " (source.min_cell) ". The study’s reason: "
                (reason)
            }
        }
        @if index == 0 { (reading_help(source)) }
        @if source.questions.len() > 1 { (jump_list(source)) }
        (saturation::figure(source))
        div.whole {
            @for question in &source.questions { (question::part(view, source, question)) }
        }
        @for group in &source.groups { (groups::part(view, source, group, filter)) }
        (together::part(view, source))
    };
    page::source_section(view, source, &heading, &body)
}

fn reading_help(source: &SourceView) -> Markup {
    html! {
        p.reading.general {
            @if source.shares {
                "How to read the numbers: “24 % (19–29)” means that 24 % of those who were "
                "counted raised the theme, and that 19 to 29 % is the range that chance alone "
                "would allow for. "
            } @else {
                "How to read the numbers: a theme that one person raised in a group counts for "
                "that group once, however often it came up. "
            }
            "One person can raise several themes. "
            a href="#methods" { "Methods and limits" } " says what the numbers cannot tell."
        }
    }
}

fn jump_list(source: &SourceView) -> Markup {
    html! {
        ul.jump.general aria-label="Questions of this source" {
            @for question in &source.questions {
                li dir="auto" { a href={ "#" (question.anchor) } { (question.text) } }
            }
        }
    }
}
