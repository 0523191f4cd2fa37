//! `project.qde` and the texts around it.
//!
//! In: plan, corpus, verdicts. Out: the parts of the package. Elements stand in the schema's
//! order; wrappers without a child are left out, since the schema forbids them. Positions are
//! code points from 0, the end excluded. Margins stand in the descriptions of selections: the
//! format has no place for them. Must not know: how texts were put together.

use super::document::{Document, documents};
use super::guid::guid;
use super::{codes, of_theme, origin, tags};
use crate::classify::Verdict;
use crate::codebook::Codebook;
use crate::codebook::exchange::RESPONSE;
use crate::ingest::Kind;
use crate::plan::Plan;
use crate::prepare::Corpus;
use crate::report::codings::coder;
use crate::report::package::Parts;
use crate::report::xml::Xml;

const PROJECT: &str = "urn:QDA-XML:project:1.0";

/// What the project is written from.
struct Project<'a> {
    plan: &'a Plan,
    corpus: &'a Corpus,
    documents: Vec<Document>,
    machine: String,
}

/// `project.qde`, then the texts.
pub(super) fn parts(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Parts {
    let documents = documents(plan, corpus, verdicts);
    let machine = guid("user", &[&coder(plan)]);
    let project = Project { plan, corpus, documents, machine };
    let mut parts: Parts = vec![("project.qde".into(), project.xml())];
    for document in &project.documents {
        let name = format!("sources/{}.txt", project.of(document));
        parts.push((name, document.text.as_bytes().to_vec()));
    }
    parts
}

impl Project<'_> {
    fn xml(&self) -> Vec<u8> {
        let (book, origin) = (&self.plan.codebook, origin());
        let mut xml = Xml::document();
        let attributes = [
            ("xmlns", PROJECT),
            ("name", self.plan.title.as_str()),
            ("origin", &origin),
            ("creatingUserGUID", &self.machine),
        ];
        xml.open("Project", &attributes);
        let name = coder(self.plan);
        xml.open("Users", &[]);
        xml.empty("User", &[("guid", &self.machine), ("name", &name), ("id", "machine")]).close();
        xml.open("CodeBook", &[]);
        codes(&mut xml, book);
        xml.close();
        self.variables(&mut xml);
        self.cases(&mut xml);
        if !self.documents.is_empty() {
            xml.open("Sources", &[]);
            for document in &self.documents {
                self.source(&mut xml, document);
            }
            xml.close();
        }
        self.sets(&mut xml, book);
        xml.leaf("Description", &[], &self.description());
        xml.into_bytes()
    }

    /// The GUID of a document.
    fn of(&self, document: &Document) -> String {
        let source = &self.plan.sources[usize::from(document.source)].name;
        guid("document", &[&self.plan.title, source, &document.name])
    }

    /// Whether its voices are people, and not statements that nobody knows the speaker of.
    fn has_people(&self, document: &Document) -> bool {
        self.plan.sources[usize::from(document.source)].kind != Kind::SessionNotes
    }

    /// The name of a variable: group columns of two sources are two variables.
    fn variable(&self, source: usize, column: &str) -> (String, String) {
        let source = &self.plan.sources[source].name;
        let id = guid("variable", &[&self.plan.title, source, column]);
        (id, format!("{source}: {column}"))
    }

    fn variables(&self, xml: &mut Xml) {
        let all = self.plan.sources.iter().enumerate();
        let all: Vec<(String, String)> = all
            .flat_map(|(at, spec)| spec.groups.iter().map(move |column| (at, column)))
            .map(|(at, column)| self.variable(at, column))
            .collect();
        if all.is_empty() {
            return;
        }
        xml.open("Variables", &[]);
        for (id, name) in &all {
            xml.empty("Variable", &[("guid", id), ("name", name), ("typeOfVariable", "Text")]);
        }
        xml.close();
    }

    /// One case a person who spoke: their groups and their documents, or their turns in one.
    /// Notes do not say who spoke: their statements are no cases.
    fn cases(&self, xml: &mut Xml) {
        let mut said: std::collections::BTreeMap<u32, Vec<(usize, usize)>> = Default::default();
        for (at, document) in self.documents.iter().enumerate() {
            if !self.has_people(document) {
                continue;
            }
            for (number, voice) in document.voices.iter().enumerate() {
                if let Some(participant) = voice.participant {
                    said.entry(participant).or_default().push((at, number));
                }
            }
        }
        if said.is_empty() {
            return;
        }
        xml.open("Cases", &[]);
        for (participant, voices) in &said {
            let person = &self.corpus.participants[*participant as usize];
            let source = usize::from(person.source);
            let spec = &self.plan.sources[source];
            let id = guid("case", &[&self.plan.title, &spec.name, &person.id]);
            xml.open("Case", &[("guid", &id), ("name", &person.id)]);
            for (column, value) in spec.groups.iter().zip(&person.groups) {
                if !value.is_empty() {
                    xml.open("VariableValue", &[]);
                    let variable = self.variable(source, column).0;
                    xml.empty("VariableRef", &[("targetGUID", &variable)]);
                    xml.leaf("TextValue", &[], value);
                    xml.close();
                }
            }
            let mut of: Vec<usize> = voices.iter().map(|(at, _)| *at).collect();
            of.dedup();
            let alone = |at: &usize| {
                self.documents[*at].voices.iter().all(|v| v.participant == Some(*participant))
            };
            let (whole, shared): (Vec<usize>, Vec<usize>) = of.into_iter().partition(alone);
            for at in whole {
                xml.empty("SourceRef", &[("targetGUID", &self.of(&self.documents[at]))]);
            }
            for (at, number) in voices.iter().filter(|(at, _)| shared.contains(at)) {
                let response = &self.documents[*at].voices[*number].response;
                xml.empty("SelectionRef", &[("targetGUID", &self.turn(response))]);
            }
            xml.close();
        }
        xml.close();
    }

    /// The GUID of the selection that marks a turn as a person's.
    fn turn(&self, response: &str) -> String {
        guid("turn", &[&self.plan.title, response])
    }

    fn source(&self, xml: &mut Xml, document: &Document) {
        let id = self.of(document);
        let path = format!("internal://{id}.txt");
        let attributes = [
            ("guid", id.as_str()),
            ("name", &document.name),
            ("plainTextPath", &path),
            ("creatingUser", &self.machine),
        ];
        xml.open("TextSource", &attributes);
        let spec = &self.plan.sources[usize::from(document.source)];
        let note = format!(
            "{} ({}). Redacted; turns of moderators and answers without content, in other \
             languages or sent twice are left out.",
            spec.name, spec.perspective
        );
        xml.leaf("Description", &[], &note);
        // Every response by its name: what people code in it comes back to it.
        for voice in document.voices.iter().filter(|v| v.end > v.start) {
            let id = self.turn(&voice.response);
            let (start, end) = (voice.start.to_string(), voice.end.to_string());
            let place = [("startPosition", start.as_str()), ("endPosition", &end)];
            let name = format!("{RESPONSE}{}", voice.response);
            let what = [("guid", id.as_str()), ("name", &name)];
            xml.empty("PlainTextSelection", &[what, place].concat());
        }
        for selection in &document.selections {
            self.selection(xml, selection);
        }
        xml.close();
    }

    fn selection(&self, xml: &mut Xml, selection: &super::document::Selection) {
        let book = &self.plan.codebook;
        let (response, number) = &selection.segment;
        let number = number.to_string();
        let id = guid("selection", &[&self.plan.title, response, &number]);
        let name = format!("{response}/{number}");
        let (start, end) = (selection.start.to_string(), selection.end.to_string());
        let attributes = [
            ("guid", id.as_str()),
            ("name", &name),
            ("startPosition", &start),
            ("endPosition", &end),
            ("creatingUser", &self.machine),
        ];
        xml.open("PlainTextSelection", &attributes);
        let margins: Vec<String> = selection
            .codes
            .iter()
            .map(|(theme, score)| format!("{} {score:.4}", book.themes[*theme].id))
            .collect();
        xml.leaf("Description", &[], &format!("margin: {}", margins.join("; ")));
        for (theme, _) in &selection.codes {
            let theme_id = book.themes[*theme].id.as_str();
            let coding = guid("coding", &[&self.plan.title, response, &number, theme_id]);
            xml.open("Coding", &[("guid", &coding), ("creatingUser", &self.machine)]);
            xml.empty("CodeRef", &[("targetGUID", &of_theme(book, *theme))]).close();
        }
        xml.close();
    }

    /// A set a tag of the codebook, and a set a source of the study.
    fn sets(&self, xml: &mut Xml, book: &Codebook) {
        let tags = tags(book);
        if tags.is_empty() && self.documents.is_empty() {
            return;
        }
        xml.open("Sets", &[]);
        for (tag, themes) in &tags {
            xml.open("Set", &[("guid", &guid("tag", &[tag])), ("name", tag)]);
            for &theme in themes {
                xml.empty("MemberCode", &[("targetGUID", &of_theme(book, theme))]);
            }
            xml.close();
        }
        for (at, spec) in self.plan.sources.iter().enumerate() {
            let own: Vec<&Document> =
                self.documents.iter().filter(|d| usize::from(d.source) == at).collect();
            if own.is_empty() {
                continue;
            }
            let id = guid("source", &[&self.plan.title, &spec.name]);
            xml.open("Set", &[("guid", &id), ("name", &spec.name)]);
            xml.leaf("Description", &[], &spec.perspective);
            for document in own {
                xml.empty("MemberSource", &[("targetGUID", &self.of(document))]);
            }
            xml.close();
        }
        xml.close();
    }

    fn description(&self) -> String {
        let plan = self.plan;
        let mut text = format!(
            "Coded by a program ({}, threshold {:.4}), not by people: its codings belong to the \
             user “{}”. Texts are redacted. Working file: it holds what every person said; keep it \
             as you keep the answers.",
            origin(),
            plan.threshold,
            coder(plan),
        );
        if let Some(notice) = &plan.notice {
            text = format!("{notice}\n{text}");
        }
        text
    }
}
