//! Text tables: what comes back, and what becomes of damage.

use proptest::prelude::*;

use super::*;
use crate::ingest::{Content, QuestionSpec, SourceSpec};

fn spec() -> SourceSpec {
    SourceSpec {
        name: "s".into(),
        id: Some("n".into()),
        questions: vec![QuestionSpec { column: "Q".into(), text: "Q?".into() }],
        ..SourceSpec::default()
    }
}

fn read(spec: &SourceSpec, bytes: &[u8]) -> Result<FileIntake, Error> {
    super::read(
        &Context { spec, file: "t.csv", stem: "t", limits: crate::ingest::Limits::default() },
        bytes.to_vec(),
    )
}

#[test]
fn line_ends_of_three_kinds_count_once() {
    assert_eq!(n_breaks(b"a\r\nb\nc\rd\r\r\n"), 5);
    assert_eq!(skip_lines("a\nb\nc", 2), 4);
}

#[test]
fn header_rows_of_a_qualtrics_export_are_no_answers() {
    let ids = "\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID1_TEXT\"\"}\"";
    for (texts, n) in [("Response ID,\"What,\nreally?\"\n", "two"), ("", "one")] {
        let text = format!("n,Q\n{texts}{ids}\nR_1,a\nR_2,{{}}\n");
        let intake = read(&spec(), text.as_bytes()).unwrap();
        assert_eq!((intake.rows, intake.people.len(), intake.responses.len()), (2, 2, 2));
        assert_eq!(intake.responses[0].id, "R_1:Q");
        let begin = format!("`t.csv`: {n} further header row");
        assert!(intake.warnings[0].starts_with(&begin), "{:?}", intake.warnings);
    }
}

fn texts(intake: &FileIntake) -> Vec<Option<&str>> {
    let responses = intake.responses.iter();
    let text = responses.map(|r| match &r.content {
        Content::Text(text) => Some(text.expose()),
        _ => None,
    });
    text.collect()
}

fn wanting(column: &str) -> SourceSpec {
    let question = QuestionSpec { column: column.into(), text: column.into() };
    SourceSpec { id: None, questions: vec![question], ..spec() }
}

#[test]
fn free_text_stays_as_it_was_written() {
    let intake = read(&spec(), b"n,Q\n1,NA\n2,007\n3,1E5\n4,TRUE\n5,  a b \n6,\" \"\n").unwrap();
    let wanted = ["NA", "007", "1E5", "TRUE", "  a b ", " "].map(Some);
    assert_eq!(texts(&intake), wanted);
}

#[test]
fn dialects_are_recognised_without_a_study() {
    for (text, words) in [
        ("a b \"c d\"\n1 2 \"x y\"\n3 4 \"z, w\"\n", "utf-8, space"),
        ("id||text||n\n1||so, so||4\n2||well||5\n", "utf-8, pipe and pipe"),
        ("id, text, n\n1, \"so, so\", 4\n2, \"well\", 5\n", "utf-8, comma and space"),
        ("id;text\n1;'a;b'\n2;'it''s; so'\n", "utf-8, semicolon, single quotes"),
        ("id;text\n1;\"a \\\"b\\\"; c\"\n2;\"d; e\"\n", "utf-8, semicolon, backslash escapes"),
        ("id,text\n1,“a, b”\n2,“c”\n3,“d, e”\n", "utf-8, comma, quotes “”"),
        ("sep=;\nid;text\n1;a, b\n2;c, d\n", "utf-8, semicolon"),
        ("id,text\r1,a b\r2,c d\r", "utf-8, comma"),
    ] {
        let spec = SourceSpec::default();
        let context = Context {
            spec: &spec,
            file: "t.csv",
            stem: "t",
            limits: crate::ingest::Limits::default(),
        };
        assert_eq!(open(&context, text.into()).unwrap().format(), words, "{text}");
    }
}

