//! Stage 2: responses in, a corpus out.
//!
//! In: an [`Intake`] and the kind of every source. Out: a [`Corpus`]: every response with its
//! [`Disposition`], and for those that are to be coded the redacted text, its segments and one
//! list of distinct segment texts. The order is fixed: redact → content → language → duplicates
//! → segment; everything after redaction sees redacted text only, but duplicates compare
//! fingerprints of the raw words.
//! Must not know: themes, models, reports, the command line.

mod content;
mod dedupe;
mod language;
mod redact;
mod segment;

use std::ops::Range;

use rayon::prelude::*;

use crate::follow_up;
use crate::ingest::{Content, InputFile, Intake, Kind, Participant, Reject, Rejected, Response};
use crate::observe::{Observer, Stage};
use crate::text::{Redacted, Span, Verbatim};

pub use language::{Language, in_another_script};
pub use redact::redact;

/// Redacts, judges, deduplicates and segments everything that was read.
///
/// `kinds` holds the kind of every source, in the order of the study. The result does not depend
/// on the number of threads.
pub fn prepare(intake: Intake, kinds: &[Kind], observer: &dyn Observer) -> Corpus {
    prepare_with(intake, kinds, Nothing::SetAside, observer)
}

/// What becomes of "nothing", "n/a" and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nothing {
    /// They are set aside as [`NoContent::NothingToSay`].
    #[default]
    SetAside,
    /// They go to the coder: to "What could we do better?", "nothing" is praise, and a model may
    /// have learned so.
    Coded,
}

/// Whether somebody has nothing to say: "nothing", "n/a", "no comment".
pub fn says_nothing(text: &Redacted) -> bool {
    content::recognise(text.as_str()) == Some(NoContent::NothingToSay)
}

/// What was asked, as training and runs spell it.
pub fn context(parts: &[&str]) -> String {
    let redacted = parts.iter().map(|p| redact(&Verbatim::new(*p)));
    let words = redacted.map(|r| r.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
    words.collect::<Vec<_>>().join(" | ")
}

/// The same as [`prepare`], with a choice.
pub fn prepare_with(
    intake: Intake,
    kinds: &[Kind],
    nothing: Nothing,
    observer: &dyn Observer,
) -> Corpus {
    let Intake { files, mut participants, responses, rejects, warnings } = intake;
    // A group's value is printed in reports; a column of free text may have been named by mistake.
    participants.par_iter_mut().with_min_len(64).for_each(|p| {
        for value in &mut p.groups {
            *value = redact(&Verbatim::new(std::mem::take(value))).as_str().to_owned();
        }
    });
    observer.begin(Stage::Prepare, Some(responses.len() as u64));
    let judged: Vec<(Prepared, Option<dedupe::Words>)> = responses
        .into_par_iter()
        .with_min_len(64)
        .map(|response| {
            let kind = kinds.get(usize::from(response.source)).copied().unwrap_or(Kind::Survey);
            let judged = judge(response, kind, nothing);
            observer.advance(Stage::Prepare, 1);
            judged
        })
        .collect();
    let (mut responses, words): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
    let flags = flags(&responses);
    dedupe::mark_duplicates(&mut responses, &words);
    responses.par_iter_mut().with_min_len(64).for_each(|r| {
        if r.disposition.keeps_text() {
            r.segments = segment::segments(&r.text);
        } else {
            r.text = Redacted::default();
        }
    });
    let uniques = dedupe::number_segments(&mut responses);
    observer.end(Stage::Prepare);
    Corpus { files, participants, responses, uniques, rejects, warnings, flags }
}

/// Redacted answers as a corpus of their own, each codable whatever it says: for answers that people
/// have coded already.
pub fn codable(texts: &[String]) -> Corpus {
    let prepared = |(i, text): (usize, &String)| {
        let text = Redacted::new(text.clone(), Vec::new());
        let segments = segment::segments(&text);
        let (row, id, disposition) = (i as u32, i.to_string(), Disposition::Codable);
        let (source, question, participant, file) = (0, 0, None, 0);
        Prepared { source, question, participant, file, row, id, disposition, text, segments }
    };
    let mut responses: Vec<Prepared> =
        texts.par_iter().with_min_len(64).enumerate().map(prepared).collect();
    let uniques = dedupe::number_segments(&mut responses);
    Corpus { responses, uniques, ..Corpus::default() }
}

/// Looks for answers to follow up while their text is there, whatever becomes of it later.
fn flags(responses: &[Prepared]) -> Vec<Flag> {
    let of = |(at, response): (usize, &Prepared)| {
        let finds = follow_up::find(response.text.as_str());
        let flag = |f: follow_up::Find| Flag {
            response: at as u32,
            span: response.text.original_span(f.bytes),
            rule: f.rule,
        };
        finds.into_iter().map(flag).collect::<Vec<_>>()
    };
    responses.par_iter().enumerate().flat_map_iter(of).collect()
}

/// What the later stages work on.
#[derive(Debug, Default)]
pub struct Corpus {
    /// As in [`Intake::files`].
    pub files: Vec<InputFile>,
    /// As in [`Intake::participants`].
    pub participants: Vec<Participant>,
    /// One entry a response that was read, in the same order.
    pub responses: Vec<Prepared>,
    /// The distinct redacted segment texts, in order of first appearance.
    pub uniques: Vec<String>,
    /// As in [`Intake::rejects`].
    pub rejects: Vec<Rejected>,
    /// As in [`Intake::warnings`].
    pub warnings: Vec<String>,
    /// Answers that somebody should follow up, in the order of the responses.
    pub flags: Vec<Flag>,
}

/// A place in a response at which a rule of [`follow_up`] fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Index into [`Corpus::responses`].
    pub response: u32,
    /// Where it stands in the original, in code points.
    pub span: Span,
    /// The rule's name.
    pub rule: &'static str,
}

