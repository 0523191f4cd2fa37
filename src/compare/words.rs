//! How differences are said, the same way in every format.
//!
//! In: rows of a [`super::Comparison`]. Out: words and sentences. Must not know: formats.

use super::pair::Both;
use super::read::Source;
use super::row::ENOUGH;
use super::{Basis, Comparison, Row, Side, SourcePair, TablePair, Verdict};
use crate::report::view::Shown;
use crate::report::words::{percent, range, shown, shown_briefly, thousands};

pub(super) use crate::report::words::capitalised as capital;
pub(super) use crate::report::words::change::{chance, change, points, reach};

/// Themes that one sentence names.
const NAMED: usize = 5;

/// A source by name, kind and perspective.
pub(super) fn called(source: &Source) -> String {
    format!("{} ({}, {})", source.name, source.kind, source.perspective)
}

/// `2024: 186 respondents. 2025: 176 respondents.`
pub(super) fn bases([then, now]: Both<'_, Source>, names: [&str; 2]) -> String {
    let one = |source: &Source, name: &str| {
        let Some(all) = source.questions.first() else { return String::new() };
        let files = match source.shares {
            true => String::new(),
            false => format!(" in {}", counted(all.file_base, &source.file_unit)),
        };
        let people = match all.base {
            Shown::Exactly(n) => counted(n, &source.unit),
            other => format!("{} {}", shown(other), source.unit),
        };
        format!("{}: {people}{files}.", capital(name))
    };
    format!("{} {}", one(then, names[0]), one(now, names[1]))
}

/// `1 group`, `3 groups`.
fn counted(n: u64, unit: &str) -> String {
    let unit = match (n, unit) {
        (1, "people who commented") => "person who commented",
        (1, "people interviewed") => "person interviewed",
        (1, "statements noted") => "statement noted",
        (1, unit) => unit.strip_suffix('s').unwrap_or(unit),
        (_, unit) => unit,
    };
    format!("{} {unit}", thousands(n))
}

/// `5 of 8 groups`; `not shown` where that is protected.
fn of_files(side: Option<&Side>, base: u64, unit: &str) -> String {
    match side.map(|side| side.files) {
        None => "–".to_owned(),
        Some(None) => "not shown".to_owned(),
        Some(Some(n)) => format!("{} of {}", thousands(n), counted(base, unit)),
    }
}

/// In how many files it was raised; by how many people, where a table knows no files.
pub(super) fn raised((side, base): (Option<&Side>, Shown), files: u64, unit: &str) -> String {
    if files > 0 { of_files(side, files, unit) } else { of_people(side, base) }
}

/// `12 of 23`, with what stands for a protected number.
pub(super) fn of_people(side: Option<&Side>, base: Shown) -> String {
    match side.map(|side| side.people) {
        None => "–".to_owned(),
        Some(Shown::Withheld) => shown(Shown::Withheld),
        Some(people) if base.is_open() => format!("{} of {}", shown(people), shown(base)),
        Some(people) => shown(people),
    }
}

/// The same for narrow columns: `<11 of 23`.
pub(super) fn of_people_briefly(side: Option<&Side>, base: Shown) -> String {
    match side.map(|side| side.people) {
        Some(people @ Shown::FewerThan(_)) if base.is_open() => {
            format!("{} of {}", shown_briefly(people), shown(base))
        }
        _ => of_people(side, base),
    }
}

/// The same with what is counted: `12 of 23 speakers`, `speakers not shown`.
pub(super) fn people_counted(side: &Side, base: Shown, unit: &str) -> String {
    match side.people {
        Shown::Withheld => format!("{unit} not shown"),
        _ => format!("{} {unit}", of_people(Some(side), base)),
    }
}

/// Whether one wave alone has a corrected share, so that the counted ones are compared.
pub(super) fn is_corrected_once(row: &Row) -> bool {
    let has = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.corrected.is_some());
    row.decided_by == Some(Basis::Counted) && has(&row.then) != has(&row.now)
}

/// A share as counted, or why there is none.
pub(super) fn share(side: Option<&Side>) -> String {
    match side {
        None => "–".to_owned(),
        Some(Side { share: Some(share), .. }) => percent(share.value),
        Some(side) if side.people.is_open() => "not shown".to_owned(),
        Some(side) => shown(side.people),
    }
}