#[test]
fn a_study_may_say_what_the_dialect_is() {
    let mut spec = wanting("column 2");
    spec.table.header_row = Some(0);
    spec.table.delimiter = Some(":".into());
    spec.table.quote = Some(String::new());
    spec.table.encoding = Some("windows-1251".into());
    let intake = read(&spec, b"1:\"\xE4\xE0\"\n2:no\n").unwrap();
    assert_eq!(intake.format, "windows-1251, colon, no quotes");
    assert_eq!(texts(&intake), [Some("\"да\""), Some("no")]);
}

#[test]
fn a_header_below_a_title_is_found_and_the_title_is_said() {
    let text = "Survey of June\n\nn,Q\n1,a\n2,b\n";
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!(intake.rows, 2);
    assert!(
        intake.warnings[0].contains("1 row was above the header in row 3"),
        "{:?}",
        intake.warnings
    );
}

#[test]
fn a_question_over_several_columns_is_named_by_either_row() {
    let text = "RespondentID,Why?,Which?,,Age\n,Open-Ended Response,North,South,Response\n1,because,x,,30\n2,so,,x,40\n3,no,x,,50\n";
    for (column, first) in
        [("Why?", "because"), ("North", "x"), ("Which? — North", "x"), ("Which?", "x")]
    {
        let intake = read(&wanting(column), text.as_bytes()).unwrap();
        assert_eq!((intake.rows, texts(&intake)[0]), (3, Some(first)), "{column}");
    }
    let codes = "\"id. Response ID\",\"Q1. What would help?\",Q2[SQ001]\n1,lamps,Y\n2,trees,N\n";
    let intake = read(&wanting("Q1"), codes.as_bytes()).unwrap();
    assert_eq!(texts(&intake), [Some("lamps"), Some("trees")]);
    assert_eq!(read(&wanting("Q2[SQ001]"), codes.as_bytes()).unwrap().rows, 2);
}

#[test]
fn an_answer_below_the_header_is_no_header() {
    let text = "Age,Visits,Q\nprefer not to say,often,Response\n30,2,b\n40,3,c\n50,4,d\n";
    assert_eq!(read(&wanting("Q"), text.as_bytes()).unwrap().rows, 4);
}

/// A file whose text column lost its quotes in one row.
fn unquoted(row: &str) -> String {
    let rows: String =
        (1..=12).map(|n| format!("{n},all is well {n},North,{}\n", n + 20)).collect();
    format!("n,Q,District,Age\n{rows}{row}\n")
}

#[test]
fn a_text_that_lost_its_quotes_is_put_together_where_that_is_certain() {
    let intake = read(&spec(), unquoted("13,slow, loud, late,North,31").as_bytes()).unwrap();
    assert_eq!(texts(&intake)[12], Some("slow, loud, late"));
    assert!(
        intake.warnings[0].contains("1 rows held unquoted delimiters"),
        "{:?}",
        intake.warnings
    );
    for doubtful in [
        "13,slow,loud,North,31",
        "13,slow, loud,Nowhere,31",
        "x,slow, loud,North,31",
        "13,slow, loud,North,old",
        "13,\"slow\", loud,North,31",
    ] {
        let intake = read(&spec(), unquoted(doubtful).as_bytes()).unwrap();
        assert_eq!(texts(&intake)[12], None, "{doubtful}");
        let why = Reject::FieldCount { expected: 4, found: 5 };
        assert_eq!(intake.rejects[0].why, why);
        assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), doubtful.as_bytes());
    }
}

#[test]
fn a_row_that_ends_early_is_taken_where_nothing_wanted_is_missing() {
    let intake = read(&spec(), unquoted("13,short,North").as_bytes()).unwrap();
    assert_eq!(texts(&intake)[12], Some("short"));
    for doubtful in ["13,short", "13 short,North,31"] {
        let intake = read(&spec(), unquoted(doubtful).as_bytes()).unwrap();
        assert_eq!(texts(&intake)[12], None, "{doubtful}");
    }
    let intake = read(&spec(), b"n,Q,,\n1,a\n2,b\n").unwrap();
    assert_eq!(texts(&intake), [Some("a"), Some("b")]);
}

