//! A comparison as Markdown (GitHub flavour).
//!
//! In: a [`Comparison`]. Out: bytes. Must not know: how a number came about.

use super::words::{
    capital, chance, change, deciding_share, of_people_briefly, points, raised, share_range, title,
    unchecked,
};
use super::{Basis, Comparison, Row, SourcePair, TablePair};
use crate::report::escaped;
use crate::report::words::neutralised;

/// The file's bytes.
pub(super) fn render(found: &Comparison) -> Vec<u8> {
    let mut out = String::new();
    let [then, now] = &found.waves;
    block(&mut out, &format!("# {}", escaped(&title(found))));
    let names = format!("Two waves: {} and {}.", escaped(&then.name), escaped(&now.name));
    block(&mut out, &names);
    let mut notices: Vec<&String> = [&then.notice, &now.notice].into_iter().flatten().collect();
    notices.dedup();
    notices.iter().for_each(|notice| block(&mut out, &format!("*{}*", escaped(notice))));
    if let Some(said) = unchecked(found) {
        block(&mut out, &format!("> **{}**", escaped(&said)));
    }
    listed(&mut out, "Please note", &found.warnings);
    for source in &found.sources {
        one_source(&mut out, found, source);
    }
    listed(&mut out, "The codebooks", &found.codebook);
    listed(&mut out, "In one wave alone", &found.alone);
    listed(&mut out, "How to read the numbers", &found.notes);
    listed(&mut out, "How the waves were made", &made(found));
    neutralised(&out).into_bytes()
}

/// One line a wave: program, codebook, engine.
pub(super) fn made(found: &Comparison) -> Vec<String> {
    let line = |w: &super::WaveView| {
        format!("{}: {}. {}. {}. {}.", capital(&w.name), w.title, w.program, w.codebook, w.engine)
    };
    found.waves.iter().map(line).chain([format!("Compared by {}.", found.program)]).collect()
}

fn block(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\n\n");
}

fn listed(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    block(out, &format!("## {heading}"));
    items(out, lines);
}

fn items(out: &mut String, lines: &[String]) {
    lines.iter().for_each(|line| out.push_str(&format!("- {}\n", escaped(line))));
    if !lines.is_empty() {
        out.push('\n');
    }
}

fn one_source(out: &mut String, found: &Comparison, source: &SourcePair) {
    block(out, &format!("## {}", escaped(&source.name)));
    block(out, &format!("{} · {}", escaped(&source.perspective), escaped(&source.kind_label)));
    block(out, &escaped(&source.base_sentence));
    items(out, &source.notes);
    for question in &source.questions {
        block(out, &format!("### {}", escaped(&question.name)));
        one_table(out, found, source, question);
    }
    for column in &source.groups {
        for value in &column.values {
            let heading = format!("### {}: {}", escaped(&column.column), escaped(&value.name));
            block(out, &heading);
            one_table(out, found, source, value);
        }
    }
}

fn one_table(out: &mut String, found: &Comparison, source: &SourcePair, table: &TablePair) {
    items(out, &table.findings);
    table.remainder.iter().for_each(|line| block(out, &escaped(line)));
    if table.rows.is_empty() {
        return;
    }
    let [then, now] = &found.waves;
    let last = match source.shares {
        true => ["Points (95 % interval)", "p, adjusted", "Verdict"],
        false => ["People, then and now", "", "Verdict"],
    };
    let mut header = vec!["Area or theme".to_owned(), escaped(&then.name), escaped(&now.name)];
    header.extend(last.iter().filter(|cell| !cell.is_empty()).map(|cell| (*cell).to_owned()));
    line(out, &header);
    let numbers = header.len() - 2;
    let rule: Vec<String> = std::iter::once(":--")
        .chain(std::iter::repeat_n("--:", numbers))
        .chain([":--"])
        .map(str::to_owned)
        .collect();
    line(out, &rule);
    for row in &table.rows {
        line(out, &cells(source, table, row));
    }
    out.push('\n');
}

fn line(out: &mut String, cells: &[String]) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

fn cells(source: &SourcePair, table: &TablePair, row: &Row) -> Vec<String> {
    let (then, now) = (row.then.as_ref(), row.now.as_ref());
    let label = match &row.area {
        Some(_) => format!("– {}", escaped(&row.label)),
        None => format!("**{}**", escaped(&row.label)),
    };
    let said = match (row.clear, row.redefined) {
        (true, false) => format!("**{}**", escaped(&row.said)),
        (true, true) => format!("**{}** (defined otherwise)", escaped(&row.said)),
        (false, false) => escaped(&row.said),
        (false, true) => format!("{} (defined otherwise)", escaped(&row.said)),
    };
    if !source.shares {
        let people = format!(
            "{}, {}",
            of_people_briefly(then, table.base[0]),
            of_people_briefly(now, table.base[1])
        );
        let files = |side, at: usize| {
            raised((side, table.base[at]), table.file_base[at], &source.file_unit)
        };
        return vec![label, files(then, 0), files(now, 1), escaped(&people), said];
    }
    let share = |side: Option<&super::Side>| match (row.decided_by, share_range(side)) {
        (Some(Basis::Corrected), _) | (_, None) => deciding_share(row, side),
        (_, Some(range)) => format!("{} ({range})", deciding_share(row, side)),
    };
    let raw = row.difference.filter(|_| row.decided_by == Some(Basis::Corrected));
    let raw = raw.map_or(String::new(), |d| format!("; as counted {}", points(d.value)));
    let d = row.deciding().map_or("–".to_owned(), |d| change(&d) + &raw);
    let p = row.p_adjusted.map_or("–".to_owned(), |p| escaped(&chance(p)));
    vec![label, share(then), share(now), d, p, said]
}
