//! What the syntax of `study.toml` cannot rule out.
//!
//! In: the study as it is written, and the names of a source's files. Out: nothing, or the one line
//! that says what makes no sense. Must not know: what files hold, the model, the outputs.

use std::path::Path;

use super::{Error, table_hints};
use crate::config::{Source, StudyFile};
use crate::ingest::{self, Kind};

/// What the syntax cannot rule out.
pub(super) fn check(path: &Path, file: &StudyFile) -> Result<(), Error> {
    let fail = |why: String, hint: &str| {
        Err(Error::Study { path: path.to_owned(), why, hint: hint.to_owned() })
    };
    if file.source.is_empty() {
        return fail(
            "the study has no [[source]]".into(),
            "add a [[source]] with name, kind, perspective and path",
        );
    }
    if let Some(t) = file.study.threshold.filter(|t| !(0.0..=1.0).contains(t)) {
        return fail(
            format!("threshold {t} is not between 0 and 1"),
            "leave it out to use the program's own",
        );
    }
    check_min_cells(path, file)?;
    for (i, source) in file.source.iter().enumerate() {
        let name = &source.name;
        if file.source[..i].iter().any(|s| s.name == *name) {
            return fail(
                format!("two sources are called `{name}`"),
                "give each source its own name",
            );
        }
        let table = matches!(source.kind, Kind::Survey | Kind::Comments);
        if source.parts && !matches!(source.kind, Kind::FocusGroup | Kind::Interview) {
            return fail(
                format!("source `{name}` is no transcript and has `parts`"),
                "parts belong to kinds `focus-group` and `interview`",
            );
        }
        if source.kind == Kind::Survey && source.question.is_empty() {
            return fail(
                format!("source `{name}` has no [[source.question]]"),
                "name the column with the open answers: [[source.question]] column = \"Q1\"",
            );
        }
        if !table && !source.question.is_empty() {
            return fail(
                format!("source `{name}` is a transcript and has a [[source.question]]"),
                "questions belong to kinds `survey` and `comments`",
            );
        }
        if let Some(q) = source.question.iter().find(|q| source.groups.contains(&q.column)) {
            return fail(
                format!("source `{name}`: `{}` is a group and a question", q.column),
                "a group is a short closed answer such as a district; answers would be printed",
            );
        }
        if let Some((why, hint)) = check_weight(source) {
            return fail(why, hint);
        }
        if source.question.len() > usize::from(u16::MAX) {
            return fail(format!("source `{name}` has too many questions"), "65,535 are possible");
        }
        if let Err((why, hint)) = table_hints(source).check() {
            return fail(format!("source `{name}`: {why}"), hint);
        }
    }
    Ok(())
}

