//! The tables of the workbook that list: account, themes, quotes, codebook.
//!
//! In: the view. Out: one [`Grid`] each. Must not know: cells' looks.

use super::grid::{Cell, Column, Grid, Row, numbers, words};
use crate::report::view::{
    AccountRow, CorrectedView, QuestionView, ShareView, Shown, SourceView, ThemeRow, View,
};
use crate::report::words::{has_corrected, has_weighted, label, read};
use crate::stance::Stance;

/// Place of the table of themes among the grids.
pub(super) const THEMES: usize = 2;

pub(super) fn plain(cells: Vec<Cell>) -> Row {
    cells.into_iter().map(|c| (c, 0)).collect()
}

pub(super) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// An area in bold, a theme behind a step.
pub(super) fn name(view: &View, theme: usize, level: u8) -> Cell {
    let label = label(view, theme).to_owned();
    if level == 0 { Cell::Strong(label) } else { Cell::Indented(label) }
}

/// What was read, source by source.
pub(super) fn account(view: &View) -> Grid {
    let account = &view.account;
    let mut columns =
        vec![words("Source", 34.0), numbers("Files", 8.0), numbers("Rows and turns", 11.0)];
    columns.extend(account.states.iter().map(|s| numbers(&s.label, 12.0)));
    columns.push(numbers("All responses", 12.0));
    let row = |r: &AccountRow| {
        let mut cells = vec![text(&r.name), Cell::Number(r.files), Cell::count(r.rows)];
        cells.extend(r.states.iter().map(|&n| Cell::count(n)));
        cells.push(Cell::count(r.responses));
        plain(cells)
    };
    Grid {
        name: "Sources and states".into(),
        title: "What was read, and what became of it".into(),
        reading: read(account).concat(),
        fixed: 1,
        columns,
        rows: account.lines().map(row).collect(),
    }
}

/// What the states mean, what was redacted, which languages were set aside.
pub(super) fn states(view: &View) -> Grid {
    let account = &view.account;
    let state = |s: &crate::report::view::StateView| {
        plain(vec![text("State"), text(&s.label), text(&s.meaning), Cell::Empty])
    };
    let counted = |kind: &str, meaning: &str, items: &[(String, Shown)]| -> Vec<Row> {
        let one = |(name, n): &(String, Shown)| {
            plain(vec![text(kind), text(name), text(meaning), Cell::count(*n)])
        };
        items.iter().map(one).collect()
    };
    let mut rows: Vec<Row> = account.states.iter().map(state).collect();
    let taken = "Taken out of the text and replaced by this mark before anything else.";
    rows.extend(counted("Redaction", taken, &account.redactions));
    let aside = "Answers in this language were read and counted, but not coded.";
    rows.extend(counted("Language set aside", aside, &account.languages));
    Grid {
        name: "Words".into(),
        title: "What the states mean; what was redacted and set aside".into(),
        reading: String::new(),
        fixed: 0,
        columns: vec![
            words("What", 20.0),
            words("Name", 20.0),
            words("Meaning", 90.0),
            numbers("How often", 12.0),
        ],
        rows,
    }
}

/// Every area and theme of every question.
pub(super) fn themes(view: &View) -> Grid {
    let extra = extra(view);
    let mut rows = Vec::new();
    for source in &view.sources {
        for question in &source.questions {
            rows.extend(question.rows.iter().map(|r| {
                let mut row = theme_row(view, source, question, r);
                row.extend(plain(more(&extra, r.corrected, r.weighted)));
                row
            }));
        }
    }
    Grid {
        name: "Themes by source".into(),
        title: "Areas and themes by source and question".into(),
        reading: "Sources are never added up. An area counts everybody who raised it or a theme \
                  inside it. Low and high are the ends of the 95 % interval of a share."
            .into(),
        fixed: 0,
        columns: [
            words("Source", 24.0),
            words("Perspective", 13.0),
            words("Question", 34.0),
            words("Level", 8.0),
            words("Area or theme", 36.0),
            words("Theme id", 24.0),
            numbers("Share", 11.0),
            numbers("Low", 11.0),
            numbers("High", 11.0),
            numbers("People who raised it", 14.0),
            numbers("People in all", 14.0),
            words("People are", 20.0),
            numbers("Raised in", 18.0),
            numbers("Share with copies", 10.0),
            numbers("People with copies", 10.0),
            numbers("Praise", 10.0),
            numbers("Criticism", 10.0),
            numbers("Praise and criticism", 11.0),
            numbers("Requests", 10.0),
            numbers("Otherwise", 10.0),
        ]
        .into_iter()
        .chain(further(&extra))
        .collect(),
        rows,
    }
}

