//! What the gold sample says of the codes: the program's quality, the coders' agreement, and
//! shares corrected for the program's errors.
//!
//! In: corpus, verdicts, the gold sample. Out: [`Measured`]. The unit of a corrected share is that
//! of the raw one: a person of a survey or of comments, with an area raised by whoever raised a
//! theme inside it. Must not know: what may be shown, formats.

use std::collections::{BTreeMap, BTreeSet};

use super::tally::{Member, members};
use crate::classify::Verdict;
use crate::codebook::Codebook;
use crate::gold::{self, Gold};
use crate::ingest::{Kind, SourceSpec};
use crate::measure::Estimate;
use crate::measure::agreement::Fourfold;
use crate::measure::alpha::{Scale, SetDistance, alpha, set_alpha_interval};
use crate::measure::correction::{Corrected, Target, TooFew, Unit, corrected};
use crate::measure::quality::{Pair, Quality, Rates, quality, rates};
use crate::prepare::Corpus;

/// One theme's share after correction, or why there is none. `None`: nobody looked for the theme.
pub type Correction = Option<Result<Corrected, TooFew>>;

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    /// The program against people, over all answers that people coded.
    pub quality: Quality,
    /// Agreement of coders, where there is more than one.
    pub coders: Option<CodersAgreement>,
    /// Whether the sample was drawn with known probabilities, so that shares are corrected.
    pub designed: bool,
    /// Strata it was drawn from, and the seed.
    pub strata: usize,
    /// The seed of the draw.
    pub seed: u64,
    /// Answers that people coded and the study sets aside or does not have.
    pub unmatched: usize,
    /// Sources of which people coded no answer: nothing is known of the codes there.
    pub unchecked: Vec<usize>,
    /// Errors by group: (source, column, value, people, errors).
    pub groups: Vec<GroupErrors>,
    /// By source: corrected shares, where it has shares and was drawn from.
    pub sources: Vec<Option<SourceCorrections>>,
    /// Things that a user should know.
    pub warnings: Vec<String>,
}

/// How people agreed before anybody decided between them.
#[derive(Debug)]
pub struct CodersAgreement {
    /// How many there were.
    pub coders: usize,
    /// Answers that at least two of them coded.
    pub answers: usize,
    /// Krippendorff's α over sets of themes, MASI distance.
    pub alpha: Option<Estimate>,
    /// Nominal α by theme of the codebook.
    pub themes: Vec<Option<f64>>,
    /// Positive specific agreement by theme.
    pub positive: Vec<Option<f64>>,
}

/// Errors of the program for one value of a group column.
#[derive(Debug)]
pub struct GroupErrors {
    /// Index of the source.
    pub source: usize,
    /// The column.
    pub column: String,
    /// Its value.
    pub value: String,
    /// People compared.
    pub people: usize,
    /// What was missed and added.
    pub rates: Rates,
}

/// Corrected shares of one source, in the order of its scopes; one entry a theme each.
#[derive(Debug)]
pub struct SourceCorrections {
    /// All questions together.
    pub overall: Vec<Correction>,
    /// Each question; empty where there is one or none.
    pub questions: Vec<Vec<Correction>>,
    /// For each group column its values, ascending.
    pub groups: Vec<Vec<(String, Vec<Correction>)>>,
}

/// Measures everything that the gold sample can tell.
///
/// # Errors
/// The sample is of another study, or none of its answers is in this one.
pub fn measured(
    corpus: &Corpus,
    verdicts: &[Verdict],
    codebook: &Codebook,
    specs: &[SourceSpec],
    gold: &Gold,
) -> Result<Measured, gold::Error> {
    if let Some(design) = &gold.design {
        design.is_of_inputs(&gold::fingerprint(specs, &corpus.files))?;
    }
    let seed = gold.design.as_ref().map_or(1, |d| d.seed);
    let place = Places::of(gold);
    let all: Vec<Vec<Member<'_>>> =
        specs.iter().enumerate().map(|(i, spec)| members(corpus, verdicts, i, spec)).collect();
    let mut pairs = Vec::new();
    let mut groups = Vec::new();
    let mut unchecked = Vec::new();
    for (source, of) in all.iter().enumerate() {
        let compared = compare(of, gold, &place, codebook);
        groups.extend(by_group(source, &specs[source], corpus, &compared, gold, seed));
        unchecked.extend(compared.is_empty().then_some(source));
        pairs.extend(compared.into_iter().map(|(_, pair)| pair));
    }
    if pairs.is_empty() {
        return Err(gold::Error::NoOverlap { answers: gold.answers.len() });
    }
    let mut warnings = Vec::new();
    let mut correct = |(source, of): (usize, &Vec<Member<'_>>)| {
        let by_people = matches!(specs[source].kind, Kind::Survey | Kind::Comments);
        let sample = Sample::of(of, (gold, corpus), &place, codebook)?;
        if !by_people || sample.coded.is_empty() {
            return None;
        }
        let name = &specs[source].name;
        let (drawn_from, counted) = (gold.people_of(name), sample.people());
        if drawn_from != counted {
            warnings.push(format!(
                "`{name}`: the gold sample was drawn from {drawn_from} people and this run counts {counted}, so its shares are not corrected; draw a sample with this version and this model"
            ));
            return None;
        }
        Some(sample.corrections(&specs[source], corpus, seed))
    };
    let sources = all.iter().enumerate().map(&mut correct).collect();
    Ok(Measured {
        quality: quality(&pairs, &gold.themes, seed),
        coders: coders(gold, codebook, seed),
        designed: gold.design.is_some(),
        strata: gold.design.as_ref().map_or(0, |d| d.strata.len()),
        seed,
        unmatched: gold.answers.len().saturating_sub(pairs.len()),
        unchecked,
        groups,
        sources,
        warnings,
    })
}

