//! Bytes of an XML part, cut so that no single piece of it can fill the memory.
//!
//! In: a stream of bytes. Out: the same XML with comments and processing instructions left out,
//! and with an empty processing instruction inside of every long run of text, so that a parser
//! sees pieces of bounded length. A document type declaration, a tag without end and UTF-16 are
//! errors ([`Stop`]). Must not know: what the elements mean.

use std::io::{self, BufRead, Read};

use crate::ingest::archive::Stop;

/// Bytes of text behind which a cut is made.
const RUN: usize = 1 << 16;
/// The longest tag, in bytes: OpenDocument writes a cell's whole text into an attribute.
const MAX_TAG: usize = 1 << 20;
/// The longest reference such as `&#x1F600;`, in bytes.
const MAX_REFERENCE: usize = 64;

/// Where in the XML the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Text,
    /// Behind `<`.
    Open,
    /// Inside of a tag, with the quote that is open, or 0.
    Tag(u8),
    /// Behind `<!`, with the number of bytes that agree with `[CDATA[` or `--`.
    Bang(u8),
    /// Inside of a comment, with the number of `-` just seen.
    Comment(u8),
    /// Inside of character data, with the number of `]` just seen.
    Data(u8),
    /// Inside of a processing instruction, with whether `?` was just seen.
    Instruction(bool),
}

/// The guarded stream.
pub(super) struct Guard<R> {
    inner: R,
    raw: Vec<u8>,
    out: Vec<u8>,
    taken: usize,
    at: At,
    /// Bytes of the current text, character data or tag.
    run: usize,
    /// Bytes of the current reference, `&` included, or 0.
    reference: usize,
    begun: bool,
}

