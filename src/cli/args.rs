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
