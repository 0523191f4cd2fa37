//! `canvass init`: files in, a study.toml out, and on stdout what was guessed and why.

use canvass::init::{self, Error, Request};

use super::Exit;
use super::args::Init;
use super::console::{block, error, json_block, width};

/// Writes a study for files.
pub(super) fn execute(args: &Init) -> Exit {
    let request = Request {
        files: args.files.clone(),
        out: args.out.clone(),
        codebook: args.codebook.clone(),
    };
    match init::init(&request) {
        Ok(outcome) => {
            if args.json {
                json_block(init::json(&outcome).trim_end());
            } else {
                block(init::report(&outcome, width()).trim_end());
            }
            Exit::Done
        }
        Err(e) => {
            if let Error::NoSource { left_out } = &e {
                block(init::left_out_only(left_out, width()).trim_end());
            }
            error(&e, e.hint());
            if e.is_configuration() { Exit::Usage } else { Exit::Failed }
        }
    }
}
