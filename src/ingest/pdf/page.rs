//! Running heads and page numbers.
//!
//! In: the text of each page. Out: the lines that are neither, with their pages, and how many
//! were left out. A running head stands among the first or last three lines of half of the pages
//! and of three at least, digits aside; a line that begins with a speaker's label is none.
//! Must not know: formats.

use std::collections::BTreeMap;

use crate::ingest::talk::label;

/// How many lines from the top or the bottom a running head may stand.
const DEPTH: usize = 3;

/// The lines of all pages without running heads and page numbers, and how many of those.
pub(super) fn without_running_heads<'t>(pages: &[&'t str]) -> (Vec<(u32, &'t str)>, usize) {
    let pages: Vec<Vec<&str>> =
        pages.iter().map(|page| page.trim().split('\n').map(str::trim).collect()).collect();
    let mut n_pages: BTreeMap<String, usize> = BTreeMap::new();
    for page in &pages {
        let mut shapes: Vec<String> =
            edges(page).into_iter().filter_map(|at| shape(page[at])).collect();
        shapes.sort_unstable();
        shapes.dedup();
        for shape in shapes {
            *n_pages.entry(shape).or_insert(0) += 1;
        }
    }
    let recurs = |line: &str| {
        let n = shape(line).and_then(|shape| n_pages.get(&shape).copied()).unwrap_or(0);
        n >= 3 && n * 2 >= pages.len()
    };
    let (mut lines, mut n_running) = (Vec::new(), 0);
    for (page, number) in pages.iter().zip(1u32..) {
        let edges = edges(page);
        for (at, line) in page.iter().enumerate() {
            if edges.contains(&at) && (recurs(line) || is_page_number(line)) {
                n_running += 1;
            } else {
                lines.push((number, *line));
            }
        }
    }
    (lines, n_running)
}

/// The first and the last lines with words.
fn edges(page: &[&str]) -> Vec<usize> {
    let written: Vec<usize> = (0..page.len()).filter(|at| !page[*at].is_empty()).collect();
    let n = written.len();
    written
        .into_iter()
        .enumerate()
        .filter(|(nth, _)| *nth < DEPTH || nth + DEPTH >= n)
        .map(|(_, at)| at)
        .collect()
}

/// The line with its digits alike; nothing for what somebody may have said in so many words.
fn shape(line: &str) -> Option<String> {
    let spoken = label::split(line).is_some_and(|found| !label::is_head(found.label));
    let shape = line.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    (!line.is_empty() && !spoken).then_some(shape)
}

/// `12`, `- 12 -`, `Page 3 of 10`.
fn is_page_number(line: &str) -> bool {
    let lower = line.to_lowercase();
    let mut words = lower
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '-' | '–' | '—' | '/' | '|' | '.' | '第' | '页' | '頁')
        })
        .filter(|word| !word.is_empty());
    let known =
        ["page", "pg", "p", "of", "página", "pagina", "pág", "de", "seite", "von", "strona", "z"];
    let number = |word: &str| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    lower.contains(|c: char| c.is_ascii_digit())
        && words.all(|word| number(word) || known.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_that_recur_and_page_numbers_are_left_out() {
        let page = |n: u32| {
            format!(
                "Session North, page {n}\nMaria: words {n}\nA line\n\nOur own line {n}\nand on\nshort\n- {n} -\n"
            )
        };
        let text: Vec<String> = (1..=4).map(page).collect();
        let pages: Vec<&str> = text.iter().map(String::as_str).collect();
        let (lines, n) = without_running_heads(&pages[..2]);
        assert_eq!((lines.len(), n), (14, 2));
        let mut varied = pages.clone();
        varied[3] = "Session North, page 4\n12 apples\n";
        let (lines, n) = without_running_heads(&varied);
        assert!(lines.contains(&(4, "12 apples")) && lines.contains(&(1, "Maria: words 1")));
        assert!(n >= 4 && !lines.iter().any(|(_, line)| line.starts_with("Session North")));
    }
}
