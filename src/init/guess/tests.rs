//! Whole tables: which columns become what, and what must never be shown.

use proptest::prelude::*;

use super::*;
use crate::ingest::Kind;
use crate::ingest::glance::{Column, Table};
use crate::text::Verbatim;

/// A table of columns, each a name and its cells.
pub(in crate::init) fn table(columns: &[(&str, Vec<String>)]) -> Table {
    let column = |(name, cells): &(&str, Vec<String>)| Column {
        name: (*name).to_owned(),
        wording: None,
        cells: cells.iter().map(|c| Verbatim::new(c.clone())).collect(),
    };
    Table {
        sheet: None,
        header_row: 1,
        second: None,
        format: "utf-8, comma".into(),
        rows: columns.first().map_or(0, |c| c.1.len()),
        more: false,
        columns: columns.iter().map(column).collect(),
    }
}

fn cells(n: usize, cell: impl Fn(usize) -> String) -> Vec<String> {
    (0..n).map(cell).collect()
}

/// `n` answers of a few words to two sentences.
fn answers(n: usize) -> Vec<String> {
    const ENGLISH: [&str; 8] = [
        "I would like more lights on our street",
        "nothing",
        "They should listen to us. Nobody does!",
        "more patrols in the park at night",
        "The bus never comes on time and it is too expensive for my family",
        "be kind to the kids",
        "I don't know what you want me to say here",
        "It's fine as it is",
    ];
    cells(
        n,
        |i| if i % 8 == 1 { ENGLISH[1].into() } else { format!("{} {}", ENGLISH[i % 8], word(i)) },
    )
}

fn word(i: usize) -> String {
    const ONSETS: [&str; 7] = ["br", "t", "m", "sl", "k", "p", "n"];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    format!("{}{}{}{}", ONSETS[i % 7], VOWELS[i % 5], ONSETS[i / 7 % 7], VOWELS[i / 35 % 5])
}