/// The share that decides: the corrected one where that is compared.
pub(super) fn deciding_share(row: &Row, side: Option<&Side>) -> String {
    let corrected = side.and_then(|side| side.corrected);
    match (row.decided_by, corrected) {
        (Some(Basis::Corrected), Some(share)) => percent(share.value),
        _ => share(side),
    }
}

/// The interval of a side's share: `8–18`.
pub(super) fn share_range(side: Option<&Side>) -> Option<String> {
    side.and_then(|side| side.share).map(|share| range(&share))
}

/// What changed, in sentences.
pub(super) fn findings(
    rows: &[Row],
    source: &Source,
    (base, file_base): ([Shown; 2], [u64; 2]),
) -> Vec<String> {
    let told = |row: &Row| row.clear || !source.shares;
    let is = |verdict: Verdict| move |row: &Row| row.verdict == verdict && told(row);
    let clear = [
        named("Rose", rows, &is(Verdict::Rose), (source, base, file_base)),
        named("Fell", rows, &is(Verdict::Fell), (source, base, file_base)),
        named("New", rows, &is(Verdict::New), (source, base, file_base)),
        named("Gone", rows, &is(Verdict::Gone), (source, base, file_base)),
    ];
    let mut said: Vec<String> = clear.into_iter().flatten().collect();
    if said.is_empty() && source.shares && rows.iter().any(|row| row.p.is_some()) {
        said.push("Nothing changed clearly.".to_owned());
    }
    for (word, words) in [("May have risen", MAY_RISE), ("May have fallen", MAY_FALL)] {
        said.extend(named(word, rows, &|row| row.said == words, (source, base, file_base)));
    }
    said
}

/// What is said where the interval leaves out zero and the adjusted p is too large.
pub(super) const MAY_RISE: &str = "may have risen";
pub(super) const MAY_FALL: &str = "may have fallen";

/// The themes of which something is said, largest change first, with their numbers.
fn named(
    word: &str,
    rows: &[Row],
    is: &dyn Fn(&Row) -> bool,
    (source, base, file_base): (&Source, [Shown; 2], [u64; 2]),
) -> Option<String> {
    let mut of: Vec<&Row> = rows.iter().filter(|row| is(row)).collect();
    let size = |row: &Row| row.deciding().map_or(0.0, |d| d.value.abs());
    of.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let evidence = |row: &&Row| evidence(row, source, (base, file_base));
    let named: Vec<String> = of.iter().take(NAMED).map(evidence).collect();
    let more = match of.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!("; and {n} more"),
    };
    (!named.is_empty()).then(|| format!("{word}: {}{more}.", named.join("; ")))
}

/// How many themes have no verdict of change, by the reason.
pub(super) fn remainder(rows: &[Row], shares: bool) -> Option<String> {
    let count = |of: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| of(row)).count() as u64;
    let unclear = |row: &Row| {
        shares && !row.clear && matches!(row.verdict, Verdict::New | Verdict::Gone)
            || row.verdict == Verdict::NoClearChange
    };
    let only = |row: &Row| matches!(row.verdict, Verdict::OnlyNow | Verdict::OnlyThen);
    let parts = [
        ("without a clear change", count(&unclear)),
        ("raised in both", count(&|row| row.verdict == Verdict::SideBySide)),
        ("of too few people", count(&|row| row.verdict == Verdict::TooFew)),
        ("in one codebook alone", count(&only)),
        ("not shown in one wave or both", count(&|row| row.verdict == Verdict::NotShown)),
    ];
    let told = parts.iter().filter(|(_, n)| *n > 0);
    let told: Vec<String> = told.map(|(what, n)| format!("{} {what}", thousands(*n))).collect();
    (!told.is_empty()).then(|| format!("Areas and themes: {}.", told.join(", ")))
}

/// `Lighting (12 % to 21 %, +9.0 points, interval +0.3 to +16.1)`, or `Lighting (0 of 3 groups,
/// then 2 of 4 groups)`.
fn evidence(row: &Row, source: &Source, (base, files): ([Shown; 2], [u64; 2])) -> String {
    let (then, now) = (row.then.as_ref(), row.now.as_ref());
    match row.deciding() {
        Some(d) => format!(
            "{} ({} to {}, {} points, interval {})",
            row.label,
            deciding_share(row, then),
            deciding_share(row, now),
            points(d.value),
            reach(&d)
        ),
        None => format!(
            "{} ({}, then {})",
            row.label,
            raised((then, base[0]), files[0], &source.file_unit),
            raised((now, base[1]), files[1], &source.file_unit)
        ),
    }
}

