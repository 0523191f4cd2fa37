//! The codebook as REFI-QDA exchange (`.qdc`), as NVivo, ATLAS.ti, MAXQDA, QualCoder and others
//! write it. In: text. Out: drafts. Must not know: whether they make sense.
//!
//! A code's name is the label. Its description is the definition; the format has no other place
//! for a theme's notes, so lines that begin with `Include:`, `Exclude:`, `Example:` or `Id:` are
//! those ([`description`] writes them, and what it wrote is read back as it was). A code without
//! a description is defined by its name, and one without an id is called by its name in lower case.
//! Codes below the second level stand in the second. Sets whose members are codes are tags. The
//! version in the namespace is not looked at: tools write `codebook:1.0`, `codebook:1:0` and others.

use std::collections::BTreeMap;
use std::path::Path;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Draft, Error, Theme};

/// What the name of a selection begins with that marks a response in an exported project.
pub(crate) const RESPONSE: &str = "response ";

/// The largest file, in bytes.
pub(super) const MAX_FILE: u64 = 20_000_000;
/// The deepest nesting of elements.
const MAX_DEPTH: usize = 200;

/// A theme's description in the exchange format.
pub fn description(theme: &Theme) -> String {
    let mut text = theme.definition.clone();
    let one_line = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    let kinds = [(INCLUDE, &theme.include), (EXCLUDE, &theme.exclude), (EXAMPLE, &theme.examples)];
    for (prefix, entries) in kinds {
        for entry in entries {
            text.push_str(&format!("\n{prefix} {}", one_line(entry)));
        }
    }
    text.push_str(&format!("\n{ID} {}", theme.id));
    text
}

const INCLUDE: &str = "Include:";
const EXCLUDE: &str = "Exclude:";
const EXAMPLE: &str = "Example:";
const ID: &str = "Id:";

/// Title (the tool that wrote it, or the file's stem) and drafts, in the file's order.
pub(super) fn parse(path: &Path, text: &str) -> Result<(String, Vec<Draft>), Error> {
    let fail = |why: &str| Error::Exchange { path: path.to_owned(), why: why.into() };
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut book = Book::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => book.start(&e, false).map_err(fail)?,
            Ok(Event::Empty(e)) => book.start(&e, true).map_err(fail)?,
            Ok(Event::End(_)) => book.end(),
            Ok(Event::Text(t)) => book.text(&t.xml10_content()),
            Ok(Event::CData(t)) => book.text(&t.xml10_content()),
            Ok(Event::GeneralRef(r)) => {
                let c = resolve(&r).ok_or_else(|| fail("it has an unknown entity"))?;
                book.text(c.encode_utf8(&mut [0; 4]));
            }
            Ok(Event::DocType(_)) => return Err(fail("it has a document type declaration")),
            Ok(Event::Eof) => break,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            Err(_) => {
                let end = text.len().min(reader.error_position() as usize);
                let line = text.as_bytes()[..end].iter().filter(|b| **b == b'\n').count() + 1;
                return Err(fail(&format!("line {line}: it is no well-formed XML")));
            }
        }
    }
    if !book.path.is_empty() {
        return Err(fail("it ends in the middle"));
    }
    if !book.is_codebook {
        return Err(fail("it holds no `CodeBook`"));
    }
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((stem, book.drafts()))
}

/// The five entities of XML and numbers; any other needs a DOCTYPE, which is refused.
pub(crate) fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    let name: &str = reference;
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// A code as the file states it.
#[derive(Debug, Default)]
struct Code {
    guid: String,
    name: String,
    description: String,
    /// The outermost code above it.
    root: Option<usize>,
    tags: Vec<String>,
}

/// The file while it streams by.
#[derive(Debug, Default)]
struct Book {
    /// Local names of the open elements, and the code that each opened.
    path: Vec<(String, Option<usize>)>,
    codes: Vec<Code>,
    is_codebook: bool,
    /// The open set's name and its members.
    set: Option<String>,
    members: Vec<(String, String)>,
}

