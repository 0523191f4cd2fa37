//! The codebook as CSV: `id,label,definition` and optionally `include,exclude,examples,parent,tags`,
//! several entries of a cell separated by `|`. In: text. Out: drafts. Must not know: whether
//! they make sense.

use std::path::Path;

use super::{Draft, Error, shown};

/// Title (the file's stem) and drafts, in the file's order.
pub(super) fn parse(path: &Path, text: &str) -> Result<(String, Vec<Draft>), Error> {
    let fail = |why: String| Error::Table { path: path.to_owned(), why };
    let mut reader =
        csv::Reader::from_reader(text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes());
    let headers = reader.headers().map_err(|e| fail(row_error(&e)))?.clone();
    const KNOWN: [&str; 8] =
        ["id", "label", "definition", "include", "exclude", "examples", "parent", "tags"];
    for header in headers.iter().map(str::trim) {
        let known = KNOWN.iter().any(|k| header.eq_ignore_ascii_case(k));
        if header.contains(';') {
            return Err(fail("the columns are separated by `;`, a codebook's by `,`".into()));
        }
        if !known {
            let near = crate::config::nearest(header, KNOWN.into_iter());
            let meant = near.map(|n| format!(", did you mean `{n}`?")).unwrap_or_default();
            return Err(fail(format!("unknown column `{}`{meant}", shown(header))));
        }
    }
    let column = |name: &str| headers.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
    let need = |name: &str| column(name).ok_or_else(|| fail(format!("no column `{name}`")));
    let (id, label, definition) = (need("id")?, need("label")?, need("definition")?);
    let mut drafts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| fail(row_error(&e)))?;
        let cell = |i: usize| record.get(i).unwrap_or_default().trim().to_owned();
        let list = |name: &str| -> Vec<String> {
            let text = column(name).map(cell).unwrap_or_default();
            text.split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
        };
        drafts.push(Draft {
            id: cell(id),
            label: cell(label),
            definition: cell(definition),
            include: list("include"),
            exclude: list("exclude"),
            examples: list("examples"),
            parent: column("parent").map(cell).filter(|p| !p.is_empty()),
            tags: list("tags"),
        });
    }
    let title = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((title, drafts))
}

fn row_error(e: &csv::Error) -> String {
    match e.position() {
        Some(p) => format!("line {}: not a readable row", p.line()),
        None => "not a readable table".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_repeats_a_column_on_one_line_of_bounded_length() {
        for name in ["examples\n,parent", &"long ".repeat(10_000), "a\u{1b}[2Jb"] {
            let text = format!("id,label,definition,\"{name}\"\na,A,x,\n");
            let Err(error) = parse(Path::new("c.csv"), &text) else { panic!("accepted") };
            let message = error.to_string();
            assert!(!message.contains(char::is_control) && message.len() < 400, "{message:?}");
        }
    }
}
