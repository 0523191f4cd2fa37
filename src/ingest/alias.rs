//! Row ids that are safe to write.
//!
//! In: an id cell. Out: the cell, or `p-` and a hash where it looks like personal data (an
//! e-mail address, a telephone or social-security number, a name: whatever has a space inside)
//! or like free text. Ten digits count as a telephone number where they fit North America's
//! plan, so a sequence such as 1000000001 stays. The hash is not salted, so that reruns and
//! other files of the source agree; it hides a value from a reader, not from
//! somebody who tries every telephone number.
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
        || value.chars().any(|c| c.is_control() || c.is_whitespace())
        || value.chars().count() > MAX_ID_CHARS
        || is_american_phone(value)
        || value.split(|c: char| !is_phone_char(c)).any(is_phone)
}

/// Ten digits, or eleven that begin with 1, whose area code and exchange begin with 2 to 9.
fn is_american_phone(value: &str) -> bool {
    let national = match value.len() {
        11 => value.strip_prefix('1').unwrap_or(""),
        _ => value,
    };
    let begins_code = |at| national.as_bytes().get(at).is_some_and(|d| matches!(d, b'2'..=b'9'));
    national.len() == 10
        && national.bytes().all(|d| d.is_ascii_digit())
        && begins_code(0)
        && begins_code(3)
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
        assert_eq!(safe_id("s", ""), "");
        for id in [
            "R_3kQ9a-Z",
            "0012345678",
            "007",
            "12-34",
            "1E5",
            "wave2/114",
            "1000000001",
            "2000100001",
            "11000000001",
            "21235550147",
        ] {
            assert_eq!(safe_id("s", id), id);
        }
        for id in [
            "a@example.org",
            "312-555-0147",
            "(773) 555-0182",
            "+13125550147",
            "tel 312.555.0147",
            "3125550147",
            "13125550147",
            "Ann Lee",
            "wave 2",
            "Ann\u{A0}Lee",
        ] {
            let hidden = safe_id("s", id);
            assert!(hidden.starts_with("p-") && hidden.len() == 14, "{hidden}");
            assert_ne!(hidden, safe_id("other", id));
        }
        assert!(safe_id("s", &"word ".repeat(30)).starts_with("p-"));
    }
}
