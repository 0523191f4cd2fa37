//! The audit: how many values of a protected count agree with all that is published.
//!
//! In: a [`System`] of whole numbers with a lowest and a highest value each, sums of them with a
//! lowest and a highest value, and the true solution. Out: whether a count can take values that lie
//! far enough apart, each proved by a solution. Limits are narrowed by propagating every sum until
//! nothing moves, and solutions are sought near the true one with a bounded number of steps
//! (bounds propagation and backtracking as in Rossi, van Beek and Walsh, *Handbook of Constraint
//! Programming*, 2006, chapters 3 and 4): what is found holds exactly, and what is not found in time
//! counts as impossible, so that an error is always on the side of suppression.
//! Must not know: what the numbers count.

/// A number of the system, by its place.
pub type Var = usize;

/// Steps of one search.
const EFFORT: usize = 2_000;

/// Values tried at either end.
const TRIES: usize = 12;

/// Whole numbers and what is known of them.
#[derive(Debug, Clone, Default)]
pub struct System {
    low: Vec<i64>,
    high: Vec<i64>,
    truth: Vec<i64>,
    sums: Vec<Sum>,
    /// Sums by number.
    of: Vec<Vec<usize>>,
    /// The lowest and highest value of each number in the solutions found so far.
    seen: Vec<(i64, i64)>,
}

#[derive(Debug, Clone)]
struct Sum {
    terms: Vec<(Var, i64)>,
    least: i64,
    most: i64,
}

/// What becomes of a number that can keep its true value while all beside it can.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// It keeps it.
    Settled,
    /// It is tried first; the others are tried too.
    Open,
}

/// The limits while a solution is sought.
#[derive(Clone)]
struct Limits {
    low: Vec<i64>,
    high: Vec<i64>,
}

impl System {
    /// Adds a number that lies from `low` to `high` and is `truth`.
    pub fn var(&mut self, low: u64, high: u64, truth: u64) -> Var {
        let [low, high, truth] = [low, high, truth].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        self.low.push(low);
        self.high.push(high);
        self.truth.push(truth);
        self.of.push(Vec::new());
        self.seen.push((truth, truth));
        self.truth.len() - 1
    }

    /// States that the numbers `plus` less `minus` add up to something from `least` to `most`.
    pub fn sum(&mut self, plus: &[Var], minus: &[Var], least: i64, most: i64) {
        let at = self.sums.len();
        let plus = plus.iter().map(|&v| (v, 1));
        let terms: Vec<(Var, i64)> = plus.chain(minus.iter().map(|&v| (v, -1))).collect();
        terms.iter().for_each(|&(v, _)| self.of[v].push(at));
        self.sums.push(Sum { terms, least, most });
    }

    /// States that `small` is at most `large`.
    pub fn at_most(&mut self, small: Var, large: Var) {
        self.sum(&[large], &[small], 0, i64::MAX);
    }

    /// Whether two values of a number that lie at least `width` apart are proved to agree with
    /// everything stated.
    pub fn spans(&mut self, var: Var, width: u64) -> bool {
        let width = i64::try_from(width).unwrap_or(i64::MAX);
        let mut limits = Limits { low: self.low.clone(), high: self.high.clone() };
        if !self.propagate(&mut limits, (0..self.sums.len()).collect()) {
            return false;
        }
        let (lowest, highest) = (limits.low[var], limits.high[var]);
        if highest - lowest < width {
            return false;
        }
        let from = self.seen[var].0;
        for value in (lowest..from).take(TRIES) {
            if self.wide(var, width) || self.reaches(&limits, var, value) {
                break;
            }
        }
        // The nearest value that is far enough may be one that no solution has.
        let enough = self.seen[var].0 + width;
        for value in (enough..=highest).take(TRIES) {
            if self.wide(var, width) || self.reaches(&limits, var, value) {
                break;
            }
        }
        self.wide(var, width)
    }

    fn wide(&self, var: Var, width: i64) -> bool {
        self.seen[var].1 - self.seen[var].0 >= width
    }

