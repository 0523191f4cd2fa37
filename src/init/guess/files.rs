//! From the names of files to sources: which belong together, what they are called, how people
//! were heard, whose view it is.
//!
//! In: [`Piece`]s: a table or a conversation a piece, with its path from the study's folder.
//! Out: [`SourceGuess`]es. Must not know: the disk, cells, the study file's syntax.

use std::collections::{BTreeMap, BTreeSet};

use super::TableGuess;
use crate::ingest::Kind;
use crate::ingest::glance::Speaker;

/// Something that can be a source or a part of one.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Path from the study's folder, with `/`.
    pub(crate) path: String,
    /// What the file holds.
    pub(crate) holds: Holds,
}

/// What a piece holds.
#[derive(Debug)]
pub(crate) enum Holds {
    /// A table with answers.
    Table {
        /// The sheet, where it is not the first or one of several.
        sheet: Option<String>,
        /// Where the header stands.
        header_row: u32,
        /// What its columns are for.
        guess: TableGuess,
    },
    /// Speakers in turn.
    Talk(Vec<Speaker>),
    /// Statements.
    Notes,
    /// What one person sent in.
    Letter,
}

/// A source for the study file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceGuess {
    /// Its name in reports.
    pub name: String,
    /// How people were heard.
    pub kind: Kind,
    /// Why.
    pub kind_why: String,
    /// Whose view it is.
    pub perspective: String,
    /// Why; `None` where nothing says it.
    pub perspective_why: Option<String>,
    /// A file or a pattern, from the study's folder.
    pub path: String,
    /// Which pieces it is made of.
    pub pieces: Vec<usize>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Where a table's header stands.
    pub header_row: u32,
    /// What a table's columns are for.
    pub table: Option<TableGuess>,
    /// Labels of people who ask and lead.
    pub moderators: Vec<String>,
    /// Whether some files are parts of one conversation by their names.
    pub parts: bool,
}

/// Puts pieces together into sources. `listing` gives the names of all visible files of a folder,
/// so that a pattern never takes in a file that was not looked at.
pub(crate) fn sources(pieces: &[Piece], listing: &dyn Fn(&str) -> Vec<String>) -> Vec<SourceGuess> {
    let kinds = kinds(pieces);
    let mut bundles: Vec<Vec<usize>> = Vec::new();
    for at in 0..pieces.len() {
        let fits =
            |b: &&mut Vec<usize>| b.first().is_some_and(|first| belong(pieces, &kinds, *first, at));
        match bundles.iter_mut().find(fits) {
            Some(bundle) => bundle.push(at),
            None => bundles.push(vec![at]),
        }
    }
    let mut sources = Vec::new();
    for bundle in bundles {
        let files: BTreeSet<&str> = bundle.iter().map(|i| pieces[*i].path.as_str()).collect();
        match pattern(&files, listing) {
            Some(path) => sources.push(source(pieces, &kinds, bundle, path)),
            None => sources.extend(
                bundle.into_iter().map(|i| source(pieces, &kinds, vec![i], pieces[i].path.clone())),
            ),
        }
    }
    name_apart(&mut sources);
    sources
}

/// Folder, stem and extension of a path.
fn parts(path: &str) -> (&str, &str, &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    (folder, stem, extension)
}

/// Same folder, same format, same kind; tables also the same columns in the same roles.
fn belong(pieces: &[Piece], kinds: &[(Kind, String)], a: usize, b: usize) -> bool {
    let (folder_a, _, extension_a) = parts(&pieces[a].path);
    let (folder_b, _, extension_b) = parts(&pieces[b].path);
    let alike = match (&pieces[a].holds, &pieces[b].holds) {
        (
            Holds::Table { sheet: s, header_row: r, guess: g },
            Holds::Table { sheet: t, header_row: q, guess: h },
        ) => {
            let used = |g: &TableGuess| -> Vec<(String, super::Role)> {
                g.columns
                    .iter()
                    .filter(|c| c.role.is_used())
                    .map(|c| (c.name.clone(), c.role))
                    .collect()
            };
            // Exports of one form may come from different surveys, whose ids mean other people:
            // only files of like names are waves of one.
            let like =
                shared_start(parts(&pieces[a].path).1, parts(&pieces[b].path).1) >= MIN_START;
            s == t && r == q && used(g) == used(h) && pieces[a].path != pieces[b].path && like
        }
        (Holds::Talk(_), Holds::Talk(_))
        | (Holds::Notes, Holds::Notes)
        | (Holds::Letter, Holds::Letter) => true,
        _ => false,
    };
    alike && folder_a == folder_b && extension_a == extension_b && kinds[a].0 == kinds[b].0
}

