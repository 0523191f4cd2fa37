//! Lines of a conversation to turns, and turns to responses: what TXT, DOCX and VTT share.
//!
//! In: [`Line`]s with their places, some with a speaker that the format itself names. Out: a
//! [`FileIntake`]: one response a turn. A label counts as one when it is a moderator's, when it
//! stands in front of two lines or more, or when it names a part (`Officer 3`); so
//! `One thing I'd say: …` stays inside its turn. A name that occurs once opens a turn too where
//! it would otherwise fall into a moderator's. Captions in front of the first label are those of
//! an unnamed speaker. Stage directions and sounds in brackets stay in their turn as they are; a
//! turn that is nothing else has no content for the stage that prepares. Times alone on a line
//! are structure. Must not know: bytes, encodings, XML, cues.

mod captions;
mod cue_text;
pub(super) mod docx;
mod form;
pub(super) mod label;
pub(super) mod pdf;
pub(super) mod sbv;
pub(super) mod srt;
pub(super) mod txt;
pub(super) mod vtt;

use std::collections::BTreeMap;

use crate::ingest::assemble::{Draft, FileIntake, Person, Voice};
use crate::ingest::{Content, Context, Error, Rejected};
use crate::text::Verbatim;
use label::Labelled;

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

/// A conversation as a format hands it on.
pub(super) struct Script {
    /// What was said, in the order of the file.
    pub(super) lines: Vec<Line>,
    /// How the format sets out a turn.
    pub(super) layout: Layout,
    /// What could not be read, in the order of the file.
    pub(super) rejected: Vec<Rejected>,
}

struct Turn {
    place: u32,
    label: String,
    text: String,
}

