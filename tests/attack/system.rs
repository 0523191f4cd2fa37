//! Whole numbers, sums of them, and the exact range of each.
//!
//! In: limits and sums. Out: for a number its lowest and highest value in any solution, by complete
//! search. Nothing here knows the true solution.

/// Steps of a first search; each further one may take twice as many.
const EFFORT: u32 = 200;

/// Searches after which a question counts as too hard.
const SEARCHES: u32 = 12;

/// Terms (number, factor), lowest and highest sum.
type Sum = (Vec<(usize, i64)>, i64, i64);

#[derive(Default)]
pub struct System {
    limits: Vec<(i64, i64)>,
    sums: Vec<Sum>,
    touching: Vec<Vec<usize>>,
    /// Any solution.
    start: Vec<i64>,
    /// Lowest and highest value of each number in solutions that were met.
    met: Vec<(i64, i64)>,
    /// How often each sum was what failed: numbers in such sums are tried first.
    failed: Vec<u64>,
}

/// What is known of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// It has at least so many values.
    Wide,
    /// Exactly these ends.
    Exactly(i64, i64),
    /// Too hard.
    Unknown,
}

impl System {
    pub fn number(&mut self, low: i64, high: i64) -> usize {
        assert!(low <= high, "{low} to {high}");
        self.limits.push((low, high));
        self.touching.push(Vec::new());
        self.limits.len() - 1
    }

    pub fn narrow(&mut self, number: usize, low: i64, high: i64) {
        let (a, b) = self.limits[number];
        self.limits[number] = (a.max(low), b.min(high));
    }

    /// The terms, each with its factor, add up to something from `low` to `high`.
    pub fn sum(&mut self, terms: Vec<(usize, i64)>, low: i64, high: i64) {
        for (number, _) in &terms {
            self.touching[*number].push(self.sums.len());
        }
        self.sums.push((terms, low, high));
        self.failed.push(1);
    }

    pub fn at_most(&mut self, small: usize, large: usize) {
        self.sum(vec![(large, 1), (small, -1)], 0, 1 << 40);
    }

    /// Finds a first solution; `false` where there is none, which would be the attacker's error.
    pub fn solve(&mut self) -> bool {
        let all: Vec<usize> = (0..self.sums.len()).collect();
        let mut limits = self.limits.clone();
        if !self.tighten(&mut limits, all) {
            return false;
        }
        self.limits.clone_from(&limits);
        self.start = limits.iter().map(|(low, high)| (low + high) / 2).collect();
        match self.decide(&limits) {
            Some(Some(found)) => {
                self.met = found.iter().map(|&v| (v, v)).collect();
                self.start = found;
                true
            }
            _ => false,
        }
    }

    /// The range of a number, or that it is at least `width` wide.
    pub fn range(&mut self, number: usize, width: i64) -> Range {
        let wide = |met: (i64, i64)| met.1 - met.0 >= width;
        let (low, high) = self.limits[number];
        let mut ends = [low, high];
        for (end, values) in [
            (0, (low..self.met[number].0).collect::<Vec<_>>()),
            (1, (self.met[number].1 + 1..=high).rev().collect()),
        ] {
            ends[end] = if end == 0 { self.met[number].0 } else { self.met[number].1 };
            for value in values {
                if wide(self.met[number]) {
                    return Range::Wide;
                }
                match self.with(number, value) {
                    None => return Range::Unknown,
                    Some(true) => {
                        ends[end] = value;
                        break;
                    }
                    Some(false) => {}
                }
            }
        }
        if wide(self.met[number]) { Range::Wide } else { Range::Exactly(ends[0], ends[1]) }
    }

    /// Whether a number can have a value; `None` where that is too hard.
    fn with(&mut self, number: usize, value: i64) -> Option<bool> {
        let mut limits = self.limits.clone();
        limits[number] = (value, value);
        let touching = self.touching[number].clone();
        if !self.tighten(&mut limits, touching) {
            return Some(false);
        }
        let found = self.decide(&limits)?;
        let Some(found) = found else { return Some(false) };
        for (met, value) in self.met.iter_mut().zip(found) {
            *met = (met.0.min(value), met.1.max(value));
        }
        Some(true)
    }

    /// Searches again and again, each time from what failed before.
    fn decide(&mut self, limits: &[(i64, i64)]) -> Option<Option<Vec<i64>>> {
        (0..SEARCHES).find_map(|n| self.search(limits.to_vec(), &mut (EFFORT << n)))
    }

