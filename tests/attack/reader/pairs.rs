//! What the attacker makes of pairs of areas: how each splits over groups and questions, what two of
//! them say of a third, what they say of the themes inside them and of the people with any theme.

use super::super::published::{Mark, Published};
use super::super::study::{Answer, Study};
use super::{Attack, Truth};

/// Numbers, each with its factor.
type Terms = Vec<(usize, i64)>;

/// More than any sum.
const ALL: i64 = 1 << 40;

/// One value of a column, or everybody else: the base, and numbers by theme.
pub struct Slice {
    pub base: i64,
    pub counts: Vec<usize>,
}

/// A question, or the whole where there is none: its base, numbers by theme, people with any.
pub struct Asked {
    pub base: usize,
    pub counts: Vec<usize>,
    pub coded: usize,
}

/// A pair that is told.
#[derive(Clone, Copy)]
struct Pair {
    areas: [usize; 2],
    both: i64,
}

/// What is published, and every pair of open areas whose parts are large enough.
pub fn with_all_pairs(study: &Study, mut published: Published) -> Published {
    for (source, of) in published.sources.iter_mut().enumerate() {
        let Mark::Number(base) = of.whole.base else { continue };
        if study.sources[source].questions == 0 {
            continue;
        }
        let count = |theme: usize| match of.whole.rows.get(&theme)?.mark {
            Mark::Number(n) if study.parents[theme].is_none() => Some(n),
            _ => None,
        };
        let least = study.sources[source].min.max(5);
        let areas: Vec<(usize, u64)> =
            (0..study.parents.len()).filter_map(|t| Some((t, count(t)?))).collect();
        of.pairs.clear();
        for (at, &(a, n)) in areas.iter().enumerate() {
            for &(b, k) in &areas[at + 1..] {
                let both = both(study, source, [a, b]);
                let parts = [both, n - both, k - both, base + both - n - k];
                if parts.iter().all(|&n| n >= least) {
                    of.pairs.push((a, b, both));
                }
            }
        }
    }
    published
}

/// People who raised both themes, by hand.
fn both(study: &Study, source: usize, [a, b]: [usize; 2]) -> u64 {
    let raised = |answers: &[Answer], theme: usize| {
        let themes = answers.iter().filter_map(|a| match a {
            Answer::Themes(themes) => Some(themes),
            _ => None,
        });
        themes.into_iter().any(|themes| study.carries(themes, theme))
    };
    let people = study.sources[source].people.iter();
    people.filter(|p| raised(&p.answers, a) && raised(&p.answers, b)).count() as u64
}

