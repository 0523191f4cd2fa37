//! Values of cells as text.
//!
//! In: numbers, serial dates, ISO dates, number formats. Out: the text that a spreadsheet shows
//! without a number format, dates as ISO 8601. Must not know: how a format stores its cells.

use std::fmt::Write;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// A number.
    #[default]
    Number,
    /// A date, a time or both.
    Date,
    /// A length of time, which may exceed a day.
    Elapsed,
}

/// A number as it is written in a file. Whole numbers keep every digit; others keep 15, as
/// spreadsheets do.
pub(super) fn literal(written: &str, out: &mut String) -> bool {
    let written = written.trim();
    let digits = written.strip_prefix('-').unwrap_or(written);
    let plain = digits.len() <= 32 && digits.bytes().all(|b| b.is_ascii_digit());
    if plain && !digits.is_empty() && (digits == "0" || !digits.starts_with('0')) {
        out.push_str(if digits == "0" { "0" } else { written });
        return true;
    }
    match written.parse::<f64>() {
        Ok(value)
            if value.is_finite()
                && digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') =>
        {
            number(value, out);
            true
        }
        _ => false,
    }
}

/// A number without needless zeros; whole ones exactly, others with 15 significant digits.
pub(super) fn number(value: f64, out: &mut String) {
    /// 2⁵³: up to here every whole number has its own `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let rounded = if value.fract() == 0.0 && value.abs() <= EXACT {
        value
    } else {
        format!("{value:.14e}").parse().unwrap_or(value)
    };
    let _infallible = if rounded != 0.0 && !(1e-9..1e21).contains(&rounded.abs()) {
        write!(out, "{rounded:E}")
    } else {
        write!(out, "{}", rounded + 0.0)
    };
}

/// A serial date or a length of time in days.
pub(super) fn serial(value: f64, shown: Shown, since_1904: bool, out: &mut String) {
    let moved = if since_1904 && shown == Shown::Date { value + 1462.0 } else { value };
    let in_range = (0.0..2_958_466.0).contains(&moved);
    match shown {
        Shown::Elapsed if value.abs() < 1e9 => elapsed(value, out),
        Shown::Date if in_range => date(moved, since_1904, out),
        _ => number(value, out),
    }
}

fn elapsed(days: f64, out: &mut String) {
    let seconds = (days.abs() * 86_400.0).round() as u64;
    let sign = if days < 0.0 { "-" } else { "" };
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _infallible = write!(out, "{sign}{h}:{m:02}:{s:02}");
}

fn date(serial: f64, since_1904: bool, out: &mut String) {
    const DAY: u64 = 86_400_000;
    let total = (serial * DAY as f64).round() as u64;
    let (days, ms) = (total / DAY, total % DAY);
    let (h, m, s, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
    if days > 0 || since_1904 {
        // Day 60 is 29 February 1900, which Excel alone knows: days before it count from one
        // day later.
        let (year, month, day) = if days == 60 {
            (1900, 2, 29)
        } else {
            civil(days as i64 - 25_569 + i64::from(days < 60))
        };
        let _infallible = write!(out, "{year:04}-{month:02}-{day:02}");
    }
    if (h, m, s, ms) == (0, 0, 0, 0) && (days > 0 || since_1904) {
        return;
    }
    let mark = if days > 0 || since_1904 { "T" } else { "" };
    let _infallible = write!(out, "{mark}{h:02}:{m:02}:{s:02}");
    if ms > 0 {
        let _infallible = write!(out, ".{ms:03}");
    }
}

/// Year, month and day of the proleptic Gregorian calendar, from days since 1970-01-01. Counts
/// in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
pub(in crate::ingest::table) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// An ISO date of a file without what says nothing: midnight, trailing zeros of seconds.
pub(super) fn iso_date(written: &str) -> &str {
    let written = written.trim();
    let Some((day, clock)) = written.split_once('T') else { return written };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let no_fraction = fraction.bytes().all(|b| b == b'0');
    match whole {
        "00:00:00" | "00:00" if no_fraction => day,
        _ if no_fraction => &written[..day.len() + 1 + whole.len()],
        _ => written,
    }
}

/// An ISO length of time such as `PT26H03M00S` as `26:03:00`; anything else as it stands.
pub(super) fn iso_elapsed(written: &str, out: &mut String) {
    let parsed = || {
        let (sign, rest) = match written.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", written),
        };
        let (hours, rest) = rest.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?;
        let (seconds, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, ""));
        let fraction = fraction.trim_end_matches('0');
        let [h, m, s] = [hours.parse::<u64>(), minutes.parse(), seconds.parse()];
        Some((sign, h.ok()?, m.ok()?, s.ok()?, fraction))
    };
    let _infallible = match parsed() {
        Some((sign, h, m, s, "")) => write!(out, "{sign}{h:02}:{m:02}:{s:02}"),
        Some((sign, h, m, s, fraction)) => write!(out, "{sign}{h:02}:{m:02}:{s:02}.{fraction}"),
        None => write!(out, "{written}"),
    };
}

