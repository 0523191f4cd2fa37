//! What the codebook alone makes of the answers that a model learns from: the least that a model
//! has to beat.
//!
//! In: the answers, coders' codes, the codes of the held-out model. Out: the codebook's codes by
//! the rule of a study without a model, and a [`CodebookAlone`] with the difference between the
//! two. Must not know: how the model learned.

use std::collections::BTreeMap;

use super::examples::Examples;
use super::quality::{Codes, measure};
use crate::classify::{Prototypes, Verdict, classify_vectors, default_threshold};
use crate::codebook::Codebook;
use crate::encode::{self, Pool, encode_all};
use crate::measure::draw::Draw;
use crate::measure::{Estimate, REPLICATES, with_replicates};
use crate::model::trained::CodebookAlone;
use crate::prepare::codable;

/// What the codebook gives each answer, `answers × themes`. A sentence that is a whole answer has
/// that answer's vector.
///
/// # Errors
/// The engine failed.
pub(super) fn codes(
    codebook: &Codebook,
    prototypes: &mut Prototypes,
    (texts, vectors): (&[String], &[f32]),
    pool: &mut Pool,
) -> Result<Vec<bool>, encode::Error> {
    let (dim, corpus) = (pool.dim(), codable(texts));
    let whole: BTreeMap<&str, usize> =
        texts.iter().enumerate().map(|(i, text)| (text.as_str(), i)).collect();
    let known = |text: &String| whole.get(text.as_str()).copied();
    let further: Vec<String> =
        corpus.uniques.iter().filter(|text| known(text).is_none()).cloned().collect();
    let encoded = encode_all(&further, pool)?;
    let mut encoded = encoded.chunks_exact(dim.max(1));
    let mut all = Vec::with_capacity(corpus.uniques.len() * dim);
    for text in &corpus.uniques {
        match known(text) {
            Some(i) => all.extend_from_slice(&vectors[i * dim..(i + 1) * dim]),
            None => all.extend_from_slice(encoded.next().unwrap_or_default()),
        }
    }
    let threshold = default_threshold(codebook);
    let verdicts = classify_vectors(&corpus, codebook, threshold, prototypes, &all);
    let k = codebook.themes.len();
    let mut carried = vec![false; texts.len() * k];
    for (i, verdict) in verdicts.iter().enumerate() {
        if let Verdict::Coded(codings) = verdict {
            codings.iter().for_each(|c| carried[i * k + c.theme] = true);
        }
    }
    Ok(carried)
}

/// Codes of the model, of which each answer's come from one that had not seen it, and of the
/// codebook.
pub(super) struct Both<'a> {
    pub(super) model: &'a [bool],
    pub(super) codebook: &'a [bool],
    /// Which themes count.
    pub(super) learned: &'a [bool],
}

/// Measures the codebook's codes and how much better the model's are.
pub(super) fn compare(examples: &Examples, both: &Both<'_>, seed: u64) -> CodebookAlone {
    let certain = |&said: &bool| f64::from(u8::from(said));
    let (q, _) = measure(&Codes {
        themes: examples.themes,
        targets: &examples.targets,
        carried: both.codebook,
        probabilities: &both.codebook.iter().map(certain).collect::<Vec<_>>(),
        weights: &examples.weights,
        learned: both.learned,
    });
    let gain = gain(examples, both, seed);
    CodebookAlone {
        micro_f1: q.micro_f1,
        macro_f1: q.macro_f1,
        samples_f1: q.samples_f1,
        exact: q.exact,
        gain: gain.value,
        gain_low: gain.low,
        gain_high: gain.high,
    }
}

/// Codes shared with the coders and codes given, by the model and by the codebook, and codes of
/// the coders: what two F1 over all codes are made of.
#[derive(Clone, Copy, Default)]
struct Counts {
    model: [f64; 2],
    codebook: [f64; 2],
    coders: f64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        for at in 0..2 {
            self.model[at] += other.model[at];
            self.codebook[at] += other.codebook[at];
        }
        self.coders += other.coders;
    }

    fn gain(&self) -> f64 {
        let f1 = |[shared, given]: [f64; 2]| match given + self.coders {
            0.0 => 0.0,
            both => 2.0 * shared / both,
        };
        f1(self.model) - f1(self.codebook)
    }
}

/// The difference of the two micro-F1 with the interval of a bootstrap over groups of answers.
fn gain(examples: &Examples, both: &Both<'_>, seed: u64) -> Estimate {
    let k = examples.themes;
    let mut groups = vec![Counts::default(); examples.groups.iter().max().map_or(0, |g| g + 1)];
    for (i, &group) in examples.groups.iter().enumerate() {
        let weight = f64::from(examples.weights[i]);
        let counts = &mut groups[group];
        for t in (0..k).filter(|&t| both.learned[t]) {
            let at = i * k + t;
            let y = f64::from(examples.targets[at]);
            counts.coders += weight * y;
            for (said, sums) in
                [(both.model[at], &mut counts.model), (both.codebook[at], &mut counts.codebook)]
            {
                if said {
                    sums[0] += weight * y;
                    sums[1] += weight;
                }
            }
        }
    }
    let sum = |of: &mut dyn Iterator<Item = &Counts>| {
        let mut all = Counts::default();
        of.for_each(|c| all.add(c));
        all.gain()
    };
    let replicate = |r: usize| {
        let mut draw = Draw::new(seed, r as u64);
        sum(&mut (0..groups.len()).map(|_| &groups[draw.below(groups.len())]))
    };
    with_replicates(sum(&mut groups.iter()), (0..REPLICATES).map(replicate).collect())
}

