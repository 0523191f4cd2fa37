//! Projects of tools for qualitative analysis: any bytes, or a description and texts in a well-formed
//! archive.
#![no_main]
use std::sync::OnceLock;

use canvass::codebook::Codebook;
use canvass::coded::{Columns, read};
use canvass_fuzz::{file, laws, run, wrap};
use libfuzzer_sys::fuzz_target;

/// The themes `a` and `b`.
fn codebook() -> &'static Codebook {
    static BOOK: OnceLock<Codebook> = OnceLock::new();
    BOOK.get_or_init(|| {
        let path =
            file("csv", b"id,label,definition\na,Dark,It is dark.\nb,Heard,Somebody listens.\n");
        canvass::codebook::read(&path).expect("a codebook")
    })
}

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let book = codebook();
        let path = file("qdpx", &wrap::either(data, wrap::project));
        let once = || read(&path, book, &Columns::default());
        match (once(), once()) {
            (Ok(a), Ok(b)) => {
                assert_eq!(format!("{a:?}"), format!("{b:?}"), "two reads differ");
                assert!(!a.rows.is_empty(), "a table without a row");
                let known = |row: &canvass::coded::CodedRow| row.codes.is_sorted_by(|x, y| x < y);
                assert!(a.rows.iter().all(known), "themes ascend, each once");
                assert!(a.rows.iter().flat_map(|r| &r.codes).all(|theme| *theme < book.themes.len()));
                assert!(a.warnings.iter().all(|w| !w.contains('\n')), "a warning is one line");
            }
            (Err(a), Err(b)) => {
                assert_eq!(a.to_string(), b.to_string(), "two reads differ");
                laws::error(&a.to_string(), a.hint().as_deref());
            }
            _ => panic!("two reads differ"),
        }
    });
});
