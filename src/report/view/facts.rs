//! The sentences of a report: templates over counted facts, nothing else.
//!
//! In: kinds, states, protected counts. Out: words. Every sentence must hold for any study.
//! Must not know: formats.

use super::{QuestionView, Shown, StateView, ThemeRow};
use crate::aggregate::{SourceSummary, State};
use crate::codebook::Codebook;
use crate::config::Quotes;
use crate::ingest::Kind;
use crate::model::trained::Record;
use crate::plan::MinCell;
use crate::report::words as report_words;
use crate::report::words::thousands;
use crate::stance::Stance;

/// What a kind of source is called and counted in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    /// The kind in words.
    pub(super) label: &'static str,
    /// People.
    pub(super) unit: &'static str,
    /// One of them.
    pub(super) one: &'static str,
    /// Files; empty for tables.
    pub(super) file_unit: &'static str,
    /// Whether shares of people mean anything.
    pub(super) shares: bool,
}

pub(super) fn words(kind: Kind) -> Words {
    let (label, unit, file_unit, shares) = match kind {
        Kind::Survey => ("Survey answers", "respondents", "", true),
        Kind::Comments => ("Written comments", "people who commented", "", true),
        Kind::FocusGroup => ("Focus groups", "speakers", "groups", false),
        Kind::Interview => ("Interviews", "people interviewed", "interviews", false),
        Kind::SessionNotes => ("Notes of sessions", "statements noted", "sessions", false),
    };
    let one = match kind {
        Kind::Survey => "respondent",
        Kind::Comments => "person who commented",
        Kind::FocusGroup => "speaker",
        Kind::Interview => "person interviewed",
        Kind::SessionNotes => "statement noted",
    };
    Words { label, unit, one, file_unit, shares }
}

/// The kind as it stands in study.toml.
pub(super) fn kind_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Survey => "survey",
        Kind::FocusGroup => "focus-group",
        Kind::Interview => "interview",
        Kind::SessionNotes => "session-notes",
        Kind::Comments => "comments",
    }
}

/// The states by which responses are told; with one more where, in some source, those without
/// content and those in another language are `merged`.
pub(super) fn states(merged: bool) -> Vec<StateView> {
    let mut states: Vec<StateView> = State::ALL.iter().map(|&s| state(s)).collect();
    if merged {
        states.insert(State::UnsupportedLanguage as usize + 1, either());
    }
    states
}

fn either() -> StateView {
    StateView {
        id: "no-content-or-language".into(),
        label: "No content or other language".into(),
        meaning: "One of the two states before, set aside, counted, not coded. Where so few \
                  answers of a source are in another language, or could be, that people might be \
                  recognised by it, the two are given as one number; ledger.csv has them apart."
            .into(),
    }
}

fn state(state: State) -> StateView {
    let (label, meaning) = match state {
        State::Coded => ("Coded", "Carries at least one theme of the codebook."),
        State::NoTheme => ("No theme", "Says something, but nothing that the codebook names."),
        State::Undecided => {
            ("Undecided", "So near the limit that the program asserts no theme and denies none.")
        }
        State::NoContent => {
            ("No content", "Blank, \"n/a\", a refusal, gibberish, or a mere sign of listening.")
        }
        State::UnsupportedLanguage => {
            ("Other language", "Not in English: counted and listed here, not coded.")
        }
        State::Duplicate => (
            "Duplicate",
            "Submitted twice by one person, or a long text that stands word for word in another \
             person's answer. Equal short answers of different people are not duplicates.",
        ),
        State::Moderator => ("Moderator", "Said by whoever asked the questions."),
        State::Rejected => {
            ("Rejected", "Could not be read; ledger.csv gives the place and reason.")
        }
    };
    StateView { id: state.id().into(), label: label.into(), meaning: meaning.into() }
}

/// How many people the source holds.
pub(super) fn base_sentence(base: Shown, counts: &SourceSummary, questions: usize) -> String {
    let words = words(counts.kind);
    let people = report_words::shown(base);
    let unit = match base {
        Shown::Exactly(1) => words.one,
        _ => words.unit,
    };
    if words.shares {
        let answers = match questions {
            0 | 1 => "an answer".to_owned(),
            n => format!("at least one answer to {n} questions"),
        };
        format!("{} {unit} gave {answers} that could be coded.", capital(&people))
    } else {
        format!(
            "{} {unit} in {} {} said something that could be coded.",
            capital(&people),
            counts.overall.files,
            singular(words.file_unit, counts.overall.files)
        )
    }
}

