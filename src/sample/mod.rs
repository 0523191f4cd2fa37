//! `canvass sample`: draws answers for people to code.
//!
//! In: a study's corpus and the program's codes. Out: a [`Drawn`]: a blind workbook for each
//! coder, and the design beside it. The unit of a draw is that of every share, a person with all
//! answers to the source's questions; in transcripts it is a turn. Strata are source × the rarest
//! theme that the program found, so that rare themes come into the sample; every person has a
//! known probability above 0.
//! Must not know: the engine, the command line, what coders decide.

use crate::classify::Verdict;
use crate::codebook::Codebook;
use crate::gold::{Design, Purpose, Stratum, Unit, fingerprint};
use crate::ingest::SourceSpec;
use crate::measure::design::{allocate, needed};
use crate::measure::draw::Draw;
use crate::prepare::Corpus;

mod error;
mod learning;
mod population;
#[cfg(test)]
mod tests;
pub mod workbook;

pub use error::Error;
use population::{Person, population, stratify};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// How many people (turns, in transcripts).
    pub size: Size,
    /// Decides every draw.
    pub seed: u64,
    /// What the sample is for.
    pub purpose: Purpose,
    /// Names of the sources to draw from; all surveys and comments when empty.
    pub sources: Vec<String>,
    /// The gold sample that answers to learn from must not touch.
    pub gold: Option<Design>,
}

/// How many to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// So many people.
    People(usize),
    /// As many of each source as an interval of plus or minus this much needs there, 0 to 1.
    Width(f64),
}

/// What the stages before found.
#[derive(Debug, Clone, Copy)]
pub struct Coded<'a> {
    /// The sources.
    pub specs: &'a [SourceSpec],
    /// The answers.
    pub corpus: &'a Corpus,
    /// The program's codes, one a response.
    pub verdicts: &'a [Verdict],
    /// The themes.
    pub codebook: &'a Codebook,
}

/// A sample.
#[derive(Debug)]
pub struct Drawn {
    /// How it was drawn.
    pub design: Design,
    /// The responses in the order of the workbook, as places in the corpus.
    pub rows: Vec<usize>,
    /// How precise shares will be, in sentences.
    pub advice: Vec<String>,
}

/// Draws a sample. Equal studies, codes and requests give equal samples.
///
/// # Errors
/// A source is unknown, nobody can be drawn, or answers to learn from are wanted before there is
/// a gold sample.
pub fn draw(request: &Request, coded: &Coded<'_>) -> Result<Drawn, Error> {
    let people = population(&request.sources, coded)?;
    let needs = match request.size {
        Size::People(_) => None,
        Size::Width(width) => Some(for_width(width, &people, coded.specs.len())),
    };
    let n = match (request.size, &needs) {
        (Size::People(n), _) => n.min(people.len()),
        (_, needs) => needs.iter().flatten().sum(),
    };
    let (strata, chosen) = match request.purpose {
        Purpose::Gold => by_chance(request.seed, (n, needs.as_deref()), &people, coded),
        Purpose::Training => {
            let gold = request.gold.as_ref().ok_or(Error::GoldFirst)?;
            gold.is_of_inputs(&fingerprint(coded.specs, &coded.corpus.files))?;
            learning::choose(n, &people, gold, coded)
        }
    };
    let response = |i: &usize| coded.corpus.responses[*i].id.clone();
    let unit = |&(person, stratum): &(usize, usize)| {
        let Stratum { size, drawn, .. } = strata[stratum];
        Unit {
            stratum,
            participant: people[person].id.clone(),
            probability: drawn as f64 / size as f64,
            responses: people[person].responses.iter().map(response).collect(),
        }
    };
    let design = Design {
        purpose: request.purpose,
        seed: request.seed,
        inputs_sha256: fingerprint(coded.specs, &coded.corpus.files),
        codebook_sha256: coded.codebook.hash.clone(),
        units: chosen.iter().map(unit).collect(),
        strata: strata.clone(),
    };
    let rows = chosen.iter().flat_map(|(p, _)| people[*p].responses.iter().copied()).collect();
    let mut told = advice(n, &people, coded);
    if needs.is_some() && request.purpose == Purpose::Gold {
        told.splice(0..0, by_source(&design));
    }
    Ok(Drawn { design, rows, advice: told })
}

