//! The account: records read, records by state, and the proof that both agree.
//!
//! In: corpus and verdicts. Out: [`Account`], or an error that must end the run.
//! Must not know: themes, formats.

use std::collections::BTreeMap;

use super::State;
use crate::classify::Verdict;
use crate::ingest::SourceSpec;
use crate::prepare::{Corpus, Disposition};
use crate::text::Mark;

/// What was read and what became of it.
#[derive(Debug)]
pub struct Account {
    /// One entry a source: records read, responses expected from them, responses by state in
    /// the order of [`State::ALL`].
    pub sources: Vec<SourceAccount>,
    /// How often each redaction rule fired, in the order of [`Mark::ALL`].
    pub redactions: [u64; Mark::ALL.len()],
}

/// One source's part of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceAccount {
    /// Files read.
    pub files: u64,
    /// Rows or turns, as the readers counted them.
    pub rows: u64,
    /// Rows × questions, or turns.
    pub responses: u64,
    /// Responses by state.
    pub states: [u64; State::ALL.len()],
    /// Responses by language set aside, by the language's name.
    pub languages: BTreeMap<&'static str, u64>,
}

/// The states do not add up: a defect of the program, never of the data.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the ledger of source `{source_name}` does not add up: {expected} responses were read, {found} have a state"
)]
pub struct AccountError {
    /// The source.
    pub source_name: String,
    /// Rows × questions, or turns.
    pub expected: u64,
    /// Responses with a state.
    pub found: u64,
}

/// Counts states and compares them with what the readers counted on their own.
///
/// # Errors
/// [`AccountError`] for the first source that does not add up.
pub fn account(
    corpus: &Corpus,
    verdicts: &[Verdict],
    specs: &[SourceSpec],
) -> Result<Account, AccountError> {
    let mut sources = vec![SourceAccount::default(); specs.len()];
    for file in &corpus.files {
        let (source, spec) =
            (&mut sources[usize::from(file.source)], &specs[usize::from(file.source)]);
        source.files += 1;
        source.rows += u64::from(file.rows);
        source.responses += u64::from(file.rows) * spec.questions.len().max(1) as u64;
    }
    let mut redactions = [0; Mark::ALL.len()];
    for (response, verdict) in corpus.responses.iter().zip(verdicts) {
        let source = &mut sources[usize::from(response.source)];
        source.states[State::of(response, verdict) as usize] += 1;
        for edit in response.text.edits() {
            redactions[edit.mark as usize] += 1;
        }
        if let Disposition::UnsupportedLanguage(language) = &response.disposition {
            *source.languages.entry(language.name()).or_default() += 1;
        }
    }
    for (source, spec) in sources.iter().zip(specs) {
        let found = source.states.iter().sum();
        if found != source.responses {
            let (source_name, expected) = (spec.name.clone(), source.responses);
            return Err(AccountError { source_name, expected, found });
        }
    }
    Ok(Account { sources, redactions })
}