#[test]
fn a_cell_too_many_in_the_only_row_hides_nothing() {
    for text in [
        "n,Q,D\nr000,a,b,North\n",
        "n,Q,D\nr000,,a,North\n",
        "n,Q\n1,a,\"b\n",
        "n,Q\n1,,a\n",
        "Q\na,b\n",
    ] {
        let intake = read(&wanting("Q"), text.as_bytes()).unwrap();
        assert_eq!((intake.rows, intake.headings), (1, 1), "{text}");
        assert_eq!(intake.rejects.len(), 1, "{text}");
    }
    // Without a name to go by, too.
    let records = "Q1,Q2,Q3\nr000,a,b,North\n";
    let header = found(records);
    assert_eq!((header.preamble, header.first_data), (0, 1));
}

/// The header that is found without a study.
fn found(text: &str) -> crate::ingest::table::header::Header {
    let spec = SourceSpec::default();
    let limits = crate::ingest::Limits::default();
    let context = Context { spec: &spec, file: "t.csv", stem: "t", limits };
    let mut records = open(&context, text.into()).unwrap();
    let window = crate::ingest::table::Window::fill(&mut records).unwrap();
    crate::ingest::table::header::find(&window.records, &spec.table, &[]).unwrap()
}

#[test]
fn a_row_with_a_delimiter_too_many_is_taken_only_where_no_answer_moved() {
    // The district is blank: nothing but its cells tells where the surplus is.
    for (row, text) in [
        ("13,late,North,31,", Some("late")),
        ("13,late,,,", Some("late")),
        ("13,,late,North,31", None),
        ("13,,late,North,", None),
        (",13,late,North,", None),
    ] {
        let intake = read(&spec(), unquoted(row).as_bytes()).unwrap();
        assert_eq!(texts(&intake)[12], text, "{row}");
    }
    // Where every row has one, it is the writer's habit.
    let intake = read(&spec(), b"n,Q\n1,a,\n2,,\n3,c,\n4,d,\n").unwrap();
    assert_eq!(texts(&intake), ["a", "", "c", "d"].map(Some));
}

#[test]
fn rows_that_end_early_by_habit_lack_blank_cells() {
    let rows: String =
        (1..=30)
            .map(|n| {
                if n % 3 == 0 { format!("{n},ok {n}\n") } else { format!("{n},ok {n},North,{n}\n") }
            })
            .collect();
    let intake = read(&spec(), format!("n,Q,District,Age\n{rows}").as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.rejects.len()), (30, 0));
    assert!(intake.warnings[0].contains("10 rows end early"), "{:?}", intake.warnings);
}

#[test]
fn a_header_is_brought_above_the_cells_of_its_rows() {
    let text = unquoted("13,late,North,31").replacen("n,Q,District,Age", "n,,Q,District,Age", 1);
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!(texts(&intake)[12], Some("late"));
    let said = "has a blank cell that the rows have not";
    assert!(intake.warnings[0].contains(said), "{:?}", intake.warnings);
    // Which names were joined, nobody can say.
    let text = unquoted("x,late,North,31").replacen("n,Q,District,Age", "n,Q,DistrictAge", 1);
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.rejects.len()), (13, 13));
    assert!(
        intake.warnings.iter().any(|w| w.contains("most rows hold 4 fields")),
        "{:?}",
        intake.warnings
    );
}

#[test]
fn in_a_table_of_one_column_a_delimiter_is_text() {
    let text = "Q\nall is well\nslow,late\nso, so, so\nno\nyes\n";
    let intake = read(&wanting("Q"), text.as_bytes()).unwrap();
    assert_eq!(texts(&intake), ["all is well", "slow,late", "so, so, so", "no", "yes"].map(Some));
}

#[test]
fn a_row_of_another_dialect_is_read_where_its_cells_fit() {
    for (row, text) in [
        ("13;\"late; and slow\";North;31", Some("late; and slow")),
        ("13\tlate\tNorth\t31", Some("late")),
        ("13,'late, slow',North,31", Some("late, slow")),
        ("13, \"late, slow\", North, 31", Some("late, slow")),
        ("13,\"late,North,31", Some("\"late")),
        ("13;late;Nowhere;31", None),
        ("a title of words", None),
    ] {
        let intake = read(&spec(), unquoted(row).as_bytes()).unwrap();
        assert_eq!(texts(&intake)[12], text, "{row}");
        assert_eq!(intake.rejects.len(), usize::from(text.is_none()), "{row}");
    }
}

