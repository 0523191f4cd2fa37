//! Session notes and letters as text.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        check(Kind::SessionNotes, "txt", data);
        check(Kind::Comments, "txt", data);
    });
});
