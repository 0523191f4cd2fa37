//! The sentences behind a theme's number: a fold below its row, and links to it from elsewhere.
//!
//! In: a source and a row of its first table. Out: a table row with a fold; links. Only sentences
//! that the view holds stand here: those that may be quoted.
//! Must not know: how they were chosen.

use maud::{Markup, html};

use crate::report::view::{QuestionView, SourceView, ThemeRow, View};
use crate::report::words::{label, shown, thousands};

fn has_any(row: &ThemeRow) -> bool {
    !row.quotes.is_empty() || !row.further.is_empty()
}

fn id(question: &QuestionView, theme: usize) -> String {
    format!("{}-said-{theme}", question.anchor)
}

/// Text that leads to the sentences of a theme in a source, where it has any.
pub fn link(source: &SourceView, theme: usize, text: &str) -> Markup {
    let said = |q: &&QuestionView| q.rows.iter().any(|r| r.theme == theme && has_any(r));
    match source.questions.first().filter(said) {
        Some(all) => html! { a.drill href={ "#" (id(all, theme)) } { (text) } },
        None => html! { (text) },
    }
}

/// The row below a theme's own: its sentences, folded.
pub fn row(
    view: &View,
    (source, question): (&SourceView, &QuestionView),
    row: &ThemeRow,
    columns: usize,
) -> Markup {
    if !has_any(row) {
        return html! {};
    }
    let n = row.quotes.len() + row.further.len();
    let theme = view.themes.get(row.theme).map_or("", |t| t.id.as_str());
    html! {
        tr.behind data-t=(row.theme) {
            td colspan=(columns) {
                details id=(id(question, row.theme)) {
                    summary {
                        (thousands(n as u64)) @if n == 1 { " sentence" } @else { " sentences" }
                        span.vh { " behind “" bdi { (label(view, row.theme)) } "”" }
                    }
                    p.note {
                        "A sample of at most ten, and in all of this source one sentence a person. "
                        (shown(row.participants)) " " (source.unit) " raised it. "
                        "codings.csv lists every place, as " code { (theme) } "."
                    }
                    @for quote in row.quotes.iter().chain(&row.further) {
                        blockquote dir="auto" { p { (quote.text) } }
                    }
                }
            }
        }
    }
}

/// Whether any row of a source has sentences behind it.
pub fn any(source: &SourceView) -> bool {
    source.questions.first().is_some_and(|q| q.rows.iter().any(has_any))
}
