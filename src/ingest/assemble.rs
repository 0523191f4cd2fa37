//! Puts what was read from single files together.
//!
//! In: a [`FileIntake`] a file, in file order. Out: the [`Intake`], with people merged within
//! their source and response ids made unique in the study. Must not know: any file format.

use std::collections::{BTreeMap, BTreeSet};

use super::{Content, Error, InputFile, Intake, Participant, Response, SourceSpec};

/// What a reader found in one file; numbers are local to the file.
#[derive(Debug, Default)]
pub(super) struct FileIntake {
    pub(super) shown: String,
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) format: String,
    pub(super) rows: u32,
    pub(super) people: Vec<Person>,
    pub(super) responses: Vec<Draft>,
    pub(super) warnings: Vec<String>,
}

/// Somebody who spoke in the file.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) groups: Vec<String>,
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
    /// Participants by source and id; needed for sources of several files alone.
    known: BTreeMap<(u16, String), u32>,
}

impl Assembly {
    /// Takes in the next file.
    pub(super) fn add(
        &mut self,
        source: u16,
        spec: &SourceSpec,
        read: FileIntake,
    ) -> Result<(), Error> {
        let file = self.intake.files.len() as u16;
        let full = |_| Error::TooBig {
            file: read.shown.clone(),
            what: "the number of participants".into(),
            limit: u32::MAX.to_string(),
        };
        u32::try_from(self.intake.participants.len() + read.people.len()).map_err(full)?;
        let numbers = self.people(source, file, spec.files.len() > 1, read.people);
        let n_merged = numbers.iter().filter(|(_, merged)| *merged).count();
        self.intake.warnings.extend(read.warnings);
        if n_merged > 0 {
            self.intake.warnings.push(format!(
                "`{}`: {n_merged} ids also stand in earlier files of `{}` and count as the same people",
                read.shown, spec.name
            ));
        }
        self.intake.responses.extend(read.responses.into_iter().map(|draft| Response {
            source,
            question: draft.question,
            participant: draft.person.and_then(|p| numbers.get(p as usize)).map(|(n, _)| *n),
            file,
            row: draft.row,
            id: draft.id,
            content: draft.content,
        }));
        self.intake.files.push(InputFile {
            source,
            path: read.shown,
            sha256: read.sha256,
            bytes: read.bytes,
            format: read.format,
            rows: read.rows,
        });
        Ok(())
    }

    /// The study's number of each person, and whether an earlier file had the person already.
    fn people(
        &mut self,
        source: u16,
        file: u16,
        shared: bool,
        people: Vec<Person>,
    ) -> Vec<(u32, bool)> {
        let mut numbers = Vec::with_capacity(people.len());
        for person in people {
            if shared {
                let key = (source, person.id.clone());
                if let Some(number) = self.known.get(&key) {
                    let earlier = &mut self.intake.participants[*number as usize];
                    fill_blanks(&mut earlier.groups, person.groups);
                    numbers.push((*number, true));
                    continue;
                }
                self.known.insert(key, self.intake.participants.len() as u32);
            }
            numbers.push((self.intake.participants.len() as u32, false));
            let Person { id, groups } = person;
            self.intake.participants.push(Participant { source, id, file, groups });
        }
        numbers
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
