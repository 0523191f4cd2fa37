//! How well codes agree with people's: precision, recall and F1, each with its interval.
//!
//! In: for each unit the human and the machine's themes, its weight (the inverse of the
//! probability with which it was drawn) and whose it is. Out: [`Quality`]. Intervals are those of
//! a bootstrap over people, not over answers, since one person's answers resemble each other.
//! Must not know: theme names, files.

use super::agreement::Fourfold;
use super::correction::wilson;
use super::draw::Draw;
use super::{Estimate, REPLICATES, with_replicates};

/// One coded answer: what people and what the machine gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Human themes, ascending.
    pub human: Vec<usize>,
    /// The machine's, ascending.
    pub machine: Vec<usize>,
    /// How many answers it stands for.
    pub weight: f64,
    /// Whose answer it is: equal numbers are one person.
    pub person: usize,
}

/// Quality of all themes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Quality {
    /// Answers compared.
    pub answers: usize,
    /// People who gave them.
    pub people: usize,
    /// By theme, in the order asked for.
    pub themes: Vec<ThemeQuality>,
    /// F1 over all codes together.
    pub micro: Estimate,
    /// Mean of the themes' F1, over themes that people gave at least once.
    pub macro_f1: Estimate,
    /// Mean of the answers' F1; an answer that neither coded counts as right.
    pub samples: Estimate,
    /// Answers with exactly the human themes.
    pub exact: Estimate,
}

/// Quality of one theme.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct ThemeQuality {
    /// Index of the theme.
    pub theme: usize,
    /// Answers to which people gave it, and those to which the machine did.
    pub human: usize,
    /// Answers to which the machine gave it.
    pub machine: usize,
    /// Of the machine's codes, the part that people gave too. `None`: the machine gave none.
    pub precision: Option<Estimate>,
    /// Of people's codes, the part that the machine found. `None`: people gave none.
    pub recall: Option<Estimate>,
    /// Their harmonic mean. `None`: nobody gave the theme.
    pub f1: Option<Estimate>,
    /// Cohen's κ of people and machine.
    pub kappa: Option<f64>,
}

/// Compares codes, theme by theme and over all; `themes` are those that people looked for.
pub fn quality(pairs: &[Pair], themes: &[usize], seed: u64) -> Quality {
    let (answers, scores) = (by_person(pairs), scores(pairs, themes));
    let all = Totals::of(&scores, themes.len(), (0..pairs.len()).map(|i| (i, 1.0)));
    let replicates = replicates(&scores, &answers, themes.len(), seed);
    let over = |value: &dyn Fn(&Totals) -> f64| {
        with_replicates(value(&all), replicates.iter().map(value).collect())
    };
    let optional = |value: &dyn Fn(&Totals) -> Option<f64>| {
        value(&all).map(|v| with_replicates(v, replicates.iter().filter_map(value).collect()))
    };
    let theme = |(place, &theme): (usize, &usize)| {
        let human = pairs.iter().filter(|p| p.human.contains(&theme)).count();
        let machine = pairs.iter().filter(|p| p.machine.contains(&theme)).count();
        let either = |p: &&Pair| p.human.contains(&theme) || p.machine.contains(&theme);
        let either = pairs.iter().filter(either).count();
        ThemeQuality {
            theme,
            human,
            machine,
            precision: optional(&|t| t.precision(place)).map(|e| honest(e, machine)),
            recall: optional(&|t| t.recall(place)).map(|e| honest(e, human)),
            f1: optional(&|t| t.themes[place].positive()).map(|e| honest_f1(e, either)),
            kappa: all.themes[place].kappa(),
        }
    };
    let people = answers.len();
    Quality {
        answers: pairs.len(),
        people,
        themes: themes.iter().enumerate().map(theme).collect(),
        micro: honest_f1(over(&Totals::micro), people),
        macro_f1: honest_f1(over(&Totals::macro_f1), people),
        samples: honest(over(&|t| t.samples / t.weight), people),
        exact: honest(over(&|t| t.exact / t.weight), people),
    }
}

/// The same of an F1, which is a function of the codes shared, as a part of those given by either.
fn honest_f1(e: Estimate, n: usize) -> Estimate {
    if e.low < e.high {
        return e;
    }
    let shared = |f1: f64| f1 / (2.0 - f1);
    let part = Estimate { value: shared(e.value), low: shared(e.low), high: shared(e.high) };
    let Estimate { low, high, .. } = honest(part, n);
    let f1 = |shared: f64| 2.0 * shared / (1.0 + shared);
    Estimate { value: e.value, low: f1(low).min(e.value), high: f1(high).max(e.value) }
}

/// A part of all or nothing is the same in every replicate; how sure it is depends on how many
/// codes (or, over all themes, people) there were: Wilson's interval then.
fn honest(e: Estimate, n: usize) -> Estimate {
    match e.low < e.high || n == 0 {
        true => e,
        false => wilson(e.value, 0.0, n as f64),
    }
}

