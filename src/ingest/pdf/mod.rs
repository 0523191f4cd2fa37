//! PDF files to paragraphs.
//!
//! In: bytes. Out: [`Document`]: paragraphs with their pages, without running heads and page
//! numbers. A process of its own takes the text out ([`child`]); a file that makes it fail, or
//! that takes it too long, is answered in one line. A file without any text is a scan.
//! Must not know: what a label or a statement is.

#[cfg(feature = "pdf")]
pub(super) mod child;
mod page;
#[cfg(feature = "pdf")]
mod parent;

use super::{Error, wrap};

/// The largest file, in bytes.
const MAX_FILE: u64 = 64 << 20;
/// The longest text, in bytes.
#[cfg(feature = "pdf")]
const MAX_TEXT: usize = 20 << 20;
/// What an answer of the process begins with.
#[cfg(feature = "pdf")]
const MARK: &str = "canvass-pdf-1";

/// A PDF's text.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Page, counted from 1, and text.
    pub(super) paragraphs: Vec<(u32, String)>,
    /// What was left out, in sentences for the user.
    pub(super) warnings: Vec<String>,
}

/// Reads a PDF. `opens` says which lines begin a paragraph whatever stands above them.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    opens: impl Fn(&str) -> bool,
) -> Result<Document, Error> {
    if bytes.len() as u64 > MAX_FILE {
        let (what, limit) = ("its size".into(), "64 MB".into());
        return Err(Error::TooBig { file: file.into(), what, limit });
    }
    let head = &bytes[..bytes.len().min(1024)];
    if !head.windows(5).any(|w| w == b"%PDF-") {
        return Err(broken(file, "it is no PDF".into()));
    }
    let text = text(file, bytes)?;
    let pages: Vec<&str> = text.split('\x0C').collect();
    let n_blank = pages.iter().filter(|page| page.trim().is_empty()).count();
    if n_blank == pages.len() {
        return Err(Error::Scan { file: file.into() });
    }
    let mut warnings = Vec::new();
    if n_blank > 0 {
        warnings.push(format!(
            "`{file}`: {n_blank} of {} pages hold no text: they are blank, or pictures of pages",
            pages.len()
        ));
    }
    let (lines, n_running) = page::without_running_heads(&pages);
    if n_running > 0 {
        warnings
            .push(format!("`{file}`: {n_running} running heads and page numbers were left out"));
    }
    let lines = lines.iter().map(|(page, line)| (*page, *line));
    Ok(Document { paragraphs: wrap::paragraphs(lines, opens), warnings })
}

fn broken(file: &str, reason: String) -> Error {
    Error::Pdf { file: file.into(), reason }
}

#[cfg(feature = "pdf")]
fn text(file: &str, bytes: &[u8]) -> Result<String, Error> {
    parent::text(file, bytes)
}

#[cfg(not(feature = "pdf"))]
fn text(file: &str, _bytes: &[u8]) -> Result<String, Error> {
    Err(broken(file, "this program was built without its PDF reader".into()))
}

#[cfg(all(test, feature = "pdf"))]
mod tests;
