//! Zip archives (XLSX, DOCX) that may be hostile.
//!
//! In: the bytes. Out: an [`Archive`] whose declared sizes are within limits, and its parts,
//! inflated through a counter because declared sizes may lie. Nothing is written to disk.
//! Must not know: what the parts mean.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Error;

const MAX_ENTRIES: usize = 2_000;
const MAX_ENTRY: u64 = 200_000_000;
const MAX_TOTAL: u64 = 1_000_000_000;
/// Inflated to deflated, for entries above [`RATIO_FROM`].
const MAX_RATIO: u64 = 200;
const RATIO_FROM: u64 = 1_000_000;

/// An archive that passed the checks on what it declares.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    file: &'a str,
}

impl<'a> Archive<'a> {
    /// Opens an archive; `broken` makes the error for bytes that are none.
    pub(super) fn open(
        bytes: &'a [u8],
        file: &'a str,
        broken: fn(&str, String) -> Error,
    ) -> Result<Self, Error> {
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(Error::Encrypted { file: file.into() });
        }
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| broken(file, "it is no zip archive, or damaged".into()))?;
        let mut archive = Self { zip, file };
        archive.check(broken)?;
        Ok(archive)
    }

    fn check(&mut self, broken: fn(&str, String) -> Error) -> Result<(), Error> {
        if self.zip.len() > MAX_ENTRIES {
            return Err(self.too_big("its number of parts", format!("{MAX_ENTRIES}")));
        }
        let mut total = 0u64;
        for index in 0..self.zip.len() {
            let entry = self
                .zip
                .by_index_raw(index)
                .map_err(|_| broken(self.file, "a part of the archive is damaged".into()))?;
            let (size, packed, encrypted) =
                (entry.size(), entry.compressed_size(), entry.encrypted());
            drop(entry);
            if encrypted {
                return Err(Error::Encrypted { file: self.file.into() });
            }
            total = total.saturating_add(size);
            self.check_size(size, packed)?;
        }
        if total > MAX_TOTAL {
            return Err(self.too_big("its inflated size", "1 GB".into()));
        }
        Ok(())
    }

    fn check_size(&self, size: u64, packed: u64) -> Result<(), Error> {
        if size > MAX_ENTRY {
            return Err(self.too_big("a part's inflated size", "200 MB".into()));
        }
        if size > RATIO_FROM && size / packed.max(1) > MAX_RATIO {
            return Err(self.too_big("a part's compression", format!("{MAX_RATIO} to 1")));
        }
        Ok(())
    }

    /// Inflates one part; `None` if the archive has none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Ok(entry) = self.zip.by_name(name) else {
            return Ok(None);
        };
        let packed = entry.compressed_size();
        let mut bytes = Vec::with_capacity(entry.size().min(RATIO_FROM) as usize);
        let read = entry.take(MAX_ENTRY + 1).read_to_end(&mut bytes);
        self.check_size(bytes.len() as u64, packed)?;
        Ok(read.is_ok().then_some(bytes))
    }

    /// Inflates every XML part into nothing and checks the true sizes.
    pub(super) fn measure(&mut self) -> Result<(), Error> {
        let mut total = 0u64;
        for index in 0..self.zip.len() {
            let Ok(entry) = self.zip.by_index(index) else {
                continue;
            };
            let xml = entry.name().is_ok_and(|n| {
                let n = n.to_ascii_lowercase();
                n.ends_with(".xml") || n.ends_with(".rels")
            });
            if !xml {
                continue;
            }
            let packed = entry.compressed_size();
            let mut counted = entry.take(MAX_ENTRY + 1);
            let _damage_is_the_readers_to_report =
                std::io::copy(&mut counted, &mut std::io::sink());
            let size = MAX_ENTRY + 1 - counted.limit();
            drop(counted);
            self.check_size(size, packed)?;
            total += size;
            if total > MAX_TOTAL {
                return Err(self.too_big("its inflated size", "1 GB".into()));
            }
        }
        Ok(())
    }

    fn too_big(&self, what: &str, limit: String) -> Error {
        Error::TooBig { file: self.file.into(), what: what.into(), limit }
    }
}
