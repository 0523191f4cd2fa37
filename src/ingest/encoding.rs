//! Bytes of a text file to text.
//!
//! In: the bytes. Out: [`Decoded`]: the text without its byte order mark, the encoding's name and
//! how many places could not be decoded. A byte order mark wins, then valid UTF-8, then UTF-8
//! with a few damaged places, then the guess of `chardetng`. Must not know: any text format.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::Error;

/// Text of a file and how it was decoded.
pub(super) struct Decoded<'a> {
    /// The text, without byte order mark.
    pub(super) text: Cow<'a, str>,
    /// The encoding in lower case: `utf-8`, `windows-1250 (guessed)`.
    pub(super) name: String,
    /// Replacement characters that decoding put in.
    pub(super) n_replaced: usize,
    /// The encoding itself.
    encoding: &'static Encoding,
}

impl Decoded<'_> {
    /// A sentence for the user, if bytes were lost.
    pub(super) fn warning(&self, file: &str) -> Option<String> {
        (self.n_replaced > 0).then(|| {
            format!(
                "`{file}`: {} bytes or sequences are no valid {} and were replaced by U+FFFD",
                self.n_replaced, self.name
            )
        })
    }
}

/// Decodes the bytes, or says why they are no text.
pub(super) fn decode<'a>(bytes: &'a [u8], file: &str) -> Result<Decoded<'a>, Error> {
    if let Some(found) = foreign_format(bytes) {
        return Err(Error::NotText { file: file.into(), found });
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return checked(with(encoding, &bytes[mark..]), file);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return checked(with(encoding, bytes), file);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let decoded = Decoded {
            text: text.into(),
            name: "utf-8".into(),
            n_replaced: 0,
            encoding: encoding_rs::UTF_8,
        };
        return checked(decoded, file);
    }
    if mostly_utf8(bytes) {
        return checked(with(encoding_rs::UTF_8, bytes), file);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let mut decoded = with(guess, bytes);
    decoded.name.push_str(" (guessed)");
    checked(decoded, file)
}

/// The text of a file that keeps the file's bytes: once where they are UTF-8.
pub(super) struct Text {
    /// The file's bytes where the text is another form of them.
    bytes: Option<Vec<u8>>,
    text: String,
    /// Bytes of the mark in front of the text.
    mark: usize,
    places: Places,
    /// How the encoding is shown: `utf-8`, `windows-1250 (guessed)`.
    pub(super) name: String,
    n_replaced: usize,
}

/// How places in the text lead back to places in the file.
enum Places {
    /// The same, behind the mark.
    Same,
    /// A character is a byte (`false`) or one or two units of UTF-16 (`true`); the last place
    /// that was asked for, in the text and in the file, since questions come in order.
    Units { wide: bool, last: Cell<(usize, usize)> },
    /// Damaged UTF-8: what stands between replacement characters is the same; the last place that
    /// was asked for.
    Damaged { last: Cell<(usize, usize)> },
    /// Only decoding all of the text in front would tell.
    Unknown,
}

impl Text {
    /// The text without its byte order mark.
    pub(super) fn text(&self) -> &str {
        match self.bytes {
            Some(_) => &self.text,
            None => &self.text[self.mark..],
        }
    }

    /// The file's bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// Where a piece of the text stands in the file; `None` in encodings whose characters have
    /// lengths of their own.
    pub(super) fn place(&self, piece: Range<usize>) -> Option<Range<usize>> {
        Some(self.offset(piece.start)?..self.offset(piece.end)?)
    }

    fn offset(&self, at: usize) -> Option<usize> {
        match &self.places {
            Places::Same => Some(at + self.mark),
            Places::Units { wide, last } => {
                let (text, file) = Some(last.get()).filter(|l| l.0 <= at).unwrap_or((0, self.mark));
                let piece = self.text.get(text..at)?;
                let n =
                    if *wide { 2 * piece.encode_utf16().count() } else { piece.chars().count() };
                last.set((at, file + n));
                Some(file + n)
            }
            Places::Damaged { last } => {
                let known = Some(last.get()).filter(|l| l.0 <= at).unwrap_or((0, self.mark));
                let (mut text, mut file) = known;
                for (found, mark) in
                    self.text.get(text..at)?.match_indices(char::REPLACEMENT_CHARACTER)
                {
                    file += known.0 + found - text;
                    text = known.0 + found + mark.len();
                    file += replaced(self.bytes().get(file..)?);
                }
                file += at - text;
                last.set((at, file));
                Some(file)
            }
            Places::Unknown => None,
        }
    }

