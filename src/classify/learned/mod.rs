//! A trained model as the coder: whole answers in, calibrated codes out.
//!
//! In: the corpus, the codebook, a [`Trained`] model, the encoders it stands on, and what each
//! response was an answer to. Out: one [`Verdict`] a response. A response is scored whole, as the
//! answers were from which the model learned; one that is longer than the encoder reads is scored
//! in pieces of whole segments and carries what any piece carries. Equal answers to equal
//! questions are scored once.
//! Must not know: files, participants, reports, how the model was trained.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::codebook::Codebook;
use crate::encode::{self, Finished, Pool, encode_windows};
use crate::model::{PAIR, ThemeRecord, Trained};
use crate::observe::{Observer, Stage};
use crate::prepare::{Corpus, Disposition, Duplicate, Prepared};

use super::{Coding, Prototypes, Verdict, default_threshold};

mod evidence;
pub mod lexical;
pub mod rule;
pub mod score;

use rule::Rule;
use score::{Words, logits, mix, probability};

/// Bytes of a piece: what an encoder of 256 tokens reads of English.
const PIECE: usize = 1000;

/// An answer to score: what was asked and what was said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// What was asked; empty where nobody asked or the model does not look at it.
    pub context: String,
    /// The redacted answer.
    pub text: String,
}

/// The encoders that a trained model stands on.
pub struct Encoders<'a> {
    /// The base encoder's.
    pub base: Pool<'a>,
    /// The tuned encoder's, where there is one.
    pub tuned: Option<Pool<'a>>,
    /// Texts that were scored, each counted once.
    pub texts: usize,
}

impl Encoders<'_> {
    /// Texts whose vectors were kept by an earlier run.
    pub fn reused(&self) -> usize {
        self.base.reused()
    }
}

/// A trained model with its encoders, ready to score.
pub struct Learned<'a, 'p> {
    trained: &'a Trained,
    encoders: &'a mut Encoders<'p>,
    rule: Rule,
    /// The codebook's own words, where a theme had too few coded answers.
    prototypes: Option<(Prototypes, f32)>,
    /// Themes of which the codebook says no more than a label: nothing to code by.
    bare: Vec<bool>,
}

impl<'a, 'p> Learned<'a, 'p> {
    /// Makes a model ready. Without a codebook nothing carries the themes that the model did not
    /// learn.
    ///
    /// # Errors
    /// The engine failed.
    pub fn new(
        trained: &'a Trained,
        codebook: Option<&Codebook>,
        encoders: &'a mut Encoders<'p>,
    ) -> Result<Self, encode::Error> {
        let mut prototypes = None;
        let rare = trained.record.theme.iter().any(|t| !t.learned);
        if let Some(codebook) = codebook.filter(|_| rare) {
            let mut learned = Prototypes::learn(codebook, &mut encoders.base)?;
            let n = trained.record.training.answers as usize;
            learned.centre_on(&trained.base.centre, n);
            prototypes = Some((learned, default_threshold(codebook)));
        }
        let themes = codebook.map_or(&[][..], |c| &c.themes);
        let bare = themes.iter().map(|t| t.definition == t.label && t.examples.is_empty());
        let (rule, bare) = (trained.rule(), bare.collect());
        Ok(Self { trained, encoders, rule, prototypes, bare })
    }

    /// For each unit and theme (row by row) how strongly the unit carries the theme: the
    /// calibrated probability of a learned theme, the codebook's margin of another.
    ///
    /// # Errors
    /// The engine failed.
    pub fn strengths(
        &mut self,
        units: &[Unit],
        done: impl Fn(Finished) + Sync,
    ) -> Result<Vec<f32>, encode::Error> {
        let themes = &self.trained.record.theme;
        let k = themes.len();
        self.encoders.texts += units.len();
        let bags: Vec<lexical::Bag> = units.iter().map(|u| lexical::bag(&u.text)).collect();
        let mut known: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for unit in units {
            known.entry(&unit.context).or_insert_with(|| self.trained.asked(&unit.context));
        }
        let words = |i: usize| Words { bag: &bags[i], asked: known[units[i].context.as_str()] };
        let mut all = vec![0f32; units.len() * k];
        let mut margins = Vec::new();
        let texts: Vec<String> = units.iter().map(|u| u.text.clone()).collect();
        let (heads, prototypes) = (&self.trained.base, self.prototypes.as_ref());
        let sink = |ids: &[usize], vectors: &[f32]| {
            let rows = ids.iter().zip(vectors.chunks_exact(heads.dim()));
            let z: Vec<_> = rows.map(|(&i, v)| (i, logits(heads, v, words(i)))).collect();
            (z, prototypes.map(|(p, _)| p.hits(ids, vectors, 0.0)))
        };
        let tuned = self.encoders.tuned.as_mut();
        let alone = tuned.is_none();
        let hear = |f: Finished| {
            if alone {
                done(f);
            }
        };
        for (z, found) in encode_windows(&texts, &mut self.encoders.base, sink, hear)? {
            z.into_iter().for_each(|(i, z)| all[i * k..(i + 1) * k].copy_from_slice(&z));
            margins.extend(found.into_iter().flatten());
        }
        if let Some(pool) = tuned {
            let texts: Vec<String> = units.iter().map(|u| self.trained.joined(u)).collect();
            let sink = |ids: &[usize], logits: &[f32]| (ids.to_vec(), logits.to_vec());
            for (ids, logits) in encode_windows(&texts, pool, sink, done)? {
                for (i, z) in ids.into_iter().zip(logits.chunks_exact(k)) {
                    mix(&mut all[i * k..(i + 1) * k], z, self.trained.record.base_part);
                }
            }
        }
        for row in all.chunks_exact_mut(k) {
            for (z, theme) in row.iter_mut().zip(themes) {
                *z = if theme.learned { probability(theme, *z) } else { 0.0 };
            }
        }
        for (i, found) in margins {
            for (theme, margin) in found {
                if !themes[usize::from(theme)].learned {
                    all[i * k + usize::from(theme)] = margin;
                }
            }
        }
        Ok(all)
    }