/// What the numbers mean and do not mean.
pub(super) fn notes(sources: &[SourcePair]) -> Vec<String> {
    let mut said = Vec::new();
    if sources.iter().any(|source| source.shares) {
        said.extend(of_shares(sources));
    }
    if sources.iter().any(|source| !source.shares) {
        said.push(
            "Focus groups, interviews and sessions are counted side by side, in how many a theme \
             was raised, and never tested: nothing here says how common it is among people who \
             were not there. “New” means that it was raised in none then and in some now."
                .to_owned(),
        );
    }
    said.push(
        "A share says how many spoke of a theme, not whether they praised or blamed it: a theme \
         that rose can be good news or bad. What the reports tell of praise and criticism is not \
         compared."
            .to_owned(),
    );
    said.push(
        "“Not shown” and “fewer than” mean that a wave protects the number, because few people \
         stand behind it or would follow from it. This comparison holds numbers of the two published reports alone, and differences of two \
         such numbers, which reveal nothing that the two reports do not. What either protects stays \
         protected: it has no difference, no verdict and no place by its size. Where the same \
         people were asked twice, two published counts that differ by a few tell of few people; \
         that is so with the two reports themselves, and is decided when they are published."
            .to_owned(),
    );
    said
}

fn of_shares(sources: &[SourcePair]) -> Vec<String> {
    let rows = || {
        let tables = sources.iter().flat_map(|source| {
            source.questions.iter().chain(source.groups.iter().flat_map(|column| &column.values))
        });
        tables.flat_map(|table: &TablePair| &table.rows)
    };
    let corrected = rows().any(|row| row.decided_by == Some(Basis::Corrected));
    let mut said = vec![
        "Differences are percentage points of unrounded shares: from 12 % to 21 % is about +9. In \
         brackets stands the 95 % interval, the range that chance alone allows for (Newcombe \
         1998, method 10, from the intervals of the two shares)."
            .to_owned(),
        format!(
            "Rose and fell are said only where the interval leaves out zero and the p of no \
             difference, adjusted for all areas and themes of the question (Benjamini and Hochberg \
             1995), is below .05. The test is the “N − 1” chi-squared test, or Fisher’s exact test \
             where a count of less than 1 is to be expected (Campbell 2007). Below {ENOUGH} people \
             in a wave nothing is said."
        ),
        "No clear change does not mean that nothing changed: it means that a change, if there was \
         one, lies within the interval. “May have risen” or “may have fallen” means that the \
         interval leaves out zero, but that among so many differences looked at together one like \
         it is not unlikely by chance. New and gone mean that nobody raised a theme in one wave; \
         where chance could explain it, that is said."
            .to_owned(),
        "The waves are taken as two samples of different people. Where the same people answered \
         twice, the intervals are as a rule too wide. Nothing here corrects for who chose to \
         answer in each."
            .to_owned(),
    ];
    said.push(match corrected {
        true => "Where both waves have a share corrected for the program’s errors, the difference \
                 of these decides, with an interval made of theirs (Zou and Donner 2008); the \
                 difference as counted stands beside it."
            .to_owned(),
        false => "The shares are as the program counted them. Its errors are not corrected here; \
                  where they are alike in both waves, true differences are as a rule larger than \
                  those shown."
            .to_owned(),
    });
    said
}

/// How many themes came and went in groups or interviews, which are not tested.
pub(super) fn side_by_side(table: &TablePair) -> String {
    let count = |verdict: Verdict| table.rows.iter().filter(|row| row.verdict == verdict).count();
    format!(
        "Counted side by side, not tested. Areas and themes: {} new, {} gone, {} raised in both.",
        count(Verdict::New),
        count(Verdict::Gone),
        count(Verdict::SideBySide)
    )
}

/// Waves whose codes nobody checked.
pub(super) fn unchecked(found: &Comparison) -> Option<String> {
    let names: Vec<&str> =
        found.waves.iter().filter(|w| !w.validated).map(|w| w.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Not yet checked by people: {}. A program assigned the codes; how often it errs there \
             is not known.",
            names.join(" and ")
        )
    })
}

/// Title of the whole: of both waves where they have the same.
pub(super) fn title(found: &Comparison) -> String {
    let [then, now] = &found.waves;
    match then.title == now.title {
        true => then.title.clone(),
        false => format!("{} → {}", then.title, now.title),
    }
}
