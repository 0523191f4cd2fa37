//! XML as it is written, for the formats that are made of it.
//!
//! In: names, attributes, text. Out: a well-formed document. Text and values of attributes are
//! escaped, and characters that XML forbids or that turn a reader's view around are taken out.
//! Must not know: which format, which elements.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::words::neutralised;

/// A document while it is written.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
    open: Vec<&'static str>,
}

impl Xml {
    /// A document that begins with its declaration.
    pub(super) fn document() -> Self {
        let mut xml = Self::fragment();
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))));
        xml
    }

    /// A piece of a document.
    pub(super) fn fragment() -> Self {
        Self { writer: Writer::new(Vec::new()), open: Vec::new() }
    }

    /// Opens an element; [`Xml::close`] ends it.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.put(Event::Start(start(name, attributes)));
        self.open.push(name);
        self
    }

    /// Ends the element that was opened last.
    pub(super) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.put(Event::End(BytesEnd::new(name)));
        }
        self
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.put(Event::Empty(start(name, attributes)));
        self
    }

    /// Text inside the open element.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.put(Event::Text(BytesText::new(&neutralised(text))));
        self
    }

    /// An element that holds text alone.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes).text(text).close();
    }

    /// A piece that was written apart.
    pub(super) fn append(&mut self, piece: Xml) -> &mut Self {
        self.writer.get_mut().extend(piece.into_bytes());
        self
    }

    /// The bytes, every element closed.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.writer.into_inner()
    }

    fn put(&mut self, event: Event<'_>) {
        // Writing into memory does not fail.
        let _ = self.writer.write_event(event);
    }
}

fn start<'a>(name: &'static str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, neutralised(value).as_str()));
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped_and_every_element_is_closed() {
        let mut xml = Xml::fragment();
        xml.open("a", &[("b", "\"<&\u{0}")]).open("c", &[]).text("<d> & \u{202e}e\u{1}");
        let text = String::from_utf8(xml.into_bytes()).unwrap();
        assert_eq!(text, "<a b=\"&quot;&lt;&amp;\"><c>&lt;d&gt; &amp; e</c></a>");
    }
}
