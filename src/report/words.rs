//! How numbers and small pieces of text are written, the same way in HTML and Markdown.
//!
//! In: values of the view. Out: strings. Must not know: HTML, Markdown, where a number stands.

use std::ops::Range;

use crate::report::view::{
    AccountView, CorrectedView, QuestionView, ShareView, Shown, ThemeRow, View,
};

pub mod change;

/// A no-break space, so that a number and its sign stay on one line.
const NBSP: char = '\u{a0}';

/// What the states are, below the numbers of the account.
const ONE_STATE: &str = "one for each row and question of a table, one for each turn of a \
    transcript. Each response has exactly one state, so the states add up to what was read.";

/// What was read, in pieces of which every second one is to be stressed.
pub fn read(account: &AccountView) -> Vec<String> {
    let Some(total) = account.summed() else {
        return vec![format!(
            "A response is {ONE_STATE} Of each source the rows are so few that their number is not \
             given. The ledger has every one of them."
        )];
    };
    let files =
        format!("{} {}", thousands(total.files), if total.files == 1 { "file" } else { "files" });
    let without = match account.left_out.as_slice() {
        [] => String::new(),
        [one] => format!(
            " {one} is not in these sums: its rows are so few that their number is not given."
        ),
        [names @ .., last] => format!(
            " {} and {last} are not in these sums: their rows are so few that their number is not \
             given.",
            names.join(", ")
        ),
    };
    let ledger = if without.is_empty() { "" } else { " The ledger has every one of them." };
    if !(total.rows.is_open() && total.responses.is_open()) {
        return vec![format!("A response is {ONE_STATE}{without}{ledger}")];
    }
    let one = total.responses == Shown::Exactly(1);
    vec![
        "Rows and turns read: ".into(),
        shown(total.rows),
        format!(", from {files}. They hold "),
        shown(total.responses),
        format!(" {}: {ONE_STATE}{without}{ledger}", if one { "response" } else { "responses" }),
    ]
}

/// The smallest count of people that is shown: the study's, and those of sources that have their
/// own.
pub fn smallest(view: &View) -> String {
    let own = view.methods.min_cell;
    let others = view.sources.iter().filter(|s| s.min_cell != own);
    let others: Vec<String> = others.map(|s| format!("{}: {}", s.name, s.min_cell)).collect();
    if others.is_empty() { own.to_string() } else { format!("{own} ({})", others.join("; ")) }
}

/// A share as a whole percentage. What is not quite none or all never reads as none or all.
pub fn percent(share: f64) -> String {
    format!("{}{NBSP}%", percent_number(share))
}

/// A share with its interval: `24 % (19–29)`.
pub fn interval(share: &ShareView) -> String {
    format!("{} ({})", percent(share.value), range(share))
}

/// The interval alone: `19–29`.
pub fn range(share: &ShareView) -> String {
    format!("{}–{}", round(share.low), round(share.high))
}

/// The interval in words, for titles that are read aloud.
pub fn interval_in_words(share: &ShareView) -> String {
    format!(
        "{}, 95 % interval {} to {} %",
        percent(share.value),
        round(share.low),
        round(share.high)
    )
}

fn percent_number(share: f64) -> String {
    if share > 0.0 && share < 0.005 {
        "<1".to_owned()
    } else if (0.995..1.0).contains(&share) {
        ">99".to_owned()
    } else {
        round(share).to_string()
    }
}

fn round(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 100.0).round() as i64
}

/// A number with commas between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count of people as it may be shown: the number, `fewer than 11` or `not shown`.
pub fn shown(count: Shown) -> String {
    match count {
        Shown::Exactly(number) => thousands(number),
        Shown::FewerThan(limit) => format!("fewer than {}", thousands(limit)),
        Shown::Withheld => "not shown".to_owned(),
    }
}

/// The same for narrow table cells: the number, `<11` or `not shown`.
pub fn shown_briefly(count: Shown) -> String {
    match count {
        Shown::FewerThan(limit) => format!("<{}", thousands(limit)),
        other => shown(other),
    }
}

/// In how many files a theme was raised, where that is shown.
pub fn files_of(row: &ThemeRow) -> String {
    row.files.map_or("not shown".to_owned(), thousands)
}

/// Whether a count is protected.
pub fn is_protected(count: Shown) -> bool {
    !matches!(count, Shown::Exactly(_))
}

/// A theme's label; a question mark for an index that the codebook does not have.
pub fn label(view: &View, theme: usize) -> &str {
    view.themes.get(theme).map_or("?", |theme| &theme.label)
}

/// Why there is no table for the plan.
pub fn no_plan(view: &View) -> &'static str {
    match view.themes.iter().all(|theme| theme.tags.is_empty()) {
        true => {
            "No theme of the codebook has a tag, such as plan-element:training, so there is nothing \
             to list."
        }
        false => "No theme with a tag is known to have been raised.",
    }
}

/// With a capital at the front.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A step from 0 (none) to 8 (all) for shading by strength.
pub fn step(strength: f64) -> u8 {
    const BOUNDS: [f64; 7] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8];
    if strength <= 0.0 || strength.is_nan() {
        return 0;
    }
    let above = BOUNDS.iter().filter(|&&bound| strength > bound).count();
    u8::try_from(above).unwrap_or(7) + 1
}

