//! The report as a Word document: real styles, contents, captions, native charts, tables whose
//! header each page repeats.
//!
//! In: the [`View`]. Out: the bytes of `report.docx`. It is written with an XML and a ZIP library
//! and not with a DOCX library, so that pictures and tables carry words for those who do not see
//! them, charts stay charts, and equal views give equal bytes. Must not know: files, raw text,
//! how a number came about; it counts and hides nothing, it only lays out what the view holds.

mod back;
mod blocks;
mod chart;
mod front;
mod measured;
mod parts;
mod plan;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod together;

use crate::report::package::package;
use crate::report::view::View;
use crate::report::xml::Xml;
use blocks::{Doc, section};

/// Why a document cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The package.
    #[error(transparent)]
    Package(#[from] zip::result::ZipError),
    /// A chart's workbook.
    #[error(transparent)]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A chart's part.
    #[error(transparent)]
    Read(#[from] std::io::Error),
    /// The workbook library writes charts in a form that is not known.
    #[error("a chart in an unknown form")]
    Chart,
}

/// The document.
///
/// # Errors
/// A chart or the package cannot be written.
pub fn render(view: &View) -> Result<Vec<u8>, Error> {
    let mut front = Doc::new();
    front::opening(&mut front, view);
    let mut doc = Doc::new();
    front::glance(&mut doc, view);
    for source in &view.sources {
        source::section(&mut doc, view, source)?;
    }
    plan::section(&mut doc, view);
    measured::section(&mut doc, view);
    back::methods(&mut doc, view);
    back::account(&mut doc, view);
    back::counts(&mut doc, view);
    back::codebook(&mut doc, view);
    let contents = front::contents(&doc.headings);

    let mut xml = Xml::document();
    xml.open("w:document", &parts::NAMESPACES).open("w:body", &[]);
    xml.append(front.body).append(contents).append(doc.body);
    section(&mut xml, doc.pages);
    Ok(package(&parts::all(view, xml.into_bytes(), doc.charts))?)
}
