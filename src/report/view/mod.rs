//! What every format shows, decided once: labels, order, rounding and the protection of small
//! cells. Formats only lay it out; none of them sees an unprotected count.
//!
//! In (see `build.rs`): the study's summary. Out: [`View`], plain data.
//! Must not know: HTML, Markdown, CSV, files, raw text.

use serde::{Deserialize, Serialize};

use crate::stance::Stance;

mod build;
mod differences;
mod facts;
mod groups;
mod matrix;
mod measured;
mod saturation;
mod together;
mod weighted;

pub use crate::disclosure::Shown;
pub use build::build;
pub use differences::DifferenceView;
pub(in crate::report) use measured::shares_corrected;
pub use measured::{CorrectedView, ErrorRow, MeasuredView, QualityRow};
pub use together::{TogetherRow, TogetherView};

/// A whole report.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// The study's title.
    pub title: String,
    /// A line that the study demands on every report, such as that its people are invented.
    pub notice: Option<String>,
    /// Whether human codes checked the machine's; unvalidated reports say so on every page.
    pub validated: bool,
    /// What human codes say of the machine's, where there are any.
    pub measured: Option<MeasuredView>,
    /// The account of every row and turn.
    pub account: AccountView,
    /// The sources, in the study's order. Never pooled.
    pub sources: Vec<SourceView>,
    /// Themes by perspective.
    pub matrix: MatrixView,
    /// Themes by what they mean for the plan, one entry a tag group (`plan-element` …).
    pub plans: Vec<PlanView>,
    /// The codebook, in its order; other parts refer to it by index.
    pub themes: Vec<ThemeView>,
    /// How the numbers came about.
    pub methods: MethodsView,
    /// Things that a reader should know, in a fixed order.
    pub warnings: Vec<String>,
}

/// The account: every record that was read has exactly one state.
#[derive(Debug, Clone, Serialize)]
pub struct AccountView {
    /// One line a source.
    pub rows: Vec<AccountRow>,
    /// Their sum, without the sources that are `left_out`.
    pub total: AccountRow,
    /// Sources whose number of rows or responses is not given, and so not in the sum.
    pub left_out: Vec<String>,
    /// Names of the states, in the order of [`AccountRow::states`]: coded, no theme, undecided,
    /// no content, unsupported language, one of these two (where a source does not tell them
    /// apart), duplicate, moderator, rejected.
    pub states: Vec<StateView>,
    /// What the redaction rules replaced: (label such as `[PHONE]`, how often), zeros left out.
    pub redactions: Vec<(String, Shown)>,
    /// Languages that were set aside: (name, answers), most frequent first, those whose number is
    /// protected last.
    pub languages: Vec<(String, Shown)>,
}

impl AccountView {
    /// The sum, where any source is in it.
    pub fn summed(&self) -> Option<&AccountRow> {
        (self.left_out.len() < self.rows.len()).then_some(&self.total)
    }

    /// The sources, then their sum.
    pub fn lines(&self) -> impl Iterator<Item = &AccountRow> {
        self.rows.iter().chain(self.summed())
    }
}

/// A state's name and what it means, in one sentence.
#[derive(Debug, Clone, Serialize)]
pub struct StateView {
    /// The id in `ledger.csv`, such as `no-content`.
    pub id: String,
    /// The name in reports.
    pub label: String,
    /// What it means.
    pub meaning: String,
}

/// One line of the account.
#[derive(Debug, Clone, Serialize)]
pub struct AccountRow {
    /// The source's name; for the sum `All sources`, or `Sum of the others`.
    pub name: String,
    /// Files read.
    pub files: u64,
    /// Rows of tables and turns of transcripts that were read.
    pub rows: Shown,
    /// Responses: rows × questions, or turns. The states add up to it.
    pub responses: Shown,
    /// Responses by state.
    pub states: Vec<Shown>,
}

