//! What coders' tables give, and which are refused.

use super::*;
use crate::codebook::Theme;

fn book() -> Codebook {
    let theme = |id: &str| Theme {
        id: id.into(),
        label: id.to_uppercase(),
        definition: "x".into(),
        include: Vec::new(),
        exclude: Vec::new(),
        examples: Vec::new(),
        parent: None,
        tags: Vec::new(),
    };
    Codebook { title: "T".into(), themes: ["alpha", "beta"].map(theme).to_vec(), hash: "h".into() }
}

fn read_files(files: &[(&str, &str)]) -> Result<(Coders, tempfile::TempDir), Error> {
    let dir = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, &str)| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    read(&paths, &book()).map(|coders| (coders, dir))
}

const ANN: &str = "id,text,codes\n1,t,alpha\n2,t,alpha;beta\n3,t,\n4,t,beta\n";
const BOB: &str = "id,text,codes\n4,t,beta\n3,t,\n2,t,alpha\n1,t,alpha\n";

#[test]
fn rows_meet_by_id_whatever_their_order() {
    let (coders, _dir) = read_files(&[("ann.csv", ANN), ("bob.csv", BOB)]).unwrap();
    assert_eq!(coders.names, ["ann", "bob"]);
    let found = agreement(&coders, &book(), 1);
    assert_eq!((found.answers, found.exact), (4, 0.75));
    let [alpha, beta] = found.themes.as_slice() else { panic!() };
    assert_eq!((alpha.given.as_slice(), alpha.kappa), ([2, 2].as_slice(), Some(1.0)));
    assert_eq!(beta.given, [2, 1]);
    // yes/yes 1, yes/no 1, no/no 2: κ = (.75 − .5) ÷ .5.
    assert!((beta.kappa.unwrap() - 0.5).abs() < 1e-12);
    assert!((beta.positive.unwrap() - 2.0 / 3.0).abs() < 1e-12);
    let told = tell::agreement(&found);
    assert!(told.contains("2 coders (ann, bob), 4 answers"), "{told}");
    assert!(told.contains("too few to say"), "two answers make no alpha reliable: {told}");
}

#[test]
fn two_files_of_one_name_are_two_coders() {
    let dir = tempfile::tempdir().unwrap();
    let write = |(folder, text): (&str, &str)| {
        std::fs::create_dir(dir.path().join(folder)).unwrap();
        let path = dir.path().join(folder).join("gold.csv");
        std::fs::write(&path, text).unwrap();
        path
    };
    let paths: Vec<PathBuf> = [("a", ANN), ("b", BOB)].into_iter().map(write).collect();
    let coders = read(&paths, &book()).unwrap();
    assert_eq!(coders.names, ["gold", "gold (2)"]);
    assert_eq!(agreement(&coders, &book(), 1).answers, 4);
}

#[test]
fn one_table_may_hold_several_coders() {
    let both = "id,text,codes,coder\n1,t,alpha,ann\n1,t,beta,bob\n2,t,,ann\n2,t,,bob\n";
    let (coders, _dir) = read_files(&[("both.csv", both)]).unwrap();
    assert_eq!(coders.names, ["ann", "bob"]);
    assert_eq!(agreement(&coders, &book(), 1).exact, 0.5);
}

#[test]
fn differences_make_a_workbook_that_decides() {
    let (coders, dir) = read_files(&[("ann.csv", ANN), ("bob.csv", BOB)]).unwrap();
    let (bytes, rows) = differences(&coders, &book()).unwrap();
    assert_eq!(rows, 1);
    std::fs::write(dir.path().join("decided.xlsx"), bytes).unwrap();
    let open = coded::read(&dir.path().join("decided.xlsx"), &book(), &Columns::default());
    assert!(open.unwrap_err().to_string().contains("none of the 1 rows is coded"));
}

