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
    "Share of them",
    "Share of the others",
    "Difference in points",
    "The other way round",
];

/// `Of the 93 respondents who raised Response times, 41 (44 %) also raised Communication; of the
/// others 18 % did.`, by how many `people` of which `unit` raised the first, and the two labels.
pub fn sentence(people: u64, unit: &str, row: &TogetherRow, [first, second]: [&str; 2]) -> String {
    format!(
        "Of the {} {unit} who raised {first}, {} ({}) also raised {second}; of the others {} did.",
        thousands(people),
        thousands(row.both),
        percent(row.among.value),
        percent(row.others.value),
    )
}

/// What the part shows and what it does not, in a few sentences.
pub fn reading(source: &SourceView, pairs: &TogetherView) -> String {
    let corrected = source.questions.iter().flat_map(|q| &q.rows).any(|r| r.corrected.is_some());
    let weighted = source.questions.iter().any(|q| q.effective_base.is_some());
    let plain = match (corrected, weighted) {
        (true, true) => " These shares are neither corrected for errors nor weighted.",
        (true, false) => " These shares are not corrected for errors.",
        (false, true) => " These shares are not weighted.",
        (false, false) => "",
    };
    let of = match pairs.compared {
        1 => "the only pair of areas".to_owned(),
        n => format!("{} pairs of areas", thousands(n)),
    };
    format!(
        "Areas that the same {} raise more often, or less often, than chance would have it, over all \
         questions together, by the codes that the program gave. Of {of} these are the strongest \
         ties. A tie that follows from others, or that would tell of few people, is left out, so that \
         a pair that is not here may still be tied. That two areas are raised together does not say \
         that one brings about the other.{plain}",
        source.unit
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
        (row.both, row.among.value, row.others.value) = (1_041, 0.44, 0.18);
        assert_eq!(
            sentence(2_366, "respondents", &row, ["Lights", "Parks"]),
            "Of the 2,366 respondents who raised Lights, 1,041 (44\u{a0}%) also raised Parks; of \
             the others 18\u{a0}% did."
        );
    }
}