    /// Seeks a solution in which a number has a value, and notes every number's value in it.
    fn reaches(&mut self, limits: &Limits, var: Var, value: i64) -> bool {
        let mut limits = limits.clone();
        (limits.low[var], limits.high[var]) = (value, value);
        let mut effort = EFFORT;
        let agrees = self.propagate(&mut limits, self.of[var].clone());
        if !agrees {
            return false;
        }
        let quick = self.search(limits.clone(), Choice::Settled, &mut effort);
        let mut effort = EFFORT;
        let found = quick.or_else(|| self.search(limits, Choice::Open, &mut effort));
        let Some(found) = found else { return false };
        for (seen, value) in self.seen.iter_mut().zip(found) {
            *seen = (seen.0.min(value), seen.1.max(value));
        }
        true
    }

    /// A solution within the limits, as near to the truth as each number in its turn can be.
    fn search(&self, mut limits: Limits, choice: Choice, effort: &mut usize) -> Option<Vec<i64>> {
        for var in 0..limits.low.len() {
            let (low, high) = (limits.low[var], limits.high[var]);
            if low == high {
                continue;
            }
            if *effort == 0 {
                return None;
            }
            *effort -= 1;
            let near = self.truth[var].clamp(low, high);
            let mut fixed = limits.clone();
            (fixed.low[var], fixed.high[var]) = (near, near);
            if self.propagate(&mut fixed, self.of[var].clone()) {
                match choice == Choice::Settled && self.untouched(&fixed, var) {
                    true => {
                        limits = fixed;
                        continue;
                    }
                    false => {
                        if let Some(found) = self.search(fixed, choice, effort) {
                            return Some(found);
                        }
                    }
                }
            }
            for (low, high) in [(low, near - 1), (near + 1, high)] {
                let mut part = limits.clone();
                (part.low[var], part.high[var]) = (low, high);
                if low <= high
                    && self.propagate(&mut part, self.of[var].clone())
                    && let Some(found) = self.search(part, choice, effort)
                {
                    return Some(found);
                }
            }
            return None;
        }
        Some(limits.low)
    }

    /// Whether a number is at its truth and so is everything that it stands in a sum with: then
    /// nothing speaks against the choice.
    fn untouched(&self, limits: &Limits, var: Var) -> bool {
        let holds_truth =
            |v: Var| limits.low[v] <= self.truth[v] && self.truth[v] <= limits.high[v];
        let beside = self.of[var].iter().flat_map(|&s| &self.sums[s].terms);
        limits.low[var] == self.truth[var] && beside.into_iter().all(|&(v, _)| holds_truth(v))
    }

    /// Narrows the limits until nothing moves; `false` where something cannot be.
    fn propagate(&self, limits: &mut Limits, mut open: Vec<usize>) -> bool {
        let mut waiting = vec![false; self.sums.len()];
        open.iter().for_each(|&s| waiting[s] = true);
        while let Some(at) = open.pop() {
            waiting[at] = false;
            let Some(moved) = narrow(&self.sums[at], limits) else { return false };
            for &sum in moved.iter().flat_map(|&v| &self.of[v]) {
                if !std::mem::replace(&mut waiting[sum], true) {
                    open.push(sum);
                }
            }
        }
        true
    }
}

/// Narrows the limits of a sum's numbers. Returns those that moved, or `None` where the sum cannot
/// hold.
fn narrow(sum: &Sum, limits: &mut Limits) -> Option<Vec<Var>> {
    let (mut least, mut most) = (0i64, 0i64);
    for &(v, sign) in &sum.terms {
        let (low, high) = signed(limits, v, sign);
        least += low;
        most += high;
    }
    if least > sum.most || most < sum.least {
        return None;
    }
    let mut moved = Vec::new();
    for &(v, sign) in &sum.terms {
        let (low, high) = signed(limits, v, sign);
        // What the others leave for this one.
        let (new_low, new_high) = (
            low.max(sum.least.saturating_sub(most - high)),
            high.min(sum.most.saturating_sub(least - low)),
        );
        if (new_low, new_high) != (low, high) {
            if new_low > new_high {
                return None;
            }
            least += new_low - low;
            most -= high - new_high;
            let (low, high) = if sign > 0 { (new_low, new_high) } else { (-new_high, -new_low) };
            (limits.low[v], limits.high[v]) = (low, high);
            moved.push(v);
        }
    }
    Some(moved)
}

