//! Codebooks: TOML, a table, or an exchange file.
#![no_main]
use canvass_fuzz::{file, laws, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let Some((&first, rest)) = data.split_first() else { return };
        let extension = ["toml", "csv", "qdc"][usize::from(first % 3)];
        let path = file(extension, rest);
        match (canvass::codebook::read(&path), canvass::codebook::read(&path)) {
            (Ok(a), Ok(b)) => {
                assert_eq!(a.themes, b.themes, "two reads differ");
                assert!(a.themes.iter().all(|t| t.parent.is_none_or(|p| p < a.themes.len())));
            }
            (Err(a), Err(b)) => {
                assert_eq!(a.to_string(), b.to_string(), "two reads differ");
                laws::error(&a.to_string(), a.hint().as_deref());
            }
            _ => panic!("two reads differ"),
        }
    });
});
