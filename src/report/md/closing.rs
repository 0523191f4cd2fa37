//! The end of the report: what bears on the plan, methods and limits, the codebook.
//!
//! In: the view. Out: Markdown. Must not know: single sources.

use super::escape::escaped;
use super::{Page, WORDS};
use crate::report::html::methods::LIMITS;
use crate::report::html::plan::by_perspective;
use crate::report::view::{PlanTag, View};
use crate::report::words::{label, no_plan, smallest};

pub(super) fn plan(page: &mut Page, view: &View) {
    page.section("For the plan");
    if view.plans.iter().all(|plan| plan.tags.is_empty()) {
        page.block(no_plan(view));
        return;
    }
    page.block(
        "What people raised, sorted by the part of the plan it bears on. The last four columns \
         are empty: they are for you to fill in. The tags come from the codebook. That a theme \
         stands here says that people raised it, not what should be done about it.",
    );
    for plan in &view.plans {
        page.heading(3, &escaped(&plan.group));
        for tag in &plan.tags {
            plan_table(page, view, tag);
        }
    }
}

fn plan_table(page: &mut Page, view: &View, tag: &PlanTag) {
    page.heading(4, &escaped(&tag.label));
    if tag.rows.is_empty() {
        page.block("Nobody raised a theme with this tag.");
        return;
    }
    let header = ["Theme", "Evidence by perspective", "Owner", "Action", "Measure", "Date"];
    let rows = tag.rows.iter().map(|row| {
        let evidence: Vec<String> = by_perspective(&view.matrix.columns, &row.cells)
            .into_iter()
            .map(|(perspective, cells)| {
                let cells: Vec<String> = cells
                    .into_iter()
                    .map(|(column, cell)| {
                        format!("{} ({})", escaped(&cell.text), escaped(&column.source))
                    })
                    .collect();
                format!("**{}**: {}", escaped(perspective), cells.join(", "))
            })
            .collect();
        let mut cells = vec![escaped(label(view, row.theme)), evidence.join("<br>")];
        cells.resize(header.len(), String::new());
        cells
    });
    page.table(&header.map(str::to_owned), WORDS, rows);
}

pub(super) fn methods(page: &mut Page, view: &View) {
    let methods = &view.methods;
    page.section("Methods and limits");
    page.list([
        format!("**How answers were coded**: {}", escaped(&methods.classifier)),
        format!("**Codebook**: {}", escaped(&methods.codebook)),
        format!("**Quotes**: {}", escaped(&methods.quotes)),
        format!("**Smallest count of people shown**: {}", escaped(&smallest(view))),
        format!("**Engine**: {}", escaped(&methods.engine)),
        format!("**Program**: {}", escaped(&methods.program)),
    ]);
    page.heading(3, "What the numbers mean, and what they do not");
    let limits = LIMITS.iter().map(|limit| escaped(limit));
    page.list(methods.notes.iter().map(|note| escaped(note)).chain(limits));
}

pub(super) fn codebook(page: &mut Page, view: &View) {
    page.section("Codebook");
    if view.themes.is_empty() {
        page.block("The codebook holds no theme.");
        return;
    }
    page.list(view.themes.iter().map(|theme| {
        let tags: Vec<String> = theme.tags.iter().map(|tag| escaped(tag)).collect();
        let mut line = format!("**{}**: {}", escaped(&theme.label), escaped(&theme.definition));
        if !tags.is_empty() {
            line.push_str(&format!(" *{}*", tags.join(", ")));
        }
        if theme.parent.is_some() { format!("– {line}") } else { line }
    }));
}
