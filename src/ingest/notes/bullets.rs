//! Finds the statements in notes that are plain text.
//!
//! In: the text. Out: each statement with the line where it begins: the bullets, or, where
//! there are none, the paragraphs below a title.
//! Must not know: files, participants, documents.

use crate::ingest::talk::label;
use crate::ingest::talk::txt::numbered;

/// A statement and its line.
pub(super) type Statement = (u32, String);

/// Statements, and how many lines between bullets were taken for headings.
pub(super) fn statements(text: &str) -> (Vec<Statement>, usize) {
    let has_bullets = numbered(text).any(|(_, line)| bullet(line).is_some());
    if has_bullets { bulleted(text) } else { (paragraphs(text), 0) }
}

/// The words behind `- `, `* `, `• `, `1.` or `1)`.
pub(super) fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start();
    for mark in ['-', '*', '•', '–', '·', '◦', '▪', '‣', '●', '○'] {
        if let Some(rest) = line.strip_prefix(mark) {
            let spaced = rest.starts_with(char::is_whitespace) || (mark == '•' && !rest.is_empty());
            return (spaced && !rest.trim().is_empty()).then(|| rest.trim());
        }
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if !(1..=3).contains(&digits) {
        return None;
    }
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    (rest.starts_with(char::is_whitespace) && !rest.trim().is_empty()).then(|| rest.trim())
}

fn bulleted(text: &str) -> (Vec<Statement>, usize) {
    let mut statements: Vec<Statement> = Vec::new();
    let mut n_headings = 0;
    let (mut after_blank, mut open) = (true, false);
    for (place, line) in numbered(text) {
        if line.trim().is_empty() {
            after_blank = true;
            continue;
        }
        let runs_on = !after_blank && line.trim_start().starts_with(char::is_lowercase);
        if let Some(words) = bullet(line) {
            statements.push((place, words.to_string()));
            open = true;
        } else if open && (line.starts_with([' ', '\t']) || runs_on) {
            if let Some((_, words)) = statements.last_mut() {
                words.push('\n');
                words.push_str(line.trim());
            }
        } else {
            n_headings += usize::from(!statements.is_empty());
            open = false;
        }
        after_blank = false;
    }
    (statements, n_headings)
}

/// How many paragraphs at the top are the notes' head: the first, where it looks like a title,
/// and then lines such as `Date: …`. At least one paragraph is left.
pub(super) fn n_head<'p>(paragraphs: impl ExactSizeIterator<Item = &'p str>) -> usize {
    let n = paragraphs.len();
    let head = |(at, text): &(usize, &str)| {
        let labelled = label::split(text).is_some_and(|found| label::is_head(found.label));
        labelled || (*at == 0 && is_title(text))
    };
    paragraphs.enumerate().take_while(head).count().min(n.saturating_sub(1))
}

/// Whether every line is short and ends no sentence, as titles, dates and places do.
fn is_title(block: &str) -> bool {
    const MAX_WORDS: usize = 12;
    const MAX_LINES: usize = 5;
    block.lines().count() <= MAX_LINES
        && block.lines().all(|line| {
            let line = line.trim();
            line.split_whitespace().count() <= MAX_WORDS
                && !line.ends_with(['.', '!', '?', '…', '。', '！', '？'])
                && !line.starts_with(char::is_lowercase)
        })
}

/// Blocks between blank lines without the head; lines with `#` in front are headings everywhere.
/// A text without blank lines is a paragraph a line.
fn paragraphs(text: &str) -> Vec<Statement> {
    let mut blocks: Vec<Statement> = Vec::new();
    let mut open = false;
    for (place, line) in numbered(text) {
        if line.trim().is_empty() {
            open = false;
        } else if open && let Some((_, block)) = blocks.last_mut() {
            block.push('\n');
            block.push_str(line.trim());
        } else {
            blocks.push((place, line.trim().to_string()));
            open = true;
        }
    }
    if let [(place, block)] = &blocks[..] {
        let lines = block.split('\n').zip(*place..);
        blocks = lines.map(|(line, place)| (place, line.to_string())).collect();
    }
    blocks.drain(..n_head(blocks.iter().map(|(_, block)| block.as_str())));
    blocks.retain(|(_, block)| !block.starts_with('#'));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_take_their_continuation_and_leave_headings() {
        let text = "Invented.\nSession\n\n- One\n  more\n* Two\nand on\n\nQuestion two\n1. Three\n• Four\n-5 degrees";
        let (found, n_headings) = statements(text);
        let expected = [(4, "One\nmore"), (6, "Two\nand on"), (10, "Three"), (11, "Four")];
        let expected: Vec<Statement> = expected.iter().map(|(n, t)| (*n, t.to_string())).collect();
        assert_eq!(found, expected);
        assert_eq!(n_headings, 2);
    }

    #[test]
    fn without_bullets_each_paragraph_below_the_header_is_a_statement() {
        let (found, _) = statements("Title\nDate\n\nFirst\nline two\n\n# Part\n\nSecond");
        assert_eq!(found, [(4, "First\nline two".to_string()), (9, "Second".to_string())]);
        let (found, _) = statements("Title\nDate: May\nFirst\nSecond");
        assert_eq!(found, [(3, "First".to_string()), (4, "Second".to_string())]);
    }

    #[test]
    fn a_first_paragraph_that_is_a_sentence_is_a_statement() {
        for first in ["The buses are late.", "more light on our street", &"word ".repeat(13)] {
            let (found, _) = statements(&format!("{first}\n\nAnd dirty."));
            assert_eq!(found.len(), 2, "{first}");
        }
    }
}