/// Turns of a file as responses, and what could not be read as rejected ones.
pub(super) fn read(context: &Context<'_>, script: Script) -> Result<FileIntake, Error> {
    let Script { lines, layout, rejected } = script;
    let mut intake = FileIntake::default();
    let settled = form::settle(lines, layout);
    intake.warnings.extend(settled.warning(context.file));
    let lines = settled.lines;
    let accepted = Accepted::count(&lines, settled.colons, &context.spec.moderators);
    let opened = accepted.opened(&lines, layout);
    let turns = turns(&lines, &opened, layout);
    if turns.is_empty() {
        return Err(Error::NoTurns { file: context.file.into() });
    }
    intake.warnings.extend(accepted.doubtful_labels(context.file, &lines, &opened));
    intake.warnings.extend(match layout {
        Layout::Paragraphs => uncounted_head(context.file, &lines, &opened),
        Layout::Cues => unlabelled_cues(context.file, &lines, &opened, &accepted),
    });
    let mut rejected = rejected.into_iter().peekable();
    let mut speakers: BTreeMap<String, u32> = BTreeMap::new();
    for (n, turn) in turns.into_iter().enumerate() {
        while let Some(record) = rejected.next_if(|r| r.place < turn.place) {
            intake.responses.push(unread(context, &record));
            intake.rejects.push(record);
        }
        let moderates = label::is_moderator(&turn.label, &context.spec.moderators);
        let person = (!moderates).then(|| {
            *speakers.entry(label::key(&turn.label)).or_insert_with(|| {
                let number = intake.people.len();
                let id = format!("{}/S{}", context.stem, number + 1);
                intake.voices.push(Voice(label::key(&turn.label)));
                intake.people.push(Person {
                    id,
                    named: false,
                    groups: no_groups(context),
                    weight: None,
                });
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
    for record in rejected {
        intake.responses.push(unread(context, &record));
        intake.rejects.push(record);
    }
    intake.rows = intake.responses.len() as u32;
    warn_of_unlisted_moderators(context, &speakers, &mut intake.warnings);
    Ok(intake)
}

fn unread(context: &Context<'_>, record: &Rejected) -> Draft {
    Draft {
        question: 0,
        person: None,
        row: record.place,
        id: format!("{}-{}", context.stem, record.place),
        content: Content::Rejected(record.why.clone()),
    }
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
    for name in label::ASKING.iter().filter(|name| speakers.contains_key(**name)) {
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
    /// Whether a label with a colon may open a turn.
    colons: bool,
}

impl Accepted {
    fn count(lines: &[Line], colons: bool, moderators: &[String]) -> Self {
        let moderators = moderators.to_vec();
        let mut accepted = Self { n_lines: BTreeMap::new(), moderators, colons };
        for line in lines {
            if let Some(found) = accepted.split(line) {
                *accepted.n_lines.entry(label::key(found.label)).or_insert(0) += 1;
            }
        }
        accepted
    }

    /// The label with a colon that stands in front of a line whose format names no speaker.
    fn split<'l>(&self, line: &'l Line) -> Option<Labelled<'l>> {
        (self.colons && line.voice.is_none()).then(|| label::split(&line.text)).flatten()
    }

    fn open<'l>(&self, line: &'l Line) -> Option<Labelled<'l>> {
        self.split(line).filter(|found| {
            label::is_role(found.label)
                || label::is_moderator(found.label, &self.moderators)
                || self.n_lines.get(&label::key(found.label)).is_some_and(|n| *n >= 2)
        })
    }

    /// Which lines open turns. A name that occurs once does so behind a moderator's turn, and
    /// behind another such name: a participant's words must not count as the moderator's. It
    /// also does in a file where nearly every place begins with a label, as Zoom's captions do.
    fn opened<'l>(&self, lines: &'l [Line], layout: Layout) -> Vec<Option<Labelled<'l>>> {
        let dense = self.is_dense(lines, layout);
        let mut once_opens = false;
        let mut open = |line: &'l Line| {
            let sure = match &line.voice {
                Some(voice) => Some(Labelled { label: voice, words: line.text.trim() }),
                None => self.open(line),
            };
            if let Some(found) = sure {
                once_opens = label::is_moderator(found.label, &self.moderators);
                return Some(found);
            }
            self.split(line).filter(|f| (once_opens || dense) && label::looks_named(f.label))
        };
        lines.iter().map(&mut open).collect()
    }

    /// Whether nine of ten places begin with a label that surely is one.
    fn is_dense(&self, lines: &[Line], layout: Layout) -> bool {
        let (mut n, mut n_open, mut last) = (0usize, 0usize, None);
        for line in lines.iter().filter(|l| l.voice.is_none()) {
            if layout == Layout::Paragraphs || last != Some(line.place) {
                last = Some(line.place);
                n += 1;
                n_open += usize::from(self.open(line).is_some());
            }
        }
        n >= 10 && n_open * 10 >= n * 9
    }

    /// Names the lines that look like turns and were not taken as such.
    fn doubtful_labels(
        &self,
        file: &str,
        lines: &[Line],
        opened: &[Option<Labelled<'_>>],
    ) -> Option<String> {
        let first = opened.iter().position(Option::is_some)?;
        let named = |l: &Line| self.split(l).is_some_and(|f| label::looks_named(f.label));
        let doubtful: Vec<String> = lines[first..]
            .iter()
            .zip(&opened[first..])
            .filter(|(l, opens)| opens.is_none() && named(l))
            .map(|(l, _)| l.place.to_string())
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

/// Counts the words above the first turn that are hardly a title: behind a name of their own,
/// below such a line,
/// or in a long paragraph; one that says when people met may be longer.
fn uncounted_head(file: &str, lines: &[Line], opened: &[Option<Labelled<'_>>]) -> Option<String> {
    const LONG: usize = 25;
    const LONG_WITH_DATE: usize = 45;
    let first = opened.iter().position(Option::is_some)?;
    let mut speaks = false;
    let n_words: usize = lines[..first]
        .iter()
        .filter_map(|line| {
            let n = line.text.split_whitespace().count();
            let found = label::split(&line.text);
            let spoken = found.as_ref().is_some_and(|f| label::looks_named(f.label));
            let headed = found.is_some_and(|f| label::is_head(f.label));
            let limit = if headed || label::is_dated(&line.text) { LONG_WITH_DATE } else { LONG };
            let dated = limit == LONG_WITH_DATE;
            let runs_on = speaks && !dated;
            speaks |= spoken;
            (spoken || runs_on || n > limit).then_some(n)
        })
        .sum();
    (n_words > 0).then(|| {
        format!(
            "`{file}`: {n_words} words above the first speaker's label were taken for a heading and not counted"
        )
    })
}

/// Counts the captions without a speaker that went to a moderator, where others have a speaker.
fn unlabelled_cues(
    file: &str,
    lines: &[Line],
    opened: &[Option<Labelled<'_>>],
    accepted: &Accepted,
) -> Option<String> {
    if lines.iter().all(|l| l.voice.is_none()) {
        return None;
    }
    let (mut moderates, mut n, mut last) = (false, 0, None);
    for (line, opens) in lines.iter().zip(opened) {
        match opens {
            Some(found) => moderates = label::is_moderator(found.label, &accepted.moderators),
            None if moderates && last != Some(line.place) => {
                n += 1;
                last = Some(line.place);
            }
            None => {}
        }
    }
    (n > 0).then(|| {
        format!(
            "`{file}`: {n} captions without a speaker follow a moderator's and were taken for the moderator's words"
        )
    })
}

/// Cuts the lines into turns. Captions in front of the first label are one turn whose label is
/// empty; other text there is a heading. Without any label there are no turns.
fn turns(lines: &[Line], opened: &[Option<Labelled<'_>>], layout: Layout) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    if opened.iter().all(Option::is_none) {
        return turns;
    }
    for (line, opens) in lines.iter().zip(opened) {
        let unnamed = Labelled { label: "", words: line.text.trim() };
        let found = match opens {
            None if layout == Layout::Cues && turns.is_empty() => Some(&unnamed),
            opens => opens.as_ref(),
        };
        match found {
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

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tools_tests;
