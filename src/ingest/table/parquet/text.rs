//! Values of a Parquet file as text.
//!
//! In: a [`Field`]. Out: its text in a [`Row`]: strings as they are, numbers without needless
//! zeros, dates and times as ISO 8601. Must not know: rows, columns, files.

use std::fmt::Write;

use parquet::data_type::AsBytes;
use parquet::record::Field;

use super::super::workbook::{Row, civil};
use super::Unit;
use crate::ingest::Reject;

const NO_TEXT: Reject = Reject::Unreadable { why: "bytes that are no text" };
const NESTED: Reject = Reject::Unreadable { why: "a list of lists or of structures" };

const NANOS: i128 = 1_000_000_000;

/// Writes the text of a value.
pub(super) fn write(field: &Field, unit: Unit, row: &mut Row<'_>) -> Result<(), Reject> {
    match field {
        Field::ListInternal(list) => {
            for (i, element) in list.elements().iter().enumerate() {
                if i > 0 {
                    row.write("; ");
                }
                plain(element, unit, row)?;
            }
            Ok(())
        }
        _ => plain(field, unit, row),
    }
}

fn plain(field: &Field, unit: Unit, row: &mut Row<'_>) -> Result<(), Reject> {
    let mut text = String::new();
    match field {
        Field::Null => {}
        Field::Str(value) => row.write(value),
        Field::Bytes(value) => bytes(value.as_bytes(), unit, row)?,
        Field::Bool(value) => row.write(if *value { "true" } else { "false" }),
        Field::Long(value) if unit == Unit::Nanoseconds => moment(i128::from(*value), &mut text),
        Field::Long(value) if unit == Unit::NanosecondsOfDay => {
            clock(i128::from(*value), &mut text);
        }
        Field::TimestampMillis(value) => moment(i128::from(*value) * 1_000_000, &mut text),
        Field::TimestampMicros(value) => moment(i128::from(*value) * 1_000, &mut text),
        Field::TimeMillis(value) => clock(i128::from(*value) * 1_000_000, &mut text),
        Field::TimeMicros(value) => clock(i128::from(*value) * 1_000, &mut text),
        Field::Date(days) => date(i64::from(*days), &mut text),
        Field::Float16(value) => float(f64::from(f32::from(*value)), &mut text),
        Field::Float(value) => single(*value, &mut text),
        Field::Double(value) => float(*value, &mut text),
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => return Err(NESTED),
        // Whole numbers and decimals are shown with all of their digits.
        other => {
            let _infallible = write!(text, "{other}");
        }
    }
    row.write(&text);
    Ok(())
}

fn bytes(value: &[u8], unit: Unit, row: &mut Row<'_>) -> Result<(), Reject> {
    if unit == Unit::Uuid && value.len() == 16 {
        let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        row.write(&parts.join("-"));
        return Ok(());
    }
    row.write(std::str::from_utf8(value).map_err(|_| NO_TEXT)?);
    Ok(())
}

/// The shortest text that gives the number back; no number is blank.
fn float(value: f64, out: &mut String) {
    let _infallible = match value.abs() {
        _ if value.is_nan() => Ok(()),
        0.0 => write!(out, "0"),
        1e-9..1e21 | f64::INFINITY => write!(out, "{value}"),
        _ => write!(out, "{value:E}"),
    };
}

fn single(value: f32, out: &mut String) {
    let _infallible = match value.abs() {
        _ if value.is_nan() => Ok(()),
        0.0 => write!(out, "0"),
        1e-9..1e21 | f32::INFINITY => write!(out, "{value}"),
        _ => write!(out, "{value:E}"),
    };
}

fn date(days: i64, out: &mut String) {
    let (year, month, day) = civil(days);
    let _infallible = write!(out, "{year:04}-{month:02}-{day:02}");
}

/// A date and a time of day from billionths of a second since 1970; midnight says nothing.
fn moment(nanos: i128, out: &mut String) {
    let day = 86_400 * NANOS;
    let days = nanos.div_euclid(day);
    date(i64::try_from(days).unwrap_or(0), out);
    if nanos.rem_euclid(day) > 0 {
        out.push('T');
        clock(nanos.rem_euclid(day), out);
    }
}

fn clock(nanos: i128, out: &mut String) {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.abs();
    let (seconds, rest) = (nanos / NANOS, nanos % NANOS);
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _infallible = write!(out, "{sign}{h:02}:{m:02}:{s:02}");
    if rest > 0 {
        let digits = format!("{rest:09}");
        let _infallible = write!(out, ".{}", digits.trim_end_matches('0'));
    }
}
