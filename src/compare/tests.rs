//! Two waves of an invented study, written as a run writes them, and what is said of them.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::file::Format;
use super::{Basis, Comparison, Error, Row, SourcePair, Verdict, Wave, compare, read, tell};
use crate::aggregate::interval::wilson;
use crate::fsx::sha256;
use crate::report::fixture;
use crate::report::view::{CorrectedView, QuestionView, ShareView, Shown, View};

/// Where the survey stands among the sources of the fixture, and the focus groups.
const SURVEY: usize = 1;
const FOCUS: usize = 3;
const NAMES: [&str; 2] = ["2024", "2025"];

/// Writes a view as the outputs of a run, with a manifest that names the model.
fn written(folder: &Path, view: &View, model: &str) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    let bytes = serde_json::to_vec_pretty(view).unwrap();
    let manifest = json!({
        "engine": {"model": model, "model_sha256": model, "precision": "f32"},
        "settings": {"threshold": "0.3000"},
        "codebook": {"sha256": "c"},
        "outputs": [{"path": "summary.json", "sha256": sha256(&bytes)}],
    });
    std::fs::write(folder.join("summary.json"), bytes).unwrap();
    std::fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    folder.to_owned()
}

/// Two waves of the fixture's study, each changed in its own way.
fn waves(then: impl Fn(&mut View), now: impl Fn(&mut View)) -> [Wave; 2] {
    let folder = tempfile::tempdir().unwrap();
    let mut views = [fixture::view(), fixture::view()];
    then(&mut views[0]);
    now(&mut views[1]);
    let place = |at: usize| written(&folder.path().join(NAMES[at]), &views[at], "m");
    [place(0), place(1)].map(|path| read(&path).unwrap())
}

fn compared(then: impl Fn(&mut View), now: impl Fn(&mut View)) -> Comparison {
    let [then, now] = waves(then, now);
    compare(&then, &now, NAMES).unwrap()
}

/// Sets how many of a question's people raised a theme.
fn set(question: &mut QuestionView, theme: usize, people: u64) {
    let base = question.base.number().unwrap();
    let (low, high) = wilson(people, base).unwrap();
    let row = question.rows.iter_mut().find(|row| row.theme == theme).unwrap();
    row.participants = Shown::Exactly(people);
    row.share = Some(ShareView { value: people as f64 / base as f64, low, high });
}

fn first(view: &mut View, source: usize) -> &mut QuestionView {
    &mut view.sources[source].questions[0]
}

fn of(found: &Comparison, source: usize) -> &SourcePair {
    &found.sources[source]
}

fn row<'a>(found: &'a Comparison, source: usize, theme: &str) -> &'a Row {
    of(found, source).questions[0].rows.iter().find(|row| row.theme == theme).unwrap()
}

/// A theme of the survey that is shown, by its place and its id.
fn shown_theme(at: usize) -> (usize, String) {
    let view = fixture::view();
    let rows = view.sources[SURVEY].questions[0].rows.iter();
    let theme = rows.filter(|row| row.share.is_some()).nth(at).unwrap().theme;
    (theme, view.themes[theme].id.clone())
}

/// Everything that a user can be shown.
fn everywhere(found: &Comparison) -> String {
    let formats = [Format::Html, Format::Md, Format::Csv, Format::Json];
    let files = formats.map(|f| String::from_utf8(f.render(found)).unwrap());
    let told = [tell::comparison(found), tell::warnings(found).join("\n"), tell::briefly(found)];
    [files.join("\n"), told.join("\n")].join("\n")
}

#[test]
fn two_waves_of_the_same_numbers_have_no_clear_change() {
    let found = compared(|_| {}, |view| view.title = "The second".into());
    let tables = found.sources.iter().flat_map(|s| &s.questions);
    assert!(tables.clone().count() >= 8);
    for row in tables.flat_map(|t| &t.rows) {
        assert!(!row.clear);
        assert!(row.deciding().is_none_or(|d| d.value == 0.0 && d.low < 0.0 && d.high > 0.0));
    }
    assert_eq!(tell::briefly(&found), "nothing changed clearly");
    assert!(found.codebook.is_empty() && found.alone.is_empty(), "{:?}", found.alone);
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
}

