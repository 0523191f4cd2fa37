//! Words of a study or of a respondent that are code elsewhere: formulas, tags, links.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use quick_xml::events::Event;

use super::harness::{CODEBOOK, LIGHTS, PATROL, Run, Study, words_of};

const SCRIPT: &str = "<script>alert(1)</script>";
const BREAKOUT: &str = "\\\" onmouseover=\\\"alert(2)";

/// A study in which everything that can be named is hostile, and shown.
fn hostile() -> Study {
    let book = CODEBOOK
        .replace("A small codebook", SCRIPT)
        .replace("\"Presence\"", &format!("\"=HYPERLINK(1) {SCRIPT}\""))
        .replace("\"Street lights\"", &format!("\"@{BREAKOUT} [a](javascript:alert) `x` |\""))
        .replace("\"Officers walk the streets.\"", &format!("\"{SCRIPT} {BREAKOUT}\""))
        .replace("plan-element:engagement-and-visibility", &format!("plan-element:{SCRIPT}"));
    let mut csv = String::from("Id,=Group,Q1\n");
    for i in 0..12 {
        csv.push_str(&format!("=cmd{i},<script>alert(3)</script>,{PATROL}\n"));
        csv.push_str(&format!(
            "@sum{i},\"=1+1 \"\" onmouseover=\"\"x\",it is <b>too dark</b> at the bus stop\n"
        ));
        csv.push_str(&format!(
            "-{i},+1,\"{PATROL} ![i](http://tracker.invalid/x.png) <img src=x> now\"\n"
        ));
    }
    let source = format!(
        "name = \"=Source {SCRIPT}\"\nkind = \"survey\"\nperspective = \"@{BREAKOUT}\"\npath = \"s.csv\"\nid = \"Id\"\ngroups = [\"=Group\"]\n[[source.question]]\ncolumn = \"Q1\"\ntext = \"+Question {SCRIPT} {BREAKOUT}\"\n"
    );
    Study::new()
        .title("<script>alert(4)</script> \" onmouseover=\"x")
        .head(&format!("notice = \"{SCRIPT} [n](http://evil.invalid) {BREAKOUT}\"\n"))
        .file("codebook.toml", book)
        .file("s.csv", csv)
        .source(&source)
        .tail("[privacy]\nmin_cell = 1\nquotes = \"all\"\n")
}

/// Names of elements, and (name, value) of attributes, as a browser would find them.
fn markup(run: &Run) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let mut reader = quick_xml::Reader::from_str(run.text("report.html"));
    reader.config_mut().check_end_names = false;
    let (mut elements, mut attributes) = (BTreeSet::new(), BTreeSet::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                elements.insert(tag.name().as_ref().to_lowercase());
                for attribute in tag.html_attributes().map(Result::unwrap) {
                    let name = attribute.key.as_ref().to_lowercase();
                    let value = attribute.value.into_owned();
                    attributes.insert((name, value));
                }
            }
            Event::Eof => return (elements, attributes),
            _ => {}
        }
    }
}

#[test]
fn no_cell_of_any_table_starts_a_formula() {
    let run = hostile().done();
    let mut n = 0;
    for (name, bytes) in run.outputs.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        for cell in
            reader.records().flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {cell}");
            n += usize::from(cell.starts_with('\''));
        }
    }
    assert!(n > 50, "the hostile cells came out: {n}");
}

#[test]
fn the_page_holds_no_element_and_no_attribute_that_anybody_planted() {
    let run = hostile().done();
    let (elements, attributes) = markup(&run);
    for no in ["img", "iframe", "object", "embed", "link", "base", "b"] {
        assert!(!elements.contains(no), "<{no}>");
    }
    the_pages_own_script_stands_alone(run.text("report.html"));
    for (name, value) in &attributes {
        assert!(!name.starts_with("on") && name != "src", "{name}={value}");
        assert!(name != "href" || value.starts_with('#'), "{name}={value}");
        assert!(!value.contains("://") || name == "xmlns", "{name}={value}");
    }
    assert!(run.text("report.html").contains("&lt;script&gt;alert(4)"), "the title is shown");
}

#[test]
fn the_page_forbids_scripts_but_its_own_and_loads_nothing() {
    let run = Study::of_answers([PATROL]).done();
    let page = run.text("report.html");
    the_pages_own_script_stands_alone(page);
    assert!(page.find("Content-Security-Policy").unwrap() < page.find("<title>").unwrap());
    for no in ["http:", "https:", "url(", "@import", "unsafe-", "fetch(", "eval("] {
        assert!(!page.contains(no), "{no}");
    }
}

