//! Styles of an XLSX workbook: which numbers are dates.
//!
//! In: `xl/styles.xml`, streamed. Out: [`Shown`] by cell style.
//! Must not know: fonts, colours, what the cells hold.

use std::collections::BTreeMap;
use std::io::Read;

use super::value::{Shown, built_in, classify};
use super::xml::{Node, Xml};
use crate::ingest::archive::Stop;

/// Cell styles and number formats beyond this are damage: Excel allows 65,490.
const MAX: usize = 1 << 20;

/// What the number format of each cell style shows.
pub(super) fn read(part: impl Read) -> Result<Vec<Shown>, Stop> {
    let mut xml = Xml::new(part);
    let mut formats: BTreeMap<u32, Shown> = BTreeMap::new();
    let mut styles = Vec::new();
    let mut in_cell_styles = false;
    while let Some(node) = xml.next()? {
        match node {
            Node::Start(tag) if tag.is("numFmt") => {
                let id = tag.attribute("numFmtId")?.and_then(|id| id.parse().ok());
                let code = tag.attribute("formatCode")?;
                if let (Some(id), Some(code)) = (id, code) {
                    formats.insert(id, classify(&code));
                }
            }
            Node::Start(tag) if tag.is("cellXfs") => in_cell_styles = true,
            Node::Start(tag) if tag.is("xf") && in_cell_styles => {
                let id = tag.attribute("numFmtId")?.and_then(|id| id.parse().ok()).unwrap_or(0);
                styles.push(formats.get(&id).copied().unwrap_or_else(|| built_in(id)));
            }
            Node::End(tag) if tag.is("cellXfs") => break,
            _ => {}
        }
        if styles.len().max(formats.len()) > MAX {
            return Err(Stop::TooBig { what: "its number of styles", limit: MAX.to_string() });
        }
    }
    Ok(styles)
}
