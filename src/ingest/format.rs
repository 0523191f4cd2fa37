//! What a file is, by its extension and by its bytes.
//!
//! In: the extension and the bytes. Out: [`Format`]: the extension by which the file should be
//! read, and a sentence where the file's own one is another; or an error that says what the file
//! is. The bytes win, since exports often carry a wrong extension.
//! Must not know: how any format is read.

use super::Error;
use super::encoding::decode;

/// What the bytes show beyond doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Nothing certain: the extension decides.
    Unsigned,
    /// Excel, ECMA-376.
    Xlsx,
    /// Excel 97 to 2003, and 5.0 to 95.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Word, ECMA-376.
    Docx,
    /// Apache Parquet.
    Parquet,
    /// Text with delimiters.
    Csv,
    /// Portable document format.
    Pdf,
    /// An office file behind a password.
    Encrypted,
    /// A format that no reader knows, in words.
    Foreign(&'static str),
}

/// The extension by which a file is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// In lower case.
    pub(super) extension: String,
    /// Where the file has another one.
    pub(super) warning: Option<String>,
}

/// By which extension a file should be read.
///
/// # Errors
/// Where the bytes are of a format that no reader knows.
pub(super) fn reading(file: &str, bytes: &[u8]) -> Result<Reading, Error> {
    let extension = super::extension(file);
    let format = Format::of(&extension, bytes);
    let known = match format {
        Format::Unsigned => return Ok(Reading { extension, warning: None }),
        Format::Encrypted => return Err(Error::Encrypted { file: file.into() }),
        Format::Foreign(found) => return Err(Error::Foreign { file: file.into(), found }),
        Format::Xlsx => ["xlsx", "xlsm"],
        Format::Xls => ["xls", "xls"],
        Format::Ods => ["ods", "ods"],
        Format::Docx => ["docx", "docm"],
        Format::Parquet => ["parquet", "pq"],
        Format::Csv => ["csv", "tsv"],
        Format::Pdf => ["pdf", "pdf"],
    };
    if known.contains(&extension.as_str()) {
        return Ok(Reading { extension, warning: None });
    }
    let warning = format!("`{file}` is really a .{} file and was read as one", known[0]);
    Ok(Reading { extension: known[0].into(), warning: Some(warning) })
}

impl Format {
    /// What the bytes of a file are.
    pub(super) fn of(extension: &str, bytes: &[u8]) -> Self {
        let found = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            zip(bytes)
        } else if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            compound(bytes)
        } else if bytes.starts_with(b"PAR1") {
            Some(Self::Parquet)
        } else if bytes.starts_with(b"PARE") {
            Some(Self::Foreign("an encrypted Parquet file"))
        } else if bytes.starts_with(b"%PDF") && matches!(extension, "docx" | "txt" | "md") {
            Some(Self::Pdf)
        } else {
            None
        };
        if let Some(found) = found {
            return found;
        }
        match extension {
            "xls" => disguised(bytes),
            "xlsx" | "xlsm" | "ods" if !bytes.starts_with(b"PK") => disguised(bytes),
            "csv" | "tsv" | "tab" => match markup(bytes) {
                Some(found) => Self::Foreign(found),
                None => Self::Unsigned,
            },
            _ => Self::Unsigned,
        }
    }
}

/// An archive, by the names in its directory, which are never compressed.
fn zip(bytes: &[u8]) -> Option<Format> {
    let has = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
    // The media type of an OpenDocument file is its first part, stored as it is.
    let head = &bytes[..bytes.len().min(200)];
    let media = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
    Some(if media("opendocument.spreadsheet") {
        Format::Ods
    } else if media("opendocument.") {
        Format::Foreign("an OpenDocument file that is no spreadsheet")
    } else if has("xl/workbook.bin") {
        Format::Foreign("a binary workbook (.xlsb)")
    } else if has("word/document.xml") {
        Format::Docx
    } else if has("xl/workbook.xml") {
        Format::Xlsx
    } else if has("ppt/presentation.xml") {
        Format::Foreign("a presentation")
    } else if has("Index/Document.iwa") || has("Index.zip") {
        Format::Foreign("a file of Apple iWork")
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        Format::Ods
    } else {
        return None;
    })
}

