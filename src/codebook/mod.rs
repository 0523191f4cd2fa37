//! Leaf: the themes that answers are coded against.
//!
//! In: a codebook file (TOML, CSV with `id,label,definition`, or REFI-QDA `.qdc`). Out: a validated [`Codebook`],
//! or one error with file, line and theme. Must not know: models, answers, reports.

use std::path::{Path, PathBuf};

use crate::config::TomlError;
use crate::fsx;

pub(crate) mod exchange;
mod table;
mod toml_file;
mod validate;

pub use exchange::description;

/// A validated list of themes; parents stand before or after their children as in the file.
#[derive(Debug, Clone)]
pub struct Codebook {
    /// Its title, for reports.
    pub title: String,
    /// The themes, in the file's order, which is the order of ties and of reports.
    pub themes: Vec<Theme>,
    /// SHA-256 of the file.
    pub hash: String,
}

/// One theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Stable, unique, kebab-case.
    pub id: String,
    /// What reports call it.
    pub label: String,
    /// What it means, in one to three sentences.
    pub definition: String,
    /// What belongs to it.
    pub include: Vec<String>,
    /// What does not, and where that belongs.
    pub exclude: Vec<String>,
    /// What people would say.
    pub examples: Vec<String>,
    /// Index of the theme above it.
    pub parent: Option<usize>,
    /// `plan-element:…`, `decree-section:…` and the like.
    pub tags: Vec<String>,
}

/// What can be wrong with a codebook.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] fsx::Error),
    /// The TOML is not as it should be.
    #[error("{}: {source}", path.display())]
    Toml {
        /// The codebook.
        path: PathBuf,
        /// Where and what.
        source: TomlError,
    },
    /// The table is not as it should be.
    #[error("{}: {why}", path.display())]
    Table {
        /// The codebook.
        path: PathBuf,
        /// What is wrong, with the row.
        why: String,
    },
    /// The exchange file is not as it should be.
    #[error("{}: {why}", path.display())]
    Exchange {
        /// The codebook.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A theme is not as it should be.
    #[error("{}: theme `{id}`: {fault}", path.display())]
    Theme {
        /// The codebook.
        path: PathBuf,
        /// The theme, or its number in the file where it has no id.
        id: String,
        /// What is wrong.
        fault: Fault,
    },
    /// There is no theme at all.
    #[error("{}: the codebook has no theme", path.display())]
    NoTheme {
        /// The codebook.
        path: PathBuf,
    },
    /// More themes than can be numbered.
    #[error("{}: {found} themes, 65,535 are possible", path.display())]
    TooMany {
        /// The codebook.
        path: PathBuf,
        /// How many there are.
        found: usize,
    },
    /// No reader for this kind of file.
    #[error("{}: a codebook is a .toml, .csv or .qdc file", path.display())]
    Format {
        /// The codebook.
        path: PathBuf,
    },
}

/// What is wrong with one theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No id.
    #[error("it has no `id`")]
    NoId,
    /// The id has a character that would break file formats.
    #[error("an id is made of letters, digits, `-`, `_` and `.`")]
    BadId,
    /// Another theme has the id.
    #[error("the id occurs twice")]
    DuplicateId,
    /// No label.
    #[error("it has no `label`")]
    NoLabel,
    /// No definition.
    #[error("it has no `definition`")]
    NoDefinition,
    /// The parent is no theme.
    #[error("its parent `{0}` is not in the codebook")]
    NoSuchParent(String),
    /// More than two levels, or a circle.
    #[error("its parent `{0}` has a parent itself; a codebook has two levels")]
    TooDeep(String),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Read(e) => e.hint(),
            Error::Toml { source, .. } => source.hint.clone(),
            Error::Table { .. } => {
                Some("a codebook table has the columns `id`, `label` and `definition`".into())
            }
            Error::Exchange { .. } => Some(
                "export the codebook again as REFI-QDA Codebook (.qdc), which is plain XML".into(),
            ),
            Error::TooMany { .. } => Some("a codebook of over 70 themes is hard to code by".into()),
            Error::NoTheme { .. } => Some("add at least one [[theme]]".into()),
            Error::Format { .. } => {
                Some("samples/community-safety/codebook.toml is an example".into())
            }
            Error::Theme { fault, .. } => Some(fault.hint().into()),
        }
    }
}

impl Fault {
    fn hint(&self) -> &'static str {
        match self {
            Fault::NoId | Fault::BadId => "give it a short id such as `response-times`",
            Fault::DuplicateId => "rename or remove one of the two",
            Fault::NoLabel => "a label is what the report calls the theme",
            Fault::NoDefinition => {
                "write in a sentence what the theme means: people and the program code by it"
            }
            Fault::NoSuchParent(_) => "write the id of a theme in `parent`, or leave it out",
            Fault::TooDeep(_) => "name the top-level theme as parent",
        }
    }
}

/// A theme as a file states it, before it is checked.
#[derive(Debug, Clone, Default)]
struct Draft {
    id: String,
    label: String,
    definition: String,
    include: Vec<String>,
    exclude: Vec<String>,
    examples: Vec<String>,
    parent: Option<String>,
    tags: Vec<String>,
}

