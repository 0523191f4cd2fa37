//! One cell of an OpenDocument spreadsheet.
//!
//! In: the cell's element. Out: its text in a [`Row`]: paragraphs joined by line feeds, or the
//! value of a number, date, length of time or truth value. Comments, drawings and reading aids
//! are left out. Must not know: rows, sheets.

use std::io::Read;

use super::row::Row;
use super::value;
use super::xml::{Node, Tag, Xml};
use crate::ingest::archive::Stop;

/// The value that a cell's attributes give.
#[derive(Default)]
pub(super) struct Cell {
    kind: String,
    value: String,
    /// The last character of the paragraph was a space, or there is none yet.
    after_space: bool,
    n_paragraphs: usize,
}

impl Cell {
    /// Reads the attributes.
    pub(super) fn begin(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        self.kind.clear();
        self.value.clear();
        self.n_paragraphs = 0;
        let mut value = None;
        tag.attributes(|name, written| match name {
            "office:value-type" => written.clone_into(&mut self.kind),
            "office:value"
            | "office:date-value"
            | "office:time-value"
            | "office:boolean-value"
            | "office:string-value" => value = Some(written.to_string()),
            _ => {}
        })?;
        if let Some(written) = value {
            let plain = quick_xml::escape::unescape(&written);
            let plain = plain.map_err(|_| Stop::Damaged("its XML is damaged"))?;
            self.value.push_str(&plain);
        }
        Ok(())
    }

    /// Reads the content up to the cell's end and writes what the cell shows.
    pub(super) fn read<R: Read>(
        &mut self,
        xml: &mut Xml<R>,
        row: &mut Row<'_>,
    ) -> Result<(), Stop> {
        let inside = xml.depth();
        let wants_text =
            matches!(self.kind.as_str(), "string" | "" | "void") || self.value.is_empty();
        let mut paragraph = 0;
        while xml.depth() >= inside {
            let depth = xml.depth();
            match xml.next()? {
                Some(Node::Start(tag)) if !wants_text || is_left_out(&tag) => xml.skip()?,
                Some(Node::Start(tag)) if tag.is("p") && paragraph == 0 => {
                    paragraph = depth + 1;
                    if self.n_paragraphs > 0 {
                        row.write("\n");
                    }
                    self.n_paragraphs += 1;
                    self.after_space = true;
                }
                Some(Node::Start(tag)) if paragraph > 0 => self.mark(&tag, row)?,
                Some(Node::Text(text)) if paragraph > 0 => self.collapse(&text, row),
                Some(Node::End(_)) if depth == paragraph => paragraph = 0,
                None => return Err(Stop::Damaged("its XML ends too early")),
                Some(_) => {}
            }
        }
        if self.n_paragraphs == 0 {
            self.write_value(row);
        }
        Ok(())
    }

    /// Elements that stand for characters.
    fn mark(&mut self, tag: &Tag<'_>, row: &mut Row<'_>) -> Result<(), Stop> {
        /// No spreadsheet's cell holds more characters.
        const MAX_SPACES: usize = 32_767;
        if tag.is("s") {
            let n = tag.attribute("c")?.and_then(|c| c.parse().ok()).unwrap_or(1);
            row.write(&" ".repeat(n.min(MAX_SPACES)));
            self.after_space = false;
        } else if tag.is("tab") {
            row.write("\t");
            self.after_space = false;
        } else if tag.is("line-break") {
            row.write("\n");
            self.after_space = true;
        }
        Ok(())
    }

    /// White space in a paragraph counts as one space (OpenDocument 1.3 part 3, 6.1.2).
    fn collapse(&mut self, text: &str, row: &mut Row<'_>) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let mut rest = text;
        while let Some(at) = rest.find(is_space) {
            if at > 0 {
                row.write(&rest[..at]);
            }
            if at > 0 || !self.after_space {
                row.write(" ");
            }
            self.after_space = true;
            rest = rest[at..].trim_start_matches(is_space);
        }
        if !rest.is_empty() {
            row.write(rest);
            self.after_space = false;
        }
    }

    fn write_value(&self, row: &mut Row<'_>) {
        let mut text = String::new();
        match self.kind.as_str() {
            "float" | "currency" | "percentage" => {
                if !value::literal(&self.value, &mut text) {
                    text.push_str(&self.value);
                }
            }
            "date" => text.push_str(value::iso_date(&self.value)),
            "time" => value::iso_elapsed(&self.value, &mut text),
            "boolean" if self.value == "true" => text.push_str("TRUE"),
            "boolean" if self.value == "false" => text.push_str("FALSE"),
            _ => text.push_str(&self.value),
        }
        row.write(&text);
    }
}

/// What lies in a cell without being its text.
fn is_left_out(tag: &Tag<'_>) -> bool {
    const OTHERS: [&str; 12] = [
        "annotation",
        "ruby-text",
        "note",
        "table",
        "frame",
        "custom-shape",
        "rect",
        "line",
        "g",
        "control",
        "caption",
        "detective",
    ];
    OTHERS.iter().any(|other| tag.is(other))
}