/// A compound file, by the names in its directory, which are UTF-16.
fn compound(bytes: &[u8]) -> Option<Format> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    Some(if has("EncryptedPackage") {
        Format::Encrypted
    } else if has("WordDocument") {
        Format::Foreign("an old Word document (.doc)")
    } else if has("PowerPoint Document") {
        Format::Foreign("an old presentation (.ppt)")
    } else if has("__properties_version1.0") {
        Format::Foreign("an e-mail message (.msg)")
    } else if has("Workbook") || has("Book") {
        Format::Xls
    } else {
        return None;
    })
}

/// What a workbook is that is neither an archive nor a compound file.
fn disguised(bytes: &[u8]) -> Format {
    if let Some(found) = markup(bytes) {
        return Format::Foreign(found);
    }
    match bytes {
        [b'P', b'K', ..] => Format::Foreign("a zip archive"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Format::Foreign("rich text (.rtf)"),
        [b'%', b'P', b'D', b'F', ..] => Format::Foreign("a PDF"),
        [0x1F, 0x8B, ..] => Format::Foreign("a compressed file (.gz)"),
        [0x09, 0x00 | 0x02 | 0x04 | 0x08, _, 0x00, ..] => {
            Format::Foreign("a workbook of Excel 4.0 or older")
        }
        _ if decode(bytes, "").is_ok() => Format::Csv,
        _ => Format::Foreign("damaged, or of an unknown format"),
    }
}

/// Markup that programs like to call `.xls`.
fn markup(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(4096)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let lower = String::from_utf8_lossy(head).to_lowercase();
    let begins = |tags: &[&str]| tags.iter().any(|tag| lower.starts_with(tag));
    if begins(&["<html", "<!doctype html", "<table", "<meta", "<head", "<body"]) {
        Some("a web page (.html)")
    } else if begins(&["mime-version:"]) {
        Some("a web archive (.mht)")
    } else if begins(&["<?xml", "<workbook"]) {
        match lower.contains("office:spreadsheet") {
            true => Some("an XML spreadsheet of Excel 2003"),
            false => Some("an XML file"),
        }
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(file: &str, bytes: &[u8]) -> String {
        match reading(file, bytes) {
            Ok(Reading { extension, warning: None }) => extension,
            Ok(Reading { warning: Some(warning), .. }) => warning,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_bytes_win_over_the_extension() {
        let ods = b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        let old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0k\0b\0o\0o\0k\0";
        for (file, bytes, expected) in [
            ("a.xlsx", &b"PK\x03\x04xl/workbook.xml"[..], "xlsx"),
            ("a.XLSM", b"PK\x03\x04xl/workbook.xml", "xlsm"),
            (
                "a.csv",
                b"PK\x03\x04xl/workbook.xml",
                "`a.csv` is really a .xlsx file and was read as one",
            ),
            ("a.xlsx", ods, "`a.xlsx` is really a .ods file and was read as one"),
            ("a.xlsx", old, "`a.xlsx` is really a .xls file and was read as one"),
            ("a.xls", b"id,text\n1,x\n", "`a.xls` is really a .csv file and was read as one"),
            ("a.xls", b" <HTML><table>", "`a.xls` is a web page (.html) and cannot be read"),
            ("a.csv", b"PK\x03\x04photo.jpg", "csv"),
            ("a.xls", b"PK\x03\x04photo.jpg", "`a.xls` is a zip archive and cannot be read"),
            ("a.csv", b"id,text\n", "csv"),
            (
                "a.xls",
                b"\x09\x02\x06\x00\0\0",
                "`a.xls` is a workbook of Excel 4.0 or older and cannot be read",
            ),
        ] {
            assert_eq!(read_as(file, bytes), expected);
        }
    }

    #[test]
    fn an_encrypted_workbook_is_told_from_an_old_one() {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", &name[..]].concat();
        assert!(matches!(reading("a.xlsx", &bytes), Err(Error::Encrypted { .. })));
    }
}
