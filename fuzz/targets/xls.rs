//! Old workbooks (XLS): any bytes, or records in a well-formed compound file.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run, wrap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| check(Kind::Survey, "xls", &wrap::either(data, wrap::xls)));
});
