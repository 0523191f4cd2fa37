//! Where the objects of a JSON file stand.
//!
//! In: the bytes. Out: [`Item`]s: the lines of JSON Lines, the elements of an array, or the
//! elements of the one array inside of an object, as survey programs wrap their answers.
//! Must not know: what the objects hold.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::ingest::Error;

/// One object, or what stands in its place.
pub(super) struct Item {
    /// The line where it begins, from 1.
    pub(super) line: u32,
    pub(super) bytes: Range<usize>,
}

/// The items of a file, one after another.
#[derive(Clone)]
pub(super) struct Items {
    at: usize,
    /// Where the line was counted, and the line.
    counted: (usize, u32),
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Lines,
    /// Before the first element.
    Opened,
    /// Behind an element.
    Array,
    Done,
}

impl Items {
    /// Finds out how the file is built.
    pub(super) fn find(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let start = mark + blanks(&bytes[mark..]);
        let lines = Self { at: mark, counted: (0, 1), shape: Shape::Lines };
        match bytes.get(start) {
            Some(b'[') => Ok(Self { at: start + 1, shape: Shape::Opened, ..lines }),
            Some(b'{') => Ok(match wrapped(bytes, start) {
                Some(at) => Self { at, shape: Shape::Opened, ..lines },
                None => lines,
            }),
            Some(_) => {
                let reason = "it begins with neither `{` nor `[`";
                Err(Error::Json { file: file.into(), line: lines.count(bytes, start).1, reason })
            }
            None => Err(Error::Empty { file: file.into() }),
        }
    }

    /// Whether the objects are elements of an array.
    pub(super) fn is_array(&self) -> bool {
        self.shape != Shape::Lines
    }

    /// The next item.
    ///
    /// # Errors
    /// An array that is damaged, from the damage on.
    pub(super) fn next(&mut self, file: &str, bytes: &[u8]) -> Result<Option<Item>, Error> {
        let found = match self.shape {
            Shape::Lines => Ok(self.next_line(bytes)),
            Shape::Done => Ok(None),
            Shape::Opened | Shape::Array => self.next_element(bytes),
        };
        let found = found.map_err(|reason| {
            let line = self.count(bytes, self.at).1;
            Error::Json { file: file.into(), line, reason }
        })?;
        Ok(found.map(|range| {
            self.counted = self.count(bytes, range.start);
            Item { line: self.counted.1, bytes: range }
        }))
    }

    /// The next line that holds more than white space, without its end.
    fn next_line(&mut self, bytes: &[u8]) -> Option<Range<usize>> {
        while self.at < bytes.len() {
            let start = self.at;
            let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n);
            self.at = end + 1;
            let line = &bytes[start..end];
            let before = blanks(line);
            if before < line.len() {
                let behind = line.iter().rev().take_while(|b| is_blank(**b)).count();
                return Some(start + before..end - behind);
            }
        }
        None
    }

    fn next_element(&mut self, bytes: &[u8]) -> Result<Option<Range<usize>>, &'static str> {
        const ENDS: &str = "the array ends too early";
        let skip = |at: usize| at + blanks(bytes.get(at..).unwrap_or_default());
        self.at = skip(self.at);
        match (bytes.get(self.at), self.shape) {
            (Some(b']'), _) => {
                self.shape = Shape::Done;
                return Ok(None);
            }
            (Some(b','), Shape::Array) => self.at = skip(self.at + 1),
            (Some(_), Shape::Opened) => {}
            (Some(_), _) => return Err("a comma is missing in the array"),
            (None, _) => return Err(ENDS),
        }
        let rest = bytes.get(self.at..).filter(|rest| !rest.is_empty()).ok_or(ENDS)?;
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(value)) => {
                let end = self.at + values.byte_offset();
                let range = end - value.get().len()..end;
                (self.at, self.shape) = (end, Shape::Array);
                Ok(Some(range))
            }
            Some(Err(error)) if error.is_eof() => Err(ENDS),
            _ => Err("an element of the array is damaged"),
        }
    }

    /// The line of an offset behind the one that was counted last.
    fn count(&self, bytes: &[u8], at: usize) -> (usize, u32) {
        let (from, line) = self.counted;
        let passed = bytes.get(from..at).unwrap_or_default();
        (at, line.saturating_add(memchr::memchr_iter(b'\n', passed).count() as u32))
    }
}

/// Where the elements begin, if the whole file is one object of which one member is an array
/// that begins with an object.
fn wrapped(bytes: &[u8], start: usize) -> Option<usize> {
    let line = &bytes[start..][..memchr::memchr(b'\n', &bytes[start..])?];
    if serde_json::from_slice::<&RawValue>(line).is_ok() {
        return None;
    }
    whole(bytes, start)
}

fn whole(bytes: &[u8], start: usize) -> Option<usize> {
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes[start..]);
    let array = deserializer.deserialize_map(OneArray).ok().flatten()?;
    deserializer.end().ok()?;
    // The values are slices of the bytes: their address is their place.
    let offset = (array.as_ptr() as usize).checked_sub(bytes.as_ptr() as usize)?;
    Some(offset + 1)
}

/// The one member of an object that is an array of objects.
struct OneArray;

impl<'de> Visitor<'de> for OneArray {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut array, mut n) = (None, 0);
        while let Some((IgnoredAny, value)) = map.next_entry::<IgnoredAny, &RawValue>()? {
            let inside = value.get().strip_prefix('[');
            if inside.is_some_and(|rest| rest.trim_start().starts_with('{')) {
                array = Some(value.get());
                n += 1;
            }
        }
        Ok(array.filter(|_| n == 1))
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| is_blank(**b)).count()
}
