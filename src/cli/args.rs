//! What can be typed. In: arguments and `CANVASS_THREADS`. Out: [`Args`]. No I/O, no defaults
//! that depend on the machine: the plan resolves those.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};

/// Turns what people said into theme reports that a planner can rely on.
///
/// Local, repeatable, auditable: text never leaves the machine, equal inputs give equal bytes,
/// and every row read has a state in ledger.csv.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read a study, code it, write its reports
    Run(Run),
    /// Look at exports and transcripts and write a study.toml that runs
    Init(Init),
    /// Learn a codebook from answers that people coded
    Train(Train),
    /// Code a table of answers with a trained model or a codebook, without a study
    Classify(Classify),
    /// List the known models, or verify their files
    Models(Models),
    /// Check this machine: engine, model, cores, instruction set
    Doctor,
    /// Text of a PDF from stdin to stdout; the program starts itself so
    #[cfg(feature = "pdf")]
    #[command(hide = true)]
    ExtractPdf,
}

/// `canvass run`.
#[derive(Debug, Group)]
pub(crate) struct Run {
    /// A study.toml, or the folder that holds it
    pub(crate) study: PathBuf,
    /// Where the outputs go [default: `out` beside the study]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N", env = "CANVASS_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Encode every text again, whatever earlier runs have kept in `.canvass` beside the study
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Exit with 3 if any record was rejected
    #[arg(long)]
    pub(crate) strict: bool,
    /// No progress, no closing summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Say how long each stage took
    #[arg(long)]
    pub(crate) timings: bool,
    /// Print the closing summary as JSON on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

/// `canvass init`.
#[derive(Debug, Group)]
pub(crate) struct Init {
    /// Exports, transcripts, notes, letters, a codebook; a folder stands for its files
    #[arg(required = true, value_name = "FILES")]
    pub(crate) files: Vec<PathBuf>,
    /// Where study.toml goes [default: the folder that all files share]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The themes to code with [default: a codebook among the files, else a starting point]
    #[arg(long, value_name = "FILE")]
    pub(crate) codebook: Option<PathBuf>,
    /// Print the guesses as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `canvass train`.
#[derive(Debug, Group)]
pub(crate) struct Train {
    /// Coded answers: a CSV or workbook with `text`, and `codes` or a 0/1 column a theme
    pub(crate) coded: PathBuf,
    /// The themes
    #[arg(long, value_name = "FILE")]
    pub(crate) codebook: PathBuf,
    /// Where the model goes: a folder that is not there yet
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// `head`: seconds; `finetune`: the encoder learns too, minutes; `auto` chooses by the number
    /// of coded answers
    #[arg(long, value_enum, default_value_t = Method::Auto)]
    pub(crate) method: Method,
    /// A column that says what was asked; a study's question takes its place in a run
    #[arg(long, value_name = "COLUMN")]
    pub(crate) context: Vec<String>,
    /// The column that says who answered: one person's answers are held out together
    #[arg(long, value_name = "COLUMN", alias = "group")]
    pub(crate) participant: Option<String>,
    /// The column of answers [default: text]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) text: Option<String>,
    /// The column of ids [default: id]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// The column of codes [default: codes, else a column a theme]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) codes: Option<String>,
    /// Workbooks: the sheet, by name or number
    #[arg(long, value_name = "SHEET")]
    pub(crate) sheet: Option<String>,
    /// The encoder to start from: a built-in name or a folder with a model.toml
    #[arg(long, value_name = "MODEL", alias = "model")]
    pub(crate) encoder: Option<String>,
    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N", env = "CANVASS_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Where all drawing of lots begins: the same seed gives the same model
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// No progress, no closing summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Print what was reached as JSON on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a model is to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Method {
    /// By the number of coded answers
    Auto,
    /// Heads on the encoder's vectors and on words
    Head,
    /// The encoder too
    Finetune,
}

/// `canvass classify`.
#[derive(Debug, Group)]
pub(crate) struct Classify {
    /// A CSV or workbook of answers
    pub(crate) input: PathBuf,
    /// A folder that `canvass train` wrote
    #[arg(long, value_name = "DIR", required_unless_present = "codebook")]
    pub(crate) model: Option<PathBuf>,
    /// The themes; beside a model, for those that it could not learn
    #[arg(long, value_name = "FILE")]
    pub(crate) codebook: Option<PathBuf>,
    /// The file of codes and probabilities
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The column of answers [default: text]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) text: Option<String>,
    /// The column of ids [default: id, else rows are numbered]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// The column that says what was asked [default: as in training]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) context: Vec<String>,
    /// Workbooks: the sheet, by name or number
    #[arg(long, value_name = "SHEET")]
    pub(crate) sheet: Option<String>,
    /// The encoder that the model stands on, where it is no built-in one
    #[arg(long, value_name = "MODEL")]
    pub(crate) encoder: Option<String>,
    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N", env = "CANVASS_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// No progress, no closing summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// `canvass models`.
#[derive(Debug, Group)]
pub(crate) struct Models {
    /// Which of the two.
    #[command(subcommand)]
    pub(crate) action: ModelsAction,
}

/// What to do with models.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelsAction {
    /// Names, licences and where the files should lie
    List,
    /// Compare every file with its pinned sha256
    Verify,
}
