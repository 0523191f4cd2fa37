//! REFI-QDA exchange: the codebook (`codebook.qdc`) and the whole project (`project.qdpx`) for
//! NVivo, ATLAS.ti, MAXQDA, QualCoder and other tools that people code with.
//!
//! In: the codebook; for the project the corpus and its verdicts too. Out: bytes, in the order and
//! with the names of REFI-QDA 1.5 (codebook:1.0, project:1.0). The project is a working file: it
//! holds every redacted text that could be coded, nothing in it is protected, and it is written
//! where a study asks for it alone. The machine is a user of its own, so that its codings can be
//! told from people's. Must not know: raw text, counts.

mod document;
mod guid;
mod project;
#[cfg(test)]
mod tests;

use crate::classify::Verdict;
use crate::codebook::{Codebook, description};
use crate::plan::Plan;
use crate::prepare::Corpus;
use crate::report::package::package;
use crate::report::xml::Xml;

use guid::guid;

const CODEBOOK: &str = "urn:QDA-XML:codebook:1.0";

/// Colours of areas; a theme has its area's.
const COLOURS: [&str; 8] =
    ["#1D5578", "#A4441C", "#3C7A3C", "#6B4C9A", "#B07A00", "#2A8C8C", "#9C2F5B", "#586069"];

/// The bytes of `codebook.qdc`.
pub(super) fn codebook(book: &Codebook) -> Vec<u8> {
    let mut xml = Xml::document();
    let origin = origin();
    xml.open("CodeBook", &[("xmlns", CODEBOOK), ("origin", &origin)]);
    codes(&mut xml, book);
    let tags = tags(book);
    if !tags.is_empty() {
        xml.open("Sets", &[]);
        for (tag, themes) in &tags {
            xml.open("Set", &[("guid", &guid("tag", &[tag])), ("name", tag)]);
            for &theme in themes {
                xml.empty("MemberCode", &[("guid", &of_theme(book, theme))]);
            }
            xml.close();
        }
        xml.close();
    }
    xml.into_bytes()
}

/// The bytes of `project.qdpx`.
///
/// # Errors
/// The package cannot hold it.
pub(super) fn project(
    plan: &Plan,
    corpus: &Corpus,
    verdicts: &[Verdict],
) -> zip::result::ZipResult<Vec<u8>> {
    package(&project::parts(plan, corpus, verdicts))
}

fn origin() -> String {
    format!("canvass {}", env!("CARGO_PKG_VERSION"))
}

/// The GUID of a theme: the same in every study whose codebook has a theme of that id.
fn of_theme(book: &Codebook, theme: usize) -> String {
    guid("code", &[&book.themes[theme].id])
}

/// `Codes`: areas, and inside each its themes.
fn codes(xml: &mut Xml, book: &Codebook) {
    xml.open("Codes", &[]);
    for (place, area) in book.roots().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        code(xml, book, area, colour);
        for theme in (0..book.themes.len()).filter(|&t| book.themes[t].parent == Some(area)) {
            code(xml, book, theme, colour);
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

/// A code, left open for those inside it.
fn code(xml: &mut Xml, book: &Codebook, theme: usize, colour: &str) {
    let name = book.themes[theme].label.as_str();
    let id = of_theme(book, theme);
    xml.open("Code", &[("guid", &id), ("name", name), ("isCodable", "true"), ("color", colour)]);
    xml.leaf("Description", &[], &description(&book.themes[theme]));
}

/// Every tag with the themes that carry it, in order of first appearance.
fn tags(book: &Codebook) -> Vec<(&str, Vec<usize>)> {
    let mut all: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, theme) in book.themes.iter().enumerate() {
        for tag in &theme.tags {
            match all.iter_mut().find(|(name, _)| name == tag) {
                Some((_, themes)) => themes.push(at),
                None => all.push((tag, vec![at])),
            }
        }
    }
    all
}
