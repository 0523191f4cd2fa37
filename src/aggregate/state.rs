//! The states of a response: every record that was read is in exactly one of them.
//!
//! In: what `prepare` and `classify` decided. Out: [`State`] and the reason in words for the
//! ledger. Must not know: counts, formats. The reason never quotes the response.

use crate::classify::Verdict;
use crate::ingest::Reject;
use crate::prepare::{Disposition, Duplicate, NoContent, Prepared};

/// What became of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It carries at least one theme.
    Coded,
    /// It says something, none of the codebook.
    NoTheme,
    /// The program abstains.
    Undecided,
    /// Blank, "n/a", a refusal, gibberish.
    NoContent,
    /// Not in English.
    UnsupportedLanguage,
    /// Submitted twice by one participant, or a copy of a campaign's text.
    Duplicate,
    /// Said by whoever asked the questions.
    Moderator,
    /// Could not be read.
    Rejected,
}

impl State {
    /// Every state, in the order of reports.
    pub const ALL: [State; 8] = [
        State::Coded,
        State::NoTheme,
        State::Undecided,
        State::NoContent,
        State::UnsupportedLanguage,
        State::Duplicate,
        State::Moderator,
        State::Rejected,
    ];

    /// The id in files.
    pub fn id(self) -> &'static str {
        match self {
            State::Coded => "coded",
            State::NoTheme => "no-theme",
            State::Undecided => "undecided",
            State::NoContent => "no-content",
            State::UnsupportedLanguage => "unsupported-language",
            State::Duplicate => "duplicate",
            State::Moderator => "moderator",
            State::Rejected => "rejected",
        }
    }

    /// The state of a response.
    pub fn of(response: &Prepared, verdict: &Verdict) -> State {
        match (&response.disposition, verdict) {
            (Disposition::Codable, Verdict::Coded(_)) => State::Coded,
            (Disposition::Codable, Verdict::Undecided) => State::Undecided,
            (Disposition::Codable, _) => State::NoTheme,
            (Disposition::NoContent(_), _) => State::NoContent,
            (Disposition::UnsupportedLanguage(_), _) => State::UnsupportedLanguage,
            (Disposition::Duplicate(_), _) => State::Duplicate,
            (Disposition::Moderator, _) => State::Moderator,
            (Disposition::Rejected(_), _) => State::Rejected,
        }
    }

    /// Why a response is in its state, for the ledger; empty where the state says it all.
    pub fn reason(response: &Prepared, responses: &[Prepared]) -> String {
        let id = |of: u32| responses[of as usize].id.as_str();
        match &response.disposition {
            Disposition::Codable | Disposition::Moderator => String::new(),
            Disposition::NoContent(NoContent::Blank) => "blank".into(),
            Disposition::NoContent(NoContent::NothingToSay) => "nothing to say".into(),
            Disposition::NoContent(NoContent::Gibberish) => "gibberish".into(),
            Disposition::NoContent(NoContent::Backchannel) => "backchannel".into(),
            Disposition::UnsupportedLanguage(language) => language.name().into(),
            Disposition::Duplicate(Duplicate::Resubmission { of }) => {
                format!("submitted twice, see {}", id(*of))
            }
            Disposition::Duplicate(Duplicate::Campaign { of }) => {
                format!("word for word as {}", id(*of))
            }
            Disposition::Rejected(reject) => reject_reason(reject),
        }
    }
}

/// Why a record was rejected, in words.
pub fn reject_reason(reject: &Reject) -> String {
    match reject {
        Reject::FieldCount { expected, found } => {
            format!("{found} fields, the header has {expected}")
        }
        Reject::OpenQuote => "a quote that is never closed".into(),
        Reject::NoTiming => "words without a timing above them".into(),
        Reject::BadTiming => "a caption whose timing is no time".into(),
        Reject::TooLong { bytes } => format!("a cell of {bytes} bytes"),
        Reject::Unreadable { why } => (*why).into(),
    }
}