    /// A sentence for the user, if bytes were lost.
    pub(super) fn warning(&self, file: &str) -> Option<String> {
        (self.n_replaced > 0).then(|| {
            format!(
                "`{file}`: {} bytes or sequences are no valid {} and were replaced by U+FFFD",
                self.n_replaced, self.name
            )
        })
    }
}

impl Places {
    fn of(encoding: &'static Encoding, mark: usize) -> Self {
        let units = |wide| Self::Units { wide, last: Cell::new((0, mark)) };
        if encoding == encoding_rs::UTF_8 {
            Self::Damaged { last: Cell::new((0, mark)) }
        } else if encoding == UTF_16LE || encoding == UTF_16BE {
            units(true)
        } else if encoding.is_single_byte() {
            units(false)
        } else {
            Self::Unknown
        }
    }
}

/// Bytes at the begin of these that are a replacement character: its own, or a sequence that is
/// no UTF-8.
fn replaced(bytes: &[u8]) -> usize {
    // A sequence and what shows its end are four bytes at most.
    let head = &bytes[..bytes.len().min(4)];
    let own = char::REPLACEMENT_CHARACTER.len_utf8();
    match head.utf8_chunks().next() {
        Some(chunk) if chunk.valid().is_empty() => chunk.invalid().len(),
        _ => own,
    }
}

/// Decodes the bytes, under the encoding that a study names or as [`decode`] does.
pub(super) fn decode_owned(bytes: Vec<u8>, label: Option<&str>, file: &str) -> Result<Text, Error> {
    let named = label.and_then(|l| Encoding::for_label(l.as_bytes()));
    let bom = Encoding::for_bom(&bytes);
    let decoded = match named {
        Some(encoding) => {
            let mark = bom.filter(|(e, _)| *e == encoding).map_or(0, |m| m.1);
            checked(with(encoding, &bytes[mark..]), file)?
        }
        None => decode(&bytes, file)?,
    };
    let Decoded { text, name, n_replaced, encoding } = decoded;
    let mark = bom.filter(|(e, _)| *e == encoding).map_or(0, |m| m.1);
    let text = match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    };
    Ok(match text {
        Some(text) => {
            let places = Places::of(encoding, mark);
            Text { bytes: Some(bytes), text, mark, places, name, n_replaced }
        }
        None => {
            // Borrowed text is a part of bytes that are UTF-8 as they stand.
            let text = String::from_utf8(bytes)
                .map_err(|_| Error::NotText { file: file.into(), found: "it is no UTF-8" })?;
            Text { bytes: None, text, mark, places: Places::Same, name, n_replaced }
        }
    })
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let n_replaced = if broken { text.matches('\u{FFFD}').count() } else { 0 };
    Decoded { text, name: encoding.name().to_lowercase(), n_replaced, encoding }
}

/// Text has hardly any control characters but those that end lines and separate cells.
fn checked<'a>(decoded: Decoded<'a>, file: &str) -> Result<Decoded<'a>, Error> {
    let n_control = decoded
        .text
        .bytes()
        .filter(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1B | 0x1F))
        .count();
    // A few stray ones make no binary file, unless the file is hardly longer than they are.
    let allowed = (decoded.text.len() / 1000).max((decoded.text.len() / 50).min(8));
    if n_control > allowed {
        return Err(Error::NotText { file: file.into(), found: "it holds binary bytes" });
    }
    if decoded.text.trim().is_empty() {
        return Err(Error::Empty { file: file.into() });
    }
    Ok(decoded)
}

