//! JSON through the reader alone.

use proptest::prelude::*;

use super::*;

type Rows = Vec<(u32, Result<Vec<String>, Reject>)>;

fn read(bytes: &[u8]) -> Result<(Rows, Vec<String>), Error> {
    read_within(bytes, Limits::default())
}

fn read_within(bytes: &[u8], limits: Limits) -> Result<(Rows, Vec<String>), Error> {
    let mut records = open("f.jsonl", bytes.to_vec(), limits)?;
    let (mut rows, mut record) = (Rows::new(), Record::default());
    while records.next(&mut record)? {
        let cells = record.cells().map(String::from).collect();
        rows.push((record.place, record.fault.clone().map_or(Ok(cells), Err)));
    }
    Ok((rows, records.warnings()))
}

fn good(bytes: &[u8]) -> Vec<Vec<String>> {
    read(bytes).unwrap().0.into_iter().map(|(_, cells)| cells.unwrap()).collect()
}

#[test]
fn columns_are_the_keys_of_all_lines_in_the_order_of_their_first_appearance() {
    let text = "{\"b\":\"x\",\"a\":1}\n\n{\"c\":{\"d\":true,\"e\":null},\"a\":2.50}\r\n{}";
    let rows = read(text.as_bytes()).unwrap().0;
    let places: Vec<u32> = rows.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [1, 1, 3, 4]);
    let expected =
        [["b", "a", "c.d", "c.e"], ["x", "1", "", ""], ["", "2.50", "true", ""], ["", "", "", ""]];
    assert_eq!(good(text.as_bytes()), expected);
}

#[test]
fn values_stay_as_they_are_written() {
    let text = r#"{"id":12345678901234567890123,"n":1E5,"z":"007","t":" a\n\u00e9\ud83d\ude00 ","l":["x",1,null],"o":[{"a":1}]}"#;
    let expected = ["12345678901234567890123", "1E5", "007", " a\né😀 ", "x; 1; ", "[{\"a\":1}]"];
    assert_eq!(good(text.as_bytes())[1], expected);
}

#[test]
fn arrays_and_wrapped_arrays_are_read_element_by_element() {
    for text in [
        "[\n {\"a\": 1},\n {\"a\": 2}\n]\n",
        "{\"format\": [1],\n \"responses\": [\n{\"a\": 1}\n, {\"a\": 2} ]}",
        "\u{FEFF}{\"a\":1}\n{\"a\":2}",
    ] {
        assert_eq!(good(text.as_bytes()), [["a"], ["1"], ["2"]], "{text}");
    }
    let places: Vec<_> = read(b"[\n{\"a\":1},\n\n{\"a\":2}]").unwrap().0;
    assert_eq!(places.iter().map(|(p, _)| *p).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn a_broken_line_is_a_rejected_record_with_its_place() {
    let text =
        b"{\"a\":1}\n{\"a\":\n[1]\n{\"a\":1,\"a\":2}\n{\"a\":\"\xFF\"}\n{\"a\":2} x\n{\"a\":3}\n";
    let mut records = open("f", text.to_vec(), Limits::default()).unwrap();
    let mut record = Record::default();
    let mut faults = Vec::new();
    while records.next(&mut record).unwrap() {
        if let Some(fault) = &record.fault {
            let range = record.bytes.clone().unwrap();
            faults.push((record.place, fault.clone(), text[range].to_vec()));
        }
    }
    let whys: Vec<_> =
        faults.iter().map(|(place, fault, _)| (*place, format!("{fault:?}"))).collect();
    let no_json = "Unreadable { why: \"a line that is no JSON\" }".to_string();
    let expected = [
        (2, no_json.clone()),
        (3, "Unreadable { why: \"a JSON value that is no object\" }".into()),
        (4, "Unreadable { why: \"a key that stands twice\" }".into()),
        (5, no_json.clone()),
        (6, no_json),
    ];
    assert_eq!(whys, expected);
    assert_eq!(faults[0].2, b"{\"a\":");
}

#[test]
fn half_a_character_is_replaced_and_counted() {
    let (rows, warnings) = read(br#"{"a":"x\ud800y\udc00\udc00"}"#).unwrap();
    assert_eq!(rows[1].1.as_ref().unwrap()[0], "x\u{FFFD}y\u{FFFD}");
    assert!(warnings[0].contains("2 halves"), "{warnings:?}");
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let (rows, _) = read(format!("{{\"a\":1}}\n{deep}\n").as_bytes()).unwrap();
    assert!(matches!(rows[2].1, Err(Reject::Unreadable { .. })));
    let text = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}", "x".repeat(50));
    let limits = Limits { cell_bytes: 49, ..Limits::default() };
    let (rows, _) = read_within(text.as_bytes(), limits).unwrap();
    assert_eq!(rows[2].1, Err(Reject::TooLong { bytes: 50 }));
    let brackets = format!("{{\"a\":{}", "[".repeat(1_000_000));
    assert!(matches!(read(brackets.as_bytes()), Err(Error::Json { .. })));
}

#[test]
fn an_object_longer_than_any_record_is_rejected_unread() {
    let limits = Limits { cell_bytes: 10, ..Limits::default() };
    let many = (0..40).map(|i| format!("\"k{i}\":{i}")).collect::<Vec<_>>().join(",");
    let text = format!("{{\"a\":1}}\n{{{many}}}\n");
    let (rows, _) = read_within(text.as_bytes(), limits).unwrap();
    assert_eq!(rows[0].1, Ok(vec!["a".into()]), "its keys are no columns");
    assert_eq!(rows[2].1, Err(Reject::TooLong { bytes: many.len() + 2 }));
}

#[test]
fn a_damaged_array_names_its_line() {
    let error = read(b"[{\"a\":1},\n{\"a\":2}\n{\"a\":3}]").unwrap_err().to_string();
    assert!(error.contains("line 3") && error.contains("comma"), "{error}");
    assert!(read(b"[{\"a\":1},").unwrap_err().to_string().contains("ends too early"));
    assert!(read(b"hello").unwrap_err().to_string().contains("neither"));
}

proptest! {
    #[test]
    fn what_serde_writes_comes_back(
        rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,20}", 2), 1..20),
    ) {
        let mut text = String::new();
        for row in &rows {
            text.push_str(&serde_json::json!({ "k\"1": row[0], "k.2": row[1] }).to_string());
            text.push('\n');
        }
        let read = good(text.as_bytes());
        prop_assert_eq!(&read[1..], &rows[..]);
    }

    #[test]
    fn no_bytes_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..60) {
        let _any = read(&bytes);
        let _any = read(&[b"[{\"a\":", &bytes[..]].concat());
        let whole = br#"[{"a":"\u00e9","b":[1,{"c":null}]},{"a":1.5e3}]"#;
        let mut whole = whole[..cut.min(whole.len())].to_vec();
        let n = whole.len();
        if let (Some(byte), true) = (bytes.first(), n > 0) {
            whole[bytes.len() % n] = *byte;
        }
        let _any = read(&whole);
    }
}
