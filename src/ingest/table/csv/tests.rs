//! Text tables: what comes back, and what becomes of damage.

mod damage;

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
