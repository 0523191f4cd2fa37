//! `project.qde`: who coded what where.
//!
//! In: the XML. Out: a [`Description`], in the file's order; GUIDs in one form. Elements are
//! known by their local names, whatever the version in the namespace. Must not know: themes, texts.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::codebook::exchange::{RESPONSE, attribute, key, resolve};
use crate::text::Verbatim;

/// The deepest nesting of elements.
const MAX_DEPTH: usize = 200;

/// People who coded at most.
const MAX_PEOPLE: usize = 10_000;

/// Selections and codings at most.
const MAX_CODINGS: usize = 400_000;

/// A user's GUID (empty: nobody is named) and a code's; each kept once.
pub(super) type Coding = (Rc<str>, Rc<str>);

/// A project.
#[derive(Default)]
pub(super) struct Description {
    /// The tool that wrote it.
    pub(super) origin: String,
    /// Users by GUID.
    users: BTreeMap<String, String>,
    /// Users that are programs.
    machines: BTreeSet<String>,
    /// Codes by GUID.
    pub(super) codes: BTreeMap<String, Code>,
    /// Its texts.
    pub(super) sources: Vec<Source>,
    /// Sources that are no text: pictures, recordings, PDF.
    others: usize,
}

/// A code.
#[derive(Default)]
pub(super) struct Code {
    /// Its name.
    pub(super) name: String,
    /// The id in its description, where this program wrote one.
    pub(super) id: Option<String>,
}

/// A text.
#[derive(Default)]
pub(super) struct Source {
    /// Its name.
    pub(super) name: String,
    /// Where the text is.
    pub(super) path: String,
    /// The text itself, where it stands in the description.
    pub(super) inline: Option<Verbatim>,
    /// Its selections.
    pub(super) selections: Vec<Selection>,
    /// Codings of the whole text.
    pub(super) whole: Vec<Coding>,
}

/// A piece of a text.
#[derive(Default)]
pub(super) struct Selection {
    /// Its name, where it has one.
    pub(super) name: String,
    /// First code point.
    pub(super) start: usize,
    /// The one behind the last.
    pub(super) end: usize,
    /// Its codings.
    pub(super) codings: Vec<Coding>,
}

/// Why a description is none that can be used.
pub(super) enum Fault {
    /// It is broken: how.
    Broken(&'static str),
    /// It has too much of something: of what, and the most.
    TooMuch(&'static str, usize),
}

impl From<&'static str> for Fault {
    fn from(how: &'static str) -> Self {
        Self::Broken(how)
    }
}

impl Description {
    /// Reads a project's description.
    ///
    /// # Errors
    /// Why it is none, without any text of it.
    pub(super) fn parse(xml: &Verbatim) -> Result<Self, Fault> {
        let mut reader = Reader::from_str(xml.expose().trim_start_matches('\u{feff}'));
        let mut parser = Parser::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(e)) => parser.start(&e, false)?,
                Ok(Event::Empty(e)) => parser.start(&e, true)?,
                Ok(Event::End(_)) => parser.end(),
                Ok(Event::Text(t)) => parser.text(&t.xml10_content()),
                Ok(Event::CData(t)) => parser.text(&t.xml10_content()),
                Ok(Event::GeneralRef(r)) => {
                    let c = resolve(&r).ok_or("it has an unknown entity")?;
                    parser.text(c.encode_utf8(&mut [0; 4]));
                }
                Ok(Event::DocType(_)) => return Err("it has a document type declaration".into()),
                Ok(Event::Eof) => break,
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Err(_) => return Err("its description is no well-formed XML".into()),
            }
        }
        match (parser.path.is_empty(), parser.is_project) {
            (false, _) => Err("its description ends in the middle".into()),
            (true, false) => Err("its description holds no `Project`".into()),
            (true, true) => Ok(parser.found.with_unique_names()),
        }
    }

    /// Texts and users of one name are told apart: rows are joined by names.
    fn with_unique_names(mut self) -> Self {
        let used = self.codings().map(|(user, _)| user.to_owned()).collect::<BTreeSet<_>>();
        for user in used {
            let name = self.users.entry(user).or_default();
            if name.trim().is_empty() {
                "unnamed".clone_into(name);
            }
        }
        apart(self.users.values_mut());
        apart(self.sources.iter_mut().map(|s| &mut s.name));
        self
    }

    /// Every coding.
    pub(super) fn codings(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.sources.iter().flat_map(|source| {
            source.selections.iter().flat_map(|s| &s.codings).chain(&source.whole)
        });
        all.map(|(user, code)| (&**user, &**code))
    }

    /// Whether a user is a person.
    pub(super) fn is_person(&self, user: &str) -> bool {
        !self.machines.contains(user)
    }

    /// A user's name.
    pub(super) fn name(&self, user: &str) -> String {
        self.users.get(user).cloned().unwrap_or_default()
    }

    /// That sources were not read.
    pub(super) fn warning(&self, file: &str) -> Option<String> {
        let (n, are) = match self.others {
            0 => return None,
            1 => ("1 source".to_owned(), "is"),
            n => (format!("{n} sources"), "are"),
        };
        Some(format!("`{file}`: {n} that {are} no text (pictures, recordings, PDF) left out"))
    }
}