/// Where each drawn response belongs.
struct Places<'a> {
    /// Stratum and probability by response.
    drawn: BTreeMap<&'a str, (usize, f64)>,
    sizes: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(gold: &'a Gold) -> Self {
        let Some(design) = &gold.design else {
            return Self { drawn: BTreeMap::new(), sizes: Vec::new() };
        };
        let of_unit = |u: &'a gold::Unit| {
            u.responses.iter().map(move |r| (r.as_str(), (u.stratum, u.probability)))
        };
        Self {
            drawn: design.units.iter().flat_map(of_unit).collect(),
            sizes: design.strata.iter().map(|s| s.size).collect(),
        }
    }
}

/// The answers of a source that people coded: (participant, both codings).
fn compare(
    members: &[Member<'_>],
    gold: &Gold,
    place: &Places<'_>,
    codebook: &Codebook,
) -> Vec<(usize, Pair)> {
    let own = members.iter().filter(|m| !m.copy);
    let pair = |m: &Member<'_>| {
        let human = gold.answers.get(&m.response.id)?.clone();
        let mut machine: Vec<usize> = m.codings.iter().map(|c| c.theme).collect();
        machine.retain(|t| *t < codebook.themes.len() && gold.themes.contains(t));
        let weight = place.drawn.get(m.response.id.as_str()).map_or(1.0, |(_, p)| 1.0 / p);
        Some((m.participant, Pair { human, machine, weight, person: m.participant }))
    };
    own.filter_map(pair).collect()
}

/// Answers of a group's value from which errors are shown.
const SMALLEST_GROUP: usize = 20;

fn by_group(
    source: usize,
    spec: &SourceSpec,
    corpus: &Corpus,
    compared: &[(usize, Pair)],
    gold: &Gold,
    seed: u64,
) -> Vec<GroupErrors> {
    let mut found = Vec::new();
    for (at, column) in spec.groups.iter().enumerate() {
        let mut by_value: BTreeMap<&str, Vec<Pair>> = BTreeMap::new();
        for (participant, pair) in compared {
            let value = corpus.participants[*participant].groups[at].as_str();
            by_value.entry(value).or_default().push(pair.clone());
        }
        for (value, pairs) in by_value {
            let people = pairs.iter().map(|p| p.person).collect::<BTreeSet<_>>().len();
            if !value.is_empty() && people >= SMALLEST_GROUP {
                let rates = rates(&pairs, &gold.themes, seed);
                let (column, value) = (column.clone(), value.to_owned());
                found.push(GroupErrors { source, column, value, people, rates });
            }
        }
    }
    found
}

fn coders(gold: &Gold, codebook: &Codebook, seed: u64) -> Option<CodersAgreement> {
    let coders = gold.coders.len();
    let rated = |sets: &&Vec<Option<Vec<usize>>>| sets.iter().flatten().count() >= 2;
    let units: Vec<Vec<Option<Vec<usize>>>> =
        gold.ratings.values().filter(rated).cloned().collect();
    if coders < 2 || units.is_empty() {
        return None;
    }
    let theme = |t: usize| {
        let code = |set: &Option<Vec<usize>>| {
            set.as_ref().map(|codes| f64::from(u8::from(codes.contains(&t))))
        };
        let numbers: Vec<Vec<Option<f64>>> =
            units.iter().map(|u| u.iter().map(code).collect()).collect();
        let mut table = Fourfold::default();
        for unit in &numbers {
            let said: Vec<bool> = unit.iter().flatten().map(|x| *x > 0.5).collect();
            for i in 0..said.len() {
                (i + 1..said.len()).for_each(|j| table.add(said[i], said[j], 1.0));
            }
        }
        (alpha(&numbers, Scale::Nominal), table.positive())
    };
    let (themes, positive) = (0..codebook.themes.len()).map(theme).unzip();
    let alpha = set_alpha_interval(&units, SetDistance::Masi, seed);
    Some(CodersAgreement { coders, answers: units.len(), alpha, themes, positive })
}

