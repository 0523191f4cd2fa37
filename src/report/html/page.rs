//! The page around the sections: head, title, notices, contents, and the frame of a section.
//!
//! In: the view. Out: the whole document. Must not know: how a section looks inside.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::filter::{self, Groups};
use super::{account, codebook, matrix, measured, methods, plan, source};
use crate::report::view::{SourceView, View};

const STYLES: &str = include_str!("../assets/report.css");

/// Printed at the foot of every page of a report whose codes nobody has checked.
const UNCHECKED_FOOT: &str = "@page{@bottom-left{content:\"Not yet checked by people: \
     codes assigned by a program, error rate unknown\";font:8pt sans-serif;color:#555}}";

/// The whole document.
pub fn page(view: &View) -> Markup {
    let groups = Groups::of(view);
    let styles = [STYLES, if view.validated { "" } else { UNCHECKED_FOOT }].concat();
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(&view.title, Some(filter::SCRIPT), &styles))
            body {
                a.skip href="#report" { "Skip to the report" }
                header.top { (opening(view)) }
                (contents(view))
                (filter::form(view, &groups))
                main #report {
                    (account::section(view))
                    (matrix::section(view))
                    @for (index, source) in view.sources.iter().enumerate() {
                        (source::section(view, source, index, &groups))
                    }
                    (measured::section(view))
                    (plan::section(view))
                    (methods::section(view))
                    (codebook::section(view))
                }
                footer.end { p { (view.methods.program) ". " (view.methods.codebook) "." } }
                script { (PreEscaped(filter::SCRIPT)) }
            }
        }
    }
}

/// What a browser learns first: the title, the styles, and that nothing else may run or load.
fn head(title: &str, script: Option<&str>, styles: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(filter::policy(script, styles));
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (title) }
            style { (PreEscaped(styles)) }
        }
    }
}

/// Another page of the same look, with styles of its own and without a script.
pub fn framed(title: &str, styles: &str, body: &Markup) -> Vec<u8> {
    let styles = [STYLES, styles].concat();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(title, None, &styles))
            body { (body) }
        }
    };
    crate::report::words::neutralised(&page.into_string()).into_bytes()
}

/// One section of the report: heading, the note on unchecked codes, what it holds, a way back.
pub fn section(view: &View, id: &str, heading: &Markup, body: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } { (inside(view, id, heading, body)) }
    }
}

/// The same for a source, of some perspective by its number.
pub fn source_section(view: &View, source: &SourceView, heading: &Markup, body: &Markup) -> Markup {
    let (id, of) = (&source.anchor, filter::perspective(view, &source.perspective));
    html! {
        section.source id=(id) data-p=[of] aria-labelledby={ (id) "-heading" } {
            (inside(view, id, heading, body))
        }
    }
}

fn inside(view: &View, id: &str, heading: &Markup, body: &Markup) -> Markup {
    html! {
            h2 id={ (id) "-heading" } { (heading) }
            @if !view.validated {
                p.unchecked {
                    strong { "Not yet checked by people." }
                    " A program assigned the codes; how often it errs is not known."
                }
            }
            (body)
            p.back { a href="#contents" { "Back to contents" } }
    }
}

/// A box that a wide table scrolls in by itself, reachable by keyboard. A group, not a landmark:
/// a report has hundreds of tables, and landmarks are for finding one's way.
pub fn scroll_box(name: &str, table: &Markup) -> Markup {
    html! { div.scroll role="group" tabindex="0" aria-label=(name) { (table) } }
}

fn opening(view: &View) -> Markup {
    html! {
        p.eyebrow { "Theme report" }
        h1 dir="auto" { (view.title) }
        @if let Some(notice) = &view.notice { p.notice dir="auto" { (notice) } }
        @if let Some(measured) = &view.measured {
            p.checked { strong { "Checked against people" } }
            (measured::findings(measured))
        } @else {
            aside.banner aria-label="Not yet checked by people" { (banner()) }
        }
        @if !view.warnings.is_empty() {
            div.warnings {
                p { strong { "Please note" } }
                ul { @for warning in &view.warnings { li dir="auto" { (warning) } } }
            }
        }
    }
}

fn banner() -> Markup {
    html! {
        p.banner-title { "Not yet checked by people" }
        p {
            "A program assigned the codes in this report, from the definitions and examples in "
            "the codebook. Nobody has yet checked how often it errs. Counts and shares may be "
            "off, for some themes more than for others. Use this report as a first reading."
        }
    }
}

fn contents(view: &View) -> Markup {
    html! {
        nav #contents aria-labelledby="contents-heading" {
            h2 #contents-heading { "Contents" }
            ol {
                li { a href="#account" { "What was read" } }
                li { a href="#glance" { "At a glance" } }
                @for source in &view.sources { (contents_entry(source)) }
                @if view.measured.is_some() {
                    li { a href="#quality" { "How well the program codes" } }
                }
                li { a href="#plan" { "For the plan" } }
                li { a href="#methods" { "Methods and limits" } }
                li { a href="#codebook" { "Codebook" } }
            }
        }
    }
}

fn contents_entry(source: &SourceView) -> Markup {
    html! {
        li {
            a href={ "#" (source.anchor) } { bdi { (source.name) } }
            " " span.quiet { bdi { (source.perspective) } }
        }
    }
}
