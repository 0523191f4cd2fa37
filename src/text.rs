//! Leaf: the three forms that a person's words take on their way through the program.
//!
//! In: raw strings from the readers. Out: [`Verbatim`] (raw, cannot be printed, logged or
//! serialised), [`Redacted`] (what may be shown to the study's own staff) and [`Span`] (where
//! a piece of text stands in the original, in code points).
//! Must not know: files, themes, models, reports.

use std::fmt;

/// Raw respondent text, exactly as it stood in the file.
///
/// It has no `Display`, no `Serialize` and no `Clone`; its `Debug` shows the length alone, so
/// that neither a log line nor a panic message nor a report can carry it by accident. Only the
/// `prepare` stage looks inside, to redact it.
pub struct Verbatim(String);

impl Verbatim {
    /// Takes ownership of raw text as a reader found it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The raw text. Crate-private: callers are the `prepare` stage and `ingest` itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing but white space stands in the text.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Verbatim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verbatim({} bytes)", self.0.len())
    }
}

/// The bytes of a record that could not be read, at most [`RawBytes::KEPT`] of them.
///
/// Like [`Verbatim`] it has no `Display`, no `Serialize` and no `Clone`, and its `Debug` shows
/// lengths alone.
pub struct RawBytes {
    head: Vec<u8>,
    len: u64,
}

impl RawBytes {
    /// Bytes kept of a record.
    pub const KEPT: usize = 64 << 10;

    /// Keeps the head of a record's bytes and their number.
    pub(crate) fn new(record: &[u8]) -> Self {
        let head = record[..record.len().min(Self::KEPT)].to_vec();
        Self { head, len: record.len() as u64 }
    }

    /// Length of the whole record in bytes, kept or not.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the record has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The kept bytes, for the list of rejected records and for nothing else: they may hold
    /// somebody's words and name.
    pub(crate) fn expose_for_rejects_list(&self) -> &[u8] {
        &self.head
    }
}

impl fmt::Debug for RawBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawBytes({} bytes)", self.len)
    }
}

/// A half-open range `start..end` in code points of the original text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// What a redaction rule replaced. The order is the order of the columns in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// A street address (house number and street).
    Address,
    /// A badge, star, shield or unit number.
    Badge,
    /// A vehicle plate.
    Plate,
    /// A report, case, social-security, card or other long number that points to one person.
    Id,
    /// A name after a rank, a title or "my name is".
    Name,
}

impl Mark {
    /// Every kind, in the order of reports.
    pub const ALL: [Mark; 8] = [
        Mark::Email,
        Mark::Phone,
        Mark::Url,
        Mark::Address,
        Mark::Badge,
        Mark::Plate,
        Mark::Id,
        Mark::Name,
    ];

    /// The label that stands in the redacted text, brackets included.
    pub fn label(self) -> &'static str {
        match self {
            Mark::Email => "[EMAIL]",
            Mark::Phone => "[PHONE]",
            Mark::Url => "[URL]",
            Mark::Address => "[ADDRESS]",
            Mark::Badge => "[BADGE]",
            Mark::Plate => "[PLATE]",
            Mark::Id => "[ID]",
            Mark::Name => "[NAME]",
        }
    }
}

/// One replacement: where the label stands in the redacted text, and what it stands for in the
/// original, both in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Which rule fired.
    pub mark: Mark,
    /// The label's range in the redacted text.
    pub redacted: Span,
    /// The replaced range in the original text.
    pub original: Span,
}

/// Text with direct identifiers replaced by labels such as `[PHONE]`, and the way back to
/// positions (never to words) in the original.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redacted {
    text: String,
    edits: Vec<Edit>,
}

impl Redacted {
    /// Pairs redacted text with its edits, which must be ascending and must not overlap.
    pub(crate) fn new(text: String, edits: Vec<Edit>) -> Self {
        debug_assert!(edits.windows(2).all(|w| w[0].redacted.end <= w[1].redacted.start));
        Self { text, edits }
    }

    /// The redacted text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What was replaced, ascending.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The span in the original of a byte range of the redacted text.
    ///
    /// A range that touches a label covers the whole of what the label replaced.
    pub fn original_span(&self, bytes: std::ops::Range<usize>) -> Span {
        let start = self.text[..bytes.start].chars().count() as u32;
        let end = start + self.text[bytes].chars().count() as u32;
        Span { start: self.to_original(start, Edge::Start), end: self.to_original(end, Edge::End) }
    }

    /// The spans in the original of ascending byte ranges of the redacted text, in one pass.
    pub fn original_spans(&self, pieces: &[std::ops::Range<usize>]) -> Vec<Span> {
        let (mut byte, mut point) = (0, 0u32);
        let mut spans = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let start = point + self.text[byte..piece.start].chars().count() as u32;
            point = start + self.text[piece.clone()].chars().count() as u32;
            byte = piece.end;
            spans.push(Span {
                start: self.to_original(start, Edge::Start),
                end: self.to_original(point, Edge::End),
            });
        }
        spans
    }

    fn to_original(&self, at: u32, edge: Edge) -> u32 {
        let mut shift = 0i64;
        for e in &self.edits {
            if at >= e.redacted.end {
                shift = i64::from(e.original.end) - i64::from(e.redacted.end);
            } else if at > e.redacted.start {
                return match edge {
                    Edge::Start => e.original.start,
                    Edge::End => e.original.end,
                };
            } else {
                break;
            }
        }
        (i64::from(at) + shift) as u32
    }
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_raw_text_shows_its_length_only() {
        let raw = Verbatim::new("call me at 312-555-0147");
        assert_eq!(format!("{raw:?}"), "Verbatim(23 bytes)");
    }

    #[test]
    fn a_rejected_record_keeps_its_head_and_its_length_and_shows_neither() {
        let long = vec![b'x'; RawBytes::KEPT + 5];
        let raw = RawBytes::new(&long);
        assert_eq!(raw.expose_for_rejects_list().len(), RawBytes::KEPT);
        assert_eq!(raw.len(), RawBytes::KEPT as u64 + 5);
        assert_eq!(format!("{raw:?}"), "RawBytes(65541 bytes)");
    }

    #[test]
    fn spans_behind_a_label_point_into_the_original() {
        // original: "Ring 312-555-0147 now. Ok" -> "Ring [PHONE] now. Ok"
        let r = Redacted::new(
            "Ring [PHONE] now. Ok".into(),
            vec![Edit {
                mark: Mark::Phone,
                redacted: Span { start: 5, end: 12 },
                original: Span { start: 5, end: 17 },
            }],
        );
        assert_eq!(r.original_span(0..17), Span { start: 0, end: 22 });
        assert_eq!(r.original_span(18..20), Span { start: 23, end: 25 });
        assert_eq!(r.original_span(5..12), Span { start: 5, end: 17 });
        assert_eq!(r.original_span(7..12), Span { start: 5, end: 17 });
    }
}
