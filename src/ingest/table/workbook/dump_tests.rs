//! temporary
use super::*;
use crate::ingest::format;
use crate::ingest::table::record::Record;
use std::io::Write;
#[test]
fn dump() {
    let Some(paths) = std::env::var_os("CANVASS_DUMP") else { return };
    let mut out = std::fs::File::create("/tmp/w/book-dump.jsonl").unwrap();
    for path in std::fs::read_dir(paths).unwrap() {
        let path = path.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let name = path.to_string_lossy().into_owned();
        let mut run = || -> Result<(), Error> {
            let extension = format::reading(&name, &bytes)?.extension;
            let f = match extension.as_str() {
                "xls" => Format::Xls,
                "ods" => Format::Ods,
                _ => Format::Xlsx,
            };
            let request = Request { file: "f", sheet: None, limits: Limits::default() };
            for sheet in sheets(&request, f, &bytes)?.iter() {
                let request = Request { sheet: Some(&sheet.name), ..request };
                let mut rows = Vec::new();
                with_records(&request, f, &bytes, |records| {
                    let mut record = Record::default();
                    while records.next(&mut record)? {
                        let cells: Vec<&str> = record.cells().collect();
                        rows.push(serde_json::json!([
                            record.place,
                            cells,
                            record.fault.as_ref().map(|f| format!("{f:?}"))
                        ]));
                    }
                    Ok(())
                })?;
                writeln!(out, "{}", serde_json::json!({"file": name, "sheet": sheet.name, "hidden": sheet.hidden, "rows": rows})).unwrap();
            }
            Ok(())
        };
        if let Err(error) = run() {
            writeln!(out, "{}", serde_json::json!({ "file": name, "error": error.to_string() }))
                .unwrap();
        }
    }
}
