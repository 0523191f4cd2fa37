//! The Pollock benchmark on the program's own reader: how much of a table survives when the file
//! is written in unusual ways or damaged.
//!
//! `cargo test --no-default-features --lib pollock` pollutes a clean table of our own in every
//! way that the benchmark lists, loads each file with nothing given, and holds the score to a
//! floor. With `-- --ignored --nocapture` it prints the table of scores over all files, and with
//! `POLLOCK=DIR` it reads the benchmark's own files: `DIR/csv/*.csv` against `DIR/clean/` under
//! the same names; `DIR/weights.json` (file name to weight), where it is there, gives the weighted
//! score too. The clean files' first record is the header, in `file_no_header` none is, in
//! `file_header_multirow_N` the first N are.
//!
//! Two ways to load are scored. `records`: every record as `init` sees it. `study`: the rows
//! that a study with all columns as questions accepts; what it rejects is lost to the score and
//! kept in the list of rejected records.
//!
//! The account (`account.rs`) holds for every file, those of `further.rs` too: headings, accepted
//! and rejected rows add up to the records, no accepted answer is another column's, and no fewer are
//! accepted than once were.

mod account;
mod further;
mod polluter;
mod score;
mod source;

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use self::polluter::Polluted;
use self::score::{NAMES, Scores, score};
use super::csv;
use super::{Window, header};
use crate::ingest::table::Records;
use crate::ingest::{Content, Context, QuestionSpec, SourceSpec, TableHints};

/// The columns of the clean table that a study asks for, one at a time.
const ASKED: [usize; 3] = [0, 6, 8];

/// A table as it should be loaded.
#[derive(Clone, Default)]
struct Expected {
    header: Vec<String>,
    records: Vec<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Way {
    Records,
    Study,
}

/// Loads a file with nothing given but, for a study, the names of its columns.
fn load(way: Way, file: &Polluted) -> Option<Expected> {
    match way {
        Way::Records => load_records(&file.bytes),
        Way::Study => load_study(file),
    }
}

fn load_records(bytes: &[u8]) -> Option<Expected> {
    let mut records = open(bytes)?;
    let mut window = Window::fill(&mut records).ok()?;
    let header = header::find(&window.records, &TableHints::default(), &[])?;
    let mut loaded = Expected { header: header.rows.concat(), records: Vec::new() };
    let mut take = |record: &super::Record| {
        loaded.records.push(record.cells().map(str::to_owned).collect());
    };
    window.records.drain(..).skip(header.first_data).for_each(|r| take(&r));
    let mut record = super::Record::default();
    while !window.ended && records.next(&mut record).ok()? {
        take(&record);
    }
    Some(loaded)
}

fn load_study(file: &Polluted) -> Option<Expected> {
    let n_columns = file.expected.records.first().map_or(9, Vec::len);
    let mut names: Vec<String> = file.expected.header.iter().take(n_columns).cloned().collect();
    names.retain(|n| !n.is_empty());
    if names.is_empty() {
        names = (1..=n_columns).map(|n| format!("column {n}")).collect();
    }
    let question = |n: &String| QuestionSpec { column: n.clone(), text: n.clone() };
    let spec =
        SourceSpec { questions: names.iter().map(question).collect(), ..SourceSpec::default() };
    let context =
        Context { spec: &spec, file: "t.csv", stem: "t", limits: crate::ingest::Limits::default() };
    let intake = csv::read(&context, file.bytes.clone()).ok()?;
    let rows = intake.rows as usize;
    assert_eq!(intake.responses.len(), rows * names.len(), "{}", file.name);
    let mut loaded = Expected { header: file.expected.header.clone(), records: Vec::new() };
    let mut n_rejected = 0;
    for row in intake.responses.chunks(names.len()) {
        let cells: Option<Vec<String>> = row
            .iter()
            .map(|draft| match &draft.content {
                Content::Text(text) => Some(text.expose().to_owned()),
                _ => None,
            })
            .collect();
        n_rejected += usize::from(cells.is_none());
        loaded.records.extend(cells);
    }
    assert_eq!(intake.rejects.len(), n_rejected, "{}", file.name);
    Some(loaded)
}

/// The kind of pollution, without row and column: `row_more_sep`.
fn class(name: &str) -> String {
    let stem = name.trim_end_matches(".csv");
    if stem.starts_with("file") || !stem.starts_with("row") {
        return stem.to_owned();
    }
    let end = stem.find(|c: char| c.is_ascii_digit()).unwrap_or(stem.len());
    stem[..end].trim_end_matches("_row").trim_end_matches('_').to_owned()
}

/// Mean scores.
#[derive(Default)]
struct Mean {
    sum: Scores,
    n: f64,
}

impl Mean {
    fn add(&mut self, scores: &Scores, weight: f64) {
        self.sum.iter_mut().zip(scores).for_each(|(sum, s)| *sum += s * weight);
        self.n += weight;
    }

    fn scores(&self) -> Scores {
        self.sum.map(|s| if self.n > 0.0 { s / self.n } else { 0.0 })
    }

    fn total(&self) -> f64 {
        self.scores().iter().sum()
    }
}

/// Scores of a set of files.
struct Report {
    simple: Mean,
    classes: BTreeMap<String, Mean>,
    weighted: Option<Mean>,
}

impl Report {
    fn of(way: Way, files: &[Polluted], weights: Option<&BTreeMap<String, f64>>) -> Self {
        let mut report = Self { simple: Mean::default(), classes: BTreeMap::new(), weighted: None };
        let scores = |file: &Polluted| score(&file.expected, load(way, file).as_ref());
        let all: Vec<Scores> = files.par_iter().map(scores).collect();
        for (file, scores) in files.iter().zip(all) {
            report.simple.add(&scores, 1.0);
            report.classes.entry(class(&file.name)).or_default().add(&scores, 1.0);
            if let Some(weights) = weights {
                let weight = weights.get(&file.name).copied().unwrap_or(0.0);
                report.weighted.get_or_insert_default().add(&scores, weight);
            }
        }
        report
    }