/// The strata, and (person, stratum) of those drawn, in an order by chance: `n` over all sources
/// together, or so many of each source as it needs.
fn by_chance(
    seed: u64,
    (n, needs): (usize, Option<&[usize]>),
    people: &[Person],
    coded: &Coded<'_>,
) -> (Vec<Stratum>, Vec<(usize, usize)>) {
    let (mut strata, members) = stratify(people, n, coded);
    let sizes: Vec<usize> = strata.iter().map(|s| s.size).collect();
    // Strata stand in the order of their sources.
    let of_source = |(spec, &need): (&SourceSpec, &usize)| {
        let own = strata.iter().filter(|s| s.source == spec.name);
        allocate(&own.map(|s| s.size).collect::<Vec<_>>(), need)
    };
    let numbers: Vec<usize> = match needs {
        Some(needs) => coded.specs.iter().zip(needs).flat_map(of_source).collect(),
        None => allocate(&sizes, n),
    };
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for (stratum, drawn) in numbers.into_iter().enumerate() {
        strata[stratum].drawn = drawn;
        let picked = Draw::new(seed, stratum as u64).sample(sizes[stratum], drawn);
        chosen.extend(picked.into_iter().map(|i| (members[stratum][i], stratum)));
    }
    chosen.sort_unstable();
    // The order must not show the strata to whoever codes.
    Draw::new(seed, u64::MAX).shuffle(&mut chosen);
    (strata, chosen)
}

/// How many were drawn of each source, where there are several.
fn by_source(design: &Design) -> Option<String> {
    let mut sources: Vec<(&str, usize, usize)> = Vec::new();
    for stratum in &design.strata {
        match sources.last_mut() {
            Some((name, drawn, size)) if *name == stratum.source => {
                *drawn += stratum.drawn;
                *size += stratum.size;
            }
            _ => sources.push((&stratum.source, stratum.drawn, stratum.size)),
        }
    }
    let one = |(name, drawn, size): &(&str, usize, usize)| format!("{drawn} of {size} in `{name}`");
    let all: Vec<String> = sources.iter().map(one).collect();
    (sources.len() > 1)
        .then(|| format!("each source has what its own shares need: {}", all.join(", ")))
}

/// People with a theme, by theme, of one source.
fn themes_of(people: &[Person], source: usize, n_themes: usize) -> (usize, Vec<usize>) {
    let of_source = || people.iter().filter(|p| p.source == source);
    let with = |theme: usize| of_source().filter(|p| p.themes.contains(&theme)).count();
    (of_source().count(), (0..n_themes).map(with).collect())
}

/// As many of each source as its share that is hardest to tell needs, by the worst case that the
/// machine's codes explain nothing.
fn for_width(width: f64, people: &[Person], n_sources: usize) -> Vec<usize> {
    let n_themes = people.iter().flat_map(|p| &p.themes).max().map_or(0, |t| t + 1);
    let of_source = |source: usize| {
        let (base, with) = themes_of(people, source, n_themes);
        let share = |k: &usize| *k as f64 / base.max(1) as f64;
        let hardest =
            with.iter().map(share).min_by(|a, b| (a - 0.5).abs().total_cmp(&(b - 0.5).abs()));
        needed(hardest.unwrap_or(0.5), width, 0.0, base)
    };
    (0..n_sources).map(of_source).collect()
}

/// What the sample will tell, for the largest source.
fn advice(n: usize, people: &[Person], coded: &Coded<'_>) -> Vec<String> {
    let n_themes = coded.codebook.themes.len();
    let count = |source: &usize| people.iter().filter(|p| p.source == *source).count();
    let Some(largest) = (0..coded.specs.len()).max_by_key(|s| (count(s), usize::MAX - s)) else {
        return Vec::new();
    };
    let (base, with) = themes_of(people, largest, n_themes);
    let most = with.iter().max().copied().unwrap_or(0) as f64 / base.max(1) as f64;
    let share = if most > 0.0 { most.min(0.5) } else { 0.5 };
    let line = |width: f64| {
        format!(
            "an interval of ±{:.0} points for a theme that {:.0} % raised needs {} of the {base} people in `{}`; about {} where the program's codes explain half of who raised it",
            width * 100.0,
            share * 100.0,
            needed(share, width, 0.0, base),
            coded.specs[largest].name,
            needed(share, width, 0.5, base),
        )
    };
    let mut lines = vec![line(0.03), line(0.05)];
    let part = n as f64 / people.len().max(1) as f64;
    let rare = with.iter().filter(|&&k| k > 0 && (k as f64) * part < 5.0).count();
    if rare > 0 {
        lines.push(format!(
            "{rare} themes are so rare that this sample will hold fewer than 5 people with them: their shares cannot be corrected"
        ));
    }
    lines
}
