//! What can go wrong while files are read: one variant a remedy.
//!
//! In: the place of the fault. Out: a message of one line (lower case, no full stop, names in
//! backticks) and, through [`Error::hint`], what to do about it.
//! Must not know: what respondents wrote; a message never quotes a cell or a turn.

use super::Kind;

/// What a column was wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It identifies the row.
    Id,
    /// It holds the answers.
    Question,
    /// Shares are broken down by it.
    Group,
    /// It identifies the person.
    Participant,
    /// It says how many people a row stands for.
    Weight,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Role::Id => "id",
            Role::Question => "question",
            Role::Group => "group",
            Role::Participant => "participant",
            Role::Weight => "weight",
        })
    }
}

/// Why the files of a study could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is missing, no file, or not permitted.
    #[error("`{file}` cannot be opened: {}", reason(source))]
    Open {
        /// The path as shown.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A pipe, a device, a folder.
    #[error("`{file}` is no file with bytes of its own")]
    NoFile {
        /// The path as shown.
        file: String,
    },
    /// Somebody wrote to the file, or cut it.
    #[error("`{file}` changed while it was read")]
    Changed {
        /// The path as shown.
        file: String,
    },
    /// No bytes, or only white space.
    #[error("`{file}` is empty")]
    Empty {
        /// The path as shown.
        file: String,
    },
    /// A table without data rows.
    #[error("`{file}` has no rows below the header in row {row}")]
    HeaderOnly {
        /// The path as shown.
        file: String,
        /// Line or row of the header.
        row: u32,
    },
    /// No table of a study has data rows.
    #[error("none of the {files} files has a row below its header")]
    NoRows {
        /// How many files there are.
        files: usize,
    },
    /// The table has fewer lines than the header row's number.
    #[error("`{file}` has no header in row {row}")]
    NoHeader {
        /// The path as shown.
        file: String,
        /// The wanted header row.
        row: u32,
    },
    /// A wanted column is not in the header.
    #[error("`{file}` has no column `{wanted}` (wanted as {role}) in row {row}")]
    NoSuchColumn {
        /// The path as shown.
        file: String,
        /// Line or row of the header.
        row: u32,
        /// The name as configured.
        wanted: String,
        /// What it was wanted for.
        role: Role,
        /// Whether half of the wanted columns stand in the row, so that it is a header and may be
        /// shown.
        is_header: bool,
        /// The nearest name in the header.
        suggestion: Option<String>,
        /// The header, as it stands.
        columns: Vec<String>,
    },
    /// A wanted column name stands twice in the header.
    #[error("`{file}` has {count} columns named `{column}` (wanted as {role}) in row {row}")]
    DuplicateColumn {
        /// The path as shown.
        file: String,
        /// Line or row of the header.
        row: u32,
        /// The name.
        column: String,
        /// What it was wanted for.
        role: Role,
        /// How often it stands there.
        count: usize,
    },
    /// A cell that is no survey weight.
    #[error("`{file}`, row {row}, column `{column}`: the weight is {found}")]
    BadWeight {
        /// The path as shown.
        file: String,
        /// Line or row.
        row: u32,
        /// The column of weights.
        column: String,
        /// What is wrong with it.
        found: &'static str,
    },
    /// No row of a source has a weight above 0.
    #[error("source `{source_name}`, column `{column}`: no answer has a weight above 0")]
    NoWeight {
        /// The source.
        source_name: String,
        /// The column of weights.
        column: String,
    },
    /// The extension belongs to no reader.
    #[error("`{file}` has an unknown format `.{extension}`")]
    UnknownFormat {
        /// The path as shown.
        file: String,
        /// The extension, lower case.
        extension: String,
    },
    /// A transcript format in a source that wants tables, or the like.
    #[error("`{file}`: a source of kind `{}` cannot read `.{extension}`", kind_name(*kind))]
    WrongKind {
        /// The path as shown.
        file: String,
        /// The extension, lower case.
        extension: String,
        /// The source's kind.
        kind: Kind,
    },
    /// A table where turns were expected.
    #[error("`{file}`: a table of speaker turns is not supported yet for kind `{}`", kind_name(*kind))]
    TableOfTurns {
        /// The path as shown.
        file: String,
        /// The source's kind.
        kind: Kind,
    },
    /// Binary bytes in what should be text.
    #[error("`{file}` is not a text file: {found}")]
    NotText {
        /// The path as shown.
        file: String,
        /// What it looks like instead.
        found: &'static str,
    },
    /// The bytes are of a format that no reader knows.
    #[error("`{file}` is {found} and cannot be read")]
    Foreign {
        /// The path as shown.
        file: String,
        /// What it is.
        found: &'static str,
    },
    /// A workbook that cannot be opened or read.
    #[error("`{file}` cannot be read as a workbook: {reason}")]
    Workbook {
        /// The path as shown.
        file: String,
        /// Why, without any cell text.
        reason: String,
    },
    /// A project of a tool for qualitative analysis that cannot be read.
    #[error("`{file}` cannot be read as a project: {reason}")]
    Project {
        /// The path as shown.
        file: String,
        /// Why, without any text of it.
        reason: String,
    },
    /// A JSON file whose shape is none that is read.
    #[error("`{file}` cannot be read as JSON: {reason} (line {line})")]
    Json {
        /// The path as shown.
        file: String,
        /// Where.
        line: u32,
        /// Why.
        reason: &'static str,
    },
    /// A Parquet file that is damaged.
    #[error("`{file}` cannot be read as Parquet: {reason}")]
    Parquet {
        /// The path as shown.
        file: String,
        /// Why, without any value.
        reason: String,
    },
    /// A workbook or document behind a password.
    #[error("`{file}` is protected by a password")]
    Encrypted {
        /// The path as shown.
        file: String,
    },
    /// The sheet is not in the workbook.
    #[error("`{file}` has no sheet `{wanted}`")]
    NoSuchSheet {
        /// The path as shown.
        file: String,
        /// The name as configured.
        wanted: String,
        /// The nearest name.
        suggestion: Option<String>,
        /// The sheets of the workbook.
        sheets: Vec<String>,
    },
    /// A document that cannot be opened or read.
    #[error("`{file}` cannot be read as a document: {reason}")]
    Docx {
        /// The path as shown.
        file: String,
        /// Why, without any text of the document.
        reason: String,
    },
    /// A PDF that cannot be read.
    #[error("`{file}` cannot be read as a PDF: {reason}")]
    Pdf {
        /// The path as shown.
        file: String,
        /// Why, without any text of the document.
        reason: String,
    },
    /// A PDF that holds pictures of pages.
    #[error("`{file}` holds no text: its pages are blank, or pictures of pages")]
    Scan {
        /// The path as shown.
        file: String,
    },
    /// An XML part with a document type declaration.
    #[error("`{file}` contains an XML document type declaration in `{part}`")]
    DoctypeInXml {
        /// The path as shown.
        file: String,
        /// The part of the archive.
        part: String,
    },
    /// Captions without a single cue that has words.
    #[error("`{file}` has no captions")]
    NoCaptions {
        /// The path as shown.
        file: String,
    },
    /// A transcript without a single labelled turn.
    #[error("`{file}` has no speaker turns")]
    NoTurns {
        /// The path as shown.
        file: String,
    },
    /// Session notes without a single statement.
    #[error("`{file}` has no statements")]
    NoStatements {
        /// The path as shown.
        file: String,
    },
    /// Beyond a limit that protects the machine.
    #[error("`{file}` is too big: {what} exceeds {limit}")]
    TooBig {
        /// The path as shown.
        file: String,
        /// What was measured.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// More files or sources than the program numbers.
    #[error("the study has {found} files or sources, more than 65535")]
    TooManyFiles {
        /// How many there are.
        found: usize,
    },
}

impl Error {
    /// What to do about it, in one short line, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Open { .. } => "check the path, and whether you may read the file".into(),
            Self::NoFile { .. } => "save what it holds in a file, and name that".into(),
            Self::Changed { .. } => "run again when nothing writes to it, or use a copy".into(),
            Self::Empty { .. } => "export it again, or take it out of the study".into(),
            Self::HeaderOnly { .. } | Self::NoHeader { .. } | Self::NoRows { .. } => {
                "set `header_row` to the row where the column names stand".into()
            }
            Self::NoSuchColumn { row, is_header, suggestion, columns, .. } => {
                missing_column(*row, *is_header, suggestion.as_deref(), columns)
            }
            Self::NoSuchSheet { suggestion, sheets, .. } => {
                did_you_mean(suggestion.as_deref(), sheets, "the sheets are")
            }
            Self::BadWeight { .. } => {
                "each row with an answer needs a weight, a number of 0 or more such as 1.25 or 1,25"
                    .into()
            }
            Self::NoWeight { .. } => {
                "is it the right column? without weights, leave `weight` out of study.toml".into()
            }
            Self::DuplicateColumn { .. } => "rename one of them in the file".into(),
            Self::UnknownFormat { extension, .. } => match extension.as_str() {
                "xlsb" | "numbers" => "save it as .xlsx or .csv".into(),
                "doc" | "odt" | "rtf" | "pages" => "save it as .docx or .txt".into(),
                _ => "tables: .csv .tsv .xlsx .xls .ods .jsonl .parquet; transcripts: .txt .md .docx .pdf .vtt .srt .sbv"
                    .into(),
            },
            Self::WrongKind { kind, .. } => match kind {
                Kind::SessionNotes => "session notes: .txt .md .docx .pdf".into(),
                _ => "use a table (.csv .tsv .xlsx), or another `kind`".into(),
            },
            Self::TableOfTurns { .. } => {
                "save it as text with `Speaker: words` on each line".into()
            }
            Self::NotText { .. } => {
                "export it again as CSV in UTF-8, or give it its true extension".into()
            }
            Self::Foreign { .. } => {
                "open it in the program that it belongs to, and save it as .xlsx, .csv or .docx"
                    .into()
            }
            Self::Workbook { .. } => {
                "open it in Excel, save it as .xlsx, or export it as CSV".into()
            }
            Self::Project { .. } => "export it again as REFI-QDA project (.qdpx)".into(),
            Self::Json { .. } => {
                "give it one object a line (.jsonl), or one array of objects (.json)".into()
            }
            Self::Parquet { .. } => "write it again, or export it as CSV".into(),
            Self::Encrypted { .. } => {
                "remove the password and save it as .xlsx, .docx or .pdf".into()
            }
            Self::Docx { .. } | Self::DoctypeInXml { .. } => {
                "open it in Word and save it again, or save it as text".into()
            }
            Self::Pdf { .. } => "save it as .docx or .txt".into(),
            Self::Scan { .. } => {
                "have its text recognised (OCR), or save it as .docx or .txt".into()
            }
            Self::NoCaptions { .. } => {
                "a caption is a timing and the words below it: export it again".into()
            }
            Self::NoTurns { .. } => {
                "begin each turn with a label such as `Moderator:` or `Speaker 1:`".into()
            }
            Self::NoStatements { .. } => {
                "put each statement on a line that begins with `- `".into()
            }
            Self::TooBig { .. } => {
                "split it into several files, or raise the limit in [limits] of study.toml".into()
            }
            Self::TooManyFiles { .. } => "split the study".into(),
        };
        Some(hint)
    }
}

