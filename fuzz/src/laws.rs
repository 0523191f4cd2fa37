//! The laws: nothing lost, spans that lead back, equal answers to equal bytes, errors in one line.
//!
//! In: what the library answered. Out: nothing, or a panic that names the law.

use std::collections::BTreeSet;

use canvass::ingest::{Content, Error, Intake, Kind, Response, SourceSpec};
use canvass::prepare::{Corpus, prepare, redact};
use canvass::text::{Redacted, Verbatim};

/// Two reads of the same bytes answer the same.
pub fn same_answer(a: &Result<Intake, Error>, b: &Result<Intake, Error>) {
    // Debug of raw text shows its length, so this compares places, ids, people and lengths.
    assert_eq!(format!("{a:?}"), format!("{b:?}"), "two reads differ");
}

/// Records = accepted + rejected, every id once, every place and every person valid.
pub fn account(intake: &Intake, spec: &SourceSpec) {
    let n_questions = spec.questions.len().max(1);
    let rows: u64 = intake.files.iter().map(|f| u64::from(f.rows)).sum();
    let n = intake.responses.len() as u64;
    assert_eq!(n, rows * n_questions as u64, "records are accepted or rejected, none is lost");
    let ids: BTreeSet<&str> = intake.responses.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids.len() as u64, n, "an id stands twice");
    for response in &intake.responses {
        assert!(usize::from(response.question) < n_questions);
        assert!(usize::from(response.file) < intake.files.len());
        assert!(response.row > 0, "places count from 1");
        if let Some(person) = response.participant {
            assert!((person as usize) < intake.participants.len());
        }
    }
    let rejected = |r: &&Response| matches!(r.content, Content::Rejected(_));
    let n_rejected = intake.responses.iter().filter(rejected).count();
    assert_eq!(intake.rejects.len() * n_questions, n_rejected, "each rejected record is kept");
    for record in &intake.rejects {
        let Some(place) = &record.bytes else { continue };
        let size = intake.files[usize::from(record.file)].bytes;
        assert!(place.start <= place.end && place.end <= size, "a place outside of the file");
        assert_eq!(record.raw.len(), place.end - place.start, "not the bytes of its place");
    }
    for warning in &intake.warnings {
        assert!(!warning.contains('\n'), "a warning is one line");
    }
}

/// What `prepare` makes of it: segments in order that hold all but white space, and the same
/// corpus from an equal intake.
pub fn prepared(a: Intake, b: Intake, kind: Kind) {
    let (a, b) = (prepare(a, &[kind], &()), prepare(b, &[kind], &()));
    assert_eq!(a.uniques, b.uniques, "two runs differ");
    assert_eq!(format!("{:?}", a.responses), format!("{:?}", b.responses), "two runs differ");
    for response in &a.responses {
        segments(&a, response.text.as_str(), &response.segments);
    }
}

fn segments(corpus: &Corpus, text: &str, segments: &[canvass::prepare::Segment]) {
    let (mut at, mut point) = (0, 0);
    for segment in segments {
        let (start, end) = (segment.bytes.start as usize, segment.bytes.end as usize);
        assert!(at <= start && start < end && end <= text.len(), "segments ascend");
        assert!(text[at..start].trim().is_empty(), "only white space lies between segments");
        assert_eq!(text[start..end], corpus.uniques[segment.unique as usize], "a wrong unique");
        assert!(point <= segment.span.start && segment.span.start < segment.span.end);
        (at, point) = (end, segment.span.start);
    }
    assert!(segments.is_empty() || text[at..].trim().is_empty(), "words behind the last segment");
}

/// Redaction keeps every character that it does not mark, and its edits lead back to the original.
pub fn redaction(text: &str) {
    let redacted = redact(&Verbatim::new(text));
    assert_eq!(rebuilt(text, &redacted), text, "spans rebuild the text");
    let again = redact(&Verbatim::new(redacted.as_str()));
    assert_eq!(again.as_str(), redacted.as_str(), "redacting twice changes nothing");
}

/// The original: what stands between the labels, and at each label what its span covers.
fn rebuilt(original: &str, redacted: &Redacted) -> String {
    let original: Vec<char> = original.chars().collect();
    let shown: Vec<char> = redacted.as_str().chars().collect();
    let (mut out, mut at, mut was) = (String::new(), 0, 0);
    for edit in redacted.edits() {
        let (start, end) = (edit.redacted.start as usize, edit.redacted.end as usize);
        let (from, to) = (edit.original.start as usize, edit.original.end as usize);
        assert!(at <= start && was <= from && from < to && to <= original.len(), "edits ascend");
        assert_eq!(start - at, from - was, "an edit points to the wrong place");
        out.extend(&shown[at..start]);
        out.extend(&original[from..to]);
        let label: String = shown[start..end].iter().collect();
        assert_eq!(label, edit.mark.label());
        (at, was) = (end, to);
    }
    out.extend(&shown[at..]);
    out
}

/// An error is one line without control characters, and so is its remedy.
pub fn error(message: &str, hint: Option<&str>) {
    for line in [Some(message), hint].into_iter().flatten() {
        assert!(!line.is_empty() && !line.contains(['\n', '\r', '\u{1b}']), "no single line");
        assert!(line.len() < 4_000, "an error of {} bytes", line.len());
    }
}
