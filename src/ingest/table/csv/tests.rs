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

proptest! {
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
