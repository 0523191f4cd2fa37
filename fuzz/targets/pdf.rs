//! PDF: what the process that reads them answers, here without its limits.
#![no_main]
use canvass::ingest::serve_pdf;
use canvass_fuzz::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    run(|| {
        let answer = || {
            let mut out = Vec::new();
            serve_pdf(&mut &*data, &mut out).expect("memory takes an answer");
            out
        };
        let first = answer();
        assert_eq!(first, answer(), "two reads differ");
        assert!(std::str::from_utf8(&first).is_ok(), "an answer is text");
    });
});
