//! Stage 1: files in, responses out.
//!
//! In: a [`SourceSpec`] for every source of the study. Out: an [`Intake`]: every row and every
//! turn of every file, in file order, each with its place, each either readable or rejected with
//! a reason. Nothing is skipped: the number of responses equals rows × questions for tables and
//! turns for transcripts, and `rows` in [`InputFile`] is what the reader counted.
//! Must not know: redaction, themes, models, reports, the command line.

mod alias;
mod archive;
mod assemble;
mod bounds;
mod docx;
mod encoding;
mod error;
mod format;
pub(crate) mod glance;
mod limits;
mod notes;
mod open;
mod pdf;
pub(crate) mod project;
mod response;
mod sheet;
mod stem;
mod table;
mod talk;
mod wrap;

use rayon::prelude::*;

use self::assemble::{Assembly, FileIntake};
pub use self::error::{Error, Role};
use self::format::{Format, Reading};
pub use self::limits::Limits;
use self::open::Opened;
#[cfg(feature = "pdf")]
pub use self::pdf::child::serve as serve_pdf;
pub use self::response::{
    Content, InputFile, Intake, Kind, Participant, QuestionSpec, Reject, Rejected, Response,
    SourceSpec, TableHints,
};
pub use self::sheet::{Sheet, SheetRequest, sheet};
use self::table::TableKind;
use crate::observe::{Observer, Stage};

/// Reads every file of every source, in parallel, and returns what they say in file order.
///
/// The result does not depend on the number of threads. Where several files fail, the error is
/// that of the first in the order of sources and paths. A table of no rows is no error where
/// another file has some. The observer counts bytes.
pub fn ingest(sources: &[SourceSpec], observer: &dyn Observer) -> Result<Intake, Error> {
    ingest_within(Limits::default(), sources, observer)
}

/// As [`ingest`], under the limits of a study.
pub fn ingest_within(
    limits: Limits,
    sources: &[SourceSpec],
    observer: &dyn Observer,
) -> Result<Intake, Error> {
    let jobs = jobs(sources)?;
    observer.begin(Stage::Read, Some(jobs.iter().map(|job| job.size).sum()));
    let read: Vec<Result<FileIntake, Error>> = jobs
        .par_iter()
        .map(|job| {
            let intake = job.read(limits);
            observer.advance(Stage::Read, job.size);
            intake
        })
        .collect();
    observer.end(Stage::Read);
    let mut assembly = Assembly::default();
    let mut headers = Vec::new();
    for (job, intake) in jobs.iter().zip(read) {
        let intake = intake?;
        headers.push(intake.header);
        assembly.add(job.source, job.spec, intake)?;
    }
    let intake = assembly.finish();
    weighed(sources, &intake)?;
    match headers[..] {
        _ if !intake.responses.is_empty() => Ok(intake),
        [row] => Err(Error::HeaderOnly { file: jobs[0].file.1.clone(), row }),
        _ => Err(Error::NoRows { files: headers.len() }),
    }
}

/// Whether in every source that has weights somebody has one above 0.
fn weighed(sources: &[SourceSpec], intake: &Intake) -> Result<(), Error> {
    for (number, spec) in sources.iter().enumerate() {
        let Some(column) = &spec.weight else { continue };
        let people = intake.participants.iter().filter(|p| usize::from(p.source) == number);
        let mut weights = people.filter_map(|p| p.weight).peekable();
        if weights.peek().is_some() && weights.all(|w| w == 0.0) {
            let (source_name, column) = (spec.name.clone(), column.clone());
            return Err(Error::NoWeight { source_name, column });
        }
    }
    Ok(())
}

/// One file to read, and what a reader must know about the rest of the study.
struct Job<'a> {
    source: u16,
    spec: &'a SourceSpec,
    file: &'a (std::path::PathBuf, String),
    stem: String,
    /// The conversation that the file is a part of, where the source has parts.
    conversation: Option<stem::Conversation>,
    size: u64,
}

fn jobs(sources: &[SourceSpec]) -> Result<Vec<Job<'_>>, Error> {
    let shown: Vec<&str> =
        sources.iter().flat_map(|s| &s.files).map(|(_, shown)| shown.as_str()).collect();
    if shown.len() > usize::from(u16::MAX) || sources.len() > usize::from(u16::MAX) {
        return Err(Error::TooManyFiles { found: shown.len().max(sources.len()) });
    }
    let mut stems = stem::distinct(&shown).into_iter();
    let mut jobs = Vec::with_capacity(shown.len());
    for (source, spec) in sources.iter().enumerate() {
        let parts = stem::Parts::of(spec);
        for file in &spec.files {
            let size = std::fs::metadata(&file.0).map_or(0, |m| m.len());
            let stem = stems.next().unwrap_or_default();
            let conversation = parts.as_ref().map(|parts| parts.conversation(&file.1, &stem));
            jobs.push(Job { source: source as u16, spec, file, stem, conversation, size });
        }
    }
    Ok(jobs)
}

