//! Puts what was read from single files together.
//!
//! In: a [`FileIntake`] a file, in file order. Out: the [`Intake`]. People whom a `participant`
//! column names are one across the files of their source; a plain row id belongs to its file.
//! Response ids are made unique in the study, participant ids in their source.
//! Must not know: any file format.

use std::collections::{BTreeMap, BTreeSet};

use super::stem::Conversation;
use super::talk::label;
use super::{Content, Error, InputFile, Intake, Participant, Rejected, Response, SourceSpec};

/// What a reader found in one file; numbers are local to the file.
#[derive(Debug, Default)]
pub(super) struct FileIntake {
    pub(super) shown: String,
    pub(super) stem: String,
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) format: String,
    pub(super) rows: u32,
    /// Tables: records that are no rows: the header, once or again, and titles above it.
    pub(super) headings: u32,
    /// Tables: line or row of the header.
    pub(super) header: u32,
    pub(super) people: Vec<Person>,
    /// The conversation that the file is a part of, where the source has parts.
    pub(super) conversation: Option<Conversation>,
    /// The speakers' labels, one a person; empty for other files.
    pub(super) voices: Vec<Voice>,
    pub(super) responses: Vec<Draft>,
    /// Records that could not be read; their `file` is filled in by the assembly.
    pub(super) rejects: Vec<Rejected>,
    pub(super) warnings: Vec<String>,
}

/// Somebody who spoke in the file.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: String,
    /// Whether a `participant` column gave the id, so that it means the same person in the other
    /// files of the source.
    pub(super) named: bool,
    pub(super) groups: Vec<String>,
    pub(super) weight: Option<f64>,
}

/// A speaker's label, under a key that is equal for its spellings. It never leaves this stage.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Voice(pub(super) String);

impl std::fmt::Debug for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voice")
    }
}

/// A response before the study's numbering.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) question: u16,
    pub(super) person: Option<u32>,
    pub(super) row: u32,
    pub(super) id: String,
    pub(super) content: Content,
}

/// The intake while it grows.
#[derive(Default)]
pub(super) struct Assembly {
    intake: Intake,
    /// Participants by source and the id that a `participant` column gave.
    known: BTreeMap<(u16, String), u32>,
    /// Conversations in parts, by source and key.
    sessions: BTreeMap<(u16, String), Session>,
    /// Participant ids in use, by source.
    people_ids: BTreeSet<(u16, String)>,
    /// Response ids as read; needed for sources of several files alone.
    response_ids: BTreeSet<(u16, String)>,
}

/// A conversation in parts, as far as it was read.
struct Session {
    /// The first file.
    file: u16,
    /// Participants by label.
    voices: BTreeMap<Voice, u32>,
    n_people: u32,
}

/// How many people of a file have an id that an earlier file of the source has too.
#[derive(Default)]
struct Recurring {
    merged: usize,
    kept_apart: usize,
}

impl Assembly {
    /// Takes in the next file.
    pub(super) fn add(
        &mut self,
        source: u16,
        spec: &SourceSpec,
        mut read: FileIntake,
    ) -> Result<(), Error> {
        let file = self.intake.files.len() as u16;
        let full = |_| Error::TooBig {
            file: read.shown.clone(),
            what: "the number of participants".into(),
            limit: u32::MAX.to_string(),
        };
        u32::try_from(self.intake.participants.len() + read.people.len()).map_err(full)?;
        let (numbers, recurring, session) = match read.conversation.take() {
            Some(conversation) => {
                let (numbers, session) = self.speakers(source, file, &conversation, &mut read);
                (numbers, Recurring::default(), session)
            }
            None => {
                let people = std::mem::take(&mut read.people);
                let (numbers, recurring) = self.people(source, file, &read.stem, people);
                (numbers, recurring, file)
            }
        };
        self.intake.warnings.extend(read.warnings);
        self.warn(&recurring, &read.shown, &spec.name);
        let ids = self.response_ids(source, spec.files.len() > 1, &read.stem, &read.responses);
        let drafts = read.responses.into_iter().zip(ids);
        self.intake.responses.extend(drafts.map(|(draft, id)| Response {
            source,
            question: draft.question,
            participant: draft.person.and_then(|p| numbers.get(p as usize)).copied(),
            file,
            row: draft.row,
            id,
            content: draft.content,
        }));
        self.intake.rejects.extend(read.rejects.into_iter().map(|r| Rejected { file, ..r }));
        self.intake.files.push(InputFile {
            source,
            session,
            path: read.shown,
            sha256: read.sha256,
            bytes: read.bytes,
            format: read.format,
            rows: read.rows,
        });
        Ok(())
    }

    fn warn(&mut self, recurring: &Recurring, shown: &str, source: &str) {
        let Recurring { merged, kept_apart } = recurring;
        let lead = |n| format!("`{shown}`: {n} ids also stand in earlier files of `{source}` and");
        if *merged > 0 {
            self.intake.warnings.push(format!("{} count as the same people", lead(merged)));
        }
        if *kept_apart > 0 {
            self.intake.warnings.push(format!(
                "{} count as other people: a `participant` column would make them the same",
                lead(kept_apart)
            ));
        }
    }

