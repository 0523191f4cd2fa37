//! The program: what was typed → a plan → the pipeline → an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