/// Puts a number behind a name that stands before.
fn apart<'a>(names: impl Iterator<Item = &'a mut String>) {
    let mut seen = BTreeSet::new();
    // How often each name stood before, so that a million of one name are told apart in one pass.
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        let n = next.entry(name.clone()).or_insert(1);
        let mut shown = name.clone();
        while !seen.insert(shown.clone()) {
            *n += 1;
            shown = format!("{name} ({n})");
        }
        *name = shown;
    }
}

/// The file while it streams by.
#[derive(Default)]
struct Parser {
    found: Description,
    /// Local names of the open elements.
    path: Vec<String>,
    is_project: bool,
    /// GUIDs of the open codes.
    codes: Vec<String>,
    /// The text of the open code's description.
    described: String,
    /// What has been read of a text that stands in the description.
    inline: String,
    /// The user of the open coding.
    user: Rc<str>,
    /// Who coded.
    people: BTreeSet<Rc<str>>,
    /// GUIDs of codings.
    guids: BTreeSet<Rc<str>>,
    /// Selections and codings so far.
    n_codings: usize,
}

impl Parser {
    fn start(&mut self, e: &BytesStart<'_>, is_empty: bool) -> Result<(), Fault> {
        let name = e.local_name().as_ref().to_owned();
        if self.path.len() >= MAX_DEPTH {
            return Err("its elements are nested too deep".into());
        }
        if self.path.is_empty() {
            self.is_project = name == "Project";
            self.found.origin = attribute(e, "origin")?;
        }
        let guid = |of: &str| attribute(e, of).map(|g| key(&g));
        let place = |of: &str| attribute(e, of).map(|n| n.parse().unwrap_or(0));
        match name.as_str() {
            "User" => {
                let (id, called) = (guid("guid")?, attribute(e, "name")?);
                if attribute(e, "id")? == "machine" || called.starts_with("machine:") {
                    self.found.machines.insert(id.clone());
                }
                self.found.users.insert(id, called);
            }
            "Code" => {
                let code = Code { name: attribute(e, "name")?, id: None };
                let id = guid("guid")?;
                self.found.codes.insert(id.clone(), code);
                if !is_empty {
                    self.codes.push(id);
                }
            }
            "TextSource" => {
                let (name, path) = (attribute(e, "name")?, attribute(e, "plainTextPath")?);
                self.found.sources.push(Source { name, path, ..Source::default() });
            }
            "PDFSource" | "PictureSource" | "AudioSource" | "VideoSource" => self.found.others += 1,
            "PlainTextSelection" if self.in_text() => {
                let name = attribute(e, "name")?;
                self.select(name, (place("startPosition")?, place("endPosition")?))?;
            }
            "Coding" => self.coder(guid("creatingUser")?)?,
            "CodeRef" if self.in_text() => self.coded(guid("targetGUID")?)?,
            _ => {}
        }
        match (is_empty, name.as_str()) {
            (true, "PlainTextSelection") if self.in_text() => self.deselect(),
            (true, _) => {}
            (false, _) => self.path.push(name),
        }
        Ok(())
    }