/// Characters that names begin with alike to be waves of one survey, or to share a pattern.
const MIN_START: usize = 3;

fn shared_start(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// The file, or a pattern that matches these files of one folder and no other.
fn pattern(files: &BTreeSet<&str>, listing: &dyn Fn(&str) -> Vec<String>) -> Option<String> {
    let first = files.first()?;
    if files.len() == 1 {
        return Some((*first).to_owned());
    }
    let (folder, _, extension) = parts(first);
    let names: BTreeSet<&str> = files.iter().map(|f| f.rsplit('/').next().unwrap_or(f)).collect();
    let prefix = names.iter().skip(1).fold((*names.first()?).to_owned(), |p, n| {
        p.chars().zip(n.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    });
    let all = listing(folder);
    let patterns = ["", &prefix].map(|start| (start.to_owned(), format!(".{extension}")));
    let found = patterns.iter().find(|(start, end)| {
        let matches = |n: &&String| {
            n.len() >= start.len() + end.len()
                && n.starts_with(start.as_str())
                && n.ends_with(end.as_str())
        };
        let matched: BTreeSet<&str> = all.iter().filter(matches).map(String::as_str).collect();
        let long = start.is_empty() || start.chars().count() >= MIN_START;
        matched == names && !start.contains('*') && long
    })?;
    let name = format!("{}*{}", found.0, found.1);
    Some(if folder.is_empty() { name } else { format!("{folder}/{name}") })
}

/// The kind of every piece and why: the file's name, its folder's name, the number of speakers.
fn kinds(pieces: &[Piece]) -> Vec<(Kind, String)> {
    let alone: Vec<(Option<Kind>, (Kind, String))> = pieces.iter().map(kind).collect();
    let mut count: BTreeMap<(&str, &str), [usize; 2]> = BTreeMap::new();
    for (piece, (named, (kind, _))) in pieces.iter().zip(&alone) {
        if named.is_none() && matches!(piece.holds, Holds::Talk(_)) {
            let (folder, _, extension) = parts(&piece.path);
            count.entry((folder, extension)).or_default()[usize::from(*kind == Kind::Interview)] +=
                1;
        }
    }
    // Where speakers alone decide, most files of a folder decide for the others.
    let settle = |(piece, (named, (kind, why))): (&Piece, (Option<Kind>, (Kind, String)))| {
        let (folder, _, extension) = parts(&piece.path);
        match (named, count.get(&(folder, extension))) {
            (None, Some([groups, interviews]))
                if matches!(piece.holds, Holds::Talk(_)) && groups != interviews =>
            {
                let most = if groups > interviews { Kind::FocusGroup } else { Kind::Interview };
                (most, if most == kind { why } else { "like most files of its folder".into() })
            }
            _ => (kind, why),
        }
    };
    pieces.iter().zip(alone).map(settle).collect()
}

fn kind(piece: &Piece) -> (Option<Kind>, (Kind, String)) {
    const FOCUS: [&str; 7] =
        ["focus", "grupo", "workshop", "roundtable", "panel", "webinar", "座谈"];
    const INTERVIEW: [&str; 5] = ["interview", "entrevista", "wywiad", "访谈", "訪談"];
    match &piece.holds {
        Holds::Table { guess, .. } => (None, (guess.kind, guess.why.clone())),
        Holds::Letter => (None, (Kind::Comments, "a letter a file: what one person wrote".into())),
        Holds::Notes => (None, (Kind::SessionNotes, "statements without speakers".into())),
        Holds::Talk(speakers) => {
            let (folder, stem, _) = parts(&piece.path);
            let folder = folder.rsplit('/').next().unwrap_or_default();
            for (place, name) in [("file", stem), ("folder", folder)] {
                let lower = name.to_lowercase();
                for (kind, words) in
                    [(Kind::FocusGroup, &FOCUS[..]), (Kind::Interview, &INTERVIEW[..])]
                {
                    if let Some(word) = words.iter().find(|w| lower.contains(**w)) {
                        return (Some(kind), (kind, format!("the {place}'s name says `{word}`")));
                    }
                }
            }
            let n = speakers.iter().filter(|s| !s.moderates).count();
            let asked =
                if n == 1 { "1 person answers".to_owned() } else { format!("{n} people speak") };
            let kind = if n <= 2 { Kind::Interview } else { Kind::FocusGroup };
            (None, (kind, asked))
        }
    }
}

fn source(
    pieces: &[Piece],
    kinds: &[(Kind, String)],
    bundle: Vec<usize>,
    path: String,
) -> SourceGuess {
    let first = bundle.first().copied().unwrap_or_default();
    let (kind, kind_why) = kinds[first].clone();
    let mut moderators: Vec<String> = Vec::new();
    let mut labels: Vec<&str> = Vec::new();
    for piece in bundle.iter().map(|i| &pieces[*i]) {
        let Holds::Talk(speakers) = &piece.holds else { continue };
        for speaker in speakers {
            if !speaker.moderates {
                labels.push(&speaker.label);
            } else if !moderators.iter().any(|m| m.to_lowercase() == speaker.label.to_lowercase()) {
                moderators.push(speaker.label.clone());
            }
        }
    }
    let (sheet, header_row, table) = match &pieces[first].holds {
        Holds::Table { sheet, header_row, guess } => {
            (sheet.clone(), *header_row, Some(guess.clone()))
        }
        _ => (None, 1, None),
    };
    let (perspective, perspective_why) = perspective(&path, &labels);
    let name = name(&path, kind, sheet.as_deref());
    let whole: Vec<&str> =
        bundle.iter().filter_map(|i| without_part(parts(&pieces[*i].path).1)).collect();
    let talk = matches!(kind, Kind::FocusGroup | Kind::Interview);
    let parts = talk && (1..whole.len()).any(|i| whole[..i].contains(&whole[i]));
    SourceGuess {
        name,
        kind,
        kind_why,
        perspective,
        perspective_why,
        path,
        pieces: bundle,
        sheet,
        header_row,
        table,
        moderators,
        parts,
    }
}

/// The name of a recording in parts without its part: `north` of `north part 2`.
fn without_part(stem: &str) -> Option<&str> {
    const WORDS: [&str; 6] = ["part", "parte", "partie", "teil", "pt", "tape"];
    const GAPS: [char; 6] = [' ', '_', '-', '.', '(', '['];
    let body = stem.trim_end_matches([')', ']']);
    let head = body.trim_end_matches(|c: char| c.is_ascii_digit());
    if head.len() == body.len() {
        return None;
    }
    let before = head.trim_end_matches(GAPS);
    let word = before.rsplit(GAPS).next().unwrap_or_default();
    let base = before[..before.len() - word.len()].trim_end_matches(GAPS);
    (WORDS.contains(&word.to_lowercase().as_str()) && !base.is_empty()).then_some(base)
}

/// Whose view it is, by words in the path, then by the speakers' labels.
fn perspective(path: &str, labels: &[&str]) -> (String, Option<String>) {
    const WORDS: [(&str, &str); 4] = [
        (
            "Partners",
            "partner advocate advocacy organisation organization stakeholder provider oversight ngo nonprofit coalition",
        ),
        ("National", "peer national elsewhere comparator benchmark"),
        (
            "Members",
            "officer staff employee member workforce worker supervisor sergeant personnel internal watch",
        ),
        (
            "Community",
            "community resident public citizen neighbor neighbour listening youth parent patient customer voter vecino comunidad residente town",
        ),
    ];
    const LABELS: [(&str, &str); 2] = [
        (
            "Members",
            "officer sergeant lieutenant supervisor captain detective dispatcher staff employee oficial sargento",
        ),
        ("Community", "resident vecino vecina student parent neighbor citizen patient 居民"),
    ];
    // The file and its folder; what lies above is the place of the whole study.
    let near = path.rsplit('/').take(2).filter(|p| *p != "..").collect::<Vec<_>>().join(" ");
    let lower = near.to_lowercase();
    for (view, words) in WORDS {
        if let Some(word) = words.split(' ').find(|w| lower.contains(w)) {
            return (view.into(), Some(format!("its name or its folder's says `{word}`")));
        }
    }
    for (view, words) in LABELS {
        let fits = |l: &&&str| words.split(' ').any(|w| l.to_lowercase().starts_with(w));
        if !labels.is_empty() && labels.iter().filter(fits).count() * 2 > labels.len() {
            return (view.into(), Some("most speakers' labels say so".into()));
        }
    }
    ("Participants".into(), None)
}

fn name(path: &str, kind: Kind, sheet: Option<&str>) -> String {
    let (folder, stem, _) = parts(path);
    let folder = folder.rsplit('/').next().unwrap_or_default();
    let stem = stem.trim_end_matches('*');
    let stem = stem.trim_matches(|c: char| !c.is_alphanumeric());
    let base = match (path.contains('*'), stem.is_empty(), folder.is_empty() || folder == "..") {
        (false, _, _) | (true, false, _) => readable(stem),
        (true, true, false) => readable(folder),
        (true, true, true) => plural(kind).into(),
    };
    let base = if base.is_empty() { plural(kind).to_owned() } else { base };
    match sheet {
        Some(sheet) => format!("{base}: {}", sheet.trim()),
        None => base,
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Survey => "Survey",
        Kind::FocusGroup => "Focus groups",
        Kind::Interview => "Interviews",
        Kind::SessionNotes => "Session notes",
        Kind::Comments => "Comments",
    }
}

/// A file's name as words: `focus-groups` → `Focus groups`.
pub(crate) fn readable(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|c| if matches!(c, '-' | '_' | '.') || c.is_control() { ' ' } else { c })
        .collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = joined.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => joined,
    }
}

