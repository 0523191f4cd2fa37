//! All integration tests in one binary, so that libtorch is linked once. tests/README.md says
//! what each module covers.

mod account;
mod bad_input;
mod bad_model;
mod bad_study;
mod determinism;
mod harness;
mod ingest;
mod prepare;