fn theme_row(view: &View, source: &SourceView, question: &QuestionView, row: &ThemeRow) -> Row {
    let [share, low, high] =
        if source.shares { Cell::share(row.share) } else { std::array::from_fn(|_| Cell::Empty) };
    let files = !source.shares && !source.file_unit.is_empty();
    let mut cells = vec![
        text(&source.name),
        text(&source.perspective),
        text(&question.text),
        text(level(row.level)),
        name(view, row.theme, row.level),
        text(view.themes.get(row.theme).map_or("", |t| &t.id)),
        share,
        low,
        high,
        Cell::count(row.participants),
        Cell::count(question.base),
        text(&source.unit),
        match row.files {
            _ if !files => Cell::Empty,
            Some(n) => Cell::Of(n, question.file_base, source.file_unit.clone()),
            None => Cell::Protected("not shown".into()),
        },
        row.share_with_copies.map_or(Cell::Empty, Cell::Share),
        row.with_copies.map_or(Cell::Empty, Cell::count),
    ];
    cells.extend(stances(row));
    plain(cells)
}

/// Which further shares the study has: corrected for errors, by survey weights.
pub(super) fn extra(view: &View) -> [bool; 2] {
    let questions = || view.sources.iter().flat_map(|s| &s.questions);
    [questions().any(has_corrected), questions().any(has_weighted)]
}

/// Their columns.
pub(super) fn further([corrected, weights]: &[bool; 2]) -> Vec<Column> {
    let heads = |what: &str, are: bool| {
        let all = ["share", "low", "high"].map(|end| numbers(&format!("{what} {end}"), 11.0));
        all.into_iter().take(if are { 3 } else { 0 })
    };
    heads("Corrected", *corrected).chain(heads("Weighted", *weights)).collect()
}

/// Their cells.
pub(super) fn more(
    [corrected, weights]: &[bool; 2],
    of_errors: Option<CorrectedView>,
    of_weights: Option<ShareView>,
) -> Vec<Cell> {
    let ends = |share: Option<ShareView>| match share {
        Some(s) => [s.value, s.low, s.high].map(Cell::Share),
        None => std::array::from_fn(|_| Cell::Empty),
    };
    let of_errors = match of_errors {
        Some(CorrectedView::Share { share, .. }) => ends(Some(share)),
        Some(CorrectedView::TooFew) => {
            [Cell::Protected("too few to correct".into()), Cell::Empty, Cell::Empty]
        }
        None => ends(None),
    };
    let mut cells = Vec::new();
    cells.extend(of_errors.into_iter().filter(|_| *corrected));
    cells.extend(ends(of_weights).into_iter().filter(|_| *weights));
    cells
}

/// People by what they say of a theme, where that is told; last, everybody else.
fn stances(row: &ThemeRow) -> [Cell; 5] {
    let of = |stance: Stance| {
        let told = row.stances.as_ref()?;
        match stance {
            Stance::Unclear => Some(told.rest),
            of => told.parts.iter().find(|p| p.stance == of).map(|p| p.people),
        }
    };
    Stance::ALL.map(|stance| of(stance).map_or(Cell::Empty, Cell::Number))
}

pub(super) fn level(level: u8) -> &'static str {
    if level == 0 { "Area" } else { "Theme" }
}

/// The quotes that may be shown.
pub(super) fn quotes(view: &View) -> Grid {
    let mut rows = Vec::new();
    for source in &view.sources {
        for row in source.questions.iter().flat_map(|q| &q.rows) {
            for quote in &row.quotes {
                rows.push(plain(vec![
                    text(&source.name),
                    text(&source.perspective),
                    text(label(view, row.theme)),
                    text(&quote.text),
                ]));
            }
        }
    }
    Grid {
        name: "Quotes".into(),
        title: "What people said, in their own words".into(),
        reading: view.methods.quotes.clone(),
        fixed: 0,
        columns: vec![
            words("Source", 26.0),
            words("Perspective", 14.0),
            words("Area or theme", 36.0),
            words("Quote", 95.0),
        ],
        rows,
    }
}

/// What each theme covers.
pub(super) fn codebook(view: &View) -> Grid {
    let row = |t: &crate::report::view::ThemeView| {
        let (level, area) = match t.parent {
            None => ("Area", String::new()),
            Some(parent) => ("Theme", label(view, parent).to_owned()),
        };
        let name = if t.parent.is_none() { Cell::Strong } else { Cell::Indented };
        plain(vec![
            name(t.label.clone()),
            text(&t.id),
            text(level),
            Cell::Text(area),
            text(&t.definition),
            Cell::Text(t.tags.join("\n")),
        ])
    };
    let columns: Vec<Column> = vec![
        words("Area or theme", 36.0),
        words("Theme id", 24.0),
        words("Level", 8.0),
        words("In the area", 30.0),
        words("What it covers", 80.0),
        words("Tags", 36.0),
    ];
    Grid {
        name: "Codebook".into(),
        title: "What each area and theme covers".into(),
        reading: "A coder, human or program, goes by these words.".into(),
        fixed: 1,
        columns,
        rows: view.themes.iter().map(row).collect(),
    }
}