#[test]
fn a_rise_is_told_in_points_with_its_interval() {
    let (theme, id) = shown_theme(0);
    let change = |n: u64| {
        move |view: &mut View| {
            let question = first(view, SURVEY);
            question.base = Shown::Exactly(500);
            set(question, theme, n);
        }
    };
    let found = compared(change(100), change(160));
    let rise = row(&found, SURVEY, &id);
    let d = rise.deciding().unwrap();
    assert!((d.value - 0.12).abs() < 1e-12 && d.low > 0.06 && d.high < 0.18, "{d:?}");
    assert_eq!((rise.verdict, rise.clear), (Verdict::Rose, true));
    assert_eq!(rise.decided_by, Some(Basis::Counted));
    assert!(rise.p.unwrap() < rise.p_adjusted.unwrap());
    let said = &of(&found, SURVEY).questions[0].findings[0];
    assert!(said.starts_with("Rose: ") && said.contains("20\u{a0}% to 32\u{a0}%, +12.0 points"));
    // The same backwards.
    let fell = compared(change(160), change(100));
    let fall = row(&fell, SURVEY, &id);
    let back = fall.deciding().unwrap();
    assert_eq!((back.value, back.low, back.high), (-d.value, -d.high, -d.low));
    assert_eq!(fall.verdict, Verdict::Fell);
    assert!(everywhere(&fell).contains("−12.0"));
}

#[test]
fn new_is_said_only_where_nobody_raised_a_theme_and_it_was_looked_for() {
    let (theme, id) = shown_theme(0);
    let nobody = |view: &mut View| {
        let label = view.themes[theme].label.clone();
        let question = first(view, SURVEY);
        question.rows.retain(|row| row.theme != theme);
        question.unraised.push(label);
    };
    let found = compared(nobody, |_| {});
    let new = row(&found, SURVEY, &id);
    assert_eq!((new.verdict, new.clear, new.said.as_str()), (Verdict::New, true, "new"));
    assert_eq!(row(&compared(|_| {}, nobody), SURVEY, &id).verdict, Verdict::Gone);
    // The program found nobody, but those who checked it did.
    let found_by_people = |view: &mut View| {
        let question = first(view, SURVEY);
        set(question, theme, 0);
        let row = question.rows.iter_mut().find(|row| row.theme == theme).unwrap();
        row.corrected = Some(CorrectedView::TooFew);
    };
    assert_eq!(row(&compared(found_by_people, |_| {}), SURVEY, &id).verdict, Verdict::Rose);
    // The codebook did not have it.
    let another = |view: &mut View| view.themes[theme].id = "another".into();
    let found = compared(another, |_| {});
    let only = row(&found, SURVEY, &id);
    assert_eq!(only.verdict, Verdict::OnlyNow);
    assert!(only.then.is_none() && only.deciding().is_none() && only.p.is_none());
    assert_eq!(row(&found, SURVEY, "another").verdict, Verdict::OnlyThen);
    assert!(
        found.codebook.iter().any(|line| line.starts_with("In the codebook of one wave alone"))
    );
}

#[test]
fn codebooks_with_little_in_common_are_said_before_everything() {
    let foreign = |view: &mut View| {
        for (n, theme) in view.themes.iter_mut().enumerate().skip(2) {
            theme.id = format!("other-{n}");
        }
    };
    let said = |found: &Comparison| tell::warnings(found).join("\n");
    assert!(
        said(&compared(foreign, |_| {})).contains("The codebooks have 2 themes in common, of ")
    );
    assert!(!said(&compared(|_| {}, |_| {})).contains("in common"));
}