#[test]
fn tables_that_do_not_fit_each_other_are_refused() {
    let short = "id,text,codes\n1,t,alpha\n2,t,alpha\n";
    let others = "id,text,codes\n8,t,alpha\n9,t,alpha\n";
    let cases = [
        (vec![("ann.csv", ANN)], "there is one coder"),
        (vec![("ann.csv", ANN), ("bob.csv", short)], "lacks 2 of the rows of"),
        (vec![("ann.csv", short), ("bob.csv", ANN)], "lacks 2 of the rows of"),
        (vec![("ann.csv", ANN), ("bob.csv", others)], "have no row in common"),
    ];
    for (files, wanted) in cases {
        let error = read_files(&files).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(error.hint().is_some());
    }
}

#[test]
fn a_machine_is_compared_by_theme_and_by_group() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("coded.csv");
    let mut text = "id,text,codes,district\n".to_owned();
    for i in 0..40 {
        let code = if i % 2 == 0 { "alpha" } else { "" };
        text += &format!("{i},t,{code},{}\n", if i < 20 { "North" } else { "South" });
    }
    std::fs::write(&path, text).unwrap();
    let groups = vec!["district".to_owned()];
    let columns = Columns { groups: groups.clone(), ..Columns::default() };
    let table = coded::read(&path, &book(), &columns).unwrap();
    // Right in the north; finds nothing in the south.
    let machine: Vec<Machine> = (0..40)
        .map(|i| {
            let yes = i % 2 == 0 && i < 20;
            let codes = if yes { vec![0] } else { Vec::new() };
            Machine { codes, probabilities: vec![if yes { 1.0 } else { 0.0 }, 0.0] }
        })
        .collect();
    let found = compare(&table, &machine, &book(), &groups, 1);
    assert!((found.quality.micro.value - 2.0 / 3.0).abs() < 1e-12);
    assert!((found.calibration_error.unwrap() - 10.0 / 80.0).abs() < 1e-12);
    let missed: Vec<f64> = found.groups.iter().map(|(.., r)| r.missed.unwrap().value).collect();
    assert_eq!(missed, [0.0, 1.0]);
    let told = tell::comparison(&found, &book());
    assert!(told.contains("district = South") && told.contains("micro-F1"), "{told}");
}

#[test]
fn a_drawn_row_stands_for_as_many_as_it_was_drawn_from() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("gold-coder.csv");
    let columns = coded::Columns { text: None, ..coded::Columns::default() };
    let weighed = |table: &str, codebook: &str| {
        let unit = |id: &str, p: f64| {
            serde_json::json!({
                "stratum": 0, "participant": format!("P{id}"), "probability": p, "responses": [id],
            })
        };
        let stratum = serde_json::json!(
            {"source": "S", "theme": "alpha", "size": 9, "drawn": 2}
        );
        let design = serde_json::json!({
            "purpose": "gold", "seed": 1, "inputs_sha256": "i", "codebook_sha256": codebook,
            "strata": [stratum], "units": [unit("1", 0.5), unit("2", 0.1)],
        });
        std::fs::write(dir.path().join("gold-design.json"), design.to_string()).unwrap();
        std::fs::write(&path, table).unwrap();
        let mut table = coded::read(&path, &book(), &columns).unwrap();
        weigh(&mut table, &path, &book()).map(|told| (table, told))
    };
    let (table, told) = weighed("id,codes\n1,alpha\n2,beta\n", "h").unwrap();
    assert_eq!(told, None);
    // The machine misses what stands for ten and finds what stands for two.
    let machine = [Machine { codes: vec![0], ..Machine::default() }, Machine::default()];
    let found = compare(&table, &machine, &book(), &[], 1);
    assert!((found.quality.micro.value - 4.0 / 14.0).abs() < 1e-9);
    let error = |table, codebook| weighed(table, codebook).unwrap_err().to_string();
    assert!(error("id,codes\n1,alpha\n9,beta\n", "h").ends_with("this answer was not drawn"));
    assert!(error("id,codes\n1,alpha\n", "other").contains("another codebook"));
    assert!(error("id,codes\n1,alpha\n", "h").starts_with("1 of the 2 answers that were drawn"));
    std::fs::remove_file(dir.path().join("gold-design.json")).unwrap();
    std::fs::write(dir.path().join("training-design.json"), "{}").unwrap();
    let mut table = coded::read(&path, &book(), &columns).unwrap();
    let told = weigh(&mut table, &path, &book()).unwrap();
    assert!(told.unwrap().contains("chosen to learn from"));
}