/// What a user should know where the model is not better beyond chance.
pub(super) fn warning(model_micro_f1: f64, found: &CodebookAlone) -> Option<String> {
    if found.is_beaten() {
        return None;
    }
    let than = if found.gain_high < 0.0 { "worse" } else { "not clearly better" };
    Some(format!(
        "on held-out answers the model is {than} than the codebook alone (micro-F1 {model_micro_f1:.3} \
         against {:.3}; difference {:+.3}, 95 % interval {:+.3} to {:+.3}): code more answers and \
         train again, or leave [model] out of study.toml, so that the codebook codes",
        found.micro_f1, found.gain, found.gain_low, found.gain_high
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of one theme each, a group each, of which the model and the codebook find as many.
    fn found(n: usize, model: usize, codebook: usize) -> CodebookAlone {
        let examples = Examples {
            themes: 1,
            targets: vec![1.0; n],
            weights: vec![1.0; n],
            groups: (0..n).collect(),
            ..Examples::default()
        };
        let first = |m: usize| (0..n).map(|i| i < m).collect::<Vec<_>>();
        let both = Both { model: &first(model), codebook: &first(codebook), learned: &[true] };
        compare(&examples, &both, 1)
    }

    /// Turns a text into three numbers of its words' first letters.
    struct Letters;

    impl encode::Encoder for Letters {
        fn dim(&self) -> usize {
            3
        }
        fn encode(&mut self, texts: &[&str]) -> Result<Vec<f32>, encode::Error> {
            let of = |text: &&str| {
                let count = |c: char| text.to_lowercase().matches(c).count() as f32 + 0.1;
                let row = [count('l'), count('p'), count('z')];
                let norm = row.iter().map(|x| x * x).sum::<f32>().sqrt();
                row.map(|x| x / norm)
            };
            Ok(texts.iter().flat_map(of).collect())
        }
    }

    #[test]
    fn the_codebook_codes_as_in_a_study_without_a_model() {
        let theme = |id: &str, words: &str| crate::codebook::Theme {
            id: id.into(),
            label: words.into(),
            definition: words.into(),
            include: Vec::new(),
            exclude: Vec::new(),
            examples: vec![words.into(); 3],
            parent: None,
            tags: Vec::new(),
        };
        let themes = vec![theme("l", "lull ball"), theme("p", "pop pap"), theme("z", "zzz")];
        let codebook = Codebook { title: "T".into(), themes, hash: "h".into() };
        let texts: Vec<String> =
            ["Lull all. Pap up there.", "Lull all.", "Pop pup", "zzz zz", "quite another"]
                .map(str::to_owned)
                .to_vec();
        let open = || Pool::opened(vec![Box::new(Letters) as Box<dyn encode::Encoder>]);
        let vectors = encode_all(&texts, &mut open()).unwrap();
        let mut prototypes = Prototypes::learn(&codebook, &mut open()).unwrap();
        let answers = (&texts[..], &vectors[..]);
        let carried = codes(&codebook, &mut prototypes, answers, &mut open()).unwrap();
        let threshold = default_threshold(&codebook);
        let corpus = codable(&texts);
        let run =
            crate::classify::classify(&corpus, &codebook, threshold, &mut open(), &()).unwrap();
        for (i, verdict) in run.iter().enumerate() {
            let themes: Vec<usize> = (0..3).filter(|t| carried[i * 3 + t]).collect();
            let wanted: Vec<usize> = match verdict {
                Verdict::Coded(codings) => codings.iter().map(|c| c.theme).collect(),
                _ => Vec::new(),
            };
            assert_eq!(themes, wanted, "answer {i}");
        }
        assert!(carried.contains(&true), "nothing was coded");
    }

    #[test]
    fn figures_and_difference_agree_with_a_count_by_hand() {
        // recall 6/10 and 3/10, precision 1: F1 of 12/16 and 6/13
        let found = found(10, 6, 3);
        assert!((found.micro_f1 - 6.0 / 13.0).abs() < 1e-12);
        assert!((found.gain - (12.0 / 16.0 - 6.0 / 13.0)).abs() < 1e-12);
        assert!((found.exact - 0.3).abs() < 1e-12);
    }

    #[test]
    fn a_model_is_called_better_only_beyond_chance() {
        assert!(found(200, 150, 100).is_beaten());
        assert!(warning(0.8, &found(200, 150, 100)).is_none());
        let close = found(20, 11, 10);
        assert!(!close.is_beaten() && close.gain > 0.0 && close.gain_low <= 0.0, "{close:?}");
        assert!(warning(0.7, &close).unwrap().contains("not clearly better"));
        let worse = warning(0.3, &found(200, 50, 150)).unwrap();
        assert!(worse.contains("is worse than the codebook alone"), "{worse}");
    }

    #[test]
    fn answers_that_are_held_out_together_are_drawn_together() {
        let n = 200;
        let examples = |groups: Vec<usize>| Examples {
            themes: 1,
            targets: vec![1.0; n],
            weights: vec![1.0; n],
            groups,
            ..Examples::default()
        };
        let first = |m: usize| (0..n).map(|i| i < m).collect::<Vec<_>>();
        let both = Both { model: &first(120), codebook: &first(100), learned: &[true] };
        let alone = compare(&examples((0..n).collect()), &both, 1);
        let together = compare(&examples((0..n).map(|i| i / 20).collect()), &both, 1);
        let width = |c: &CodebookAlone| c.gain_high - c.gain_low;
        assert!(width(&together) > 2.0 * width(&alone), "{together:?} {alone:?}");
    }
}