#[test]
fn a_column_is_found_where_a_stray_quote_stands_in_its_name() {
    for name in ["\"Q", "Q\""] {
        let text = unquoted("13,late,North,31").replacen(",Q,", &format!(",{name},"), 1);
        let intake = read(&spec(), text.as_bytes()).unwrap();
        assert_eq!((intake.rows, texts(&intake)[12]), (13, Some("late")), "{name}");
    }
}

#[test]
fn rows_above_the_header_are_rejected_and_a_second_header_is_said() {
    let rows =
        |from: u32| -> String { (from..from + 5).map(|n| format!("{n},so {n},{n}\n")).collect() };
    let text = format!("{}n,Q,Age\n{}n,Q,Age\n{}", rows(1), rows(6), rows(11));
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.rejects.len(), intake.headings), (15, 5, 2));
    let warnings = intake.warnings.join(" ");
    assert!(warnings.contains("1 rows repeat the header and were not read as answers (row 12)"));
    assert!(warnings.contains("5 rows stand above the header"), "{warnings}");
}

#[test]
fn quotes_inside_of_quoted_cells_need_not_be_doubled() {
    let text = "n,Q,D\n1,\"the \"best\" of us, so\",x\n2,\"last: \"as seen\"\",y\n3,\"a \"\"b\"\", c\",z\n";
    let intake = read(&spec(), text.as_bytes()).unwrap();
    let wanted = ["the \"best\" of us, so", "last: \"as seen\"", "a \"b\", c"].map(Some);
    assert_eq!(texts(&intake), wanted);
}

#[test]
fn quotes_that_never_close_all_over_a_file_are_text() {
    let text = "n,Q\n1,\"so\n2,no\n3,\"well\n4,yes\n".repeat(30);
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!(intake.format, "utf-8, comma, no quotes");
    assert_eq!(texts(&intake)[0], Some("\"so"));
}

#[test]
fn nul_bytes_are_left_out_and_counted() {
    let rows: String = (1..60).map(|n| format!("{n},a\0b\n")).take(3).collect();
    let text = format!("n,Q\n{rows}{}", "4,a plain answer of some length\n".repeat(40));
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!(texts(&intake)[0], Some("ab"));
    assert!(intake.warnings.iter().any(|w| w.contains("3 NUL bytes")), "{:?}", intake.warnings);
}

#[test]
fn places_lead_into_the_file_whatever_its_encoding() {
    let text = "n,Q\n1,señal\n2,é,x\n3,b\n";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let wide: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut damaged = text.as_bytes().to_vec();
    damaged.splice(9..9, *b"\xFF ana\xF1 \xC3\xB1 \xC3\xB1\xC3\xB1\xC3\xB1 \xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1\xC3\xB1");
    for (label, bytes, raw) in [
        (Some("windows-1252"), latin.clone(), b"2,\xE9,x".to_vec()),
        (None, wide, "2,é,x".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (None, damaged, "2,é,x".into()),
        (None, format!("\u{FEFF}{text}").into_bytes(), "2,é,x".into()),
    ] {
        let mut spec = spec();
        spec.table.encoding = label.map(Into::into);
        let intake = read(&spec, &bytes).unwrap();
        assert_eq!(intake.rejects.len(), 1, "{}", intake.format);
        let place = intake.rejects[0].bytes.clone().unwrap();
        assert_eq!(bytes[place.start as usize..place.end as usize], raw, "{}", intake.format);
        assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), raw);
    }
}

#[test]
fn thousands_of_open_quotes_cost_time_in_proportion() {
    let mut text = String::from("n,Q\n");
    for n in 0..20_000 {
        text.push_str(&format!("{n},\"so they said\n{n},well\n{n},well\n"));
    }
    let mut spec = spec();
    spec.table.quote = Some("\"".into());
    let intake = read(&spec, text.as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.rejects.len()), (60_000, 20_000));
    assert!(intake.warnings.len() < 30);
}