/// A response after redaction, with what is to become of it.
#[derive(Debug)]
pub struct Prepared {
    /// Index of the source.
    pub source: u16,
    /// Index of the question in the source's list.
    pub question: u16,
    /// Index into [`Corpus::participants`], where somebody can be named.
    pub participant: Option<u32>,
    /// Index into [`Corpus::files`].
    pub file: u16,
    /// Place in the file, as in [`Response::row`].
    pub row: u32,
    /// The response's name, unique in the study.
    pub id: String,
    /// Whether it is coded, and if not, why.
    pub disposition: Disposition,
    /// The redacted text; empty unless the disposition keeps it.
    pub text: Redacted,
    /// The pieces that are coded, ascending; empty where `text` is.
    pub segments: Vec<Segment>,
}

/// A sentence-sized piece of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands in the redacted text.
    pub bytes: Range<u32>,
    /// Where it stands in the original, in code points.
    pub span: Span,
    /// Index into [`Corpus::uniques`].
    pub unique: u32,
}

/// What becomes of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// It goes to the coder.
    Codable,
    /// There is nothing to code in it.
    NoContent(NoContent),
    /// It is written in a language that the model does not read.
    UnsupportedLanguage(Language),
    /// The same words were counted before.
    Duplicate(Duplicate),
    /// A moderator's turn.
    Moderator,
    /// The record could not be read.
    Rejected(Reject),
}

impl Disposition {
    /// Whether text and segments are kept: for what is coded and for campaign texts, because
    /// shares are given with and without those.
    pub fn keeps_text(&self) -> bool {
        matches!(self, Disposition::Codable | Disposition::Duplicate(Duplicate::Campaign { .. }))
    }
}

/// Why there is nothing to code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoContent {
    /// White space at most.
    Blank,
    /// "n/a", "none", "no comment", "don't know", a refusal, punctuation only.
    NothingToSay,
    /// Keys hit at random.
    Gibberish,
    /// A transcript turn that only signals listening: "mm-hm", "right".
    Backchannel,
}

/// Why a text counts as a repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicate {
    /// The same participant sent the whole row before.
    Resubmission {
        /// The response that it repeats.
        of: u32,
    },
    /// A long text that another participant sent too, word for word.
    Campaign {
        /// The response with that text whose id comes first: it is counted.
        of: u32,
    },
}

/// Redacts one response and judges it by itself. The words are those that duplicates are found
/// by, where somebody wrote them.
fn judge(response: Response, kind: Kind, nothing: Nothing) -> (Prepared, Option<dedupe::Words>) {
    let Response { source, question, participant, file, row, id, content } = response;
    let written = matches!(kind, Kind::Survey | Kind::Comments) && participant.is_some();
    let words = written.then(|| match &content {
        Content::Text(raw) => dedupe::Words::of(raw),
        Content::Moderator | Content::Rejected(_) => dedupe::Words::default(),
    });
    let (disposition, text) = match content {
        Content::Moderator => (Disposition::Moderator, Redacted::default()),
        Content::Rejected(why) => (Disposition::Rejected(why), Redacted::default()),
        Content::Text(raw) => {
            let text = redact(&raw);
            (judge_text(text.as_str(), kind, nothing), text)
        }
    };
    let segments = Vec::new();
    let prepared =
        Prepared { source, question, participant, file, row, id, disposition, text, segments };
    (prepared, words)
}

fn judge_text(text: &str, kind: Kind, nothing: Nothing) -> Disposition {
    let spoken = matches!(kind, Kind::FocusGroup | Kind::Interview);
    let empty = if spoken { content::recognise_turn(text) } else { content::recognise(text) };
    match (empty, language::foreign(text)) {
        (Some(NoContent::NothingToSay), _) if nothing == Nothing::Coded => Disposition::Codable,
        (Some(why), _) => Disposition::NoContent(why),
        (None, Some(language)) => Disposition::UnsupportedLanguage(language),
        (None, None) => Disposition::Codable,
    }
}

#[cfg(test)]
mod tests;