/// One source's synthesis.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView {
    /// An id for links, such as `source-1`.
    pub anchor: String,
    /// Its name.
    pub name: String,
    /// `survey`, `focus-group`, `interview`, `session-notes` or `comments`.
    pub kind: String,
    /// The kind in words, such as `Online survey answers` or `Focus groups`.
    pub kind_label: String,
    /// Whose perspective it is.
    pub perspective: String,
    /// What is counted: `respondents`, `speakers`, `statements`, `people who commented`.
    pub unit: String,
    /// What a file is: `groups`, `interviews`, `sessions`; empty for tables.
    pub file_unit: String,
    /// Whether shares of people are shown (surveys and comments) or "in k of n groups" (the rest).
    pub shares: bool,
    /// The smallest count of its people that is shown.
    pub min_cell: u32,
    /// Why that is not the study's own, in the study's words.
    pub min_cell_reason: Option<String>,
    /// How many people, groups and answers the source holds, in one sentence.
    pub base_sentence: String,
    /// A few sentences of counted facts, each built from numbers shown elsewhere in the report.
    pub findings: Vec<String>,
    /// How fast its themes came up, over its groups, interviews or sessions; absent where any of
    /// them is protected, and where there are few.
    pub saturation: Option<SaturationView>,
    /// Areas that the same people raise; absent where no pair is told.
    pub together: Option<TogetherView>,
    /// One table a question, and first, for several questions, one over all of them.
    pub questions: Vec<QuestionView>,
    /// Breakdowns by group column, over all questions.
    pub groups: Vec<GroupView>,
}

/// How many of a source's themes come up in its first files, averaged over all orders of them.
#[derive(Debug, Clone, Serialize)]
pub struct SaturationView {
    /// Files (groups, interviews, sessions).
    pub files: u64,
    /// Themes whose number of files is shown; areas are not among them.
    pub themes: usize,
    /// Those that came up in one file alone.
    pub once: usize,
    /// How many come up in 1, 2 … all files, on average.
    pub after: Vec<f64>,
}

/// Themes of one question, or of all questions of a source.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    /// An id for links.
    pub anchor: String,
    /// The question's wording, or `All questions together`.
    pub text: String,
    /// Participants with at least one answer that could be coded.
    pub base: Shown,
    /// How many people of equal survey weight the base is worth, where the study has weights.
    pub effective_base: Option<f64>,
    /// The number of files (groups, interviews, sessions) with such an answer.
    pub file_base: u64,
    /// Themes that at least one participant raised: areas by share, each followed by its themes
    /// by share. Themes nobody raised are left out.
    pub rows: Vec<ThemeRow>,
    /// Labels of themes that nobody raised.
    pub unraised: Vec<String>,
    /// Answers of campaigns that were set aside as copies; 0 where there are none.
    pub copies: Shown,
}

/// One theme in one question.
#[derive(Debug, Clone, Serialize)]
pub struct ThemeRow {
    /// Index into [`View::themes`].
    pub theme: usize,
    /// 0 for an area (its count covers its themes), 1 for a theme inside an area.
    pub level: u8,
    /// Participants who raised it, copies of campaigns set aside.
    pub participants: Shown,
    /// Files (groups, interviews, sessions) in which it was raised; absent where the count of
    /// people is protected, for one interview is one person.
    pub files: Option<u64>,
    /// Share of the base, 0 to 1; absent where the count is protected or the kind has no shares.
    pub share: Option<ShareView>,
    /// The share by survey weights, where the study has them and the raw one may be shown.
    pub weighted: Option<ShareView>,
    /// The share corrected for the program's errors, where a gold sample allows it and the raw
    /// one may be shown.
    pub corrected: Option<CorrectedView>,
    /// Participants with the copies counted too, where that differs.
    pub with_copies: Option<Shown>,
    /// The share with the copies counted too, where that differs.
    pub share_with_copies: Option<f64>,
    /// What its people say of it, where that may be told: in the first table of a source alone.
    pub stances: Option<StanceView>,
    /// Quotes that may be shown, at most a few.
    pub quotes: Vec<QuoteView>,
    /// Further sentences behind the count that may be shown: with the quotes at most ten.
    pub further: Vec<QuoteView>,
}

/// What a theme's people say of it. The parts and the rest add up to its count.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct StanceView {
    /// The parts that are told.
    pub parts: Vec<StancePart>,
    /// Everybody else: parts that are not told, and people whose words do not tell.
    pub rest: u64,
}

impl StanceView {
    /// All people of the theme.
    pub fn total(&self) -> u64 {
        self.rest + self.parts.iter().map(|p| p.people).sum::<u64>()
    }
}

/// People who say the same of a theme.
#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq)]
pub struct StancePart {
    /// What they say.
    pub stance: Stance,
    /// How many they are.
    pub people: u64,
}