/// The nearest of `names` to `wanted`, if it is near enough to be a slip of the keyboard.
pub(super) fn nearest(wanted: &str, names: &[String]) -> Option<String> {
    let wanted = wanted.to_lowercase();
    let slips = (wanted.chars().count() / 4).max(1);
    let mut best: Option<(&String, f64)> = None;
    for name in names.iter().filter(|n| !n.is_empty()) {
        let lower = name.to_lowercase();
        let score = strsim::jaro_winkler(&wanted, &lower);
        let near = score > 0.85 || strsim::osa_distance(&wanted, &lower) <= slips;
        if near && best.is_none_or(|(_, s)| score > s) {
            best = Some((name, score));
        }
    }
    best.map(|(name, _)| name.clone())
}

/// Names of the header are shown only where it is one: the row may be somebody's answers.
fn missing_column(
    row: u32,
    is_header: bool,
    suggestion: Option<&str>,
    columns: &[String],
) -> String {
    let suggestion = suggestion.filter(|_| is_header);
    if suggestion.is_none() && may_be_answers(columns) {
        return format!(
            "row {row} may hold answers and is not shown here: give the file a header, or set `header_row`"
        );
    }
    if !is_header {
        let columns = match columns.len() {
            1 => "1 column".into(),
            n => format!("{n} columns"),
        };
        return format!("row {row} has {columns}: is `header_row` right?");
    }
    did_you_mean(suggestion, columns, "the columns are")
}

