//! Lines of a conversation to turns, and turns to responses: what TXT, DOCX and VTT share.
//!
//! In: [`Line`]s with their places, some with a speaker that the format itself names. Out: a
//! [`FileIntake`]: one response a turn. A label counts as one when it is a moderator's, when it
//! stands in front of two lines or more, or when it names a part (`Officer 3`); so
//! `One thing I'd say: …` stays inside its turn. Must not know: bytes, encodings, XML, cues.

use std::collections::BTreeMap;

use super::assemble::{Draft, FileIntake, Person};
use super::label::{self, Labelled};
use super::{Content, Context, Error};
use crate::text::Verbatim;

/// A line, a paragraph or a piece of a cue.
pub(super) struct Line {
    /// Its place in the file, counted from 1.
    pub(super) place: u32,
    /// The speaker, where the format names one.
    pub(super) voice: Option<String>,
    /// The words.
    pub(super) text: String,
}

/// How the format sets out a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A label opens a turn; lines below belong to it, each on its own line.
    Paragraphs,
    /// Speech is cut into cues: pieces of one speaker in a row are one turn, on one line.
    Cues,
}

struct Turn {
    place: u32,
    label: String,
    text: String,
}

/// Turns of a file as responses.
pub(super) fn read(
    context: &Context<'_>,
    lines: Vec<Line>,
    layout: Layout,
) -> Result<FileIntake, Error> {
    let mut intake = FileIntake::default();
    let accepted = Accepted::count(&lines, &context.spec.moderators);
    let turns = turns(&lines, &accepted, layout);
    if turns.is_empty() {
        return Err(Error::NoTurns { file: context.file.into() });
    }
    if let Some(warning) = accepted.warning(context.file, &lines) {
        intake.warnings.push(warning);
    }
    let mut speakers: BTreeMap<String, u32> = BTreeMap::new();
    for (n, turn) in turns.into_iter().enumerate() {
        let moderates = label::is_moderator(&turn.label, &context.spec.moderators);
        let person = (!moderates).then(|| {
            *speakers.entry(label::key(&turn.label)).or_insert_with(|| {
                let number = intake.people.len();
                let id = format!("{}/S{}", context.stem, number + 1);
                intake.people.push(Person { id, named: false, groups: no_groups(context) });
                number as u32
            })
        });
        intake.responses.push(Draft {
            question: 0,
            person,
            row: turn.place,
            id: format!("{}#{}", context.stem, n + 1),
            content: match person {
                None => Content::Moderator,
                Some(_) => Content::Text(Verbatim::new(turn.text)),
            },
        });
    }
    intake.rows = intake.responses.len() as u32;
    warn_of_unlisted_moderators(context, &speakers, &mut intake.warnings);
    Ok(intake)
}

/// Blank values for the source's group columns, which a conversation does not have.
pub(super) fn no_groups(context: &Context<'_>) -> Vec<String> {
    vec![String::new(); context.spec.groups.len()]
}

fn warn_of_unlisted_moderators(
    context: &Context<'_>,
    speakers: &BTreeMap<String, u32>,
    warnings: &mut Vec<String>,
) {
    const ASKING: [&str; 6] =
        ["moderator", "facilitator", "interviewer", "q", "question", "主持人"];
    for name in ASKING.iter().filter(|name| speakers.contains_key(**name)) {
        warnings.push(format!(
            "`{}`: the label `{name}` is not among the moderators and counts as a participant",
            context.file
        ));
    }
}

/// The labels of a file that open turns.
struct Accepted {
    n_lines: BTreeMap<String, u32>,
    moderators: Vec<String>,
}

impl Accepted {
    fn count(lines: &[Line], moderators: &[String]) -> Self {
        let mut n_lines = BTreeMap::new();
        for line in lines.iter().filter(|l| l.voice.is_none()) {
            if let Some(found) = label::split(&line.text) {
                *n_lines.entry(label::key(found.label)).or_insert(0) += 1;
            }
        }
        Self { n_lines, moderators: moderators.to_vec() }
    }

    fn open<'l>(&self, line: &'l Line) -> Option<Labelled<'l>> {
        label::split(&line.text).filter(|found| {
            label::is_role(found.label)
                || label::is_moderator(found.label, &self.moderators)
                || self.n_lines.get(&label::key(found.label)).is_some_and(|n| *n >= 2)
        })
    }

    /// Names the lines that look like turns and were not taken as such.
    fn warning(&self, file: &str, lines: &[Line]) -> Option<String> {
        let opened = |l: &Line| l.voice.is_some() || self.open(l).is_some();
        let first = lines.iter().position(opened)?;
        let doubtful: Vec<String> = lines[first..]
            .iter()
            .filter(|l| l.voice.is_none() && self.open(l).is_none() && looks_named(&l.text))
            .map(|l| l.place.to_string())
            .collect();
        let n = doubtful.len();
        (n > 0).then(|| {
            let shown = doubtful[..n.min(8)].join(", ");
            let more = if n > 8 { format!(" and {} more", n - 8) } else { String::new() };
            format!(
                "`{file}`: {n} lines begin with what could be a speaker's label that occurs once; they stay in the turn above (lines {shown}{more})"
            )
        })
    }
}

/// A label of one to three words, each with a capital: more likely a name than a phrase.
fn looks_named(text: &str) -> bool {
    label::split(text).is_some_and(|found| {
        let words: Vec<&str> = found.label.split_whitespace().collect();
        words.len() <= 3
            && words.iter().all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_numeric()))
    })
}

fn turns(lines: &[Line], accepted: &Accepted, layout: Layout) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for line in lines {
        let opened = match &line.voice {
            Some(voice) => Some(Labelled { label: voice, words: line.text.trim() }),
            None => accepted.open(line),
        };
        match opened {
            Some(Labelled { label, words }) => {
                let same = turns.last_mut().filter(|last| {
                    layout == Layout::Cues && label::key(&last.label) == label::key(label)
                });
                match same {
                    Some(turn) => join(&mut turn.text, words, layout),
                    None => turns.push(Turn {
                        place: line.place,
                        label: label.to_string(),
                        text: words.trim_end().to_string(),
                    }),
                }
            }
            None => {
                if let Some(turn) = turns.last_mut() {
                    join(&mut turn.text, line.text.trim(), layout);
                }
            }
        }
    }
    turns
}

fn join(text: &mut String, more: &str, layout: Layout) {
    let more = more.trim_end();
    if more.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push(if layout == Layout::Cues { ' ' } else { '\n' });
    }
    text.push_str(more);
}
