//! Stage 5: verdicts in, counts out.
//!
//! In: the corpus, one verdict a response, the codebook. Out: a [`Summary`], plain data: the
//! account of every record, and for each source the themes by question and by group. Counts are
//! true here; what may be shown is the report's decision.
//! Must not know: vectors, report formats, raw text.

use std::collections::BTreeMap;

use crate::classify::Verdict;
use crate::codebook::Codebook;
use crate::ingest::{Kind, SourceSpec};
use crate::prepare::Corpus;

mod account;
pub mod interval;
mod measured;
mod quotes;
mod seen;
mod state;
mod tally;
mod together;
mod weighted;

pub use account::{Account, AccountError, SourceAccount, account};
pub use measured::{
    CodersAgreement, Correction, GroupErrors, Measured, SourceCorrections, measured,
};
pub use quotes::Quote;
pub use seen::unseen;
pub use state::{State, reject_reason};
pub use tally::{Scope, ThemeCount};
pub use together::{PairCount, Together};
pub use weighted::{SourceWeighted, Weighted, WeightedTheme};

/// Everything that was counted.
#[derive(Debug)]
pub struct Summary {
    /// Every record by state, a source at a time.
    pub account: Account,
    /// One entry a source, in the study's order.
    pub sources: Vec<SourceSummary>,
    /// What a gold sample says of the codes, where the study has one.
    pub measured: Option<Measured>,
}

/// The counts of one source.
#[derive(Debug)]
pub struct SourceSummary {
    /// How people were heard.
    pub kind: Kind,
    /// Files read.
    pub files: u64,
    /// All questions together.
    pub overall: Scope,
    /// Each question alone, in order; empty where there is one question or none.
    pub questions: Vec<Scope>,
    /// For each group column its values, ascending, with their counts over all questions.
    pub groups: Vec<Vec<(String, Scope)>>,
    /// The same tables by survey weights, where the study names a column of them.
    pub weighted: Option<SourceWeighted>,
    /// Which areas the same people raise; empty where the kind has no shares of people.
    pub together: Together,
    /// Candidate quotes by theme: (theme, quotes), the best first.
    pub quotes: Vec<(usize, Vec<Quote>)>,
}

/// Counts everything.
///
/// # Errors
/// [`AccountError`] where the states do not add up to the records read: the run must fail then.
pub fn aggregate(
    corpus: &Corpus,
    verdicts: &[Verdict],
    codebook: &Codebook,
    specs: &[SourceSpec],
) -> Result<Summary, AccountError> {
    use rayon::prelude::*;
    let account = account(corpus, verdicts, specs)?;
    let sources = specs.par_iter().enumerate();
    let sources = sources.map(|(i, spec)| source(i, spec, corpus, verdicts, codebook)).collect();
    Ok(Summary { account, sources, measured: None })
}

fn source(
    index: usize,
    spec: &SourceSpec,
    corpus: &Corpus,
    verdicts: &[Verdict],
    codebook: &Codebook,
) -> SourceSummary {
    let members = tally::members(corpus, verdicts, index, spec);
    let all: Vec<&tally::Member> = members.iter().collect();
    let of_question = |q: usize| -> Vec<&tally::Member> {
        members.iter().filter(|m| usize::from(m.response.question) == q).collect()
    };
    let asked: Vec<Vec<&tally::Member>> = match spec.questions.len() {
        0 | 1 => Vec::new(),
        n => (0..n).map(of_question).collect(),
    };
    let column = |column: usize| {
        let mut by_value: BTreeMap<&str, Vec<&tally::Member>> = BTreeMap::new();
        for member in &members {
            let value = corpus.participants[member.participant].groups[column].as_str();
            if !value.is_empty() {
                by_value.entry(value).or_default().push(member);
            }
        }
        by_value
    };
    let columns: Vec<BTreeMap<&str, Vec<&tally::Member>>> =
        (0..spec.groups.len()).map(column).collect();
    let weigh = |of: &Vec<&tally::Member>| weighted::scope(of, &corpus.participants, codebook);
    let weighted = spec.weight.is_some().then(|| SourceWeighted {
        overall: weigh(&all),
        questions: asked.iter().map(weigh).collect(),
        groups: columns.iter().map(|values| values.values().map(weigh).collect()).collect(),
    });
    let together = match spec.kind {
        Kind::Survey | Kind::Comments => {
            together::together(&members, spec.questions.len(), codebook)
        }
        Kind::FocusGroup | Kind::Interview | Kind::SessionNotes => Together::default(),
    };
    let count = |of: &Vec<&tally::Member>| tally::scope(of, codebook);
    let questions = asked.iter().map(count).collect();
    let groups = columns
        .iter()
        .map(|values| values.iter().map(|(value, of)| ((*value).to_owned(), count(of))).collect());
    SourceSummary {
        kind: spec.kind,
        files: corpus.files.iter().filter(|f| usize::from(f.source) == index).count() as u64,
        overall: count(&all),
        questions,
        weighted,
        together,
        groups: groups.collect(),
        quotes: quotes::candidates(&members, codebook),
    }
}