    /// Each class of pollution counts alike.
    fn by_class(&self) -> f64 {
        self.classes.values().map(Mean::total).sum::<f64>() / self.classes.len().max(1) as f64
    }

    fn print(&self, title: &str) {
        println!(
            "{title}: simple {:.3}, classes alike {:.3}",
            self.simple.total(),
            self.by_class()
        );
        if let Some(weighted) = &self.weighted {
            println!("  weighted {:.3}", weighted.total());
        }
        for (name, value) in NAMES.iter().zip(self.simple.scores()) {
            println!("  {name:<10} {value:.4}");
        }
        for (class, mean) in &self.classes {
            if mean.total() < 9.9995 {
                println!("  {class:<34} {:>5} files  {:.3}", mean.n, mean.total());
            }
        }
    }
}

/// The benchmark's own files in a folder.
fn files_of(folder: &Path) -> Vec<Polluted> {
    let entries = std::fs::read_dir(folder.join("csv")).expect("POLLOCK has a folder `csv`");
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.ends_with(".csv"))
        .collect();
    names.sort();
    let read = |name: &String| {
        let clean = std::fs::read(folder.join("clean").join(name)).unwrap_or_default();
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(clean.as_slice());
        let cells = |r: ::csv::ByteRecord| {
            r.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect()
        };
        let rows: Vec<Vec<String>> = reader.byte_records().map(|r| cells(r.unwrap())).collect();
        let multi = name.strip_prefix("file_header_multirow_").and_then(|n| n[..1].parse().ok());
        let n_header = multi.unwrap_or(usize::from(!name.starts_with("file_no_header")));
        let (header, records) = rows.split_at(n_header.min(rows.len()));
        let expected = Expected { header: header.concat(), records: records.to_vec() };
        let bytes = std::fs::read(folder.join("csv").join(name)).unwrap();
        Polluted { name: name.clone(), bytes, truth: expected.records.clone(), expected }
    };
    names.iter().map(read).collect()
}

#[test]
#[ignore = "prints the table over all files; takes a minute"]
fn the_table_of_scores() {
    let folder = std::env::var_os("POLLOCK");
    let folder = folder.as_ref().map(Path::new);
    let files = folder.map_or_else(polluter::all, files_of);
    let weights = folder
        .and_then(|f| std::fs::read(f.join("weights.json")).ok())
        .map(|json| serde_json::from_slice(&json).expect("weights.json: file name to weight"));
    println!("{} files", files.len());
    for (way, title) in [(Way::Records, "records"), (Way::Study, "study")] {
        Report::of(way, &files, weights.as_ref()).print(title);
    }
    let further = further::all();
    println!("{} further files", further.len());
    Report::of(Way::Records, &further, None).print("further, records");
    for (files, title) in [(&files, "files"), (&further, "further")] {
        for column in ASKED {
            account::Total::of(files, column).print(title, column);
        }
    }
    let started = std::time::Instant::now();
    files.iter().for_each(|f| drop(open(&f.bytes)));
    let (spent, n) = (started.elapsed(), files.len() as u32);
    println!("opening a file (dialect detected, nothing given): {:?}", spent / n);
}

fn open(bytes: &[u8]) -> Option<csv::CsvRecords> {
    let spec = SourceSpec::default();
    let limits = crate::ingest::Limits::default();
    csv::open(&Context { spec: &spec, file: "t.csv", stem: "t", limits }, bytes.to_vec()).ok()
}

#[test]
fn polluted_files_load_nearly_whole() {
    let files = polluter::all();
    assert_eq!(files.len(), 2291, "the list of the benchmark, and `||` as a delimiter");
    for (way, floor) in [(Way::Records, 9.95), (Way::Study, 9.85)] {
        let total = Report::of(way, &files, None).simple.total();
        assert!(total > floor, "{total}");
    }
}

/// Answers that are accepted at least, of the benchmark's files and of the further ones, by the
/// column that is asked for: a reader that rejects everything makes no mistake either.
const ACCEPTED: [[usize; 2]; 3] = [[180_000, 60_000], [180_000, 60_000], [180_000, 60_000]];

/// Files that are refused, by the column that is asked for: no bytes; of two tables the first has
/// no such column, or a file of one column has no ninth.
fn refused(column: usize) -> Vec<&'static str> {
    const WITHOUT: [&str; 4] = [
        "file_no_payload.csv",
        "file_multitable_less.csv",
        "file_one_column_of_text.csv",
        "file_one_column_of_ids.csv",
    ];
    let [empty, narrow, text, ids] = WITHOUT;
    match column {
        0 => vec![empty],
        6 => vec![empty, narrow, ids],
        _ => vec![empty, narrow, text, ids],
    }
}

#[test]
fn no_row_of_a_polluted_file_is_lost_and_no_answer_stands_in_another_column() {
    let sets = [polluter::all(), further::all()];
    for (column, floors) in ASKED.into_iter().zip(ACCEPTED) {
        let mut all_refused = Vec::new();
        for (files, floor) in sets.iter().zip(floors) {
            let mut total = account::Total::of(files, column);
            assert_eq!(total.faults, Vec::<String>::new());
            assert!(total.accepted >= floor, "{} answers accepted, not {floor}", total.accepted);
            all_refused.append(&mut total.refused);
        }
        assert_eq!(all_refused, refused(column));
    }
}
