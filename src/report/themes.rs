//! `themes.csv`: every count of the report as a table for other programs.
//!
//! In: the view, so that what is protected in the report is protected here. Out: one row a
//! theme in a question or a group. Columns of corrected shares are empty where no gold sample
//! corrects them; so are those of praise, criticism and requests where they are not told, and
//! `otherwise` holds all others of the theme; so are those of weighted shares where the study has no
//! weights, and those of differences where no value of a group is compared with everybody else.
//! Must not know: true counts.

use super::cell::Table;
use super::view::{
    CorrectedView, GroupView, QuestionView, ShareView, Shown, SourceView, ThemeRow, View,
};
use crate::stance::Stance;

/// How many columns there are.
const COLUMNS: usize = 31;

pub(super) const HEADER: [&str; COLUMNS] = [
    "source",
    "question",
    "group",
    "theme",
    "label",
    "participants",
    "base",
    "share",
    "low",
    "high",
    "weighted_share",
    "weighted_low",
    "weighted_high",
    "effective_base",
    "corrected_share",
    "corrected_low",
    "corrected_high",
    "files",
    "files_base",
    "participants_with_copies",
    "share_with_copies",
    "positive",
    "negative",
    "mixed",
    "request",
    "otherwise",
    "difference",
    "difference_low",
    "difference_high",
    "difference_p_adjusted",
    "suppressed",
];

/// The file's bytes.
pub(super) fn render(view: &View) -> Vec<u8> {
    let mut table = Table::new(&HEADER);
    each_row(view, &mut |cells| table.row(cells));
    table.into_bytes()
}

/// Every row of the table, in order; nothing stands where a number is protected.
pub(super) fn each_row(view: &View, put: &mut dyn FnMut(&[String])) {
    for source in &view.sources {
        for question in &source.questions {
            for row in &question.rows {
                put(&question_cells(view, source, question, row));
            }
        }
        for group in &source.groups {
            group_rows(put, view, source, group);
        }
    }
}

fn question_cells(
    view: &View,
    source: &SourceView,
    q: &QuestionView,
    row: &ThemeRow,
) -> [String; COLUMNS] {
    let theme = &view.themes[row.theme];
    let [share, low, high] = share_of(row.share);
    let [weighted_share, weighted_low, weighted_high] = share_of(row.weighted);
    let [corrected_share, corrected_low, corrected_high] = corrected(row.corrected);
    let share_with_copies = match row.with_copies {
        Some(_) => row.share_with_copies,
        None => row.share.map(|s| s.value),
    };
    let [positive, negative, mixed, request, otherwise] = stances(row);
    [
        source.name.clone(),
        q.text.clone(),
        String::new(),
        theme.id.clone(),
        theme.label.clone(),
        count(row.participants),
        count(q.base),
        share,
        low,
        high,
        weighted_share,
        weighted_low,
        weighted_high,
        q.effective_base.map(number).unwrap_or_default(),
        corrected_share,
        corrected_low,
        corrected_high,
        row.files.map(|n| n.to_string()).unwrap_or_default(),
        q.file_base.to_string(),
        count(row.with_copies.unwrap_or(row.participants)),
        share_with_copies.map(number).unwrap_or_default(),
        positive,
        negative,
        mixed,
        request,
        otherwise,
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        suppressed(row.participants),
    ]
}

fn group_rows(put: &mut dyn FnMut(&[String]), view: &View, source: &SourceView, group: &GroupView) {
    let question = source.questions.first().map(|q| q.text.clone()).unwrap_or_default();
    for (i, (value, base)) in group.values.iter().enumerate() {
        for row in &group.rows {
            let (shown, of_base) = row.cells[i];
            let theme = &view.themes[row.theme];
            let [share, low, high] = share_of(of_base);
            let mut cells: [String; COLUMNS] = std::array::from_fn(|_| String::new());
            cells[0].clone_from(&source.name);
            cells[1].clone_from(&question);
            cells[2] = format!("{}={value}", group.column);
            cells[3].clone_from(&theme.id);
            cells[4].clone_from(&theme.label);
            cells[5] = count(shown);
            cells[6] = count(*base);
            (cells[7], cells[8], cells[9]) = (share, low, high);
            let weighted = row.weighted.get(i).copied().flatten();
            [cells[10], cells[11], cells[12]] = share_of(weighted);
            let effective = group.effective.get(i).copied().flatten();
            cells[13] = effective.map(number).unwrap_or_default();
            let of_value = row.corrected.get(i).copied().flatten();
            [cells[14], cells[15], cells[16]] = corrected(of_value);
            if let Some(d) = row.differences.get(i).copied().flatten() {
                [cells[26], cells[27], cells[28]] = share_of(Some(d.points));
                cells[29] = number(d.p_adjusted);
            }
            cells[COLUMNS - 1] = suppressed(shown);
            put(&cells);
        }
    }
}

/// People by what they say of a theme; nothing where that is not told.
fn stances(row: &ThemeRow) -> [String; 5] {
    let Some(told) = &row.stances else { return std::array::from_fn(|_| String::new()) };
    std::array::from_fn(|at| match Stance::ALL[at] {
        Stance::Unclear => told.rest.to_string(),
        stance => {
            let part = told.parts.iter().find(|p| p.stance == stance);
            part.map(|p| p.people.to_string()).unwrap_or_default()
        }
    })
}

/// A number, or nothing where it is protected.
fn count(shown: Shown) -> String {
    match shown {
        Shown::Exactly(n) => n.to_string(),
        Shown::FewerThan(_) | Shown::Withheld => String::new(),
    }
}

fn suppressed(shown: Shown) -> String {
    let open = matches!(shown, Shown::Exactly(_));
    if open { "no".into() } else { "yes".into() }
}

fn share_of(share: Option<ShareView>) -> [String; 3] {
    match share {
        Some(s) => [number(s.value), number(s.low), number(s.high)],
        None => std::array::from_fn(|_| String::new()),
    }
}

fn corrected(corrected: Option<CorrectedView>) -> [String; 3] {
    match corrected {
        Some(CorrectedView::Share { share: s, .. }) => share_of(Some(s)),
        _ => share_of(None),
    }
}

fn number(x: f64) -> String {
    format!("{x:.6}")
}
