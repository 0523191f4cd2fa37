//! One JSON object as a flat list of keys and texts.
//!
//! In: the bytes of an object. Out: [`Flat`]: its members in order, nested keys joined by dots.
//! An array of plain values becomes its values joined by `; `; other arrays stay as written.
//! Must not know: lines, files, which columns there are.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::ingest::Reject;

/// Objects inside of each other.
const MAX_DEPTH: usize = 32;
/// The longest key with those around it, in bytes.
const MAX_KEY: usize = 65_536;

const BROKEN: Reject = Reject::Unreadable { why: "a line that is no JSON" };
const NO_OBJECT: Reject = Reject::Unreadable { why: "a JSON value that is no object" };
const TOO_DEEP: Reject = Reject::Unreadable { why: "objects nested too deeply" };
const MANY: Reject = Reject::Unreadable { why: "too many keys" };

/// The members of one object; buffers are used again for the next.
#[derive(Default)]
pub(super) struct Flat {
    keys: String,
    texts: String,
    members: Vec<(Range<usize>, Range<usize>)>,
    n_halves: usize,
}

impl Flat {
    /// Reads an object of at most `most` members.
    pub(super) fn read(&mut self, bytes: &[u8], most: usize) -> Result<(), Reject> {
        self.keys.clear();
        self.texts.clear();
        self.members.clear();
        self.n_halves = 0;
        let text = std::str::from_utf8(bytes).map_err(|_| BROKEN)?;
        if !text.starts_with('{') {
            let valid = serde_json::from_str::<&RawValue>(text).is_ok();
            return Err(if valid { NO_OBJECT } else { BROKEN });
        }
        self.object(text, "", 0, most)
    }

    /// Keys and where their texts stand.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.members.iter().map(|(key, text)| (&self.keys[key.clone()], text.clone()))
    }

    /// The text at a place.
    pub(super) fn value(&self, place: Range<usize>) -> &str {
        &self.texts[place]
    }

    /// Halves of surrogate pairs that stood alone.
    pub(super) fn n_halves(&self) -> usize {
        self.n_halves
    }

    fn object(&mut self, raw: &str, before: &str, depth: usize, most: usize) -> Result<(), Reject> {
        if depth > MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        let mut deserializer = serde_json::Deserializer::from_str(raw);
        let left = most.saturating_sub(self.members.len());
        let members = deserializer.deserialize_map(Members(left)).map_err(|_| BROKEN)?;
        let members = members.ok_or(MANY)?;
        deserializer.end().map_err(|_| BROKEN)?;
        for (key, value) in members {
            let dot = if before.is_empty() { "" } else { "." };
            let path = format!("{before}{dot}{key}");
            if path.len() > MAX_KEY || self.members.len() >= most {
                return Err(MANY);
            }
            let value = value.get();
            if value.starts_with('{') {
                self.object(value, &path, depth + 1, most)?;
                continue;
            }
            let key = self.keys.len()..self.keys.len() + path.len();
            self.keys.push_str(&path);
            let start = self.texts.len();
            match value.starts_with('[') {
                true => self.array(value)?,
                false => self.scalar(value)?,
            }
            self.members.push((key, start..self.texts.len()));
        }
        Ok(())
    }

    fn array(&mut self, raw: &str) -> Result<(), Reject> {
        let start = self.texts.len();
        let mut deserializer = serde_json::Deserializer::from_str(raw);
        let plain = deserializer.deserialize_seq(Elements(self)).map_err(|_| BROKEN)?;
        if !plain {
            self.texts.truncate(start);
            self.texts.push_str(raw);
        }
        Ok(())
    }

    fn scalar(&mut self, raw: &str) -> Result<(), Reject> {
        if raw == "null" {
            return Ok(());
        }
        let Some(inside) = raw.strip_prefix('"') else {
            self.texts.push_str(raw);
            return Ok(());
        };
        if !raw.contains('\\') {
            self.texts.push_str(inside.strip_suffix('"').unwrap_or(inside));
            return Ok(());
        }
        let mut deserializer = serde_json::Deserializer::from_str(raw);
        let bytes = deserializer.deserialize_byte_buf(Text).map_err(|_| BROKEN)?;
        let mut in_fault = false;
        for chunk in bytes.utf8_chunks() {
            in_fault &= chunk.valid().is_empty();
            self.texts.push_str(chunk.valid());
            if !chunk.invalid().is_empty() && !in_fault {
                // The parser gives half a pair as three bytes, of which none is UTF-8 alone.
                self.texts.push(char::REPLACEMENT_CHARACTER);
                self.n_halves += 1;
                in_fault = true;
            }
        }
        Ok(())
    }
}

/// Keeps every member of an object, twins among them; `None` where there are more than so many.
struct Members(usize);

impl<'de> Visitor<'de> for Members {
    type Value = Option<Vec<(String, &'de RawValue)>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut n) = (Vec::new(), 0);
        while let Some(member) = map.next_entry()? {
            n += 1;
            if n <= self.0 {
                members.push(member);
            }
        }
        Ok((n <= self.0).then_some(members))
    }
}

/// Writes the elements of an array; says whether all are plain values.
struct Elements<'f>(&'f mut Flat);

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let (mut plain, mut first) = (true, true);
        while let Some(value) = seq.next_element::<&RawValue>()? {
            plain &= !value.get().starts_with(['{', '[']);
            if !plain {
                continue;
            }
            if !first {
                self.0.texts.push_str("; ");
            }
            first = false;
            plain &= self.0.scalar(value.get()).is_ok();
        }
        Ok(plain)
    }
}

/// A string as bytes, since half of a surrogate pair is no UTF-8.
struct Text;

impl Visitor<'_> for Text {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
        Ok(text.as_bytes().to_vec())
    }
}
