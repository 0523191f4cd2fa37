//! Words for areas that the same people raise.
//!
//! In: a pair of the view. Out: sentences and the heads of columns, the same in every format.
//! Must not know: formats, how the pairs were chosen.

use super::view::{SourceView, TogetherRow, TogetherView};
use super::words::{percent, thousands};

/// The heading of the part.
pub const HEADING: &str = "What is said together";

/// Heads of the columns that name the pair.
pub const PAIR: [&str; 2] = ["Of those who raised", "Also raised"];

/// Heads of the columns with numbers: people who raised both, the share of the first area's people,
/// that of everybody else, the difference, the share of the second area's people who raised the first.
pub const NUMBERS: [&str; 5] = [
    "Raised both",
    "Share of them who also raised the second",
    "Share of everybody else who raised it",
    "Difference in points",
    "Of those who raised the second, share who raised the first",
];

/// `Of the 93 respondents who raised Response times, 41 (44 %) also raised Communication; of the
/// others 18 % did.`, by which `unit`, and the two labels.
pub fn sentence(unit: &str, row: &TogetherRow, [first, second]: [&str; 2]) -> String {
    format!(
        "Of the {} {unit} who raised {first}, {} ({}) also raised {second}; of the others {} did.",
        thousands(row.people),
        thousands(row.both),
        percent(row.among.value),
        percent(row.others.value),
    )
}

/// What such numbers do not say.
pub const LIMITS: &str = "That the same people raise two areas does not say that one brings about the \
    other: people who write much raise many areas, and the program may hear two areas in one \
    sentence. Both make ties. The shares are of the program's codes, neither corrected for its \
    errors nor weighted.";

/// What the part shows and what it does not, in a few sentences.
pub fn reading(source: &SourceView, pairs: &TogetherView) -> String {
    let who = match source.questions.len() {
        1 => format!("{} {}", thousands(pairs.base), source.unit),
        _ => format!("the {} {} who answered every question", thousands(pairs.base), source.unit),
    };
    let of = match pairs.compared {
        1 => "The only pair of areas".to_owned(),
        n => format!("Of {} pairs of areas the strongest ties", thousands(n)),
    };
    format!(
        "{of} that chance alone would hardly make, among {who}: areas that the same people raise more \
         often, or less often. {LIMITS}"
    )
}

#[cfg(test)]
mod tests {
    use super::super::html::fixture;
    use super::*;

    #[test]
    fn a_pair_reads_as_a_sentence() {
        let view = fixture::view();
        let mut row = view.sources[1].together.as_ref().unwrap().rows[0].clone();
        (row.people, row.both, row.among.value, row.others.value) = (2_366, 1_041, 0.44, 0.18);
        assert_eq!(
            sentence("respondents", &row, ["Lights", "Parks"]),
            "Of the 2,366 respondents who raised Lights, 1,041 (44\u{a0}%) also raised Parks; of \
             the others 18\u{a0}% did."
        );
    }
}