/// Splits rows into families: an area (where there is one) and the themes that follow it.
pub fn families<T>(rows: &[T], level: fn(&T) -> u8) -> Vec<(Option<&T>, &[T])> {
    let mut out = Vec::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let head = (level(first) == 0).then_some(first);
        let body = &rest[usize::from(head.is_some())..];
        let end = body.iter().position(|row| level(row) == 0);
        let (themes, next) = body.split_at(end.unwrap_or(body.len()));
        out.push((head, themes));
        rest = next;
    }
    out
}

/// Cuts `n` columns into stretches of at most `most`, as even as can be.
pub fn stretches(n: usize, most: usize) -> Vec<Range<usize>> {
    let width = n.div_ceil(n.div_ceil(most).max(1)).max(1);
    (0..n).step_by(width).map(|start| start..n.min(start + width)).collect()
}

/// The rows with the largest values, at most `limit`, in the order in which they stood.
pub fn largest<'a>(
    rows: &[&'a ThemeRow],
    limit: usize,
    value: fn(&ThemeRow) -> f64,
) -> Vec<&'a ThemeRow> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| value(rows[b]).total_cmp(&value(rows[a])).then(a.cmp(&b)));
    order.truncate(limit);
    order.sort_unstable();
    order.into_iter().map(|index| rows[index]).collect()
}

/// Whether any theme of a question is told to read differently with the copies counted.
pub fn has_copies(question: &QuestionView) -> bool {
    let told = |row: &ThemeRow| row.with_copies.is_some_and(Shown::is_open);
    let differs = |row: &ThemeRow| told(row) || row.share_with_copies.is_some();
    question.rows.iter().any(differs)
}

/// What a theme's share and count are with the copies counted too.
pub fn with_copies(row: &ThemeRow) -> String {
    match (row.share_with_copies, row.with_copies) {
        (None, None) if is_protected(row.participants) => shown(Shown::Withheld),
        (None, None) => "no change".to_owned(),
        (Some(share), None) => percent(share),
        (None, Some(count)) => shown(count),
        (Some(share), Some(count)) => format!("{} ({})", percent(share), shown(count)),
    }
}

/// A ratio with its interval: `0.71 (0.66–0.75)`.
pub fn ratio(share: &ShareView) -> String {
    format!("{:.2} ({:.2}–{:.2})", share.value, share.low, share.high)
}

/// Whether a question has a corrected share, or a theme of which too few were coded.
pub fn has_corrected(question: &QuestionView) -> bool {
    question.rows.iter().any(|row| row.corrected.is_some())
}

/// Whether a question has a share by survey weights.
pub fn has_weighted(question: &QuestionView) -> bool {
    question.rows.iter().any(|row| row.weighted.is_some())
}

/// A share by survey weights with its interval, or `not shown`.
pub fn weighted(share: Option<&ShareView>) -> String {
    share.map_or_else(|| shown(Shown::Withheld), interval)
}

/// A corrected share in words: `24\u{a0}% (19–29)`, `too few to correct`, or `not
/// shown`.
pub fn corrected(share: Option<&CorrectedView>) -> String {
    match share {
        Some(CorrectedView::Share { share, clamped: false }) => interval(share),
        Some(CorrectedView::Share { share, clamped: true }) => {
            format!("{}, at the limit", interval(share))
        }
        Some(CorrectedView::TooFew) => "too few to correct".to_owned(),
        None => shown(Shown::Withheld),
    }
}

/// Takes out what could turn a reader's view of a text around: bidirectional overrides,
/// embeddings and isolates; control characters other than line ends and tabs; and code points that
/// are no characters, which HTML and XML forbid.
pub fn neutralised(text: &str) -> String {
    text.chars().filter(|&c| !is_hazard(c)).collect()
}

/// Whether a character could turn a reader's view of a text around or move a terminal: see
/// [`neutralised`].
pub fn is_hazard(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{7f}'..='\u{9f}')
        || (c < ' ' && c != '\n' && c != '\t')
        || matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff)
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_never_round_to_none_or_all() {
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.001), "<1\u{a0}%");
        assert_eq!(percent(0.999), ">99\u{a0}%");
        assert_eq!(percent(1.0), "100\u{a0}%");
        let share = ShareView { value: 0.241, low: 0.194, high: 0.288 };
        assert_eq!(interval(&share), "24\u{a0}% (19–29)");
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }

    #[test]
    fn families_keep_every_row_and_its_area() {
        let rows = [1, 0, 1, 1, 0, 0, 1];
        let parts = families(&rows, |row| *row);
        let sizes: Vec<(bool, usize)> =
            parts.iter().map(|(head, themes)| (head.is_some(), themes.len())).collect();
        assert_eq!(sizes, [(false, 1), (true, 2), (true, 0), (true, 1)]);
    }

    #[test]
    fn columns_are_cut_evenly() {
        assert!(stretches(0, 8).is_empty());
        assert_eq!(stretches(8, 8).len(), 1);
        assert_eq!(stretches(11, 8), [0..6, 6..11]);
    }

    #[test]
    fn steps_rise_with_strength() {
        assert_eq!(step(0.0), 0);
        assert_eq!(step(f64::NAN), 0);
        assert_eq!(step(0.05), 1);
        assert_eq!(step(0.25), 4);
        assert_eq!(step(1.0), 8);
    }

    #[test]
    fn bidirectional_controls_are_taken_out_and_other_scripts_stay() {
        assert_eq!(neutralised("a\u{202e}b\u{2067}c\u{0}\n"), "abc\n");
        assert_eq!(neutralised("a\u{ffff}b\u{1fffe}c\u{fdd0}\u{fffd}"), "abc\u{fffd}");
        assert_eq!(neutralised("אמון 信任 أمان"), "אמון 信任 أمان");
    }
}
