//! study.toml.
#![no_main]
use canvass::config::{StudyFile, parse_toml};
use canvass_fuzz::{laws, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        match (parse_toml::<StudyFile>(text), parse_toml::<StudyFile>(text)) {
            (Ok(a), Ok(b)) => assert_eq!(format!("{a:?}"), format!("{b:?}"), "two reads differ"),
            (Err(a), Err(b)) => {
                assert_eq!(a, b, "two reads differ");
                let n_lines = text.matches('\n').count() + 1;
                assert!((1..=n_lines).contains(&a.line), "line {} of {n_lines}", a.line);
                laws::error(&a.to_string(), a.hint.as_deref());
            }
            _ => panic!("two reads differ"),
        }
    });
});
