//! Whether a study that asks for one column loses nothing of a polluted file and mistakes nothing:
//! the file is written to disk and read as a run reads it.

use std::path::Path;

use rayon::prelude::*;

use super::polluter::Polluted;
use super::source::HEADER;
use crate::ingest::assemble::FileIntake;
use crate::ingest::table::{Record, Records, csv};
use crate::ingest::{Content, Context, Error, Job, Limits, QuestionSpec, SourceSpec};

/// What became of the records of files.
#[derive(Default)]
pub(super) struct Total {
    pub(super) accepted: usize,
    rejected: usize,
    /// Files that a run refuses.
    pub(super) refused: Vec<String>,
    /// What must not be.
    pub(super) faults: Vec<String>,
}

impl Total {
    /// The account of a study that asks for one column of the clean table.
    pub(super) fn of(files: &[Polluted], column: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<Self> =
            files.par_iter().map(|file| Self::of_file(folder.path(), file, column)).collect();
        let mut total = Self::default();
        for mut one in all {
            total.accepted += one.accepted;
            total.rejected += one.rejected;
            total.refused.append(&mut one.refused);
            total.faults.append(&mut one.faults);
        }
        total
    }

    /// A file is asked for a column by its name and, where the pollution hit the name, by its
    /// number.
    fn of_file(folder: &Path, file: &Polluted, column: usize) -> Self {
        let mut total = Self::default();
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.bytes).unwrap();
        let (name, number) = (HEADER[column].to_owned(), format!("column {}", column + 1));
        let asked = match file.name.as_str() {
            n if n.starts_with("file_no_header") => vec![number],
            // The first table alone has a header.
            n if n.starts_with("file_multitable") => vec![name],
            _ => vec![name, number],
        };
        for (n_above, asked) in asked.iter().enumerate() {
            match study(&path, asked) {
                // Asked for by number, the header is a row like any other.
                Ok(intake) => return total.check(file, &intake, asked, n_above),
                Err(error) => total.check_refusal(&file.name, &error),
            }
        }
        total.refused.push(file.name.clone());
        total
    }

    /// Every record is a heading, an answer or rejected, and every answer is that of its column:
    /// as it was before the pollution, or as the polluted cell reads. Two pollutions leave more
    /// than one reading: of the quotes in a cell with one too many nobody can say which it is, so
    /// that the answer is right but for one quote; and single quotes around a text, in one row of
    /// a file that has double ones, may be the person's own, so that they are kept.
    fn check(mut self, file: &Polluted, intake: &FileIntake, asked: &str, n_above: usize) -> Self {
        let is_rejected = |r: &&_| matches!(r, Content::Rejected(_));
        let answers = || intake.responses.iter().map(|r| &r.content);
        let (rows, n_rejected) = (answers().count(), answers().filter(is_rejected).count());
        (self.accepted, self.rejected) = (rows - n_rejected, n_rejected);
        let mut fault = |why: String| self.faults.push(format!("{}: {why}", file.name));
        let n_records = n_records(&file.bytes, asked);
        if intake.rejects.len() != n_rejected
            || rows != intake.rows as usize
            || rows + intake.headings as usize != n_records
        {
            fault(format!(
                "{rows} rows ({n_rejected} rejected, {} kept) and {} headings of {n_records} records",
                intake.rejects.len(),
                intake.headings
            ));
        }
        // The longer header of a second table might hold a row too, so that it is rejected.
        let n_rows =
            file.truth.len() + n_above + usize::from(file.name.starts_with("file_multitable_less"));
        if rows != n_rows {
            fault(format!("{rows} rows, {n_rows} expected"));
        }
        let at = place(file, asked);
        for (n, (answer, row)) in answers().skip(n_above).zip(&file.truth).enumerate() {
            let Content::Text(text) = answer else { continue };
            let (found, wanted) = (text.expose(), row.get(at).map_or("", String::as_str));
            let polluted = &file.expected.records[n];
            let as_polluted = polluted.len() == row.len() && polluted[at] == found;
            let but_for_a_quote = file.name.starts_with("row_extra_quote")
                && found.matches('"').count() == wanted.matches('"').count() + 1
                && found.replace('"', "") == wanted.replace('"', "");
            let in_quotes = file.name.starts_with("row_quotation_char")
                && found.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) == Some(wanted);
            if found != wanted && !as_polluted && !but_for_a_quote && !in_quotes {
                fault(format!("answer {n} is not that of its column: {found:?}, not {wanted:?}"));
            }
        }
        self
    }

    /// A refusal is one line that names the file, and one that says what to do.
    fn check_refusal(&mut self, file: &str, error: &Error) {
        let message = error.to_string();
        let is_line = message.starts_with(&format!("`{file}` ")) && !message.contains('\n');
        let hint = error.hint().unwrap_or_default();
        if !is_line || hint.is_empty() || hint.contains('\n') {
            self.faults.push(format!("{file}: is refused with {message:?}, {hint:?}"));
        }
    }

    pub(super) fn print(&self, title: &str, column: usize) {
        println!(
            "{title}, asked for {}: {} answers accepted, {} rejected, {} files refused, {} faults",
            HEADER[column],
            self.accepted,
            self.rejected,
            self.refused.len(),
            self.faults.len()
        );
        for line in self.refused.iter().take(30) {
            println!("  refused {line}");
        }
        for line in self.faults.iter().take(30) {
            println!("  FAULT {line}");
        }
    }
}

/// Where the clean rows of a file hold a column: files of one column hold it first.
fn place(file: &Polluted, asked: &str) -> usize {
    let at = |names: &[String]| names.iter().position(|name| name == asked);
    let number = || asked.strip_prefix("column ").and_then(|n| n.parse::<usize>().ok());
    let is_whole = file.truth.first().is_some_and(|row| row.len() == file.expected.header.len());
    let clean = || HEADER.iter().position(|name| *name == asked);
    at(&file.expected.header)
        .filter(|_| is_whole)
        .or_else(clean)
        .or_else(|| number().map(|n| n - 1))
        .unwrap()
}

fn spec(path: &Path, column: &str) -> SourceSpec {
    let shown = path.file_name().unwrap().to_string_lossy().into_owned();
    SourceSpec {
        name: "s".into(),
        files: vec![(path.to_owned(), shown)],
        questions: vec![QuestionSpec { column: column.into(), text: column.into() }],
        ..SourceSpec::default()
    }
}

fn study(path: &Path, column: &str) -> Result<FileIntake, Error> {
    let spec = spec(path, column);
    let (file, stem) = (&spec.files[0], "s".to_owned());
    Job { source: 0, spec: &spec, file, stem, conversation: None, size: 0 }.read(Limits::default())
}

fn n_records(bytes: &[u8], asked: &str) -> usize {
    let spec = spec(Path::new("t.csv"), asked);
    let context = Context { spec: &spec, file: "t.csv", stem: "t", limits: Limits::default() };
    let Ok(mut records) = csv::open(&context, bytes.to_vec()) else { return 0 };
    let (mut record, mut n) = (Record::default(), 0);
    while records.next(&mut record).unwrap() {
        n += 1;
    }
    n
}
