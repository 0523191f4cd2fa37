//! The process that takes the text out of a PDF: `canvass extract-pdf`.
//!
//! A PDF's parser can be led to panic, to overflow its stack and to inflate without end, and an
//! allocation that fails ends a process. So a process of its own runs it, and bounds itself
//! before it reads: memory, processor time, no core file, which would hold what people wrote.
//! In: the bytes on a stream. Out: an answer on another: [`MARK`], a word, the number of bytes
//! that follow, and the text, pages parted by form feeds.
//! Must not know: paths, studies, what a label is.

use std::io::{Read, Write};

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform};

use super::{MARK, MAX_FILE, MAX_TEXT};

/// Memory that the parser may add to what the program has when it starts, in bytes.
const MAX_MEMORY: u64 = 200 << 20;
/// Processor time, in seconds, and bytes of the file that give another.
const SECONDS: u64 = 4;
const BYTES_A_SECOND: u64 = 2 << 20;
const STACK: usize = 16 << 20;

/// Reads a PDF from `input` and answers on `output`.
///
/// # Errors
/// The answer cannot be written.
pub fn serve(input: &mut impl Read, output: &mut impl Write) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_FILE + 1).read_to_end(&mut bytes);
    let answer = match read {
        Ok(_) => bounded(bytes),
        Err(_) => Err("damaged"),
    };
    let (word, text) = match &answer {
        Ok(text) => ("text", text.as_str()),
        Err(word) => (*word, ""),
    };
    write!(output, "\n{MARK} {word} {}\n{text}", text.len())?;
    output.flush()
}

/// Extracts on a thread whose stack is known, so that a panic is an answer too.
fn bounded(bytes: Vec<u8>) -> Result<String, &'static str> {
    limit(bytes.len() as u64);
    std::panic::set_hook(Box::new(|_| {}));
    let extraction = std::thread::Builder::new().stack_size(STACK).spawn(move || extract(&bytes));
    match extraction.map(std::thread::JoinHandle::join) {
        Ok(Ok(answer)) => answer,
        _ => Err("damaged"),
    }
}

/// Sets the limits that the system knows; where it knows none, the parent's deadline is left.
fn limit(size: u64) {
    use rlimit::Resource;
    if cfg!(fuzzing) {
        return; // one process reads many files there
    }
    let used = std::fs::read_to_string("/proc/self/statm").ok().and_then(|text| {
        let pages: u64 = text.split(' ').nth(5)?.parse().ok()?;
        Some(pages * 4096)
    });
    let seconds = SECONDS + size / BYTES_A_SECOND;
    let limits = [
        (Resource::CORE, 0),
        (Resource::CPU, seconds),
        (Resource::DATA, used.unwrap_or(1 << 30) + MAX_MEMORY),
    ];
    for (resource, most) in limits {
        let _where_it_can_be_set = resource.set(most, most);
    }
}

fn extract(bytes: &[u8]) -> Result<String, &'static str> {
    let locked = bytes.windows(8).any(|w| w == b"/Encrypt");
    let broken = if locked { "encrypted" } else { "damaged" };
    let mut document = Document::load_mem(bytes).map_err(|_| broken)?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|_| "encrypted")?;
    }
    let mut pages = Pages::default();
    match pdf_extract::output_doc(&document, &mut pages) {
        Ok(()) => Ok(pages.text),
        Err(OutputError::FormatError(_)) => Err("too-big"),
        Err(_) => Err(broken),
    }
}

/// A line of a page.
struct Row {
    y: f64,
    text: String,
}

/// Characters to lines, lines to pages.
#[derive(Default)]
struct Pages {
    text: String,
    rows: Vec<Row>,
    n_bytes: usize,
    /// Where the last character ends.
    end: f64,
}

impl Pages {
    fn character(&mut self, x: f64, y: f64, width: f64, size: f64, text: &str) {
        let same = self.rows.last_mut().filter(|row| (row.y - y).abs() <= size * 0.5);
        match same {
            Some(row) => {
                let gap = x - self.end;
                let spaced = row.text.ends_with(' ') || text.starts_with(' ');
                if gap > size * 0.15 && !spaced {
                    row.text.push_str(if gap > size * 2.0 { "  " } else { " " });
                }
                row.text.push_str(text);
            }
            None => self.rows.push(Row { y, text: text.to_string() }),
        }
        self.n_bytes += text.len();
        self.end = x + width * size;
    }
}

impl OutputDev for Pages {
    fn begin_page(
        &mut self,
        page: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        if page > 1 {
            self.text.push('\x0C');
        }
        Ok(())
    }

    /// Writes the page, with a blank line where the next is farther away than usual.
    fn end_page(&mut self) -> Result<(), OutputError> {
        let rows = std::mem::take(&mut self.rows);
        let mut gaps: Vec<f64> = rows.windows(2).map(|w| w[0].y - w[1].y).collect();
        gaps.retain(|gap| *gap > 0.0);
        gaps.sort_unstable_by(f64::total_cmp);
        let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
        let mut above: Option<f64> = None;
        for row in rows {
            let gap = above.map_or(0.0, |y| y - row.y);
            if gap > usual * 1.3 || gap < 0.0 {
                self.text.push('\n');
            }
            above = Some(row.y);
            self.text.push_str(&row.text);
            self.text.push('\n');
        }
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let scale = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        self.character(place.m31, place.m32, width, scale * font_size, text);
        if self.n_bytes > MAX_TEXT {
            Err(OutputError::FormatError(std::fmt::Error))
        } else {
            Ok(())
        }
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