fn of<'a>(values: &'a [&'a str]) -> impl Fn(usize) -> String + 'a {
    |i| values[i % values.len()].to_owned()
}

fn roles(table: &Table) -> Vec<(String, &'static str)> {
    let guess = guess(table, "export");
    guess.columns.into_iter().map(|c| (c.name, c.role.label())).collect()
}

#[track_caller]
fn expect(columns: &[(&str, Vec<String>, &str)]) {
    let plain: Vec<(&str, Vec<String>)> = columns.iter().map(|(n, c, _)| (*n, c.clone())).collect();
    let table = table(&plain);
    for ((name, found), (_, _, wanted)) in roles(&table).iter().zip(columns) {
        let why = guess(&table, "export").columns.into_iter().find(|c| c.name == *name);
        assert_eq!(found, wanted, "{name}: {why:?}");
    }
}

#[test]
fn a_qualtrics_export_is_told_apart() {
    let n = 120;
    expect(&[
        (
            "StartDate",
            cells(n, |i| format!("2024-03-{:02} 10:{:02}:00", 1 + i % 28, i % 60)),
            "metadata",
        ),
        (
            "Status",
            cells(n, |i| if i < 3 { "Survey Preview".into() } else { "IP Address".into() }),
            "metadata",
        ),
        ("IPAddress", cells(n, |i| format!("10.1.{}.{}", i % 5, i)), "personal"),
        ("Progress", cells(n, of(&["100", "100", "50"])), "metadata"),
        ("Duration (in seconds)", cells(n, |i| (30 + 7 * i).to_string()), "metadata"),
        ("Finished", cells(n, of(&["TRUE", "FALSE"])), "metadata"),
        ("ResponseId", cells(n, |i| format!("R_{i:04}aBc{}", i * 7)), "id"),
        ("RecipientLastName", cells(n, of(&["Lee", "Ortiz", ""])), "personal"),
        ("RecipientEmail", cells(n, |i| format!("p{i}@example.org")), "personal"),
        ("ExternalReference", cells(n, |_| String::new()), "empty"),
        ("LocationLatitude", cells(n, |i| format!("41.{}", 80000 + i)), "personal"),
        ("UserLanguage", cells(n, of(&["EN", "ES", "EN"])), "group"),
        ("Q1", answers(n), "question"),
        ("Q2", cells(n, of(&["Very safe", "Somewhat safe", "Not safe at all"])), "closed answer"),
        (
            "Q2_5_TEXT",
            cells(n, |i| {
                if i % 30 == 0 { format!("it depends on the day {i}") } else { String::new() }
            }),
            "question?",
        ),
        ("Q3", cells(n, of(&["Walking", "Walking,Biking", "Bus", "Bus,Walking"])), "closed answer"),
        ("District", cells(n, of(&["Old Town", "Harbor", "Northfield"])), "group"),
        ("Age", cells(n, of(&["18-24", "25-34", "35-44", "45+"])), "group"),
        ("Weight", cells(n, of(&["0.8", "1.1", "1.2"])), "weight"),
    ]);
}

#[test]
fn headers_and_answers_in_spanish_and_chinese_are_understood() {
    let spanish = [
        "que pongan más luz en el parque",
        "la policía no viene cuando se le llama",
        "todo bien, gracias a los vecinos",
        "falta respeto con los jóvenes del barrio",
    ];
    let chinese =
        ["希望晚上有更多的路灯", "警察应该多听居民的意见", "公园里不安全", "希望有人会说中文"];
    expect(&[
        ("Folio", cells(40, |i| format!("{:05}", i + 11)), "id"),
        ("Nombre", cells(40, |i| format!("Ana {}", word(i))), "personal"),
        ("Edad", cells(40, of(&["18 a 29", "30 a 44", "45 y más"])), "group"),
        ("¿En qué distrito vive?", cells(40, of(&["Norte", "Sur"])), "group"),
        ("¿Qué mejoraría?", cells(40, |i| format!("{} {}", spanish[i % 4], word(i))), "question"),
        ("Correo electrónico", cells(40, |i| format!("a{i}@correo.mx")), "personal"),
    ]);
    expect(&[
        ("编号", cells(40, |i| (i + 1).to_string()), "id"),
        ("姓名", cells(40, of(&["王小明", "李华"])), "personal"),
        ("年龄", cells(40, of(&["18-29", "30-44", "45以上"])), "group"),
        ("您的意见", cells(40, |i| format!("{}{}", chinese[i % 4], i)), "question"),
        ("电话", cells(40, |i| format!("138 0000 {:04}", i)), "personal"),
    ]);
}

#[test]
fn a_coded_table_and_a_table_with_authors_are_understood() {
    expect(&[
        ("id", cells(60, |i| format!("ds{i}")), "id"),
        ("text", answers(60), "question"),
        ("codes", cells(60, of(&["a-b;c", "c", "", "d-e"])), "codes"),
        ("theme_a", cells(60, of(&["0", "1"])), "codes"),
        ("theme_b", cells(60, of(&["1", "0", "0"])), "codes"),
        ("theme_c", cells(60, of(&["0", "0", "1"])), "codes"),
    ]);
    expect(&[
        ("timestamp", cells(60, |i| format!("16589345{i:02}213")), "metadata"),
        ("comment-id", cells(60, |i| i.to_string()), "id"),
        ("author-id", cells(60, |i| (i / 3).to_string()), "participant"),
        ("agrees", cells(60, |i| (i % 7).to_string()), "metadata"),
        ("comment-body", answers(60), "question"),
    ]);
}

#[test]
fn one_column_of_text_makes_comments_and_several_a_survey() {
    let comments = table(&[("id", cells(20, |i| i.to_string())), ("text", answers(20))]);
    assert_eq!(guess(&comments, "export").kind, Kind::Comments);
    assert_eq!(guess(&comments, "resident-survey").kind, Kind::Survey);
    let survey = table(&[("Q1", answers(20)), ("Q2", answers(20))]);
    assert_eq!(guess(&survey, "export").kind, Kind::Survey);
    assert_eq!(guess(&survey, "written-comments").kind, Kind::Comments);
}

#[test]
fn columns_that_cannot_be_named_are_left_out_with_the_reason() {
    let t = table(&[("Comment", answers(20)), ("Comment", answers(20)), ("", answers(20))]);
    let guess = guess(&t, "export");
    assert!(guess.no_answers);
    assert!(guess.columns.iter().all(|c| c.role == Role::Unnamed));
    assert!(guess.columns[0].why.contains("2 columns have this name"));
}

#[test]
fn preview_rows_are_counted_in_a_note() {
    let t = table(&[
        (
            "Status",
            cells(20, |i| if i < 2 { "Survey Preview".into() } else { "IP Address".into() }),
        ),
        ("Q1", answers(20)),
    ]);
    let notes = guess(&t, "export").notes;
    assert!(notes[0].starts_with("2 rows are previews"), "{notes:?}");
}

/// Cells of one identifying kind.
fn identifying() -> impl Strategy<Value = Vec<String>> {
    let email = "[a-z]{1,8}[._]?[a-z0-9]{1,6}@[a-z]{2,8}\\.(com|org|gov|co\\.uk)";
    let phone = "(\\+?1[ -]?)?\\(?[2-9][0-9]{2}\\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}";
    let date =
        "20[0-2][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])( [01][0-9]:[0-5][0-9](:[0-5][0-9])?)?";
    let american =
        "(1[0-2]|[1-9])/(1[0-9]|2[0-8]|[1-9])/(20)?[0-2][0-9]( (1[0-2]|[1-9]):[0-5][0-9] [AP]M)?";
    let written =
        "(Jan|February|Mar|April|May|Jun|Oct|December)\\.? ([1-9]|1[0-9]|2[0-8]), 20[0-2][0-9]";
    let url = "https?://[a-z]{2,9}\\.(org|com|gov)/[a-z0-9/_?=&-]{0,30}";
    let ip = "(1?[0-9]?[0-9])\\.(1?[0-9]?[0-9])\\.(1?[0-9]?[0-9])\\.(1?[0-9]?[0-9])";
    let ip6 = "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}";
    let place = "-?[0-8][0-9]\\.[0-9]{4,6}, ?-?1?[0-7][0-9]\\.[0-9]{4,6}";
    let name = "(Maria|John|Aisha|Wei|Carlos|Anna|David|Fatima) ([A-Z]\\. )?[A-Z][a-z]{2,8}(-[A-Z][a-z]{2,6})?";
    let address = "[1-9][0-9]{0,3} (N\\. |South )?[A-Z][a-z]{3,8} (St|Street|Avenue|Blvd|Road|Dr|Lane)(, Apt [1-9])?";
    let of = |pattern: &'static str, from: usize| prop::collection::vec(pattern, from..16).boxed();
    // Repeated values make a tempting group.
    let repeated = |cells: BoxedStrategy<Vec<String>>| {
        (cells, 1usize..6).prop_map(|(cells, n)| {
            cells.iter().cycle().take(cells.len() * n).cloned().collect::<Vec<_>>()
        })
    };
    prop_oneof![
        repeated(of(email, 1)),
        repeated(of(phone, 1)),
        repeated(of(date, 1)),
        repeated(of(american, 1)),
        repeated(of(written, 1)),
        repeated(of(url, 1)),
        repeated(of(ip, 1)),
        repeated(of(ip6, 1)),
        repeated(of(place, 1)),
        repeated(of(name, 1)),
        repeated(of(address, 1)),
    ]
}

fn any_heading() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("District".to_owned()),
        Just("Age group".to_owned()),
        Just("Q7".to_owned()),
        Just("Comments".to_owned()),
        Just("What should we change?".to_owned()),
        Just("Language".to_owned()),
        Just("Location".to_owned()),
        Just("Type".to_owned()),
        Just("other".to_owned()),
        "[A-Za-z ]{1,20}",
    ]
}

