//! The attacker: everything that is published of a source as one system, and what it tells.
//!
//! In: what is published, and the study, of which only the codebook, who has values of a column
//! and, to judge the attack, the true counts are used. Out: [`Found`].

use super::Found;
use super::published::{Cell, Mark, Published, Source, Table};
use super::study::{Answer, Study};
use super::system::{Range, System};

/// A table of the truth: base and counts of people by theme.
#[derive(Debug, Clone, Default)]
struct Truth {
    base: u64,
    counts: Vec<u64>,
}

/// Counts people who gave a codable answer to a question that is `asked`.
fn truth(
    study: &Study,
    source: usize,
    asked: &dyn Fn(usize) -> bool,
    group: &dyn Fn(&[Option<usize>]) -> bool,
) -> Truth {
    let mut truth = Truth { base: 0, counts: vec![0; study.parents.len()] };
    for person in study.sources[source].people.iter().filter(|p| group(&p.groups)) {
        let answers = person.answers.iter().enumerate().filter(|(q, _)| asked(*q));
        let codable = |(_, a): (usize, &Answer)| match a {
            Answer::Themes(themes) => Some(themes.clone()),
            Answer::Undecided => Some(Vec::new()),
            _ => None,
        };
        let answers: Vec<Vec<usize>> = answers.filter_map(codable).collect();
        truth.base += u64::from(!answers.is_empty());
        for (theme, count) in truth.counts.iter_mut().enumerate() {
            *count += u64::from(answers.iter().any(|a| study.carries(a, theme)));
        }
    }
    truth
}

/// A number of the system whose true value is small, or leaves little of its base.
struct Target {
    number: usize,
    name: String,
    /// How far apart two values of it must lie.
    width: i64,
}

struct Attack<'a> {
    study: &'a Study,
    published: &'a Source,
    source: usize,
    system: System,
    targets: Vec<Target>,
    found: Found,
    /// People in all.
    people: usize,
}

pub fn attack(study: &Study, published: &Published) -> Found {
    let mut found = Found::default();
    for (source, of) in published.sources.iter().enumerate() {
        let system = System::default();
        let (targets, found_so_far) = (Vec::new(), Found::default());
        let mut attack = Attack {
            study,
            published: of,
            source,
            system,
            targets,
            found: found_so_far,
            people: 0,
        };
        attack.write_down();
        found = found.and(attack.judge());
    }
    found.printed += languages(study, published);
    found.studies = usize::from(found.narrowed + found.printed > 0);
    found
}

/// Small numbers of languages that are printed, or follow from the others and their sum: that of
/// the sources that tell it. A number goes by the largest limit of those that it may stand for.
fn languages(study: &Study, published: &Published) -> usize {
    let foreign = |s: &&super::study::Source| states(s)[LANGUAGE] >= s.min.max(1);
    let limit = study.sources.iter().filter(foreign).map(|s| s.min).max().unwrap_or(study.min);
    let small = |n: u64| n > 0 && n < limit;
    let numbers = published.languages.iter().filter_map(|m| match m {
        Mark::Number(n) => Some(*n),
        _ => None,
    });
    let hidden = published.languages.len() - numbers.clone().count();
    let printed = numbers.clone().filter(|&n| small(n)).count();
    let told = published.sources.iter().map(|s| s.states.alone[LANGUAGE]);
    let told = told.filter_map(|m| match m {
        Some(Mark::Number(n)) => Some(n),
        _ => None,
    });
    let rest = told.sum::<u64>().checked_sub(numbers.sum::<u64>());
    let follows = hidden == 1 && rest.is_some_and(small);
    printed + usize::from(follows)
}

/// Places of states.
const CONTENT: usize = 3;
const LANGUAGE: usize = 4;
const DUPLICATE: usize = 5;

