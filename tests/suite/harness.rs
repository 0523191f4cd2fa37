//! A study in a folder of its own, and the real program on it.
//!
//! [`Study`] is a chainable builder: codebook, sources, files, settings. [`Study::run`] executes
//! the binary with an empty environment but the places of the cache, and returns what it said
//! and wrote, with the machine's paths replaced by `<study>` and `<models>`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use canvass::plan::{Options, Plan};
use parquet::file::reader::{FileReader, SerializedFileReader};
use tempfile::TempDir;

/// The checkout.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Sentences that the tiny model codes with the themes of [`CODEBOOK`], since they stand in it.
pub const PATROL: &str = "Please walk around the block.";
pub const LIGHTS: &str = "The lamps here are broken.";
pub const LISTEN: &str = "Nobody listens when we talk.";

/// One area with a theme inside it, and two more themes.
pub const CODEBOOK: &str = r#"[codebook]
title = "A small codebook"

[[theme]]
id = "presence"
label = "Presence"
definition = "Being seen in the neighborhood."
tags = ["plan-element:engagement-and-visibility"]

[[theme]]
id = "patrol"
label = "Foot patrol"
definition = "Officers walk the streets."
examples = ["Please walk around the block.", "More officers on foot in the park."]
parent = "presence"

[[theme]]
id = "lights"
label = "Street lights"
definition = "Lamps and dark corners."
examples = ["The lamps here are broken.", "It is too dark at the bus stop."]

[[theme]]
id = "listen"
label = "Being listened to"
definition = "Officers listen and explain."
examples = ["Nobody listens when we talk.", "They should come back and tell us."]
"#;

/// A study under construction.
pub struct Study {
    folder: TempDir,
    title: String,
    head: String,
    sources: String,
    tail: String,
    encoder: String,
    text: Option<String>,
}

/// What a run said and wrote.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    /// The files of the output folder by name.
    pub outputs: BTreeMap<String, Vec<u8>>,
}

impl Study {
    /// A study with [`CODEBOOK`], the tiny model and no source.
    pub fn new() -> Self {
        let study = Self {
            folder: tempfile::tempdir().unwrap(),
            title: "A test".into(),
            head: "codebook = \"codebook.toml\"\nthreshold = 0.05\n".into(),
            sources: String::new(),
            tail: String::new(),
            encoder: format!("[encoder]\nmodel = \"{ROOT}/models/tiny\"\n"),
            text: None,
        };
        study.file("codebook.toml", CODEBOOK)
    }

