//! Redaction and segmentation: spans rebuild the text, and nothing but white space is left out.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, laws, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let text = String::from_utf8_lossy(data);
        laws::redaction(&text);
        let turn = text.split_whitespace().collect::<Vec<_>>().join(" ");
        check(Kind::Interview, "txt", format!("Speaker 1: It was {turn}\n").as_bytes());
    });
});
