//! Shares that people's codes would have corrected, drawn by chance near what was counted.
//!
//! In: true counts. Out: what a gold sample would say of them. Some come out so small, or so near to
//! all, that they stand for a few people.

use crate::aggregate::{Correction, Measured, Scope, SourceCorrections, Summary};
use crate::ingest::Kind;
use crate::measure::Estimate;
use crate::measure::correction::{Corrected, TooFew};
use crate::measure::quality::Quality;

use super::study::Dice;

fn estimate(value: f64) -> Estimate {
    Estimate { value, low: (value - 0.07).max(0.0), high: (value + 0.07).min(1.0) }
}

/// A share that stands for a few people more or fewer than were counted.
fn correction(dice: &mut Dice, count: u64, base: u64) -> Correction {
    let coded = (base as usize).min(30 + dice.below(30) as usize);
    let with_theme = dice.below(9) as usize;
    if base == 0 || dice.chance(10) {
        return None;
    }
    if dice.chance(20) {
        return Some(Err(TooFew { coded, with_theme }));
    }
    let people = (count as f64 + dice.below(13) as f64 - 6.0).clamp(0.0, base as f64);
    let share = estimate(people / base as f64);
    let clamped = dice.chance(5);
    let gold_alone = share;
    Some(Ok(Corrected { share, gold_alone, lambda: 0.8, clamped, coded, with_theme }))
}

fn of(dice: &mut Dice, scope: &Scope) -> Vec<Correction> {
    scope.themes.iter().map(|t| correction(dice, t.participants, scope.base)).collect()
}

pub fn measured(mut dice: Dice, summary: &Summary) -> Measured {
    let mut sources = Vec::new();
    for source in &summary.sources {
        if source.kind != Kind::Survey {
            sources.push(None);
            continue;
        }
        let overall = of(&mut dice, &source.overall);
        let questions = source.questions.iter().map(|q| of(&mut dice, q)).collect();
        let mut groups = Vec::new();
        for values in &source.groups {
            groups.push(values.iter().map(|(v, s)| (v.clone(), of(&mut dice, s))).collect());
        }
        sources.push(Some(SourceCorrections { overall, questions, groups }));
    }
    let whole = estimate(0.8);
    Measured {
        quality: Quality {
            answers: 100,
            people: 100,
            themes: Vec::new(),
            micro: whole,
            macro_f1: whole,
            samples: whole,
            exact: whole,
        },
        coders: None,
        designed: true,
        strata: 3,
        seed: 1,
        unmatched: 0,
        unchecked: Vec::new(),
        groups: Vec::new(),
        sources,
        warnings: Vec::new(),
    }
}