/// How often the machine errs, over all themes together.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Rates {
    /// Of people's codes, the part that the machine did not find. `None`: people gave none.
    pub missed: Option<Estimate>,
    /// Of the themes that people did not give, the part that the machine gave.
    pub added: Option<Estimate>,
}

/// Errors of the machine in some answers, with intervals of a bootstrap over people.
pub fn rates(pairs: &[Pair], themes: &[usize], seed: u64) -> Rates {
    let (answers, scores) = (by_person(pairs), scores(pairs, themes));
    let all = Totals::of(&scores, themes.len(), (0..pairs.len()).map(|i| (i, 1.0)));
    let replicates = replicates(&scores, &answers, themes.len(), seed);
    let optional = |value: &dyn Fn(&Totals) -> Option<f64>| {
        value(&all).map(|v| with_replicates(v, replicates.iter().filter_map(value).collect()))
    };
    let sum = |t: &Totals, f: &dyn Fn(&Fourfold) -> f64| t.themes.iter().map(f).sum::<f64>();
    let part = |a: f64, b: f64| (a + b > 0.0).then(|| a / (a + b));
    // One person's codes go together, so that no more than people count.
    let honest = |e: Estimate| honest(e, answers.len());
    Rates {
        missed: optional(&|t| part(sum(t, &|f| f.first), sum(t, &|f| f.both))).map(honest),
        added: optional(&|t| part(sum(t, &|f| f.second), sum(t, &|f| f.neither))).map(honest),
    }
}

fn scores(pairs: &[Pair], themes: &[usize]) -> Vec<Score> {
    pairs.iter().map(|p| Score::of(p, themes)).collect()
}

/// Places of each person's answers.
fn by_person(pairs: &[Pair]) -> Vec<Vec<usize>> {
    let mut people: std::collections::BTreeMap<usize, Vec<usize>> = Default::default();
    for (i, pair) in pairs.iter().enumerate() {
        people.entry(pair.person).or_default().push(i);
    }
    people.into_values().collect()
}

fn replicates(scores: &[Score], answers: &[Vec<usize>], n: usize, seed: u64) -> Vec<Totals> {
    let one = |r: usize| {
        let mut draw = Draw::new(seed, r as u64);
        let chosen = (0..answers.len()).flat_map(|_| &answers[draw.below(answers.len())]);
        Totals::of(scores, n, chosen.map(|&i| (i, 1.0)))
    };
    (0..REPLICATES).map(one).collect()
}

/// What one answer adds to the totals.
struct Score {
    /// (place of the theme, human, machine) of themes that either gave.
    codes: Vec<(usize, bool, bool)>,
    weight: f64,
    f1: f64,
    exact: f64,
}

impl Score {
    fn of(pair: &Pair, themes: &[usize]) -> Self {
        let code = |(place, theme): (usize, &usize)| {
            let (human, machine) = (pair.human.contains(theme), pair.machine.contains(theme));
            (human || machine).then_some((place, human, machine))
        };
        let codes: Vec<_> = themes.iter().enumerate().filter_map(code).collect();
        let shared = codes.iter().filter(|(_, h, m)| *h && *m).count() as f64;
        let differ = codes.len() as f64 - shared;
        let f1 = if codes.is_empty() { 1.0 } else { 2.0 * shared / (2.0 * shared + differ) };
        Self { codes, weight: pair.weight, f1, exact: f64::from(u8::from(differ == 0.0)) }
    }
}

/// Weighted counts over some answers.
struct Totals {
    themes: Vec<Fourfold>,
    weight: f64,
    samples: f64,
    exact: f64,
}

impl Totals {
    fn of(scores: &[Score], n: usize, chosen: impl Iterator<Item = (usize, f64)>) -> Self {
        let themes = vec![Fourfold::default(); n];
        let mut totals = Self { themes, weight: 0.0, samples: 0.0, exact: 0.0 };
        for (i, times) in chosen {
            let weight = scores[i].weight * times;
            totals.weight += weight;
            totals.samples += weight * scores[i].f1;
            totals.exact += weight * scores[i].exact;
            for &(place, human, machine) in &scores[i].codes {
                totals.themes[place].add(human, machine, weight);
            }
        }
        for theme in &mut totals.themes {
            theme.neither = (totals.weight - theme.both - theme.first - theme.second).max(0.0);
        }
        totals
    }

    fn precision(&self, place: usize) -> Option<f64> {
        let Fourfold { both, second, .. } = self.themes[place];
        (both + second > 0.0).then(|| both / (both + second))
    }

    fn recall(&self, place: usize) -> Option<f64> {
        let Fourfold { both, first, .. } = self.themes[place];
        (both + first > 0.0).then(|| both / (both + first))
    }