/// One script and one form, whatever a study holds, and a policy that lets only this script and
/// these styles work: those with the hashes that it names.
#[track_caller]
fn the_pages_own_script_stands_alone(page: &str) {
    use base64::Engine;
    use sha2::Digest;
    let inside = |tag: &str| {
        let open = format!("<{tag}>");
        assert_eq!(page.matches(&format!("<{tag}")).count(), 1, "{tag}");
        let text = page.split(&open).nth(1).unwrap().split(&format!("</{tag}>")).next().unwrap();
        base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text))
    };
    let policy = format!(
        "content=\"default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'\"",
        inside("script"),
        inside("style")
    );
    assert!(page.contains(&policy), "{policy}");
    assert_eq!(page.matches("<form").count(), 1);
}

#[test]
fn office_files_hold_no_formula_no_field_and_no_link_that_anybody_planted() {
    let run = hostile().done();
    for name in ["workbook.xlsx", "report.docx"] {
        let mut archive = zip::ZipArchive::new(Cursor::new(&run.outputs[name])).unwrap();
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let of = format!("{name}/{}", part.name().unwrap());
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for no in ["<f>", "TargetMode=\"External\"", "<script", "INCLUDE", "DDE"] {
                assert!(!text.contains(no), "{of} holds {no}");
            }
            let hazard = text.chars().find(|c| canvass::report::is_hazard(*c) && *c != '\r');
            assert!(hazard.is_none() || of.ends_with(".xlsx"), "{of}");
        }
        let words = words_of(name, &run.outputs[name]);
        assert!(words.contains("<script>alert(4)</script>"), "the title is shown");
    }
}

#[test]
fn markdown_holds_no_tag_and_no_link_that_anybody_planted() {
    let run = hostile().done();
    let text = run.text("report.md").replace("\\]", "").replace("\\[", "");
    for no in ["<script", "<img", "<b>", "](http", "](javascript"] {
        assert!(!text.contains(no), "{no}");
    }
}

/// Strings that are code, markup, formulas, commands or nonsense somewhere.
const NAUGHTY: &str = include_str!("../data/naughty.json");

/// Every string as an answer, an id, a value of a group and inside an answer that is quoted.
fn naughty() -> (Study, usize) {
    let strings: Vec<String> = serde_json::from_str(NAUGHTY).unwrap();
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["Id", "Group", "Q1", "Q2"]).unwrap();
    for string in &strings {
        let inside = format!("{LIGHTS} {string}");
        csv.write_record([string, string, string, &inside]).unwrap();
    }
    let more = "id = \"Id\"\ngroups = [\"Group\"]\n";
    let study = Study::new()
        .table("Naughty", "comments", &["Q1", "Q2"], more, csv.into_inner().unwrap())
        .tail("[privacy]\nmin_cell = 1\nquotes = \"all\"\n");
    (study, strings.len())
}

#[test]
fn every_naughty_string_is_accounted_for() {
    let (study, n) = naughty();
    let run = study.done();
    assert!(n > 100);
    assert_eq!(run.records("ledger.csv").len(), 2 * n);
    assert!(!run.states().contains_key("rejected"), "{:?}", run.states());
    assert!(run.states()["coded"] > n as u64 / 2, "{:?}", run.states());
}

#[test]
fn no_naughty_string_does_anything_in_any_output() {
    let run = naughty().0.done();
    for (name, bytes) in run.outputs.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        for record in reader.records().map(Result::unwrap) {
            let formula = record.iter().find(|c| c.starts_with(['=', '+', '-', '@', '\t', '\r']));
            assert_eq!(formula, None, "{name}");
        }
    }
    let (elements, attributes) = markup(&run);
    for no in ["img", "iframe", "svg/onload=alert(1)", "meta http-equiv=refresh", "base"] {
        assert!(!elements.contains(no), "<{no}>");
    }
    the_pages_own_script_stands_alone(run.text("report.html"));
    for (name, value) in &attributes {
        assert!(!name.starts_with("on") && name != "src", "{name}={value}");
        assert!(name != "href" || value.starts_with('#'), "{name}={value}");
    }
    for line in run.text("report.md").lines().filter(|line| *line != "<!-- -->") {
        let tag = line.match_indices('<').find(|(at, _)| {
            line[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
        });
        assert_eq!(tag, None, "{line}");
    }
    for name in ["report.html", "report.md"] {
        let hazard = run.text(name).chars().find(|c| canvass::report::is_hazard(*c));
        assert_eq!(hazard, None, "{name}");
    }
}

#[test]
fn a_terminal_obeys_no_name_in_a_message() {
    let names = ["a\u{1b}[31m", "b\u{202e}txt", "c\u{9b}2J", "d\u{7}"];
    for name in names {
        let csv = format!("{name}x,Q1\n1,{PATROL}\n");
        let escaped = |c: char| match c.is_ascii_graphic() {
            true => c.to_string(),
            false => format!("\\u{:04x}", u32::from(c)),
        };
        let id = format!("id = \"{}\"\n", name.chars().map(escaped).collect::<String>());
        let run = Study::new().table("Names", "comments", &["Q1"], &id, csv).run(&[]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        let hazard =
            (run.stderr.clone() + &run.stdout).chars().find(|c| canvass::report::is_hazard(*c));
        assert_eq!(hazard, None, "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
    }
}
