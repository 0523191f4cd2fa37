//! Which column of a coded table holds what.
//!
//! In: the table's header, the names asked for, the codebook. Out: [`Found`].
//! Must not know: what stands in the rows, but whether a column holds zeros and ones alone.

use super::{Columns, Error};
use crate::codebook::Codebook;
use crate::config::nearest;
use crate::ingest::Sheet;

/// A column by its place and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub(super) column: usize,
    pub(super) name: String,
}

/// Where the codes stand.
#[derive(Debug)]
pub(super) enum Codes {
    /// In one column, joined.
    Joined(At),
    /// In a column a theme: (theme, column), ascending by theme.
    Single(Vec<(usize, At)>),
}

/// Where everything stands.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: Option<At>,
    pub(super) text: Option<At>,
    pub(super) context: Vec<At>,
    pub(super) participant: Option<At>,
    pub(super) coder: Option<At>,
    pub(super) stratum: Option<At>,
    pub(super) probability: Option<At>,
    pub(super) done: Option<At>,
    pub(super) groups: Vec<At>,
    pub(super) codes: Codes,
    pub(super) warnings: Vec<String>,
}

/// The names by which the header is found.
pub(super) fn wanted(columns: &Columns, codebook: &Codebook) -> Vec<String> {
    let usual = |name: &Option<String>, usual: &str| name.clone().unwrap_or_else(|| usual.into());
    let mut names = vec![usual(&columns.id, "id"), usual(&columns.codes, "codes")];
    names.extend(columns.text.clone());
    names.extend(columns.context.iter().chain(&columns.groups).cloned());
    names.push(usual(&columns.participant, "participant"));
    names.extend(codebook.themes.iter().flat_map(|t| [t.id.clone(), t.label.clone()]));
    names
}

/// Finds the columns.
pub(super) fn find(
    file: &str,
    sheet: &Sheet,
    columns: &Columns,
    codebook: &Codebook,
) -> Result<Found, Error> {
    let there = |name: &str| {
        sheet.find(name).map(|column| At { column, name: sheet.columns()[column].clone() })
    };
    let must = |name: &String| {
        there(name).ok_or_else(|| Error::NoColumn {
            file: file.into(),
            row: sheet.header_row(),
            wanted: name.clone(),
            nearest: sheet.nearest(name),
        })
    };
    let all = |names: &[String]| names.iter().map(must).collect::<Result<Vec<_>, _>>();
    let asked = |name: &Option<String>| name.as_ref().map(must).transpose();
    let or_usual = |name: &Option<String>, usual: &str| match name {
        Some(name) => must(name).map(Some),
        None => Ok(there(usual)),
    };
    let mut found = Found {
        id: or_usual(&columns.id, "id")?,
        text: asked(&columns.text)?,
        context: all(&columns.context)?,
        participant: or_usual(&columns.participant, "participant")?,
        coder: or_usual(&columns.coder, "coder")?,
        stratum: there("stratum"),
        probability: there("probability"),
        done: there("done").filter(|_| theme(codebook, "done").is_none()),
        groups: all(&columns.groups)?,
        codes: Codes::Single(Vec::new()),
        warnings: Vec::new(),
    };
    found.codes = match or_usual(&columns.codes, "codes")? {
        Some(at) => Codes::Joined(at),
        None => Codes::Single(single(file, sheet, codebook, &mut found)?),
    };
    Ok(found)
}

/// The columns of themes, by id or label.
fn single(
    file: &str,
    sheet: &Sheet,
    codebook: &Codebook,
    found: &mut Found,
) -> Result<Vec<(usize, At)>, Error> {
    let row = sheet.header_row();
    let named = sheet.columns();
    let mut themes: Vec<(usize, At)> = Vec::new();
    let mut others = Vec::new();
    let used = found.used();
    for (column, name) in named.iter().enumerate().filter(|(c, _)| !used.contains(c)) {
        match theme(codebook, name) {
            Some(theme) if themes.iter().any(|(t, _)| *t == theme) => {
                let theme = codebook.themes[theme].id.clone();
                return Err(Error::ThemeTwice { file: file.into(), row, theme });
            }
            Some(theme) => themes.push((theme, At { column, name: name.clone() })),
            None if holds_yes_and_no(sheet, column) => others.push(name.clone()),
            None => {}
        }
    }
    for column in others {
        let free = |t: &usize| themes.iter().all(|(used, _)| used != t);
        let names = (0..codebook.themes.len()).filter(free).flat_map(|t| {
            let theme = &codebook.themes[t];
            [theme.id.as_str(), theme.label.as_str()]
        });
        if let Some(nearest) = nearest(&column, names) {
            return Err(Error::NearTheme { file: file.into(), row, column, nearest });
        }
        found.warnings.push(format!(
            "`{file}`: column `{column}` holds zeros and ones, is no theme of the codebook and was not read"
        ));
    }
    if themes.is_empty() {
        let themes = codebook.themes.iter().take(3).map(|t| t.id.clone()).collect();
        return Err(Error::NoCodes { file: file.into(), row, themes });
    }
    themes.sort_by_key(|(theme, _)| *theme);
    Ok(themes)
}

impl Found {
    /// Columns that have another purpose.
    fn used(&self) -> Vec<usize> {
        let single = [
            &self.id,
            &self.text,
            &self.participant,
            &self.coder,
            &self.stratum,
            &self.probability,
            &self.done,
        ];
        let several = self.context.iter().chain(&self.groups);
        single.into_iter().flatten().chain(several).map(|at| at.column).collect()
    }
}

/// The theme of a name: its id, or its label, whatever the case.
pub(super) fn theme(codebook: &Codebook, name: &str) -> Option<usize> {
    let find =
        |same: &dyn Fn(&crate::codebook::Theme) -> bool| codebook.themes.iter().position(same);
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let lower = plain(name);
    find(&|t| t.id == name.trim())
        .or_else(|| find(&|t| t.id.to_lowercase() == lower))
        .or_else(|| find(&|t| plain(&t.label) == lower))
}

/// What a cell of a theme says; blank is no. `None`: neither.
pub(super) fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.trim().to_lowercase().as_str() {
        "1" | "1.0" | "x" | "yes" | "y" | "true" | "✓" | "✔" => Some(true),
        "" | "0" | "0.0" | "no" | "n" | "false" => Some(false),
        _ => None,
    }
}

/// Whether a column holds at least one yes or no, and nothing else.
fn holds_yes_and_no(sheet: &Sheet, column: usize) -> bool {
    let cells = || (0..sheet.len()).map(|row| sheet.value(row, column));
    cells().all(|c| yes_or_no(c).is_some()) && cells().any(|c| !c.is_empty())
}
