//! GUIDs that are the same in every run: made from what they name, not from chance.
//!
//! In: a kind and the words that identify a thing. Out: a UUID of version 8 (RFC 9562, section
//! 5.8: its bits are the maker's own), from SHA-256. Must not know: what is named.

use crate::fsx::sha256;

/// The GUID of a thing. Each word stands behind its length, so that no two lists read alike.
pub(super) fn guid(kind: &str, words: &[&str]) -> String {
    let mut name = format!("canvass:{kind}");
    for word in words {
        name.push_str(&format!(":{}:{word}", word.len()));
    }
    let hash = sha256(name.as_bytes());
    let (a, b, c, d, e) = (&hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32]);
    let variant = match hash.as_bytes()[16] {
        digit if digit % 4 == 0 => '8',
        digit if digit % 4 == 1 => '9',
        digit if digit % 4 == 2 => 'a',
        _ => 'b',
    };
    format!("{a}-{b}-8{c}-{variant}{d}-{e}")
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn a_guid_has_the_standards_form_and_depends_on_every_word() {
        let one = guid("code", &["a", "b"]);
        assert_eq!(one.len(), 36);
        assert_eq!(&one[14..15], "8");
        assert!(matches!(&one[19..20], "8" | "9" | "a" | "b"));
        assert_eq!(one, guid("code", &["a", "b"]));
        for other in [guid("code", &["a"]), guid("code", &["ab", ""]), guid("set", &["a", "b"])] {
            assert_ne!(one, other);
        }
    }
}
