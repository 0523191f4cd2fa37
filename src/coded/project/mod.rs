//! Codes that people gave in a tool for qualitative analysis (REFI-QDA project, `.qdpx`).
//!
//! In: the project and the codebook. Out: a [`CodedTable`]: one row a unit and person who coded in
//! the text. In a project that this program exported a unit is a response, by the selections that
//! bear the response's name; elsewhere a line that holds anything, which is a turn or a paragraph.
//! A unit carries a theme where a person's coding touches it; a unit of a text in which a person
//! coded something, and which no coding touches, carries none. Codings of the program's own user
//! are nobody's. A code is a theme by the id in its description, by its name or by its label.
//! Must not know: what becomes of the rows.

mod description;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::description::{Description, Source};
use super::{CodedRow, CodedTable, Columns, Error, columns};
use crate::codebook::Codebook;
use crate::ingest::Limits;
use crate::ingest::project::{ProjectFile, lines, piece, project};
use crate::text::Verbatim;

/// Codes that a warning names one by one.
const NAMED: usize = 5;

/// Whether a file is a project by its name.
pub(super) fn is_project(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("qdpx"))
}

/// As [`super::read_as`], of a project.
pub(super) fn read(
    (path, shown): (&Path, &str),
    codebook: &Codebook,
    asked: &Columns,
    limits: Limits,
) -> Result<CodedTable, Error> {
    if let Some(column) = asked.context.iter().chain(&asked.groups).next() {
        let (file, wanted) = (shown.to_owned(), column.clone());
        return Err(Error::NoColumn { file, row: 1, wanted, nearest: None });
    }
    let file = project(path, shown, limits)?;
    let described = Description::parse(&file.description)
        .map_err(|reason| crate::ingest::Error::Project { file: shown.to_owned(), reason })?;
    let texts = texts(&file, &described)?;
    let themes = Themes::of(&described, codebook);
    let mut table = CodedTable {
        rows: Vec::new(),
        themes: themes.known.values().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        unfilled: Vec::new(),
        warnings: themes.warning(shown, &described).into_iter().collect(),
        sha256: file.sha256.clone(),
    };
    table.warnings.extend(described.warning(shown));
    let (mut number, mut uncoded) = (0, 0);
    for (source, text) in described.sources.iter().zip(&texts) {
        let Some(text) = text else { continue };
        let rows = of_source(source, text, &described, &themes, asked.text.is_some(), &mut number);
        uncoded += u32::from(rows.is_empty());
        table.rows.extend(rows);
    }
    if uncoded > 0 {
        table.warnings.push(format!(
            "`{shown}`: {uncoded} of {} texts left out: nobody but the program coded in them",
            described.sources.len()
        ));
    }
    let used = described.codings().any(|(user, _)| described.is_person(user));
    match (table.rows.is_empty(), used && themes.known.is_empty()) {
        (_, true) => Err(Error::ForeignCodes { file: shown.to_owned() }),
        (true, _) => Err(Error::NobodyCoded { file: shown.to_owned() }),
        (false, false) => Ok(table),
    }
}

fn texts(file: &ProjectFile, described: &Description) -> Result<Vec<Option<Verbatim>>, Error> {
    // NVivo for Windows counts a line end of two characters as two.
    let one_break = !described.origin.to_lowercase().starts_with("nvivo");
    let paths: Vec<&str> = described.sources.iter().map(|s| s.path.as_str()).collect();
    let mut texts = file.texts(&paths, one_break)?;
    for (text, source) in texts.iter_mut().zip(&described.sources) {
        if text.is_none() && !source.inline.is_empty() {
            *text = Some(Verbatim::new(source.inline.clone()));
        }
    }
    Ok(texts)
}

/// The rows of one text; none where no person coded in it.
fn of_source(
    source: &Source,
    text: &Verbatim,
    described: &Description,
    themes: &Themes,
    with_text: bool,
    number: &mut u32,
) -> Vec<CodedRow> {
    let mut rows = Vec::new();
    let coded = source.selections.iter().flat_map(|s| &s.codings).chain(&source.whole);
    let people: BTreeSet<&str> =
        coded.map(|(user, _)| user.as_str()).filter(|user| described.is_person(user)).collect();
    for (id, place) in units(source, text) {
        *number += 1;
        for &user in &people {
            let touches = |s: &&description::Selection| s.start.max(place.0) < s.end.min(place.1);
            let on_it = source.selections.iter().filter(touches).flat_map(|s| &s.codings);
            let own = on_it.chain(&source.whole).filter(|(by, _)| by == user);
            let codes: BTreeSet<usize> =
                own.filter_map(|(_, code)| themes.known.get(code).copied()).collect();
            let words = if with_text { piece(text, place) } else { Verbatim::new("") };
            rows.push(CodedRow {
                id: id.clone(),
                row: *number,
                text: words,
                context: Vec::new(),
                participant: Some(source.name.clone()),
                codes: codes.into_iter().collect(),
                coder: Some(described.name(user)),
                stratum: None,
                probability: None,
                groups: Vec::new(),
            });
        }
    }
    rows
}

/// What is coded in a text: ids and places.
fn units(source: &Source, text: &Verbatim) -> Vec<(String, (usize, usize))> {
    let named = source.selections.iter().filter(|s| s.codings.is_empty() && !s.name.is_empty());
    let named: Vec<_> = named.map(|s| (s.name.clone(), (s.start, s.end))).collect();
    if !named.is_empty() {
        return named;
    }
    let numbered = lines(text).into_iter().zip(1..);
    numbered.map(|(place, n)| (format!("{}#{n}", source.name), place)).collect()
}

/// The project's codes as themes of the codebook.
struct Themes {
    /// Theme by code.
    known: BTreeMap<String, usize>,
}

impl Themes {
    fn of(described: &Description, codebook: &Codebook) -> Self {
        let theme = |(guid, code): (&String, &description::Code)| {
            let by_id = code.id.as_deref().and_then(|id| columns::theme(codebook, id));
            let theme = by_id.or_else(|| columns::theme(codebook, &code.name))?;
            Some((guid.clone(), theme))
        };
        Self { known: described.codes.iter().filter_map(theme).collect() }
    }

    /// That people used codes which are no themes.
    fn warning(&self, file: &str, described: &Description) -> Option<String> {
        let mut lost: BTreeMap<&str, usize> = BTreeMap::new();
        for (user, code) in described.codings().filter(|(user, _)| described.is_person(user)) {
            if !self.known.contains_key(code) && !user.is_empty() {
                let name = described.codes.get(code).map_or("?", |c| c.name.as_str());
                *lost.entry(name).or_default() += 1;
            }
        }
        let codings: usize = lost.values().sum();
        let names: Vec<String> = lost.keys().take(NAMED).map(|n| format!("`{n}`")).collect();
        let more = if lost.len() > NAMED { " and others" } else { "" };
        (codings > 0).then(|| {
            format!(
                "`{file}`: {codings} codings left out: {}{more} is no theme of the codebook",
                names.join(", ")
            )
        })
    }
}