impl Job<'_> {
    fn read(&self, limits: Limits) -> Result<FileIntake, Error> {
        let shown = &self.file.1;
        let Opened { bytes, sha256 } = Opened::read(&self.file.0, shown, &limits)?;
        let Reading { extension, warning } = format::reading(shown, &bytes)?;
        let route = Route::choose(self.spec, shown, &extension)?;
        bounds::check(shown, &extension, &bytes, &limits)?;
        let spoken = !matches!(route, Route::Table(_));
        let n_bytes = bytes.len() as u64;
        let context = Context { spec: self.spec, file: shown, stem: &self.stem, limits };
        let mut intake = match route {
            Route::Table(kind) => {
                let sheet = self.spec.sheet.as_deref();
                table::open(&context, kind, sheet, bytes, |records| table::read(&context, records))
            }
            Route::Txt => talk::txt::read(&context, &bytes),
            Route::Docx => talk::docx::read(&context, &bytes),
            Route::Pdf => talk::pdf::read(&context, &bytes),
            Route::Vtt => talk::vtt::read(&context, &bytes),
            Route::Srt => talk::srt::read(&context, &bytes),
            Route::Sbv => talk::sbv::read(&context, &bytes),
            Route::NotesTxt => notes::read_txt(&context, &bytes),
            Route::NotesDocx => notes::read_docx(&context, &bytes),
            Route::NotesPdf => notes::read_pdf(&context, &bytes),
            Route::LetterPdf => notes::letter::read_pdf(&context, &bytes),
            Route::LetterTxt => notes::letter::read_txt(&context, &bytes),
            Route::LetterDocx => notes::letter::read_docx(&context, &bytes),
        }?;
        if spoken {
            bounds::reject_long(&mut intake, limits.cell_bytes);
        }
        intake.warnings.splice(0..0, warning);
        intake.shown = shown.clone();
        intake.stem = self.stem.clone();
        intake.conversation.clone_from(&self.conversation);
        intake.sha256 = sha256;
        intake.bytes = n_bytes;
        Ok(intake)
    }
}

/// What every reader is told: the source, the path as shown, and the file's name in ids.
struct Context<'a> {
    spec: &'a SourceSpec,
    file: &'a str,
    stem: &'a str,
    limits: Limits,
}

/// Which reader a file goes to.
enum Route {
    Table(TableKind),
    Txt,
    Docx,
    Vtt,
    Srt,
    Sbv,
    Pdf,
    NotesPdf,
    LetterPdf,
    NotesTxt,
    NotesDocx,
    LetterTxt,
    LetterDocx,
}

impl Route {
    fn choose(spec: &SourceSpec, shown: &str, extension: &str) -> Result<Self, Error> {
        let talk = matches!(spec.kind, Kind::FocusGroup | Kind::Interview);
        let notes = spec.kind == Kind::SessionNotes && spec.questions.is_empty();
        let letter = spec.kind == Kind::Comments && spec.questions.is_empty();
        let route = match extension {
            "csv" | "tsv" | "tab" | "xlsx" | "xlsm" | "xls" | "ods" | "jsonl" | "ndjson"
            | "json" | "parquet" | "pq"
                if talk || notes =>
            {
                return Err(Error::TableOfTurns { file: shown.into(), kind: spec.kind });
            }
            "csv" | "tsv" | "tab" => Self::Table(TableKind::Csv),
            "xlsx" | "xlsm" => Self::Table(TableKind::Workbook(Format::Xlsx)),
            "xls" => Self::Table(TableKind::Workbook(Format::Xls)),
            "ods" => Self::Table(TableKind::Workbook(Format::Ods)),
            "jsonl" | "ndjson" | "json" => Self::Table(TableKind::Json),
            "parquet" | "pq" => Self::Table(TableKind::Parquet),
            "txt" | "md" if talk => Self::Txt,
            "docx" | "docm" if talk => Self::Docx,
            "pdf" if talk => Self::Pdf,
            "pdf" if notes => Self::NotesPdf,
            "pdf" if letter => Self::LetterPdf,
            "vtt" if talk => Self::Vtt,
            "srt" if talk => Self::Srt,
            "sbv" if talk => Self::Sbv,
            "txt" | "md" if notes => Self::NotesTxt,
            "docx" | "docm" if notes => Self::NotesDocx,
            "txt" | "md" if letter => Self::LetterTxt,
            "docx" | "docm" if letter => Self::LetterDocx,
            "txt" | "md" | "docx" | "docm" | "pdf" | "vtt" | "srt" | "sbv" => {
                let extension = extension.into();
                return Err(Error::WrongKind { file: shown.into(), extension, kind: spec.kind });
            }
            _ => {
                let extension = extension.into();
                return Err(Error::UnknownFormat { file: shown.into(), extension });
            }
        };
        Ok(route)
    }
}

/// Whether the file's extension is that of a text document, which holds no columns.
pub fn is_document(file: &str) -> bool {
    matches!(extension(file).as_str(), "txt" | "md" | "docx" | "docm" | "pdf")
}

fn extension(file: &str) -> String {
    let extension = std::path::Path::new(file).extension();
    extension.map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
