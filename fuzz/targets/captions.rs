//! Captions: WebVTT, SubRip, SubViewer.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let Some((&first, rest)) = data.split_first() else { return };
        let extension = ["vtt", "srt", "sbv"][usize::from(first % 3)];
        check(Kind::FocusGroup, extension, rest);
    });
});
