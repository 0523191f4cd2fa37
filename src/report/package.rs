//! ZIP packages: what DOCX and QDPX files are.
//!
//! In: named parts. Out: bytes without clock, owner or order of the machine: equal parts give
//! equal bytes. Must not know: what the parts hold.

use std::io::{Cursor, Write};

use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

/// Parts by their path in the package, in the order in which they are written.
pub(super) type Parts = Vec<(String, Vec<u8>)>;

/// The package; every part is dated 1980-01-01, where the format's time begins.
///
/// # Errors
/// Two parts have one name, or there is more than the format holds.
pub(super) fn package(parts: &Parts) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), options.large_file(bytes.len() > u32::MAX as usize))?;
        zip.write_all(bytes)?;
    }
    zip.finish().map(Cursor::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn parts_come_out_as_they_went_in_and_equal_parts_give_equal_bytes() {
        let parts: Parts = vec![("a/b.xml".into(), b"one".to_vec()), ("c.txt".into(), vec![7; 9])];
        let bytes = package(&parts).unwrap();
        assert_eq!(bytes, package(&parts).unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for (name, expected) in &parts {
            let mut part = archive.by_name(name).unwrap();
            let mut found = Vec::new();
            part.read_to_end(&mut found).unwrap();
            assert_eq!(&found, expected);
            assert_eq!(part.last_modified().unwrap().year(), 1980);
        }
    }
}
