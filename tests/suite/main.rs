//! All integration tests in one binary, so that libtorch is linked once. tests/README.md says
//! what each module covers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod account;
mod bad_input;
mod bad_model;
mod bad_study;
mod compare;
mod determinism;
mod encoder;
mod groups;
mod harness;
mod ingest;
mod init;
mod injection;
mod layout;
mod measured;
mod outputs;
mod prepare;
mod privacy;
mod progress;
mod real_data;
mod regression;
mod resume;
mod sample;
mod small_cells;
mod train;
mod weights;
