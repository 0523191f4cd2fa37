//! Parquet through the reader alone. The files are written by the crate that reads them; files
//! of other writers are compared elsewhere.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::*;
use crate::ingest::Reject;

type Rows = Vec<(u32, Result<Vec<String>, Reject>)>;

fn read(bytes: &[u8]) -> Result<Rows, Error> {
    let mut records = open("f.parquet", bytes.to_vec(), Limits::default())?;
    let (mut rows, mut record) = (Rows::new(), Record::default());
    while records.next(&mut record)? {
        let columns = 0..records.columns.len();
        let cells = columns.map(|c| record.cell(c).to_string()).collect();
        rows.push((record.place, record.fault.clone().map_or(Ok(cells), Err)));
    }
    Ok(rows)
}

const SCHEMA: &str = "message m {
    required binary id (UTF8);
    optional binary text (UTF8);
    optional double score;
    optional int32 day (DATE);
    optional int64 at (TIMESTAMP(NANOS,true));
    optional group who { optional int32 price (DECIMAL(7,2)); }
    optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
}";

fn file(compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let text = |s: &str| ByteArray::from(s);
    let mut next = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        match next {
            0 => column.typed::<ByteArrayType>().write_batch(
                &["1", "007", "NA"].map(text),
                None,
                None,
            ),
            1 => column.typed::<ByteArrayType>().write_batch(
                &[text(" a\né"), text("1E5")],
                Some(&[1, 0, 1]),
                None,
            ),
            2 => column.typed::<DoubleType>().write_batch(
                &[7.0, f64::NAN, 0.5],
                Some(&[1, 1, 1]),
                None,
            ),
            3 => column.typed::<Int32Type>().write_batch(&[19_782, -1], Some(&[1, 0, 1]), None),
            4 => column.typed::<Int64Type>().write_batch(
                &[1_709_208_000_500_000_000, 0],
                Some(&[1, 0, 1]),
                None,
            ),
            5 => column.typed::<Int32Type>().write_batch(&[1234], Some(&[2, 0, 1]), None),
            _ => column.typed::<ByteArrayType>().write_batch(
                &[text("x"), text("y")],
                Some(&[3, 3, 0, 1]),
                Some(&[0, 1, 0, 0]),
            ),
        }
        .unwrap();
        column.close().unwrap();
        next += 1;
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn every_kind_of_value_becomes_text_under_every_compression() {
    let expected = [
        ["id", "text", "score", "day", "at", "who.price", "tags"],
        ["1", " a\né", "7", "2024-02-29", "2024-02-29T12:00:00.5", "12.34", "x; y"],
        ["007", "", "", "", "", "", ""],
        ["NA", "1E5", "0.5", "1969-12-31", "1970-01-01", "", ""],
    ];
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
        Compression::BROTLI(Default::default()),
        Compression::LZ4_RAW,
        Compression::LZ4,
    ] {
        let rows = read(&file(compression)).unwrap();
        let cells: Vec<_> = rows.into_iter().map(|(_, cells)| cells.unwrap()).collect();
        assert_eq!(cells, expected, "{compression:?}");
    }
}

#[test]
fn a_file_that_is_cut_off_is_one_error() {
    let whole = file(Compression::SNAPPY);
    for n in 0..whole.len() {
        assert!(matches!(read(&whole[..n]), Err(Error::Parquet { .. })), "{n}");
    }
}

#[test]
fn a_page_that_says_it_is_huge_is_refused_before_it_is_unpacked() {
    let whole = file(Compression::SNAPPY);
    // The first page's header begins behind the four bytes of the signature: kind, then the
    // unpacked size as a number in zigzag form.
    let at = 5 + whole[5..].iter().position(|b| *b == 0x15).unwrap() + 1;
    let mut hostile = whole.clone();
    hostile[at] = 0x7E;
    assert!(read(&whole).is_ok());
    let _no_harm = read(&hostile);
    let metadata = SerializedFileReader::new(Bytes::from(whole.clone())).unwrap();
    let check = |ratio: u64| {
        let limits = Limits { ratio, cells: 2, ..Limits::default() };
        check::groups(&whole, metadata.metadata(), &limits)
    };
    assert!(matches!(check(1), Err(Refusal::TooBig("its number of rows", _))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn no_changed_bytes_harm(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = file(Compression::SNAPPY);
        let n = bytes.len();
        for (at, byte) in changes {
            bytes[at.index(n)] = byte;
        }
        let _any = read(&bytes);
    }
}
