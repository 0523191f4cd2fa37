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
use crate::ingest::project::{ProjectFile, lines, pieces, project};
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
    let coded = source.selections.iter().flat_map(|s| &s.codings).chain(&source.whole);
    let people: BTreeSet<&str> =
        coded.map(|(user, _)| user.as_str()).filter(|user| described.is_person(user)).collect();
    if people.is_empty() {
        return Vec::new();
    }
    let units = units(source, text);
    let each = units.iter().flat_map(|(_, place)| std::iter::repeat_n(*place, people.len()));
    let places: Vec<(usize, usize)> = each.collect();
    let words = if with_text { pieces(text, &places) } else { Vec::new() };
    let mut words = words.into_iter();
    let mut rows = Vec::new();
    let mut touching = Touching::of(source, themes);
    for (id, place) in units {
        *number += 1;
        let found = touching.at(place);
        for &user in &people {
            let codes: BTreeSet<usize> =
                found.iter().filter(|(by, _)| *by == user).map(|(_, theme)| *theme).collect();
            rows.push(CodedRow {
                id: id.clone(),
                row: *number,
                text: words.next().unwrap_or_else(|| Verbatim::new("")),
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

/// What is coded in a text: ids and places, ascending, none in another.
fn units(source: &Source, text: &Verbatim) -> Vec<(String, (usize, usize))> {
    let named = source.selections.iter().filter(|s| s.codings.is_empty() && !s.name.is_empty());
    let mut named: Vec<_> = named.map(|s| (s.name.clone(), (s.start, s.end))).collect();
    named.sort_by_key(|(_, place)| *place);
    let mut end = 0;
    named.retain(|(_, place)| {
        let apart = place.0 >= end && place.1 > place.0;
        end = if apart { place.1 } else { end };
        apart
    });
    if !named.is_empty() {
        return named;
    }
    let numbered = lines(text).into_iter().zip(1..);
    numbered.map(|(place, n)| (format!("{}#{n}", source.name), place)).collect()
}

/// The codings that touch one place after the other, in one pass over both.
struct Touching<'a> {
    /// Selections with their known themes by user, by their beginnings and by their ends.
    begins: Vec<(usize, usize)>,
    ends: Vec<(usize, usize)>,
    codings: Vec<Vec<(&'a str, usize)>>,
    next: [usize; 2],
    /// How many selections that reach the place carry a user's theme.
    open: BTreeMap<(&'a str, usize), i64>,
}

impl<'a> Touching<'a> {
    fn of(source: &'a Source, themes: &Themes) -> Self {
        let known = |codings: &'a [description::Coding]| -> Vec<(&'a str, usize)> {
            let known = |(user, code): &'a description::Coding| {
                Some((user.as_str(), *themes.known.get(code)?))
            };
            codings.iter().filter_map(known).collect()
        };
        let within: Vec<_> = source.selections.iter().filter(|s| s.end > s.start).collect();
        let all = || within.iter().enumerate();
        let mut begins: Vec<_> = all().map(|(at, s)| (s.start, at)).collect();
        let mut ends: Vec<_> = all().map(|(at, s)| (s.end, at)).collect();
        begins.sort_unstable();
        ends.sort_unstable();
        let codings = within.iter().map(|s| known(&s.codings)).collect();
        let open = known(&source.whole).into_iter().map(|key| (key, 1)).collect();
        Self { begins, ends, codings, next: [0, 0], open }
    }

    /// Who gave which themes at a place; places come in ascending order.
    fn at(&mut self, (start, end): (usize, usize)) -> Vec<(&'a str, usize)> {
        while let Some(&(_, s)) = self.begins.get(self.next[0]).filter(|(b, _)| *b < end) {
            self.codings[s].iter().for_each(|key| *self.open.entry(*key).or_default() += 1);
            self.next[0] += 1;
        }
        while let Some(&(_, s)) = self.ends.get(self.next[1]).filter(|(e, _)| *e <= start) {
            self.codings[s].iter().for_each(|key| *self.open.entry(*key).or_default() -= 1);
            self.next[1] += 1;
        }
        self.open.iter().filter(|(_, n)| **n > 0).map(|(key, _)| *key).collect()
    }
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
