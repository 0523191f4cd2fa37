//! Opens a file once: its bytes and their hash.
//!
//! In: a path. Out: [`Opened`], or an error that names the path as shown. A pipe or a device is
//! refused before it is opened, since it may never end; a file that changes meanwhile is refused,
//! since its bytes would be those of no moment. The bytes are looked at window by window as they
//! come: a text table with a line of no end is left at once, whatever its size.
//! Must not know: any format.

use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::limits::{Limits, size};
use super::{Error, extension};

/// Bytes that are read at a time; fewer than any line may have, which is a million and more.
const WINDOW: u64 = 512 << 10;

/// A file's bytes, never empty, and their SHA-256.
pub(super) struct Opened {
    pub(super) bytes: Vec<u8>,
    pub(super) sha256: String,
}

impl Opened {
    /// Reads the whole file.
    pub(super) fn read(path: &Path, shown: &str, limits: &Limits) -> Result<Self, Error> {
        let most = limits.file_bytes;
        let (file, before) = open(path, shown)?;
        if before.len() > most {
            let limit = size(most);
            return Err(Error::TooBig { file: shown.into(), what: "its size".into(), limit });
        }
        let mut lines = Lines { most: limits.line_of(&extension(shown)), begun: 0 };
        let mut hash = Sha256::new();
        let take = |window: &[u8]| {
            hash.update(window);
            lines.fit(window)
        };
        let bytes = match all(&file, before.len(), take).map_err(failed(shown))? {
            Read::Whole(bytes) => Some(bytes),
            Read::Changed => None,
            Read::Stopped => {
                let limit = size(limits.line_bytes as u64);
                let what = "the length of a line".into();
                return Err(Error::TooBig { file: shown.into(), what, limit });
            }
        };
        let after = file.metadata().map_err(failed(shown))?;
        let stayed = after.len() == before.len() && after.modified().ok() == before.modified().ok();
        let Some(bytes) = bytes.filter(|_| stayed) else {
            return Err(Error::Changed { file: shown.into() });
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::Empty { file: shown.into() });
        }
        Ok(Self { bytes, sha256: hex(&hash.finalize()) })
    }
}

/// Opens a file for reading.
///
/// # Errors
/// It is missing, not permitted, or no regular file.
pub(super) fn open(path: &Path, shown: &str) -> Result<(File, Metadata), Error> {
    if !std::fs::metadata(path).map_err(failed(shown))?.is_file() {
        return Err(Error::NoFile { file: shown.into() });
    }
    let file = File::open(path).map_err(failed(shown))?;
    let metadata = file.metadata().map_err(failed(shown))?;
    Ok((file, metadata))
}

/// What the system said, with the file's name.
pub(super) fn failed(shown: &str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Open { file: shown.into(), source }
}

/// What came of reading a file.
#[derive(Debug, PartialEq)]
enum Read {
    Whole(Vec<u8>),
    /// The bytes are not as many as the system stated.
    Changed,
    /// Whoever looked at the windows has seen enough.
    Stopped,
}

/// All bytes, shown to `take` window by window as they come, so that a file that is too much is
/// left before it fills the memory.
fn all(
    mut file: impl std::io::Read,
    length: u64,
    mut take: impl FnMut(&[u8]) -> bool,
) -> std::io::Result<Read> {
    let mut bytes = Vec::with_capacity(length as usize + 1);
    loop {
        let from = bytes.len();
        let room = length.saturating_add(1) - from as u64;
        file.by_ref().take(room.min(WINDOW)).read_to_end(&mut bytes)?;
        if bytes.len() == from {
            let whole = bytes.len() as u64 == length;
            return Ok(if whole { Read::Whole(bytes) } else { Read::Changed });
        }
        if !take(&bytes[from..]) {
            return Ok(Read::Stopped);
        }
    }
}

/// Lines as they come, window by window.
struct Lines {
    /// The longest that is allowed, where one is.
    most: Option<usize>,
    /// Bytes of the line that the last window began.
    begun: usize,
}

impl Lines {
    /// Whether no line up to the end of the window is too long.
    fn fit(&mut self, window: &[u8]) -> bool {
        let Some(most) = self.most else { return true };
        let breaks = |b: &u8| matches!(b, b'\n' | b'\r');
        let mut from = 0;
        // What stands between two ends in a window is shorter than it, and so short enough.
        if let Some(first) = memchr::memchr2(b'\n', b'\r', window) {
            if self.begun + first > most {
                return false;
            }
            from = window.iter().rposition(breaks).map_or(0, |last| last + 1);
            self.begun = 0;
        }
        self.begun += window.len() - from;
        self.begun <= most
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_as_many_as_stated_are_none() {
        let all = |length| all(&b"abc"[..], length, |_| true).unwrap();
        assert_eq!(all(3), Read::Whole(b"abc".to_vec()));
        assert_eq!(all(2), Read::Changed, "it grew");
        assert_eq!(all(4), Read::Changed, "it shrank");
    }

    #[test]
    fn a_line_is_measured_across_windows_and_stops_the_reading() {
        let fits = |windows: &[&[u8]]| {
            let mut lines = Lines { most: Some(4), begun: 0 };
            windows.iter().all(|window| lines.fit(window))
        };
        assert!(fits(&[b"ab", b"cd", b"\nab", b"c\r\nabcd"]));
        assert!(!fits(&[b"ab", b"cd", b"e\n"]));
        assert!(!fits(&[b"a\nab", b"c", b"de"]));
        assert!(!fits(&[b"abcde"]));
        let mut seen = 0;
        let endless = std::io::repeat(b'a');
        let read = all(endless, 1 << 30, |window| {
            seen += window.len() as u64;
            seen <= 3 * WINDOW
        });
        assert_eq!((read.unwrap(), seen), (Read::Stopped, 4 * WINDOW));
    }

    #[test]
    fn a_table_with_an_endless_line_is_refused_in_one_line_and_a_study_may_allow_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, format!("n,Q\n1,{}\n", "a".repeat(2_500_000))).unwrap();
        for (most, fits) in [(1, false), (3, true)] {
            let limits = crate::config::parse_toml(&format!("max_line_mb = {most}")).unwrap();
            let read = Opened::read(&path, "a.csv", &limits);
            assert_eq!(read.is_ok(), fits);
            let Err(error) = read else { continue };
            let said = "`a.csv` is too big: the length of a line exceeds 1 MB";
            assert_eq!(error.to_string(), said);
            // Only a table has lines; what a file is, its bytes say later.
            assert!(Opened::read(&path, "a.xlsx", &limits).is_ok());
            // A line that is a little too long, and one of one window.
            std::fs::write(&path, format!("n,Q\n1,{}\n2,so\n", "a".repeat(1_040_000))).unwrap();
            assert!(Opened::read(&path, "a.csv", &limits).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_a_device_and_a_folder_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.csv");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero"), folder.path()] {
            let error = Opened::read(path, "a.csv", &Limits::default()).err().unwrap();
            assert_eq!(error.to_string(), "`a.csv` is no file with bytes of its own");
            assert!(error.hint().is_some());
        }
    }
}
