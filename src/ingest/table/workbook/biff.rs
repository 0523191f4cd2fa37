//! The binary records of old Excel workbooks (BIFF8, and BIFF5 of Excel 5.0 and 95).
//!
//! In: the stream of a workbook. Out: [`Binary`] records, and the strings inside of them, which
//! may run on in records that continue others. Layout of \[MS-XLS\] 2.1.4, 2.5.293 and 2.5.294.
//! Must not know: sheets, cells.

use encoding_rs::Encoding;

use super::shared::Shared;

/// Continues the record before it.
const CONTINUE: u16 = 0x003C;

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Binary<'b> {
    /// What it is.
    pub(super) kind: u16,
    /// Its content, at most 65,535 bytes.
    pub(super) data: &'b [u8],
    /// Where the next one begins.
    pub(super) end: usize,
}

impl<'b> Binary<'b> {
    /// The record at an offset; `None` at the end of the stream or where it is cut off.
    pub(super) fn at(stream: &'b [u8], offset: usize) -> Option<Self> {
        let head = stream.get(offset..offset.checked_add(4)?)?;
        let len = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let end = offset + 4 + len;
        let data = stream.get(offset + 4..end)?;
        Some(Self { kind: u16::from_le_bytes([head[0], head[1]]), data, end })
    }

    /// A number of two bytes, from 0 where the record is shorter.
    pub(super) fn u16(&self, at: usize) -> u16 {
        u16(self.data, at).unwrap_or(0)
    }

    /// A number of four bytes.
    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.data.get(at..at + 4)?;
        bytes.try_into().ok().map(u32::from_le_bytes)
    }

    /// A floating-point number.
    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        let bytes = self.data.get(at..at + 8)?;
        bytes.try_into().ok().map(f64::from_le_bytes)
    }

    /// A number in the packed form of RK records.
    pub(super) fn rk(&self, at: usize) -> Option<f64> {
        let packed = self.u32(at)?;
        let value = match packed & 2 {
            0 => f64::from_bits(u64::from(packed & !3) << 32),
            _ => f64::from((packed as i32) >> 2),
        };
        Some(if packed & 1 == 0 { value } else { value / 100.0 })
    }
}

fn u16(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

/// How text is written in a workbook.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    /// Strings say themselves whether they are UTF-16 (BIFF8).
    pub(super) wide: bool,
    /// The code page of single bytes (BIFF5).
    pub(super) page: &'static Encoding,
}

impl Writing {
    /// The encoding of a code page; Windows-1252 for unknown ones.
    pub(super) fn page(number: u16) -> &'static Encoding {
        let label = match number {
            874 => "windows-874".to_string(),
            932 => "shift_jis".into(),
            936 => "gbk".into(),
            949 => "euc-kr".into(),
            950 => "big5".into(),
            866 => "ibm866".into(),
            10_000 | 0x8000 => "macintosh".into(),
            10_007 => "x-mac-cyrillic".into(),
            1250..=1258 => format!("windows-{number}"),
            _ => "windows-1252".into(),
        };
        Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
    }
}

/// Reads on over the ends of records.
pub(super) struct Reader<'b> {
    stream: &'b [u8],
    record: Binary<'b>,
    at: usize,
}

impl<'b> Reader<'b> {
    /// Reads a record from an offset in its content.
    pub(super) fn new(stream: &'b [u8], record: Binary<'b>, at: usize) -> Self {
        Self { stream, record, at }
    }

