//! An attack on what a run publishes. It makes a thousand small studies, lets the program publish
//! them, reads every count, percentage and interval of people in the published files, writes down
//! the sums and limits that tie them together, and computes for each protected count all values
//! that agree: exactly, over whole numbers. None may be known more narrowly than "fewer than" says.
//!
//! The attacker (`reader.rs`, `system.rs`) shares no code with the program's own audit, and reads
//! files (`published.rs`). It knows more than is printed: the areas of the codebook, and whether
//! everybody has a value in a column of groups. `study.rs` makes the studies, counts them on its
//! own, and knows what the attacker is after.
//!
//! `cargo test --no-default-features --lib attack -- --nocapture` prints what was found with and
//! without secondary suppression.

mod published;
mod reader;
mod study;
mod system;

use rayon::prelude::*;

use crate::disclosure::Suppression;

use published::Published;
use study::{Study, Workplace};

/// Studies that are attacked.
const STUDIES: u64 = 1_000;

/// What the attacker found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Found {
    /// Protected counts of few people, or of all but a few, that were tried.
    tried: usize,
    /// Those that are known more narrowly than they may be.
    narrowed: usize,
    /// Those of them that are known exactly.
    exact: usize,
    /// Small counts that stand in a file as they are.
    printed: usize,
    /// Studies with any of these.
    studies: usize,
    /// Cells that were too hard to decide.
    undecided: usize,
    /// Counts that are shown, of all that could be.
    shown: [usize; 2],
}

impl Found {
    fn and(self, other: Self) -> Self {
        let shown = [0, 1].map(|i| self.shown[i] + other.shown[i]);
        Self {
            tried: self.tried + other.tried,
            narrowed: self.narrowed + other.narrowed,
            exact: self.exact + other.exact,
            printed: self.printed + other.printed,
            studies: self.studies + other.studies,
            undecided: self.undecided + other.undecided,
            shown,
        }
    }
}

fn attack(suppression: Suppression) -> Found {
    let seeds: Vec<u64> = match std::env::var("ATTACK").ok().and_then(|s| s.split_once('-').map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap()))) {
        Some((a, b)) => (a..b).collect(),
        None => (0..STUDIES).collect(),
    };
    let part = |seeds: &[u64]| {
        let mut place = Workplace::new();
        let one = |&seed: &u64| {
            let study = Study::random(seed);
            if std::env::var_os("SEEDS").is_some() { println!("begin {seed} {suppression:?}"); }
            let t0 = std::time::Instant::now();
            let files = place.publish(&study, suppression);
            if t0.elapsed().as_millis() > 300 { println!("seed {seed}: publish {:?}", t0.elapsed()); }
            let t = std::time::Instant::now();
            let f = reader::attack(&study, &Published::read(&files));
            if t.elapsed().as_millis() > 300 || (f.studies > 0 && suppression == Suppression::Full) { println!("seed {seed}: publish attack {:?} {f:?}", t.elapsed()); }
            f
        };
        seeds.iter().map(one).fold(Found::default(), Found::and)
    };
    seeds.par_chunks(50).map(part).reduce(Found::default, Found::and)
}

#[test]
fn nobody_can_work_out_a_protected_count_from_all_that_is_published() {
    let with = attack(Suppression::Full);
    println!("with secondary suppression: {with:?}");
    let without = attack(Suppression::PrimaryOnly);
    println!("without: {without:?}");
    assert_eq!((with.narrowed, with.printed, with.undecided), (0, 0, 0), "{with:?}");
    assert!(with.tried > 10_000, "{with:?}");
    assert!(without.narrowed > 1_000 && without.exact > 500, "{without:?}");
    assert!(without.studies > STUDIES as usize / 2, "{without:?}");
}