    /// A piece of the open text.
    fn select(&mut self, name: String, (start, end): (usize, usize)) -> Result<(), Fault> {
        self.count()?;
        if let Some(source) = self.found.sources.last_mut() {
            source.selections.push(Selection { name, start, end, codings: Vec::new() });
        }
        Ok(())
    }

    /// Whoever codes from here on.
    fn coder(&mut self, user: String) -> Result<(), Fault> {
        self.user = self.once(user);
        let is_new = self.people.insert(self.user.clone());
        let few = !is_new || self.people.len() <= MAX_PEOPLE;
        if few { Ok(()) } else { Err(Fault::TooMuch("people who coded", MAX_PEOPLE)) }
    }

    /// A coding of the open piece, or of the whole text. Those of programs are nobody's.
    fn coded(&mut self, code: String) -> Result<(), Fault> {
        if self.found.machines.contains(&*self.user) {
            return Ok(());
        }
        self.count()?;
        let coding = (self.user.clone(), self.once(code));
        let within = self.path.iter().any(|name| name == "PlainTextSelection");
        if let Some(source) = self.found.sources.last_mut() {
            match source.selections.last_mut().filter(|_| within) {
                Some(selection) => selection.codings.push(coding),
                None => source.whole.push(coding),
            }
        }
        Ok(())
    }

    /// Lets go of a piece in which nobody coded and which marks no response.
    fn deselect(&mut self) {
        let Some(source) = self.found.sources.last_mut() else { return };
        let idle = |s: &Selection| s.codings.is_empty() && !s.name.starts_with(RESPONSE);
        if source.selections.pop_if(|s| idle(s)).is_some() {
            self.n_codings = self.n_codings.saturating_sub(1);
        }
    }

    /// A GUID, kept once.
    fn once(&mut self, guid: String) -> Rc<str> {
        if let Some(known) = self.guids.get(guid.as_str()) {
            return known.clone();
        }
        let guid: Rc<str> = guid.into();
        self.guids.insert(guid.clone());
        guid
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.n_codings += 1;
        let few = self.n_codings <= MAX_CODINGS;
        if few { Ok(()) } else { Err(Fault::TooMuch("selections and codings", MAX_CODINGS)) }
    }

    fn in_text(&self) -> bool {
        self.path.iter().any(|name| name == "TextSource")
    }

    fn text(&mut self, text: &str) {
        match (self.path.last().map(String::as_str), self.path.iter().rev().nth(1)) {
            (Some("Description"), Some(of)) if of == "Code" => self.described.push_str(text),
            (Some("PlainTextContent"), _) if self.in_text() => {
                self.inline.push_str(text);
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        let of_code = |path: &[String]| path.iter().rev().nth(1).is_some_and(|of| of == "Code");
        match self.path.last().map(String::as_str) {
            Some("Description") if of_code(&self.path) => {
                let text = std::mem::take(&mut self.described);
                let id = text.lines().find_map(|l| l.trim().strip_prefix("Id:"));
                let code = self.codes.last().and_then(|guid| self.found.codes.get_mut(guid));
                if let (Some(id), Some(code)) = (id, code) {
                    code.id = Some(id.trim().to_owned());
                }
            }
            Some("PlainTextContent") if self.in_text() => {
                let text = std::mem::take(&mut self.inline);
                if let Some(source) = self.found.sources.last_mut().filter(|_| !text.is_empty()) {
                    source.inline = Some(Verbatim::new(text));
                }
            }
            Some("PlainTextSelection") if self.in_text() => self.deselect(),
            Some("Code") => {
                self.codes.pop();
            }
            _ => {}
        }
        self.path.pop();
    }
}