    /// The study's number of each speaker in a part of a conversation, and its first file. A
    /// label means the same person in every part; captions without a label are somebody of their
    /// part alone.
    fn speakers(
        &mut self,
        source: u16,
        file: u16,
        conversation: &Conversation,
        read: &mut FileIntake,
    ) -> (Vec<u32>, u16) {
        let key = (source, conversation.key.clone());
        let fresh = Session { file, voices: BTreeMap::new(), n_people: 0 };
        let mut session = self.sessions.remove(&key).unwrap_or(fresh);
        let mut n_numbered = 0;
        let mut numbers = Vec::with_capacity(read.people.len());
        let voices = std::mem::take(&mut read.voices);
        for (person, voice) in std::mem::take(&mut read.people).into_iter().zip(voices) {
            if let Some(known) = session.voices.get(&voice).filter(|_| !voice.0.is_empty()) {
                n_numbered += usize::from(label::is_numbered_by_a_tool(&voice.0));
                numbers.push(*known);
                continue;
            }
            session.n_people += 1;
            let number = self.intake.participants.len() as u32;
            let id = format!("{}/S{}", conversation.name, session.n_people);
            let id = self.free_person_id(source, &read.stem, &id);
            let (groups, file) = (person.groups, session.file);
            let weight = person.weight;
            self.intake.participants.push(Participant { source, id, file, groups, weight });
            session.voices.insert(voice, number);
            numbers.push(number);
        }
        if n_numbered > 0 {
            read.warnings.push(format!(
                "`{}`: {n_numbered} speakers have a number for a name, as in an earlier part, and count as the same people: a tool numbers speakers anew in every recording",
                read.shown
            ));
        }
        let first = session.file;
        self.sessions.insert(key, session);
        (numbers, first)
    }

    /// The study's number of each person.
    fn people(
        &mut self,
        source: u16,
        file: u16,
        stem: &str,
        people: Vec<Person>,
    ) -> (Vec<u32>, Recurring) {
        let mut recurring = Recurring::default();
        let mut numbers = Vec::with_capacity(people.len());
        let n_before = self.intake.participants.len() as u32;
        for Person { id, named, groups, weight } in people {
            let number = self.intake.participants.len() as u32;
            if named {
                let known = *self.known.entry((source, id.clone())).or_insert(number);
                if known < number {
                    recurring.merged += usize::from(known < n_before);
                    let earlier = &mut self.intake.participants[known as usize];
                    fill_blanks(&mut earlier.groups, groups);
                    earlier.weight = earlier.weight.or(weight);
                    numbers.push(known);
                    continue;
                }
            }
            numbers.push(number);
            let shown = self.free_person_id(source, stem, &id);
            recurring.kept_apart += usize::from(shown != id && !named);
            let person = Participant { source, id: shown, file, groups, weight };
            self.intake.participants.push(person);
        }
        (numbers, recurring)
    }

    /// The id, or one with the file's stem in front where another person of the source has it.
    fn free_person_id(&mut self, source: u16, stem: &str, id: &str) -> String {
        let mut candidates = (1u32..).map(|n| match n {
            1 => id.to_string(),
            2 => format!("{stem}/{id}"),
            n => format!("{stem}/{id}+{}", n - 1),
        });
        let free = |new: &String| self.people_ids.insert((source, new.clone()));
        candidates.find(free).unwrap_or_default()
    }

    /// The ids of a file's responses, with the file's stem in front where an earlier file of the
    /// source has the same.
    fn response_ids(
        &mut self,
        source: u16,
        shared: bool,
        stem: &str,
        drafts: &[Draft],
    ) -> Vec<String> {
        let recurs = |d: &Draft| shared && self.response_ids.contains(&(source, d.id.clone()));
        let shown = |d: &Draft| if recurs(d) { format!("{stem}/{}", d.id) } else { d.id.clone() };
        let ids = drafts.iter().map(shown).collect();
        if shared {
            self.response_ids.extend(drafts.iter().map(|d| (source, d.id.clone())));
        }
        ids
    }

    /// The intake, complete.
    pub(super) fn finish(mut self) -> Intake {
        distinguish(&mut self.intake.responses);
        self.intake
    }
}

/// Values of a later row fill what the first left blank; the first value stands otherwise.
/// Returns whether the rows contradict each other.
pub(super) fn fill_blanks(first: &mut [String], later: Vec<String>) -> bool {
    let mut contradicts = false;
    for (old, new) in first.iter_mut().zip(later) {
        if old.is_empty() {
            *old = new;
        } else if !new.is_empty() && *old != new {
            contradicts = true;
        }
    }
    contradicts
}

/// Later responses of the same id get `+2`, `+3` behind it.
fn distinguish(responses: &mut [Response]) {
    let mut order: Vec<u32> = (0..responses.len() as u32).collect();
    let id = |i: &u32| responses[*i as usize].id.as_str();
    rayon::prelude::ParallelSliceMut::par_sort_unstable_by(&mut order[..], |a, b| {
        id(a).cmp(id(b)).then(a.cmp(b))
    });
    let repeats: Vec<u32> =
        order.windows(2).filter(|w| id(&w[0]) == id(&w[1])).map(|w| w[1]).collect();
    if repeats.is_empty() {
        return;
    }
    let mut taken: BTreeSet<String> = responses.iter().map(|r| r.id.clone()).collect();
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    for i in repeats {
        let id = &mut responses[i as usize].id;
        let n = last.entry(id.clone()).or_insert(1);
        let new = loop {
            *n += 1;
            let new = format!("{id}+{n}");
            if taken.insert(new.clone()) {
                break new;
            }
        };
        *id = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Verbatim;

    #[test]
    fn repeated_ids_are_told_apart_without_hitting_another() {
        let mut responses: Vec<Response> = ["a", "a", "a+2", "b", "a"]
            .iter()
            .map(|id| Response {
                source: 0,
                question: 0,
                participant: None,
                file: 0,
                row: 1,
                id: (*id).into(),
                content: Content::Text(Verbatim::new("")),
            })
            .collect();
        distinguish(&mut responses);
        let ids: Vec<&str> = responses.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["a", "a+3", "a+2", "b", "a+4"]);
    }
}