#[test]
fn a_protected_number_has_no_difference_no_verdict_and_no_place_by_its_size() {
    let (theme, id) = shown_theme(0);
    // Even where a file is at fault and a share stands beside the protected count.
    let canary = ShareView { value: 0.717_171, low: 0.616_161, high: 0.818_181 };
    for count in [Shown::FewerThan(11), Shown::Withheld] {
        let protect = |view: &mut View| {
            let question = first(view, SURVEY);
            let row = question.rows.iter_mut().find(|row| row.theme == theme).unwrap();
            row.participants = count;
            row.share = Some(canary);
            row.corrected = Some(CorrectedView::Share { share: canary, clamped: false });
        };
        for found in [compared(protect, |_| {}), compared(|_| {}, protect)] {
            let hidden = row(&found, SURVEY, &id);
            assert_eq!((hidden.verdict, hidden.clear), (Verdict::NotShown, false));
            assert!(hidden.difference.is_none() && hidden.corrected_difference.is_none());
            assert!(hidden.p.is_none() && hidden.p_adjusted.is_none());
            let all = everywhere(&found);
            for number in ["0.717171", "0.616161", "0.818181", "72\u{a0}% (62–82)"] {
                let at = all.find(number);
                assert_eq!(at.map(|at| &all[at.saturating_sub(200)..at + 9]), None);
            }
            let rows = &of(&found, SURVEY).questions[0].rows;
            let begin = rows.iter().position(|r| r.verdict == Verdict::NotShown).unwrap();
            let hidden: Vec<&str> = rows[begin..].iter().map(|r| r.theme.as_str()).collect();
            assert!(rows[begin..].iter().all(|r| r.verdict == Verdict::NotShown));
            let view = fixture::view();
            let order = view.themes.iter().map(|t| t.id.as_str());
            let order: Vec<&str> = order.filter(|id| hidden.contains(id)).collect();
            assert_eq!(hidden, order, "the codebook's order");
        }
    }
}

#[test]
fn a_source_of_a_protected_base_tells_nothing() {
    let closed = |view: &mut View| {
        let question = first(view, SURVEY);
        question.base = Shown::FewerThan(11);
        question.unraised.clear();
        for row in &mut question.rows {
            (row.participants, row.share) = (Shown::FewerThan(11), None);
        }
    };
    let found = compared(|_| {}, closed);
    let table = &of(&found, SURVEY).questions[0];
    assert!(table.rows.iter().all(|row| row.verdict == Verdict::NotShown));
    assert_eq!((table.findings.len(), table.tested), (0, 0));
}

#[test]
fn fewer_than_thirty_people_are_too_few() {
    let (theme, id) = shown_theme(0);
    let small = |view: &mut View| {
        let question = first(view, SURVEY);
        question.base = Shown::Exactly(29);
        set(question, theme, 15);
    };
    let found = compared(small, |_| {});
    let few = row(&found, SURVEY, &id);
    assert_eq!((few.verdict, few.p), (Verdict::TooFew, None));
    assert!(few.difference.is_some(), "the interval is shown all the same");
}

#[test]
fn corrected_shares_decide_where_both_waves_have_them() {
    let (theme, id) = shown_theme(0);
    let with = |value: f64| {
        move |view: &mut View| {
            let question = first(view, SURVEY);
            set(question, theme, 400);
            let row = question.rows.iter_mut().find(|row| row.theme == theme).unwrap();
            let share = ShareView { value, low: value - 0.02, high: value + 0.02 };
            row.corrected = Some(CorrectedView::Share { share, clamped: false });
        }
    };
    let found = compared(with(0.2), with(0.3));
    let both = row(&found, SURVEY, &id);
    assert_eq!((both.decided_by, both.verdict), (Some(Basis::Corrected), Verdict::Rose));
    assert_eq!(both.difference.unwrap().value, 0.0, "as counted nothing changed");
    let d = both.deciding().unwrap();
    let half = (2.0f64 * 0.02 * 0.02).sqrt();
    assert!((d.low - (0.1 - half)).abs() < 1e-9 && (d.high - (0.1 + half)).abs() < 1e-9, "{d:?}");
    let one = compared(with(0.2), |view| set(first(view, SURVEY), theme, 400));
    assert_eq!(row(&one, SURVEY, &id).decided_by, Some(Basis::Counted));
    let notes = of(&one, SURVEY).notes.join(" ");
    assert!(notes.contains("in one wave alone (2024)"), "{notes}");
}

#[test]
fn groups_and_interviews_are_counted_and_never_tested() {
    let found = compared(|_| {}, |view| first(view, FOCUS).file_base = 20);
    let source = of(&found, FOCUS);
    assert!(!source.shares);
    for row in &source.questions[0].rows {
        assert!(row.difference.is_none() && row.p.is_none() && !row.clear);
        assert!(!matches!(row.verdict, Verdict::Rose | Verdict::Fell | Verdict::NoClearChange));
    }
    let text = String::from_utf8(Format::Md.render(&found)).unwrap();
    let part = text.split(&format!("## {}\n", source.name)).nth(1).unwrap();
    let part = part.split("\n## ").next().unwrap();
    assert!(part.contains("of 15 groups") && part.contains("of 20 groups"), "{part}");
    assert!(!part.contains('%'), "{part}");
}

