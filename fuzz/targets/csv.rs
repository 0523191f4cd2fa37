//! Delimited text: with a header of ours behind any separator, or as the bytes stand.
#![no_main]
use canvass::ingest::Kind;
use canvass_fuzz::{check, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: canvass_fuzz::quiet_panics(), |data: &[u8]| {
    run(|| {
        let Some((&first, rest)) = data.split_first() else { return };
        let header: &[u8] = match first % 8 {
            0 => b"n,g,Q,R\n",
            1 => b"n;g;Q;R\r\n",
            2 => b"n\tg\tQ\tR\n",
            3 => b"n|g|Q|R\r",
            4 => b"sep=;\nn;g;Q;R\n",
            5 => b"\xEF\xBB\xBF\"n\",\"g\",\"Q\",\"R\"\n",
            _ => b"",
        };
        let extension = if first & 8 == 0 { "csv" } else { "tsv" };
        check(Kind::Survey, extension, &[header, rest].concat());
    });
});
