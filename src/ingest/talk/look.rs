//! A look at a conversation's file without a study, for whoever writes one.
//!
//! In: the path as shown and the bytes. Out: [`Look`]: what the file seems to be, and its labels
//! with what stands behind them. Labels are names of people: they belong into a study file's
//! `moderators` where somebody asked the questions, and into nothing else.
//! Must not know: sources, participants.

use std::collections::BTreeMap;

use super::{Accepted, Layout, Line, captions, cue_text, form, label};
use crate::ingest::encoding::decode;
use crate::ingest::{Error, docx, extension, pdf};

/// What a file of words seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Turns behind speakers' labels.
    Transcript,
    /// Bullets, or many short paragraphs: notes of a session.
    Notes,
    /// Paragraphs of one person.
    Letter,
}

/// One label of a transcript.
#[derive(Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The label as it stands where it occurs first. It may be a name.
    pub label: String,
    /// How many turns it opens.
    pub turns: u32,
    /// Words in those turns.
    pub words: u32,
    /// Turns with a question.
    pub questions: u32,
    /// Whether it seems to be a moderator's: the label says so, or no label does and this one
    /// asks most, in half of its turns at least.
    pub moderates: bool,
}

impl std::fmt::Debug for Speaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Speaker({} turns, {} words)", self.turns, self.words)
    }
}

/// What a look at a file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What it seems to be.
    pub nature: Nature,
    /// The labels of a transcript, in order of first appearance.
    pub speakers: Vec<Speaker>,
    /// Words in the file, labels included.
    pub words: u32,
}

/// Looks at a file of words: `.txt`, `.md`, `.docx`, `.pdf`, `.vtt`, `.srt` or `.sbv`.
///
/// # Errors
/// As reading it would give, except that a file without turns is none: it is notes or a letter.
pub fn look(file: &str, bytes: &[u8]) -> Result<Look, Error> {
    let (lines, layout) = lines(file, bytes)?;
    let words = lines.iter().map(|line| n_words(&line.text)).sum();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let unlabelled = nature_of_prose(&texts);
    let settled = form::settle(lines, layout);
    let accepted = Accepted::count(&settled.lines, settled.colons, &[]);
    let opened = accepted.opened(&settled.lines, layout);
    let turns = super::turns(&settled.lines, &opened, layout);
    let mut speakers: Vec<Speaker> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for turn in turns.iter().filter(|turn| !turn.label.is_empty()) {
        let number = *numbers.entry(label::key(&turn.label)).or_insert_with(|| {
            let (label, moderates) = (turn.label.clone(), label::is_asking(&turn.label));
            speakers.push(Speaker { label, turns: 0, words: 0, questions: 0, moderates });
            speakers.len() - 1
        });
        let speaker = &mut speakers[number];
        speaker.turns += 1;
        speaker.words += n_words(&turn.text);
        speaker.questions += u32::from(turn.text.contains(['?', '？']));
    }
    mark_who_asks(&mut speakers);
    let recurs = speakers.iter().any(|s| s.turns >= 2);
    let nature = match speakers.len() {
        0 => unlabelled,
        1 if !recurs => unlabelled,
        _ => Nature::Transcript,
    };
    if nature != Nature::Transcript {
        speakers.clear();
    }
    Ok(Look { nature, speakers, words })
}

fn lines(file: &str, bytes: &[u8]) -> Result<(Vec<Line>, Layout), Error> {
    let line = |(place, text): (u32, String)| Line { place, voice: None, text };
    let paragraphs: Vec<(u32, String)> = match extension(file).as_str() {
        "vtt" => return cues::<super::vtt::Vtt>(file, bytes),
        "srt" => return cues::<super::srt::Srt>(file, bytes),
        "sbv" => return cues::<super::sbv::Sbv>(file, bytes),
        "pdf" => pdf::read(file, bytes, super::pdf::opens)?.paragraphs,
        "docx" | "docm" => {
            let paragraphs = docx::read(file, bytes)?.paragraphs.into_iter();
            paragraphs
                .map(|p| {
                    let bullet = if p.bullet { "- " } else { "" };
                    (p.place, format!("{bullet}{}", p.text))
                })
                .collect()
        }
        "txt" | "md" => {
            let decoded = decode(bytes, file)?;
            let numbered = super::txt::numbered(&decoded.text);
            numbered.map(|(place, text)| (place, text.to_string())).collect()
        }
        extension => {
            return Err(Error::UnknownFormat { file: file.into(), extension: extension.into() });
        }
    };
    let split = |(place, text): (u32, String)| {
        let texts: Vec<String> = text.split('\n').map(String::from).collect();
        texts.into_iter().map(move |text| (place, text))
    };
    let lines = paragraphs.into_iter().flat_map(split);
    let lines = lines.filter(|(_, text)| !text.trim().is_empty()).map(line).collect();
    Ok((lines, Layout::Paragraphs))
}

