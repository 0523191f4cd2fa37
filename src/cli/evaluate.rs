//! `canvass evaluate`: coded tables in, agreement as a table or JSON on stdout.

use canvass::codebook;
use canvass::evaluate::{self, Coders, tell};
use canvass::fsx;

use super::Exit;
use super::args::Evaluate;
use super::console::{block, error, json, say};

/// Measures agreement.
pub(super) fn execute(args: &Evaluate) -> Exit {
    let book = match codebook::read(&args.codebook) {
        Ok(book) => book,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Usage;
        }
    };
    let coders = match evaluate::read(&args.coded, &book) {
        Ok(coders) => coders,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Usage;
        }
    };
    coders.warnings.iter().for_each(|w| say(format_args!("warning: {w}")));
    let found = evaluate::agreement(&coders, &book, args.seed);
    if args.json {
        json(&serde_json::to_value(&found).unwrap_or_default());
    } else {
        block(&tell::agreement(&found));
    }
    adjudicate(args, &coders, &book)
}

fn adjudicate(args: &Evaluate, coders: &Coders, book: &codebook::Codebook) -> Exit {
    let Some(path) = &args.adjudicate else { return Exit::Done };
    let (bytes, rows) = match evaluate::differences(coders, book) {
        Ok(made) => made,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Failed;
        }
    };
    if rows == 0 {
        say("coders differ on no answer, so there is nothing to decide");
        return Exit::Done;
    }
    match fsx::write_new(&fsx::Os, path, &bytes) {
        Ok(()) => {
            say(format_args!("{rows} answers to decide: {}", path.display()));
            Exit::Done
        }
        Err(e) => {
            error(&e, e.hint());
            Exit::Failed
        }
    }
}
