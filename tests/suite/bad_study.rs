//! A wrong study.toml, codebook or command line: one line of error, one of remedy, exit code 2,
//! and nothing written.

use super::harness::{CODEBOOK, LIGHTS, PATROL, Study, canvass};

fn good() -> Study {
    Study::of_answers([PATROL, LIGHTS])
}

/// The good study with one piece of its study.toml replaced.
#[track_caller]
fn with(from: &str, to: &str) -> Study {
    let study = good();
    let text = study.text();
    assert!(text.contains(from), "{text}");
    let changed = text.replacen(from, to, 1);
    study.toml(&changed)
}

fn book(text: &str) -> Study {
    good().file("codebook.toml", text)
}

#[test]
fn the_study_that_the_others_spoil_runs() {
    assert_eq!(good().done().states()["coded"], 2);
}

#[test]
fn a_missing_study_is_named() {
    let run = canvass(&["run", "/nonexistent/study"]);
    let said = "error: /nonexistent/study: no study here\nhint: name a study.toml or its folder, such as `canvass run samples/community-safety`\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (2, "", said));
}

#[test]
fn an_unknown_key_is_refused_with_its_place_and_the_nearest_key() {
    with("perspective", "perspektive").refused(
        2,
        "error: <study>/study.toml: line 9, column 1: unknown key `perspektive`\nhint: did you mean `perspective`?",
    );
}

#[test]
fn broken_toml_is_refused_with_its_place() {
    with("name = \"Survey\"", "name = Survey\"").refused(
        2,
        "error: <study>/study.toml: line 7, column 8: missing opening quote, expected `\"`\nhint: the files in samples/community-safety are examples of a study and a codebook",
    );
}

#[test]
fn a_missing_key_is_named_with_its_table() {
    with("kind = \"survey\"\n", "").refused(
        2,
        "error: <study>/study.toml: line 6, column 1: missing field `kind`\nhint: the files in samples/community-safety are examples of a study and a codebook",
    );
}

#[test]
fn a_wrong_type_is_refused_with_its_place() {
    with("id = \"Id\"", "id = 7").refused(
        2,
        "error: <study>/study.toml: line 11, column 6: invalid type: integer `7`, expected a string\nhint: the files in samples/community-safety are examples of a study and a codebook",
    );
}

#[test]
fn a_study_without_a_source_is_refused() {
    Study::new().refused(
        2,
        "error: <study>/study.toml: the study has no [[source]]\nhint: add a [[source]] with name, kind, perspective and path",
    );
}

#[test]
fn a_survey_without_a_question_is_refused() {
    with("[[source.question]]\ncolumn = \"Q1\"\n", "").refused(
        2,
        "error: <study>/study.toml: source `Survey` has no [[source.question]]\nhint: name the column with the open answers: [[source.question]] column = \"Q1\"",
    );
}

#[test]
fn a_transcript_with_a_question_is_refused() {
    with("kind = \"survey\"", "kind = \"interview\"").refused(
        2,
        "error: <study>/study.toml: source `Survey` is a transcript and has a [[source.question]]\nhint: questions belong to kinds `survey` and `comments`",
    );
}

#[test]
fn a_misspelt_kind_is_refused_with_the_nearest_kind() {
    with("kind = \"survey\"", "kind = \"servey\"").refused(
        2,
        "error: <study>/study.toml: line 8, column 8: unknown value `servey`\nhint: did you mean `survey`?",
    );
}

#[test]
fn two_sources_of_one_name_are_refused() {
    good().survey("Survey", &["Q1"], "Id,Q1\n1,a\n").refused(
        2,
        "error: <study>/study.toml: two sources are called `Survey`\nhint: give each source its own name",
    );
}

#[test]
fn a_threshold_beyond_one_is_refused() {
    with("threshold = 0.05", "threshold = 1.5").refused(
        2,
        "error: <study>/study.toml: threshold 1.5 is not between 0 and 1\nhint: leave it out to use the program's own",
    );
}

#[test]
fn a_smallest_cell_of_zero_is_refused() {
    good().tail("[privacy]\nmin_cell = 0\n").refused(
        2,
        "error: <study>/study.toml: min_cell is 0\nhint: 1 shows every count; 11 is the default",
    );
}

#[test]
fn a_smaller_cell_of_a_source_needs_a_reason() {
    let study = |more: &str| {
        let csv = format!("Id,Q1\n1,{PATROL}\n");
        Study::new().table("Partners", "survey", &["Q1"], &format!("id = \"Id\"\n{more}"), csv)
    };
    for reason in ["", "min_cell_reason = \" \"\n"] {
        study(&format!("min_cell = 3\n{reason}")).refused(
            2,
            "error: <study>/study.toml: source `Partners`: min_cell is 3, lower than the study's 11, without a reason\nhint: say in min_cell_reason why so small a count points to nobody who must not be known; the report says it",
        );
    }
    study("min_cell = 0\n").refused(
        2,
        "error: <study>/study.toml: source `Partners`: min_cell is 0\nhint: 1 shows every count; without the line that of [privacy] holds",
    );
    study("min_cell_reason = \"Named\"\n").refused(
        2,
        "error: <study>/study.toml: source `Partners` has a min_cell_reason and no min_cell\nhint: add min_cell, or leave the reason out",
    );
    assert_eq!(study("min_cell = 20\n").run(&[]).code, 0);
}

