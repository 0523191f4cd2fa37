//! The rules of the source tree, checked on the source: who may name what, who imports whom,
//! how long a file is.

use std::path::Path;

use super::harness::{ROOT, files};

/// Longest file. Beyond it a reader loses the thread.
const LINES: usize = 600;

/// Test data written out as code: long, but nothing to read.
const DATA: [&str; 1] = ["report/html/fixture.rs"];

/// Every Rust file of `src` by its path inside it.
fn sources() -> Vec<(String, String)> {
    let all = files(&Path::new(ROOT).join("src")).into_iter();
    let rust = all.filter(|(name, _)| name.ends_with(".rs"));
    rust.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

/// Lines that are code, with their numbers: no comment, no doc.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim()));
    lines.filter(|(_, l)| !l.starts_with("//"))
}

/// No code outside `allowed` holds any of `words`.
#[track_caller]
fn only_in(allowed: &dyn Fn(&str) -> bool, words: &[&str]) {
    let mut offenders = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| !allowed(name)) {
        for (number, line) in code(text) {
            for word in words.iter().filter(|w| holds(line, w)) {
                offenders.push(format!("src/{name}:{number}: {word}"));
            }
        }
    }
    assert!(offenders.is_empty(), "{offenders:#?}");
}

/// Whether the word stands in the line, not as the end of a longer word.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"' || c == '`')
    })
}

/// Whether a file holds tests alone: they may say why they skip.
fn is_test(file: &str) -> bool {
    file.ends_with("tests.rs")
}

#[test]
fn only_the_progress_bars_name_indicatif() {
    only_in(&|f| f == "cli/progress.rs", &["indicatif"]);
}

#[test]
fn only_the_engine_adapters_name_the_engine() {
    let adapters = ["encode/bert.rs", "train/finetune/packed.rs", "train/finetune/replica.rs"];
    only_in(&|f| adapters.contains(&f), &["tch::", "rust_bert", "use tch"]);
}

#[test]
fn only_the_command_line_names_clap_and_anyhow() {
    only_in(&|f| f.starts_with("cli/"), &["clap", "anyhow"]);
}

#[test]
fn nothing_prints_but_the_console() {
    only_in(&is_test, &["print!", "println!", "eprint!", "eprintln!", "dbg!"]);
    only_in(&|f| f.starts_with("cli/") || is_test(f), &["stdout()", "stderr()"]);
}

#[test]
fn no_file_of_the_library_reads_the_clock_or_the_network() {
    let words = ["SystemTime", "Instant::now", "std::net", "TcpStream", "UdpSocket", "reqwest"];
    only_in(&|f| f.starts_with("cli/"), &words);
    let settings = ["model/mod.rs", "encode/precision.rs"];
    only_in(&|f| settings.contains(&f) || is_test(f), &["env::var"]);
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    for (name, text) in sources() {
        assert!(text.starts_with("//!"), "src/{name} does not begin with a module doc");
        let n = text.lines().count();
        assert!(n <= LINES || DATA.contains(&name.as_str()), "src/{name} has {n} lines");
    }
}

#[test]
fn a_stage_imports_only_earlier_stages_and_leaves() {
    const STAGES: [&str; 7] =
        ["ingest", "prepare", "encode", "classify", "aggregate", "disclosure", "report"];
    const LEAVES: [&str; 12] = [
        "released",
        "stance",
        "text",
        "fsx",
        "store",
        "observe",
        "codebook",
        "model",
        "config",
        "gold",
        "measure",
        "follow_up",
    ];
    let mut offenders = Vec::new();
    for (name, text) in sources() {
        let stage = name.split('/').next().unwrap_or_default();
        let Some(rank) = STAGES.iter().position(|s| *s == stage) else { continue };
        for (number, line) in code(&text) {
            for (at, _) in line.match_indices("crate::") {
                let module: String = line[at + 7..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let earlier = STAGES[..=rank].contains(&module.as_str());
                // The report shows the study's own words and settings: it reads the plan.
                let plan = stage == "report" && module == "plan";
                if !(earlier || plan || LEAVES.contains(&module.as_str())) {
                    offenders.push(format!("src/{name}:{number}: crate::{module}"));
                }
            }
        }
    }
    assert!(offenders.is_empty(), "{offenders:#?}");
}

#[test]
fn the_reports_formats_see_the_view_alone() {
    let formats = [
        "report/html/",
        "report/docx/",
        "report/workbook/",
        "report/figure.rs",
        "report/md/",
        "report/themes.rs",
    ];
    let words = ["crate::aggregate", "crate::prepare", "crate::classify", "crate::ingest"];
    only_in(&|f| !formats.iter().any(|p| f.starts_with(p)), &words);
}

#[test]
fn the_readme_lists_the_exit_codes_that_the_program_has() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let line = readme.lines().find(|l| l.starts_with("Exit codes:")).unwrap();
    let told: Vec<&str> = line
        .split("**")
        .skip(1)
        .step_by(2)
        .filter(|w| w.chars().all(|c| c.is_ascii_digit()))
        .collect();
    let (_, source) = sources().into_iter().find(|(name, _)| name == "cli/mod.rs").unwrap();
    let body = source.split("enum Exit {").nth(1).unwrap().split('}').next().unwrap();
    let real: Vec<&str> = code(body)
        .filter_map(|(_, l)| l.split_once(" = "))
        .map(|(_, n)| n.trim_end_matches(','))
        .collect();
    assert_eq!(told, real);
}

#[test]
fn every_module_of_the_suite_is_compiled() {
    let main = include_str!("main.rs");
    for name in files(&Path::new(ROOT).join("tests/suite")).keys().filter(|n| !n.contains('/')) {
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("mod {module};")), "{name}");
    }
}
