//! `canvass classify`: a table of answers in, a table of codes and probabilities out.

use std::sync::Arc;
use std::time::Instant;

use canvass::aggregate::State;
use canvass::answers::{self, Request};
use canvass::report::thousands;

use super::Exit;
use super::args::Classify;
use super::console::{error, say};
use super::progress::Bars;
use super::stop;

/// Codes a table.
pub(super) fn execute(args: &Classify) -> Exit {
    let started = Instant::now();
    let bars = Arc::new(Bars::new(args.quiet));
    stop::listen(&bars);
    let request = Request {
        input: args.input.clone(),
        out: args.out.clone(),
        model: args.model.clone(),
        codebook: args.codebook.clone(),
        encoder: args.encoder.clone(),
        text: args.text.clone(),
        id: args.id.clone(),
        context: args.context.clone(),
        sheet: args.sheet.clone(),
        threads: args.threads.map(usize::from),
    };
    let result = answers::code(&request, bars.as_ref());
    bars.clear();
    match result {
        Ok(outcome) => {
            if !args.quiet {
                let some = State::ALL.iter().filter(|&&s| outcome.states[s as usize] > 0);
                let count =
                    |&s: &State| format!("{} {}", thousands(outcome.states[s as usize]), s.id());
                let states: Vec<String> = some.map(count).collect();
                say(states.join(", "));
                for warning in &outcome.warnings {
                    say(format_args!("warning: {warning}"));
                }
                let seconds = started.elapsed().as_secs_f64();
                say(format_args!("done in {seconds:.1} s: {}", args.out.display()));
            }
            Exit::Done
        }
        Err(e) => {
            error(&e, e.hint());
            if e.is_configuration() { Exit::Usage } else { Exit::Failed }
        }
    }
}
