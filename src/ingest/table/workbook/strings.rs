//! The shared strings of an XLSX workbook.
//!
//! In: `xl/sharedStrings.xml`, streamed. Out: [`Strings`]: text by number. The parts of rich text
//! are joined; reading aids (phonetic hints) are left out.
//! Must not know: which cell refers to which string.

use std::collections::BTreeMap;

use super::shared::Shared;
use super::xml::{Node, Xml};
use super::{Request, value};
use crate::ingest::archive::{Archive, Part, Stop};
use crate::ingest::limits::size;
use crate::ingest::{Error, Reject};

/// Shared strings up to which no ratio to their stored size is asked for, in bytes.
const HARMLESS: u64 = 100_000_000;
/// Shared strings to their stored size, above that. Text of which every piece stands once
/// compresses to a third, reference codes to a tenth.
const RATIO: u64 = 20;

/// The strings, and which of them are too long.
#[derive(Default)]
pub(super) struct Strings {
    shared: Shared,
    /// Number and length in bytes.
    too_long: BTreeMap<usize, usize>,
    n: usize,
}

impl Strings {
    /// Reads a part.
    pub(super) fn read(
        request: &Request<'_>,
        zip: &mut Archive<'_>,
        name: &str,
    ) -> Result<Self, Error> {
        let mut strings = Self::default();
        let Some(part) = zip.stream(name)? else { return Ok(strings) };
        let packed = part.packed();
        let mut xml = Xml::new(part);
        let read = strings.fill(&mut xml, request, packed);
        let inflated = xml.inner().read_so_far();
        drop(xml);
        zip.spent(inflated);
        read.map_err(|stop| stop.into_error(request.file, name))?;
        Ok(strings)
    }

    fn fill(
        &mut self,
        xml: &mut Xml<Part<'_, '_>>,
        request: &Request<'_>,
        packed: u64,
    ) -> Result<(), Stop> {
        let longest = request.limits.cell_bytes;
        let (mut text, mut len, mut in_text) = (String::new(), 0, false);
        while let Some(node) = xml.next()? {
            match node {
                Node::Start(tag) if tag.is("si") => {
                    text.clear();
                    len = 0;
                }
                Node::Start(tag) if tag.is("rPh") => xml.skip()?,
                Node::Start(tag) => in_text = tag.is("t"),
                Node::Text(piece) if in_text => {
                    len += piece.len();
                    if len > longest.max(request.limits.line_bytes) {
                        let limit = size(longest.max(request.limits.line_bytes) as u64);
                        return Err(Stop::TooBig { what: "the length of a shared string", limit });
                    }
                    if len <= longest {
                        text.push_str(&piece);
                    }
                }
                Node::End(tag) if tag.is("si") => {
                    self.push(&text, len, longest);
                    self.check(request, packed)?;
                }
                Node::End(_) => in_text = false,
                Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn push(&mut self, text: &str, len: usize, longest: usize) {
        if len > longest {
            self.too_long.insert(self.n, len);
            self.shared.push("");
        } else if text.contains("_x") {
            let mut plain = String::with_capacity(text.len());
            value::unescape(text, &mut plain);
            self.shared.push(&plain);
        } else {
            self.shared.push(text);
        }
        self.n += 1;
    }

    fn check(&self, request: &Request<'_>, packed: u64) -> Result<(), Stop> {
        let bytes = self.shared.bytes();
        if bytes > request.limits.shared_bytes {
            let limit = size(request.limits.shared_bytes);
            return Err(Stop::TooBig { what: "the size of its shared strings", limit });
        }
        if bytes > HARMLESS && bytes / packed.max(1) > RATIO {
            let limit = format!("{} and {RATIO} to 1", size(HARMLESS));
            return Err(Stop::TooBig { what: "the compression of its shared strings", limit });
        }
        Ok(())
    }

    /// A string by its number, from 0.
    pub(super) fn get(&self, number: usize) -> Result<&str, Reject> {
        if let Some(bytes) = self.too_long.get(&number) {
            return Err(Reject::TooLong { bytes: *bytes });
        }
        let missing = Reject::Unreadable { why: "a cell whose text is missing" };
        self.shared.get(number).ok_or(missing)
    }
}