/// Sources of one name get their format, then a number.
fn name_apart(sources: &mut [SourceGuess]) {
    let shared = |sources: &[SourceGuess], name: &str| {
        sources.iter().filter(|s| s.name == *name).count() > 1
    };
    let formats: Vec<bool> = sources.iter().map(|s| shared(sources, &s.name)).collect();
    for (source, shared) in sources.iter_mut().zip(formats) {
        let (_, _, extension) = parts(&source.path);
        if shared && !extension.is_empty() {
            source.name = format!("{} ({extension})", source.name);
        }
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for source in sources {
        let mut name = source.name.clone();
        let mut n = 1;
        while !taken.insert(name.clone()) {
            n += 1;
            name = format!("{} {n}", source.name);
        }
        source.name = name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(path: &str, labels: &[(&str, bool)]) -> Piece {
        let speakers = labels.iter().map(|(label, moderates)| Speaker {
            label: (*label).into(),
            turns: 3,
            moderates: *moderates,
        });
        Piece { path: path.into(), holds: Holds::Talk(speakers.collect()) }
    }

    #[test]
    fn files_of_a_folder_are_one_source_where_a_pattern_takes_in_no_other() {
        let group =
            [("Moderator", true), ("Officer 1", false), ("Officer 2", false), ("Officer 3", false)];
        let pieces =
            [talk("fg/a.docx", &group), talk("fg/b.docx", &group), talk("fg/c.vtt", &group)];
        let all = |_: &str| ["a.docx", "b.docx", "c.vtt"].map(String::from).to_vec();
        let found = sources(&pieces, &all);
        let told: Vec<_> =
            found.iter().map(|s| (s.name.as_str(), s.path.as_str(), s.kind)).collect();
        assert_eq!(
            told,
            [("Fg", "fg/*.docx", Kind::FocusGroup), ("C", "fg/c.vtt", Kind::FocusGroup)]
        );
        assert_eq!(found[0].moderators, ["Moderator"]);
        assert_eq!(found[0].perspective, "Members");

        let more = |_: &str| ["a.docx", "b.docx", "z.docx"].map(String::from).to_vec();
        let found = sources(&pieces[..2], &more);
        assert_eq!(found.len(), 2, "z.docx was not looked at");
        let prefixed = [talk("group-1.txt", &group), talk("group-2.txt", &group)];
        let all =
            |_: &str| ["group-1.txt", "group-2.txt", "read me.txt"].map(String::from).to_vec();
        assert_eq!(sources(&prefixed, &all)[0].path, "group-*.txt");
    }

    #[test]
    fn names_of_files_and_speakers_decide_the_kind() {
        let two = [("Q", true), ("A", false)];
        let five = [("Q", true), ("A", false), ("B", false), ("C", false)];
        for (path, labels, kind) in [
            ("x/a.txt", &two[..], Kind::Interview),
            ("x/a.txt", &five[..], Kind::FocusGroup),
            ("interviews/a.txt", &five[..], Kind::Interview),
            ("focus-groups/a.txt", &two[..], Kind::FocusGroup),
        ] {
            let found = sources(&[talk(path, labels)], &|_| Vec::new());
            assert_eq!(found[0].kind, kind, "{path}");
        }
    }

    #[test]
    fn recordings_in_parts_are_noticed() {
        let two = [("Q", true), ("A", false)];
        let all = |_: &str| ["north part 1.txt", "north part 2.txt"].map(String::from).to_vec();
        let pieces = all("").iter().map(|n| talk(n, &two)).collect::<Vec<_>>();
        assert!(sources(&pieces, &all)[0].parts);
        let all = |_: &str| ["north 1.txt", "south part 1.txt"].map(String::from).to_vec();
        let pieces = all("").iter().map(|n| talk(n, &two)).collect::<Vec<_>>();
        assert!(!sources(&pieces, &all)[0].parts);
    }

    #[test]
    fn sources_of_one_name_are_told_apart() {
        let notes = |path: &str| Piece { path: path.into(), holds: Holds::Notes };
        let pieces = [notes("a/x.txt"), notes("b/x.txt"), notes("c/x.md")];
        let names: Vec<String> =
            sources(&pieces, &|_| Vec::new()).into_iter().map(|s| s.name).collect();
        assert_eq!(names, ["X (txt)", "X (txt) 2", "X (md)"]);
    }
}
