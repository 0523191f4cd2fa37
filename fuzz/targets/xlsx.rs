//! Workbooks (XLSX): any bytes, or a sheet in a well-formed archive.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run, wrap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| check(Kind::Survey, "xlsx", &wrap::either(data, wrap::xlsx)));
});