/// A source may say less than the study, or for a reason more: a reader must learn why.
fn check_min_cells(path: &Path, file: &StudyFile) -> Result<(), Error> {
    let fail = |why: String, hint: &str| {
        Err(Error::Study { path: path.to_owned(), why, hint: hint.to_owned() })
    };
    if file.privacy.min_cell == 0 {
        return fail("min_cell is 0".into(), "1 shows every count; 11 is the default");
    }
    // "Fewer than 2" is one.
    let two = "where 1 must not be told it must not be told as \"fewer than 2\": use 3 or more, or 1 to show every count";
    if file.privacy.min_cell == 2 {
        return fail("min_cell is 2".into(), two);
    }
    for source in &file.source {
        let (name, own) = (&source.name, file.privacy.min_cell);
        let reason = source.min_cell_reason.as_deref().map(str::trim);
        match (source.min_cell, reason) {
            (Some(0), _) => {
                return fail(
                    format!("source `{name}`: min_cell is 0"),
                    "1 shows every count; without the line that of [privacy] holds",
                );
            }
            (Some(2), _) => return fail(format!("source `{name}`: min_cell is 2"), two),
            (Some(min), None | Some("")) if min < own => {
                return fail(
                    format!(
                        "source `{name}`: min_cell is {min}, lower than the study's {own}, without a \
                         reason"
                    ),
                    "say in min_cell_reason why so small a count points to nobody who must not be \
                     known; the report says it",
                );
            }
            (None, Some(_)) => {
                return fail(
                    format!("source `{name}` has a min_cell_reason and no min_cell"),
                    "add min_cell, or leave the reason out",
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is wrong with a source's column of survey weights, and the remedy.
fn check_weight(source: &Source) -> Option<(String, &'static str)> {
    let (name, weight) = (&source.name, source.weight.as_ref()?);
    let table = matches!(source.kind, Kind::Survey | Kind::Comments);
    if !table || source.question.is_empty() {
        return Some((
            format!("source `{name}` is no table and has a `weight`"),
            "weights belong to kinds `survey` and `comments`: a column with one in each row",
        ));
    }
    let answers = source.question.iter().map(|q| &q.column);
    answers.chain(&source.groups).any(|column| column == weight).then(|| {
        (
            format!("source `{name}`: `{weight}` is the weight, and a group or a question too"),
            "name the column that holds the survey weights",
        )
    })
}

/// Comments are a table with a question, or letters without one.
pub(super) fn check_letters(study: &Path, source: &Source, files: &[String]) -> Result<(), Error> {
    if source.kind != Kind::Comments {
        return Ok(());
    }
    let fail = |why: String, hint: &str| {
        Err(Error::Study { path: study.to_owned(), why, hint: hint.to_owned() })
    };
    let name = &source.name;
    let n_letters = files.iter().filter(|file| ingest::is_document(file)).count();
    if source.question.is_empty() && n_letters < files.len() {
        return fail(
            format!("source `{name}` has no [[source.question]]"),
            "name the column with the comments: [[source.question]] column = \"Q1\"; only letters (.txt .md .docx .pdf) need none",
        );
    }
    if !source.question.is_empty() && n_letters > 0 {
        return fail(
            format!(
                "source `{name}` has a [[source.question]], and {n_letters} of its files are letters"
            ),
            "a letter is one comment and has no columns: give letters a source of their own",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse_toml;

    /// What the plan says of a source of this kind with these files and further lines.
    fn refused(kind: &str, files: &[&str], more: &str) -> Option<String> {
        let text = format!(
            "[study]\ntitle = \"t\"\ncodebook = \"c\"\n[[source]]\nname = \"S\"\nkind = \"{kind}\"\nperspective = \"p\"\npath = \"*\"\n{more}"
        );
        let file: StudyFile = parse_toml(&text).unwrap();
        let files: Vec<String> = files.iter().copied().map(String::from).collect();
        let letters = || check_letters(Path::new("s.toml"), &file.source[0], &files);
        check(Path::new("s.toml"), &file).and_then(|()| letters()).err().map(|e| e.to_string())
    }

    #[test]
    fn comments_are_letters_or_a_table_with_a_question() {
        let question = "[[source.question]]\ncolumn = \"Q\"\n";
        assert_eq!(refused("comments", &["a.docx", "b.TXT", "c.pdf"], ""), None);
        assert_eq!(refused("comments", &["a.csv"], question), None);
        let missing = "s.toml: source `S` has no [[source.question]]";
        for files in [["a.csv", "b.csv"], ["a.docx", "b.xlsx"]] {
            assert_eq!(refused("comments", &files, "").as_deref(), Some(missing));
        }
        assert_eq!(refused("survey", &["a.docx"], "").as_deref(), Some(missing));
        let both = refused("comments", &["a.docx", "b.csv"], question).unwrap();
        assert!(both.ends_with("has a [[source.question]], and 1 of its files are letters"));
    }

    #[test]
    fn a_smallest_cell_of_two_would_tell_one() {
        let two = refused("survey", &[], "min_cell = 2\nmin_cell_reason = \"r\"\n").unwrap();
        assert!(two.ends_with("source `S`: min_cell is 2"), "{two}");
        let study = refused("survey", &[], "[privacy]\nmin_cell = 2\n").unwrap();
        assert!(study.ends_with("min_cell is 2"), "{study}");
        let question =
            "min_cell = 3\nmin_cell_reason = \"r\"\n[[source.question]]\ncolumn = \"Q\"\n";
        assert_eq!(refused("survey", &[], question), None);
    }

    #[test]
    fn weights_belong_to_tables_and_are_no_answers() {
        let question = "[[source.question]]\ncolumn = \"Q\"\n";
        let weight = |column: &str| format!("weight = \"{column}\"\n{question}");
        assert_eq!(refused("survey", &["a.csv"], &weight("wt")), None);
        let answers = refused("survey", &["a.csv"], &weight("Q")).unwrap();
        assert!(answers.ends_with("`Q` is the weight, and a group or a question too"), "{answers}");
        let talk = refused("interview", &["a.txt"], "weight = \"wt\"\n").unwrap();
        assert!(talk.ends_with("is no table and has a `weight`"), "{talk}");
    }

    #[test]
    fn parts_belong_to_conversations() {
        assert_eq!(refused("focus-group", &["a.txt"], "parts = true\n"), None);
        let table = refused("session-notes", &["a.txt"], "parts = true\n").unwrap();
        assert!(table.ends_with("is no transcript and has `parts`"), "{table}");
    }
}
