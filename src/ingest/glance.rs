//! A look at a file without a study: what a table or a conversation holds.
//!
//! In: a file. Out: a [`Glance`]: the header and the first rows of each table, the labels of a
//! conversation, the number of statements of notes. Cells stay [`Verbatim`].
//! Must not know: what a column or a speaker is for; that is guessed from what is shown here.

use std::path::Path;

use super::assemble::FileIntake;
use super::{Content, Error, Job, Kind, Limits, Route, SourceSpec, extension};
use crate::text::Verbatim;

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Glance {
    /// One table, or the sheets of a workbook.
    Tables(Vec<Table>),
    /// Speakers in turn.
    Talk(Talk),
    /// Statements that nobody is named for.
    Notes(Notes),
    /// What one person sent in.
    Letter(Letter),
}

/// The top of a table.
#[derive(Debug)]
pub(crate) struct Table {
    /// The sheet, in a workbook of several.
    pub(crate) sheet: Option<String>,
    /// The line or row of the header, counted from 1; 0 where there is none.
    pub(crate) header_row: u32,
    /// The line or row below the header, where it holds words above columns of numbers or dates
    /// and may be a second row of the header.
    pub(crate) second: Option<u32>,
    /// Encoding and dialect in words.
    pub(crate) format: String,
    /// Rows below the header that were looked at.
    pub(crate) rows: usize,
    /// Whether rows follow that were not looked at.
    pub(crate) more: bool,
    /// The columns, in order.
    pub(crate) columns: Vec<Column>,
}

/// A column: what the header calls it, and its cells.
#[derive(Debug)]
pub(crate) struct Column {
    /// The name, white space inside made one space.
    pub(crate) name: String,
    /// The question's words, where a further header row has them.
    pub(crate) wording: Option<String>,
    /// One cell a row looked at.
    pub(crate) cells: Vec<Verbatim>,
}

/// Speakers of a conversation.
#[derive(Debug)]
pub(crate) struct Talk {
    /// Format or encoding in words.
    pub(crate) format: String,
    /// The labels, in order of first appearance; an empty label for captions without a speaker.
    pub(crate) speakers: Vec<Speaker>,
}

/// Somebody who speaks in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Speaker {
    /// The whole label of one who moderates. Of anybody else, the word for the part that the label
    /// begins with (`officer`), or nothing: a name stays in the file.
    pub(crate) label: String,
    /// Turns.
    pub(crate) turns: usize,
    /// Whether it asks and leads.
    pub(crate) moderates: bool,
}

/// Statements of notes.
#[derive(Debug)]
pub(crate) struct Notes {
    /// Format or encoding in words.
    pub(crate) format: String,
    /// How many statements stand there.
    pub(crate) statements: usize,
    /// Whether they stand in a list, not in paragraphs.
    pub(crate) listed: bool,
}

/// A letter.
#[derive(Debug)]
pub(crate) struct Letter {
    /// Format or encoding in words.
    pub(crate) format: String,
    /// Words, counted by white space.
    pub(crate) words: usize,
}

/// Looks at a file.
///
/// # Errors
/// What a run would fail with: the file cannot be opened or holds nothing that is read.
pub(crate) fn glance(path: &Path, shown: &str) -> Result<Glance, Error> {
    let table = SourceSpec { kind: Kind::Survey, ..SourceSpec::default() };
    match Route::choose(&table, shown, &extension(shown)) {
        Err(Error::WrongKind { .. }) => document(path, shown),
        Err(e) => Err(e),
        Ok(_) => super::table::glance::tables(path, shown).map(Glance::Tables),
    }
}

/// Reads a file as a source of some kind would.
fn read(path: &Path, shown: &str, kind: Kind) -> Result<FileIntake, Error> {
    let spec = SourceSpec { kind, ..SourceSpec::default() };
    let file = (path.to_owned(), shown.to_owned());
    Job { source: 0, spec: &spec, file: &file, stem: String::new(), conversation: None, size: 0 }
        .read(Limits::default())
}

/// A conversation where labels open turns, a list of statements where there are more of those; a
/// letter where somebody is greeted or a name of the path says so.
fn document(path: &Path, shown: &str) -> Result<Glance, Error> {
    let talk = read(path, shown, Kind::FocusGroup);
    // What is wrong with the file itself is wrong with it as any kind, and may take long to find.
    let talk = match talk {
        Err(e) if !matches!(e, Error::NoTurns { .. } | Error::WrongKind { .. }) => return Err(e),
        talk => talk,
    };
    let notes = read(path, shown, Kind::SessionNotes);
    let letter = read(path, shown, Kind::Comments);
    let listed = letter.as_ref().map_or(0, n_listed);
    match (talk, notes) {
        (Ok(talk), _) if talk.responses.len() > listed => Ok(Glance::Talk(conversation(talk))),
        (Err(e), Err(_)) => Err(e),
        (talk, Ok(notes)) => match letter {
            Ok(letter) if listed < 3 && is_letter(&letter, shown) => Ok(Glance::Letter(Letter {
                words: texts(&letter).map(|t| t.split_whitespace().count()).sum(),
                format: letter.format,
            })),
            _ => Ok(Glance::Notes(Notes {
                listed: talk.is_err() && listed > 0 || listed > 1,
                statements: notes.responses.len(),
                format: notes.format,
            })),
        },
        (Ok(talk), Err(_)) => Ok(Glance::Talk(conversation(talk))),
    }
}