fn signed(limits: &Limits, v: Var, sign: i64) -> (i64, i64) {
    let (low, high) = (limits.low[v], limits.high[v]);
    if sign > 0 { (low, high) } else { (-high, -low) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The lowest and highest value of each number, by trying all.
    fn enumerated(system: &System) -> Vec<(i64, i64)> {
        let n = system.low.len();
        let mut ends = vec![(i64::MAX, i64::MIN); n];
        let mut values = system.low.clone();
        loop {
            let holds = system.sums.iter().all(|s| {
                let sum: i64 = s.terms.iter().map(|&(v, sign)| sign * values[v]).sum();
                (s.least..=s.most).contains(&sum)
            });
            for (end, &v) in ends.iter_mut().zip(&values).filter(|_| holds) {
                *end = (end.0.min(v), end.1.max(v));
            }
            let Some(next) = (0..n).find(|&i| values[i] < system.high[i]) else { return ends };
            values[next] += 1;
            values[..next].copy_from_slice(&system.low[..next]);
        }
    }

    /// One-way tables: what is hidden of a row adds up to what is left of its total.
    fn row(bases: &[u64], counts: &[u64]) -> (System, Vec<Var>) {
        let mut system = System::default();
        let vars: Vec<Var> = bases.iter().zip(counts).map(|(&b, &k)| system.var(0, b, k)).collect();
        let rest = counts.iter().sum::<u64>() as i64;
        system.sum(&vars, &[], rest, rest);
        (system, vars)
    }

    proptest! {
        #[test]
        fn a_row_is_judged_as_the_closed_form_says(
            cells in proptest::collection::vec((0u64..12, 0u64..12), 2..6),
            width in 1u64..12,
        ) {
            let bases: Vec<u64> = cells.iter().map(|(a, b)| a + b).collect();
            let counts: Vec<u64> = cells.iter().map(|(a, _)| *a).collect();
            let (mut system, vars) = row(&bases, &counts);
            let (rest, all): (u64, u64) = (counts.iter().sum(), bases.iter().sum());
            for (i, &var) in vars.iter().enumerate() {
                let low = rest.saturating_sub(all - bases[i]);
                let high = rest.min(bases[i]);
                prop_assert_eq!(system.spans(var, width), high - low >= width);
            }
        }

        #[test]
        fn what_counts_as_safe_is_so_by_trying_all_tables(
            truth in proptest::collection::vec(0u64..5, 5),
            sums in proptest::collection::vec((proptest::collection::vec(-1i64..2, 5), 0i64..3), 1..5),
            width in 1u64..5,
        ) {
            let mut system = System::default();
            let vars: Vec<Var> = truth.iter().map(|&t| system.var(0, 4, t)).collect();
            for (signs, slack) in &sums {
                let of = |sign: i64| {
                    vars.iter().filter(|&&v| signs[v] == sign).copied().collect::<Vec<_>>()
                };
                let value: i64 = signs.iter().zip(&truth).map(|(s, &t)| s * t as i64).sum();
                system.sum(&of(1), &of(-1), value - slack, value);
            }
            let ends = enumerated(&system);
            for &var in &vars {
                let (low, high) = ends[var];
                prop_assert_eq!(system.spans(var, width), high - low >= width as i64);
            }
        }
    }

    #[test]
    fn a_cell_that_the_others_give_away_is_not_safe() {
        let (mut system, vars) = row(&[60, 50], &[4, 30]);
        assert!(system.spans(vars[0], 9));
        system.sum(&[vars[1]], &[], 30, 30);
        assert!(!system.spans(vars[0], 1));
    }
}