proptest! {
    #[test]
    fn what_identifies_somebody_is_never_a_question_a_group_or_a_participant(
        cells in identifying(),
        heading in any_heading(),
    ) {
        let n = cells.len();
        let t = table(&[(&heading, cells), ("the text", answers(n))]);
        let guess = guess(&t, "export");
        let role = guess.columns[0].role;
        prop_assert!(
            !matches!(role, Role::Question | Role::Group | Role::Participant | Role::MaybeGroup | Role::Id),
            "{heading}: {role:?} {}", guess.columns[0].why
        );
    }

    #[test]
    fn an_id_column_is_never_a_question_nor_a_group(
        prefix in "[A-Z]{0,3}[_-]?",
        start in 1u32..90_000,
        heading in "(ResponseId|Respondent ID|ID|id|case_id|Record|编号|Folio)",
        n in 1usize..60,
        each in 1usize..4,
    ) {
        let ids = cells(n, |i| format!("{prefix}{}", start as usize + i / each));
        let t = table(&[(&heading, ids), ("text", answers(n))]);
        let role = guess(&t, "export").columns[0].role;
        prop_assert!(!matches!(role, Role::Question | Role::Group | Role::MaybeGroup), "{role:?}");
    }

    #[test]
    fn any_cells_get_a_role_and_a_reason_of_one_line(
        columns in prop::collection::vec(("\\PC{0,30}", prop::collection::vec("\\PC{0,60}", 12)), 1..6),
    ) {
        let columns: Vec<(&str, Vec<String>)> = columns.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
        for column in guess(&table(&columns), "export").columns {
            prop_assert!(!column.why.is_empty() && !column.why.contains('\n'));
        }
    }
}
