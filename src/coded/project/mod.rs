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
use crate::codebook::exchange::RESPONSE;
use crate::ingest::Limits;
use crate::ingest::project::{ProjectFile, lines, pieces, project};
use crate::text::Verbatim;

/// Codes that a warning names one by one.
const NAMED: usize = 5;

/// Rows at most: units times the people who coded in their text.
const ROWS: usize = 1_000_000;

/// Names of the code that says that no theme applies.
const NO_THEME: [&str; 3] = ["no theme", "no-theme", "none"];

/// Whether a file is a project by its name.
pub fn is_project(path: &Path) -> bool {
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
    let mut described = Description::parse(&file.description)
        .map_err(|reason| crate::ingest::Error::Project { file: shown.to_owned(), reason })?;
    let texts = texts(&file, shown, &mut described)?;
    let themes = Themes::of(&described, codebook);
    let mut table = CodedTable {
        rows: Vec::new(),
        themes: themes.known.values().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        unfilled: Vec::new(),
        warnings: themes.warning(shown, &described).into_iter().collect(),
        sha256: file.sha256.clone(),
    };
    table.warnings.extend(described.warning(shown));
    let (mut number, mut uncoded, mut lost) = (0, 0, 0);
    for (source, text) in described.sources.iter().zip(&texts) {
        let people = people(source, &described);
        let Some(text) = text.as_ref().filter(|_| !people.is_empty()) else {
            uncoded += 1;
            continue;
        };
        let units = units(source, text);
        if table.rows.len() + units.len() * people.len() > ROWS {
            let (file, what) = (shown.to_owned(), "its number of coded units and people".into());
            return Err(crate::ingest::Error::TooBig { file, what, limit: ROWS.to_string() }.into());
        }
        lost += untouched(source, &units, &described);
        let of = OfSource { source, people, described: &described, themes: &themes };
        table.rows.extend(of.rows(text, units, asked.text.is_some(), &mut number));
    }
    if uncoded > 0 {
        table.warnings.push(format!(
            "`{shown}`: {uncoded} of {} texts left out: nobody but the program coded in them; whoever \
             read one and found nothing gives it the code `no theme`",
            described.sources.len()
        ));
    }
    if lost > 0 {
        table.warnings.push(format!(
            "`{shown}`: {lost} codings left out: they touch no response and no line of their text"
        ));
    }
    let used = described.codings().any(|(user, _)| described.is_person(user));
    match (table.rows.is_empty(), used && themes.known.is_empty()) {
        (_, true) => Err(Error::ForeignCodes { file: shown.to_owned() }),
        (true, _) => Err(Error::NobodyCoded { file: shown.to_owned() }),
        (false, false) => Ok(table),
    }
}

fn texts(
    file: &ProjectFile,
    shown: &str,
    described: &mut Description,
) -> Result<Vec<Option<Verbatim>>, Error> {
    // NVivo for Windows counts a line end of two characters as two.
    let one_break = !described.origin.to_lowercase().starts_with("nvivo");
    let paths: Vec<&str> = described.sources.iter().map(|s| s.path.as_str()).collect();
    let mut texts = file.texts(&paths, one_break)?;
    let inline: Vec<_> = described.sources.iter_mut().map(|s| s.inline.take()).collect();
    for ((text, inline), source) in texts.iter_mut().zip(inline).zip(&described.sources) {
        if text.is_none() {
            *text = inline;
        }
        if text.is_none() && !people(source, described).is_empty() {
            let reason = "a text in which people coded is missing, damaged or outside of the file";
            let (file, reason) = (shown.to_owned(), reason.to_owned());
            return Err(crate::ingest::Error::Project { file, reason }.into());
        }
    }
    Ok(texts)
}

/// Who coded in a text.
fn people<'a>(source: &'a Source, described: &Description) -> BTreeSet<&'a str> {
    let coded = source.selections.iter().flat_map(|s| &s.codings).chain(&source.whole);
    coded.map(|(user, _)| &**user).filter(|user| described.is_person(user)).collect()
}

