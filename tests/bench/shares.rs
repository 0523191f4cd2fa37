//! Corrected shares put to the test: a thousand gold samples of fully coded answers.
//!
//! In: tables in which every answer has human codes, beside the checkout in ../shared/data, and,
//! where `PREDICTIONS=folder` names one, `<folder>.csv` with `id` and `codes` of a real machine, in
//! the same order.
//! Without it a machine is made up that finds a part of each theme and adds false ones. Out: a
//! table in Markdown on stdout and in tests/bench/shares.md. The human codes are the truth; each
//! gold sample is drawn and used by the same code as in the program.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may stop where its data is not as it should be"
)]

use std::path::{Path, PathBuf};

use canvass::classify::{Coding, Verdict};
use canvass::codebook::{Codebook, Theme};
use canvass::gold::Purpose;
use canvass::ingest::{InputFile, Participant, QuestionSpec, SourceSpec};
use canvass::measure::correction::{Target, Unit, corrected};
use canvass::measure::draw::Draw;
use canvass::prepare::{Corpus, Disposition, Prepared};
use canvass::sample::{Coded, Request, Size, draw};
use canvass::text::Redacted;

/// Gold samples, and people in each.
const SAMPLES: u64 = 1000;
const PEOPLE: usize = 300;
/// Themes that fewer people raised are too rare for 300 answers.
const COMMON: f64 = 0.02;

/// A fully coded table.
struct Table {
    ids: Vec<String>,
    themes: Vec<String>,
    human: Vec<Vec<usize>>,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = root.join("../shared/data");
    let mut lines = vec![
        "| answers | machine | micro-F1 | common themes | coverage, mean (lowest, highest) | bias, corrected | bias, counted | width, of the gold sample's own | too few |".to_owned(),
        "|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for (name, folder, files) in [
        ("NHS answers", "nhs_fft", &["coded.csv"][..]),
        ("election study, question 4", "anes2008_4", &["train.csv", "test.csv"]),
    ] {
        let paths: Vec<PathBuf> = files.iter().map(|f| data.join(folder).join(f)).collect();
        let Some(table) = read(&paths) else {
            eprintln!("skipped: {} is not here", data.join(folder).display());
            continue;
        };
        let mut machines = vec![("made up", made_up(&table))];
        if let Some(codes) = std::env::var_os("PREDICTIONS")
            .and_then(|dir| predictions(&PathBuf::from(dir).join(format!("{folder}.csv")), &table))
        {
            machines.push(("of `PREDICTIONS`", codes));
        }
        for (machine, codes) in machines {
            let line = simulate(name, machine, &table, &codes);
            println!("{line}");
            lines.push(line);
        }
    }
    if lines.len() > 2 {
        let text = lines.join("\n") + "\n";
        std::fs::write(root.join("tests/bench/shares.md"), text).unwrap();
    }
}

fn read(paths: &[PathBuf]) -> Option<Table> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for path in paths {
        let mut reader = csv::Reader::from_path(path).ok()?;
        let headers = reader.headers().ok()?.clone();
        let at = |name: &str| headers.iter().position(|h| h == name);
        let (id, codes) = (at("id")?, at("codes")?);
        for record in reader.records().filter_map(Result::ok) {
            let split = record[codes].split(';').map(str::trim).filter(|c| !c.is_empty());
            rows.push((record[id].to_owned(), split.map(str::to_owned).collect()));
        }
    }
    let mut themes: Vec<String> = rows.iter().flat_map(|(_, c)| c.clone()).collect();
    themes.sort();
    themes.dedup();
    let human = rows.iter().map(|(_, codes)| numbers(codes, &themes)).collect();
    Some(Table { ids: rows.into_iter().map(|(id, _)| id).collect(), themes, human })
}

