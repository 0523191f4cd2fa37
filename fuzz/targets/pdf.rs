//! PDF, as a talk and as notes.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        check(Kind::Interview, "pdf", data);
        check(Kind::SessionNotes, "pdf", data);
    });
});
