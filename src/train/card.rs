//! `MODEL_CARD.md`: what a model is, in words (after Mitchell et al. 2019).
//!
//! In: what a training found. Out: Markdown. It holds the codebook's labels and counts, no words
//! of a respondent. Must not know: how anything was found.

use std::fmt::Write as _;

use super::POSITIVES;
use super::record::Learned;
use crate::model::trained::{Method, Record};

/// The file's bytes.
pub(super) fn render(found: &Learned<'_>, record: &Record) -> Vec<u8> {
    let mut out = String::new();
    let _ = write_card(&mut out, found, record);
    out.into_bytes()
}

fn write_card(out: &mut String, found: &Learned<'_>, record: &Record) -> std::fmt::Result {
    let q = &record.quality;
    writeln!(out, "# Model card\n")?;
    writeln!(
        out,
        "A model that codes answers with the themes of one codebook, made by `{}` from answers that people had coded.\n",
        record.program
    )?;
    writeln!(out, "## What it learned from\n")?;
    writeln!(
        out,
        "- Codebook: {} ({} themes, sha256 `{}`)",
        plain(&found.codebook.title),
        record.theme.len(),
        record.codebook_sha256
    )?;
    writeln!(
        out,
        "- Coded table: {} rows with words, {} distinct answers (sha256 of the file `{}`). The answers themselves are not in this folder.",
        record.training.rows, record.training.answers, record.training.data_sha256
    )?;
    match record.context.as_slice() {
        [] => writeln!(out, "- It looks at the answer alone, not at the question.")?,
        columns => writeln!(
            out,
            "- It looks at the answer and at what was asked (column {}): {} different questions.",
            columns.iter().map(|c| format!("`{}`", plain(c))).collect::<Vec<_>>().join(", "),
            record.asked.len()
        )?,
    }
    if record.codes_nothing {
        writeln!(
            out,
            "- The coders gave themes to answers such as \"nothing\"; so does the model."
        )?;
    }
    writeln!(out, "\n## How\n")?;
    writeln!(out, "{}\n", words(record))?;
    writeln!(
        out,
        "Probabilities are calibrated per theme (Platt scaling) and each theme has its own threshold; both were chosen on answers that the deciding model had not seen ({} parts, held out in turn; equal words and one participant's answers are never on both sides). Seed {}; {}; {}.\n",
        record.training.folds, record.training.seed, record.training.engine, record.precision
    )?;
    writeln!(out, "## How well it does on answers that it has not seen\n")?;
    writeln!(
        out,
        "| | micro-F1 | macro-F1 | samples-F1 | exact | calibration error |\n|---|---|---|---|---|---|"
    )?;
    writeln!(
        out,
        "| this model | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
        q.micro_f1, q.macro_f1, q.samples_f1, q.exact, q.calibration_error
    )?;
    write_alone(out, record)?;
    writeln!(
        out,
        "Means are over themes with at least {POSITIVES} coded answers. The figures are agreement with whoever coded the table, not truth.\n"
    )?;
    writeln!(
        out,
        "| theme | coded answers | precision | recall | F1 | threshold |\n|---|---|---|---|---|---|"
    )?;
    for (theme, t) in found.codebook.themes.iter().zip(&record.theme) {
        let label = plain(&theme.label);
        match t.learned {
            true => writeln!(
                out,
                "| {label} | {} | {:.2} | {:.2} | {:.2} | {:.2} |",
                t.positives, t.precision, t.recall, t.f1, t.threshold
            )?,
            false => writeln!(
                out,
                "| {label} | {} | not learned: too few coded answers; the codebook's own words decide | | | |",
                t.positives
            )?,
        }
    }
    writeln!(out, "\n## Limits\n")?;
    writeln!(
        out,
        "- It knows the people, the questions and the time that its answers came from. On another survey its agreement is lower and has to be measured: draw a sample, code it, compare."
    )?;
    writeln!(
        out,
        "- Themes with few coded answers are unreliable whatever the table says; those marked above were not learned at all."
    )?;
    writeln!(
        out,
        "- It repeats the habits of the coders, where they differ between groups of people too."
    )?;
    writeln!(
        out,
        "- Each theme has a threshold of its own. {} Held-out answers decided that, as they did the thresholds.",
        match record.lone {
            Some(least) => format!(
                "An answer in which no theme reaches its threshold carries the most probable one where that has a probability of {least} or more."
            ),
            None => "An answer in which no theme reaches its threshold carries none.".to_owned(),
        }
    )?;
    writeln!(
        out,
        "- An answer without any theme is called `undecided` unless held-out answers showed that the model can tell (here from {:.2} of a threshold downwards it says `no-theme`).",
        record.abstain
    )?;
    writeln!(
        out,
        "- Privacy: words are kept as hashed counts of what at least two answers hold, never as text. Somebody who guesses a word can compute its place and see that it occurred. `seen.txt` holds a mark of each answer (32 bits of a salted hash), by which a run notices that a gold sample holds what the model has learned; somebody who guesses a whole answer can compute its mark. Handle this folder with the care that the answers need."
    )
}

/// The codebook alone on the same answers, and what follows from the comparison.
fn write_alone(out: &mut String, record: &Record) -> std::fmt::Result {
    let Some(a) = &record.codebook_alone else {
        return writeln!(
            out,
            "\nThe codebook says no more of some themes than a label, so it cannot code without a model, and there is nothing to compare with.\n"
        );
    };
    writeln!(
        out,
        "| the codebook alone | {:.3} | {:.3} | {:.3} | {:.3} | |\n",
        a.micro_f1, a.macro_f1, a.samples_f1, a.exact
    )?;
    let (gain, low, high) = (a.gain, a.gain_low, a.gain_high);
    let verdict = match (a.is_beaten(), high < 0.0) {
        (true, _) => "The model is better than the codebook alone beyond chance.",
        (_, true) => {
            "**The model is worse than the codebook alone.** Code more answers and train again, or leave the model out and let the codebook code."
        }
        _ => {
            "**It is not sure that the model is better than the codebook alone.** Code more answers and train again, or leave the model out and let the codebook code."
        }
    };
    writeln!(
        out,
        "The codebook alone is what codes a study without a model. Difference in micro-F1: {gain:+.3} (95 % interval {low:+.3} to {high:+.3}; both judged on the same answers, a bootstrap over those that are held out together). {verdict}\n"
    )
}

/// Text that cannot be mistaken for Markdown's own signs in a table.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace(['|', '`', '<', '>', '[', ']', '*'], " ")
}

/// What the method did, in a sentence.
fn words(record: &Record) -> String {
    let heads = format!(
        "Logistic heads on the sentence vectors of `{}` and on hashed words and pairs of words (C = {}{})",
        plain(&record.encoder),
        record.training.strength,
        if record.training.codebook_pull > 0.0 {
            ", drawn towards the codebook's own words"
        } else {
            ""
        },
    );
    match record.method {
        Method::Head => format!("{heads}. The encoder itself stays as it is."),
        Method::Finetune => format!(
            "{heads}; and the encoder itself, tuned in {} passes over the answers, with heads that each look at the words they need (label-wise attention). The former have {:.0} % of a score, the latter the rest.",
            record.training.epochs,
            record.base_part * 100.0
        ),
    }
}