    /// Moves to the record that continues this one, where this one is used up.
    fn refill(&mut self) -> Option<()> {
        while self.at >= self.record.data.len() {
            let next = Binary::at(self.stream, self.record.end)?;
            if next.kind != CONTINUE {
                return None;
            }
            (self.record, self.at) = (next, 0);
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.refill()?;
        let byte = *self.record.data.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        (0..bytes).try_fold(0usize, |sum, i| Some(sum | usize::from(self.byte()?) << (8 * i)))
    }

    fn skip(&mut self, mut n: usize) -> Option<()> {
        while n > 0 {
            self.refill()?;
            let step = n.min(self.record.data.len() - self.at);
            self.at += step;
            n -= step;
        }
        Some(())
    }

    /// A string of `n` characters behind its length: `None` where the records end before it.
    fn wide(&mut self, n: usize, out: &mut String) -> Option<()> {
        let mut flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let phonetic = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let mut left = n;
        let mut high = None;
        while left > 0 {
            if self.at >= self.record.data.len() {
                // The rest of a string says anew how wide its characters are.
                self.refill()?;
                flags = self.byte()?;
            }
            let width = 1 + usize::from(flags & 1);
            let here = &self.record.data[self.at..];
            let n = (here.len() / width).min(left);
            if n == 0 && here.len() < width && !here.is_empty() {
                return None;
            }
            let units = here[..n * width].chunks_exact(width);
            for unit in units {
                let unit = u16::from_le_bytes([unit[0], *unit.get(1).unwrap_or(&0)]);
                push_unit(unit, &mut high, out);
            }
            self.at += n * width;
            left -= n;
        }
        if high.is_some() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        self.skip(runs.checked_mul(4)?.checked_add(phonetic)?)
    }

    /// A string whose length takes `bytes` bytes. Formatting and reading aids are passed over.
    pub(super) fn text(&mut self, writing: Writing, bytes: u32, out: &mut String) -> Option<()> {
        let n = self.number(bytes)?;
        if writing.wide {
            return self.wide(n, out);
        }
        let (mut raw, mut left) = (Vec::new(), n);
        while left > 0 {
            self.refill()?;
            let here = &self.record.data[self.at..];
            let step = here.len().min(left);
            raw.extend_from_slice(&here[..step]);
            self.at += step;
            left -= step;
        }
        out.push_str(&writing.page.decode_without_bom_handling(&raw).0);
        Some(())
    }
}

/// Adds a unit of UTF-16; half a pair alone becomes U+FFFD.
fn push_unit(unit: u16, high: &mut Option<u16>, out: &mut String) {
    if let Some(first) = high.take() {
        if let Some(Ok(c)) = char::decode_utf16([first, unit]).next() {
            out.push(c);
            return;
        }
        out.push(char::REPLACEMENT_CHARACTER);
    }
    match unit {
        0xD800..=0xDBFF => *high = Some(unit),
        _ => out.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

/// The table of shared strings (record SST); it ends early where the file is damaged.
pub(super) fn shared_strings(stream: &[u8], record: Binary<'_>) -> Shared {
    let mut shared = Shared::default();
    let n = record.u32(4).unwrap_or(0);
    let mut reader = Reader::new(stream, record, 8);
    let writing = Writing { wide: true, page: encoding_rs::WINDOWS_1252 };
    let mut text = String::new();
    for _ in 0..n {
        text.clear();
        if reader.text(writing, 2, &mut text).is_none() {
            break;
        }
        shared.push(&text);
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    #[test]
    fn strings_run_on_in_the_next_record_and_may_change_their_width() {
        // "añb" of which "b" follows in UTF-16, then "中" with one run of formatting.
        let first = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, b'a', 0xF1];
        let second = [1, b'b', 0, 1, 0, 9, 1, 0, 0x2D, 0x4E, 0, 0];
        let third = [0, 0];
        let parts = [record(0xFC, &first), record(CONTINUE, &second), record(CONTINUE, &third)];
        let stream = parts.concat();
        let shared = shared_strings(&stream, Binary::at(&stream, 0).unwrap());
        assert_eq!((shared.get(0), shared.get(1), shared.get(2)), (Some("añb"), Some("中"), None));
    }

    #[test]
    fn packed_numbers_unfold() {
        let rk = |packed: u32| {
            let stream = record(0x27E, &packed.to_le_bytes());
            Binary::at(&stream, 0).unwrap().rk(0)
        };
        assert_eq!(rk(0x3FF0_0000), Some(1.0));
        assert_eq!(rk(((-7i32) << 2) as u32 | 2), Some(-7.0));
        assert_eq!(rk((1234 << 2) | 3), Some(12.34));
    }
}
