//! The report as Markdown (GitHub flavour): the same order and numbers as the page, as tables
//! and lists.
//!
//! In: the [`View`]. Out: the bytes of `report.md`. Must not know: files, raw text, how a number
//! came about; it counts and hides nothing, it only lays out what the view holds.

use crate::report::view::View;
use crate::report::words::{label, neutralised};

mod account;
mod closing;
mod escape;
mod measured;
mod source;
mod together;

use account::{account, glance, opening};
use closing::{codebook, methods, plan};
pub(crate) use escape::escaped;
use measured::measured;
use source::one_source;

/// Columns of words stand left.
const WORDS: &str = ":--";
/// Columns of numbers stand right.
const NUMBERS: &str = "--:";

/// The report as UTF-8. Equal views give equal bytes.
pub fn render(view: &View) -> Vec<u8> {
    let mut page = Page { out: String::new(), unchecked: !view.validated };
    opening(&mut page, view);
    account(&mut page, view);
    glance(&mut page, view);
    for source in &view.sources {
        one_source(&mut page, view, source);
    }
    measured(&mut page, view);
    plan(&mut page, view);
    methods(&mut page, view);
    codebook(&mut page, view);
    neutralised(&page.out).into_bytes()
}

/// Markdown as it is written. Its methods take finished Markdown; respondents' and the study's
/// own words pass through [`escaped`] first.
struct Page {
    out: String,
    unchecked: bool,
}

impl Page {
    fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {text}", "#".repeat(level)));
    }

    /// A part of the report: its heading and, where it is needed, the note on unchecked codes.
    fn section(&mut self, heading: &str) {
        self.heading(2, heading);
        if self.unchecked {
            self.block(
                "> **Not yet checked by people.** A program assigned the codes; how often it errs \
                 is not known.",
            );
        }
    }

    fn block(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn list<I: IntoIterator<Item = String>>(&mut self, items: I) {
        let before = self.out.len();
        for item in items {
            self.out.push_str("- ");
            self.out.push_str(&item);
            self.out.push('\n');
        }
        if self.out.len() > before {
            self.out.push('\n');
        }
    }

    /// A table whose first column holds words and whose others are aligned as `others` says.
    fn table(
        &mut self,
        header: &[String],
        others: &str,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        self.row(header);
        let mut rule = vec![others.to_owned(); header.len()];
        if let Some(first) = rule.first_mut() {
            *first = WORDS.to_owned();
        }
        self.row(&rule);
        for row in rows {
            self.row(&row);
        }
        self.out.push('\n');
    }

    fn row(&mut self, cells: &[String]) {
        self.out.push_str("| ");
        self.out.push_str(&cells.join(" | "));
        self.out.push_str(" |\n");
    }
}

/// A theme's label in a table: areas in bold, themes behind a dash.
fn row_label(view: &View, theme: usize, level: u8) -> String {
    let label = escaped(label(view, theme));
    if level == 0 { format!("**{label}**") } else { format!("– {label}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::html::fixture;
    use crate::report::view::{QuoteView, Shown};

    fn text(view: &View) -> String {
        String::from_utf8(render(view)).unwrap()
    }

    #[test]
    fn every_row_of_a_table_has_the_columns_of_its_header() {
        let mut view = fixture::view();
        view.themes[0].label = "a | b \n c".to_owned();
        view.sources[1].groups[0].values[0].0 = "x|y".to_owned();
        let text = text(&view);
        assert!(text.contains("x\\|y"));
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut width = None;
        for line in text.lines() {
            if line.starts_with('|') {
                let expected = *width.get_or_insert(bars(line));
                assert_eq!(bars(line), expected, "{line}");
            } else {
                width = None;
            }
        }
    }

    #[test]
    fn no_markup_of_respondents_and_no_bidirectional_control_comes_through() {
        let mut view = fixture::view();
        view.sources[1].questions[1].rows[0].quotes = vec![QuoteView {
            id: "r1#1".to_owned(),
            text: "<script>x</script>\n\n# \u{202e}Heading".to_owned(),
        }];
        let text = text(&view);
        assert!(text.contains("> &lt;script&gt;x&lt;/script&gt; # Heading"));
        assert!(!text.contains("<script"));
        assert!(!text.contains('\u{202e}'));
    }

    #[test]
    fn a_protected_count_shows_no_number_and_no_share() {
        let mut view = fixture::view();
        let row = &mut view.sources[1].questions[0].rows[0];
        row.participants = Shown::FewerThan(11);
        row.share = None;
        let name = escaped(label(&view, view.sources[1].questions[0].rows[0].theme));
        assert!(text(&view).contains(&format!("| **{name}** | not shown | fewer than 11 |")));
    }

    #[test]
    fn an_unchecked_report_says_so_in_every_section() {
        let mut view = fixture::view();
        let sections = view.sources.len() + 6;
        assert_eq!(text(&view).matches("**Not yet checked by people.**").count(), sections);
        view.validated = true;
        view.measured = Some(fixture::measured());
        let checked = text(&view);
        assert!(!checked.contains("Not yet checked"));
        assert!(checked.contains("micro-F1") && checked.contains("For a publication"));
    }

    #[test]
    fn numbers_in_a_sentence_stand_apart_from_its_words() {
        let text = text(&fixture::view());
        let line = text.lines().find(|line| line.starts_with("Rows and turns read: **")).unwrap();
        assert!(line.contains("They hold **") && line.contains("** responses: "), "{line}");
    }
}