fn foreign_format(bytes: &[u8]) -> Option<&'static str> {
    const SIGNS: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "it is a zip archive, perhaps a workbook or a document"),
        (b"PK\x05\x06", "it is a zip archive"),
        (b"\xD0\xCF\x11\xE0", "it is an old office file"),
        (b"%PDF", "it is a PDF"),
        (b"{\\rtf", "it is rich text"),
        (b"\x1F\x8B", "it is compressed"),
    ];
    SIGNS.iter().find(|(sign, _)| bytes.starts_with(sign)).map(|(_, found)| *found)
}

/// UTF-16 without a mark: nearly every second byte of western text is NUL.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let nul = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (nul(0), nul(1), head.len() / 2);
    if pairs < 2 || !bytes.len().is_multiple_of(2) {
        None
    } else if even == 0 && odd * 10 > pairs * 6 {
        Some(UTF_16LE)
    } else if odd == 0 && even * 10 > pairs * 6 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-8 with a few damaged places, and not another encoding: well-formed sequences of several
/// bytes are at least ten times as many as faults.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut n_good, mut n_bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        n_good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    n_good >= 10 * n_bad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, String, usize) {
        let d = decode(bytes, "f").unwrap();
        (d.text.into_owned(), d.name, d.n_replaced)
    }

    #[test]
    fn a_byte_order_mark_wins_and_is_removed() {
        assert_eq!(read(b"\xEF\xBB\xBFid"), ("id".into(), "utf-8".into(), 0));
        assert_eq!(read(b"\xFF\xFEi\0d\0\xF1\0"), ("idñ".into(), "utf-16le".into(), 0));
        assert_eq!(read(b"\xFE\xFF\0i\0d"), ("id".into(), "utf-16be".into(), 0));
    }

    #[test]
    fn western_bytes_are_guessed_and_damage_is_counted() {
        assert_eq!(read(b"Se\xF1or, \x93hi\x94").0, "Señor, “hi”");
        let mut text = "ñandú é".repeat(20).into_bytes();
        text.push(0xFF);
        let (_, name, n) = read(&text);
        assert_eq!((name.as_str(), n), ("utf-8", 1));
    }

    #[test]
    fn places_in_damaged_text_lead_into_the_file() {
        let mut bytes = b"\xEF\xBB\xBF".to_vec();
        let pieces: [&[u8]; 8] = [
            b"a\xFF",
            b"\xC3",
            "\u{FFFD}é".as_bytes(),
            b"\xF0\x90\x80",
            b"\xE2\x82",
            b"z",
            b"\xED\xA0\x80y",
            b"\xF0\x9F",
        ];
        pieces.iter().for_each(|p| bytes.extend_from_slice(p));
        let text = decode_owned(bytes.clone(), Some("utf-8"), "f").unwrap();
        let sound: Vec<usize> = text.text().char_indices().map(|(at, _)| at).collect();
        // One sequence after another, and back again.
        let ahead: Vec<_> = sound.iter().map(|at| text.offset(*at).unwrap()).collect();
        let back: Vec<_> = sound.iter().rev().map(|at| text.offset(*at).unwrap()).collect();
        assert_eq!(ahead, back.into_iter().rev().collect::<Vec<_>>());
        let mut expected = Vec::new();
        let mut file = 3;
        for chunk in bytes[3..].utf8_chunks() {
            expected.extend(chunk.valid().char_indices().map(|(at, _)| file + at));
            file += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                expected.push(file);
                file += chunk.invalid().len();
            }
        }
        assert_eq!(ahead, expected);
        assert_eq!(text.offset(text.text().len()), Some(bytes.len()));
    }

    #[test]
    fn binary_and_blank_are_errors() {
        assert!(matches!(decode(b"PK\x03\x04rest", "f"), Err(Error::NotText { .. })));
        assert!(matches!(decode(b"a\0b\0\0c", "f"), Err(Error::NotText { .. })));
        assert!(matches!(decode(b"\xEF\xBB\xBF \n", "f"), Err(Error::Empty { .. })));
    }
}
