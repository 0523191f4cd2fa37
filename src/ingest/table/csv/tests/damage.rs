//! Damaged text tables: what is rejected, and that nothing of it is lost.

use proptest::prelude::*;

use super::*;

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
fn a_column_is_found_by_a_name_with_a_nul_byte() {
    let text = format!("n,<b\0>\n{}", "4,a plain answer of some length\n".repeat(40));
    assert_eq!(read(&wanting("<b\0>"), text.as_bytes()).unwrap().rows, 40);
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
    let intake = super::super::read(&context, text.into_bytes()).unwrap();
    assert_eq!(intake.rejects.len(), 1);
    assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), row.as_bytes());
}

#[test]
fn a_table_of_too_many_columns_is_refused() {
    let limits = crate::ingest::Limits { columns: 3, ..crate::ingest::Limits::default() };
    let spec = spec();
    for (text, fits) in [("n,Q,D\n1,a,b\n", true), ("n,Q,D,E\n1,a,b,c\n", false)] {
        let context = Context { spec: &spec, file: "t.csv", stem: "t", limits };
        let intake = super::super::read(&context, text.into());
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

#[test]
fn blank_cells_behind_a_full_row_lose_nothing_where_no_text_can_be_torn() {
    for (row, text) in [
        ("3,c,,,", Some("c")),
        ("3,c,,", None),
        ("3,it is dark,", None),
        ("3,it is dark, and cold", None),
        ("3,,c,", None),
        ("3,,", None),
        (",c,", None),
    ] {
        let intake = read(&spec(), format!("n,Q\n1,a\n2,b\n{row}\n").as_bytes()).unwrap();
        assert_eq!(texts(&intake)[2], text, "{row}");
    }
    // Behind the text is a column that may be blank: the answer may be the half of one, and end
    // with a delimiter.
    for (row, text) in [
        ("3,too dark,at night,", None),
        ("3,too dark, at night,,", None),
        ("3,too dark,North,,", None),
        ("3,too dark,North,,,", None),
        ("3,too dark,North,", None),
        ("3,too dark,North,,,,", Some("too dark")),
    ] {
        let intake = read(&spec(), format!("n,Q,D\n1,a,x\n2,b,y\n{row}\n").as_bytes()).unwrap();
        assert_eq!(texts(&intake)[2], text, "{row}");
    }
}

#[test]
fn no_piece_of_a_name_or_a_number_becomes_an_answer() {
    let named = SourceSpec { id: None, participant: Some("participant".into()), ..spec() };
    let text = "participant,Q\nPlum,dark\nStone,cold\nMiller,Anna,\n";
    let intake = read(&named, text.as_bytes()).unwrap();
    assert_eq!(texts(&intake), [Some("dark"), Some("cold"), None]);
    let scored = "n,Score,Q\n1,4,dark\n2,5,cold\n7,3,5,\n";
    assert_eq!(texts(&read(&spec(), scored.as_bytes()).unwrap())[2], None);
    // Many rows that show numbers throughout do not tell a number from its decimals.
    let rows: String = (1..=14).map(|n| format!("{n},{},the walk is dark {n}\n", n % 6)).collect();
    let text = format!("n,Score,Q\n{rows}15,3,5,\n16,3,late,\n");
    assert_eq!(texts(&read(&spec(), text.as_bytes()).unwrap())[14..], [None, Some("late")]);
}

#[test]
fn a_quoted_word_in_front_of_a_quoted_line_break_is_no_reason_to_read_without_quotes() {
    let text = "n,Q\n1,\"a\" b\n2,\"say \"\"hi\"\"\nthere\"";
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!(texts(&intake), ["\"a\" b", "say \"hi\"\nthere"].map(Some));
}

#[test]
fn a_quoted_text_that_lost_the_delimiter_beside_it_is_rejected_and_inches_are_not() {
    let rows: String = (2..=14).map(|n| format!("{n},South,fine {n},{}\n", 20 + n)).collect();
    for (row, text) in [
        ("1,South\"dark, cold\",30", None),
        ("1,South,\"dark, cold\"30,", None),
        ("1,South,the 5\" pipe,6\"", Some("the 5\" pipe")),
        ("1,South,the 5\" pipe,30", Some("the 5\" pipe")),
    ] {
        let text_of = format!("n,D,Q,Age\n{row}\n{rows}");
        let intake = read(&spec(), text_of.as_bytes()).unwrap();
        assert_eq!((texts(&intake)[0], intake.rows), (text, 14), "{row}");
    }
}

#[test]
fn a_torn_text_may_begin_with_a_blank_and_measures_and_apostrophes_tear_nothing() {
    let rows: String = (2..=14).map(|n| format!("{n},South,fine {n},{}\n", 20 + n)).collect();
    for (row, text) in [
        ("1,South\" dark, cold\",30", None),
        ("1,South\", dark\",30", None),
        ("1,South\"dark, cold\"30,", None),
        ("1,30\"dark, cold\",30", None),
        ("1,South,a 5\"x7 frame,6\"", Some("a 5\"x7 frame")),
    ] {
        let intake = read(&spec(), format!("n,D,Q,Age\n{row}\n{rows}").as_bytes()).unwrap();
        assert_eq!((texts(&intake)[0], intake.rows), (text, 14), "{row}");
        let named = intake.warnings.iter().filter(|w| w.contains("the row at line 2 ")).count();
        assert_eq!(named, usize::from(text.is_none()), "{:?}", intake.warnings);
    }
    let rows: String = (2..=14).map(|n| format!("{n},'South, {n}','it''s fine, {n}'\n")).collect();
    let mut spec = spec();
    spec.table.quote = Some("'".into());
    for (row, text) in
        [("1,don't know,the officers'", Some("the officers'")), ("1,South' dark, cold'", None)]
    {
        let intake = read(&spec, format!("n,D,Q\n{row}\n{rows}").as_bytes()).unwrap();
        assert_eq!((texts(&intake)[0], intake.rows), (text, 14), "{row}");
    }
}

#[test]
fn an_escaped_quote_tears_nothing() {
    let rows: String = (2..=14).map(|n| format!("{n},South,\"the \\\"b\\\", {n}\"\n")).collect();
    let mut spec = spec();
    (spec.table.quote, spec.table.escape) = (Some("\"".into()), Some("\\".into()));
    let text = format!("n,D,Q\n1,South \\\"dark,it is cold\\\"\n{rows}");
    let intake = read(&spec, text.as_bytes()).unwrap();
    assert_eq!((texts(&intake)[0], intake.rejects.len()), (Some("it is cold\""), 0));
}

#[test]
fn a_torn_text_is_none_under_another_delimiter_either() {
    let rows: String =
        (1..=12).map(|n| format!("{n},by the stop {n},fine here {n},{}\n", 20 + n)).collect();
    let text = format!("n,D,Q,Age\n{rows}13;South\"dark; cold\";30\n");
    let intake = read(&spec(), text.as_bytes()).unwrap();
    assert_eq!((texts(&intake)[12], intake.rejects.len()), (None, 1));
}

#[test]
fn quotes_stay_where_a_study_says_that_there_are_none() {
    let mut spec = wanting("Q");
    spec.table.quote = Some(String::new());
    let rows: String = (2..=14).map(|n| format!("{n},it is fine {n},b,c\n")).collect();
    for (row, text) in [("1, \"yes\", b, c", Some(" \"yes\"")), ("1;\"yes\";b;c", Some("\"yes\""))]
    {
        let intake = read(&spec, format!("n,Q,D,E\n{row}\n{rows}").as_bytes()).unwrap();
        assert_eq!(texts(&intake)[0], text, "{row}");
    }
}

#[test]
fn a_row_behind_the_names_of_a_header_is_no_part_of_it() {
    let text = "id,Q\n1,so\nid,Q,7,the bridge is dark\n2,no\nid,Q,\nid,Q\n3,yes\n";
    let intake = read(&wanting("Q"), text.as_bytes()).unwrap();
    assert_eq!((intake.rows, intake.headings, intake.rejects.len()), (4, 3, 1));
    let row = b"id,Q,7,the bridge is dark";
    assert_eq!(intake.rejects[0].raw.expose_for_rejects_list(), row);
}

#[test]
fn a_header_with_another_delimiter_or_a_stray_quote_does_not_hide_how_its_rows_are_written() {
    let mark = |n: usize| if n.is_multiple_of(3) { "" } else { "," };
    let answer = |n: usize| format!("it is dark{}{} and cold {n}", mark(n), " very".repeat(n % 4));
    let rows: String =
        (1..=14).map(|n| format!("{n},\"{}\",South,{}\n", answer(n), 20 + n)).collect();
    for header in ["n,\"Q,D,Age", "\"n,Q,D,Age", "n,Q\",D,Age", "n Q D Age", ",n,Q,D,Age"] {
        let text = format!("{header}\n{rows}");
        let intake = read(&wanting("Q"), text.as_bytes()).unwrap();
        assert_eq!(intake.format, "utf-8, comma", "{header}");
        let all: Vec<String> = (1..=14).map(answer).collect();
        let wanted: Vec<_> = all.iter().map(|a| Some(a.as_str())).collect();
        assert_eq!(texts(&intake), wanted, "{header}");
    }
}

#[test]
fn single_quotes_around_cells_throughout_are_quotes_and_apostrophes_are_not() {
    let table = |cell: &dyn Fn(u32) -> String| -> String {
        let rows: String = (1..=20).map(|n| format!("{n}|{}|{}\n", cell(n), n + 20)).collect();
        format!("n|Q|Age\n{rows}")
    };
    let read = |text: String| read(&spec(), text.as_bytes()).unwrap();
    let quoted = read(table(&|n| format!("'it is dark {n}'")));
    assert_eq!(quoted.format, "utf-8, pipe, single quotes");
    assert_eq!(texts(&quoted)[0], Some("it is dark 1"));
    for one in [
        read(table(&|n| if n == 3 { "'dark'".into() } else { format!("dark {n}") })),
        read(table(&|n| format!("'tis dark, it's {n}"))),
    ] {
        assert_eq!(one.format, "utf-8, pipe");
        assert!(texts(&one).iter().flatten().any(|t| t.starts_with('\'')));
    }
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