/// How many codings of people touch no unit; units are ascending and apart.
fn untouched(
    source: &Source,
    units: &[(String, (usize, usize))],
    described: &Description,
) -> usize {
    let touches = |s: &description::Selection| {
        let next = units.partition_point(|(_, place)| place.1 <= s.start);
        s.end > s.start && units.get(next).is_some_and(|(_, place)| place.0 < s.end)
    };
    let lost = source.selections.iter().filter(|s| !touches(s)).flat_map(|s| &s.codings);
    lost.filter(|(user, _)| described.is_person(user)).count()
}

/// A text in which people coded.
struct OfSource<'a> {
    source: &'a Source,
    people: BTreeSet<&'a str>,
    described: &'a Description,
    themes: &'a Themes,
}

impl OfSource<'_> {
    /// One row a unit and person.
    fn rows(
        &self,
        text: &Verbatim,
        units: Vec<(String, (usize, usize))>,
        with_text: bool,
        number: &mut u32,
    ) -> Vec<CodedRow> {
        let each = units.iter().flat_map(|(_, p)| std::iter::repeat_n(*p, self.people.len()));
        let places: Vec<(usize, usize)> = each.collect();
        let words = if with_text { pieces(text, &places) } else { Vec::new() };
        let mut words = words.into_iter();
        let mut rows = Vec::with_capacity(places.len());
        let mut touching = Touching::of(self.source, self.themes);
        for (id, place) in units {
            *number += 1;
            let found = touching.at(place);
            for &user in &self.people {
                let own = found.range((user, 0)..=(user, usize::MAX));
                rows.push(CodedRow {
                    id: id.clone(),
                    row: *number,
                    text: words.next().unwrap_or_else(|| Verbatim::new("")),
                    context: Vec::new(),
                    participant: Some(self.source.name.clone()),
                    codes: own.map(|((_, theme), _)| *theme).collect(),
                    coder: Some(self.described.name(user)),
                    stratum: None,
                    probability: None,
                    groups: Vec::new(),
                });
            }
        }
        rows
    }
}

/// What is coded in a text: ids and places, ascending, none in another.
fn units(source: &Source, text: &Verbatim) -> Vec<(String, (usize, usize))> {
    let named = source.selections.iter().filter_map(|s| {
        let id = s.name.strip_prefix(RESPONSE).filter(|id| !id.is_empty())?;
        Some((id.to_owned(), (s.start, s.end)))
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
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
    open: BTreeMap<(&'a str, usize), usize>,
}

impl<'a> Touching<'a> {
    fn of(source: &'a Source, themes: &Themes) -> Self {
        let known = |codings: &'a [description::Coding]| -> Vec<(&'a str, usize)> {
            let known = |(user, code): &'a description::Coding| {
                Some((&**user, *themes.known.get(&**code)?))
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
    fn at(&mut self, (start, end): (usize, usize)) -> &BTreeMap<(&'a str, usize), usize> {
        while let Some(&(_, s)) = self.begins.get(self.next[0]).filter(|(b, _)| *b < end) {
            self.codings[s].iter().for_each(|key| *self.open.entry(*key).or_default() += 1);
            self.next[0] += 1;
        }
        while let Some(&(_, s)) = self.ends.get(self.next[1]).filter(|(e, _)| *e <= start) {
            for key in &self.codings[s] {
                if let Some(n) = self.open.get_mut(key) {
                    *n -= 1;
                    if *n == 0 {
                        self.open.remove(key);
                    }
                }
            }
            self.next[1] += 1;
        }
        &self.open
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

    /// That people used codes which are no themes. A code's name may be somebody's words: it stands
    /// there only where it looks like an id.
    fn warning(&self, file: &str, described: &Description) -> Option<String> {
        let mut lost: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, code) in described.codings().filter(|(user, _)| described.is_person(user)) {
            let name = described.codes.get(code).map_or("", |c| c.name.as_str());
            let none = NO_THEME.contains(&name.trim().to_lowercase().as_str());
            if !self.known.contains_key(code) && !none {
                *lost.entry(name).or_default() += 1;
            }
        }
        let codings: usize = lost.values().sum();
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_id = |name: &&&str| !name.is_empty() && name.len() <= 60 && name.chars().all(plain);
        let names: Vec<String> =
            lost.keys().filter(is_id).take(NAMED).map(|n| format!("`{n}`")).collect();
        let such =
            if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        (codings > 0).then(|| {
            format!(
                "`{file}`: {codings} codings left out: {} codes are no themes of the codebook{such}",
                lost.len()
            )
        })
    }
}