    /// 1 where nobody gave any theme.
    fn micro(&self) -> f64 {
        let sum = |f: &dyn Fn(&Fourfold) -> f64| self.themes.iter().map(f).sum::<f64>();
        let all = Fourfold {
            both: sum(&|t| t.both),
            first: sum(&|t| t.first),
            second: sum(&|t| t.second),
            neither: 0.0,
        };
        all.positive().unwrap_or(1.0)
    }

    fn macro_f1(&self) -> f64 {
        let given = || self.themes.iter().filter(|t| t.both + t.first > 0.0);
        match given().count() {
            0 => f64::NAN,
            n => given().filter_map(Fourfold::positive).sum::<f64>() / n as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(human: &[usize], machine: &[usize], person: usize) -> Pair {
        Pair { human: human.to_vec(), machine: machine.to_vec(), weight: 1.0, person }
    }

    #[test]
    fn a_machine_without_a_seen_error_is_not_called_perfect() {
        let pairs: Vec<Pair> = (0..10).map(|i| pair(&[i % 2], &[i % 2], i)).collect();
        let found = quality(&pairs, &[0, 1], 1);
        for e in [found.micro, found.macro_f1, found.samples, found.exact] {
            assert!(e.value == 1.0 && e.high == 1.0 && e.low > 0.6 && e.low < 0.9, "{e:?}");
        }
        let rates = rates(&pairs, &[0, 1], 1);
        for e in [rates.missed.unwrap(), rates.added.unwrap()] {
            assert!(e.value == 0.0 && e.high > 0.2 && e.high < 0.4, "{e:?}");
        }
    }

    #[test]
    fn a_small_table_gives_the_figures_that_one_counts_by_hand() {
        let pairs =
            [pair(&[0], &[0], 0), pair(&[0, 1], &[0], 1), pair(&[], &[1], 2), pair(&[], &[], 3)];
        let found = quality(&pairs, &[0, 1], 1);
        assert_eq!((found.answers, found.people), (4, 4));
        // 2 right, 1 missed, 1 false: 4 / 6.
        assert!((found.micro.value - 4.0 / 6.0).abs() < 1e-12);
        assert!((found.macro_f1.value - 0.5).abs() < 1e-12);
        assert!((found.samples.value - (1.0 + 2.0 / 3.0 + 0.0 + 1.0) / 4.0).abs() < 1e-12);
        assert!((found.exact.value - 0.5).abs() < 1e-12);
        let [a, b] = found.themes.as_slice() else { panic!() };
        assert_eq!((a.human, a.machine, a.f1.map(|f| f.value)), (2, 2, Some(1.0)));
        assert_eq!(
            (b.recall.map(|f| f.value), b.precision.map(|f| f.value)),
            (Some(0.0), Some(0.0))
        );
    }

    #[test]
    fn a_perfect_score_from_few_codes_is_not_certain() {
        let pairs: Vec<Pair> = (0..20)
            .map(|i| pair(&[0][..usize::from(i < 3)], &[0][..usize::from(i < 3)], i))
            .collect();
        let theme = quality(&pairs, &[0], 1).themes[0];
        // Wilson for 3 of 3.
        let precision = theme.precision.unwrap();
        assert!((precision.low - 0.4385).abs() < 1e-3 && precision.high == 1.0, "{precision:?}");
        assert!(theme.f1.unwrap().low > precision.low && theme.f1.unwrap().low < 0.8);
    }

    #[test]
    fn an_answer_counts_by_what_it_stands_for() {
        let mut pairs = [pair(&[0], &[0], 0), pair(&[0], &[], 1)];
        pairs[0].weight = 3.0;
        assert!((quality(&pairs, &[0], 1).themes[0].recall.unwrap().value - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_theme_that_nobody_gave_has_no_figures() {
        let found = quality(&[pair(&[0], &[0], 0)], &[0, 1], 1);
        let none = found.themes[1];
        assert_eq!((none.precision, none.recall, none.f1), (None, None, None));
        assert!((found.macro_f1.value - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn everything_lies_between_none_and_all(
            rows in proptest::collection::vec((0usize..8, 0usize..8, 0usize..5), 1..12)
        ) {
            let set = |bits: usize| (0..3).filter(|b| bits >> b & 1 == 1).collect::<Vec<_>>();
            let pairs: Vec<Pair> = rows.iter().map(|&(h, m, p)| pair(&set(h), &set(m), p)).collect();
            let found = quality(&pairs, &[0, 1, 2], 5);
            for e in [found.micro, found.samples, found.exact] {
                prop_assert!(0.0 <= e.low && e.low <= e.value && e.value <= e.high && e.high <= 1.0);
            }
            let same: Vec<Pair> = pairs.iter().map(|p| pair(&p.human, &p.human, p.person)).collect();
            prop_assert_eq!(quality(&same, &[0, 1, 2], 5).micro.value, 1.0);
        }
    }
}