/// The areas and themes raised most, and the number of those nobody raised.
pub(super) fn findings(book: &Codebook, all: &QuestionView, words: &Words) -> Vec<String> {
    let mut sentences = Vec::new();
    for (level, what) in [(0u8, "areas"), (1, "single themes")] {
        let mut rows: Vec<&ThemeRow> = all.rows.iter().filter(|r| r.level == level).collect();
        rows.sort_by(|a, b| strength(b, all).total_cmp(&strength(a, all)));
        let named: Vec<String> = rows
            .iter()
            .filter(|r| r.share.is_some() || !words.shares && r.files > Some(0))
            .take(3)
            .map(|r| format!("{} ({})", book.themes[r.theme].label, evidence(r, all, words)))
            .collect();
        if !named.is_empty() {
            sentences.push(format!("Raised most, among {what}: {}.", named.join("; ")));
        }
    }
    if all.copies != Shown::Exactly(0) {
        sentences.push(format!(
            "Answers set aside because they say word for word what another one says: {}. Where that \
             changes a share and may be told, both are given.",
            report_words::shown(all.copies),
        ));
    }
    sentences
}

/// Which themes people praise, criticise and ask for, by the number of people who do.
pub(super) fn stances(book: &Codebook, all: &QuestionView, words: &Words) -> Vec<String> {
    const NAMED: usize = 3;
    let sentence = |(stance, what): (Stance, &str)| {
        let part = |row: &ThemeRow| {
            let told = row.stances.as_ref()?;
            let people = told.parts.iter().find(|p| p.stance == stance)?.people;
            Some((people, told.total(), row.theme))
        };
        let mut found: Vec<(u64, u64, usize)> = all.rows.iter().filter_map(part).collect();
        found.sort_by_key(|&(people, _, theme)| (std::cmp::Reverse(people), theme));
        let one = |(people, total, theme): &(u64, u64, usize)| {
            let (people, total) = (thousands(*people), thousands(*total));
            format!("{} ({people} of {total} {})", book.themes[*theme].label, words.unit)
        };
        let named: Vec<String> = found.iter().take(NAMED).map(one).collect();
        (!named.is_empty()).then(|| {
            format!("Of the themes whose parts can be told, most {what}: {}.", named.join("; "))
        })
    };
    let all = [
        (Stance::Positive, "praise"),
        (Stance::Negative, "criticism"),
        (Stance::Request, "requests"),
    ];
    all.into_iter().filter_map(sentence).collect()
}

fn strength(row: &ThemeRow, all: &QuestionView) -> f64 {
    row.share.map_or(row.files.unwrap_or(0) as f64 / all.file_base.max(1) as f64, |s| s.value)
}

/// `24 %, 95 % interval 19 to 29`, or `4 of 5 groups`.
fn evidence(row: &ThemeRow, all: &QuestionView, words: &Words) -> String {
    match row.share {
        Some(s) => {
            format!("{}, interval {}", report_words::percent(s.value), report_words::range(&s))
        }
        None => of_files(row.files.unwrap_or(0), all.file_base, words.file_unit),
    }
}

/// `4 of 5 groups`.
pub(super) fn of_files(k: u64, n: u64, unit: &str) -> String {
    format!("{k} of {n} {}", singular(unit, n))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn singular(unit: &str, n: u64) -> &str {
    if n == 1 { unit.strip_suffix('s').unwrap_or(unit) } else { unit }
}

pub(super) fn classifier(threshold: f32) -> String {
    format!(
        "Each answer was cut into sentences, and each sentence compared with every theme's \
         definition, notes and examples by a sentence encoder. Themes compete: a sentence carries \
         a theme when it is nearer to it than to the codebook's average by a margin of at least \
         {threshold:.2}, and the program abstains just below. An answer carries the themes of its \
         sentences. No coded answers were used."
    )
}

/// How a trained model codes, and how well it did on answers that it had not seen.
pub(super) fn learned(record: &Record) -> String {
    let (training, q) = (&record.training, &record.quality);
    let rare = record.theme.iter().filter(|t| !t.learned).count();
    let asked = if record.context.is_empty() { "" } else { " to the question that was asked" };
    let rest = match rare {
        0 => String::new(),
        1 => " One theme had too few coded answers to learn from and is coded by its definition."
            .into(),
        n => format!(
            " {n} themes had too few coded answers to learn from and are coded by their \
             definitions."
        ),
    };
    format!(
        "A model that learned from {} coded answers gave each answer{asked} a calibrated \
         probability for every theme; a theme is coded from its own threshold upwards. On coded \
         answers that it had not seen it agreed with the coders at F1 {:.2} over all codes and \
         {:.2} on the average theme, with a calibration error of {:.3}. Those answers came from \
         its training table: agreement on this study has to be measured on a sample of its \
         own.{rest} The evidence of a coding is the sentence without which its probability falls \
         most.",
        thousands(training.rows),
        q.micro_f1,
        q.macro_f1,
        q.calibration_error
    )
}

pub(super) fn quotes(quotes: Quotes) -> &'static str {
    match quotes {
        Quotes::None => "No quotes are shown.",
        Quotes::Reviewed => {
            "Only quotes that a named person released are shown; candidates stand in \
             quotes-for-review.csv."
        }
        Quotes::All => {
            "Quotes are shown without a person's release, as the study demands: for invented or \
             already public words only."
        }
    }
}