#[test]
fn a_line_with_paired_quotes_is_no_record_where_the_next_line_goes_on() {
    let rows: String = (2..=14).map(|n| format!("{n},\"fine, so\",South\n")).collect();
    for row in [
        "1,\"He said \"stop, and\nleft\" twice.\",North",
        "1,5\" gap,\"dark\ncold\",x,y",
        "1,5\" a,\"foo, x\nbar\",z",
    ] {
        let text = format!("n,Q,district\n{row}\n{rows}");
        let intake = read(&spec(), text.as_bytes()).unwrap();
        assert_eq!((intake.rows, intake.rejects.len()), (14, 1), "{row}");
        assert_eq!(texts(&intake)[0], None, "{row}");
        assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), row.as_bytes());
    }
}

#[test]
fn words_behind_the_last_name_of_a_header_are_not_lost() {
    let rows: String = (4..=15).map(|n| format!("{n},it is dark {n}\n")).collect();
    let text = format!("n,Q,\n1,it is dark\n2,dark, at night\n3,c, d\n{rows}16,late,\n");
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!(texts(&intake)[..3], ["it is dark", "dark, at night", "c, d"].map(Some));
    assert_eq!((texts(&intake)[15], intake.rejects.len()), (Some("late"), 0));
    let few = "n,Q,\n1,it is dark\n2,dark, at night\n3,no\n4,yes\n";
    let intake = read(&spec(), few.as_bytes()).unwrap();
    assert_eq!(texts(&intake), [Some("it is dark"), None, Some("no"), Some("yes")]);
}

#[test]
fn a_row_with_more_blank_ends_than_the_rest_is_not_taken_by_habit() {
    let rows: String = (1..=12).map(|n| format!("{n},aa bb,cc dd,\n")).collect();
    let text = format!("n,Q1,Q\n{rows}13,too dark, at night,,\n");
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!((texts(&intake)[0], texts(&intake)[12]), (Some("cc dd"), None));
}

#[test]
fn the_first_respondent_is_no_header_row() {
    let text = "id,Q,Age,Rating,Zip\nA1,it is too dark by the stop,unsure,unsure,unsure\nA2,fine,34,4,60601\nA3,noisy,51,2,60602\nA4,cold,29,5,60603\n";
    for header_row in [None, Some(1)] {
        let mut spec = wanting("Q");
        spec.table.header_row = header_row;
        let intake = read(&spec, text.as_bytes()).unwrap();
        assert_eq!((intake.rows, texts(&intake)[0]), (4, Some("it is too dark by the stop")));
    }
    assert_eq!(found(text).rows.len(), 1);
}

#[test]
fn rows_of_words_above_the_header_are_rejected_too() {
    let text =
        "R_a,too dark\nR_b,fine here\nR_c,noise\nn,Q\nR_d,ok then\nR_e,no\nR_f,yes\nR_g,well\n";
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.rejects.len(), intake.headings), (7, 3, 1));
}

#[test]
fn a_rejected_record_without_a_place_keeps_its_whole_text() {
    let mut spec = spec();
    spec.table.encoding = Some("gbk".into());
    let rows: String = (2..=14).map(|n| format!("{n},fine,South\n")).collect();
    let row = "1,\"He said \"stop, and\nleft\" twice.\",North";
    let text = format!("n,Q,district\n{row}\n{rows}15,\u{c4}\u{e3},x\n");
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let intake = read(&spec, &bytes).unwrap();
    assert_eq!((intake.rejects.len(), intake.rejects[0].bytes.clone()), (1, None));
    assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), row.as_bytes());
}

#[test]
fn a_text_that_is_too_long_is_kept_as_its_bytes() {
    let row = "1,\"far \"\"too\"\" long\"";
    let text = format!("n,Q\n{row}\n2,no\n");
    let limits = crate::ingest::Limits { cell_bytes: 8, ..crate::ingest::Limits::default() };
    let spec = spec();
    let context = Context { spec: &spec, file: "t.csv", stem: "t", limits };
    let intake = super::read(&context, text.into_bytes()).unwrap();
    assert_eq!(intake.rejects.len(), 1);
    assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), row.as_bytes());
}