    /// The strength from which an answer carries the theme.
    pub fn threshold(&self, theme: usize) -> f32 {
        let record: &ThemeRecord = &self.trained.record.theme[theme];
        match &self.prototypes {
            _ if record.learned => record.threshold as f32,
            Some((_, threshold)) if !self.bare[theme] => *threshold,
            _ => f32::INFINITY,
        }
    }

    /// The themes of a unit from its strengths, ascending; or none, with whether the model
    /// abstains. Themes that were learned are decided by the model's rule, the others by the
    /// codebook's threshold.
    pub fn decide(&self, strengths: &[f32]) -> (Vec<(usize, f32)>, bool) {
        let record = &self.trained.record;
        let unlearned = |&t: &usize| !self.rule.learned[t] && strengths[t] >= self.threshold(t);
        let mut carried = self.rule.carried(strengths);
        carried.extend((0..strengths.len()).filter(unlearned));
        carried.sort_unstable();
        let near = self.rule.nearest(strengths) >= record.abstain as f32;
        (carried.into_iter().map(|t| (t, strengths[t])).collect(), near)
    }
}

impl Trained {
    /// By what the learned themes are decided.
    fn rule(&self) -> Rule {
        let themes = || self.record.theme.iter();
        Rule {
            learned: themes().map(|t| t.learned).collect(),
            threshold: themes().map(|t| t.threshold as f32).collect(),
            lone: self.record.lone.map(|p| p as f32),
        }
    }

    /// A unit as the tuned encoder reads it.
    fn joined(&self, unit: &Unit) -> String {
        let pairs = self.tuned_encoder.as_ref().is_some_and(|e| e.manifest.pairs);
        if pairs { joined(&unit.context, &unit.text) } else { unit.text.clone() }
    }
}

/// Question and answer as an encoder of pairs reads them.
pub fn joined(context: &str, text: &str) -> String {
    format!("{}{PAIR}{text}", context.replace(PAIR, " "))
}

/// What a trained model is to code.
pub struct Job<'a> {
    /// The responses.
    pub corpus: &'a Corpus,
    /// The codebook that it learned; without it, see [`Learned::new`].
    pub codebook: Option<&'a Codebook>,
    /// The model.
    pub trained: &'a Trained,
    /// What a response is an answer to.
    pub asked: &'a dyn Fn(&Prepared) -> String,
    /// Whether codings point to the segments that carry them.
    pub evidence: Evidence,
}

/// Whether the segments that carry a theme are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Each segment of a longer answer is left out in turn.
    Find,
    /// The first segment stands for all.
    Skip,
}

