//! XML parts of workbooks to a stream of nodes.
//!
//! In: a stream of bytes. Out: [`Node`]s in document order; an empty element gives a beginning
//! and an end; text comes in pieces of bounded length with its references resolved.
//! Must not know: what the elements mean.

use std::borrow::Cow;
use std::io::Read;

use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};

use super::guard::Guard;
use crate::ingest::archive::Stop;

/// Elements inside of each other.
const MAX_DEPTH: usize = 256;
const DAMAGED: Stop = Stop::Damaged("its XML is damaged");

/// A part while it is parsed.
pub(super) struct Xml<R> {
    reader: quick_xml::Reader<Guard<R>>,
    buf: Vec<u8>,
    depth: usize,
}

/// A piece of XML.
pub(super) enum Node<'b> {
    /// An element begins.
    Start(Tag<'b>),
    /// An element ends.
    End(Close<'b>),
    /// A piece of text.
    Text(Cow<'b, str>),
}

/// The beginning of an element.
pub(super) struct Tag<'b>(BytesStart<'b>);

/// The end of an element.
pub(super) struct Close<'b>(BytesEnd<'b>);

impl Close<'_> {
    /// Whether it is the end of an element of that name, without prefix.
    pub(super) fn is(&self, local: &str) -> bool {
        self.0.local_name().as_ref() == local
    }
}

impl<R: Read> Xml<R> {
    /// Parses a stream.
    pub(super) fn new(inner: R) -> Self {
        let mut reader = quick_xml::Reader::from_reader(Guard::new(inner));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buf: Vec::new(), depth: 0 }
    }

    /// The next node; `None` at the end of the part.
    pub(super) fn next(&mut self) -> Result<Option<Node<'_>>, Stop> {
        self.buf.clear();
        // A piece longer than this is possible in attributes alone.
        self.buf.shrink_to(1 << 17);
        let event = self.reader.read_event_into(&mut self.buf).map_err(|e| stop(&e))?;
        match event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Stop::Damaged("its XML is nested too deeply"));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth == 0 => return Ok(None),
            Event::Eof => return Err(Stop::Damaged("its XML ends too early")),
            _ => {}
        }
        node(event).map(Some)
    }

    /// Elements that are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Passes over everything up to the end of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Reads the rest of the part into nothing, so that its checksum is verified.
    pub(super) fn drain(&mut self) -> Result<(), Stop> {
        self.reader.get_mut().drain().map_err(|e| Stop::of(&e).unwrap_or(DAMAGED))
    }

    /// The stream of bytes.
    pub(super) fn inner(&self) -> &R {
        self.reader.get_ref().inner()
    }
}

impl Tag<'_> {
    /// Whether it is an element of that name, without prefix.
    pub(super) fn is(&self, local: &str) -> bool {
        self.0.local_name().as_ref() == local
    }

    /// Every attribute's name and its value, as written.
    pub(super) fn attributes(&self, mut each: impl FnMut(&str, &str)) -> Result<(), Stop> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| DAMAGED)?;
            each(attribute.key.0, &attribute.value);
        }
        Ok(())
    }

    /// An attribute by its name without prefix, references resolved.
    pub(super) fn attribute(&self, local: &str) -> Result<Option<String>, Stop> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| DAMAGED)?;
            if attribute.key.local_name().as_ref() == local {
                let value = quick_xml::escape::unescape(&attribute.value).map_err(|_| DAMAGED)?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }
}

fn node(event: Event<'_>) -> Result<Node<'_>, Stop> {
    Ok(match event {
        Event::Start(e) => Node::Start(Tag(e)),
        Event::End(e) => Node::End(Close(e)),
        Event::Text(t) => Node::Text(t.xml10_content()),
        Event::CData(t) => Node::Text(t.xml10_content()),
        Event::GeneralRef(r) => Node::Text(resolve(&r)?.to_string().into()),
        Event::DocType(_) => return Err(Stop::Doctype),
        // A cut in a long run of text.
        _ => Node::Text("".into()),
    })
}

/// The five entities of XML and numbers; any other needs a DOCTYPE, which is refused.
fn resolve(reference: &BytesRef<'_>) -> Result<char, Stop> {
    let unknown = Stop::Damaged("its XML has an unknown entity");
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().ok_or(unknown);
    }
    let name: &str = reference;
    Ok(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(unknown),
    })
}

fn stop(error: &quick_xml::Error) -> Stop {
    let stop = match error {
        quick_xml::Error::Io(error) => Stop::of(error),
        _ => None,
    };
    stop.unwrap_or(DAMAGED)
}
