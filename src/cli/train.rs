//! `canvass train`: coded answers in, a model's folder out, and how well it does in a few lines.

use std::sync::Arc;
use std::time::Instant;

use canvass::coded::Columns;
use canvass::model::trained::Method as Learned;
use canvass::report::thousands;
use canvass::train::{self, Choice, Outcome, Request};

use super::Exit;
use super::args::{Method, Train};
use super::console::{self, error, say};
use super::progress::Bars;
use super::stop;

/// Themes named in the closing words.
const NAMED: usize = 8;

/// Trains a model.
pub(super) fn execute(args: &Train) -> Exit {
    let started = Instant::now();
    let bars = Arc::new(Bars::new(args.quiet));
    stop::listen(&bars);
    let columns = Columns {
        id: args.id.clone(),
        text: Some(args.text.clone().unwrap_or_else(|| "text".into())),
        context: args.context.clone(),
        codes: args.codes.clone(),
        participant: args.participant.clone(),
        sheet: args.sheet.clone(),
        ..Columns::default()
    };
    let method = match args.method {
        Method::Auto => Choice::Auto,
        Method::Head => Choice::Head,
        Method::Finetune => Choice::Finetune,
    };
    let request = Request {
        coded: args.coded.clone(),
        codebook: args.codebook.clone(),
        out: args.out.clone(),
        method,
        columns,
        encoder: args.encoder.clone(),
        threads: args.threads.map(usize::from),
        seed: args.seed,
    };
    let result = train::train(&request, bars.as_ref());
    bars.clear();
    match result {
        Ok(outcome) => {
            if args.json {
                console::json(&json(&outcome));
            }
            if !args.quiet {
                summary(args, &outcome, started.elapsed().as_secs_f64());
            }
            Exit::Done
        }
        Err(e) => {
            error(&e, e.hint());
            if e.is_configuration() { Exit::Usage } else { Exit::Failed }
        }
    }
}

fn summary(args: &Train, outcome: &Outcome, seconds: f64) {
    let record = &outcome.record;
    let q = &record.quality;
    let how = match record.method {
        Learned::Head => "heads on the encoder's vectors",
        Learned::Finetune => "heads and encoder",
    };
    say(format_args!(
        "learned {} themes from {} coded answers ({how})",
        record.theme.iter().filter(|t| t.learned).count(),
        thousands(record.training.rows)
    ));
    say(format_args!(
        "on held-out answers: micro-F1 {:.3}, macro-F1 {:.3}, samples-F1 {:.3}, calibration error {:.3}",
        q.micro_f1, q.macro_f1, q.samples_f1, q.calibration_error
    ));
    match &record.codebook_alone {
        Some(a) => say(format_args!(
            "the codebook alone on the same: micro-F1 {:.3}, macro-F1 {:.3}, samples-F1 {:.3}",
            a.micro_f1, a.macro_f1, a.samples_f1
        )),
        None => say(
            "the codebook says no more of some themes than a label, so it cannot code alone and there \
             is nothing to compare with",
        ),
    }
    if !outcome.rare.is_empty() {
        let named: Vec<&str> = outcome.rare.iter().take(NAMED).map(String::as_str).collect();
        let more = if outcome.rare.len() > NAMED { ", …" } else { "" };
        say(format_args!(
            "too few coded answers for {} of {} themes, which the codebook's words code: {}{more}",
            outcome.rare.len(),
            record.theme.len(),
            named.join(", ")
        ));
    }
    for warning in &outcome.warnings {
        say(format_args!("warning: {warning}"));
    }
    say(format_args!("done in {seconds:.1} s: {}", args.out.join("MODEL_CARD.md").display()));
}

fn json(outcome: &Outcome) -> serde_json::Value {
    serde_json::json!({
        "method": outcome.record.method,
        "quality": outcome.record.quality,
        "codebook_alone": outcome.record.codebook_alone,
        "themes": outcome.record.theme,
        "rare": outcome.rare,
        "warnings": outcome.warnings,
        "files": outcome.written,
    })
}