#[test]
fn what_one_wave_alone_has_is_said() {
    let found = compared(
        |view| {
            view.sources[SURVEY].questions[2].text = "What was asked then?".into();
            view.sources[SURVEY].groups.truncate(1);
        },
        |view| {
            view.sources[0].name = "Other sessions".into();
            view.sources[5].kind = "survey".into();
        },
    );
    let alone = found.alone.join("\n");
    assert!(alone.contains("2024 only: the source Listening sessions"), "{alone}");
    assert!(alone.contains("2025 only: the source Other sessions"), "{alone}");
    assert!(alone.contains("the question “What was asked then?” of Online survey"), "{alone}");
    assert!(alone.contains("which is not compared"), "another kind under one name: {alone}");
    assert!(alone.contains("2025 only: the groups by"), "{alone}");
    let survey = found.sources.iter().find(|s| s.name == "Online survey").unwrap();
    assert_eq!(survey.questions.len(), 1, "neither the lost question nor all together");
    assert!(survey.notes[0].starts_with("The waves did not ask the same questions"));
}

#[test]
fn what_differs_in_the_coding_is_said_before_the_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut view = fixture::view();
    let place = |name: &str| folder.path().join(name);
    let then = read(&written(&place("a"), &view, "m")).unwrap();
    view.methods.engine = "Another model".into();
    view.methods.program = "canvass 9.9.9".into();
    view.themes[3].definition = "Something else.".into();
    view.validated = true;
    let path = written(&place("b"), &view, "n");
    let now = read(&path).unwrap();
    let found = compare(&then, &now, NAMES).unwrap();
    let warnings = found.warnings.join("\n");
    assert!(warnings.contains("coded by different models: 2024 "), "{warnings}");
    assert!(warnings.contains("Two versions of the program"), "{warnings}");
    assert!(warnings.contains("checked one wave alone (2025)"), "{warnings}");
    assert!(found.codebook[0].contains("the definition is another"), "{:?}", found.codebook);
    let marked: Vec<&Row> =
        found.sources.iter().flat_map(|s| &s.questions[0].rows).filter(|r| r.redefined).collect();
    assert!(!marked.is_empty() && marked.iter().all(|r| r.theme == view.themes[3].id));
    assert!(everywhere(&found).contains("defined otherwise"));
    // Changed by hand, and without its manifest.
    std::fs::write(path.join("summary.json"), serde_json::to_vec(&view).unwrap()).unwrap();
    std::fs::remove_file(place("a").join("manifest.json")).unwrap();
    let waves = ["a", "b"].map(|name| read(&place(name)).unwrap());
    let found = compare(&waves[0], &waves[1], NAMES).unwrap();
    assert!(found.warnings[0].starts_with("2024: no manifest.json"), "{:?}", found.warnings);
    assert!(found.warnings[1].starts_with("2025: summary.json is not the one"));
}

#[test]
fn other_people_than_before_are_said() {
    let found =
        compared(|_| {}, |view| view.sources[SURVEY].groups[0].values[0].1 = Shown::Exactly(900));
    let note = of(&found, SURVEY).notes.join(" ");
    assert!(note.starts_with("Others answered than before: "), "{note}");
}

#[test]
fn hostile_names_stay_names_in_every_format() {
    let hostile = "<script>alert(1)</script> | =1+1 \u{202e}";
    let change = |view: &mut View| {
        view.title = hostile.into();
        view.themes[0].label = hostile.into();
        view.sources[SURVEY].name = format!("=cmd|{hostile}");
        view.sources[SURVEY].questions[1].text = hostile.into();
    };
    let found = compared(change, change);
    let html = String::from_utf8(Format::Html.render(&found)).unwrap();
    assert!(!html.contains("<script") && !html.contains('\u{202e}'));
    for reach in ["http:", "https:", "<link", "<img", "url(", " style=", " onclick"] {
        assert!(!html.to_lowercase().contains(reach), "{reach}");
    }
    let policy = html.split("content=\"default-src").nth(1).unwrap().split('"').next().unwrap();
    assert!(policy.starts_with(" 'none'; script-src 'none'; style-src 'sha256-"), "{policy}");
    let md = String::from_utf8(Format::Md.render(&found)).unwrap();
    assert!(!md.contains("<script") && !md.contains('\u{202e}'));
    let csv = Format::Csv.render(&found);
    let mut rows = csv::Reader::from_reader(csv.as_slice());
    assert!(rows.records().any(|r| r.unwrap()[0].starts_with("'=cmd|")));
}

