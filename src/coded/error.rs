//! What can be wrong with a table of coded answers: one variant a remedy.
//!
//! In: the place of the fault. Out: one line and, from [`Error::hint`], what to do about it.
//! Must not know: what respondents wrote; a message quotes names of columns and things that look
//! like the id of a theme, nothing else.

use crate::ingest;

/// Why coded answers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read as a table.
    #[error(transparent)]
    Read(#[from] ingest::Error),
    /// A column is missing.
    #[error("`{file}` has no column `{wanted}` in row {row}")]
    NoColumn {
        /// The file.
        file: String,
        /// Row of the header.
        row: u32,
        /// The name.
        wanted: String,
        /// The nearest that is there.
        nearest: Option<String>,
    },
    /// Neither a column of codes nor a column of a theme.
    #[error("`{file}` has no column `codes` and no column of a theme in row {row}")]
    NoCodes {
        /// The file.
        file: String,
        /// Row of the header.
        row: u32,
        /// The codebook's first themes.
        themes: Vec<String>,
    },
    /// A theme stands above two columns.
    #[error("`{file}` has two columns for theme `{theme}` in row {row}")]
    ThemeTwice {
        /// The file.
        file: String,
        /// Row of the header.
        row: u32,
        /// The theme.
        theme: String,
    },
    /// A column of zeros and ones whose name is nearly that of a theme.
    #[error("`{file}`, row {row}: column `{column}` is no theme of the codebook")]
    NearTheme {
        /// The file.
        file: String,
        /// Row of the header.
        row: u32,
        /// The column.
        column: String,
        /// The nearest theme that has no column.
        nearest: String,
    },
    /// A code that is no theme.
    #[error("`{file}`, row {row}, column `{column}`: {} is not in the codebook", quoted(code))]
    UnknownTheme {
        /// The file.
        file: String,
        /// Line or row.
        row: u32,
        /// The column of codes.
        column: String,
        /// The code, where it looks like one.
        code: Option<String>,
        /// The nearest theme.
        nearest: Option<String>,
    },
    /// A cell of a theme that is neither yes nor no.
    #[error("`{file}`, row {row}, column `{column}`: neither 0 nor 1")]
    NotBinary {
        /// The file.
        file: String,
        /// Line or row.
        row: u32,
        /// The theme's column.
        column: String,
    },
    /// A probability that is none.
    #[error("`{file}`, row {row}, column `{column}`: no probability above 0 and up to 1")]
    NoProbability {
        /// The file.
        file: String,
        /// Line or row.
        row: u32,
        /// The column.
        column: String,
    },
    /// A row without an id.
    #[error("`{file}`, row {row}, column `{column}`: the id is blank")]
    NoId {
        /// The file.
        file: String,
        /// Line or row.
        row: u32,
        /// The column of ids.
        column: String,
    },
    /// Two rows with one id.
    #[error("`{file}`, row {row}, column `{column}`: the id stands in row {earlier} already")]
    SameId {
        /// The file.
        file: String,
        /// Line or row.
        row: u32,
        /// The column of ids.
        column: String,
        /// Where it stands first.
        earlier: u32,
    },
    /// Nobody has coded anything.
    #[error("`{file}`: none of the {rows} rows is coded")]
    Unfilled {
        /// The file.
        file: String,
        /// How many there are.
        rows: usize,
    },
    /// A project whose codings are all the program's.
    #[error("nobody but the program coded anything in `{file}`")]
    NobodyCoded {
        /// The file.
        file: String,
    },
    /// A project without a code that is a theme.
    #[error("none of the codes that people used in `{file}` is a theme of the codebook")]
    ForeignCodes {
        /// The file.
        file: String,
    },
    /// No row is left.
    #[error("`{file}`: no row holds a text")]
    NoText {
        /// The file.
        file: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Read(e) => return e.hint(),
            Self::NoColumn { nearest: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::NoColumn { .. } => {
                "coded answers are a table with `id`, `text` and `codes`, or a column a theme"
                    .into()
            }
            Self::NoCodes { themes, .. } => format!(
                "write theme ids joined by `;` into a column `codes`, or give each theme a column, such as `{}`",
                themes.join("`, `")
            ),
            Self::ThemeTwice { .. } => "take one of the two out".into(),
            Self::NearTheme { nearest, .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownTheme { nearest: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::UnknownTheme { .. } => {
                "write ids of themes as the codebook has them, with `;` between".into()
            }
            Self::NotBinary { .. } => {
                "write 1 where the theme applies, and 0 or nothing where it does not".into()
            }
            Self::NoProbability { .. } => "leave the column out, or give each row its own".into(),
            Self::NoId { .. } => "give each row an id, or take the column out".into(),
            Self::SameId { .. } => {
                "take one of the two rows out, or name its coder in a column `coder`".into()
            }
            Self::Unfilled { .. } => {
                "write 1 where a theme applies; where none does, write 1 in the column `done`"
                    .into()
            }
            Self::NobodyCoded { .. } => {
                "code in the tool under a user of your own, and export the project again".into()
            }
            Self::ForeignCodes { .. } => {
                "give the project the codebook's codes, or export its own codebook (.qdc) and use that"
                    .into()
            }
            Self::NoText { .. } => "is the column of the texts the right one?".into(),
        })
    }
}

fn quoted(code: &Option<String>) -> String {
    code.as_ref().map_or_else(|| "what stands there".into(), |code| format!("`{code}`"))
}
