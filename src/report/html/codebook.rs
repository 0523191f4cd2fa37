//! The codebook, folded.
//!
//! In: the view's themes. Out: the section. Must not know: any result.

use maud::{Markup, html};

use super::page;
use crate::report::view::View;

/// The section.
pub fn section(view: &View) -> Markup {
    let body = html! {
        @if view.themes.is_empty() {
            p { "The codebook holds no theme." }
        } @else {
            p { "What each theme covers. A coder, human or program, goes by these words." }
            details {
                summary { "Show the codebook (" (view.themes.len()) " areas and themes)" }
                dl.codebook {
                    @for (at, theme) in view.themes.iter().enumerate() {
                        div.area[theme.parent.is_none()].theme[theme.parent.is_some()] data-t=(at) {
                            dt dir="auto" { (theme.label) " " code { (theme.id) } }
                            dd dir="auto" { (theme.definition) }
                            @if !theme.tags.is_empty() {
                                dd.tags { @for tag in &theme.tags { span dir="auto" { (tag) } " " } }
                            }
                        }
                    }
                }
            }
        }
    };
    page::section(view, "codebook", &html! { "Codebook" }, &body)
}
