//! What a study says about the form of its tables, checked.
//!
//! In: [`TableHints`] as written. Out: whether they can be followed. Must not know: the files.

use encoding_rs::Encoding;

use crate::ingest::TableHints;

impl TableHints {
    /// Whether every hint means something.
    ///
    /// # Errors
    /// What is wrong with the first that does not, and what to write instead.
    pub fn check(&self) -> Result<(), (String, &'static str)> {
        if let Some(label) = &self.encoding
            && Encoding::for_label(label.as_bytes()).is_none()
        {
            return Err((
                format!("encoding `{label}` is unknown"),
                "use a name such as `utf-8`, `windows-1252` or `shift_jis`, or leave it out",
            ));
        }
        if self.header_rows == Some(0) {
            return Err((
                "header_rows is counted from 1".into(),
                "a table without a header has `header_row = 0`",
            ));
        }
        let delimiter = self.delimiter.as_deref();
        if delimiter == Some("") {
            return Err((
                "delimiter is empty".into(),
                "write what stands between two cells, such as \";\" or \"\\t\"",
            ));
        }
        for (key, value) in [("quote", &self.quote), ("escape", &self.escape)] {
            let Some(value) = value.as_deref() else { continue };
            if value.chars().count() > 1 {
                return Err((
                    format!("{key} is longer than a character"),
                    "write one character, or \"\" where cells have no quotes",
                ));
            }
            if !value.is_empty() && delimiter.is_some_and(|d| d.contains(value)) {
                return Err((
                    format!("delimiter holds the {key}"),
                    "write `quote = \"\"` where cells have no quotes",
                ));
            }
        }
        let breaks = |v: &Option<String>| v.as_deref().is_some_and(|v| v.contains(['\n', '\r']));
        if [&self.delimiter, &self.quote, &self.escape].into_iter().any(breaks) {
            return Err((
                "a line break ends a record and is no delimiter, quote or escape".into(),
                "leave it out: every kind of line break is known",
            ));
        }
        Ok(())
    }
}