/// A share and its 95 % interval (Wilson).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq)]
pub struct ShareView {
    /// The share, 0 to 1.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A quote: an exact piece of redacted text.
#[derive(Debug, Clone, Serialize)]
pub struct QuoteView {
    /// Its id: the response's id and the segment's number. In no output that is published.
    #[serde(skip)]
    pub id: String,
    /// The words.
    pub text: String,
}

/// A breakdown of shares by one column.
#[derive(Debug, Clone, Serialize)]
pub struct GroupView {
    /// The column, such as `District`.
    pub column: String,
    /// Its values that are large enough to be shown, in order, with their base.
    pub values: Vec<(String, Shown)>,
    /// One entry a value: how many people of equal survey weight its base is worth; empty where the
    /// study has no weights.
    pub effective: Vec<Option<f64>>,
    /// Values left out because too few people stand behind them.
    pub too_small: usize,
    /// Which values differ clearly from everybody else, in sentences; empty where no shares are
    /// shown.
    pub findings: Vec<String>,
    /// Themes (areas and themes as in the source's table) by value.
    pub rows: Vec<GroupRow>,
}

/// One theme across the values of a group column.
#[derive(Debug, Clone, Serialize)]
pub struct GroupRow {
    /// Index into [`View::themes`].
    pub theme: usize,
    /// 0 for an area, 1 for a theme.
    pub level: u8,
    /// One entry a value: the count and, where it may be shown, the share with its interval.
    pub cells: Vec<(Shown, Option<ShareView>)>,
    /// One entry a value: the share by survey weights; empty where the study has none.
    pub weighted: Vec<Option<ShareView>>,
    /// One entry a value: the corrected share, as in [`ThemeRow::corrected`].
    pub corrected: Vec<Option<CorrectedView>>,
    /// One entry a value: how its share differs from everybody else's; empty where the source has
    /// no shares.
    pub differences: Vec<Option<DifferenceView>>,
}

/// Themes by perspective, each source in its own column.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixView {
    /// Columns: (perspective, source's name, `shares` as in [`SourceView`]), grouped by perspective.
    pub columns: Vec<MatrixColumn>,
    /// Areas and their themes, in the codebook's order; themes that nobody raised are left out.
    pub rows: Vec<MatrixRow>,
    /// Sentences: what all perspectives raise, what only one raises.
    pub findings: Vec<String>,
}

/// One source in the matrix.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixColumn {
    /// Whose perspective.
    pub perspective: String,
    /// The source.
    pub source: String,
    /// Its link.
    pub anchor: String,
    /// Whether the cells are shares of people or files.
    pub shares: bool,
}

/// One theme across sources.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixRow {
    /// Index into [`View::themes`].
    pub theme: usize,
    /// 0 for an area, 1 for a theme.
    pub level: u8,
    /// One cell a column.
    pub cells: Vec<MatrixCell>,
}

/// How present a theme is in one source.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixCell {
    /// In words: `24 %`, `fewer than 11`, `4 of 5 groups`, `–` where nobody raised it.
    pub text: String,
    /// 0 (nobody) to 1, for the shade: the share, or files raised ÷ files. Protected cells: 0.05.
    pub strength: f64,
    /// What more than half of its people there say of it, in words, where that may be told.
    pub direction: Option<String>,
}

/// Themes by tag: what the evidence means for one part of the plan.
#[derive(Debug, Clone, Serialize)]
pub struct PlanView {
    /// The tag's group in words, such as `Plan element` or `Consent-decree section`.
    pub group: String,
    /// Its tags.
    pub tags: Vec<PlanTag>,
}

/// One tag and its themes.
#[derive(Debug, Clone, Serialize)]
pub struct PlanTag {
    /// In words, such as `Engagement and visibility`.
    pub label: String,
    /// Themes with the tag that anybody raised, as rows of the matrix.
    pub rows: Vec<MatrixRow>,
}

/// One theme of the codebook.
#[derive(Debug, Clone, Serialize)]
pub struct ThemeView {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Its definition.
    pub definition: String,
    /// Index of the area above it.
    pub parent: Option<usize>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// How the numbers came about.
#[derive(Debug, Clone, Serialize)]
pub struct MethodsView {
    /// Program and version.
    pub program: String,
    /// Codebook: title, number of themes, first 12 digits of its hash.
    pub codebook: String,
    /// Model, precision, instruction set.
    pub engine: String,
    /// How answers were compared with the codebook, in a few sentences.
    pub classifier: String,
    /// The smallest count of people that is shown, where a source has none of its own.
    pub min_cell: u32,
    /// Which quotes are shown, in a sentence.
    pub quotes: String,
    /// Further paragraphs: what the numbers mean and do not mean.
    pub notes: Vec<String>,
}