/// Whether a header may be somebody's row: a file without a header, or a wrong `header_row`.
fn may_be_answers(columns: &[String]) -> bool {
    columns.iter().any(|name| {
        let sentence = name.split_whitespace().count() > 4 && !name.ends_with(['?', ':']);
        let number = !name.is_empty() && name.chars().all(char::is_numeric);
        sentence || number || name.contains('@')
    })
}

fn did_you_mean(suggestion: Option<&str>, names: &[String], lead: &str) -> String {
    if let Some(name) = suggestion {
        return format!("did you mean `{}`?", shorten(name));
    }
    let named: Vec<&String> = names.iter().filter(|n| !n.is_empty()).collect();
    let listed: Vec<String> = named.iter().take(12).map(|n| format!("`{}`", shorten(n))).collect();
    let more = named.len().saturating_sub(12);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{lead} {}{tail}", listed.join(", "))
}

/// One line of at most 40 characters: a header may be a whole question.
fn shorten(name: &str) -> String {
    const MAX_CHARS: usize = 40;
    let flat: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= MAX_CHARS {
        return flat.chars().filter(|c| !c.is_control()).collect();
    }
    let cut: String = flat.chars().filter(|c| !c.is_control()).take(MAX_CHARS - 1).collect();
    format!("{cut}…")
}

fn reason(source: &std::io::Error) -> String {
    match source.kind() {
        std::io::ErrorKind::NotFound => "no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => source.to_string().to_lowercase(),
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Survey => "survey",
        Kind::FocusGroup => "focus-group",
        Kind::Interview => "interview",
        Kind::SessionNotes => "session-notes",
        Kind::Comments => "comments",
    }
}
