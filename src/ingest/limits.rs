//! What a file may ask of the machine.
//!
//! In: the table `[limits]` of `study.toml`. Out: [`Limits`], in bytes and counts.
//! Must not know: any format.
//!
//! A workbook or a compressed table may be a thousand times larger than its file. The defaults
//! let a sheet of 1,048,576 rows through and stop a file whose inflated size has no relation to
//! what it holds. They bound what a reader keeps in memory beside the file itself.

use serde::Deserialize;

/// Bytes in one of the `_mb` keys.
const MB: u64 = 1_000_000;

/// The limits of one study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// The largest part of an archive, inflated, in bytes. Parts are streamed, not held.
    pub part_bytes: u64,
    /// All parts of an archive that are read, inflated, in bytes.
    pub inflated_bytes: u64,
    /// The text that a workbook keeps apart from its cells (the shared strings), in bytes. It is
    /// held in memory.
    pub shared_bytes: u64,
    /// Lines of a table that is written as text. A record takes a hundred times the memory of a
    /// line of two characters.
    pub lines: u64,
    /// The longest line of a table that is written as text, in bytes. A longer one is no record of
    /// a person's answers, and a file that is one such line would be held several times over.
    pub line_bytes: usize,
    /// Lines of a conversation, notes or a letter that is written as text.
    pub spoken_lines: u64,
    /// Parts in an archive.
    pub entries: usize,
    /// Inflated to deflated size of a part, once it is large.
    pub ratio: u64,
    /// Sheets in a workbook.
    pub sheets: usize,
    /// Cells in a table that hold something.
    pub cells: u64,
    /// Columns in a table.
    pub columns: usize,
    /// Rows that a file states by a number of repetitions instead of writing them.
    pub repeats: u64,
    /// The longest cell, in bytes; a record with a longer one is rejected.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Written::default().into()
    }
}

impl Limits {
    /// The longest record, in bytes: sixteen cells of the longest kind.
    pub fn record_bytes(&self) -> usize {
        self.cell_bytes.saturating_mul(16)
    }

    /// The most lines of a file with that extension, where it is text.
    pub(super) fn lines_of(&self, extension: &str) -> Option<u64> {
        match extension {
            "csv" | "tsv" | "tab" | "jsonl" | "ndjson" => Some(self.lines),
            _ if self.is_spoken(extension) => Some(self.spoken_lines),
            _ => None,
        }
    }

    /// The longest line of a file with that extension, where it is a table written as text.
    pub(super) fn line_of(&self, extension: &str) -> Option<usize> {
        matches!(extension, "csv" | "tsv" | "tab").then_some(self.line_bytes)
    }

    /// Whether a file with that extension is text in which people speak.
    pub(super) fn is_spoken(&self, extension: &str) -> bool {
        matches!(extension, "txt" | "md" | "vtt" | "srt" | "sbv")
    }

    /// The most that one stored byte may become, once `inflated` is above a size that harms
    /// nobody.
    pub(super) fn allows_ratio(&self, inflated: u64, packed: u64, harmless: u64) -> bool {
        inflated <= harmless || inflated / packed.max(1) <= self.ratio
    }
}

/// `[limits]` as it is written: plain numbers, the unit in the key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    max_file_mb: u64,
    max_part_mb: u64,
    max_inflated_mb: u64,
    max_shared_strings_mb: u64,
    max_lines: u64,
    max_line_mb: u64,
    max_spoken_lines: u64,
    max_parts: usize,
    max_ratio: u64,
    max_sheets: usize,
    max_cells: u64,
    max_columns: usize,
    max_repeated_rows: u64,
    max_cell_kb: usize,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            max_file_mb: 2_000,
            max_part_mb: 2_000,
            max_inflated_mb: 4_000,
            max_shared_strings_mb: 1_000,
            max_lines: 5_000_000,
            max_line_mb: 16,
            max_spoken_lines: 500_000,
            max_parts: 10_000,
            max_ratio: 100,
            max_sheets: 1_000,
            max_cells: 100_000_000,
            max_columns: 16_384,
            max_repeated_rows: 100_000,
            max_cell_kb: 1_000,
        }
    }
}

impl From<Written> for Limits {
    fn from(written: Written) -> Self {
        Self {
            file_bytes: written.max_file_mb.saturating_mul(MB),
            part_bytes: written.max_part_mb.saturating_mul(MB),
            inflated_bytes: written.max_inflated_mb.saturating_mul(MB),
            shared_bytes: written.max_shared_strings_mb.saturating_mul(MB),
            lines: written.max_lines,
            line_bytes: written.max_line_mb.saturating_mul(MB) as usize,
            spoken_lines: written.max_spoken_lines,
            entries: written.max_parts,
            ratio: written.max_ratio.max(1),
            sheets: written.max_sheets,
            cells: written.max_cells,
            columns: written.max_columns,
            repeats: written.max_repeated_rows,
            cell_bytes: written.max_cell_kb.saturating_mul(1_000),
        }
    }
}

/// A size in words: `200 MB`, `64 KB`.
pub(super) fn size(bytes: u64) -> String {
    if bytes >= MB { format!("{} MB", bytes / MB) } else { format!("{} KB", bytes / 1_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_replaces_one_default_and_an_unknown_key_is_refused() {
        let limits: Limits = crate::config::parse_toml("max_cell_kb = 5\n").unwrap();
        assert_eq!(limits, Limits { cell_bytes: 5_000, ..Limits::default() });
        let err = crate::config::parse_toml::<Limits>("max_cell_mb = 5\n").unwrap_err();
        assert_eq!(err.message, "unknown key `max_cell_mb`");
        assert_eq!(err.hint.as_deref(), Some("did you mean `max_cell_kb`?"));
    }
}
