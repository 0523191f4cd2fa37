//! Texts that are too much: before they are read, and what people say at too great a length.
//!
//! In: a file's bytes, or what a reader found in it. Out: an error, or the same with rejected
//! responses in the place of those that are too long. Tables reject long cells themselves.
//! Must not know: any format's syntax.

use super::assemble::FileIntake;
use super::limits::{Limits, size};
use super::{Content, Error, Reject, Rejected};
use crate::text::RawBytes;

/// Whether a text has no more lines than it may, whichever way they end, and none that is longer
/// than a line of a table or, where people speak in it, than any record. The extension is that by
/// which it is read, whatever its name says.
///
/// # Errors
/// [`Error::TooBig`].
pub(super) fn check(
    shown: &str,
    extension: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<(), Error> {
    let Some(most) = limits.lines_of(extension) else { return Ok(()) };
    let too_big =
        |what: &str, limit| Err(Error::TooBig { file: shown.into(), what: what.into(), limit });
    let n_ends = |end| memchr::memchr_iter(end, bytes).count() as u64;
    if n_ends(b'\n').max(n_ends(b'\r')) > most {
        return too_big("its number of lines", most.to_string());
    }
    let longest = limits.record_bytes();
    if is_noise(bytes) {
        return Err(Error::NotText { file: shown.into(), found: "it holds binary bytes" });
    }
    let spoken = limits.is_spoken(extension).then_some(longest);
    match limits.line_of(extension).or(spoken) {
        Some(most) if has_longer_line(bytes, most) => {
            too_big("the length of a line", size(most as u64))
        }
        _ => Ok(()),
    }
}

/// Whether a long file begins with bytes of any value, as packed and encrypted data do: each
/// control character stands there as often as any letter. Text in UTF-16 is left to the decoder.
fn is_noise(bytes: &[u8]) -> bool {
    const HEAD: usize = 1 << 16;
    let Some(head) = bytes.get(..HEAD) else { return false };
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return false;
    }
    let mut counts = [0usize; 32];
    head.iter().filter(|b| **b < 32).for_each(|b| counts[usize::from(*b)] += 1);
    counts.iter().all(|n| *n > HEAD / 1024 && *n < HEAD / 64)
}

fn has_longer_line(bytes: &[u8], most: usize) -> bool {
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes).chain([bytes.len()]) {
        if end - start > most {
            return true;
        }
        start = end + 1;
    }
    false
}

