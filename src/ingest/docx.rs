//! Word documents (DOCX) to paragraphs.
//!
//! In: bytes. Out: [`Paragraph`]s of `word/document.xml` with their numbers. Insertions are kept and deletions left out; text in tables and text boxes is read
//! once; footnotes, comments, headers and footers are not read.
//! Must not know: what a label or a statement is.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::Error;
use super::archive::Archive;
use super::encoding::decode;

const PART: &str = "word/document.xml";

/// A paragraph as it stands.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    /// Its number in the document, from 1; empty ones are counted.
    pub(super) place: u32,
    /// Its text; breaks are line feeds.
    pub(super) text: String,
    /// Whether it belongs to a list.
    pub(super) bullet: bool,
    /// Whether its style is a title or a heading.
    pub(super) heading: bool,
}

/// Every paragraph of the body, in the order of their beginnings.
pub(super) fn paragraphs(file: &str, bytes: &[u8]) -> Result<Vec<Paragraph>, Error> {
    let mut archive = Archive::open(bytes, file, broken)?;
    let part = archive.part(PART)?.ok_or_else(|| broken(file, format!("`{PART}` is missing")))?;
    let xml = decode(&part, file).map_err(|_| broken(file, format!("`{PART}` is no text")))?;
    let mut reader = Reader::from_str(&xml.text);
    let mut body = Body::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => body.start(&e),
            Ok(Event::Empty(e)) => body.empty(&e),
            Ok(Event::End(e)) => body.end(e.name().as_ref()),
            Ok(Event::Text(t)) => body.text(&t.xml10_content()),
            Ok(Event::CData(t)) => body.text(&t.xml10_content()),
            Ok(Event::GeneralRef(r)) => body.text(resolve(file, &r)?.encode_utf8(&mut [0; 4])),
            Ok(Event::DocType(_)) => {
                return Err(Error::DoctypeInXml { file: file.into(), part: PART.into() });
            }
            Ok(Event::Eof) => break,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            Err(_) => return Err(broken(file, format!("`{PART}` is damaged"))),
        }
    }
    body.finish(file)
}

fn broken(file: &str, reason: String) -> Error {
    Error::Docx { file: file.into(), reason }
}

/// The five entities of XML and numbers; any other needs a DOCTYPE, which is refused.
fn resolve(file: &str, reference: &BytesRef<'_>) -> Result<char, Error> {
    let unknown = || broken(file, format!("`{PART}` has an unknown entity"));
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().ok_or_else(unknown);
    }
    let name: &str = reference;
    Ok(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(unknown()),
    })
}

/// The document while it streams by.
#[derive(Default)]
struct Body {
    /// The prefix of WordprocessingML with its colon, as the root element has it.
    prefix: Option<String>,
    depth: usize,
    /// The depth of the outermost element that is being left out.
    skipped_from: Option<usize>,
    in_text: bool,
    n_runs: usize,
    n_begun: u32,
    /// Paragraphs that are open: a text box nests them.
    open: Vec<Paragraph>,
    done: Vec<Paragraph>,
}

impl Body {
    fn start(&mut self, e: &BytesStart<'_>) {
        self.depth += 1;
        let name = e.name();
        if self.prefix.is_none() {
            let prefix = name.as_ref().strip_suffix("document").unwrap_or("w:");
            self.prefix = Some(prefix.to_string());
        }
        if self.skipped_from.is_some() {
            return;
        }
        if self.is_left_out(name.as_ref()) {
            self.skipped_from = Some(self.depth);
            return;
        }
        match self.word(name.as_ref()) {
            "p" => self.begin_paragraph(),
            "r" => self.n_runs += 1,
            "t" => self.in_text = true,
            _ => self.mark(e),
        }
    }

    fn empty(&mut self, e: &BytesStart<'_>) {
        if self.skipped_from.is_some() {
            return;
        }
        if self.word(e.name().as_ref()) == "p" {
            self.begin_paragraph();
            self.end_paragraph();
        } else {
            self.mark(e);
        }
    }

    fn end(&mut self, name: &str) {
        if self.skipped_from.is_some() {
            if self.skipped_from == Some(self.depth) {
                self.skipped_from = None;
            }
        } else {
            match self.word(name) {
                "p" => self.end_paragraph(),
                "r" => self.n_runs = self.n_runs.saturating_sub(1),
                "t" => self.in_text = false,
                _ => {}
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.skipped_from.is_none() {
            self.write(text);
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    /// Elements that stand for a character, and properties of the paragraph.
    fn mark(&mut self, e: &BytesStart<'_>) {
        let in_run = self.n_runs > 0;
        match self.word(e.name().as_ref()) {
            "tab" | "ptab" if in_run => self.write("\t"),
            "br" | "cr" if in_run => self.write("\n"),
            "noBreakHyphen" if in_run => self.write("\u{2011}"),
            "numId" if !in_run => {
                let listed = value(e).is_some_and(|v| v != "0");
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.bullet = listed;
                }
            }
            "pStyle" => {
                let style = value(e).unwrap_or_default();
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.bullet |=
                        style.starts_with("ListBullet") || style.starts_with("ListNumber");
                    paragraph.heading =
                        ["Heading", "Title", "Subtitle"].iter().any(|name| style.starts_with(name));
                }
            }
            _ => {}
        }
    }

    fn begin_paragraph(&mut self) {
        self.n_begun += 1;
        self.open.push(Paragraph { place: self.n_begun, ..Paragraph::default() });
    }

    fn end_paragraph(&mut self) {
        if let Some(paragraph) = self.open.pop() {
            self.done.push(paragraph);
        }
    }

    /// What was deleted or moved away, former formatting, the second copy of a text box, and the
    /// reading aid above East Asian words.
    fn is_left_out(&self, name: &str) -> bool {
        let local = name.rsplit(':').next().unwrap_or(name);
        local == "Fallback"
            || match self.word(name) {
                "del" | "moveFrom" | "rt" => true,
                word => word.ends_with("PrChange"),
            }
    }

    /// The name without the prefix of WordprocessingML; empty for other vocabularies.
    fn word<'n>(&self, name: &'n str) -> &'n str {
        let prefix = self.prefix.as_deref().unwrap_or("w:");
        name.strip_prefix(prefix).filter(|local| !local.contains(':')).unwrap_or("")
    }

    fn finish(mut self, file: &str) -> Result<Vec<Paragraph>, Error> {
        if self.depth > 0 {
            return Err(broken(file, format!("`{PART}` ends too early")));
        }
        self.done.sort_by_key(|p| p.place);
        if self.done.iter().all(|p| p.text.trim().is_empty()) {
            return Err(Error::Empty { file: file.into() });
        }
        Ok(self.done)
    }
}

/// The `w:val` attribute.
fn value(e: &BytesStart<'_>) -> Option<String> {
    e.attributes().flatten().find_map(|a| {
        let name: &str = a.key.as_ref();
        (name.rsplit(':').next() == Some("val")).then(|| a.value.to_string())
    })
}
