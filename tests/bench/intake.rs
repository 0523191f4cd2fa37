//! Intake speed: rows a second and peak memory of reading, redacting, segmenting and deduplicating.
//!
//! In: `cargo bench --no-default-features --bench intake -- CSV ID COLUMN [THREADS]`. Out: one
//! line of JSON on stdout: rows, distinct segments, seconds by stage, rows a second, peak memory
//! of the process (Linux). Nothing is encoded: the engine is not even linked.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figure")]

use std::time::Instant;

use canvass::ingest::{Kind, QuestionSpec, SourceSpec, ingest};
use canvass::prepare::prepare;

/// The program's own allocator, since it decides part of the speed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let [file, id, column, rest @ ..] = args.as_slice() else {
        println!("intake: give a CSV, its id column and the column with the answers");
        return Ok(());
    };
    let threads = rest.first().map_or(Ok(0), |t| t.parse::<usize>())?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let spec = SourceSpec {
        name: "bench".into(),
        kind: Kind::Survey,
        perspective: "all".into(),
        files: vec![(file.into(), file.clone())],
        id: Some(id.clone()),
        questions: vec![QuestionSpec { column: column.clone(), text: column.clone() }],
        ..SourceSpec::default()
    };
    let started = Instant::now();
    let intake = ingest(&[spec], &())?;
    let read = started.elapsed().as_secs_f64();
    let rows = intake.responses.len();
    let corpus = prepare(intake, &[Kind::Survey], &());
    let total = started.elapsed().as_secs_f64();
    println!(
        "{{\"rows\":{rows},\"distinct_segments\":{},\"read_s\":{read:.2},\"prepare_s\":{:.2},\"rows_per_second\":{:.0},\"peak_mb\":{}}}",
        corpus.uniques.len(),
        total - read,
        rows as f64 / total,
        peak_mb()
    );
    Ok(())
}

/// The most memory that the process ever held, in MB; 0 where the system does not tell.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1000
}
