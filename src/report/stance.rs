//! Words for what people think of a theme.
//!
//! In: the parts of a theme that are told. Out: words, the same in every format.
//! Must not know: formats, how the parts were chosen.

use super::view::{MatrixCell, QuestionView, SourceView, StanceView, ThemeRow, View};
use super::words::{percent, thousands};
use crate::stance::Stance;

/// The head of the column.
pub const HEAD: &str = "What they say of it";

/// The column's name for a stance.
pub fn name(stance: Stance) -> &'static str {
    match stance {
        Stance::Positive => "praise",
        Stance::Negative => "criticism",
        Stance::Mixed => "praise and criticism",
        Stance::Request => "requests",
        Stance::Unclear => "unclear",
    }
}

/// Whether any theme of a question has parts that are told.
pub fn has_stances(question: &QuestionView) -> bool {
    question.rows.iter().any(|row| row.stances.is_some())
}

/// The parts of a theme: `criticism 45 %, requests 30 %, otherwise 25 %`; numbers of people where
/// the source has no shares; `not told` where nothing is, and nothing for areas, of which it never
/// is.
pub fn parts(view: &View, source: &SourceView, row: &ThemeRow) -> String {
    let is_area = || view.themes.iter().any(|t| t.parent == Some(row.theme));
    let told = match &row.stances {
        Some(told) => told,
        None if is_area() => return String::new(),
        None => return "not told".to_owned(),
    };
    let total = told.total();
    let number = |n: u64| match source.shares {
        true => percent(n as f64 / total as f64),
        false => thousands(n),
    };
    let mut parts: Vec<String> =
        told.parts.iter().map(|p| format!("{} {}", name(p.stance), number(p.people))).collect();
    // Rounded parts and the rest make 100.
    let rounded = |n: u64| (n as f64 / total as f64 * 100.0).round() as u64;
    let left = 100u64.saturating_sub(told.parts.iter().map(|p| rounded(p.people)).sum());
    if told.rest > 0 {
        let rest = match left {
            1..100 if source.shares => percent(left as f64 / 100.0),
            _ => number(told.rest),
        };
        parts.push(format!("otherwise {rest}"));
    }
    parts.join(", ")
}

/// What more than half of a theme's people say of it.
pub(super) fn direction(told: &StanceView) -> Option<String> {
    let most = told.parts.iter().find(|p| 2 * p.people > told.total())?;
    Some(format!("mostly {}", name(most.stance)))
}

/// A cell of the plan: `24 %, mostly criticism`.
pub fn evidence(cell: &MatrixCell) -> String {
    match &cell.direction {
        Some(direction) => format!("{}, {direction}", cell.text),
        None => cell.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::StancePart;
    use super::*;

    fn told(parts: &[(Stance, u64)], rest: u64) -> StanceView {
        let part = |&(stance, people): &(Stance, u64)| StancePart { stance, people };
        StanceView { parts: parts.iter().map(part).collect(), rest }
    }

    #[test]
    fn only_a_majority_of_all_is_a_direction() {
        let all = [(Stance::Negative, 30), (Stance::Request, 12)];
        assert_eq!(direction(&told(&all, 11)).as_deref(), Some("mostly criticism"));
        assert_eq!(direction(&told(&all, 20)), None);
    }
}
