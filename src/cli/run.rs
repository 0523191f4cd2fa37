//! `canvass run`: study in, reports out, and a closing summary of at most twelve lines.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use canvass::aggregate::State;
use canvass::pipeline::{self, Outcome};
use canvass::plan::{Options, Plan};
use canvass::report::thousands;
use canvass::store::Use;

use super::Exit;
use super::args::Run;
use super::console::{self, error, say};
use super::progress::Bars;
use super::stop;

/// Warnings shown in the closing summary; the report lists all.
const WARNINGS: usize = 3;

/// Runs a study.
pub(super) fn execute(args: &Run) -> Exit {
    let started = Instant::now();
    let bars = Arc::new(Bars::new(args.quiet));
    stop::listen(&bars);
    let options = Options {
        out: args.out.clone(),
        threads: args.threads.map(usize::from),
        finished: if args.fresh { Use::Fresh } else { Use::Kept },
        ..Options::default()
    };
    let plan = match Plan::new(&args.study, &options) {
        Ok(plan) => plan,
        Err(e) => {
            error(&e, e.hint());
            return if e.is_configuration() { Exit::Usage } else { Exit::Failed };
        }
    };
    let result = pipeline::run(&plan, bars.as_ref());
    let times = bars.times();
    bars.clear();
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(e) => {
            error(&e, e.hint());
            return if e.is_configuration() { Exit::Usage } else { Exit::Failed };
        }
    };
    if args.json {
        console::json(&json(&plan.out, &outcome));
    }
    if !args.quiet {
        summary(&plan.out, &outcome, started.elapsed().as_secs_f64());
    }
    if args.timings {
        let stages: Vec<String> = times
            .iter()
            .map(|(stage, time)| format!("{} {:.2} s", stage.verb(), time.as_secs_f64()))
            .collect();
        say(format_args!("time: {}", stages.join(", ")));
    }
    let rejected = outcome.states[State::Rejected as usize];
    if args.strict && rejected > 0 { Exit::Rejected } else { Exit::Done }
}

fn summary(out: &Path, outcome: &Outcome, seconds: f64) {
    let responses: u64 = outcome.states.iter().sum();
    say(format_args!(
        "read {} rows and turns from {} of {}: {} responses",
        thousands(outcome.rows),
        counted(outcome.files, "file"),
        counted(outcome.sources, "source"),
        thousands(responses)
    ));
    let parts = State::ALL.iter().filter(|&&s| outcome.states[s as usize] > 0);
    let parts: Vec<String> =
        parts.map(|&s| format!("{} {}", thousands(outcome.states[s as usize]), s.id())).collect();
    say(format_args!("  {}", parts.join(", ")));
    let texts = thousands(outcome.uniques as u64);
    match outcome.reused {
        0 => say(format_args!("encoded {texts} distinct texts")),
        n => say(format_args!(
            "encoded {texts} distinct texts, {} of them in an earlier run",
            thousands(n as u64)
        )),
    }
    for warning in outcome.notes.iter().chain(outcome.warnings.iter().take(WARNINGS)) {
        say(format_args!("warning: {warning}"));
    }
    if outcome.warnings.len() > WARNINGS {
        say(format_args!("({} more warnings in the report)", outcome.warnings.len() - WARNINGS));
    }
    match &outcome.measured {
        Some(measured) => say(measured),
        None => say(
            "not validated: nobody has coded a sample by hand, so shares carry an unknown error",
        ),
    }
    let report =
        ["report.html", "report.docx", "report.md", "workbook.xlsx", "summary.json", "ledger.csv"];
    let first = report.iter().find(|r| outcome.written.iter().any(|w| w == *r));
    let report = out.join(first.unwrap_or(&"ledger.csv"));
    say(format_args!(
        "done in {seconds:.1} s, {} files: {}",
        outcome.written.len(),
        report.display()
    ));
}

/// `1 file`, `2 files`.
fn counted(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as u64))
}

fn json(out: &Path, outcome: &Outcome) -> serde_json::Value {
    let states: serde_json::Map<String, serde_json::Value> = State::ALL
        .iter()
        .map(|&s| (s.id().to_owned(), outcome.states[s as usize].into()))
        .collect();
    serde_json::json!({
        "rows": outcome.rows,
        "responses": outcome.states.iter().sum::<u64>(),
        "states": states,
        "encoded": outcome.uniques,
        "reused": outcome.reused,
        "measured": outcome.measured,
        "warnings": outcome.warnings,
        "notes": outcome.notes,
        "out": out.to_string_lossy(),
        "files": outcome.written,
    })
}
