//! Joins lines that were broken to fit a page.
//!
//! In: lines with their numbers. Out: paragraphs with the number of their first line. A line
//! runs on where the first word of the next would not have fitted on it; a blank line always
//! ends a paragraph. Must not know: formats, what a label or a statement is.

/// A narrower text was not broken to fit a page.
const MIN_WIDTH: usize = 40;

/// The paragraphs of the lines; blank lines are gone. `opens` says which lines begin a paragraph
/// whatever stands above them.
pub(super) fn paragraphs<'t>(
    lines: impl Iterator<Item = (u32, &'t str)>,
    opens: impl Fn(&str) -> bool,
) -> Vec<(u32, String)> {
    let lines: Vec<(u32, &str)> = lines.map(|(place, line)| (place, line.trim())).collect();
    let width = width(lines.iter().map(|(_, line)| line.chars().count()));
    let mut paragraphs: Vec<(u32, String)> = Vec::new();
    let mut room = None;
    for (place, line) in lines {
        if line.is_empty() {
            room = None;
            continue;
        }
        let word = line.split(char::is_whitespace).next().map_or(0, |w| w.chars().count());
        match paragraphs.last_mut() {
            Some((_, open)) if room.is_some_and(|r: usize| word >= r) && !opens(line) => {
                open.push(' ');
                open.push_str(line);
            }
            _ => paragraphs.push((place, line.to_string())),
        }
        // Letters differ in width: a word counts as fitting only where there is room to spare.
        let used = line.chars().count() + 1;
        room = (width >= MIN_WIDTH).then(|| (width * 17 / 20).saturating_sub(used));
    }
    paragraphs
}

/// The length that one line in ten exceeds.
fn width(lengths: impl Iterator<Item = usize>) -> usize {
    let mut lengths: Vec<usize> = lengths.filter(|n| *n > 0).collect();
    lengths.sort_unstable();
    lengths.get((lengths.len().saturating_sub(1) * 9).div_ceil(10)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_lines_are_joined_and_short_ones_stay() {
        let text = "Rosa Díaz\n12 Elm Street\n\nThe stop at the corner has no light, and so I do not wait\nthere after dark, though the bus would take me home in a few\nminutes.\nPlease mend it.\n- one\n";
        let lines = (1u32..).zip(text.split('\n'));
        let found = paragraphs(lines, |line| line.starts_with("- "));
        let expected = [
            (1, "Rosa Díaz"),
            (2, "12 Elm Street"),
            (
                4,
                "The stop at the corner has no light, and so I do not wait there after dark, though the bus would take me home in a few minutes.",
            ),
            (7, "Please mend it."),
            (8, "- one"),
        ];
        assert_eq!(found, expected.map(|(n, t)| (n, t.to_string())));
    }
}
