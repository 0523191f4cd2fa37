//! What a gold sample takes and what it refuses.

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
    Codebook { title: "T".into(), themes: ["a", "b"].map(theme).to_vec(), hash: "h".into() }
}

fn design() -> Design {
    let unit = |id: &str| Unit {
        stratum: 0,
        participant: id.into(),
        probability: 0.5,
        responses: vec![format!("{id}:Q1")],
    };
    Design {
        purpose: Purpose::Gold,
        seed: 1,
        inputs_sha256: "i".into(),
        codebook_sha256: "h".into(),
        strata: vec![Stratum { source: "S".into(), theme: "a".into(), size: 4, drawn: 2 }],
        units: vec![unit("R1"), unit("R2")],
    }
}

/// Reads files of a folder, with a design where one is given.
fn gold(files: &[(&str, &str)], design: Option<&Design>) -> Result<Gold, Error> {
    let dir = tempfile::tempdir().unwrap();
    if let Some(design) = design {
        std::fs::write(dir.path().join(DESIGN), design.to_bytes()).unwrap();
    }
    let write = |(name, text): &(&str, &str)| {
        std::fs::write(dir.path().join(name), text).unwrap();
        (dir.path().join(name), (*name).to_owned())
    };
    Gold::read(&files.iter().map(write).collect::<Vec<_>>(), &book())
}

#[test]
fn two_coders_who_agree_make_an_answer_and_who_decides_overrules_both() {
    let one = ("ann.csv", "id,a,b\nR1:Q1,1,0\nR2:Q1,0,1\n");
    let two = ("bob.csv", "id,a,b\nR1:Q1,1,0\nR2:Q1,1,1\n");
    let decided = ("decided.csv", "id,codes,coder\nR2:Q1,b,adjudicated\n");
    let found = gold(&[one, two, decided], Some(&design())).unwrap();
    assert_eq!(found.coders, ["ann", "bob"]);
    assert_eq!(found.answers["R1:Q1"], [0]);
    assert_eq!(found.answers["R2:Q1"], [1]);
    assert_eq!(found.ratings["R2:Q1"], [Some(vec![1]), Some(vec![0, 1])]);
    let open = gold(&[one, two], Some(&design())).unwrap_err();
    assert_eq!(open.to_string(), "coders differ on 1 of 2 answers, and nobody has decided them");
    assert!(open.hint().unwrap().contains("--adjudicate"));
}

#[test]
fn a_sample_that_is_not_this_ones_is_refused() {
    let whole = ("g.csv", "id,codes\nR1:Q1,a\nR2:Q1,\n");
    assert!(gold(&[whole], Some(&design())).is_ok());
    assert!(gold(&[whole], None).unwrap().design.is_none());
    let other = Design { codebook_sha256: "x".into(), ..design() };
    let cases = [
        (gold(&[whole], Some(&other)), "from another codebook"),
        (
            gold(&[("g.csv", "id,codes\nR9:Q1,a\n")], Some(&design())),
            "row 2, column `id`: this answer was not drawn",
        ),
        (
            gold(&[("g.csv", "id,codes\nR1:Q1,a\n")], Some(&design())),
            "1 of the 2 answers that were drawn",
        ),
        (
            gold(&[("g.csv", "id,a,b,done\nR1:Q1,1,,\nR2:Q1,,,\n")], Some(&design())),
            "1 rows are not coded yet, the first is row 3",
        ),
    ];
    for (result, wanted) in cases {
        let error = result.unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(error.hint().is_some());
    }
    assert!(design().is_of_inputs("i").is_ok());
    assert!(design().is_of_inputs("j").unwrap_err().to_string().contains("another set of answers"));
}

#[test]
fn a_design_comes_back_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(DESIGN), design().to_bytes()).unwrap();
    assert_eq!(Design::beside(dir.path()).unwrap(), Some(design()));
    std::fs::write(dir.path().join(DESIGN), "{}").unwrap();
    assert!(Design::beside(dir.path()).unwrap_err().to_string().contains("is not what"));
    assert!(design().holds("R2:Q1") && !design().holds("R3:Q1"));
}

#[test]
fn a_table_to_learn_from_finds_the_gold_sample_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["gold", "training"] {
        std::fs::create_dir(dir.path().join(folder)).unwrap();
    }
    let near = |table: &str| Design::near(&dir.path().join(table)).unwrap();
    assert_eq!(near("training/training.xlsx"), None);
    std::fs::write(dir.path().join("gold").join(DESIGN), design().to_bytes()).unwrap();
    for table in ["training/training.xlsx", "coded.csv", "gold/gold.xlsx"] {
        assert_eq!(near(table), Some(design()), "{table}");
    }
}
