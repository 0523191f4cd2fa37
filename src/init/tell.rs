//! The list of guesses as a person reads it, and as JSON.
//!
//! In: an [`Outcome`], the width of a terminal. Out: text. Names of columns and labels of
//! moderators are shown; cells never are, and nobody else's label.
//! Must not know: the terminal.

use std::fmt::Write as _;

use super::guess::ColumnGuess;
use super::{LeftOut, Outcome, SourceGuess, counted, write};

/// Narrower than this, lines are not cut further.
const NARROW: usize = 48;

/// The report of guesses: a block a source, then what was left out, then what to type next.
pub fn report(outcome: &Outcome, width: usize) -> String {
    let width = width.max(NARROW);
    let mut text = String::new();
    for source in &outcome.guesses.sources {
        tell_source(&mut text, outcome, source, width);
    }
    left_out(&mut text, &outcome.guesses.left_out, width);
    let (codebook, starter) = &outcome.codebook;
    let (study, sources) = (outcome.study.display(), outcome.guesses.sources.len());
    let _ = writeln!(text, "written: {study} ({})", counted(sources, "source"));
    if *starter {
        let _ = writeln!(
            text,
            "written: {} (general themes: replace them by your own)",
            codebook.display()
        );
    } else {
        let _ = writeln!(text, "codebook: {}", codebook.display());
    }
    let folder = outcome.study.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = folder.map_or_else(|| ".".to_owned(), |p| p.display().to_string());
    let quoted = if folder.contains(char::is_whitespace) { format!("'{folder}'") } else { folder };
    let _ = writeln!(text, "next: check study.toml, then type  canvass run {quoted}");
    text
}

/// What was left out, where nothing else can be said.
pub fn left_out_only(files: &[LeftOut], width: usize) -> String {
    let mut text = String::new();
    left_out(&mut text, files, width.max(NARROW));
    text
}

fn tell_source(text: &mut String, outcome: &Outcome, source: &SourceGuess, width: usize) {
    let looked = |i: &usize| outcome.guesses.looked.get(*i);
    let _ = writeln!(text, "{}", printable(&source.path));
    let mut facts =
        vec![("source", format!("{} ({})", printable(&source.name), write::kind(source.kind)))];
    let files: Vec<_> = source.pieces.iter().filter_map(looked).collect();
    let first = files.first();
    let mut what = first.map(|f| f.format.clone()).unwrap_or_default();
    if let [only] = files[..] {
        let _ = write!(what, "; {}", only.size);
        if let Some(n) = only.speakers {
            let _ = write!(what, "; {n} speaking, {} moderating", source.moderators.len());
        }
    } else {
        let _ = write!(what, "; {}", counted(files.len(), "file"));
        let n: usize = files.iter().filter_map(|f| f.speakers).sum();
        if n > 0 {
            let _ = write!(what, "; {n} speaking");
        }
    }
    if let Some(sheet) = &source.sheet {
        let _ = write!(what, "; sheet `{}`", printable(sheet));
    }
    match source.header_row {
        0 => what.push_str("; no header: columns go by their number"),
        1 => {}
        row => {
            let _ = write!(what, "; header in row {row}");
        }
    }
    facts.push(("holds", what));
    facts.push(("kind", format!("{}: {}", write::kind(source.kind), source.kind_why)));
    let why =
        source.perspective_why.as_deref().unwrap_or("nothing says whose view it is: change it");
    facts.push(("perspective", format!("{}: {why}", source.perspective)));
    if !source.moderators.is_empty() {
        let labels: Vec<String> = source.moderators.iter().map(|m| printable(m)).collect();
        facts.push(("moderators", labels.join(", ")));
    }
    for (key, value) in facts {
        wrapped(text, &format!("  {key:<12} "), &value, width);
    }
    if let Some(table) = &source.table {
        text.push('\n');
        columns(text, &table.columns, width);
        for note in &table.notes {
            wrapped(text, "  note         ", note, width);
        }
    }
    text.push('\n');
}

/// Column, role and reason, set in columns; used columns first, in their order in the file.
fn columns(text: &mut String, columns: &[ColumnGuess], width: usize) {
    const MAX_UNUSED: usize = 60;
    let name_width = columns.iter().map(|c| shown_width(&c.name)).max().unwrap_or(6);
    let name_width = name_width.clamp(6, (width / 3).max(12));
    let role_width = columns.iter().map(|c| c.role.label().len()).max().unwrap_or(4);
    let head = format!("  {}  {:<role_width$}  ", padded("column", name_width), "role");
    let _ = writeln!(text, "{head}reason");
    let (used, rest): (Vec<&ColumnGuess>, Vec<&ColumnGuess>) =
        columns.iter().partition(|c| c.role.is_used());
    let surplus = rest.len().saturating_sub(MAX_UNUSED);
    for column in used.into_iter().chain(rest.into_iter().take(MAX_UNUSED)) {
        let name =
            if column.name.is_empty() { "(no name)".into() } else { printable(&column.name) };
        let start = format!(
            "  {}  {:<role_width$}  ",
            padded(&cut(&name, name_width), name_width),
            column.role.label()
        );
        wrapped(text, &start, &column.why, width);
    }
    if surplus > 0 {
        let _ = writeln!(text, "  and {} more that are not used", counted(surplus, "column"));
    }
}

