//! What can be typed. In: arguments and `CANVASS_THREADS`. Out: [`Args`]. No I/O, no defaults
//! that depend on the machine: the plan resolves those.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

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
    /// Draw answers for people to code, as blind workbooks
    Sample(Sample),
    /// Measure how coders agree with each other, or a run with a coder
    Evaluate(Evaluate),
    /// Put two waves of a study side by side: what rose, what fell, what is new
    Compare(Compare),
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
    /// The column that says who answered, whose answers are held out together [default:
    /// participant, where there is one]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
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

/// `canvass sample`.
#[derive(Debug, Group)]
#[command(group = clap::ArgGroup::new("size").required(true).args(["n", "width"]))]
pub(crate) struct Sample {
    /// A study.toml, or the folder that holds it
    pub(crate) study: PathBuf,
    /// How many people to draw, each with all answers to a source's questions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) n: Option<u32>,
    /// Draw as many of each source as its shares to within plus or minus so many percentage points
    /// need
    #[arg(long, value_name = "POINTS", value_parser = points)]
    pub(crate) width: Option<f64>,
    /// The workbook [default: `gold/gold.xlsx` or `training/training.xlsx` beside the study]
    #[arg(long, value_name = "FILE.xlsx")]
    pub(crate) out: Option<PathBuf>,
    /// Coders who code independently: each gets a workbook of the same rows
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=20))]
    pub(crate) coders: u16,
    /// Decides who is drawn
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// What the answers are for
    #[arg(long = "for", value_name = "PURPOSE", default_value = "gold")]
    pub(crate) purpose: SampleFor,
    /// A source to draw from; may be repeated [default: all surveys and comments]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N", env = "CANVASS_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// No progress, no closing words
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What a sample is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SampleFor {
    /// To measure the program and correct its counts; drawn by chance
    Gold,
    /// To teach it; uncertain and various answers, none of the gold sample
    Training,
}

/// Percentage points as a part of 1.
fn points(typed: &str) -> Result<f64, String> {
    match typed.trim_end_matches('%').parse::<f64>() {
        Ok(points) if points > 0.0 && points < 50.0 => Ok(points / 100.0),
        _ => Err("a number of points above 0 and below 50, such as 5".into()),
    }
}

/// `canvass evaluate`.
#[derive(Debug, Group)]
#[command(group = clap::ArgGroup::new("machine").args(["run", "model"]))]
pub(crate) struct Evaluate {
    /// Coded tables, one a coder (or one with a column `coder`)
    #[arg(required = true, value_name = "CODED")]
    pub(crate) coded: Vec<PathBuf>,
    /// The codebook that they were coded by
    #[arg(long, value_name = "FILE")]
    pub(crate) codebook: PathBuf,
    /// Compare the program's codes with one coded table: the output folder of a run
    #[arg(long, value_name = "OUT", conflicts_with = "adjudicate")]
    pub(crate) run: Option<PathBuf>,
    /// Compare a trained model with one coded table: a folder that `canvass train` wrote
    #[arg(long, value_name = "DIR", conflicts_with_all = ["adjudicate", "run"])]
    pub(crate) model: Option<PathBuf>,
    /// With `--model`: the column of answers [default: text]
    #[arg(long, value_name = "COLUMN", requires = "model")]
    pub(crate) text: Option<String>,
    /// With `--model`: the column that says what was asked [default: as in training]
    #[arg(long, value_name = "COLUMN", requires = "model")]
    pub(crate) context: Vec<String>,
    /// With `--model`: the encoder that it stands on, where it is no built-in one
    #[arg(long, value_name = "MODEL", requires = "model")]
    pub(crate) encoder: Option<String>,
    /// With `--run` or `--model`: a column by which errors are broken down; may be repeated
    #[arg(long, value_name = "COLUMN", requires = "machine")]
    pub(crate) group: Vec<String>,
    /// With `--run` or `--model`: the column that says whose answer it is [default: participant,
    /// where there is one]
    #[arg(long, value_name = "COLUMN", requires = "machine")]
    pub(crate) participant: Option<String>,
    /// Write the rows on which coders differ into a workbook for whoever decides
    #[arg(long, value_name = "FILE.xlsx")]
    pub(crate) adjudicate: Option<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Decides the replicates behind the intervals
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
}

/// `canvass compare`.
#[derive(Debug, Group)]
pub(crate) struct Compare {
    /// The earlier wave: the output folder of its run, or its summary.json
    #[arg(value_name = "OUT_A")]
    pub(crate) then: PathBuf,
    /// The later wave
    #[arg(value_name = "OUT_B")]
    pub(crate) now: PathBuf,
    /// What the waves are called, such as `2024 2025` [default: then now]
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pub(crate) names: Vec<String>,
    /// Write it into a file that is not there yet: .html, .md, .csv or .json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print everything as JSON on stdout
    #[arg(long)]
    pub(crate) json: bool,
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