    /// A solution, or that there is none; `None` where that takes too long.
    fn search(&mut self, limits: Vec<(i64, i64)>, effort: &mut u32) -> Option<Option<Vec<i64>>> {
        // The number with the fewest values left for the failures around it.
        let hope = |n: usize| {
            let failed: u64 = self.touching[n].iter().map(|&s| self.failed[s]).sum();
            (limits[n].1 - limits[n].0) as f64 / failed.max(1) as f64
        };
        let open = (0..limits.len()).filter(|&n| limits[n].0 < limits[n].1);
        let Some(number) = open.min_by(|&a, &b| hope(a).total_cmp(&hope(b))) else {
            return Some(Some(limits.into_iter().map(|(low, _)| low).collect()));
        };
        let (low, high) = limits[number];
        let near = self.start[number].clamp(low, high);
        for (from, to) in [(near, near), (low, near - 1), (near + 1, high)] {
            if from > to {
                continue;
            }
            *effort = effort.checked_sub(1)?;
            let mut part = limits.clone();
            part[number] = (from, to);
            let touching = self.touching[number].clone();
            if self.tighten(&mut part, touching)
                && let Some(found) = self.search(part, effort)?
            {
                return Some(Some(found));
            }
        }
        Some(None)
    }

    fn tighten(&mut self, limits: &mut [(i64, i64)], mut open: Vec<usize>) -> bool {
        while let Some(at) = open.pop() {
            let (terms, least, most) = &self.sums[at];
            let ends = |(n, f): (usize, i64), limits: &[(i64, i64)]| {
                let (a, b) = (limits[n].0 * f, limits[n].1 * f);
                (a.min(b), a.max(b))
            };
            let low: i64 = terms.iter().map(|&t| ends(t, limits).0).sum();
            let high: i64 = terms.iter().map(|&t| ends(t, limits).1).sum();
            if low > *most || high < *least {
                self.failed[at] += 1;
                return false;
            }
            for &(n, f) in terms {
                let (a, b) = ends((n, f), limits);
                let (a, b) = (a.max(least - (high - b)), b.min(most - (low - a)));
                let (a, b) = if f > 0 { (a, b) } else { (-b, -a) };
                let f = f.abs();
                let new = (-(-a).div_euclid(f), b.div_euclid(f));
                if new.0 > new.1 {
                    self.failed[at] += 1;
                    return false;
                }
                if new != limits[n] {
                    limits[n] = new;
                    open.extend(
                        self.touching[n]
                            .iter()
                            .filter(|&&s| !open.contains(&s))
                            .copied()
                            .collect::<Vec<_>>(),
                    );
                }
            }
        }
        true
    }
}

#[test]
fn ranges_are_those_that_enumeration_gives() {
    let mut dice = super::study::Dice(5);
    for _ in 0..300 {
        let mut system = System::default();
        let truth: Vec<i64> = (0..5).map(|_| dice.below(6) as i64).collect();
        for _ in &truth {
            system.number(0, 6);
        }
        for _ in 0..3 {
            let factor = |_| dice.below(5) as i64 - 2;
            let factors: Vec<i64> = truth.iter().map(factor).collect();
            let value: i64 = factors.iter().zip(&truth).map(|(f, t)| f * t).sum();
            let slack = dice.below(3) as i64;
            let terms = factors.into_iter().enumerate().filter(|(_, f)| *f != 0).collect();
            system.sum(terms, value - slack, value);
        }
        let mut ends = vec![(i64::MAX, i64::MIN); 5];
        for code in 0..7i64.pow(5) {
            let values: Vec<i64> = (0..5).map(|i| code / 7i64.pow(i) % 7).collect();
            let holds = system.sums.iter().all(|(terms, low, high)| {
                let sum: i64 = terms.iter().map(|&(n, f)| f * values[n]).sum();
                (*low..=*high).contains(&sum)
            });
            for (end, &v) in ends.iter_mut().zip(&values).filter(|_| holds) {
                *end = (end.0.min(v), end.1.max(v));
            }
        }
        assert!(system.solve());
        for (n, end) in ends.into_iter().enumerate() {
            assert_eq!(system.range(n, 99), Range::Exactly(end.0, end.1));
        }
    }
}