fn texts(intake: &FileIntake) -> impl Iterator<Item = &str> {
    intake.responses.iter().filter_map(|r| match &r.content {
        Content::Text(text) => Some(text.expose()),
        _ => None,
    })
}

/// Lines that begin with a bullet.
fn n_listed(letter: &FileIntake) -> usize {
    let marked = |l: &&str| {
        let l = l.trim_start();
        ["- ", "* ", "• ", "– ", "· ", "▪ ", "● "].iter().any(|m| l.starts_with(m))
    };
    texts(letter).flat_map(str::lines).filter(marked).count()
}

fn is_letter(letter: &FileIntake, shown: &str) -> bool {
    const NAMES: [&str; 6] =
        ["letter", "comment", "submission", "testimony", "carta", "comentario"];
    const GREETINGS: [&str; 9] = [
        "dear ",
        "to whom it may concern",
        "to the ",
        "estimad",
        "querid",
        "szanown",
        "尊敬",
        "亲爱",
        "親愛",
    ];
    const CLOSINGS: [&str; 9] = [
        "sincerely",
        "yours ",
        "yours,",
        "regards",
        "kind regards",
        "best regards",
        "respectfully",
        "atentamente",
        "saludos",
    ];
    let slashed = shown.replace('\\', "/").to_lowercase();
    let near: Vec<&str> = slashed.rsplit('/').take(2).collect();
    let lines: Vec<String> =
        texts(letter).flat_map(str::lines).map(|l| l.trim().to_lowercase()).collect();
    let begins = |line: &String, words: &[&str]| words.iter().any(|w| line.starts_with(w));
    let greets = lines.iter().take(20).any(|l| begins(l, &GREETINGS) && l.chars().count() <= 60);
    let closes =
        lines.iter().rev().take(12).any(|l| begins(l, &CLOSINGS) && l.chars().count() <= 40);
    greets && closes
        || NAMES.iter().any(|n| near.iter().any(|p| p.contains(n)))
        || greets && lines.len() <= 60
}

/// Who speaks, and who of them asks: by the label, else the one whose turns are mostly questions
/// while the others' are not.
fn conversation(intake: FileIntake) -> Talk {
    let n = intake.people.len();
    let (mut turns, mut questions) = (vec![0usize; n], vec![0usize; n]);
    for response in &intake.responses {
        let Some(person) = response.person.map(|p| p as usize).filter(|p| *p < n) else { continue };
        turns[person] += 1;
        if let Content::Text(text) = &response.content {
            questions[person] += usize::from(text.expose().contains(['?', '？']));
        }
    }
    let label = |i: usize| intake.voices.get(i).map_or("", |v| v.0.as_str());
    let mut moderates: Vec<bool> = (0..n).map(|i| asks_by_label(label(i))).collect();
    if !moderates.contains(&true) && n >= 2 {
        let asks = |i: usize| turns[i] >= 3 && questions[i] * 10 >= turns[i] * 6;
        let answers = |i: usize| questions[i] * 4 <= turns[i];
        let asking: Vec<usize> = (0..n).filter(|i| asks(*i)).collect();
        if let [one] = asking[..]
            && (0..n).all(|i| i == one || answers(i))
            && !label(one).is_empty()
        {
            moderates[one] = true;
        }
    }
    let speakers = (0..n).map(|i| Speaker {
        label: if moderates[i] { capitalised(label(i)) } else { part(label(i)) },
        turns: turns[i],
        moderates: moderates[i],
    });
    Talk { speakers: speakers.collect(), format: intake.format }
}

fn asks_by_label(label: &str) -> bool {
    const ASKING: &str = "moderator moderador moderadora moderatorka facilitator facilitador facilitadora interviewer         entrevistador entrevistadora researcher investigator host q question pregunta";
    const ASKING_HAN: [&str; 6] = ["主持人", "訪談者", "访谈者", "采访者", "採訪者", "提问者"];
    let word: String = label.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest = label.get(word.len()..).unwrap_or("");
    let short = rest.chars().filter(|c| c.is_alphabetic()).count() <= 24;
    (short && ASKING.split_whitespace().any(|a| a == word))
        || ASKING_HAN.iter().any(|a| label.starts_with(a))
}

/// The word for a part that a label begins with, or nothing.
fn part(label: &str) -> String {
    let word: String = label.chars().take_while(|c| c.is_alphabetic()).collect();
    if super::talk::label::is_role(&word) { word } else { String::new() }
}

/// Labels are compared without case; in a study they look better with capitals.
fn capitalised(label: &str) -> String {
    let word = |w: &str| {
        let mut chars = w.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    label.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
