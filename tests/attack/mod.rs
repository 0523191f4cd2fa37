//! An attack on what a run publishes. It makes a thousand small studies, lets the program publish
//! them, reads every count, percentage and interval of people in the published files, writes down
//! the sums and limits that tie them together, and computes for each protected count all values
//! that agree: exactly, over whole numbers. None may be known more narrowly than "fewer than" says.
//!
//! The attacker (`reader.rs`, `system.rs`) shares no code with the program's own audit, and reads
//! files (`published.rs`). It knows more than is printed: the areas of the codebook, whether everybody
//! has a value in a column of groups, and why two states are told as one. Each source has its own
//! smallest count. `study.rs` makes the studies, counts them on its
//! own, and knows what the attacker is after.
//!
//! `cargo test --no-default-features --lib attack -- --nocapture` prints what was found with and
//! without secondary suppression; `ATTACK=1000-3000` in front of it takes other studies and prints
//! each count that was found.

mod formats;
mod gold;
mod published;
mod reader;
mod study;
mod system;
mod tables;

use rayon::prelude::*;

use crate::disclosure::Suppression;

use published::Published;
use study::{Study, Workplace};

/// Studies that are attacked: their seeds.
const STUDIES: std::ops::Range<u64> = 0..1_000;

/// Larger studies, whose areas go together and of which some ask one question or another: their
/// seeds.
const TIED: std::ops::Range<u64> = 0..1_000;

/// What the attacker found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Found {
    /// Protected counts of few people, or of all but a few, that were tried.
    tried: usize,
    /// Those that are known more narrowly than they may be.
    narrowed: usize,
    /// Those of them that are known exactly.
    exact: usize,
    /// Small counts that stand in a file as they are, or are what one number leaves of another.
    printed: usize,
    /// Sources with people enough whose rows or responses are not given, and any source of which not
    /// even "fewer than" so many rows is said.
    untold: usize,
    /// Studies with any of these.
    studies: usize,
    /// Cells that were too hard to decide.
    undecided: usize,
    /// Pairs of areas that are told.
    pairs: usize,
    /// Counts that are shown, of all that could be.
    shown: [usize; 2],
}

impl Found {
    fn and(self, other: Self) -> Self {
        Self {
            tried: self.tried + other.tried,
            narrowed: self.narrowed + other.narrowed,
            exact: self.exact + other.exact,
            printed: self.printed + other.printed,
            untold: self.untold + other.untold,
            studies: self.studies + other.studies,
            undecided: self.undecided + other.undecided,
            pairs: self.pairs + other.pairs,
            shown: [0, 1].map(|i| self.shown[i] + other.shown[i]),
        }
    }
}