#[test]
fn every_row_of_a_table_has_the_cells_of_its_header() {
    let found = compared(|_| {}, |view| view.themes[2].id = "other".into());
    let csv = Format::Csv.render(&found);
    let mut rows = csv::Reader::from_reader(csv.as_slice());
    let n = rows.headers().unwrap().len();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.len() > 100 && rows.iter().all(|row| row.len() == n));
    assert!(rows.iter().any(|row| row[27].starts_with('0')), "numbers are numbers");
    assert!(rows.iter().all(|row| row.iter().all(|cell| !cell.starts_with("'-"))));
    let md = String::from_utf8(Format::Md.render(&found)).unwrap();
    let (mut width, mut n) = (None, 0);
    for line in md.lines() {
        if line.starts_with('|') {
            let bars = line.replace("\\|", "").matches('|').count();
            assert_eq!(bars, *width.get_or_insert(bars), "{line}");
            n += 1;
        } else {
            width = None;
        }
    }
    assert!(n > 100);
    assert_eq!(Format::Html.render(&found), Format::Html.render(&found));
}

#[test]
fn what_cannot_be_compared_is_refused_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let refused = |path: &Path| {
        let error = read(path).unwrap_err();
        assert!(error.hint().is_some() && error.is_configuration());
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        error
    };
    std::fs::create_dir(place("empty")).unwrap();
    assert!(matches!(refused(&place("empty")), Error::NoOutput { .. }));
    assert!(matches!(refused(&place("nowhere")), Error::Missing { .. }));
    std::fs::write(place("report.html"), "<p>SECRET").unwrap();
    assert!(matches!(refused(&place("report.html")), Error::AnotherFile { .. }));
    let texts = [("cut.json", "{\"title\": \"SECRET"), ("other.json", "{\"title\": \"SECRET\"}")];
    for (name, text) in texts {
        std::fs::write(place(name), text).unwrap();
        let error = refused(&place(name));
        assert!(!error.to_string().contains("SECRET"), "{error}");
        assert!(matches!(error, Error::NoJson { .. } | Error::NotASummary { .. }));
    }
    let mut old = serde_json::to_value(fixture::view()).unwrap();
    old["methods"]["program"] = "canvass 0.0.1".into();
    old["sources"][0]["questions"][0]["base"] = 7.into();
    std::fs::write(place("old.json"), old.to_string()).unwrap();
    let error = refused(&place("old.json"));
    assert!(error.to_string().contains("written by canvass 0.0.1, in a form that canvass "));
    // An index that leads nowhere.
    let mut broken = serde_json::to_value(fixture::view()).unwrap();
    broken["sources"][0]["questions"][0]["rows"][0]["theme"] = 9999.into();
    std::fs::write(place("broken.json"), broken.to_string()).unwrap();
    assert!(matches!(refused(&place("broken.json")), Error::OtherForm { .. }));

    let mut view = fixture::view();
    let one = written(&place("study/out"), &view, "m");
    view.sources.iter_mut().for_each(|s| s.perspective = "Nobody".into());
    let two = written(&place("two"), &view, "m");
    let wave = |path: &Path| read(path).unwrap();
    let same = compare(&wave(&one), &wave(&place("study")), NAMES);
    assert!(matches!(same, Err(Error::Same { .. })), "the study's folder means its outputs");
    let called = compare(&wave(&one), &wave(&two), ["x", "x"]);
    assert!(matches!(called, Err(Error::SameName { .. })));
    let none = compare(&wave(&one), &wave(&two), NAMES).unwrap_err();
    let hint = none.hint().unwrap();
    assert!(hint.contains("Online survey (survey, Community)"), "{hint}");
}
