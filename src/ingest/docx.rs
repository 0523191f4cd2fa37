//! Word documents (DOCX) to paragraphs.
//!
//! In: bytes. Out: [`Document`]: the [`Paragraph`]s of the main part with their numbers.
//! Insertions are kept and deletions left out; text in tables, text boxes, content controls,
//! smart tags, hyperlinks and fields' results is read once; prompts of empty content controls,
//! soft hyphens and macros are not text. Footnotes, endnotes and comments are somebody's notes on
//! the text: they are not read, and a warning counts them. Headers and footers are not read.
//! Memory is bounded: by the size of the part, its nesting, its paragraphs and their text.
//! Must not know: what a label or a statement is.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::Error;
use super::archive::Archive;
use super::encoding::decode;

const PART: &str = "word/document.xml";
/// The largest main part, inflated, in bytes.
const MAX_PART: usize = 100 << 20;
/// The longest text of all paragraphs, in bytes.
const MAX_TEXT: usize = 20 << 20;
const MAX_PARAGRAPHS: usize = 1_000_000;
/// The deepest nesting of elements; a table in a table is five.
const MAX_DEPTH: usize = 2_000;

/// A document's text.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The paragraphs, in the order of their beginnings.
    pub(super) paragraphs: Vec<Paragraph>,
    /// What was left out, in a sentence for the user.
    pub(super) warning: Option<String>,
}

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

/// Reads the main part.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Document, Error> {
    let mut archive = Archive::open(bytes, file, broken)?;
    let name = main_part(&mut archive)?;
    let part = archive.part(&name)?.ok_or_else(|| broken(file, format!("`{PART}` is missing")))?;
    if part.len() > MAX_PART {
        return Err(too_big(file, "its text with its mark-up", "100 MB"));
    }
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
        body.check(file)?;
    }
    body.finish(file)
}

/// The main part's name: other programs than Word do not always call it [`PART`].
fn main_part(archive: &mut Archive<'_>) -> Result<String, Error> {
    const MAX_RELATIONS: usize = 1 << 20;
    let relations = archive.part("_rels/.rels")?.filter(|part| part.len() <= MAX_RELATIONS);
    let relations = relations.and_then(|part| String::from_utf8(part).ok()).unwrap_or_default();
    let mut reader = Reader::from_str(&relations);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) | Event::Empty(e) => {
                let kind = attribute(&e, "Type").unwrap_or_default();
                if kind.ends_with("/officeDocument")
                    && let Some(target) = attribute(&e, "Target")
                {
                    return Ok(target.trim_start_matches('/').to_string());
                }
            }
            Event::DocType(_) | Event::Eof => break,
            _ => {}
        }
    }
    Ok(PART.into())
}

fn too_big(file: &str, what: &str, limit: &str) -> Error {
    Error::TooBig { file: file.into(), what: what.into(), limit: limit.into() }
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
    /// Bytes of text so far.
    n_bytes: usize,
    /// Whether the content control that is open shows its prompt.
    prompts: bool,
    n_footnotes: u32,
    n_comments: u32,
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
            "sdtContent" if std::mem::take(&mut self.prompts) => {
                self.skipped_from = Some(self.depth);
            }
            _ => self.mark(e),
        }
    }

    /// Whether the document is still one that a computer of today reads in passing.
    fn check(&self, file: &str) -> Result<(), Error> {
        if self.depth > MAX_DEPTH {
            return Err(broken(file, format!("`{PART}` nests more than {MAX_DEPTH} elements")));
        }
        if self.open.len() + self.done.len() > MAX_PARAGRAPHS {
            return Err(too_big(file, "its number of paragraphs", "1,000,000"));
        }
        if self.n_bytes > MAX_TEXT {
            return Err(too_big(file, "its text", "20 MB"));
        }
        Ok(())
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

    /// Beyond the limit, at which [`Body::check`] ends the reading, nothing is copied.
    fn write(&mut self, text: &str) {
        self.n_bytes = self.n_bytes.saturating_add(text.len());
        if let Some(paragraph) = self.open.last_mut().filter(|_| self.n_bytes <= MAX_TEXT) {
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
            "sym" if in_run => self.write(symbol(e).encode_utf8(&mut [0; 4])),
            "footnoteReference" | "endnoteReference" => self.n_footnotes += 1,
            "commentReference" => self.n_comments += 1,
            "showingPlcHdr" => self.prompts = value(e).is_none_or(|v| v != "0" && v != "false"),
            "sdtPr" => self.prompts = false,
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

    fn finish(mut self, file: &str) -> Result<Document, Error> {
        if self.depth > 0 {
            return Err(broken(file, format!("`{PART}` ends too early")));
        }
        self.done.sort_by_key(|p| p.place);
        if self.done.iter().all(|p| p.text.trim().is_empty()) {
            return Err(Error::Empty { file: file.into() });
        }
        let notes = (self.n_footnotes + self.n_comments > 0).then(|| {
            format!(
                "`{file}`: {} footnotes and {} comments on the text were not read",
                self.n_footnotes, self.n_comments
            )
        });
        Ok(Document { paragraphs: self.done, warning: notes })
    }
}

/// The `w:val` attribute.
fn value(e: &BytesStart<'_>) -> Option<String> {
    attribute(e, "val")
}

/// An attribute by its local name; a long one is none of those that are asked for.
fn attribute(e: &BytesStart<'_>, wanted: &str) -> Option<String> {
    const MAX_BYTES: usize = 1_000;
    e.attributes().flatten().find_map(|a| {
        let name: &str = a.key.as_ref();
        let found = name.rsplit(':').next() == Some(wanted) && a.value.len() <= MAX_BYTES;
        found.then(|| a.value.to_string())
    })
}

/// The character of a `w:sym`: those of symbol fonts lie in a private area, where a few that
/// stand in forms and letters are known; any other is U+FFFD.
fn symbol(e: &BytesStart<'_>) -> char {
    let code = attribute(e, "char").and_then(|c| u32::from_str_radix(&c, 16).ok()).unwrap_or(0);
    let wingdings = attribute(e, "font").is_some_and(|f| f.starts_with("Wingdings"));
    match code {
        0xF04A if wingdings => '☺',
        0xF06F | 0xF0A8 if wingdings => '☐',
        0xF0A7 | 0xF09F | 0xF06C if wingdings => '•',
        0xF0E0 | 0xF0E8 if wingdings => '→',
        0xF0FC if wingdings => '✓',
        0xF0FB | 0xF0FD if wingdings => '☒',
        0xF0FE if wingdings => '☑',
        0xF0B7 => '•',
        0xF000..=0xF0FF | 0 => char::REPLACEMENT_CHARACTER,
        code => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
#[path = "docx_tests.rs"]
pub(super) mod tests;
