//! Counting people by theme.
//!
//! In: the codable responses of one source. Out: [`Scope`]: the base and, theme by theme, how
//! many participants raised it in how many files. A participant counts once however often he or
//! she says a thing; an area counts whoever raised it or any theme inside it.
//! Must not know: shares, intervals, what may be shown.

use crate::classify::{Coding, Verdict};
use crate::codebook::Codebook;
use crate::prepare::{Corpus, Disposition, Duplicate, Prepared};

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
}

/// The codable responses of a source, in order, copies included.
pub(super) fn members<'a>(
    corpus: &'a Corpus,
    verdicts: &'a [Verdict],
    source: usize,
) -> Vec<Member<'a>> {
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
        Some(Member { participant, session, response, codings, copy })
    };
    of_source.filter_map(member).collect()
}

/// Counts over these members.
pub(super) fn scope(kept: &[&Member<'_>], codebook: &Codebook) -> Scope {
    let own = || kept.iter().filter(|m| !m.copy);
    let mut raised: Vec<Vec<&Member<'_>>> = vec![Vec::new(); codebook.themes.len()];
    for &member in kept {
        for coding in member.codings {
            raised[coding.theme].push(member);
            if let Some(area) = codebook.themes[coding.theme].parent {
                raised[area].push(member);
            }
        }
    }
    let count = |who: &Vec<&Member<'_>>| {
        let own = || who.iter().filter(|m| !m.copy);
        ThemeCount {
            participants: distinct(own().map(|m| m.participant)),
            with_copies: distinct(who.iter().map(|m| m.participant)),
            files: distinct(own().map(|m| usize::from(m.session))),
            responses: distinct(own().map(|m| std::ptr::from_ref(m.response) as usize)),
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

/// How many different values there are.
pub(super) fn distinct(values: impl Iterator<Item = usize>) -> u64 {
    let mut all: Vec<usize> = values.collect();
    all.sort_unstable();
    all.dedup();
    all.len() as u64
}
