//! Zip archives (workbooks, documents) that may be hostile.
//!
//! In: the bytes. Out: an [`Archive`], and its parts, inflated through a counter because declared
//! sizes may lie. Nothing is written to disk, so a part's name cannot lead anywhere.
//! Must not know: what the parts mean.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Error;
use super::limits::{Limits, size};

/// Inflated size up to which no ratio is asked for.
const HARMLESS: u64 = 1_000_000;
/// The largest part that is held as a whole, in bytes.
const MAX_WHOLE: u64 = 200_000_000;

/// An archive whose directory is within limits.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    file: &'a str,
    limits: Limits,
    /// Parts by name in lower case with `/`: some programs write names in another case than they
    /// use in references.
    names: BTreeMap<String, usize>,
    /// Bytes inflated so far.
    inflated: u64,
}

impl<'a> Archive<'a> {
    /// Opens an archive; `broken` makes the error for bytes that are none.
    pub(super) fn open(
        bytes: &'a [u8],
        file: &'a str,
        broken: fn(&str, String) -> Error,
    ) -> Result<Self, Error> {
        Self::within(Limits::default(), bytes, file, broken)
    }

    /// Opens an archive under the limits of a study.
    pub(super) fn within(
        limits: Limits,
        bytes: &'a [u8],
        file: &'a str,
        broken: fn(&str, String) -> Error,
    ) -> Result<Self, Error> {
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(Error::Encrypted { file: file.into() });
        }
        // The directory is counted before anything is set aside for its entries. A signature
        // inside of compressed data is too rare to matter.
        let n_entries = memchr::memmem::find_iter(bytes, b"PK\x01\x02").count();
        if n_entries > limits.entries {
            return Err(too_big(file, "its number of parts", limits.entries.to_string()));
        }
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| broken(file, "it is no zip archive, or damaged".into()))?;
        let mut archive = Self { zip, file, limits, names: BTreeMap::new(), inflated: 0 };
        archive.list(broken)?;
        Ok(archive)
    }

    fn list(&mut self, broken: fn(&str, String) -> Error) -> Result<(), Error> {
        for index in 0..self.zip.len() {
            let damaged = |_| broken(self.file, "a part of the archive is damaged".into());
            let entry = self.zip.by_index_raw(index).map_err(damaged)?;
            if entry.encrypted() {
                return Err(Error::Encrypted { file: self.file.into() });
            }
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            self.names.entry(key(&name)).or_insert(index);
        }
        Ok(())
    }

    /// Whether there is a part of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&key(name))
    }

    /// Inflates one part into memory; `None` if the archive has none of that name, or if it is
    /// damaged.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let file = self.file;
        let mut bytes = Vec::new();
        let read = match self.stream(name)? {
            Some(mut part) => {
                part.max = part.max.min(MAX_WHOLE);
                // Room for the declared size, so that growing never holds the part twice. Where
                // the size lies, room that is never written to takes no memory.
                bytes.reserve_exact(part.entry.size().min(part.max) as usize + 1);
                part.read_to_end(&mut bytes)
            }
            None => return Ok(None),
        };
        self.spent(bytes.len() as u64);
        match read {
            Ok(_) => Ok(Some(bytes)),
            Err(error) => Stop::of(&error).map_or(Ok(None), |s| Err(s.into_error(file, name))),
        }
    }

    /// A part to read piece by piece; `None` if the archive has none of that name. Reading fails
    /// with a [`Stop`] inside of the error where a limit is met.
    pub(super) fn stream(&mut self, name: &str) -> Result<Option<Part<'_, 'a>>, Error> {
        let Some(index) = self.names.get(&key(name)) else { return Ok(None) };
        let total_left = self.limits.inflated_bytes.saturating_sub(self.inflated);
        let limits = self.limits;
        let Ok(entry) = self.zip.by_index(*index) else { return Ok(None) };
        let (declared, packed) = (entry.size(), entry.compressed_size());
        let part = Part { packed, max: limits.part_bytes.min(total_left), n: 0, entry, limits };
        let stop = part.check(declared);
        match stop {
            Some(stop) => Err(stop.into_error(self.file, name)),
            None => Ok(Some(part)),
        }
    }

    /// Notes how much of a part was read, for the limit on all parts together.
    pub(super) fn spent(&mut self, inflated: u64) {
        self.inflated = self.inflated.saturating_add(inflated);
    }
}

/// A part while it is inflated.
pub(super) struct Part<'z, 'a> {
    entry: zip::read::ZipFile<'z, Cursor<&'a [u8]>>,
    packed: u64,
    /// Bytes that may come.
    max: u64,
    /// Bytes that came.
    n: u64,
    limits: Limits,
}

impl Part<'_, '_> {
    /// Deflated size in bytes, as declared; more than that is never read.
    pub(super) fn packed(&self) -> u64 {
        self.packed
    }

    /// Bytes inflated so far.
    pub(super) fn read_so_far(&self) -> u64 {
        self.n
    }

    /// Whether `inflated` bytes are too much for the part.
    fn check(&self, inflated: u64) -> Option<Stop> {
        if inflated > self.max {
            let limit = size(self.max);
            return Some(Stop::TooBig { what: "a part's inflated size", limit });
        }
        if !self.limits.allows_ratio(inflated, self.packed, HARMLESS) {
            let limit = format!("{} to 1", self.limits.ratio);
            return Some(Stop::TooBig { what: "a part's compression", limit });
        }
        None
    }
}

impl Read for Part<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.entry.read(buf)? as u64;
        if let Some(stop) = self.check(self.n + n) {
            return Err(std::io::Error::other(stop));
        }
        self.n += n;
        Ok(n as usize)
    }
}

/// Why reading a part stops before its end. Travels inside of an [`std::io::Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    /// A limit is met.
    #[error("{what} exceeds {limit}")]
    TooBig {
        /// What was measured.
        what: &'static str,
        /// The limit with its unit.
        limit: String,
    },
    /// A document type declaration.
    #[error("a document type declaration")]
    Doctype,
    /// Anything else, in words.
    #[error("{0}")]
    Damaged(&'static str),
}

impl Stop {
    /// The stop inside of an error, if it holds one.
    pub(super) fn of(error: &std::io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().cloned()
    }

    /// The error for the user.
    pub(super) fn into_error(self, file: &str, part: &str) -> Error {
        match self {
            Self::TooBig { what, limit } => too_big(file, what, limit),
            Self::Doctype => Error::DoctypeInXml { file: file.into(), part: part.into() },
            Self::Damaged(reason) => {
                Error::Workbook { file: file.into(), reason: format!("`{part}`: {reason}") }
            }
        }
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

fn too_big(file: &str, what: &str, limit: String) -> Error {
    Error::TooBig { file: file.into(), what: what.into(), limit }
}
