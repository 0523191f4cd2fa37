//! Counting people by theme.
//!
//! In: the codable responses of one source. Out: [`Scope`]: the base and, theme by theme, how
//! many participants raised it in how many files. A participant counts once however often he or
//! she says a thing; an area counts whoever raised it or any theme inside it.
//! What people think of a theme is read from the sentences that carry it.
//! Must not know: shares, intervals, what may be shown.

use crate::classify::{Coding, Verdict};
use crate::codebook::Codebook;
use crate::ingest::SourceSpec;
use crate::prepare::{Corpus, Disposition, Duplicate, Prepared};
use crate::stance::{Asked, Stance, read};

/// One codable response, or a copy of one.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// Index of the participant.
    pub(super) participant: usize,
    /// The conversation: its first file.
    pub(super) session: u16,
    /// The response.
    pub(super) response: &'a Prepared,
    /// Its themes.
    pub(super) codings: &'a [Coding],
    /// What is thought of each of them, by the sentences that carry it.
    pub(super) stances: Vec<Stance>,
    /// Whether it is a copy of a campaign's text.
    pub(super) copy: bool,
}

/// Counts over some of a source's responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Participants with a codable answer, copies set aside.
    pub base: u64,
    /// Participants of the base who raised any theme.
    pub coded: u64,
    /// Participants with a codable answer or a copy.
    pub base_with_copies: u64,
    /// Files with a codable answer; parts of one conversation are one.
    pub files: u64,
    /// Answers that are copies.
    pub copies: u64,
    /// One entry a theme, in the codebook's order.
    pub themes: Vec<ThemeCount>,
}

/// Who raised a theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ThemeCount {
    /// Participants who raised it, or, for an area, a theme inside it.
    pub participants: u64,
    /// The same with copies.
    pub with_copies: u64,
    /// Files in which somebody raised it.
    pub files: u64,
    /// Responses that carry it.
    pub responses: u64,
    /// The participants by what they think of it, in the order of [`Stance::ALL`].
    pub stances: [u64; 5],
}

/// The codable responses of a source, in order, copies included.
pub(super) fn members<'a>(
    corpus: &'a Corpus,
    verdicts: &'a [Verdict],
    source: usize,
    spec: &SourceSpec,
) -> Vec<Member<'a>> {
    let asked: Vec<Asked> = spec.questions.iter().map(|q| Asked::of(&q.text)).collect();
    let all = corpus.responses.iter().zip(verdicts);
    let of_source = all.filter(|(r, _)| usize::from(r.source) == source);
    let member = |(response, verdict): (&'a Prepared, &'a Verdict)| {
        let copy = match response.disposition {
            Disposition::Codable => false,
            Disposition::Duplicate(Duplicate::Campaign { .. }) => true,
            _ => return None,
        };
        let codings = match verdict {
            Verdict::Coded(codings) => codings.as_slice(),
            _ => &[],
        };
        let participant = response.participant? as usize;
        let session = corpus.files.get(usize::from(response.file))?.session;
        let asked = asked.get(usize::from(response.question)).copied().unwrap_or_default();
        let stances = codings.iter().map(|c| stance(corpus, response, c, asked)).collect();
        Some(Member { participant, session, response, codings, stances, copy })
    };
    of_source.filter_map(member).collect()
}

/// What a response thinks of a theme.
fn stance(corpus: &Corpus, response: &Prepared, coding: &Coding, asked: Asked) -> Stance {
    // A copy's evidence stands in its original.
    let response = match response.disposition {
        Disposition::Duplicate(Duplicate::Campaign { of }) => &corpus.responses[of as usize],
        _ => response,
    };
    let sentence = |&(number, _): &(u32, f32)| {
        let segment = response.segments.get(number as usize)?;
        corpus.uniques.get(segment.unique as usize)
    };
    Stance::together(coding.evidence.iter().filter_map(sentence).map(|text| read(text, asked)))
}

/// Counts over these members.
pub(super) fn scope(kept: &[&Member<'_>], codebook: &Codebook) -> Scope {
    let own = || kept.iter().filter(|m| !m.copy);
    let mut raised: Vec<Vec<(&Member<'_>, Stance)>> = vec![Vec::new(); codebook.themes.len()];
    for &member in kept {
        for (coding, &stance) in member.codings.iter().zip(&member.stances) {
            raised[coding.theme].push((member, stance));
            if let Some(area) = codebook.themes[coding.theme].parent {
                raised[area].push((member, stance));
            }
        }
    }
    let count = |who: &Vec<(&Member<'_>, Stance)>| {
        let own = || who.iter().map(|(m, _)| m).filter(|m| !m.copy);
        ThemeCount {
            participants: distinct(own().map(|m| m.participant)),
            with_copies: distinct(who.iter().map(|(m, _)| m.participant)),
            files: distinct(own().map(|m| usize::from(m.session))),
            responses: distinct(own().map(|m| std::ptr::from_ref(m.response) as usize)),
            stances: stances(who),
        }
    };
    Scope {
        base: distinct(own().map(|m| m.participant)),
        coded: distinct(own().filter(|m| !m.codings.is_empty()).map(|m| m.participant)),
        base_with_copies: distinct(kept.iter().map(|m| m.participant)),
        files: distinct(own().map(|m| usize::from(m.session))),
        copies: kept.iter().filter(|m| m.copy).count() as u64,
        themes: raised.iter().map(count).collect(),
    }
}

/// People by what they think, copies set aside.
fn stances(who: &[(&Member<'_>, Stance)]) -> [u64; 5] {
    let own = who.iter().filter(|(m, _)| !m.copy);
    let mut all: Vec<(usize, Stance)> = own.map(|(m, s)| (m.participant, *s)).collect();
    all.sort_unstable();
    let mut counts = [0; 5];
    for person in all.chunk_by(|a, b| a.0 == b.0) {
        counts[Stance::together(person.iter().map(|(_, s)| *s)) as usize] += 1;
    }
    counts
}

/// How many different values there are.
pub(super) fn distinct(values: impl Iterator<Item = usize>) -> u64 {
    let mut all: Vec<usize> = values.collect();
    all.sort_unstable();
    all.dedup();
    all.len() as u64
}
