//! Agreement and quality as tables for a terminal.
//!
//! In: measured values. Out: lines of text. Must not know: how they were measured.

use super::{Agreement, Comparison};
use crate::codebook::Codebook;
use crate::measure::Estimate;

/// Coders' agreement, theme by theme, in the codebook's order.
pub fn agreement(found: &Agreement) -> String {
    let mut lines = vec![
        format!(
            "{} coders ({}), {} answers",
            found.coders.len(),
            found.coders.join(", "),
            found.answers
        ),
        String::new(),
        format!("Krippendorff's alpha over theme sets (MASI)     {}", optional(found.alpha_masi)),
        format!(
            "Krippendorff's alpha over theme sets (Jaccard)  {}",
            optional(found.alpha_jaccard)
        ),
        format!(
            "same themes from all coders                     {:.0} % of answers",
            found.exact * 100.0
        ),
        format!("themes in common, of those given                {:.0} %", found.overlap * 100.0),
        String::new(),
    ];
    let mut rows = vec![row(["theme", "given", "alpha", "kappa", "both yes", "both no", ""])];
    for theme in &found.themes {
        let given: Vec<String> = theme.given.iter().map(usize::to_string).collect();
        let short = |x: Option<f64>| x.map_or("-".into(), |x| format!("{x:.2}"));
        rows.push(row([
            &theme.theme,
            &given.join("/"),
            &optional(theme.alpha),
            &short(theme.kappa),
            &short(theme.positive),
            &short(theme.negative),
            match theme.alpha {
                None => "not given",
                Some(_) if theme.given.iter().all(|&n| n < ENOUGH) => "too few to say",
                Some(a) => verdict(a.value),
            },
        ]));
    }
    lines.extend(aligned(&rows));
    lines.push(String::new());
    lines.push(
        "reliable: alpha of .800 and more; tentative: .667 to .800 (Krippendorff 2004). In brackets: \
         95 % interval."
            .into(),
    );
    lines.join("\n")
}

/// Answers that at least one coder gives a theme before its α says anything.
const ENOUGH: usize = 5;

/// What an α says.
pub fn verdict(alpha: f64) -> &'static str {
    match alpha {
        a if a >= 0.8 => "reliable",
        a if a >= 0.667 => "tentative",
        _ => "not reliable",
    }
}

/// A machine against people.
pub fn comparison(found: &Comparison, codebook: &Codebook) -> String {
    let q = &found.quality;
    let mut lines = vec![
        format!("{} answers of {} people", q.answers, q.people),
        String::new(),
        format!("micro-F1     {}", estimate(q.micro)),
        format!("macro-F1     {}", estimate(q.macro_f1)),
        format!("samples-F1   {}", estimate(q.samples)),
        format!("exact match  {}", estimate(q.exact)),
    ];
    if let Some(error) = found.calibration_error {
        lines.push(format!("expected calibration error  {error:.3}"));
    }
    lines.push(String::new());
    let mut rows = vec![row(["theme", "people", "machine", "precision", "recall", "F1", ""])];
    for theme in &q.themes {
        rows.push(row([
            &codebook.themes[theme.theme].id,
            &theme.human.to_string(),
            &theme.machine.to_string(),
            &optional(theme.precision),
            &optional(theme.recall),
            &optional(theme.f1),
            "",
        ]));
    }
    lines.extend(aligned(&rows));
    if !found.groups.is_empty() {
        lines.push(String::new());
        let mut rows = vec![row(["group", "answers", "missed", "added", "", "", ""])];
        for (column, value, answers, rates) in &found.groups {
            let group = format!("{column} = {value}");
            let (missed, added) = (optional(rates.missed), optional(rates.added));
            rows.push(row([&group, &answers.to_string(), &missed, &added, "", "", ""]));
        }
        lines.extend(aligned(&rows));
        lines.push(
            "missed: of people's codes; added: of the themes that people did not give".into(),
        );
    }
    lines.join("\n")
}

fn estimate(e: Estimate) -> String {
    format!("{:.3} ({:.3} to {:.3})", e.value, e.low, e.high)
}

fn optional(e: Option<Estimate>) -> String {
    let text = e.map_or("-".into(), |e| format!("{:.2} ({:.2} to {:.2})", e.value, e.low, e.high));
    text.replace("-0.00", "0.00")
}

fn row(cells: [&str; 7]) -> [String; 7] {
    cells.map(str::to_owned)
}

/// Columns as wide as they must be; words left, numbers right.
fn aligned(rows: &[[String; 7]]) -> Vec<String> {
    let width = |c: usize| rows.iter().map(|r| r[c].chars().count()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    let line = |r: &[String; 7]| {
        let cells = r.iter().zip(widths).enumerate().map(|(c, (cell, w))| match c {
            0 | 6 => format!("{cell:<w$}"),
            _ => format!("{cell:>w$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