/// An answer: participant, question, themes of the machine with areas, of people with areas.
type Answer = (usize, usize, Vec<usize>, Option<Vec<usize>>);

/// One source as corrections need it.
struct Sample<'a> {
    answers: Vec<Answer>,
    /// Drawn participants and their strata.
    coded: BTreeMap<usize, usize>,
    sizes: &'a [usize],
    looked_for: Vec<bool>,
    /// The survey weight of every participant of the study; 1 where there is none.
    weights: Vec<f64>,
}

impl<'a> Sample<'a> {
    fn of(
        members: &[Member<'_>],
        (gold, corpus): (&Gold, &Corpus),
        place: &'a Places<'_>,
        codebook: &Codebook,
    ) -> Option<Self> {
        gold.design.as_ref()?;
        let mut sample = Self {
            answers: Vec::new(),
            coded: BTreeMap::new(),
            sizes: &place.sizes,
            weights: corpus.participants.iter().map(|p| p.weight.unwrap_or(1.0)).collect(),
            looked_for: (0..codebook.themes.len()).map(|t| gold.themes.contains(&t)).collect(),
        };
        let with_areas = |codes: Vec<usize>| -> Vec<usize> {
            let areas = codes.iter().filter_map(|&t| codebook.themes[t].parent);
            let mut all: Vec<usize> = codes.iter().copied().chain(areas).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        for member in members.iter().filter(|m| !m.copy) {
            let machine = with_areas(member.codings.iter().map(|c| c.theme).collect());
            let human = gold.answers.get(&member.response.id).cloned().map(with_areas);
            if let (Some((stratum, _)), Some(_)) =
                (place.drawn.get(member.response.id.as_str()), &human)
            {
                sample.coded.insert(member.participant, *stratum);
            }
            let question = usize::from(member.response.question);
            sample.answers.push((member.participant, question, machine, human));
        }
        Some(sample)
    }

    /// People of the base.
    fn people(&self) -> usize {
        self.answers.iter().map(|(participant, ..)| participant).collect::<BTreeSet<_>>().len()
    }

    fn corrections(&self, spec: &SourceSpec, corpus: &Corpus, seed: u64) -> SourceCorrections {
        let questions = match spec.questions.len() {
            0 | 1 => Vec::new(),
            n => (0..n).map(|q| self.scope(&|_, question| question == q, seed)).collect(),
        };
        let group = |at: usize| {
            let value = |p: usize| corpus.participants[p].groups[at].as_str();
            let mut values: Vec<&str> = self.answers.iter().map(|a| value(a.0)).collect();
            values.retain(|v| !v.is_empty());
            values.sort_unstable();
            values.dedup();
            let of = |v: &str| (v.to_owned(), self.scope(&|p, _| value(p) == v, seed));
            values.into_iter().map(of).collect()
        };
        SourceCorrections {
            overall: self.scope(&|_, _| true, seed),
            questions,
            groups: (0..spec.groups.len()).map(group).collect(),
        }
    }

    /// Corrections over the answers that are kept by participant and question.
    fn scope(&self, keep: &dyn Fn(usize, usize) -> bool, seed: u64) -> Vec<Correction> {
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        for (participant, ..) in &self.answers {
            let fresh = places.len();
            places.entry(*participant).or_insert(fresh);
        }
        let blank = |(&participant, _): (&usize, &usize)| {
            let stratum = self.coded.get(&participant).copied();
            let human = stratum.map(|_| 0.0);
            let stratum = stratum.unwrap_or_default();
            let weight = self.weights[participant];
            Unit { stratum, weight, machine: 0.0, human, member: false }
        };
        let mut ordered: Vec<(&usize, &usize)> = places.iter().collect();
        ordered.sort_by_key(|(_, place)| **place);
        let mut units: Vec<Unit> = ordered.into_iter().map(blank).collect();
        let n = self.looked_for.len();
        let (mut machine, mut human) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        for (participant, question, by_machine, by_people) in &self.answers {
            if !keep(*participant, *question) {
                continue;
            }
            let place = places[participant];
            // Whoever weighs nothing stands for nobody.
            units[place].member = units[place].weight > 0.0;
            by_machine.iter().for_each(|&t| machine[t].push(place));
            by_people.iter().flatten().for_each(|&t| human[t].push(place));
        }
        let one = |theme: usize| {
            let mut of = units.clone();
            machine[theme].iter().for_each(|&p| of[p].machine = 1.0);
            for &p in &human[theme] {
                of[p].human = of[p].human.map(|_| 1.0);
            }
            corrected(&of, self.sizes, Target::Population, seed)
        };
        let looked = |t: usize| self.looked_for[t].then(|| one(t));
        (0..n).map(looked).collect()
    }
}
