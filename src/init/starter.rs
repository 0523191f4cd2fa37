//! The codebook that a study gets when there is none: general themes, marked as a starting point.
//!
//! In: nothing. Out: the text of a `codebook.toml`. Must not know: files, guesses.

/// The name under which it is written beside `study.toml`.
pub(super) const NAME: &str = "codebook.toml";

/// The starter codebook as it is written.
pub(super) const TEXT: &str = include_str!("starter.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_codebook_is_read_and_says_what_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        std::fs::write(&path, TEXT).unwrap();
        let book = crate::codebook::read(&path).unwrap();
        assert!((14..=18).contains(&book.themes.len()), "{}", book.themes.len());
        for theme in &book.themes {
            assert!(theme.examples.len() >= 3, "{}", theme.id);
            assert!(!theme.include.is_empty() && !theme.exclude.is_empty(), "{}", theme.id);
            for note in &theme.exclude {
                if let Some((_, id)) = note.split_once(": use ") {
                    assert!(book.themes.iter().any(|t| t.id == id), "{}: {id}", theme.id);
                }
            }
        }
        assert!(TEXT.lines().next().unwrap().contains("STARTING POINT"));
    }
}
