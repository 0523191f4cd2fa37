//! Whether a study that asks for one column loses nothing of a polluted file and mistakes nothing:
//! the file is written to disk and read as a run reads it.

use rayon::prelude::*;

use super::polluter::Polluted;
use super::source::HEADER;
use crate::ingest::table::{Record, Records};
use crate::ingest::{Content, Error, Intake, QuestionSpec, SourceSpec, ingest};

/// What became of the records of files.
#[derive(Default)]
pub(super) struct Total {
    accepted: usize,
    rejected: usize,
    /// Files that a run refuses with a message, and why.
    refused: Vec<String>,
    /// What must not be.
    pub(super) faults: Vec<String>,
}

impl Total {
    /// The account of a study that asks for one column of the clean table.
    pub(super) fn of(files: &[Polluted], column: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<Self> =
            files.par_iter().map(|file| account(folder.path(), file, column)).collect();
        let mut total = Self::default();
        for mut one in all {
            total.accepted += one.accepted;
            total.rejected += one.rejected;
            total.refused.append(&mut one.refused);
            total.faults.append(&mut one.faults);
        }
        total
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

fn account(folder: &std::path::Path, file: &Polluted, column: usize) -> Total {
    let mut total = Total::default();
    let path = folder.join(&file.name);
    std::fs::write(&path, &file.bytes).unwrap();
    let read = asked(&file.name, column).and_then(|name| study(&path, &name).ok());
    let intake = match read.map_or_else(|| study(&path, &numbered(column)), Ok) {
        Ok(intake) => intake,
        Err(error) => {
            total.refused.push(format!("{}: {error}", file.name));
            return total;
        }
    };
    let n_records = n_records(&file.bytes);
    let rows = intake.responses.len();
    let n_rejected =
        intake.responses.iter().filter(|r| matches!(r.content, Content::Rejected(_))).count();
    (total.accepted, total.rejected) = (rows - n_rejected, n_rejected);
    let mut fault = |why: String| total.faults.push(format!("{}: {why}", file.name));
    if intake.rejects.len() != n_rejected || rows != intake.files[0].rows as usize {
        fault("rows and rejected records do not add up".into());
    }
    // Titles and headers of further tables may be rows too: more is no loss.
    if rows > file.expected.records.len() {
        return total;
    }
    if rows < file.expected.records.len() {
        fault(format!(
            "{rows} rows of {n_records} records, {} expected: {:?}",
            file.expected.records.len(),
            intake.warnings
        ));
        return total;
    }
    let answers = intake.responses.iter().map(|r| &r.content);
    for (n, (answer, row)) in answers.zip(&file.truth).enumerate() {
        let (Content::Text(text), Some(wanted)) = (answer, row.get(column)) else { continue };
        let found = text.expose();
        if bare(found) != bare(wanted) {
            fault(format!("answer {n} is not that of its column"));
        }
    }
    total
}

/// A text without the marks that a writer may put around and in front of quotes.
fn bare(text: &str) -> String {
    text.replace(['"', '\\'], "")
}

/// What the clean table calls a column.
fn asked(file: &str, column: usize) -> Option<String> {
    (!file.starts_with("file_no_header")).then(|| HEADER[column].to_owned())
}

fn numbered(column: usize) -> String {
    format!("column {}", column + 1)
}

fn study(path: &std::path::Path, column: &str) -> Result<Intake, Error> {
    let shown = path.file_name().unwrap().to_string_lossy().into_owned();
    let spec = SourceSpec {
        name: "s".into(),
        files: vec![(path.to_owned(), shown)],
        questions: vec![QuestionSpec { column: column.into(), text: column.into() }],
        ..SourceSpec::default()
    };
    ingest(&[spec], &())
}

fn n_records(bytes: &[u8]) -> usize {
    let Some(mut records) = super::open(bytes) else { return 0 };
    let (mut record, mut n) = (Record::default(), 0);
    while records.next(&mut record).unwrap() {
        n += 1;
    }
    n
}
