//! Areas that the same people raise.
//!
//! In: the pairs of one source. Out: Markdown. Must not know: how the pairs were chosen.

use super::escape::escaped;
use super::{NUMBERS as RIGHT, Page};
use crate::report::together::{HEADING, NUMBERS, PAIR, reading};
use crate::report::view::{SourceView, TogetherRow, View};
use crate::report::words::change::change;
use crate::report::words::{interval, label, thousands};

/// The part, where the source has pairs.
pub(super) fn part(page: &mut Page, view: &View, source: &SourceView) {
    let Some(pairs) = &source.together else { return };
    page.heading(3, HEADING);
    page.block(&escaped(&reading(source, pairs)));
    let header: Vec<String> = PAIR.into_iter().chain(NUMBERS).map(str::to_owned).collect();
    let row = |row: &TogetherRow| {
        vec![
            escaped(label(view, row.first)),
            escaped(label(view, row.second)),
            thousands(row.both),
            interval(&row.among),
            interval(&row.others),
            change(&row.difference),
            interval(&row.reverse),
        ]
    };
    page.table(&header, RIGHT, pairs.rows.iter().map(row));
}

#[cfg(test)]
mod tests {
    use super::super::render;
    use crate::report::html::fixture;
    use crate::report::words::interval;

    #[test]
    fn a_pair_stands_in_a_row_with_both_its_areas() {
        let mut view = fixture::view();
        let row = view.sources[1].together.as_ref().unwrap().rows[0].clone();
        view.themes[row.first].label = "Lights | lamps".into();
        view.themes[row.second].label = "Parks".into();
        let text = String::from_utf8(render(&view)).unwrap();
        let start = format!("| Lights \\| lamps | Parks | 41 | {} |", interval(&row.among));
        assert!(text.contains(&start), "{start}");
    }
}