fn left_out(text: &mut String, files: &[LeftOut], width: usize) {
    if files.is_empty() {
        return;
    }
    text.push_str("not used as sources\n");
    // Files with one reason stand together.
    let mut reasons: Vec<(&str, &Option<String>, Vec<String>)> = Vec::new();
    for file in files {
        let same = |(why, hint, _): &&mut (&str, &Option<String>, Vec<String>)| {
            *why == file.why && **hint == file.hint
        };
        let name = printable(&file.file);
        match reasons.iter_mut().find(same) {
            Some((_, _, names)) => names.push(name),
            None => reasons.push((&file.why, &file.hint, vec![name])),
        }
    }
    for (why, hint, names) in reasons {
        match &names[..] {
            [only] => wrapped(text, &format!("  {only}: "), why, width),
            several => {
                let n = counted(several.len(), "file");
                wrapped(text, &format!("  {n}: "), why, width);
                several.iter().for_each(|name| wrapped(text, "    ", name, width));
            }
        }
        if let Some(hint) = hint {
            wrapped(text, "    hint: ", hint, width);
        }
    }
    text.push('\n');
}

/// The words behind a start, on as many lines as they need; further lines begin below the words.
fn wrapped(text: &mut String, start: &str, words: &str, width: usize) {
    let indent = shown_width(start);
    let indent = if indent > width / 2 { 6 } else { indent };
    let mut line = start.to_owned();
    let mut bare = true;
    for word in words.split_whitespace() {
        if !bare && shown_width(&line) + 1 + shown_width(word) > width {
            let _ = writeln!(text, "{}", line.trim_end());
            line = " ".repeat(indent);
            bare = true;
        }
        if !bare {
            line.push(' ');
        }
        line.push_str(word);
        bare = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// What a terminal may be given: no control characters, no change of direction.
fn printable(words: &str) -> String {
    let safe = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let kept: String = words
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| safe(*c))
        .collect();
    kept.trim().to_owned()
}

/// Columns of a terminal: two for a character of Chinese, Japanese or Korean.
fn shown_width(words: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}');
    words.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

fn cut(words: &str, width: usize) -> String {
    if shown_width(words) <= width {
        return words.to_owned();
    }
    let mut kept = String::new();
    for c in words.chars() {
        if shown_width(&kept) + 3 > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

fn padded(words: &str, width: usize) -> String {
    let missing = width.saturating_sub(shown_width(words));
    format!("{words}{}", " ".repeat(missing))
}

/// The guesses for a script.
pub fn json(outcome: &Outcome) -> String {
    let columns = |columns: &[ColumnGuess]| -> Vec<serde_json::Value> {
        let column = |c: &ColumnGuess| serde_json::json!({"name": c.name, "role": c.role.label(), "why": c.why, "text": c.wording});
        columns.iter().map(column).collect()
    };
    let source = |s: &SourceGuess| {
        let files: Vec<_> =
            s.pieces.iter().filter_map(|i| outcome.guesses.looked.get(*i)).collect();
        let files = files.iter().map(|f| {
            serde_json::json!({"file": f.file, "format": f.format, "size": f.size, "speakers": f.speakers})
        });
        serde_json::json!({
            "name": s.name,
            "kind": write::kind(s.kind),
            "kind_why": s.kind_why,
            "perspective": s.perspective,
            "perspective_why": s.perspective_why,
            "path": s.path,
            "sheet": s.sheet,
            "header_row": s.header_row,
            "moderators": s.moderators,
            "files": files.collect::<Vec<_>>(),
            "columns": s.table.as_ref().map(|t| columns(&t.columns)).unwrap_or_default(),
            "notes": s.table.as_ref().map(|t| t.notes.clone()).unwrap_or_default(),
        })
    };
    let left = |l: &LeftOut| serde_json::json!({"file": l.file, "why": l.why, "hint": l.hint, "columns": columns(&l.columns)});
    serde_json::json!({
        "study": outcome.study.to_string_lossy(),
        "codebook": outcome.codebook.0.to_string_lossy(),
        "starter_codebook": outcome.codebook.1,
        "sources": outcome.guesses.sources.iter().map(source).collect::<Vec<_>>(),
        "left_out": outcome.guesses.left_out.iter().map(left).collect::<Vec<_>>(),
    })
    .to_string()
}