impl Attack<'_> {
    fn is_small(&self, base: u64, n: u64) -> bool {
        let small = |n: u64| n > 0 && n < self.limit();
        small(n) || small(base - n)
    }

    /// The smallest count of this source that is shown.
    fn limit(&self) -> u64 {
        self.study.sources[self.source].min
    }

    /// A number as it is printed: exact, fewer than, or at most `high`.
    fn mark(&mut self, mark: Mark, low: i64, high: i64) -> usize {
        match mark {
            Mark::Number(n) => self.system.number(n as i64, n as i64),
            Mark::Fewer(n) => self.system.number(low, n as i64 - 1),
            Mark::Withheld => self.system.number(low, high),
        }
    }

    /// More people than there can be: no more than there are responses, where those are told.
    fn most(&self) -> i64 {
        match self.published.responses {
            Mark::Number(n) => n as i64,
            _ => 1_000,
        }
    }

    fn write_down(&mut self) {
        let of = self.published;
        let most = self.most();
        self.people = self.mark(of.whole.base, i64::from(of.whole.base != Mark::Number(0)), most);
        let whole = self.truth_of(None, None);
        let all = self.table("all", &of.whole, self.people, &whole);
        let mut asked = Vec::new();
        for (q, table) in of.questions.iter().enumerate() {
            let truth = self.truth_of(Some(q), None);
            let base = self.mark(table.base, 0, most);
            if matches!(table.base, Mark::Fewer(_) | Mark::Withheld)
                && self.is_small(truth.base, truth.base)
            {
                self.target(base, format!("base of question {q}"));
            }
            self.system.at_most(base, self.people);
            asked.push((base, self.table(&format!("question {q}"), table, base, &truth)));
        }
        self.questions(&all, &asked);
        for c in 0..of.columns.len() {
            self.column(c, &all, &whole);
        }
        self.states(&all, &asked);
        // One pair can tell of every other: of a source with anything protected none is told.
        let open = self.study.sources[self.source].min == 1;
        assert!(open || of.pairs.is_empty(), "a pair is told beside protected counts");
        self.found.pairs += of.pairs.len();
    }

    fn truth_of(&self, question: Option<usize>, group: Option<(usize, usize)>) -> Truth {
        let asked = |q: usize| question.is_none_or(|only| only == q);
        let of = |g: &[Option<usize>]| group.is_none_or(|(c, v)| g[c] == Some(v));
        truth(self.study, self.source, &asked, &of)
    }

    fn target(&mut self, number: usize, name: String) {
        let width = self.limit() as i64 - 2;
        self.targets.push(Target { number, name, width });
    }

    /// One table of themes: numbers by theme.
    fn table(&mut self, name: &str, table: &Table, base: usize, truth: &Truth) -> Vec<usize> {
        let known = matches!(table.base, Mark::Number(_));
        let people = self.most();
        let mut numbers = Vec::new();
        for theme in 0..self.study.parents.len() {
            let number = match table.rows.get(&theme) {
                Some(cell) => {
                    let k = self.cell(cell, i64::from(known), people);
                    self.judge_cell(cell, truth, theme);
                    if !matches!(cell.mark, Mark::Number(_)) {
                        // Of what nobody of all raised, nobody of a few did either.
                        let nobody = self.published.whole.rows.get(&theme);
                        let nobody = nobody.is_none_or(|c| c.mark == Mark::Number(0));
                        let small = self.is_small(truth.base, truth.base)
                            || self.is_small(truth.base, truth.counts[theme]);
                        if small && !nobody {
                            self.target(k, format!("theme {theme} of {name}"));
                        }
                    }
                    k
                }
                None => {
                    // Of a table of nobody no theme is called unraised: it is nowhere, and nought.
                    let nobody = table.base == Mark::Number(0);
                    assert!(nobody || table.unraised.contains(&theme), "a theme is nowhere");
                    self.found.printed += usize::from(!known);
                    self.system.number(0, 0)
                }
            };
            self.system.at_most(number, base);
            numbers.push(number);
        }
        self.families(&numbers);
        numbers
    }

    fn cell(&mut self, cell: &Cell, low: i64, high: i64) -> usize {
        let number = self.mark(cell.mark, low, high);
        if let Some((low, high)) = cell.limits {
            self.system.narrow(number, low as i64, high as i64);
        }
        number
    }

    /// Counts what is shown, and small counts that stand as they are.
    fn judge_cell(&mut self, cell: &Cell, truth: &Truth, theme: usize) {
        let (base, k) = (truth.base, truth.counts[theme]);
        let shown = matches!(cell.mark, Mark::Number(_));
        self.found.shown[0] += usize::from(shown);
        self.found.shown[1] += 1;
        if let Mark::Number(n) = cell.mark {
            assert_eq!(n, k, "a published number is wrong");
        }
        let mut printed = shown && self.is_small(base, k);
        printed |= shown && self.is_small(base, base);
        if let Some((with, base_with)) = cell.with_copies {
            printed |= [base_with - base, with - k, base_with - with]
                .into_iter()
                .any(|n| self.is_small(n, n));
        }
        self.found.printed += usize::from(printed);
    }

    fn families(&mut self, numbers: &[usize]) {
        for (theme, parent) in self.study.parents.iter().enumerate() {
            if let Some(area) = parent {
                self.system.at_most(numbers[theme], numbers[*area]);
            }
        }
    }

    /// Whoever raised a theme raised it in some question.
    fn questions(&mut self, all: &[usize], asked: &[(usize, Vec<usize>)]) {
        if asked.is_empty() {
            return;
        }
        // Nobody is counted twice who did not answer twice.
        let bases: Vec<usize> = asked.iter().map(|(b, _)| *b).collect();
        let twice: Vec<(usize, i64)> =
            std::iter::once((self.people, 1)).chain(bases.iter().map(|&b| (b, -1))).collect();
        let union = |whole: usize, parts: Vec<usize>, system: &mut System| {
            parts.iter().for_each(|&p| system.at_most(p, whole));
            let mut terms: Vec<(usize, i64)> = parts.into_iter().map(|p| (p, 1)).collect();
            terms.push((whole, -1));
            system.sum(terms.clone(), 0, 1 << 40);
            terms.extend(&twice);
            system.sum(terms, -(1 << 40), 0);
        };
        for (theme, &whole) in all.iter().enumerate() {
            union(whole, asked.iter().map(|(_, k)| k[theme]).collect(), &mut self.system);
        }
        bases.iter().for_each(|&b| self.system.at_most(b, self.people));
        let mut terms: Vec<(usize, i64)> = bases.into_iter().map(|b| (b, 1)).collect();
        terms.push((self.people, -1));
        self.system.sum(terms, 0, 1 << 40);
    }

    /// The values of a column, and everybody else, add up to the whole.
    fn column(&mut self, c: usize, all: &[usize], whole: &Truth) {
        let (name, column) = &self.published.columns[c];
        let at: usize = name[1..].parse().unwrap();
        let people = &self.study.sources[self.source].people;
        let rest = whole.base - column.values.iter().map(|(_, b)| b).sum::<u64>();
        let truths: Vec<Truth> = column
            .values
            .iter()
            .map(|(v, _)| self.truth_of(None, Some((at, v[1..].parse().unwrap()))))
            .collect();
        for ((_, base), truth) in column.values.iter().zip(&truths) {
            assert_eq!(*base, truth.base, "a published base is wrong");
            self.found.printed += usize::from(self.is_small(*base, *base));
        }
        if column.values.is_empty() {
            return;
        }
        // Whoever has no value may be anybody, unless it is known that everybody has one.
        let complete = people.iter().all(|p| p.groups[at].is_some());
        self.left_out(at, column.too_small, rest, complete);
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        for v in 0..=column.values.len() {
            let mut numbers = Vec::new();
            for (theme, row) in rows.iter_mut().enumerate() {
                let number = match (column.values.get(v), column.cells.get(&theme)) {
                    (None, _) => {
                        let shown: u64 = truths.iter().map(|t| t.counts[theme]).sum();
                        let number = self.system.number(0, rest as i64);
                        if self.is_small(rest, whole.counts[theme] - shown) {
                            self.target(number, format!("theme {theme} of the rest by {name}"));
                        }
                        number
                    }
                    (Some(_), None) => self.system.number(0, 0),
                    (Some((value, base)), Some(cells)) => {
                        // Zero would be printed, so "fewer than" means somebody.
                        let low = i64::from(matches!(cells[v].mark, Mark::Fewer(_)));
                        let number = self.cell(&cells[v], low, *base as i64);
                        self.judge_cell(&cells[v], &truths[v], theme);
                        let hidden = !matches!(cells[v].mark, Mark::Number(_));
                        if hidden && self.is_small(*base, truths[v].counts[theme]) {
                            self.target(number, format!("theme {theme} of {name}={value}"));
                        }
                        self.system.narrow(number, 0, *base as i64);
                        number
                    }
                };
                numbers.push(number);
                row.push(number);
            }
            self.families(&numbers);
        }
        for (theme, row) in rows.into_iter().enumerate() {
            let mut terms: Vec<(usize, i64)> = row.into_iter().map(|n| (n, 1)).collect();
            terms.push((all[theme], -1));
            self.system.sum(terms, 0, 0);
        }
    }

    /// How many people stand behind values that are left out.
    fn left_out(&mut self, at: usize, values: usize, rest: u64, complete: bool) {
        if values == 0 {
            let blank = self.is_small(rest, rest);
            self.found.printed += usize::from(blank);
            return;
        }
        // A value may be that of people who only sent copies.
        let least = i64::from(rest > 0 && self.published.whole.copies == Mark::Number(0));
        let bases: Vec<usize> =
            (0..values).map(|_| self.system.number(least, rest as i64)).collect();
        let terms = bases.iter().map(|&b| (b, 1)).collect();
        self.system.sum(terms, if complete { rest as i64 } else { 0 }, rest as i64);
        if rest == 0 {
            return;
        }
        self.target(bases[0], format!("base of a value of column {at} that is left out"));
    }

    /// Rows, responses by state, and the people with any theme.
    fn states(&mut self, all: &[usize], asked: &[(usize, Vec<usize>)]) {
        let of = self.published;
        let source = &self.study.sources[self.source];
        let most = self.most();
        let truth = states(source);
        let rows = self.mark(of.rows, 0, most);
        let responses = self.mark(of.responses, 0, 10 * most);
        self.system.sum(vec![(rows, source.questions.max(1) as i64), (responses, -1)], 0, 0);
        self.system.at_most(self.people, rows);
        let exact = [of.rows, of.responses].iter().all(|m| matches!(m, Mark::Number(_)));
        let open = matches!(of.whole.base, Mark::Number(_));
        self.found.untold += usize::from(of.rows == Mark::Withheld || open && !exact);
        let alone = of.states.alone.map(|m| m.unwrap_or(Mark::Withheld));
        let numbers = alone.map(|m| self.mark(m, 0, most));
        let mut terms: Vec<(usize, i64)> = numbers.iter().map(|&n| (n, 1)).collect();
        terms.push((responses, -1));
        self.system.sum(terms, 0, 0);
        let copies = self.mark(of.whole.copies, 0, most);
        self.system.at_most(copies, numbers[DUPLICATE]);
        let small = |n: u64| n > 0 && n < self.limit();
        let small = truth.map(small);
        // Turns are no people: that few of them say nothing of the codebook tells of nobody.
        let answers = source.questions > 0;
        for (state, name) in [(0, "coded"), (1, "no theme"), (2, "undecided")] {
            match alone[state] {
                _ if state > 0 && !answers => {}
                Mark::Number(_) => self.found.printed += usize::from(small[state]),
                _ if small[state] => self.target(numbers[state], format!("state {name}")),
                _ => {}
            }
        }
        match (of.states.alone[LANGUAGE], of.states.aside) {
            (Some(Mark::Number(_)), _) => self.found.printed += usize::from(small[LANGUAGE]),
            (Some(Mark::Withheld), Some(Mark::Number(sum))) => {
                let parts = [numbers[CONTENT], numbers[LANGUAGE]].map(|n| (n, 1)).to_vec();
                self.system.sum(parts, sum as i64, sum as i64);
                if small[LANGUAGE] {
                    self.language(numbers[LANGUAGE], sum);
                }
            }
            _ if small[LANGUAGE] => self.target(numbers[LANGUAGE], "state language".into()),
            _ => {}
        }
        let roots: Vec<usize> =
            (0..all.len()).filter(|&t| self.study.parents[t].is_none()).collect();
        if source.questions == 0 {
            // A turn is not a person, but everybody with a theme has a coded turn, and everybody
            // without any has another one that could have been.
            let any = self.system.number(0, most);
            self.system.at_most(any, numbers[0]);
            self.system.at_most(any, self.people);
            roots.iter().for_each(|&t| self.system.at_most(all[t], any));
            let mut terms: Vec<(usize, i64)> = roots.iter().map(|&t| (all[t], 1)).collect();
            terms.push((any, -1));
            self.system.sum(terms, 0, 1 << 40);
            let others = vec![(any, 1), (numbers[1], 1), (numbers[2], 1), (self.people, -1)];
            self.system.sum(others, 0, 1 << 40);
            return;
        }
        let single = [(self.people, all.to_vec())];
        let tables: &[(usize, Vec<usize>)] = if asked.is_empty() { &single } else { asked };
        let mut sum = vec![(numbers[0], -1)];
        let mut codable: Vec<(usize, i64)> = numbers[..3].iter().map(|&n| (n, -1)).collect();
        for (base, counts) in tables {
            let coded = self.system.number(0, most);
            self.system.at_most(coded, *base);
            roots.iter().for_each(|&t| self.system.at_most(counts[t], coded));
            let mut terms: Vec<(usize, i64)> = roots.iter().map(|&t| (counts[t], 1)).collect();
            terms.push((coded, -1));
            self.system.sum(terms, 0, 1 << 40);
            sum.push((coded, 1));
            codable.push((*base, 1));
        }
        self.system.sum(sum, 0, 0);
        self.system.sum(codable, 0, 0);
    }

    /// A few answers in another language that are told in one sum with those without content. The
    /// attacker knows the rule: of a sum that is not small itself it is such a few that were the
    /// reason, so they are none but any few; a small sum is told so whatever it is made of. Nothing
    /// else may tell more: each part of a small sum may be none and may be all of it.
    fn language(&mut self, number: usize, sum: u64) {
        let limit = self.limit();
        let (low, high) = if sum < limit { (0, sum) } else { (1, limit - 1) };
        self.system.narrow(number, low as i64, high as i64);
        let (name, width) = ("state language".into(), (high - low) as i64);
        self.targets.push(Target { number, name, width });
    }

    fn judge(mut self) -> Found {
        assert!(self.system.solve(), "what is published contradicts itself");
        for target in &self.targets {
            self.found.tried += 1;
            match self.system.range(target.number, target.width) {
                Range::Wide => {}
                Range::Unknown => self.found.undecided += 1,
                Range::Exactly(low, high) => {
                    self.found.narrowed += 1;
                    self.found.exact += usize::from(low == high);
                    if std::env::var_os("ATTACK").is_some() {
                        let (source, min) = (self.source, self.limit());
                        println!(
                            "source {source}: {} is {low} to {high}, limit {min}",
                            target.name
                        );
                    }
                }
            }
        }
        self.found
    }
}

/// Responses by state.
fn states(source: &super::study::Source) -> [u64; 8] {
    let mut states = [0; 8];
    for answer in source.people.iter().flat_map(|p| &p.answers) {
        let state = match answer {
            Answer::Themes(themes) if themes.is_empty() => 1,
            Answer::Themes(_) => 0,
            Answer::Undecided => 2,
            Answer::Blank => 3,
            Answer::Foreign(_) => 4,
            Answer::Copy(_) => 5,
        };
        states[state] += 1;
    }
    states
}
