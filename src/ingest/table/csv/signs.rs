//! Which characters of a text could delimit its cells, stand around them or escape a quote.
//!
//! In: the head of the text, what the study says of the dialect. Out: the [`Dialect`]s worth
//! trying, the usual first. The head is looked at once, whatever the number of candidates.
//! Must not know: how well a dialect reads.

use super::dialect::Dialect;
use super::scan::line_end;
use crate::ingest::TableHints;

/// Lines that show which characters may be delimiters, and the text that they may take, in bytes.
const FIRST_LINES: usize = 200;
const FIRST_BYTES: usize = 64 << 10;

/// Characters that delimit cells, the usual first: the order decides ties.
const DELIMITERS: [char; 16] =
    [',', ';', '\t', '|', ':', '~', '^', '#', '&', '*', '=', '!', '¦', '\u{1F}', '\u{1}', ' '];
/// Delimiters of several characters that are no repetition of one above.
const LONG: [&str; 12] =
    ["|~|", "~|~", "<|>", "@@", "$$", "%%", "++", "--", "//", "\\\\", "->", "=>"];
/// Characters around cells, by the opening one.
pub(super) const QUOTES: [char; 7] = ['"', '\'', '“', '„', '«', '‘', '`'];

/// The dialects worth trying; `tabs_first` where the file's name says so.
pub(super) fn candidates(head: &str, hints: &TableHints, tabs_first: bool) -> Vec<Dialect> {
    let delimiters = match &hints.delimiter {
        Some(delimiter) => vec![delimiter.clone()],
        None => delimiters(head, tabs_first),
    };
    let quotes: Vec<Option<(char, char)>> = match hints.quote.as_deref().map(|q| q.chars().next()) {
        Some(quote) => vec![quote.map(Dialect::quote_of)],
        None => quotes(head),
    };
    let with_escapes: Vec<_> = quotes
        .into_iter()
        .map(|quote| match hints.escape.as_deref().map(|e| e.chars().next()) {
            Some(escape) => {
                (quote, vec![escape.filter(|e| quote.is_none_or(|(_, close)| close != *e))])
            }
            None => (quote, escapes(head, quote)),
        })
        .collect();
    let mut all = Vec::new();
    for delimiter in &delimiters {
        let within = |c: char| delimiter.contains(c);
        for (quote, escapes) in with_escapes.iter().filter(|(q, _)| !q.is_some_and(|q| within(q.0)))
        {
            for escape in escapes.iter().filter(|e| !e.is_some_and(within)) {
                let delimiter = delimiter.clone();
                all.push(Dialect { delimiter, quote: *quote, escape: *escape });
            }
        }
    }
    all
}

/// In how many of the first lines a character stands in which ways.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    single: usize,
    /// Twice and three times in a row.
    double: usize,
    triple: usize,
    /// With a blank behind it, and with one on either side.
    blank_behind: usize,
    blank_around: usize,
    /// A run of an odd length was seen.
    odd: bool,
}

/// Delimiters that stand in enough lines, longer ones of the same characters behind.
fn delimiters(head: &str, tabs_first: bool) -> Vec<String> {
    let mut order: Vec<usize> = (0..DELIMITERS.len()).collect();
    if tabs_first {
        order.swap(0, 2);
    }
    let lines = first_lines(head);
    let uses = uses(&lines);
    // Lines inside of quoted cells need not hold one.
    let is_frequent = |n: usize| n > 0 && 5 * n >= lines.len();
    let mut all: Vec<String> = Vec::new();
    for (c, uses) in order.into_iter().map(|i| (DELIMITERS[i], &uses[i])) {
        if !is_frequent(uses.single) {
            continue;
        }
        if c == ' ' {
            all.push(c.into());
            continue;
        }
        // Where the character comes in pairs alone, the pair is the delimiter.
        if !uses.odd {
            all.push(format!("{c}{c}"));
            continue;
        }
        all.push(c.into());
        for (n, long) in [
            (uses.blank_behind, format!("{c} ")),
            (uses.blank_around, format!(" {c} ")),
            (uses.double, format!("{c}{c}")),
            (uses.triple, format!("{c}{c}{c}")),
        ] {
            if is_frequent(n) {
                all.push(long);
            }
        }
    }
    for long in LONG {
        if is_frequent(lines.iter().filter(|l| l.contains(long)).count()) {
            all.push(long.into());
        }
    }
    if all.is_empty() {
        all.push(",".into());
    }
    all
}

fn first_lines(head: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut at = 0;
    let limit = head.floor_char_boundary(FIRST_BYTES);
    while at < limit && lines.len() < FIRST_LINES {
        let (end, next) = line_end(head.as_bytes(), at, limit);
        if !head[at..end].trim().is_empty() {
            lines.push(&head[at..end]);
        }
        at = next;
    }
    lines
}

fn uses(lines: &[&str]) -> [Uses; DELIMITERS.len()] {
    let mut uses = [Uses::default(); DELIMITERS.len()];
    for line in lines {
        let mut seen = [[false; 5]; DELIMITERS.len()];
        let (mut before, mut run) = (None, 0usize);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let behind = chars.peek().copied();
            let known = if c.is_alphanumeric() { None } else { index(c) };
            if let Some(i) = known {
                run += 1;
                seen[i][0] = true;
                seen[i][1] |= run >= 2;
                seen[i][2] |= run >= 3;
                seen[i][3] |= behind == Some(' ');
                seen[i][4] |= behind == Some(' ') && before == Some(' ');
                if behind != Some(c) {
                    uses[i].odd |= !run.is_multiple_of(2);
                    run = 0;
                }
            }
            before = Some(c);
        }
        for (uses, seen) in uses.iter_mut().zip(seen) {
            uses.single += usize::from(seen[0]);
            uses.double += usize::from(seen[1]);
            uses.triple += usize::from(seen[2]);
            uses.blank_behind += usize::from(seen[3]);
            uses.blank_around += usize::from(seen[4]);
        }
    }
    uses
}

fn index(c: char) -> Option<usize> {
    DELIMITERS.iter().position(|d| *d == c)
}

/// Quotes that occur; the usual one first, and none.
fn quotes(head: &str) -> Vec<Option<(char, char)>> {
    let mut all = vec![Some(('"', '"'))];
    let found = QUOTES.iter().skip(1).filter(|q| head.contains(**q));
    all.extend(found.map(|q| Some(Dialect::quote_of(*q))));
    if head.contains('"') {
        all.push(None);
    }
    all
}

fn escapes(head: &str, quote: Option<(char, char)>) -> Vec<Option<char>> {
    let Some((_, close)) = quote else { return vec![None] };
    let backslashes = head.contains(&format!("\\{close}"));
    if backslashes { vec![None, Some('\\')] } else { vec![None] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_in_a_fifth_of_the_lines_are_candidates_in_the_usual_order() {
        let text = "a;b,c\nd;e\nf;g\nh;i\nj;k\n";
        assert_eq!(delimiters(text, false), [",", ";"]);
        let text = format!("{text}l;m\n");
        assert_eq!(delimiters(&text, false), [";"]);
    }

    #[test]
    fn a_character_that_comes_in_pairs_alone_is_a_pair() {
        assert_eq!(delimiters("a||b||c\n1||2||3\n", false), ["||"]);
        assert_eq!(delimiters("a||b|c\n1||2|3\n", false), ["|", "||"]);
        assert_eq!(delimiters("a, b\n1, 2\n", false), [",", ", ", " "]);
        assert_eq!(delimiters("a--b\n1--2\n", false), ["--"]);
    }
}