/// A name in a message: on one line, of at most 80 characters, whatever the file holds.
fn shown(name: &str) -> String {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut plain: String = words.chars().filter(|c| !c.is_control()).take(81).collect();
    if plain.chars().count() > 80 {
        plain.pop();
        plain.push('…');
    }
    plain
}

/// Reads and checks a codebook by which the program is to code.
///
/// # Errors
/// The first thing that is wrong, in the order of the file.
pub fn read(path: &Path) -> Result<Codebook, Error> {
    read_with(path, Undefined::Refused)
}

/// Reads and checks a codebook by which people code or have coded: where a theme has no
/// definition, its label stands in.
///
/// # Errors
/// The first thing that is wrong, in the order of the file.
pub fn read_of_people(path: &Path) -> Result<Codebook, Error> {
    read_with(path, Undefined::Label)
}

/// What becomes of a theme without a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undefined {
    /// It is a fault: the program would code by it.
    Refused,
    /// The label stands in.
    Label,
}

fn read_with(path: &Path, undefined: Undefined) -> Result<Codebook, Error> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    if extension == "qdc" && std::fs::metadata(path).is_ok_and(|m| m.len() > exchange::MAX_FILE) {
        let why = format!("it is larger than {} MB", exchange::MAX_FILE / 1_000_000);
        return Err(Error::Exchange { path: path.to_owned(), why });
    }
    let text = fsx::read_to_string(path)?;
    let (title, mut drafts) = match extension.as_str() {
        "toml" => toml_file::parse(path, &text)?,
        "csv" => table::parse(path, &text)?,
        "qdc" => exchange::parse(path, &text)?,
        _ => return Err(Error::Format { path: path.to_owned() }),
    };
    if undefined == Undefined::Label {
        for draft in drafts.iter_mut().filter(|d| d.definition.trim().is_empty()) {
            draft.definition.clone_from(&draft.label);
        }
    }
    let themes = validate::validate(path, drafts)?;
    Ok(Codebook { title, themes, hash: fsx::sha256(text.as_bytes()) })
}

impl Codebook {
    /// Whether `theme` is `ancestor` or stands below it.
    pub fn is_under(&self, theme: usize, ancestor: usize) -> bool {
        theme == ancestor || self.themes[theme].parent == Some(ancestor)
    }

    /// Indices of the top-level themes, in order.
    pub fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.themes.len()).filter(|&i| self.themes[i].parent.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_str(name: &str, text: &str) -> Result<Codebook, Error> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    const GOOD: &str = "[codebook]\ntitle = \"T\"\n[[theme]]\nid = \"a\"\nlabel = \"A\"\ndefinition = \"About a.\"\n";

    #[test]
    fn a_child_finds_its_parent() {
        let text = format!(
            "{GOOD}[[theme]]\nid = \"b\"\nlabel = \"B\"\ndefinition = \"x\"\nparent = \"a\"\n"
        );
        let book = read_str("c.toml", &text).unwrap();
        assert_eq!(book.themes[1].parent, Some(0));
        assert!(book.is_under(1, 0));
    }

    #[test]
    fn each_fault_is_named_with_its_theme() {
        let twice = format!(
            "{GOOD}{}",
            GOOD.split_once("[[theme]]").map(|(_, t)| format!("[[theme]]{t}")).unwrap()
        );
        let cases = [
            (twice, "theme `a`: the id occurs twice"),
            (GOOD.replace("definition = \"About a.\"\n", ""), "theme `a`: it has no `definition`"),
            (GOOD.replace("id = \"a\"\n", ""), "theme `1`: it has no `id`"),
            (format!("{GOOD}parent = \"z\"\n"), "theme `a`: its parent `z` is not in the codebook"),
            (
                format!("{GOOD}parent = \"a\"\n"),
                "theme `a`: its parent `a` has a parent itself; a codebook has two levels",
            ),
        ];
        for (text, want) in cases {
            let err = read_str("c.toml", &text).unwrap_err();
            assert!(err.to_string().ends_with(want), "{err} / {want}");
            assert!(err.hint().is_some());
        }
    }

    #[test]
    fn a_label_stands_in_for_a_definition_where_people_coded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.csv");
        std::fs::write(&path, "id,label,definition\na,About it,\n").unwrap();
        assert_eq!(read_of_people(&path).unwrap().themes[0].definition, "About it");
        assert!(read(&path).unwrap_err().to_string().ends_with("it has no `definition`"));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let err = read_str("c.toml", &format!("{GOOD}exmples = []\n")).unwrap_err();
        assert!(err.to_string().contains("unknown key `exmples`"), "{err}");
        assert_eq!(err.hint().unwrap(), "did you mean `examples`?");
    }

    #[test]
    fn a_table_needs_the_three_columns() {
        let book =
            read_str("c.csv", "id,label,definition,examples\na,A,About a.,one|two\n").unwrap();
        assert_eq!(book.themes[0].examples, ["one", "two"]);
        let err = read_str("c.csv", "id,label\na,A\n").unwrap_err();
        assert!(err.to_string().contains("no column `definition`"), "{err}");
    }
}
