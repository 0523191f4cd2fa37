//! How well the program codes, by people's codes.
//!
//! In: the view's measured part. Out: the section, and the findings of the first page. Must not
//! know: shares, sources.

use maud::{Markup, html};

use super::page;
use crate::report::view::{MeasuredView, ShareView, View};
use crate::report::words::{label, ratio, shown};

/// The section; nothing where nothing was measured.
pub fn section(view: &View) -> Markup {
    let Some(measured) = &view.measured else { return html! {} };
    let body = html! {
        (findings(measured))
        h3 { "By theme" }
        (page::scroll_box("Table: quality by theme", &quality(view, measured)))
        @if !measured.groups.is_empty() {
            h3 { "Errors by group" }
            p.reading {
                "Missed: of the themes that people gave, those that the program did not find. "
                "Added: of the themes that people did not give, those that the program gave. A "
                "reader sees here whether the program treats groups alike."
            }
            (page::scroll_box("Table: errors by group", &groups(measured)))
        }
        details {
            summary { "Methods, to be pasted into a publication" }
            @for paragraph in &measured.appendix { p dir="auto" { (paragraph) } }
        }
    };
    page::section(view, "quality", &html! { "How well the program codes" }, &body)
}

/// What the first page says.
pub fn findings(measured: &MeasuredView) -> Markup {
    html! {
        ul.findings { @for finding in &measured.findings { li dir="auto" { (finding) } } }
    }
}

fn quality(view: &View, measured: &MeasuredView) -> Markup {
    let coders = measured.themes.iter().any(|t| t.alpha.is_some());
    html! {
        table.full {
            caption { "Quality by theme" }
            thead {
                tr {
                    th scope="col" { "Theme" }
                    th.n scope="col" { "Given by people" }
                    th.n scope="col" { "Precision" }
                    th.n scope="col" { "Recall" }
                    th.n scope="col" { "F1" }
                    @if coders { th.n scope="col" { "Coders’ alpha" } }
                }
            }
            tbody {
                @for t in &measured.themes {
                    tr data-t=(t.theme) {
                        th scope="row" dir="auto" { (label(view, t.theme)) }
                        td.n { (shown(t.people)) }
                        @for share in [t.precision, t.recall, t.f1] { (figure(share)) }
                        @if coders {
                            td.n { (t.alpha.map_or("–".to_owned(), |a| format!("{a:.2}"))) }
                        }
                    }
                }
            }
        }
    }
}

fn groups(measured: &MeasuredView) -> Markup {
    html! {
        table.full {
            caption { "Errors by group" }
            thead {
                tr {
                    th scope="col" { "Group" }
                    th.n scope="col" { "People compared" }
                    th.n scope="col" { "Missed" }
                    th.n scope="col" { "Added" }
                }
            }
            tbody {
                @for g in &measured.groups {
                    tr {
                        th scope="row" {
                            bdi { (g.source) } ": " bdi { (g.column) } " = " bdi { (g.value) }
                        }
                        td.n { (shown(g.people)) }
                        (figure(g.missed))
                        (figure(g.added))
                    }
                }
            }
        }
    }
}

fn figure(share: Option<ShareView>) -> Markup {
    html! { td.n { (share.map_or("–".to_owned(), |s| ratio(&s))) } }
}
