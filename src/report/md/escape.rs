//! Text as Markdown that shows it as it is.
//!
//! In: respondents' and the study's own words. Out: one line of Markdown. Must not know: where it
//! stands.

/// Text that Markdown shows as it is: on one line, no markup, no HTML, no link, no table cell.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                    out.push('\\');
                    out.push(c);
                }
                _ => out.push(c),
            }
        }
    }
    unlinked(&unlisted(&out))
}

/// What would start a heading, a list, a rule or a numbered item at the front of a line.
fn unlisted(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        Some(b'#' | b'-' | b'+' | b'=') if digits == 0 => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

/// Addresses that GitHub would turn into links by itself.
fn unlinked(line: &str) -> String {
    line.replace("://", "\\://").replace("www.", "www\\.").replace("WWW.", "WWW\\.")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            escaped("<b> & `c` | *d* _e_ [f](g)"),
            "&lt;b&gt; &amp; \\`c\\` \\| \\*d\\* \\_e\\_ \\[f\\](g)"
        );
        assert_eq!(escaped("# not a heading"), "\\# not a heading");
        assert_eq!(escaped("- no list\n- at all"), "\\- no list - at all");
        assert_eq!(escaped("12. no list"), "12\\. no list");
        assert_eq!(escaped("see http://a.b or www.c.d"), "see http\\://a.b or www\\.c.d");
        assert_eq!(escaped("4 of 5"), "4 of 5");
    }
}