/// Rejects what was said or written at a length of more than `most` bytes.
pub(super) fn reject_long(intake: &mut FileIntake, most: usize) {
    let n_before = intake.rejects.len();
    for response in &mut intake.responses {
        let Content::Text(text) = &response.content else { continue };
        let bytes = text.expose().len();
        if bytes > most {
            let why = Reject::TooLong { bytes };
            let raw = RawBytes::new(text.expose().as_bytes());
            let place = response.row;
            intake.rejects.push(Rejected { file: 0, place, bytes: None, why: why.clone(), raw });
            response.content = Content::Rejected(why);
        }
    }
    if intake.rejects.len() > n_before {
        intake.rejects.sort_by_key(|r| r.place);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, SourceSpec, ingest_within};
    use super::*;

    fn read(name: &str, text: &str, written: &str) -> Result<Vec<Content>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let kind = if name.ends_with("csv") { Kind::Survey } else { Kind::Interview };
        let question = crate::ingest::QuestionSpec { column: "Q".into(), text: "Q".into() };
        let questions = if kind == Kind::Survey { vec![question] } else { vec![] };
        let files = vec![(path, name.to_owned())];
        let spec = SourceSpec { kind, files, questions, ..SourceSpec::default() };
        let limits = crate::config::parse_toml(written).unwrap();
        let intake = ingest_within(limits, &[spec], &()).map_err(|e| e.to_string())?;
        let n = intake.responses.iter().filter(|r| matches!(r.content, Content::Rejected(_)));
        assert_eq!(n.count(), intake.rejects.len());
        assert!(intake.rejects.is_sorted_by_key(|r| r.place));
        Ok(intake.responses.into_iter().map(|r| r.content).collect())
    }

    #[test]
    fn a_text_of_more_lines_than_allowed_is_refused_by_its_kind() {
        let table = "Q\nx\ny\nz\n";
        assert_eq!(read("a.csv", table, "max_lines = 4").unwrap().len(), 3);
        let error = read("a.csv", table, "max_lines = 3").unwrap_err();
        assert_eq!(error, "`a.csv` is too big: its number of lines exceeds 3");
        let talk = "P1: a\rP2: b\rP1: c\rP2: d\r";
        assert_eq!(read("a.txt", talk, "max_spoken_lines = 4\nmax_lines = 1").unwrap().len(), 4);
        let error = read("a.txt", talk, "max_spoken_lines = 3").unwrap_err();
        assert_eq!(error, "`a.txt` is too big: its number of lines exceeds 3");
    }

    #[test]
    fn a_turn_longer_than_a_cell_is_rejected_and_the_others_are_read() {
        let long = "word ".repeat(300);
        let talk = format!("P1: it is dark\nP2: {long}\n{long}\nP1: {long}x\nP2: yes\n");
        let found = read("a.txt", &talk, "max_cell_kb = 2").unwrap();
        let sizes = found.iter().map(|c| match c {
            Content::Text(text) => Ok(text.expose().len()),
            Content::Rejected(Reject::TooLong { bytes }) => Err(*bytes),
            _ => panic!(),
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [Ok(10), Err(2999), Ok(1501), Ok(3)]);
    }

    #[test]
    fn noise_is_known_by_its_head_and_text_of_any_encoding_is_none() {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        let noise: Vec<u8> = (0..70_000).map(|_| next()).collect();
        assert!(is_noise(&noise));
        let (text, han) =
            ("Señal, ça va. It is dark\n".repeat(4_000), "天黑了，没有灯。\n".repeat(9_000));
        assert!(!is_noise(text.as_bytes()) && !is_noise(han.as_bytes()));
        for encoding in [encoding_rs::GB18030, encoding_rs::BIG5, encoding_rs::SHIFT_JIS] {
            assert!(!is_noise(&encoding.encode(&han).0));
        }
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        assert!(!is_noise(&wide(&text)) && !is_noise(&wide(&han)));
    }

    #[test]
    fn a_line_longer_than_any_record_is_refused_where_people_speak() {
        let line = "x".repeat(16_001);
        let error = read("a.txt", &format!("P1: {line}\nP2: a"), "max_cell_kb = 1").unwrap_err();
        assert_eq!(error, "`a.txt` is too big: the length of a line exceeds 16 KB");
        assert!(
            read("a.txt", &format!("P1: a\nP2: {}", &line[..15_000]), "max_cell_kb = 1").is_ok()
        );
        assert_eq!(read("a.csv", &format!("Q\na\n{line}\n"), "max_cell_kb = 1").unwrap().len(), 2);
    }

    #[test]
    fn a_table_with_an_endless_line_is_refused_whatever_its_name_says() {
        let folder = tempfile::tempdir().unwrap();
        let table = format!("n,Q\n1,{}\n2,so\n", "a".repeat(1_040_000));
        let limits = crate::config::parse_toml("max_line_mb = 1\nmax_cell_kb = 2000").unwrap();
        for name in ["a.csv", "a.xlsx", "a.xls"] {
            let path = folder.path().join(name);
            std::fs::write(&path, &table).unwrap();
            let question = crate::ingest::QuestionSpec { column: "Q".into(), text: "Q".into() };
            let files = vec![(path.clone(), name.to_owned())];
            let spec = SourceSpec { files, questions: vec![question], ..SourceSpec::default() };
            let said = format!("`{name}` is too big: the length of a line exceeds 1 MB");
            let error = ingest_within(limits, &[spec], &()).err().unwrap();
            assert_eq!(error.to_string(), said);
            let request = crate::ingest::SheetRequest {
                path: &path,
                shown: name,
                sheet: None,
                wanted: &[],
                limits,
            };
            let error = crate::ingest::sheet(&request).err().unwrap();
            assert_eq!(error.to_string(), said);
        }
    }
}