fn numbers(codes: &[String], themes: &[String]) -> Vec<usize> {
    let mut found: Vec<usize> = codes.iter().filter_map(|c| themes.binary_search(c).ok()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Codes of a real machine, one row an answer in the order of the table.
fn predictions(path: &Path, table: &Table) -> Option<Vec<Vec<usize>>> {
    let found = read(&[path.to_owned()])?;
    if found.human.len() != table.human.len() {
        eprintln!("{} has {} rows, not {}", path.display(), found.human.len(), table.human.len());
        return None;
    }
    let names = |codes: &Vec<usize>| -> Vec<String> {
        codes.iter().map(|&t| found.themes[t].clone()).collect()
    };
    Some(found.human.iter().map(|codes| numbers(&names(codes), &table.themes)).collect())
}

/// A machine that finds 45 to 90 % of each theme, 50 to 90 % of what it gives being right.
fn made_up(table: &Table) -> Vec<Vec<usize>> {
    let (n, mut codes) = (table.human.len(), vec![Vec::new(); table.human.len()]);
    for theme in 0..table.themes.len() {
        let mut chance = Draw::new(7, theme as u64);
        let (recall, precision) = (0.45 + 0.45 * chance.unit(), 0.5 + 0.4 * chance.unit());
        let with = table.human.iter().filter(|c| c.contains(&theme)).count() as f64;
        let added = with * recall * (1.0 - precision) / precision / (n as f64 - with);
        for (answer, human) in codes.iter_mut().zip(&table.human) {
            let likely = if human.contains(&theme) { recall } else { added };
            if chance.unit() < likely {
                answer.push(theme);
            }
        }
    }
    codes
}

fn micro_f1(human: &[Vec<usize>], machine: &[Vec<usize>]) -> f64 {
    let shared = |(h, m): (&Vec<usize>, &Vec<usize>)| h.iter().filter(|t| m.contains(t)).count();
    let both: usize = human.iter().zip(machine).map(shared).sum();
    let all: usize = human.iter().chain(machine).map(Vec::len).sum();
    2.0 * both as f64 / all.max(1) as f64
}

/// One person an answer, coded by the machine.
fn study(
    table: &Table,
    machine: &[Vec<usize>],
) -> (Vec<SourceSpec>, Corpus, Vec<Verdict>, Codebook) {
    let question = QuestionSpec { column: "text".into(), text: "text".into() };
    let spec =
        SourceSpec { name: "all".into(), questions: vec![question], ..SourceSpec::default() };
    let mut corpus = Corpus::default();
    corpus.files.push(InputFile {
        source: 0,
        session: 0,
        path: "table.csv".into(),
        sha256: String::new(),
        bytes: 0,
        format: "csv".into(),
        rows: table.ids.len() as u32,
    });
    for (i, id) in table.ids.iter().enumerate() {
        let participant =
            Participant { source: 0, id: id.clone(), file: 0, groups: Vec::new(), weight: None };
        corpus.participants.push(participant);
        corpus.responses.push(Prepared {
            source: 0,
            question: 0,
            participant: Some(i as u32),
            file: 0,
            row: i as u32,
            // By place: ids may repeat across files.
            id: i.to_string(),
            disposition: Disposition::Codable,
            text: Redacted::default(),
            segments: Vec::new(),
        });
    }
    let coding = |&theme: &usize| Coding { theme, score: 0.5, evidence: Vec::new() };
    let verdict = |codes: &Vec<usize>| match codes.is_empty() {
        true => Verdict::NoTheme,
        false => Verdict::Coded(codes.iter().map(coding).collect()),
    };
    let theme = |id: &String| Theme {
        id: id.clone(),
        label: id.clone(),
        definition: id.clone(),
        include: Vec::new(),
        exclude: Vec::new(),
        examples: Vec::new(),
        parent: None,
        tags: Vec::new(),
    };
    let themes = table.themes.iter().map(theme).collect();
    let codebook = Codebook { title: "all".into(), themes, hash: String::new() };
    (vec![spec], corpus, machine.iter().map(verdict).collect(), codebook)
}

/// What a thousand samples gave one theme.
#[derive(Default, Clone)]
struct Tally {
    drawn: f64,
    held: f64,
    sum: f64,
    width: f64,
    gold_width: f64,
    few: f64,
}

fn simulate(name: &str, machine: &str, table: &Table, codes: &[Vec<usize>]) -> String {
    let (specs, corpus, verdicts, codebook) = study(table, codes);
    let coded = Coded { specs: &specs, corpus: &corpus, verdicts: &verdicts, codebook: &codebook };
    let (n, n_themes) = (table.human.len(), table.themes.len());
    let with = |codes: &[Vec<usize>], theme: usize| -> f64 {
        codes.iter().filter(|c| c.contains(&theme)).count() as f64 / n as f64
    };
    let truth: Vec<f64> = (0..n_themes).map(|t| with(&table.human, t)).collect();
    let counted: Vec<f64> = (0..n_themes).map(|t| with(codes, t)).collect();
    let common: Vec<usize> = (0..n_themes).filter(|&t| truth[t] > COMMON).collect();
    let mut tallies = vec![Tally::default(); n_themes];
    for seed in 0..SAMPLES {
        let request = Request {
            size: Size::People(PEOPLE),
            seed,
            purpose: Purpose::Gold,
            sources: Vec::new(),
            gold: None,
        };
        let design = draw(&request, &coded).unwrap().design;
        let sizes: Vec<usize> = design.strata.iter().map(|s| s.size).collect();
        let blank = Unit { stratum: 0, weight: 1.0, machine: 0.0, human: None, member: true };
        let mut units = vec![blank; n];
        let drawn: Vec<usize> =
            design.units.iter().map(|u| u.responses[0].parse().unwrap()).collect();
        for (unit, &place) in design.units.iter().zip(&drawn) {
            units[place].stratum = unit.stratum;
        }
        for &theme in &common {
            let number = |yes: bool| f64::from(u8::from(yes));
            for (unit, codes) in units.iter_mut().zip(codes) {
                unit.machine = number(codes.contains(&theme));
            }
            for &place in &drawn {
                units[place].human = Some(number(table.human[place].contains(&theme)));
            }
            let tally = &mut tallies[theme];
            let Ok(found) = corrected(&units, &sizes, Target::These, seed) else {
                tally.few += 1.0;
                continue;
            };
            tally.drawn += 1.0;
            tally.held +=
                number(found.share.low <= truth[theme] && truth[theme] <= found.share.high);
            tally.sum += found.share.value;
            tally.width += found.share.high - found.share.low;
            tally.gold_width += found.gold_alone.high - found.gold_alone.low;
        }
    }
    let mean =
        |f: &dyn Fn(usize) -> f64| common.iter().map(|&t| f(t)).sum::<f64>() / common.len() as f64;
    let coverage = |t: usize| tallies[t].held / tallies[t].drawn;
    let (low, high) =
        common.iter().fold((1.0f64, 0.0f64), |(l, h), &t| (l.min(coverage(t)), h.max(coverage(t))));
    format!(
        "| {name}, {n} | {machine} | {:.2} | {} | {:.1} % ({:.1}, {:.1}) | {:.3} points | {:.3} points | {:.0} % | {:.1} % |",
        micro_f1(&table.human, codes),
        common.len(),
        100.0 * mean(&coverage),
        100.0 * low,
        100.0 * high,
        100.0 * mean(&|t| (tallies[t].sum / tallies[t].drawn - truth[t]).abs()),
        100.0 * mean(&|t| (counted[t] - truth[t]).abs()),
        100.0 * mean(&|t| tallies[t].width / tallies[t].gold_width),
        100.0 * mean(&|t| tallies[t].few / SAMPLES as f64),
    )
}