impl Book {
    fn start(&mut self, e: &BytesStart<'_>, is_empty: bool) -> Result<(), &'static str> {
        let name = e.local_name().as_ref().to_owned();
        if self.path.len() >= MAX_DEPTH {
            return Err("its elements are nested too deep");
        }
        if self.path.is_empty() {
            self.is_codebook = name == "CodeBook";
        }
        let mut code = None;
        match name.as_str() {
            "Code" => {
                let root = self.path.iter().find_map(|(_, code)| *code);
                let (guid, name) = (attribute(e, "guid")?, attribute(e, "name")?);
                self.codes.push(Code { guid, name, root, ..Code::default() });
                code = Some(self.codes.len() - 1);
            }
            "Set" => self.set = Some(attribute(e, "name")?),
            "MemberCode" => {
                let member = match attribute(e, "guid")? {
                    guid if guid.is_empty() => attribute(e, "targetGUID")?,
                    guid => guid,
                };
                if let Some(set) = &self.set {
                    self.members.push((key(&member), set.clone()));
                }
            }
            _ => {}
        }
        if !is_empty {
            self.path.push((name, code));
        }
        Ok(())
    }

    fn end(&mut self) {
        if self.path.pop().is_some_and(|(name, _)| name == "Set") {
            self.set = None;
        }
    }

    fn text(&mut self, text: &str) {
        if let [.., (_, Some(code)), (name, None)] = self.path.as_slice()
            && name == "Description"
        {
            self.codes[*code].description.push_str(text);
        }
    }

    fn drafts(mut self) -> Vec<Draft> {
        let places: BTreeMap<String, usize> =
            self.codes.iter().enumerate().map(|(at, code)| (key(&code.guid), at)).collect();
        for (member, set) in std::mem::take(&mut self.members) {
            if let Some(&at) = places.get(&member) {
                self.codes[at].tags.push(set);
            }
        }
        let mut drafts: Vec<Draft> = self.codes.iter().map(draft).collect();
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        for draft in drafts.iter().filter(|d| !d.id.is_empty()) {
            taken.insert(draft.id.clone(), 1);
        }
        for (at, code) in self.codes.iter().enumerate() {
            if drafts[at].id.is_empty() {
                drafts[at].id = free_id(&slug(&code.name, at), &mut taken);
            }
        }
        for (at, code) in self.codes.iter().enumerate() {
            drafts[at].parent = code.root.map(|root| drafts[root].id.clone());
        }
        drafts
    }
}

/// GUIDs are compared without case and braces.
pub(crate) fn key(guid: &str) -> String {
    guid.trim_matches(['{', '}', ' ']).to_ascii_lowercase()
}

/// The value of an attribute; empty where there is none.
pub(crate) fn attribute(e: &BytesStart<'_>, wanted: &str) -> Result<String, &'static str> {
    for attribute in e.attributes() {
        let attribute = attribute.map_err(|_| "an attribute is damaged")?;
        let name: &str = attribute.key.as_ref();
        if name == wanted {
            let value = quick_xml::escape::unescape(&attribute.value);
            return value.map(|v| v.trim().to_owned()).map_err(|_| "it has an unknown entity");
        }
    }
    Ok(String::new())
}

/// A code as a draft; without an id where its description has none.
fn draft(code: &Code) -> Draft {
    let mut draft = Draft { label: code.name.clone(), tags: code.tags.clone(), ..Draft::default() };
    let mut definition: Vec<&str> = Vec::new();
    for line in code.description.lines() {
        let rest = |prefix: &str| line.strip_prefix(prefix).map(|r| r.trim().to_owned());
        if let Some(entry) = rest(INCLUDE) {
            draft.include.push(entry);
        } else if let Some(entry) = rest(EXCLUDE) {
            draft.exclude.push(entry);
        } else if let Some(entry) = rest(EXAMPLE) {
            draft.examples.push(entry);
        } else if let Some(id) = rest(ID).filter(|id| is_id(id)) {
            draft.id = id;
        } else {
            definition.push(line);
        }
    }
    draft.definition = definition.join("\n").trim().to_owned();
    if draft.definition.is_empty() {
        draft.definition.clone_from(&code.name);
    }
    draft
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// `Response times (911)` → `response-times-911`.
fn slug(name: &str, place: usize) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() { format!("code-{}", place + 1) } else { words.join("-") }
}

/// The id, with a number behind it where it is taken.
fn free_id(wanted: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let mut n = taken.get(wanted).copied().unwrap_or_default();
    let mut id = wanted.to_owned();
    while n > 0 && taken.contains_key(&id) {
        n += 1;
        id = format!("{wanted}-{n}");
    }
    taken.insert(wanted.to_owned(), n.max(1));
    taken.insert(id.clone(), 1);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Draft>, String> {
        parse(Path::new("c.qdc"), text).map(|(_, d)| d).map_err(|e| e.to_string())
    }

    const NVIVO: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
        <CodeBook xmlns=\"urn:QDA-XML:codebook:1:0\" origin=\"A tool\"><Codes>\
        <Code guid=\"{5215CC69-B628-4E02-AFB9-9BEEAEE55808}\" name=\"Trust &amp; respect\" isCodable=\"true\">\
        <Description>How far people trust.\nExclude: praise</Description>\
        <Code guid=\"a\" name=\"Respect\" isCodable=\"true\"><Code guid=\"b\" name=\"Deeper\" isCodable=\"true\"/></Code>\
        </Code><Code guid=\"c\" name=\"Respect\" isCodable=\"true\"/></Codes>\
        <Sets><Set guid=\"d\" name=\"plan-element:trust\"><MemberCode guid=\"5215cc69-b628-4e02-afb9-9beeaee55808\"/></Set></Sets></CodeBook>";

    #[test]
    fn a_codebook_of_another_tool_becomes_two_levels_with_ids() {
        let drafts = read(NVIVO).unwrap();
        let found: Vec<(&str, &str, Option<&str>)> =
            drafts.iter().map(|d| (d.id.as_str(), d.label.as_str(), d.parent.as_deref())).collect();
        let expected = [
            ("trust-respect", "Trust & respect", None),
            ("respect", "Respect", Some("trust-respect")),
            ("deeper", "Deeper", Some("trust-respect")),
            ("respect-2", "Respect", None),
        ];
        assert_eq!(found, expected);
        assert_eq!(drafts[0].definition, "How far people trust.");
        assert_eq!(drafts[0].exclude, ["praise"]);
        assert_eq!(drafts[0].tags, ["plan-element:trust"]);
        assert_eq!(drafts[1].definition, "Respect");
    }

    #[test]
    fn what_is_no_codebook_is_refused_in_one_line() {
        let deep = "<CodeBook>".to_owned() + &"<Code>".repeat(10_000);
        for (text, why) in [
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><CodeBook/>", "it has a document type declaration"),
            ("<CodeBook>&b;</CodeBook>", "it has an unknown entity"),
            ("<CodeBook><Codes></CodeBook>", "line 1: it is no well-formed XML"),
            ("<CodeBook><Codes>", "it ends in the middle"),
            ("<Project/>", "it holds no `CodeBook`"),
            ("", "it holds no `CodeBook`"),
            (deep.as_str(), "its elements are nested too deep"),
        ] {
            assert_eq!(read(text).unwrap_err(), format!("c.qdc: {why}"));
        }
    }

    #[test]
    fn ids_are_unique_whatever_the_names_are() {
        let codes: String = ["A", "a", "A 2", "?", "?", "a-2"]
            .iter()
            .map(|name| format!("<Code guid=\"x\" name=\"{name}\"/>"))
            .collect();
        let drafts = read(&format!("<CodeBook><Codes>{codes}</Codes></CodeBook>")).unwrap();
        let mut ids: Vec<&str> = drafts.iter().map(|d| d.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 6, "{ids:?}");
    }
}