impl<R: Read> Guard<R> {
    /// Guards a stream.
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            raw: vec![0; 1 << 15],
            out: Vec::new(),
            taken: 0,
            at: At::Text,
            run: 0,
            reference: 0,
            begun: false,
        }
    }

    /// The stream inside.
    pub(super) fn inner(&self) -> &R {
        &self.inner
    }

    /// Reads the rest into nothing, so that its checksum is verified.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        io::copy(&mut self.inner, &mut io::sink()).map(|_| ())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.taken = 0;
        while self.out.is_empty() {
            let mut raw = std::mem::take(&mut self.raw);
            let n = self.inner.read(&mut raw);
            let done = n.and_then(|n| {
                self.take(&raw[..n]).map_err(io::Error::other)?;
                Ok(n == 0)
            });
            self.raw = raw;
            if done? {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if !self.begun && !bytes.is_empty() {
            self.begun = true;
            let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
            if wide || bytes.iter().take(4).any(|b| *b == 0) {
                return Err(Stop::Damaged("its XML is not in UTF-8"));
            }
        }
        let mut i = 0;
        while let Some(byte) = bytes.get(i) {
            if self.at == At::Text {
                i += self.text(&bytes[i..])?;
            } else {
                self.markup(*byte)?;
                i += 1;
            }
        }
        Ok(())
    }

    /// Takes text up to the next tag, to a cut, or to the end; returns how many bytes.
    fn text(&mut self, bytes: &[u8]) -> Result<usize, Stop> {
        let end = memchr::memchr(b'<', bytes);
        let text = &bytes[..end.unwrap_or(bytes.len())];
        let mut i = 0;
        while let Some(byte) = text.get(i) {
            let plain = self.plain(&text[i..]);
            if plain > 0 {
                i += plain;
                continue;
            }
            let whole = self.reference == 0 && byte & 0xC0 != 0x80;
            if self.run >= RUN && whole {
                self.out.extend_from_slice(b"<?-?>");
                self.run = 0;
                return Ok(i);
            }
            self.run += 1;
            self.reference = match byte {
                b'&' => 1,
                b';' => 0,
                _ if self.reference > 0 => self.reference + 1,
                _ => 0,
            };
            if self.reference > MAX_REFERENCE {
                return Err(Stop::Damaged("a reference in its XML has no end"));
            }
            self.out.push(*byte);
            i += 1;
        }
        if end.is_none() {
            return Ok(text.len());
        }
        self.at = At::Open;
        (self.run, self.reference) = (0, 0);
        Ok(text.len() + 1)
    }

    /// Takes text up to the next reference or to where a cut is due, at once; returns how much.
    fn plain(&mut self, text: &[u8]) -> usize {
        if self.reference > 0 || self.run >= RUN {
            return 0;
        }
        let text = &text[..text.len().min(RUN - self.run)];
        let n = memchr::memchr(b'&', text).unwrap_or(text.len());
        self.out.extend_from_slice(&text[..n]);
        self.run += n;
        n
    }

    fn markup(&mut self, byte: u8) -> Result<(), Stop> {
        self.at = match self.at {
            At::Text => At::Text,
            At::Open => match byte {
                b'!' => At::Bang(0),
                b'?' => At::Instruction(false),
                _ => {
                    self.out.extend_from_slice(&[b'<', byte]);
                    At::Tag(0)
                }
            },
            At::Tag(quote) => self.tag(byte, quote)?,
            At::Bang(n) => self.bang(byte, n)?,
            At::Comment(n) => match (byte, n) {
                (b'-', _) => At::Comment((n + 1).min(2)),
                (b'>', 2) => At::Text,
                _ => At::Comment(0),
            },
            At::Data(n) => self.data(byte, n),
            At::Instruction(true) if byte == b'>' => At::Text,
            At::Instruction(_) => At::Instruction(byte == b'?'),
        };
        Ok(())
    }

    fn tag(&mut self, byte: u8, quote: u8) -> Result<At, Stop> {
        self.out.push(byte);
        self.run += 1;
        if self.run > MAX_TAG {
            return Err(Stop::Damaged("a tag in its XML is too long"));
        }
        Ok(match (byte, quote) {
            (b'>', 0) => {
                self.run = 0;
                At::Text
            }
            (b'"' | b'\'', 0) => At::Tag(byte),
            _ if byte == quote => At::Tag(0),
            _ => At::Tag(quote),
        })
    }

    fn bang(&mut self, byte: u8, n: u8) -> Result<At, Stop> {
        const DATA: &[u8] = b"[CDATA[";
        Ok(match (n, byte) {
            (0, b'-') => At::Bang(100),
            (100, b'-') => At::Comment(0),
            _ if DATA.get(usize::from(n)) == Some(&byte) => {
                if usize::from(n) + 1 == DATA.len() {
                    self.out.extend_from_slice(b"<![CDATA[");
                    At::Data(0)
                } else {
                    At::Bang(n + 1)
                }
            }
            (0, b'D' | b'd') => return Err(Stop::Doctype),
            _ => return Err(Stop::Damaged("its XML is damaged")),
        })
    }

    fn data(&mut self, byte: u8, n: u8) -> At {
        if self.run >= RUN && n == 0 && byte != b']' && byte & 0xC0 != 0x80 {
            self.out.extend_from_slice(b"]]><![CDATA[");
            self.run = 0;
        }
        self.out.push(byte);
        self.run += 1;
        match (byte, n) {
            (b']', _) => At::Data((n + 1).min(2)),
            (b'>', 2) => {
                self.run = 0;
                At::Text
            }
            _ => At::Data(0),
        }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Guard<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.out.len() {
            self.fill()?;
        }
        Ok(&self.out[self.taken..])
    }

    fn consume(&mut self, n: usize) {
        self.taken = (self.taken + n).min(self.out.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(xml: &str) -> Result<String, Option<Stop>> {
        let mut out = String::new();
        let mut guard = Guard::new(xml.as_bytes());
        guard.read_to_string(&mut out).map_err(|e| Stop::of(&e))?;
        Ok(out)
    }

    #[test]
    fn comments_and_instructions_go_and_the_rest_stays() {
        let xml = "<?xml version='1.0'?><!-- <a> -- --><a b='>'>x &amp; y<![CDATA[ ]] <z> ]]></a>";
        assert_eq!(guarded(xml).unwrap(), "<a b='>'>x &amp; y<![CDATA[ ]] <z> ]]></a>");
    }

    #[test]
    fn long_runs_are_cut_between_characters_and_lose_nothing() {
        let body = "é&amp;]".repeat(40_000);
        for (before, after, cut) in
            [("<a>", "</a>", "<?-?>"), ("<a><![CDATA[", "]]></a>", "]]><![CDATA[")]
        {
            let out = guarded(&format!("{before}{body}{after}")).unwrap();
            assert!(out.matches(cut).count() >= 3);
            assert_eq!(out.replace(cut, ""), format!("{before}{body}{after}"));
        }
    }

    #[test]
    fn what_cannot_be_bounded_is_refused() {
        assert_eq!(guarded("<!DOCTYPE a><a/>").unwrap_err(), Some(Stop::Doctype));
        let tag = format!("<a b='{}", "x".repeat(MAX_TAG + 1));
        for xml in [tag, format!("<a>&{}", "x".repeat(100)), "\u{0}<\u{0}a".into()] {
            assert!(matches!(guarded(&xml).unwrap_err(), Some(Stop::Damaged(_))));
        }
    }
}
