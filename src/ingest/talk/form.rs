//! The form in which a file names its speakers, decided with the whole file in view.
//!
//! In: the [`Line`]s of a file. Out: [`Settled`]: the same lines, those that open turns with
//! their voice where the form is not `Label: words`, without lines that are a time alone and
//! without what the recording tool says of itself. The form that opens most lines wins; a label
//! with a colon, which [`super`] judges, wins a tie.
//! Must not know: files, moderators, participants.

use std::collections::BTreeMap;

use super::label::{self, Labelled};
use super::{Layout, Line};

/// Lines whose form is known.
pub(super) struct Settled {
    pub(super) lines: Vec<Line>,
    /// Whether `Label: words` opens turns.
    pub(super) colons: bool,
    /// Lines in which the recording tool speaks of itself.
    n_of_tool: u32,
}

impl Settled {
    /// A sentence for the user, if lines were left out.
    pub(super) fn warning(&self, file: &str) -> Option<String> {
        (self.n_of_tool > 0).then(|| {
            format!(
                "`{file}`: {} lines are the recording tool's own and were not read as words",
                self.n_of_tool
            )
        })
    }
}

/// Which lines open a turn under one form.
type Opened<'l> = Vec<Option<Labelled<'l>>>;

/// Finds the form and applies it.
pub(super) fn settle(lines: Vec<Line>, layout: Layout) -> Settled {
    let times = lone_times(&lines);
    let timed = lines.iter().zip(&times);
    let n_of_tool = timed.filter(|(l, time)| !**time && is_of_tool(&l.text)).count() as u32;
    let is_span = |line: &Line| label::is_span(line.text.trim());
    let mut behind_span = false;
    let behind: Vec<bool> =
        lines.iter().map(|line| std::mem::replace(&mut behind_span, is_span(line))).collect();
    let (mut lines, stamped): (Vec<Line>, Vec<bool>) = lines
        .into_iter()
        .zip(behind)
        .zip(times)
        .filter(|((line, _), time)| !*time && !is_of_tool(&line.text))
        .map(|(line, _)| line)
        .unzip();
    if layout == Layout::Cues || lines.iter().any(|l| l.voice.is_some()) {
        return Settled { lines, colons: true, n_of_tool };
    }
    let mut best = (n_colons(&lines), None);
    for opened in
        [chats(&lines), headings(&lines), spans(&lines, &stamped), dashes(&lines), letters(&lines)]
    {
        let n = opened.iter().flatten().count();
        if n > best.0 || (n == best.0 && n > 0 && is_chat(&opened, &lines)) {
            best = (n, Some(opened));
        }
    }
    let Some(opened) = best.1 else {
        return Settled { lines, colons: true, n_of_tool };
    };
    let voiced: Vec<Option<(String, String)>> = opened
        .into_iter()
        .map(|o| o.map(|found| (found.label.to_string(), found.words.to_string())))
        .collect();
    for (line, voice) in lines.iter_mut().zip(voiced) {
        if let Some((voice, words)) = voice {
            line.voice = Some(voice);
            line.text = words;
        }
    }
    Settled { lines, colons: false, n_of_tool }
}

/// Lines that a label with a colon surely opens.
fn n_colons(lines: &[Line]) -> usize {
    let found: Vec<Labelled<'_>> = lines.iter().filter_map(|l| label::split(&l.text)).collect();
    let n_lines = counted(found.iter().map(|f| f.label));
    let sure = |f: &&Labelled<'_>| label::is_role(f.label) || repeats(&n_lines, f.label);
    found.iter().filter(sure).count()
}

fn counted<'l>(labels: impl Iterator<Item = &'l str>) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for label in labels {
        *counts.entry(label::key(label)).or_insert(0) += 1;
    }
    counts
}

fn repeats(counts: &BTreeMap<String, u32>, label: &str) -> bool {
    counts.get(&label::key(label)).is_some_and(|n| *n >= 2)
}

/// Chat: `10:15:22 From Ann to Everyone: words`.
fn chats(lines: &[Line]) -> Opened<'_> {
    lines.iter().map(|line| chat(&line.text)).collect()
}

fn is_chat(opened: &Opened<'_>, lines: &[Line]) -> bool {
    opened.iter().zip(lines).any(|(o, line)| o.is_some() && chat(&line.text).is_some())
}

fn chat(line: &str) -> Option<Labelled<'_>> {
    let rest = label::skip_time(line.trim())?.trim_start();
    let (from, rest) = rest.split_once(char::is_whitespace)?;
    if !matches!(from, "From" | "from" | "De" | "de") {
        return None;
    }
    let (who, words) = rest.split_once([':', '：'])?;
    let lower = who.to_ascii_lowercase();
    let to = [" to ", "\tto ", " para "].iter().filter_map(|to| lower.find(to)).min();
    let label = who.get(..to.unwrap_or(who.len()))?.trim();
    (!label.is_empty()).then_some(Labelled { label, words: words.trim() })
}

