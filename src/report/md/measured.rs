//! How well the program codes, by people's codes.
//!
//! In: the view's measured part. Out: Markdown; nothing where nothing was measured. Must not know:
//! shares, sources.

use super::escape::escaped;
use super::{NUMBERS, Page};
use crate::report::view::{MeasuredView, ShareView, View};
use crate::report::words::{label, ratio, shown};

/// The section.
pub(super) fn measured(page: &mut Page, view: &View) {
    let Some(measured) = &view.measured else { return };
    page.section("How well the program codes");
    page.list(measured.findings.iter().map(|finding| escaped(finding)));
    quality(page, view, measured);
    groups(page, measured);
    page.heading(3, "For a publication");
    measured.appendix.iter().for_each(|paragraph| page.block(&escaped(paragraph)));
}

fn quality(page: &mut Page, view: &View, measured: &MeasuredView) {
    page.heading(3, "By theme");
    let mut header = vec!["Theme", "Given by people", "Precision", "Recall", "F1"];
    let coders = measured.themes.iter().any(|t| t.alpha.is_some());
    if coders {
        header.push("Coders’ alpha");
    }
    let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
    let rows = measured.themes.iter().map(|t| {
        let mut cells = vec![escaped(label(view, t.theme)), shown(t.people)];
        cells.extend([t.precision, t.recall, t.f1].map(figure));
        if coders {
            cells.push(t.alpha.map_or("–".to_owned(), |a| format!("{a:.2}")));
        }
        cells
    });
    page.table(&header, NUMBERS, rows);
}

fn groups(page: &mut Page, measured: &MeasuredView) {
    if measured.groups.is_empty() {
        return;
    }
    page.heading(3, "Errors by group");
    page.block(
        "Missed: of the themes that people gave, those that the program did not find. Added: of \
         the themes that people did not give, those that the program gave. A reader sees here \
         whether the program treats groups alike.",
    );
    let header = ["Group", "People compared", "Missed", "Added"].map(str::to_owned);
    let rows = measured.groups.iter().map(|g| {
        let name = format!("{}: {} = {}", g.source, g.column, g.value);
        vec![escaped(&name), shown(g.people), figure(g.missed), figure(g.added)]
    });
    page.table(&header, NUMBERS, rows);
}

fn figure(share: Option<ShareView>) -> String {
    share.map_or("–".to_owned(), |s| ratio(&s))
}
