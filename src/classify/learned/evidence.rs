//! Which segment of an answer carries a theme: the one whose removal costs the score most.
//!
//! In: coded responses. Out: the evidence of their codings, in place. A response of one segment
//! is its own evidence. Of a longer one each segment is left out in turn (occlusion; Zeiler and
//! Fergus 2014): evidence is the segment whose absence lowers the probability most, and every
//! other whose absence costs at least half as much. Must not know: files, reports.

use std::ops::Range;

use crate::encode;
use crate::prepare::{Corpus, Prepared};

use super::super::Verdict;
use super::{Learned, Piece, Units};

/// A coding whose evidence is to be found.
pub(super) struct Wanted {
    /// The response.
    pub(super) response: usize,
    /// The response whose words it has: itself, or the original of a copy.
    pub(super) of: usize,
    /// The theme.
    pub(super) theme: usize,
    /// The segments of the piece that carries it.
    pub(super) segments: Range<usize>,
}

/// Sets the evidence of every coding.
///
/// # Errors
/// The engine failed.
pub(super) fn find(
    corpus: &Corpus,
    wanted: &[Wanted],
    units: &Units,
    pieces: &[Vec<Piece>],
    learned: &mut Learned<'_, '_>,
    verdicts: &mut [Verdict],
) -> Result<(), encode::Error> {
    let mut without = Units::default();
    // The unit without each of the segments, or none where there is one segment.
    let mut places: Vec<Vec<usize>> = Vec::with_capacity(wanted.len());
    for want in wanted {
        let response = &corpus.responses[want.of];
        let piece = pieces[want.of].iter().find(|p| p.segments == want.segments);
        let context = piece.map_or("", |p| units.list[p.unit].context.as_str());
        let several = want.segments.len() > 1;
        let left_out = want.segments.clone().filter(|_| several);
        let number = |s| without.number(context, rest(response, &want.segments, s));
        places.push(left_out.map(number).collect());
    }
    let strengths = learned.strengths(&without.list, |_| ())?;
    let k = learned.trained.record.theme.len();
    for (want, places) in wanted.iter().zip(places) {
        let Verdict::Coded(codings) = &mut verdicts[want.response] else { continue };
        let Some(coding) = codings.iter_mut().find(|c| c.theme == want.theme) else { continue };
        let first = want.segments.start;
        let left: Vec<f32> = places.iter().map(|&unit| strengths[unit * k + want.theme]).collect();
        let chosen = choose(coding.score, &left);
        let segments = chosen.into_iter().map(|s| ((first + s) as u32, coding.score));
        coding.evidence = segments.collect();
    }
    Ok(())
}

/// Which segments carry a score, from what is left of it without each.
fn choose(score: f32, left: &[f32]) -> Vec<usize> {
    let Some(most) = left.iter().map(|l| score - l).reduce(f32::max) else { return vec![0] };
    let first = left.iter().position(|l| score - l >= most).unwrap_or(0);
    let carries = |&s: &usize| s == first || (most > 0.0 && score - left[s] >= most / 2.0);
    (0..left.len()).filter(carries).collect()
}

/// The words of a piece without one of its segments.
fn rest(response: &Prepared, piece: &Range<usize>, without: usize) -> String {
    let text = response.text.as_str();
    let range = |s: usize| {
        let bytes = &response.segments[s].bytes;
        bytes.start as usize..bytes.end as usize
    };
    let kept = piece.clone().filter(|&s| s != without).map(|s| text[range(s)].trim());
    kept.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn evidence_is_what_the_score_cannot_do_without() {
        assert_eq!(choose(0.9, &[0.2, 0.85, 0.5]), [0, 2]);
        assert_eq!(choose(0.9, &[0.88, 0.1]), [1]);
        // several segments say the same: without any one of them the score even rises
        assert_eq!(choose(0.9, &[0.95, 0.92, 0.97]), [1]);
        assert_eq!(choose(0.9, &[]), [0]);
    }
}
