//! Encodings: the same words in UTF-8 and in UTF-16, marked as such, give the same records.
#![no_main]
use canvass::ingest::{Kind, ingest};
use canvass_fuzz::{check, file, run, spec};
use libfuzzer_sys::fuzz_target;

/// Everything that was read but the hash, the size and the encoding of the file.
fn records(bytes: &[u8]) -> Option<String> {
    let intake = ingest(&[spec(Kind::Survey, file("csv", bytes))], &()).ok()?;
    Some(format!("{:?} {:?}", intake.responses, intake.participants))
}

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        check(Kind::FocusGroup, "txt", data);
        let text = format!("n,g,Q,R\n{}", String::from_utf8_lossy(data));
        let utf8 = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let little = text.encode_utf16().flat_map(u16::to_le_bytes);
        let big = text.encode_utf16().flat_map(u16::to_be_bytes);
        let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(little).collect();
        let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(big).collect();
        let first = records(&utf8);
        assert_eq!(first, records(&little), "UTF-16 LE differs");
        assert_eq!(first, records(&big), "UTF-16 BE differs");
    });
});
