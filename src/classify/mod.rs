//! Stage 4: segments and a codebook in, codings out.
//!
//! In: the prepared corpus, the codebook and a pool of encoders. Out: one [`Verdict`] a
//! response, in the corpus's order. Vectors live only as long as their window: what is kept of
//! a segment is the few themes it carries.
//! Must not know: files, participants, reports.

use crate::codebook::Codebook;
use crate::encode::{self, Finished, Pool, encode_windows};
use crate::observe::{Observer, Stage};
use crate::prepare::{Corpus, Disposition, Duplicate, Prepared, in_another_script};

mod background;
pub mod learned;
mod prototype;

pub use learned::{Encoders, Evidence, Job, classify_learned};
pub use prototype::Prototypes;

/// Margin from which a segment carries a theme: how much nearer the segment is to the theme than
/// to the codebook's average, as a part of the greatest margin that is possible (see
/// [`Prototypes`]).
///
/// Two values, because the nearest of many phrases is nearer than the nearest of few. Codebooks
/// of definitions: chosen on the training halves of two coded election-study questions. Codebooks
/// with examples: chosen on one half of the sample study's reference codes; quality is
/// reported on other data and on the other half.
pub fn default_threshold(codebook: &Codebook) -> f32 {
    if prototype::has_examples(codebook) { 0.45 } else { 0.30 }
}

/// Width of the band under the threshold in which the program abstains.
pub const ABSTAIN: f32 = 0.05;

/// One theme on one response.
#[derive(Debug, Clone, PartialEq)]
pub struct Coding {
    /// Index of the theme in the codebook.
    pub theme: usize,
    /// The best segment's margin, to four decimals.
    pub score: f32,
    /// The segments that carry it, ascending, with their own margins.
    pub evidence: Vec<(u32, f32)>,
}

/// What was decided about a response.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It carries these themes, ascending by theme; never empty.
    Coded(Vec<Coding>),
    /// It says something, but nothing of the codebook.
    NoTheme,
    /// The nearest theme is too near to deny and too far to assert.
    Undecided,
    /// It was set aside before: no content, another language, a copy, a moderator, rejected.
    Aside,
}

/// What a codable segment carries: (theme, margin), from the abstaining band upwards.
type Hits = Vec<(u16, f32)>;

/// Codes every response that can be coded. Copies of a campaign get their original's verdict,
/// so that shares with the copies can be counted too.
///
/// # Errors
/// The engine failed.
pub fn classify(
    corpus: &Corpus,
    codebook: &Codebook,
    threshold: f32,
    pool: &mut Pool,
    observer: &dyn Observer,
) -> Result<Vec<Verdict>, encode::Error> {
    observer.begin(Stage::Learn, Some(codebook.themes.len() as u64));
    let mut prototypes = Prototypes::learn(codebook, pool)?;
    observer.advance(Stage::Learn, codebook.themes.len() as u64);
    observer.end(Stage::Learn);
    observer.begin(Stage::Code, Some(corpus.uniques.len() as u64));
    let done = |window: Finished| {
        observer.advance(Stage::Code, window.texts as u64);
        if window.kept {
            observer.kept(window.texts as u64);
        }
    };
    let (sample, rest) = background::split(&corpus.uniques);
    let sampled = encode_windows(&sample.texts, pool, |ids, v| (ids.to_vec(), v.to_vec()), done)?;
    prototypes.set_background(sampled.iter().map(|(_, vectors)| vectors), sample.texts.len());
    let floor = threshold - ABSTAIN;
    let score = |ids: &[usize], vectors: &[f32]| prototypes.hits(ids, vectors, floor);
    let others = encode_windows(&rest.texts, pool, score, done)?;
    let mut hits: Vec<Hits> = vec![Vec::new(); corpus.uniques.len()];
    for (ids, vectors) in &sampled {
        for (i, found) in score(ids, vectors) {
            hits[sample.places[i]] = found;
        }
    }
    for (i, found) in others.into_iter().flatten() {
        hits[rest.places[i]] = found;
    }
    observer.end(Stage::Code);
    Ok(corpus.responses.iter().map(|r| verdict(r, corpus, &hits, codebook, threshold)).collect())
}

/// The same where the vectors of all distinct segments are at hand, row by row in the corpus's order.
pub fn classify_vectors(
    corpus: &Corpus,
    codebook: &Codebook,
    threshold: f32,
    prototypes: &mut Prototypes,
    vectors: &[f32],
) -> Vec<Verdict> {
    let dim = vectors.len() / corpus.uniques.len().max(1);
    let (sample, _) = background::split(&corpus.uniques);
    let row = |&at: &usize| &vectors[at * dim..(at + 1) * dim];
    let sampled: Vec<f32> = sample.places.iter().flat_map(row).copied().collect();
    prototypes.set_background(std::iter::once(&sampled), sample.places.len());
    let ids: Vec<usize> = (0..corpus.uniques.len()).collect();
    let hits: Vec<Hits> = prototypes
        .hits(&ids, vectors, threshold - ABSTAIN)
        .into_iter()
        .map(|(_, found)| found)
        .collect();
    corpus.responses.iter().map(|r| verdict(r, corpus, &hits, codebook, threshold)).collect()
}

/// The verdict on one response, from what its segments carry.
fn verdict(
    response: &Prepared,
    corpus: &Corpus,
    hits: &[Hits],
    codebook: &Codebook,
    threshold: f32,
) -> Verdict {
    let response = match response.disposition {
        Disposition::Codable => response,
        Disposition::Duplicate(Duplicate::Campaign { of }) => &corpus.responses[of as usize],
        _ => return Verdict::Aside,
    };
    let mut codings: Vec<Coding> = Vec::new();
    let mut near = false;
    for (number, segment) in (0u32..).zip(&response.segments) {
        if in_another_script(&corpus.uniques[segment.unique as usize]) {
            continue;
        }
        let found = &hits[segment.unique as usize];
        near |= found.iter().any(|&(_, margin)| margin < threshold);
        for &(theme, margin) in found.iter().filter(|&&(_, margin)| margin >= threshold) {
            let theme = usize::from(theme);
            if has_child(theme, found, codebook, threshold) {
                continue;
            }
            match codings.iter_mut().find(|c| c.theme == theme) {
                Some(coding) => {
                    coding.score = coding.score.max(margin);
                    coding.evidence.push((number, margin));
                }
                None => {
                    let evidence = vec![(number, margin)];
                    codings.push(Coding { theme, score: margin, evidence });
                }
            }
        }
    }
    codings.sort_by_key(|c| c.theme);
    match (codings.is_empty(), near) {
        (false, _) => Verdict::Coded(codings),
        (true, true) => Verdict::Undecided,
        (true, false) => Verdict::NoTheme,
    }
}

/// Whether the segment also carries a theme below `theme`: the more specific one is meant then.
fn has_child(theme: usize, found: &Hits, codebook: &Codebook, threshold: f32) -> bool {
    found.iter().any(|&(other, margin)| {
        margin >= threshold && codebook.themes[usize::from(other)].parent == Some(theme)
    })
}