/// Other studies, as `ATTACK=from-to` names them.
fn chosen() -> Option<std::ops::Range<u64>> {
    let named = std::env::var("ATTACK").ok()?;
    let (from, to) = named.split_once('-')?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

fn attack(seeds: std::ops::Range<u64>, study: fn(u64) -> Study, suppression: Suppression) -> Found {
    let seeds: Vec<u64> = chosen().unwrap_or(seeds).collect();
    let part = |seeds: &[u64]| {
        let mut place = Workplace::new();
        let one = |&seed: &u64| {
            let study = study(seed);
            let files = place.publish(&study, suppression);
            let found = reader::attack(&study, &Published::read(&files));
            if chosen().is_some() && found.studies > 0 && suppression == Suppression::Full {
                println!("study {seed}: {found:?}");
            }
            found
        };
        seeds.iter().map(one).fold(Found::default(), Found::and)
    };
    seeds.par_chunks(20).map(part).reduce(Found::default, Found::and)
}

#[test]
fn nobody_can_work_out_a_protected_count_from_all_that_is_published() {
    let with = attack(STUDIES, Study::random, Suppression::Full);
    println!("with secondary suppression: {with:?}");
    let without = attack(STUDIES, Study::random, Suppression::PrimaryOnly);
    println!("without: {without:?}");
    assert_eq!((with.narrowed, with.printed, with.undecided), (0, 0, 0), "{with:?}");
    assert_eq!(with.untold, 0, "what was read is not in sight: {with:?}");
    if chosen().is_none() {
        assert!(with.tried > 15_000, "{with:?}");
        assert!(without.narrowed > 5_000 && without.exact > 2_000, "{without:?}");
        assert!(without.studies > 800, "{without:?}");
    }
}

#[test]
fn nobody_can_work_out_a_protected_count_of_larger_studies_that_ask_one_question_or_another() {
    let with = attack(TIED, Study::tied, Suppression::Full);
    println!("larger studies: {with:?}");
    assert_eq!((with.narrowed, with.printed, with.undecided), (0, 0, 0), "{with:?}");
    if chosen().is_none() {
        assert!(with.tried > 10_000, "{with:?}");
    }
}

#[test]
fn no_format_gives_a_number_that_the_summary_withholds() {
    let part = |seeds: &[u64]| {
        let mut place = Workplace::new();
        let mut all = [0; 5];
        for &seed in seeds {
            let study = if seed % 2 == 0 { Study::random(seed) } else { Study::shown(seed) };
            let files = place.publish_all(&study, Suppression::Full);
            let shown = summary(&files);
            let compared = formats::compare(&files, &shown);
            assert!(compared.faults.is_empty(), "study {seed}: {:#?}", compared.faults);
            corrected_shares_are_of_enough_people(&study, &shown);
            all[3] += parts_are_of_enough_people(&study, &shown);
            // What is only half protected gives numbers that this summary does not.
            let half = place.publish_all(&study, Suppression::PrimaryOnly);
            let leaks = formats::compare(&half, &shown).faults.len();
            let [numbers, protected, faults, parts, pairs] = all;
            let (numbers, pairs) = (numbers + compared.numbers, pairs + compared.pairs);
            all = [numbers, protected + compared.protected, faults + leaks, parts, pairs];
        }
        all
    };
    let seeds: Vec<u64> = (0..80).collect();
    let add = |a: [usize; 5], b: [usize; 5]| std::array::from_fn(|i| a[i] + b[i]);
    let all = seeds.par_chunks(5).map(part).reduce(|| [0; 5], add);
    println!(
        "{} numbers, {} protected cells, {} themes in parts, {} cells of pairs; half a protection: {} faults",
        all[0], all[1], all[3], all[4], all[2]
    );
    assert!(all[0] > 15_000 && all[1] > 5_000 && all[2] > 2_000 && all[3] > 20, "{all:?}");
    assert!(all[4] > 50, "{all:?}");
}

fn summary(files: &[(String, Vec<u8>)]) -> serde_json::Value {
    let (_, bytes) = files.iter().find(|(name, _)| name == "summary.json").unwrap();
    serde_json::from_slice(bytes).unwrap()
}

/// What people say of a theme is told in parts that add up to an open count, each of enough people,
/// in the first table of a source alone. How many themes are told in parts.
fn parts_are_of_enough_people(study: &Study, summary: &serde_json::Value) -> usize {
    let mut told = 0;
    for (source, truth) in summary["sources"].as_array().unwrap().iter().zip(&study.sources) {
        for (at, table) in source["questions"].as_array().unwrap().iter().enumerate() {
            for row in table["rows"].as_array().unwrap() {
                let Some(parts) = row["stances"]["parts"].as_array() else { continue };
                let people = parts.iter().map(|p| &p["people"]).chain([&row["stances"]["rest"]]);
                let people: Vec<u64> = people.map(|n| n.as_u64().unwrap()).collect();
                assert_eq!(at, 0, "{row}");
                assert_eq!(row["participants"]["exactly"].as_u64(), Some(people.iter().sum()));
                assert!(people.iter().all(|n| *n >= truth.min.max(5)), "{row}");
                told += 1;
            }
        }
    }
    told
}

/// Neither a corrected share itself, nor what the corrected shares of a row leave of the whole, may
/// stand for fewer people than the smallest count.
fn corrected_shares_are_of_enough_people(study: &Study, summary: &serde_json::Value) {
    let share = |c: &serde_json::Value| c["share"]["share"]["value"].as_f64();
    for (source, truth) in summary["sources"].as_array().unwrap().iter().zip(&study.sources) {
        let small = |n: f64| (0.5..truth.min as f64 - 0.5).contains(&n);
        let base = |v: &serde_json::Value| v["exactly"].as_f64();
        let all = &source["questions"][0];
        for table in source["questions"].as_array().unwrap() {
            for row in table["rows"].as_array().unwrap() {
                let Some(share) = share(&row["corrected"]) else { continue };
                let base = base(&table["base"]).unwrap();
                assert!(!small(share * base) && !small(base - share * base), "{row}");
            }
        }
        for group in source["groups"].as_array().unwrap() {
            let bases: Vec<f64> =
                group["values"].as_array().unwrap().iter().map(|v| base(&v[1]).unwrap()).collect();
            for row in group["rows"].as_array().unwrap() {
                let of = row["corrected"].as_array().unwrap();
                let people = of.iter().zip(&bases).map(|(c, b)| share(c).map(|s| s * b));
                let whole = all["rows"].as_array().unwrap().iter();
                let whole = whole.filter(|r| r["theme"] == row["theme"]);
                let whole = whole.filter_map(|r| share(&r["corrected"])).next();
                let (Some(sum), Some(whole)) = (people.sum::<Option<f64>>(), whole) else {
                    continue;
                };
                if of.is_empty() {
                    continue;
                }
                let base = base(&all["base"]).unwrap();
                let (rest, rest_base) = (whole * base - sum, base - bases.iter().sum::<f64>());
                let told = rest_base > 0.0 && (small(rest) || small(rest_base - rest));
                assert!(!told, "{rest} of {rest_base}: {row}");
            }
        }
    }
}
