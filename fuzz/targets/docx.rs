//! Documents: any bytes, or a body in a well-formed archive, as a talk and as notes.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run, wrap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let bytes = wrap::either(data, wrap::docx);
        check(Kind::FocusGroup, "docx", &bytes);
        check(Kind::SessionNotes, "docx", &bytes);
    });
});
