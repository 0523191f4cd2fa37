//! `themes.parquet` and `codings.parquet`: the two tables with typed columns.
//!
//! In: the rows of `themes.csv` and `codings.csv`. Out: Parquet (zstd, one row group a million
//! rows). The columns and their order are those of the CSV files; counts are INT64, shares and
//! margins DOUBLE, `suppressed` is BOOLEAN; what is empty there is null here, and text stands as
//! it is, since no spreadsheet will take it for a formula. Must not know: true counts.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::view::View;
use super::{codings, themes};
use crate::classify::Verdict;
use crate::plan::Plan;
use crate::prepare::Corpus;

/// Rows of a group.
const GROUP: usize = 1_000_000;

/// What a column holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Count,
    Real,
    /// `yes` or `no`.
    Flag,
}

/// The kind of each column of `themes.csv`, by its name.
fn of_theme(column: &str) -> Kind {
    match column {
        "participants" | "base" | "files" | "files_base" | "participants_with_copies" => {
            Kind::Count
        }
        "suppressed" => Kind::Flag,
        "effective_base" | "difference" | "difference_p_adjusted" => Kind::Real,
        name if name.contains("share") || name.contains("low") || name.contains("high") => {
            Kind::Real
        }
        _ => Kind::Text,
    }
}

/// The kind of each column of `codings.csv`, by its name.
fn of_coding(column: &str) -> Kind {
    match column {
        "segment" | "start" | "end" => Kind::Count,
        "score" => Kind::Real,
        _ => Kind::Text,
    }
}

/// The bytes of `themes.parquet`.
pub(super) fn themes(view: &View) -> Result<Vec<u8>, ParquetError> {
    let mut table = Table::new(&themes::HEADER, of_theme)?;
    let mut failed = Ok(());
    themes::each_row(view, &mut |cells| {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        if failed.is_ok() {
            failed = table.row(&cells);
        }
    });
    failed?;
    table.finish()
}

/// The bytes of `codings.parquet`.
pub(super) fn codings(
    plan: &Plan,
    corpus: &Corpus,
    verdicts: &[Verdict],
) -> Result<Vec<u8>, ParquetError> {
    let mut table = Table::new(&codings::HEADER, of_coding)?;
    let mut failed = Ok(());
    codings::each_row(plan, corpus, verdicts, &mut |cells| {
        if failed.is_ok() {
            failed = table.row(cells);
        }
    });
    failed?;
    table.finish()
}

/// The values of one column, nulls left out, and for each row whether it has one.
struct Column {
    kind: Kind,
    present: Vec<i16>,
    text: Vec<ByteArray>,
    counts: Vec<i64>,
    reals: Vec<f64>,
    flags: Vec<bool>,
}

/// A table while it is written.
struct Table {
    columns: Vec<Column>,
    rows: usize,
    writer: SerializedFileWriter<Vec<u8>>,
}

impl Table {
    fn new(header: &[&str], kind: fn(&str) -> Kind) -> Result<Self, ParquetError> {
        let field = |name: &&str| {
            let (physical, logical) = match kind(name) {
                Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                Kind::Count => (Physical::INT64, None),
                Kind::Real => (Physical::DOUBLE, None),
                Kind::Flag => (Physical::BOOLEAN, None),
            };
            let builder = Type::primitive_type_builder(name, physical);
            let optional = builder.with_repetition(Repetition::OPTIONAL);
            optional.with_logical_type(logical).build().map(Arc::new)
        };
        let fields = header.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("canvass").with_fields(fields).build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("canvass {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
        let column = |name: &&str| Column {
            kind: kind(name),
            present: Vec::new(),
            text: Vec::new(),
            counts: Vec::new(),
            reals: Vec::new(),
            flags: Vec::new(),
        };
        Ok(Self { columns: header.iter().map(column).collect(), rows: 0, writer })
    }

    fn row(&mut self, cells: &[&str]) -> Result<(), ParquetError> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.rows += 1;
        if self.rows == GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, ParquetError> {
        self.flush()?;
        self.writer.into_inner()
    }
}

impl Column {
    fn push(&mut self, cell: &str) {
        let known = match self.kind {
            Kind::Text if !cell.is_empty() => {
                self.text.push(ByteArray::from(cell));
                true
            }
            Kind::Text => false,
            Kind::Count => cell.parse().map(|n| self.counts.push(n)).is_ok(),
            Kind::Real => cell.parse().map(|x| self.reals.push(x)).is_ok(),
            Kind::Flag => {
                self.flags.push(cell == "yes");
                true
            }
        };
        self.present.push(i16::from(known));
    }

    fn write(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    ) -> Result<(), ParquetError> {
        let Some(mut writer) = group.next_column()? else { return Ok(()) };
        let present = Some(self.present.as_slice());
        match self.kind {
            Kind::Text => writer.typed::<ByteArrayType>().write_batch(&self.text, present, None)?,
            Kind::Count => writer.typed::<Int64Type>().write_batch(&self.counts, present, None)?,
            Kind::Real => writer.typed::<DoubleType>().write_batch(&self.reals, present, None)?,
            Kind::Flag => writer.typed::<BoolType>().write_batch(&self.flags, present, None)?,
        };
        writer.close()?;
        self.present.clear();
        self.text.clear();
        self.counts.clear();
        self.reals.clear();
        self.flags.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::html::fixture;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn the_table_holds_what_the_csv_holds_with_types_and_nulls() {
        let view = fixture::view();
        let bytes = themes(&view).unwrap();
        assert_eq!(bytes, themes(&view).unwrap());
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let mut expected: Vec<Vec<String>> = Vec::new();
        themes::each_row(&view, &mut |cells| expected.push(cells.to_vec()));
        let mut nulls = 0;
        let mut rows = 0;
        for (row, cells) in reader.get_row_iter(None).unwrap().zip(&expected) {
            for ((name, field), cell) in row.unwrap().get_column_iter().zip(cells) {
                match field {
                    Field::Null => {
                        assert_eq!(cell, "", "{name}");
                        nulls += 1;
                    }
                    Field::Str(text) => assert_eq!(text, cell),
                    Field::Long(n) => assert_eq!(&n.to_string(), cell, "{name}"),
                    Field::Double(x) => assert_eq!(&format!("{x:.6}"), cell, "{name}"),
                    Field::Bool(b) => assert_eq!(if *b { "yes" } else { "no" }, cell),
                    other => panic!("{name} is {other:?}"),
                }
            }
            rows += 1;
        }
        assert_eq!(rows, expected.len());
        assert!(nulls > 100, "protected counts are null");
    }

    #[test]
    fn text_that_a_spreadsheet_would_run_stands_as_it_is() {
        let mut view = fixture::view();
        view.sources[0].name = "=1+1".into();
        let reader = SerializedFileReader::new(bytes::Bytes::from(themes(&view).unwrap())).unwrap();
        let first = reader.get_row_iter(None).unwrap().next().unwrap().unwrap();
        assert_eq!(first.get_column_iter().next().unwrap().1, &Field::Str("=1+1".into()));
    }
}
