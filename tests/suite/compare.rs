//! `canvass compare`: two runs, what is said of them, and what is refused.

use super::harness::{CODEBOOK, LIGHTS, LISTEN, PATROL, ROOT, Run, Study, canvass, records};

/// A survey of so many people on patrol, on lights and on listening.
fn wave(counts: [usize; 3]) -> Study {
    let said = [PATROL, LIGHTS, LISTEN].into_iter().zip(counts);
    Study::of_answers(said.flat_map(|(text, n)| std::iter::repeat_n(text, n)))
}

/// The same, already run.
fn done(counts: [usize; 3]) -> Study {
    let study = wave(counts);
    study.done();
    study
}

/// Compares the outputs of two studies; their folders read as `<then>` and `<now>`.
fn compared(then: &Study, now: &Study, more: &[&str]) -> Run {
    let places = [then.path("out"), now.path("out")];
    let [a, b] = places.each_ref().map(|p| p.to_str().unwrap());
    let mut run = canvass(&[&["compare", a, b], more].concat());
    run.stderr = run.stderr.replace(a, "<then>").replace(b, "<now>");
    run
}

#[test]
fn what_rose_and_fell_is_told_in_a_table() {
    let run = compared(&done([90, 20, 14]), &done([50, 60, 14]), &["--names", "2024", "2025"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stderr,
        "warning: Not yet checked by people: 2024 and 2025. A program assigned the codes; how \
         often it errs there is not known.\n"
    );
    let expected = "\
A test
2024 and 2025

== Survey (survey, Community)
2024: 124 respondents. 2025: 124 respondents.

Q1
  Rose: Street lights (16\u{a0}% to 48\u{a0}%, +32.3 points, interval +20.9 to +42.5).
  Fell: Presence (73\u{a0}% to 40\u{a0}%, −32.3 points, interval −43.1 to −20.1); Foot patrol (73\u{a0}% to 40\u{a0}%, −32.3 points, interval −43.1 to −20.1).
  Areas and themes: 1 without a clear change.

                   2024  2025           points (95 %)  p adjusted
Street lights      16\u{a0}%  48\u{a0}%  +32.3 (+20.9 to +42.5)       <.001  rose
Presence           73\u{a0}%  40\u{a0}%  −32.3 (−43.1 to −20.1)       <.001  fell
Foot patrol        73\u{a0}%  40\u{a0}%  −32.3 (−43.1 to −20.1)       <.001  fell
Being listened to  11\u{a0}%  11\u{a0}%      0.0 (−8.1 to +8.1)       1.000  no clear change

";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(run.stdout.contains("Newcombe 1998"), "{}", run.stdout);
}

#[test]
fn a_count_that_one_wave_protects_is_in_no_comparison() {
    let (then, now) = (done([90, 30, 7]), done([70, 30, 40]));
    let folder = tempfile::tempdir().unwrap();
    let mut all = compared(&then, &now, &["--json"]).stdout + &compared(&then, &now, &[]).stdout;
    for name in ["c.html", "c.md", "c.csv", "c.json"] {
        let path = folder.path().join(name);
        let run = compared(&then, &now, &["--out", path.to_str().unwrap()]);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        all.push_str(&std::fs::read_to_string(path).unwrap());
    }
    // 7 of 127, and what it would have risen by.
    for number in ["0.0551", "0.2306", "+23.1", "\"exactly\":7}", "\"exactly\": 7\n"] {
        assert!(!all.contains(number), "{number}");
    }
    let csv = std::fs::read(folder.path().join("c.csv")).unwrap();
    let rows = records(&csv);
    let listen = rows.iter().find(|row| row["theme"] == "listen").unwrap();
    assert_eq!((listen["verdict"].as_str(), listen["difference"].as_str()), ("not-shown", ""));
    assert_eq!(
        (listen["then_participants"].as_str(), listen["now_participants"].as_str()),
        ("", "40")
    );
    let lights = rows.iter().find(|row| row["theme"] == "lights").unwrap();
    assert!(lights["difference"].starts_with("-0.02"), "a number, not text: {lights:?}");
}

#[test]
fn groups_of_speakers_are_counted_and_have_no_percentage() {
    let talk = |first: &str, second: &str| {
        let study = Study::new()
            .talk("Groups", "focus-group", "talks/*.txt")
            .file("talks/a.txt", format!("Moderator: Well?\nAnna: {first}\nBert: {PATROL}\n"))
            .file("talks/b.txt", format!("Moderator: Well?\nCora: {second}\n"))
            .tail("[privacy]\nmin_cell = 1\n");
        study.done();
        study
    };
    let run = compared(&talk(LIGHTS, PATROL), &talk(LIGHTS, LIGHTS), &[]);
    assert!(run.stdout.contains("Then: 3 speakers in 2 groups. Now: 3 speakers in 2 groups."));
    let line = run.stdout.lines().find(|l| l.starts_with("Street lights")).unwrap();
    let cells = ["1 of 2 groups", "2 of 2 groups", "1 of 3, 2 of 3", "raised in both"];
    assert!(cells.iter().all(|cell| line.contains(cell)), "{line}");
    let table = run.stdout.split("== Groups").nth(1).unwrap().split("points:").next().unwrap();
    assert!(!table.contains('%'), "{table}");
}

#[test]
fn another_codebook_and_another_question_are_said() {
    let now = wave([40, 40, 40]);
    let book =
        CODEBOOK.replace("Lamps and dark corners.", "Lamps alone.").replace("listen\"", "hear\"");
    let now = now.file("codebook.toml", book);
    now.done();
    let run = compared(&done([40, 40, 40]), &now, &[]);
    for said in [
        "In the codebook of one wave alone (then), so the other did not look for it: Being listened to.",
        "In the codebook of one wave alone (now), so the other did not look for it: Being listened to.",
        "Street lights: the definition is another.",
        "(defined otherwise)",
        "Then: not in the codebook",
    ] {
        assert!(run.stdout.contains(said), "{said}\n{}", run.stdout);
    }
}

#[test]
fn the_same_waves_give_the_same_bytes() {
    let (then, now) = (done([40, 30, 20]), done([20, 30, 40]));
    assert_eq!(
        compared(&then, &now, &["--json"]).stdout,
        compared(&then, &now, &["--json"]).stdout
    );
}

#[test]
fn what_cannot_be_compared_ends_with_one_line_and_a_hint() {
    let (then, now) = (done([30, 30, 30]), done([30, 40, 30]));
    let place = then.path("out");
    let out = place.to_str().unwrap();
    let refused = |arguments: &[&str], expected: &str| {
        let run = canvass(&[&["compare"], arguments].concat());
        let said = run.stderr.replace(out, "<then>");
        assert_eq!((run.code, said.trim_end(), run.stdout.as_str()), (2, expected, ""));
    };
    refused(
        &[out, out],
        "error: <then>/summary.json: both waves are this file\nhint: name the outputs of the earlier wave, then of the later",
    );
    let src = &format!("{ROOT}/src");
    refused(
        &[out, src],
        &format!(
            "error: {src}: no summary.json, so this is no output folder of a run\nhint: name the output folder of a run with the format `json`, such as `out`"
        ),
    );
    let second = now.path("out");
    let second = second.to_str().unwrap();
    refused(
        &[out, second, "--out", "c.pdf"],
        "error: `c.pdf`: its name does not say which format is wanted\nhint: end the name in .html, .md, .csv or .json",
    );
    refused(
        &[out, second, "--out", &format!("{out}/report.html")],
        "error: `<then>/report.html` is there already\nhint: nothing is written over: move it away, or name another file",
    );
    refused(
        &[out, second, "--names", "a", "a"],
        "error: both waves are called `a`\nhint: name them apart, such as `--names 2024 2025`",
    );
}
