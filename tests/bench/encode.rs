//! Encoding speed: texts a second of the engine adapter on a file of texts.
//!
//! In: `cargo bench --bench encode -- FILE [THREADS] [PRECISION]`, FILE with one text a line.
//! Out: one line of JSON on stdout: texts, tokens are the model's affair, seconds, texts a second,
//! opening the model excluded (as in other engines' benchmarks) after a warm-up batch.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figure")]

use std::path::Path;
use std::time::Instant;

use canvass::encode::{Precision, bert, encode_windows};
use canvass::model;

/// The program's own allocator, since it decides part of the speed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let Some(file) = args.first() else {
        println!("encode: give a FILE with one text a line");
        return Ok(());
    };
    let threads = args.get(1).map_or(Ok(2), |t| t.parse::<usize>())?;
    let precision = match args.get(2).map(String::as_str) {
        Some("f32") => Precision::F32,
        Some("bf16") => Precision::Bf16,
        _ => Precision::Auto,
    };
    let text = std::fs::read_to_string(file)?;
    let texts: Vec<String> = text.lines().map(str::to_owned).collect();
    let model = model::find(model::DEFAULT, Path::new(""))?;
    let mut pool = bert::open_pool(&model, precision, threads)?;
    encode_windows(&texts[..texts.len().min(64)], &mut pool, |_, _| (), |_| ())?;
    let started = Instant::now();
    encode_windows(&texts, &mut pool, |ids, v| (ids.len(), v[0]), |_| ())?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = texts.len() as f64 / seconds;
    println!(
        "{{\"engine\":\"canvass\",\"precision\":\"{}\",\"threads\":{threads},\"texts\":{},\"seconds\":{seconds:.3},\"texts_per_second\":{rate:.1}}}",
        precision.resolve()?.name(),
        texts.len()
    );
    Ok(())
}