impl Attack<'_> {
    pub fn pairs(&mut self, all: &[usize], asked: &[Asked], columns: &[Vec<Slice>], whole: &Truth) {
        let told: Vec<Pair> = self
            .published
            .pairs
            .iter()
            .map(|&(a, b, both)| Pair { areas: [a, b], both: both as i64 })
            .collect();
        self.found.pairs += told.len();
        let mut forest: Vec<(Pair, Vec<usize>)> = Vec::new();
        for &pair in &told {
            let [a, b] = pair.areas;
            assert_eq!(both(self.study, self.source, pair.areas) as i64, pair.both);
            let parts = self.parts([a, b], pair.both as u64, whole);
            let limit = self.limit();
            self.found.printed += parts.iter().filter(|&&n| n > 0 && n < limit).count();
            let whole_pair = self.system.number(pair.both, pair.both);
            columns.iter().for_each(|column| self.split(column, [a, b], whole_pair));
            let by_question = self.by_question(all, asked, pair);
            let joined = |x: usize, of: &[(Pair, Vec<usize>)]| reach(x, of);
            if !joined(a, &forest).contains(&b) {
                forest.push((pair, by_question));
            }
            self.inside(all, pair, whole);
        }
        self.union(asked, &told, &forest);
        for (at, &first) in told.iter().enumerate() {
            for &second in &told[at + 1..] {
                let hub = first.areas.into_iter().find(|x| second.areas.contains(x));
                let Some(hub) = hub else { continue };
                let end = |p: Pair| if p.areas[0] == hub { p.areas[1] } else { p.areas[0] };
                let ends = [end(first), end(second)];
                let known = told.iter().any(|p| ends.iter().all(|e| p.areas.contains(e)));
                if !known {
                    self.third([hub, ends[0], ends[1]], [first.both, second.both], columns, whole);
                }
            }
        }
    }

    fn parts(&self, [a, b]: [usize; 2], both: u64, whole: &Truth) -> [u64; 4] {
        let (n, k) = (whole.counts[a], whole.counts[b]);
        [both, n - both, k - both, whole.base + both - n - k]
    }

    /// How a pair splits over a column.
    fn split(&mut self, column: &[Slice], [a, b]: [usize; 2], whole: usize) {
        let mut numbers = Vec::new();
        for slice in column {
            let number = self.system.number(0, slice.base);
            let (in_a, in_b) = (slice.counts[a], slice.counts[b]);
            self.system.at_most(number, in_a);
            self.system.at_most(number, in_b);
            self.system.sum(vec![(in_a, 1), (in_b, 1), (number, -1)], 0, slice.base);
            numbers.push(number);
        }
        if !numbers.is_empty() {
            let mut terms: Terms = numbers.iter().map(|&n| (n, 1)).collect();
            terms.push((whole, -1));
            self.system.sum(terms, 0, 0);
        }
    }

    /// How a pair splits over questions: numbers by question.
    fn by_question(&mut self, all: &[usize], asked: &[Asked], pair: Pair) -> Vec<usize> {
        let [a, b] = pair.areas;
        if let [only] = asked
            && only.counts == all
        {
            return vec![self.system.number(pair.both, pair.both)];
        }
        let most = pair.both;
        let numbers: Vec<usize> = asked.iter().map(|_| self.system.number(0, most)).collect();
        for (&z, q) in numbers.iter().zip(asked) {
            self.system.at_most(z, q.counts[a]);
            self.system.at_most(z, q.counts[b]);
            let over = vec![(q.counts[a], 1), (q.counts[b], 1), (z, -1), (q.base, -1)];
            self.system.sum(over, -ALL, 0);
        }
        // The four parts by question, as terms; what they have in the whole; answers beside people.
        let of = |f: &dyn Fn(&Asked) -> usize, factor: i64| -> Terms {
            asked.iter().map(|q| (f(q), factor)).collect()
        };
        let z = |factor: i64| -> Terms { numbers.iter().map(|&n| (n, factor)).collect() };
        let (in_a, in_b) = (|f| of(&|q| q.counts[a], f), |f| of(&|q| q.counts[b], f));
        let bases = |f: i64| of(&|q| q.base, f);
        let people = (self.people, 1);
        let parts: [(Terms, Terms, i64); 4] = [
            (z(1), vec![], pair.both),
            ([in_a(1), z(-1)].concat(), vec![(all[a], -1)], -pair.both),
            ([in_b(1), z(-1)].concat(), vec![(all[b], -1)], -pair.both),
            (
                [bases(1), in_a(-1), in_b(-1), z(1)].concat(),
                vec![(self.people, -1), (all[a], 1), (all[b], 1)],
                pair.both,
            ),
        ];
        for (at, (by_question, whole, both)) in parts.into_iter().enumerate() {
            // By question less the whole: from none up to those who answered twice; people who
            // raised both may have raised one here and one there.
            let less: Terms = by_question.into_iter().chain(whole).collect();
            let twice = |sign: i64| -> Terms {
                let bases = bases(-sign);
                let people = [(people.0, sign)];
                less.iter().copied().chain(bases).chain(people).collect()
            };
            self.system.sum(merged(twice(1)), -ALL, both);
            match at {
                0 => self.system.sum(merged(twice(-1)), both, ALL),
                _ => self.system.sum(merged(less), both, ALL),
            }
        }
        numbers
    }

    /// What pairs say of the people with any theme, whom no circle counts twice.
    fn union(&mut self, asked: &[Asked], told: &[Pair], forest: &[(Pair, Vec<usize>)]) {
        if told.is_empty() {
            return;
        }
        let roots: Vec<usize> =
            (0..self.study.parents.len()).filter(|&t| self.study.parents[t].is_none()).collect();
        for (at, q) in asked.iter().enumerate() {
            let mut terms = vec![(q.coded, 1)];
            terms.extend(roots.iter().map(|&t| (q.counts[t], -1)));
            terms.extend(forest.iter().map(|(_, by)| (by[at], 1)));
            self.system.sum(merged(terms), -ALL, 0);
            for (pair, by) in forest {
                let [a, b] = pair.areas.map(|t| q.counts[t]);
                self.system.sum(vec![(a, 1), (b, 1), (by[at], -1), (q.coded, -1)], -ALL, 0);
            }
        }
    }

    /// What two pairs that meet say of the pair of their ends: every table of the three areas, and
    /// in each value of each column.
    fn third(
        &mut self,
        [hub, j, k]: [usize; 3],
        [first, second]: [i64; 2],
        columns: &[Vec<Slice>],
        whole: &Truth,
    ) {
        let truth = both(self.study, self.source, [j, k]);
        let parts = self.parts([j, k], truth, whole);
        let base = whole.base as i64;
        let [n, of_j, of_k] = [hub, j, k].map(|t| whole.counts[t] as i64);
        // Who raised the hub or not, the one end or not, the other or not.
        let cells: Vec<usize> = (0..8).map(|_| self.system.number(0, base)).collect();
        let of = |mask: usize| -> Terms {
            (0..8).filter(|c| c & mask == mask).map(|c| (cells[c], 1)).collect()
        };
        let sums = [(0, base), (4, n), (2, of_j), (1, of_k), (6, first), (5, second)];
        for (mask, sum) in sums {
            self.system.sum(of(mask), sum, sum);
        }
        let target = self.system.number(0, of_j.min(of_k));
        let mut terms = of(3);
        terms.push((target, -1));
        self.system.sum(terms, 0, 0);
        let small = parts.iter().any(|&n| n > 0 && n < self.limit());
        if small {
            self.target(target, format!("areas {j} and {k} by {hub}"));
        }
        for column in columns.iter().filter(|c| !c.is_empty()) {
            self.split(column, [j, k], target);
        }
    }

    /// What a pair says of themes inside its areas.
    fn inside(&mut self, all: &[usize], pair: Pair, whole: &Truth) {
        let [a, b] = pair.areas;
        let family = |area: usize, study: &Study| -> Vec<usize> {
            (0..study.parents.len())
                .filter(|&t| t == area || study.parents[t] == Some(area))
                .collect()
        };
        let open = |t: usize, of: &Self| {
            let cell = of.published.whole.rows.get(&t);
            cell.is_some_and(|c| matches!(c.mark, Mark::Number(_)))
        };
        for c in family(a, self.study) {
            for d in family(b, self.study) {
                if (c, d) == (a, b) || !open(c, self) || !open(d, self) {
                    continue;
                }
                let small = |n: &u64| *n > 0 && *n < self.limit();
                let truth = both(self.study, self.source, [c, d]);
                if !self.parts([c, d], truth, whole).iter().any(small) {
                    continue;
                }
                let number = |of: &mut Self| of.system.number(0, pair.both);
                let (in_c, in_d, target) = (number(self), number(self), number(self));
                for (part, theme, area) in [(in_c, c, a), (in_d, d, b)] {
                    self.system.at_most(part, all[theme]);
                    let others = vec![(all[theme], 1), (part, -1), (all[area], -1)];
                    self.system.sum(others, -ALL, -pair.both);
                    self.system.at_most(target, part);
                }
                self.system.sum(vec![(in_c, 1), (in_d, 1), (target, -1)], -ALL, pair.both);
                self.target(target, format!("themes {c} and {d} by {a} and {b}"));
            }
        }
    }
}

/// Each number once.
fn merged(terms: Terms) -> Terms {
    let mut all: std::collections::BTreeMap<usize, i64> = std::collections::BTreeMap::new();
    terms.into_iter().for_each(|(n, f)| *all.entry(n).or_default() += f);
    all.into_iter().filter(|(_, f)| *f != 0).collect()
}

/// Areas that pairs join to one.
fn reach(from: usize, pairs: &[(Pair, Vec<usize>)]) -> Vec<usize> {
    let mut found = vec![from];
    loop {
        let next = pairs.iter().flat_map(|(p, _)| [p.areas, [p.areas[1], p.areas[0]]]);
        let next = next.filter(|[a, b]| found.contains(a) && !found.contains(b)).map(|[_, b]| b);
        let Some(next) = next.clone().next() else { return found };
        found.push(next);
    }
}