/// Codes every response that can be coded. `each` hears of the strength of every theme on every
/// coded response, by its number, in order.
///
/// # Errors
/// The engine failed.
pub fn classify_learned(
    job: &Job<'_>,
    encoders: &mut Encoders<'_>,
    observer: &dyn Observer,
    each: &mut dyn FnMut(usize, &[f32]),
) -> Result<Vec<Verdict>, encode::Error> {
    let responses = &job.corpus.responses;
    observer.begin(Stage::Learn, Some(job.trained.record.theme.len() as u64));
    let mut learned = Learned::new(job.trained, job.codebook, encoders)?;
    observer.end(Stage::Learn);
    let (units, pieces) = units(job);
    observer.begin(Stage::Code, Some(units.list.len() as u64));
    let done = |window: Finished| {
        observer.advance(Stage::Code, window.texts as u64);
        if window.kept {
            observer.kept(window.texts as u64);
        }
    };
    let strengths = learned.strengths(&units.list, done)?;
    let k = job.trained.record.theme.len();
    let at = |unit: usize| &strengths[unit * k..(unit + 1) * k];
    let mut wanted = Vec::new();
    let mut verdicts = Vec::with_capacity(responses.len());
    for (number, response) in responses.iter().enumerate() {
        let of = match response.disposition {
            Disposition::Codable => number,
            Disposition::Duplicate(Duplicate::Campaign { of }) => of as usize,
            _ => {
                verdicts.push(Verdict::Aside);
                continue;
            }
        };
        let mut best = vec![0f32; k];
        for piece in &pieces[of] {
            best.iter_mut().zip(at(piece.unit)).for_each(|(b, &s)| *b = b.max(s));
        }
        each(number, &best);
        let (carried, near) = learned.decide(&best);
        for &(theme, strength) in &carried {
            let piece = pieces[of].iter().find(|p| at(p.unit)[theme] == strength);
            let segments = piece.map(|p| p.segments.clone()).unwrap_or_default();
            wanted.push(evidence::Wanted { response: number, of, theme, segments });
        }
        let coding = |(theme, score)| Coding { theme, score, evidence: vec![(0, score)] };
        verdicts.push(match (carried.is_empty(), near) {
            (false, _) => Verdict::Coded(carried.into_iter().map(coding).collect()),
            (true, true) => Verdict::Undecided,
            (true, false) => Verdict::NoTheme,
        });
    }
    if job.evidence == Evidence::Find {
        evidence::find(job.corpus, &wanted, &units, &pieces, &mut learned, &mut verdicts)?;
    }
    observer.end(Stage::Code);
    Ok(verdicts)
}

/// The distinct units of all responses, and each response's pieces.
fn units(job: &Job<'_>) -> (Units, Vec<Vec<Piece>>) {
    let mut units = Units::default();
    let mut pieces = Vec::with_capacity(job.corpus.responses.len());
    for response in &job.corpus.responses {
        if !response.disposition.keeps_text() {
            pieces.push(Vec::new());
            continue;
        }
        let uses = job.trained.uses_context();
        let context = if uses { (job.asked)(response) } else { String::new() };
        let piece = |segments: Range<usize>| {
            let text = text_of(response, segments.clone());
            Piece { segments, unit: units.number(&context, text) }
        };
        pieces.push(cut(response).into_iter().map(piece).collect());
    }
    (units, pieces)
}

/// A run of segments that is scored at once.
#[derive(Debug, Clone)]
struct Piece {
    segments: Range<usize>,
    unit: usize,
}

/// Distinct units, numbered in order of first appearance.
#[derive(Debug, Default)]
struct Units {
    list: Vec<Unit>,
    numbers: BTreeMap<Unit, usize>,
}

impl Units {
    fn number(&mut self, context: &str, text: String) -> usize {
        let unit = Unit { context: context.to_owned(), text };
        let list = &mut self.list;
        *self.numbers.entry(unit).or_insert_with_key(|unit| {
            list.push(unit.clone());
            list.len() - 1
        })
    }
}

/// The pieces of a response: all of it, unless it is longer than [`PIECE`].
fn cut(response: &Prepared) -> Vec<Range<usize>> {
    let segments = &response.segments;
    let mut pieces = Vec::new();
    let mut start = 0;
    for end in 1..=segments.len() {
        let next = segments.get(end).map_or(u32::MAX, |s| s.bytes.end);
        if (next - segments[start].bytes.start) as usize > PIECE {
            pieces.push(start..end);
            start = end;
        }
    }
    pieces
}

/// The words of a run of segments. A response in one piece is taken whole.
fn text_of(response: &Prepared, segments: Range<usize>) -> String {
    let text = response.text.as_str();
    let all = segments.len() == response.segments.len();
    let (first, last) = (&response.segments[segments.start], &response.segments[segments.end - 1]);
    let range =
        if all { 0..text.len() } else { first.bytes.start as usize..last.bytes.end as usize };
    text[range].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::Segment;
    use crate::text::{Redacted, Span};

    fn response(lengths: &[u32]) -> Prepared {
        let mut at = 0;
        let segments = lengths.iter().map(|n| {
            let bytes = at..at + n;
            at += n;
            Segment { bytes, span: Span { start: 0, end: 0 }, unique: 0 }
        });
        Prepared {
            source: 0,
            question: 0,
            participant: None,
            file: 0,
            row: 1,
            id: "r".into(),
            disposition: Disposition::Codable,
            segments: segments.collect(),
            text: Redacted::new("x".repeat(lengths.iter().sum::<u32>() as usize), Vec::new()),
        }
    }

    #[test]
    fn an_answer_stays_whole_and_a_letter_is_cut_between_segments() {
        assert_eq!(cut(&response(&[300, 300, 300])).as_slice(), std::slice::from_ref(&(0..3)));
        assert_eq!(cut(&response(&[600, 600, 300, 1500, 20])), [0..1, 1..3, 3..4, 4..5]);
        assert!(cut(&response(&[])).is_empty());
    }

    #[test]
    fn a_question_cannot_pass_for_an_answer() {
        let pair = joined("a\u{1f}b", "c\u{1f}d");
        assert_eq!(pair.split_once(PAIR), Some(("a b", "c\u{1f}d")));
    }
}
