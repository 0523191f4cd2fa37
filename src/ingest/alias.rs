//! Row ids that are safe to write.
//!
//! In: an id cell. Out: the cell, or `p-` and a hash where it looks like personal data (an
//! e-mail address, a telephone or social-security number) or like free text. The hash is not
//! salted, so that reruns and other files of the source agree; it hides a value from a reader,
//! not from somebody who tries every telephone number.
//! Must not know: columns, files.

use sha2::{Digest, Sha256};

use super::open::hex;

/// Longer ids are taken for free text in the wrong column.
const MAX_ID_CHARS: usize = 80;

/// The id as it may be written. `scope` is the source's name.
pub(super) fn safe_id(scope: &str, value: &str) -> String {
    let value = value.trim();
    if !looks_personal(value) {
        return value.to_string();
    }
    let mut hash = Sha256::new();
    hash.update(scope.as_bytes());
    hash.update(value.as_bytes());
    format!("p-{}", &hex(&hash.finalize())[..12])
}

fn looks_personal(value: &str) -> bool {
    value.contains('@')
        || value.chars().any(char::is_control)
        || value.chars().count() > MAX_ID_CHARS
        || value.split(|c: char| !is_phone_char(c)).any(is_phone)
}

fn is_phone_char(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '+' | '/')
}

/// Seven or more digits, with punctuation between or before them.
fn is_phone(run: &str) -> bool {
    let run = run.trim_matches([' ', '-', '.', '/']);
    run.chars().filter(char::is_ascii_digit).count() >= 7
        && run.chars().any(|c| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_and_addresses_are_hidden_and_plain_ids_stay() {
        for id in ["R_3kQ9a-Z", "0012345678", "007", "12-34", "1E5", "wave 2/114", ""] {
            assert_eq!(safe_id("s", id), id);
        }
        for id in
            ["a@example.org", "312-555-0147", "(773) 555-0182", "+13125550147", "tel 312.555.0147"]
        {
            let hidden = safe_id("s", id);
            assert!(hidden.starts_with("p-") && hidden.len() == 14, "{hidden}");
            assert_ne!(hidden, safe_id("other", id));
        }
        assert!(safe_id("s", &"word ".repeat(30)).starts_with("p-"));
    }
}
