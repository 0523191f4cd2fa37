//! The program: what was typed → a plan → the pipeline → an exit code.

mod cli;

use std::process::ExitCode;

/// libtorch asks for large blocks and gives them back several times a layer; the C library's
/// allocator answers with fresh pages from the kernel each time, which took a fifth of a run.
/// This one replaces malloc for the whole process, libtorch included.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::never_print_panics();
    cli::main()
}