fn cues<S: captions::Syntax>(file: &str, bytes: &[u8]) -> Result<(Vec<Line>, Layout), Error> {
    let decoded = decode(bytes, file)?;
    let mut lines = Vec::new();
    for cue in captions::captions::<S>(&decoded.text, 0).cues {
        cue_text::pieces(cue.place, &S::words(cue.text), &mut lines);
    }
    if lines.is_empty() {
        return Err(Error::NoCaptions { file: file.into() });
    }
    Ok((lines, Layout::Cues))
}

/// Notes have bullets in a third of their lines, or are lines of a dozen words; a letter is
/// sentences.
fn nature_of_prose(lines: &[&str]) -> Nature {
    let n_bullets = lines.iter().filter(|l| crate::ingest::notes::is_bullet(l)).count();
    let n_short = lines.iter().filter(|l| n_words(l) <= 12).count();
    let notes =
        n_bullets * 3 >= lines.len() || (lines.len() >= 8 && n_short * 4 >= lines.len() * 3);
    if notes { Nature::Notes } else { Nature::Letter }
}

/// Where no label says who moderates: the one that asks most.
fn mark_who_asks(speakers: &mut [Speaker]) {
    if speakers.len() < 2 || speakers.iter().any(|s| s.moderates) {
        return;
    }
    let most = speakers.iter().map(|s| s.questions).max().unwrap_or(0);
    let mut asking = speakers.iter_mut().filter(|s| s.questions == most);
    if let (Some(first), None) = (asking.next(), asking.next())
        && first.questions >= 2
        && first.questions * 2 >= first.turns
    {
        first.moderates = true;
    }
}

fn n_words(text: &str) -> u32 {
    text.split_whitespace().count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(file: &str, text: &str) -> (Nature, Vec<(String, u32, u32, bool)>) {
        let look = look(file, text.as_bytes()).unwrap();
        let shown = look.speakers.into_iter();
        (look.nature, shown.map(|s| (s.label, s.turns, s.words, s.moderates)).collect())
    }

    #[test]
    fn labels_are_counted_and_moderators_guessed() {
        let named = "Dana Reyes   0:03\nWhat helps?\n\nOmar   0:09\nMore light.\n\nDana Reyes   0:21\nWhere?\n\nOmar   1:02\nWhere else?\nEverywhere.\n";
        let (nature, speakers) = shown("t.txt", named);
        assert_eq!(nature, Nature::Transcript);
        let expected = [("Dana Reyes".into(), 2, 3, true), ("Omar".into(), 2, 5, false)];
        assert_eq!(speakers, expected);
        let roles = "WEBVTT\n\n00:01.000 --> 00:02.000\nSpeaker 1: Hi? Why?\n\n00:03.000 --> 00:04.000\nFacilitator: Well.\n";
        let (_, speakers) = shown("t.vtt", roles);
        assert_eq!(speakers.iter().map(|s| s.3).collect::<Vec<_>>(), [false, true]);
        assert!(!format!("{:?}", look("t.txt", named.as_bytes())).contains("Omar"));
    }

    #[test]
    fn notes_and_letters_are_told_apart() {
        assert_eq!(shown("n.md", "Session\n\n- One\n- Two: or so\n").0, Nature::Notes);
        let letter = "To the board\n\nPlease do not close the branch library on our street, because my children read there every afternoon.\n\nWith kind regards\n";
        assert_eq!(shown("l.txt", letter), (Nature::Letter, vec![]));
    }
}