/// Whether a line is a heading, a line of a chat or a time: one that runs on from no other.
pub(super) fn opens_alone(line: &str) -> bool {
    heading(line).is_some() || chat(line).is_some() || label::is_span(line.trim())
}

/// Headings: `Ann Lee   0:03`, `[Ann Lee] 10:02:11`, with the words below. Two at least.
fn headings(lines: &[Line]) -> Opened<'_> {
    let opened: Opened<'_> = lines.iter().map(|line| heading(&line.text)).collect();
    two_or_none(opened)
}

fn two_or_none(opened: Opened<'_>) -> Opened<'_> {
    match opened.iter().flatten().count() {
        0 | 1 => opened.iter().map(|_| None).collect(),
        _ => opened,
    }
}

fn heading(line: &str) -> Option<Labelled<'_>> {
    let line = line.trim().trim_start_matches(['#', '>']).trim();
    let (head, wide) = label::before_time(label::bare(line))?;
    let bracketed = head.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let label = label::bare(bracketed.unwrap_or(head)).trim_end_matches([',', '|', '·', '-', '–']);
    let label = label.trim_end();
    let sure = wide || bracketed.is_some() || label::is_role(label) || label::is_name(label);
    (sure && label::is_label(label)).then_some(Labelled { label, words: "" })
}

/// Spans: `0:00:03.120 --> 0:00:05.440`, the name below, and below that the words.
fn spans<'l>(lines: &'l [Line], stamped: &[bool]) -> Opened<'l> {
    let named = |(line, behind): (&'l Line, &bool)| {
        let label = line.text.trim();
        (*behind && label::is_label(label)).then_some(Labelled { label, words: "" })
    };
    let candidates: Opened<'_> = lines.iter().zip(stamped).map(named).collect();
    let n_lines = counted(candidates.iter().flatten().map(|f| f.label));
    let sure = |f: &Labelled<'_>| {
        repeats(&n_lines, f.label) || label::is_role(f.label) || label::is_name(f.label)
    };
    two_or_none(candidates.into_iter().map(|c| c.filter(sure)).collect())
}

/// Dashes: `Ann — words`. Half of the lines and two names that recur, at least.
fn dashes(lines: &[Line]) -> Opened<'_> {
    let candidates: Opened<'_> = lines.iter().map(|line| dash(&line.text)).collect();
    let n_lines = counted(candidates.iter().flatten().map(|f| f.label));
    let opened: Opened<'_> =
        candidates.into_iter().map(|c| c.filter(|f| repeats(&n_lines, f.label))).collect();
    let several = n_lines.values().filter(|n| **n >= 2).count() >= 2;
    let half = opened.iter().flatten().count() * 2 >= lines.len();
    if several && half { opened } else { lines.iter().map(|_| None).collect() }
}

fn dash(line: &str) -> Option<Labelled<'_>> {
    let line = label::skip_time(line.trim()).unwrap_or(line.trim());
    let at = [" — ", " – ", " -- "].iter().filter_map(|d| Some((line.find(d)?, d.len())));
    let (at, width) = at.min()?;
    let label = label::bare(&line[..at]);
    let named = label::looks_named(label) || label::is_role(label);
    (named && label::is_label(label))
        .then_some(Labelled { label, words: line[at + width..].trim() })
}

/// Letters: `Q. words`, `A. words`; both occur.
fn letters(lines: &[Line]) -> Opened<'_> {
    let letter = |line: &'_ Line| -> Option<char> {
        let text = line.text.trim_start();
        let first = text.chars().next().filter(|c| matches!(c, 'Q' | 'A'))?;
        let rest = &text[1..];
        (rest.starts_with(". ") || rest.trim_end() == "." || rest.starts_with('\t'))
            .then_some(first)
    };
    let both = ['Q', 'A'].iter().all(|wanted| lines.iter().any(|l| letter(l) == Some(*wanted)));
    lines
        .iter()
        .map(|line| {
            letter(line).filter(|_| both)?;
            let text = line.text.trim_start();
            Some(Labelled { label: &text[..1], words: text[2..].trim() })
        })
        .collect()
}

/// Lines that are a time alone. A bare `10:30` may be an answer, unless there are several.
fn lone_times(lines: &[Line]) -> Vec<bool> {
    let n_bare = lines.iter().filter(|l| label::is_time(l.text.trim())).count();
    lines
        .iter()
        .map(|line| {
            let text = line.text.trim();
            let bare = label::is_time(text) && (n_bare >= 3 || text.matches(':').count() >= 2);
            bare || label::is_span(text)
                || label::bracketed_time(text).is_some_and(|(_, rest)| rest.trim().is_empty())
        })
        .collect()
}

/// What Otter, Teams and Meet write into a transcript of themselves.
fn is_of_tool(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let line = line.as_str();
    let is_short = line.split_whitespace().count() <= 8;
    line.starts_with("transcribed by https://")
        || line.starts_with("this editable transcript was computer generated and might contain")
        || (is_short
            && (line.ends_with(" started transcription")
                || line.ends_with(" stopped transcription")
                || line.starts_with("transcription ended after ")
                || line.starts_with("meeting ended after ")))
}