/// That a source has a smallest count of its own, and why.
pub(super) fn min_cell(name: &str, cell: &MinCell, own: u32) -> Option<String> {
    let reason =
        cell.reason.as_deref().map(|r| format!(" The study\u{2019}s reason: {}", closed(r)));
    let shown = match cell.min {
        min if min == own => return None,
        1 => "every count is shown, however small".to_owned(),
        min => format!("counts of people are shown from {} upwards", thousands(u64::from(min))),
    };
    let reason = reason.unwrap_or_default();
    Some(format!("{name}: {shown}; elsewhere the smallest count is {own}.{reason}"))
}

/// With a full stop at its end.
fn closed(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// What a study holds, as far as notes on its numbers go.
pub(super) struct Holds {
    /// Sources that show shares.
    pub(super) shares: bool,
    /// Groups of such sources.
    pub(super) groups: bool,
    /// Groups, interviews or sessions.
    pub(super) gatherings: bool,
    /// Codes of people beside the program's.
    pub(super) measured: bool,
}

/// What the numbers mean and do not mean.
pub(super) fn notes(study: &Holds) -> Vec<String> {
    let mut notes = vec![
        "The unit of every count is a person: somebody who says a thing five times counts once. An \
         area counts everybody who raised it or a theme inside it, so themes do not add up to \
         their area, nor areas to 100 %."
            .to_owned(),
        "A theme says what somebody spoke about. Whether it was praise, criticism or a request is \
         read by fixed rules from the words of the sentences that carry it. A part is told where \
         enough people stand behind it and enough are left over; all others are told in one number, \
         otherwise, which therefore says nothing of what they think, and where nearly all say the \
         same nothing is told. These rules have not been checked in this \
         study, and of answers that tell stories they misread more than of plain ones. In answers \
         about health services they decided in 78 of 100; of what they took for praise 99 in 100 \
         was, of what they took for criticism or a request 78 in 100. Irony is taken at its word."
            .to_owned(),
        "Sources are shown side by side and never added up: a survey, a focus group and a set of \
         notes were heard in different ways."
            .to_owned(),
        "In focus groups, interviews and notes of sessions a theme is counted by the groups, \
         interviews or sessions in which it was raised. Nothing here says how common it is among \
         people who were not there."
            .to_owned(),
        "Answers that tell of self-harm, threats, abuse or an officer's misconduct are listed for \
         those who follow them up, apart from this report, and are not quoted. The list is made by \
         words alone, in English and Spanish, and misses things."
            .to_owned(),
    ];
    if study.gatherings {
        notes.push(SATURATION.to_owned());
    }
    if study.shares {
        notes.push(
            "Shares have 95 % Wilson score intervals. They cover the chance of sampling alone: not \
             who chose to answer, and not the program's own errors."
                .to_owned(),
        );
        notes.push(
            "Which areas the same people raise is told only of sources of which every count is \
             shown, because one such pair can tell of others: among people who answered every \
             question, where each of the four parts (both, one, the other, neither) holds five \
             people and where p of no tie, times the number of pairs, is below .05."
                .to_owned(),
        );
        notes.push(match study.measured {
            true => {
                "The program's errors were measured against people's codes. A corrected share holds \
                 them, and its interval too; where there is none, the raw share stands alone."
            }
            false => "The program's own errors have not been measured in this study.",
        }.to_owned());
    }
    if study.shares && study.groups {
        notes.push(GROUPS.to_owned());
    }
    notes
}

const SATURATION: &str = "Saturation is the number of themes that come up in so many groups, \
    interviews or sessions, on average over all orders of them (rarefaction; Colwell and others \
    2012). It speaks of the codebook's themes that were found there: what the codebook does not \
    name cannot come up. Where a theme's count is protected none is given.";

const GROUPS: &str = "How groups differ: a share is compared with that of everyone else of its \
    source, where both are 30 people or more. The difference has Newcombe's 95 % interval (1998, \
    method 10); its p is that of the N − 1 chi-squared test, or of Fisher's exact test where less \
    than one person is expected, and is adjusted over all shares of the column (Benjamini and \
    Hochberg 1995). It is called clear where the interval leaves out zero and that p is below .05. \
    Where people's codes have corrected the shares of all values, and the source has no survey \
    weights, the corrected ones are compared: by the interval of Zou and Donner (2008), from which \
    p follows, so that it is rough where few answers were coded. Survey weights play no part. A \
    difference says nothing of its cause: groups differ in more than their name, and the program \
    may err more in one than in another.";