#[test]
fn a_table_of_too_many_columns_is_refused() {
    let limits = crate::ingest::Limits { columns: 3, ..crate::ingest::Limits::default() };
    let spec = spec();
    for (text, fits) in [("n,Q,D\n1,a,b\n", true), ("n,Q,D,E\n1,a,b,c\n", false)] {
        let context = Context { spec: &spec, file: "t.csv", stem: "t", limits };
        let intake = super::read(&context, text.into());
        assert_eq!(intake.is_ok(), fits);
        assert!(fits || matches!(intake, Err(Error::TooBig { .. })));
    }
}

#[test]
fn a_torn_text_does_not_speak_against_a_habit() {
    let row = |n: u32| if n == 2 { "2,dark, cold,\n".into() } else { format!("{n},a,\n") };
    let text = format!("n,Q\n{}", (1..=15).map(row).collect::<String>());
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.rejects.len()), (15, 1));
    assert_eq!(texts(&intake)[..3], [Some("a"), None, Some("a")]);
}

/// What may happen to a file: a place, in thousandths of its length, and what is done there.
#[derive(Debug, Clone)]
enum Damage {
    Insert(&'static str),
    Remove(usize),
}

fn damage() -> impl Strategy<Value = (usize, Damage)> {
    let insert =
        prop::sample::select(vec!["\"", ",", "\n", "\r", "\0", "\"\"", "\",", ",\"", ";", "\\"]);
    let what = prop_oneof![insert.prop_map(Damage::Insert), (1usize..12).prop_map(Damage::Remove)];
    (0usize..1000, what)
}

fn mangled(mut text: String, damages: &[(usize, Damage)]) -> String {
    for (place, damage) in damages {
        let at = text.floor_char_boundary(text.len() * place / 1000);
        match damage {
            Damage::Insert(what) => text.insert_str(at, what),
            Damage::Remove(n) => {
                let end = text.floor_char_boundary((at + n).min(text.len()));
                text.replace_range(at..end, "");
            }
        }
    }
    text
}

fn written(cells: &[String]) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(["n", "Q", "D"]).unwrap();
    for (n, cell) in cells.iter().enumerate() {
        writer.write_record([&format!("r{n:03}"), cell, "North"]).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Cells of tiny tables: names, numbers, words, nothing.
const TINY: [&str; 9] = ["n", "Q", "1", "2", "a", "so so", "", "North", "2021-03-04"];

proptest! {
    #[test]
    fn every_record_of_a_mangled_file_is_accepted_or_rejected_and_every_byte_has_a_place(
        cells in proptest::collection::vec("[a-z\"\n,;ñ ]{0,20}", 1..30),
        damages in proptest::collection::vec(damage(), 0..6),
    ) {
        let text = mangled(written(&cells), &damages);
        let spec = spec();
        let context = Context { spec: &spec, file: "t.csv", stem: "t", limits: crate::ingest::Limits::default() };
        let Ok(mut records) = open(&context, text.clone().into_bytes()) else { return Ok(()) };
        let (mut record, mut at, mut n) = (Record::default(), 0, 0);
        while records.next(&mut record).unwrap() {
            let place = record.bytes.clone().unwrap();
            prop_assert!(place.start >= at && !place.is_empty());
            prop_assert!(text[at..place.start].chars().all(|c| c.is_whitespace() || "\",;\0\\".contains(c)));
            let lines = n_breaks(&text.as_bytes()[..place.start]);
            prop_assert_eq!(record.place, lines + 1);
            at = place.end;
            n += 1;
        }
        if let Ok(intake) = read(&spec, text.as_bytes()) {
            let rejected = texts(&intake).iter().filter(|t| t.is_none()).count();
            prop_assert_eq!(intake.responses.len(), intake.rows as usize);
            prop_assert_eq!(intake.rejects.len(), rejected);
            prop_assert_eq!(intake.rows + intake.headings, n);
            prop_assert!(intake.headings > 0);
            for reject in &intake.rejects {
                let place = reject.bytes.clone().unwrap();
                let raw = &text.as_bytes()[place.start as usize..place.end as usize];
                prop_assert_eq!(reject.raw.expose_for_rejects_list(), raw);
            }
        }
    }

    #[test]
    fn no_record_of_a_tiny_ragged_table_goes_missing(
        rows in proptest::collection::vec(
            proptest::collection::vec(prop::sample::select(TINY.to_vec()), 1..6), 1..6),
        delimiter in prop::sample::select(vec![",", ";", "\t", "|"]),
        column in prop::sample::select(vec!["n", "Q", "column 2"]),
    ) {
        let text: String = rows.iter().map(|r| r.join(delimiter) + "\n").collect();
        let spec = wanting(column);
        let limits = crate::ingest::Limits::default();
        let context = Context { spec: &spec, file: "t.csv", stem: "t", limits };
        let Ok(mut records) = open(&context, text.clone().into_bytes()) else { return Ok(()) };
        let (mut record, mut n) = (Record::default(), 0);
        while records.next(&mut record).unwrap() {
            n += 1;
        }
        let lines = text.lines().filter(|l| !l.replace(&records.delimiter, "").trim().is_empty());
        prop_assert_eq!(n as usize, lines.count());
        if let Ok(intake) = read(&spec, text.as_bytes()) {
            prop_assert_eq!(intake.rows + intake.headings, n);
            prop_assert_eq!(intake.responses.len(), intake.rows as usize);
            // Titles above the header and further rows of it are said.
            let titles = intake.warnings.iter().any(|w| w.contains("above the header"));
            let repeats = intake
                .warnings
                .iter()
                .any(|w| w.contains("repeat the header") || w.contains("rows are the header"));
            prop_assert!(intake.headings <= 1 || titles || repeats, "{:?}", intake.warnings);
        }
    }

    #[test]
    fn damage_to_a_row_changes_no_text_of_another(
        cells in proptest::collection::vec("[a-z][a-z,; ]{0,20}", 12..40),
        (place, damage) in damage(),
    ) {
        let clean = written(&cells);
        let header = clean.find('\n').unwrap() + 1;
        let place = 1000 * header / clean.len() + 1 + place * 9 / 10;
        let at = clean.len() * place.min(999) / 1000;
        let reach = match damage { Damage::Remove(n) => n, Damage::Insert(_) => 0 };
        let line = |at: usize| clean[..at.min(clean.len())].matches('\n').count();
        let hit = line(at)..=line(at + reach);
        let text = mangled(clean.clone(), &[(place.min(999), damage)]);
        let intake = read(&spec(), text.as_bytes()).unwrap();
        for (response, text) in intake.responses.iter().zip(texts(&intake)) {
            let id = response.id.strip_prefix('r').and_then(|id| id.strip_suffix(":Q"));
            let number = id.filter(|id| id.len() == 3).and_then(|id| id.parse::<usize>().ok());
            let (Some(n), Some(text)) = (number, text) else { continue };
            // Row n stands in line n + 1 counted from 0.
            if n < cells.len() && !hit.contains(&(n + 1)) {
                prop_assert_eq!(text, cells[n].as_str());
            }
        }
        let n_lost = cells.len().saturating_sub(texts(&intake).iter().flatten().count());
        prop_assert!(n_lost <= 3, "{} rows were lost", n_lost);
    }

    #[test]
    fn cells_that_the_csv_crate_writes_come_back_verbatim(
        cells in proptest::collection::vec("[a-zà-ü中\"\n\r,;\t| ]{0,20}", 1..20),
    ) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["n", "Q"]).unwrap();
        for (n, cell) in cells.iter().enumerate() {
            writer.write_record([&n.to_string(), cell]).unwrap();
        }
        let intake = read(&spec(), &writer.into_inner().unwrap()).unwrap();
        prop_assert_eq!(intake.responses.len(), cells.len());
        for (response, cell) in intake.responses.iter().zip(&cells) {
            let Content::Text(text) = &response.content else { panic!("rejected") };
            prop_assert_eq!(text.expose(), cell);
        }
    }
}
