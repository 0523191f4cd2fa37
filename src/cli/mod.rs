//! The binary's own layer: arguments, progress bars, messages, exit codes.
//!
//! In: the command line. Out: an exit code, data on stdout, everything else on stderr. The
//! library does the work; nothing here computes anything.

mod args;
mod classify;
mod compare;
mod console;
mod doctor;
mod evaluate;
mod init;
mod models;
mod progress;
mod run;
mod sample;
mod stop;
mod train;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// Exit codes: a contract with scripts, stated in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Failed while working.
    Failed = 1,
    /// The command line, the study or its files are not as they should be (clap's own code too).
    Usage = 2,
    /// Done, but records were rejected and `--strict` was given.
    Rejected = 3,
}

/// Runs what was typed.
pub(crate) fn main() -> ExitCode {
    let args = Args::parse();
    let exit = match args.command {
        Command::Run(run) => run::execute(&run),
        Command::Init(init) => init::execute(&init),
        Command::Train(train) => train::execute(&train),
        Command::Classify(classify) => classify::execute(&classify),
        Command::Sample(sample) => sample::execute(&sample),
        Command::Evaluate(evaluate) => evaluate::execute(&evaluate),
        Command::Compare(compare) => compare::execute(&compare),
        Command::Models(models) => models::execute(&models),
        Command::Doctor => doctor::execute(),
        #[cfg(feature = "pdf")]
        Command::ExtractPdf => extract_pdf(),
    };
    ExitCode::from(exit as u8)
}

/// The process that `ingest` starts for a PDF.
#[cfg(feature = "pdf")]
fn extract_pdf() -> Exit {
    let (stdin, stdout) = (std::io::stdin(), std::io::stdout());
    let served = canvass::ingest::serve_pdf(&mut stdin.lock(), &mut stdout.lock());
    if served.is_ok() { Exit::Done } else { Exit::Failed }
}

/// A panic's message can quote the text that it stumbled over (a slicing error does), so only its
/// place is printed.
pub(crate) fn never_print_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place =
            panic.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        let hint = "this is a defect of canvass: please report the place";
        console::error(format_args!("the program stumbled{place}"), Some(hint.into()));
    }));
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Args::command().debug_assert();
    }
}
