//! A project of a tool for qualitative analysis (REFI-QDA, `.qdpx`): a zip archive of a description
//! and of texts.
//!
//! In: the file. Out: [`ProjectFile`]: the description as XML text, the texts as [`Verbatim`].
//! Nothing is written to disk, sizes are bounded as in every archive.
//! Must not know: what the description says.

use std::path::Path;

use super::archive::Archive;
use super::encoding::decode;
use super::open::Opened;
use super::{Error, Limits};
use crate::text::Verbatim;

const DESCRIPTION: &str = "project.qde";

/// The largest description, in bytes.
const MAX_DESCRIPTION: u64 = 100 << 20;

/// The largest text, in bytes.
const MAX_TEXT: usize = 20 << 20;

/// A project in memory. It has no `Debug`: its bytes are people's words.
pub struct ProjectFile {
    bytes: Vec<u8>,
    file: String,
    limits: Limits,
    /// `project.qde`, which may hold texts.
    pub description: Verbatim,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// Opens a project and reads its description.
///
/// # Errors
/// The file cannot be opened, is no archive or beyond the limits, or has no description.
pub fn project(path: &Path, shown: &str, limits: Limits) -> Result<ProjectFile, Error> {
    let Opened { bytes, sha256 } = Opened::read(path, shown, &limits)?;
    let bounded = Limits { part_bytes: limits.part_bytes.min(MAX_DESCRIPTION), ..limits };
    let mut archive = Archive::within(bounded, &bytes, shown, broken)?;
    let part = archive.part(DESCRIPTION)?;
    let part = part.ok_or_else(|| broken(shown, format!("`{DESCRIPTION}` is missing")))?;
    let xml =
        decode(&part, shown).map_err(|_| broken(shown, "its description is no text".into()))?;
    Ok(ProjectFile {
        file: shown.into(),
        description: Verbatim::new(xml.text),
        limits,
        sha256,
        bytes,
    })
}

impl ProjectFile {
    /// Reads texts by their paths, such as `internal://A1.txt`; `None` for one that is not there.
    /// Where `one_break` holds, CR LF becomes LF: most tools count the two as one character.
    ///
    /// # Errors
    /// A text is beyond the limits, or no text.
    pub fn texts(&self, paths: &[&str], one_break: bool) -> Result<Vec<Option<Verbatim>>, Error> {
        let mut archive = Archive::within(self.limits, &self.bytes, &self.file, broken)?;
        let mut read = |path: &&str| -> Result<Option<Verbatim>, Error> {
            let Some(name) = path.strip_prefix("internal://") else { return Ok(None) };
            let Some(part) = archive.part(&format!("sources/{name}"))? else { return Ok(None) };
            if part.len() > MAX_TEXT {
                let (what, limit) = ("a text".into(), super::limits::size(MAX_TEXT as u64));
                return Err(Error::TooBig { file: self.file.clone(), what, limit });
            }
            let text = decode(&part, &self.file);
            let text =
                text.map_err(|_| broken(&self.file, "one of its texts is no text".into()))?;
            let text = if one_break { text.text.replace("\r\n", "\n") } else { text.text.into() };
            Ok(Some(Verbatim::new(text)))
        };
        paths.iter().map(&mut read).collect()
    }
}

/// The lines of a text that hold anything: first code point, and the one behind the last.
pub fn lines(text: &Verbatim) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.expose().split_inclusive('\n') {
        let all = line.chars().count();
        let front = line.chars().take_while(|c| c.is_whitespace()).count();
        let back = line.chars().rev().take_while(|c| c.is_whitespace()).count();
        if front < all {
            lines.push((at + front, at + all - back));
        }
        at += all;
    }
    lines
}

/// Pieces of a text, by code points, in one pass; what lies behind its end is left out.
pub fn pieces(text: &Verbatim, places: &[(usize, usize)]) -> Vec<Verbatim> {
    let text = text.expose();
    let mut wanted: Vec<usize> = places.iter().flat_map(|p| [p.0, p.1]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut bytes = Vec::with_capacity(wanted.len());
    let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).enumerate().peekable();
    for &point in &wanted {
        while ends.next_if(|(n, _)| *n < point).is_some() {}
        bytes.push(ends.peek().map_or(text.len(), |(_, at)| *at));
    }
    let byte = |point: usize| wanted.binary_search(&point).map_or(text.len(), |at| bytes[at]);
    let piece = |&(start, end): &(usize, usize)| {
        Verbatim::new(text.get(byte(start)..byte(end)).unwrap_or_default())
    };
    places.iter().map(piece).collect()
}

fn broken(file: &str, reason: String) -> Error {
    Error::Project { file: file.into(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_pieces_are_counted_in_code_points() {
        let text = Verbatim::new("\u{1d11e}é one\n\n  two \nthree");
        let lines = lines(&text);
        assert_eq!(lines, [(0, 6), (10, 13), (15, 20)]);
        let cut = |places: &[(usize, usize)]| -> Vec<String> {
            pieces(&text, places).iter().map(|p| p.expose().to_owned()).collect()
        };
        assert_eq!(cut(&lines), ["\u{1d11e}é one", "two", "three"]);
        assert_eq!(cut(&[(18, 99), (9, 3), (90, 99), (0, 1)]), ["ee", "", "", "\u{1d11e}"]);
    }
}