    /// A study with one survey of one question, `Q1`, identified by `Id`.
    pub fn of_answers<'a>(answers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["Id", "Q1"]).unwrap();
        for (i, answer) in answers.into_iter().enumerate() {
            csv.write_record([format!("R{}", i + 1).as_str(), answer]).unwrap();
        }
        Self::new().survey("Survey", &["Q1"], csv.into_inner().unwrap())
    }

    /// Writes a file of the study.
    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// Adds a survey `<name>.csv` in lower case, identified by `Id`.
    pub fn survey(self, name: &str, questions: &[&str], bytes: impl AsRef<[u8]>) -> Self {
        self.table(name, "survey", questions, "id = \"Id\"\n", bytes)
    }

    /// Adds a table of the given kind; `more` are further lines of the source.
    pub fn table(
        self,
        name: &str,
        kind: &str,
        questions: &[&str],
        more: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Self {
        let file = format!("{}.csv", name.to_lowercase());
        let columns: String =
            questions.iter().map(|q| format!("[[source.question]]\ncolumn = \"{q}\"\n")).collect();
        self.file(&file, bytes).source(&format!(
            "name = \"{name}\"\nkind = \"{kind}\"\nperspective = \"Community\"\npath = \"{file}\"\n{more}{columns}"
        ))
    }

    /// Adds transcripts: `path` may hold a `*`; the files are written by [`Study::file`].
    pub fn talk(self, name: &str, kind: &str, path: &str) -> Self {
        self.source(&format!(
            "name = \"{name}\"\nkind = \"{kind}\"\nperspective = \"Members\"\npath = \"{path}\"\nmoderators = [\"Moderator\"]\n"
        ))
    }

    /// Adds a source as it stands.
    pub fn source(mut self, toml: &str) -> Self {
        self.sources.push_str(&format!("\n[[source]]\n{toml}"));
        self
    }

    /// Sets the title.
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    /// Adds lines to `[study]`.
    pub fn head(mut self, toml: &str) -> Self {
        self.head.push_str(toml);
        self
    }

    /// Adds tables behind the sources, such as `[privacy]`.
    pub fn tail(mut self, toml: &str) -> Self {
        self.tail.push_str(toml);
        self
    }

    /// Names another model.
    pub fn model(mut self, name: &str) -> Self {
        self.encoder = format!("[encoder]\nmodel = \"{name}\"\n");
        self
    }

    /// Replaces the whole study.toml.
    pub fn toml(mut self, text: &str) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The text of study.toml as it will be written.
    pub fn text(&self) -> String {
        let Self { title, head, sources, tail, encoder, .. } = self;
        let built = || format!("[study]\ntitle = {title:?}\n{head}{sources}\n{encoder}{tail}");
        self.text.clone().unwrap_or_else(built)
    }

    /// A path inside the study's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes study.toml and executes `canvass run <study> --threads 2` with further arguments.
    pub fn run(&self, arguments: &[&str]) -> Run {
        std::fs::write(self.path("study.toml"), self.text()).unwrap();
        let folder = self.folder.path().to_str().unwrap();
        let threads: &[&str] = if arguments.iter().any(|a| a.starts_with("--threads")) {
            &[]
        } else {
            &["--threads", "2"]
        };
        let mut run = canvass(&[&["run", folder], threads, arguments].concat());
        for said in [&mut run.stdout, &mut run.stderr] {
            *said = said.replace(folder, "<study>");
        }
        run.outputs = files(&self.path("out"));
        run
    }

    /// Runs the library on the study, in this process, which is faster than the program.
    pub fn run_here(&self) -> (canvass::pipeline::Outcome, Run) {
        std::fs::write(self.path("study.toml"), self.text()).unwrap();
        let options = Options { threads: Some(2), ..Options::default() };
        let plan = Plan::new(self.folder.path(), &options).unwrap();
        let outcome = canvass::pipeline::run(&plan, &()).unwrap();
        let (stdout, stderr) = (String::new(), String::new());
        let outputs = files(&self.path("out"));
        (outcome, Run { code: 0, stdout, stderr, outputs })
    }

    /// Runs and demands success.
    pub fn done(&self) -> Run {
        let run = self.run(&[]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run
    }

    /// Runs and demands that it fails with exactly these two lines and leaves nothing behind.
    #[track_caller]
    pub fn refused(&self, code: i32, stderr: &str) {
        self.refused_with(&[], code, stderr);
    }

    /// The same with further arguments.
    #[track_caller]
    pub fn refused_with(&self, arguments: &[&str], code: i32, stderr: &str) {
        std::fs::write(self.path("study.toml"), self.text()).unwrap();
        let before = files(self.folder.path());
        let folders = folders(self.folder.path());
        let run = self.run(arguments);
        assert_eq!(run.stderr.trim_end(), stderr.trim_end());
        assert_eq!(run.code, code);
        assert_eq!(run.stdout, "");
        let begins: Vec<&str> =
            run.stderr.lines().map(|l| l.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(begins, ["error:", "hint:"], "one line of error and one of remedy");
        let after = files(self.folder.path());
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        assert!(before == after, "a file changed");
        assert_eq!(folders, self::folders(self.folder.path()), "a folder is left");
    }
}

impl Run {
    /// An output as text.
    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        let bytes = self.outputs.get(name).unwrap_or_else(|| panic!("no {name} was written"));
        std::str::from_utf8(bytes).unwrap()
    }

    /// An output as JSON.
    #[track_caller]
    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(self.text(name)).unwrap()
    }

    /// The records of a CSV output, by column name.
    #[track_caller]
    pub fn records(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        records(self.text(name).as_bytes())
    }

    /// How many responses of the ledger are in each state.
    pub fn states(&self) -> BTreeMap<String, u64> {
        let mut states = BTreeMap::new();
        for row in self.records("ledger.csv") {
            *states.entry(row["state"].clone()).or_default() += 1;
        }
        states
    }

    /// Everything that left the program: both streams, names and contents of all outputs.
    pub fn everything(&self) -> String {
        let mut all = format!("{}\n{}\n", self.stdout, self.stderr);
        for (name, bytes) in &self.outputs {
            all.push_str(&format!("{name}\n{}\n", words_of(name, bytes)));
        }
        all
    }
}

/// Everything that can be read in a file: text as it is, packages part by part, Parquet row by
/// row, with the entities of XML resolved in packages.
pub fn words_of(name: &str, bytes: &[u8]) -> String {
    if name.ends_with(".parquet") {
        let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).unwrap();
        return reader.get_row_iter(None).unwrap().map(|r| format!("{}\n", r.unwrap())).collect();
    }
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return String::from_utf8_lossy(bytes).into_owned();
    };
    let mut all = String::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut inflated = Vec::new();
        part.read_to_end(&mut inflated).unwrap();
        let text = words_of(&name, &inflated);
        let text = quick_xml::escape::unescape(&text).map_or_else(|_| text.clone(), Into::into);
        all.push_str(&format!("{name}\n{text}\n"));
    }
    all
}

/// The records of a CSV file, by column name.
pub fn records(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().clone();
    let record = |r: csv::StringRecord| {
        header.iter().zip(&r).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
    };
    reader.records().map(|r| record(r.unwrap())).collect()
}

/// Executes the program in an empty environment but the places of the cache.
pub fn canvass(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
    command.env_clear().args(arguments);
    for name in ["HOME", "XDG_CACHE_HOME", "CANVASS_CACHE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().replace(&format!("{ROOT}/models"), "<models>")
    };
    Run {
        code: output.status.code().expect("the program was killed"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        outputs: BTreeMap::new(),
    }
}

/// Every file below a folder, hidden ones too, by its path inside the folder.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        for path in entries.map(|e| e.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

/// Every folder below a folder.
pub fn folders(folder: &Path) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        let inside: Vec<PathBuf> =
            entries.map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
        open.extend(inside.iter().cloned());
        all.extend(inside);
    }
    all
}
