//! The documents of a project: which responses stand together, and where their segments lie.
//!
//! In: the corpus and its verdicts. Out: [`Document`]s: one a respondent for tables, one a file
//! for conversations and notes, each with LF line ends and its coded segments in code points of
//! that very text. Must not know: XML, packages.

use crate::classify::Verdict;
use crate::ingest::Kind;
use crate::plan::Plan;
use crate::prepare::{Corpus, Disposition, Duplicate, Prepared};
use crate::report::words::is_hazard;

/// One text with its codings.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Index of the source.
    pub(super) source: u16,
    /// A name that is safe to write: a participant's id or a file's path.
    pub(super) name: String,
    /// The redacted text.
    pub(super) text: String,
    /// What each person said in it, in order.
    pub(super) voices: Vec<Voice>,
    /// The coded segments, ascending.
    pub(super) selections: Vec<Selection>,
    /// Length of the text in code points.
    length: usize,
}

/// One response in a document.
#[derive(Debug)]
pub(super) struct Voice {
    /// Index of the participant, where somebody can be named.
    pub(super) participant: Option<u32>,
    /// The response's id.
    pub(super) response: String,
    /// Where it lies, in code points, the end excluded.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One coded segment.
#[derive(Debug)]
pub(super) struct Selection {
    /// The response's id and the segment's number, from 1.
    pub(super) segment: (String, u32),
    /// First code point, and the one behind the last.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Themes with their margins, ascending by theme.
    pub(super) codes: Vec<(usize, f32)>,
}

/// Every document that holds something, in the order of reading.
pub(super) fn documents(plan: &Plan, corpus: &Corpus, verdicts: &[Verdict]) -> Vec<Document> {
    let mut all: Vec<Document> = Vec::new();
    // Responses of one person or file need not be neighbours.
    let mut places: std::collections::BTreeMap<(bool, u32), usize> = Default::default();
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        let spec = &plan.sources[usize::from(response.source)];
        let table = matches!(spec.kind, Kind::Survey | Kind::Comments);
        let place = match (table, response.participant) {
            (true, Some(participant)) => (true, participant),
            _ => (false, u32::from(response.file)),
        };
        let Some(text) = text(response, corpus) else { continue };
        let at = *places.entry(place).or_insert_with(|| {
            let name = match place {
                (true, participant) => corpus.participants[participant as usize].id.clone(),
                (false, file) => corpus.files[file as usize].path.clone(),
            };
            all.push(Document { source: response.source, name, ..Document::default() });
            all.len() - 1
        });
        let question = (spec.questions.len() > 1)
            .then(|| spec.questions.get(usize::from(response.question)))
            .flatten();
        let talk = matches!(spec.kind, Kind::FocusGroup | Kind::Interview);
        let voice = match (talk, response.participant) {
            (true, Some(p)) => corpus.participants[p as usize].id.rsplit('/').next(),
            _ => None,
        };
        let document = &mut all[at];
        if !document.text.is_empty() {
            document.add("\n\n");
        }
        match (question, voice) {
            (Some(question), _) => document.add(&format!("{}\n", question.text)),
            (None, Some(voice)) => document.add(&format!("{voice}: ")),
            (None, None) => {}
        }
        document.respond(response, &text, verdict);
    }
    all
}

/// What stands in the document for a response: its redacted text, or for a copy of a campaign's
/// text the place where that text stands.
fn text<'a>(response: &'a Prepared, corpus: &Corpus) -> Option<std::borrow::Cow<'a, str>> {
    match &response.disposition {
        Disposition::Codable => Some(response.text.as_str().into()),
        Disposition::Duplicate(Duplicate::Campaign { of }) => {
            let original = &corpus.responses[*of as usize].id;
            Some(format!("[word for word as {original}]").into())
        }
        _ => None,
    }
}

impl Document {
    /// Adds text, plain and with LF line ends.
    fn add(&mut self, text: &str) {
        let mut before = None;
        for c in text.chars() {
            if let Some(c) = plain(c, before) {
                self.text.push(c);
                self.length += 1;
            }
            before = Some(c);
        }
    }

    fn respond(&mut self, response: &Prepared, text: &str, verdict: &Verdict) {
        let start = self.length;
        let coded = response.disposition == Disposition::Codable;
        let codes = if coded { by_segment(verdict) } else { Vec::new() };
        let mut byte = 0;
        for (number, themes) in codes {
            let segment = &response.segments[number as usize];
            let (from, to) = (segment.bytes.start as usize, segment.bytes.end as usize);
            self.add(&text[byte..from]);
            let first = self.length;
            self.add(&text[from..to]);
            byte = to;
            if self.length > first {
                self.selections.push(Selection {
                    segment: (response.id.clone(), number + 1),
                    start: first,
                    end: self.length,
                    codes: themes,
                });
            }
        }
        self.add(&text[byte..]);
        self.voices.push(Voice {
            participant: response.participant,
            response: response.id.clone(),
            start,
            end: self.length,
        });
    }
}

/// A character as it stands in the document: line ends are LF, and what would be lost or would
/// turn a reader's view around is left out.
fn plain(c: char, before: Option<char>) -> Option<char> {
    match (c, before) {
        ('\n', Some('\r')) | ('\u{feff}', _) => None,
        ('\r', _) => Some('\n'),
        (c, _) => (!is_hazard(c)).then_some(c),
    }
}

/// The themes of each segment that carries any, ascending.
fn by_segment(verdict: &Verdict) -> Vec<(u32, Vec<(usize, f32)>)> {
    let mut all: std::collections::BTreeMap<u32, Vec<(usize, f32)>> = Default::default();
    if let Verdict::Coded(codings) = verdict {
        for coding in codings {
            for &(number, score) in &coding.evidence {
                all.entry(number).or_default().push((coding.theme, score));
            }
        }
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_lf_and_the_length_is_in_code_points() {
        let mut document = Document::default();
        document.add("a\r\nb\rc\n𝄞\u{feff}\u{202e}\u{0}d");
        assert_eq!(document.text, "a\nb\nc\n𝄞d");
        assert_eq!(document.length, document.text.chars().count());
    }
}