#[test]
fn a_wrong_form_of_a_table_is_refused() {
    for (key, said) in [
        (
            "encoding = \"latin\"",
            "encoding `latin` is unknown\nhint: use a name such as `utf-8`, `windows-1252` or `shift_jis`, or leave it out",
        ),
        (
            "header_rows = 0",
            "header_rows is counted from 1\nhint: a table without a header has `header_row = 0`",
        ),
        (
            "delimiter = \"\"",
            "delimiter is empty\nhint: write what stands between two cells, such as \";\" or \"\\t\"",
        ),
        (
            "quote = \"'\"\ndelimiter = \"'\"",
            "delimiter holds the quote\nhint: write `quote = \"\"` where cells have no quotes",
        ),
        (
            "quote = \"<<\"",
            "quote is longer than a character\nhint: write one character, or \"\" where cells have no quotes",
        ),
    ] {
        let said = format!("error: <study>/study.toml: source `Survey`: {said}");
        with("id = \"Id\"", key).refused(2, &said);
    }
}

#[test]
fn an_unknown_format_is_refused_with_the_nearest_format() {
    good().tail("[report]\nformats = [\"htlm\"]\n").refused(
        2,
        "error: <study>/study.toml: line 18, column 12: unknown value `htlm`\nhint: did you mean `html`?",
    );
}

#[test]
fn a_missing_list_of_released_quotes_is_refused() {
    good().tail("[privacy]\napproved = \"released.csv\"\n").refused(
        2,
        "error: <study>/released.csv: cannot read: no such file or folder\nhint: check the path; it is taken from the folder of study.toml",
    );
}

#[test]
fn a_missing_codebook_is_named() {
    with("codebook.toml", "codes.toml").refused(
        2,
        "error: <study>/codes.toml: cannot read: no such file or folder\nhint: check the path; it is taken from the folder of study.toml",
    );
}

#[test]
fn a_codebook_of_another_format_is_refused() {
    with("codebook.toml", "codebook.docx").file("codebook.docx", "x").refused(
        2,
        "error: <study>/codebook.docx: a codebook is a .toml, .csv or .qdc file\nhint: samples/community-safety/codebook.toml is an example",
    );
}

#[test]
fn a_codebook_that_is_not_utf8_is_refused() {
    good().file("codebook.toml", b"[codebook]\ntitle = \"Se\xF1al\"\n").refused(
        2,
        "error: <study>/codebook.toml: cannot read: not UTF-8 text\nhint: save it again as UTF-8",
    );
}

#[test]
fn an_unknown_key_of_the_codebook_is_refused_with_its_place() {
    book(&CODEBOOK.replacen("label", "lable", 1)).refused(
        2,
        "error: <study>/codebook.toml: line 6, column 1: unknown key `lable`\nhint: did you mean `label`?",
    );
}

#[test]
fn a_duplicate_theme_is_refused() {
    book(&CODEBOOK.replace("\"lights\"", "\"patrol\"")).refused(
        2,
        "error: <study>/codebook.toml: theme `patrol`: the id occurs twice\nhint: rename or remove one of the two",
    );
}

#[test]
fn a_theme_without_a_definition_is_refused() {
    book(&CODEBOOK.replace("definition = \"Lamps and dark corners.\"\n", "")).refused(
        2,
        "error: <study>/codebook.toml: theme `lights`: it has no `definition`\nhint: write in a sentence what the theme means: people and the program code by it",
    );
}

#[test]
fn a_theme_with_an_unknown_parent_is_refused() {
    book(&CODEBOOK.replace("parent = \"presence\"", "parent = \"presense\"")).refused(
        2,
        "error: <study>/codebook.toml: theme `patrol`: its parent `presense` is not in the codebook\nhint: write the id of a theme in `parent`, or leave it out",
    );
}

#[test]
fn a_codebook_without_a_theme_is_refused() {
    book("[codebook]\ntitle = \"Empty\"\n").refused(
        2,
        "error: <study>/codebook.toml: the codebook has no theme\nhint: add at least one [[theme]]",
    );
}

#[test]
fn a_codebook_table_without_definitions_is_refused() {
    with("codebook.toml", "codebook.csv").file("codebook.csv", "id,label\na,A\n").refused(
        2,
        "error: <study>/codebook.csv: no column `definition`\nhint: a codebook table has the columns `id`, `label` and `definition`",
    );
}

#[test]
fn an_output_folder_below_a_file_is_refused() {
    let study = good().file("notes.txt", "mine");
    let out = study.path("notes.txt/out");
    study.refused_with(
        &["--out", out.to_str().unwrap()],
        2,
        "error: <study>/notes.txt/out: cannot create the folder: not a folder\nhint: a file stands where a folder is needed; choose another folder with `--out DIR`",
    );
}

#[test]
fn an_output_folder_that_is_a_file_is_refused() {
    good().file("out", "mine").refused(
        2,
        "error: <study>/out: cannot create the folder: not a folder\nhint: a file stands where a folder is needed; choose another folder with `--out DIR`",
    );
}

#[test]
fn no_threads_and_unknown_flags_are_refused_by_the_command_line() {
    let study = good();
    for (arguments, line) in [
        (["--threads", "0"], "error: invalid value '0' for '--threads <N>': 0 is not in 1..=1024"),
        (["--threads", "2 --quick"], "error: invalid value '2 --quick' for '--threads <N>'"),
        (["--threads=2", "--quick"], "error: unexpected argument '--quick' found"),
    ] {
        let run = study.run(&arguments);
        assert_eq!(run.code, 2);
        assert!(run.stderr.starts_with(line), "{}", run.stderr);
        assert!(run.stdout.is_empty() && run.outputs.is_empty());
    }
}