/// What a built-in number format shows (ECMA-376 part 1, 18.8.30, East Asian ones included).
pub(super) fn built_in(id: u32) -> Shown {
    match id {
        46 => Shown::Elapsed,
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Shown::Date,
        _ => Shown::Number,
    }
}

/// What a number format shows, from its code: the first section decides; quoted text, escaped
/// characters, colours and conditions say nothing.
pub(super) fn classify(code: &str) -> Shown {
    if code.trim().eq_ignore_ascii_case("general") {
        return Shown::Number;
    }
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let unit = inside.to_ascii_lowercase();
                let one = unit.chars().next().unwrap_or(' ');
                if matches!(one, 'h' | 'm' | 's') && unit.chars().all(|c| c == one) {
                    return Shown::Elapsed;
                }
            }
            ';' => return Shown::Number,
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => return Shown::Date,
            _ => {}
        }
    }
    Shown::Number
}

/// Text of an Excel part: `_x000D_` and the like stand for characters that XML cannot hold
/// (ECMA-376 part 1, 22.9.2.19).
pub(super) fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes()[at..].get(6) == Some(&b'_'));
        let code = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = code.and_then(|c| u32::from_str_radix(c, 16).ok());
        match unit.and_then(char::from_u32) {
            Some(c) => {
                out.push_str(&rest[..at]);
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn numbers_lose_no_digit_and_gain_none() {
        for (written, shown) in [
            ("7", "7"),
            ("7.0", "7"),
            ("-0", "0"),
            ("0.30000000000000004", "0.3"),
            ("1234567890123456", "1234567890123456"),
            ("9007199254740993", "9007199254740993"),
            ("1.234567890123456E+15", "1234567890123456"),
            ("1E5", "100000"),
            ("1E300", "1E300"),
            ("-2.50", "-2.5"),
        ] {
            assert_eq!(text(|out| assert!(literal(written, out))), shown);
        }
        for no_number in ["", "-", "inf", "NaN", "0x10", "1,5", "a"] {
            assert!(!literal(no_number, &mut String::new()), "{no_number}");
        }
    }

    #[test]
    fn serial_dates_are_iso() {
        let date = |v, since_1904| text(|out| serial(v, Shown::Date, since_1904, out));
        assert_eq!(date(1.0, false), "1900-01-01");
        assert_eq!(date(59.0, false), "1900-02-28");
        assert_eq!(date(60.0, false), "1900-02-29");
        assert_eq!(date(61.0, false), "1900-03-01");
        assert_eq!(date(45_351.5, false), "2024-02-29T12:00:00");
        assert_eq!(date(45_351.999_999_999, false), "2024-03-01");
        assert_eq!(date(0.5, false), "12:00:00");
        assert_eq!(date(0.0, false), "00:00:00");
        assert_eq!(date(0.0, true), "1904-01-01");
        assert_eq!(date(-1.0, false), "-1");
        assert_eq!(text(|out| serial(2.5, Shown::Elapsed, false, out)), "60:00:00");
    }

    #[test]
    fn number_formats_tell_dates_from_numbers() {
        for code in ["yyyy-mm-dd", "[$-409]d/m/yy;@", "h:mm AM/PM", "\"um\" hh", "DD.MM.YYYY"] {
            assert_eq!(classify(code), Shown::Date, "{code}");
        }
        for code in ["General", "0.00E+00", "#,##0 \"days\"", "[Red]0", "0;[h]", "0\\d", "@"] {
            assert_eq!(classify(code), Shown::Number, "{code}");
        }
        assert_eq!(classify("[hh]:mm"), Shown::Elapsed);
    }

    #[test]
    fn iso_values_lose_what_says_nothing() {
        assert_eq!(iso_date("2024-02-29T00:00:00.000"), "2024-02-29");
        assert_eq!(iso_date("2024-02-29T07:30:00.000"), "2024-02-29T07:30:00");
        assert_eq!(iso_date("2024-02-29T07:30:00.250"), "2024-02-29T07:30:00.250");
        assert_eq!(text(|out| iso_elapsed("PT26H03M00S", out)), "26:03:00");
        assert_eq!(text(|out| iso_elapsed("soon", out)), "soon");
    }

    #[test]
    fn escaped_characters_come_back() {
        assert_eq!(
            text(|o| unescape("a_x000D_b _x005F_x000D_ _x_ _xZZZZ_ _xD800_", o)),
            "a\rb _x000D_ _x_ _xZZZZ_ _xD800_"
        );
    }

    proptest! {
        #[test]
        fn whole_numbers_survive(n in -9_007_199_254_740_992i64..=9_007_199_254_740_992) {
            prop_assert_eq!(text(|out| number(n as f64, out)), n.to_string());
        }

        #[test]
        fn no_format_code_or_text_harms(code in "\\PC{0,40}") {
            classify(&code);
            let _escaped = text(|out| unescape(&code, out));
        }
    }
}
