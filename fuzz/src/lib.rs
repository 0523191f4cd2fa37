//! What every target asserts, and how bytes become files that the readers take.
//!
//! In: the fuzzer's bytes. Out: nothing, or an end of the process with the law that was broken.
//! The readers are driven as the program drives them: a path, a [`SourceSpec`], `ingest`. The
//! file lies in memory (`/dev/shm` where there is one), so the program needs no door of its own.

pub mod laws;
pub mod wrap;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use canvass::ingest::{Kind, QuestionSpec, SourceSpec, ingest};

/// The last panic's words, from whatever thread.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Lets a reader catch a dependency's panic, as it does in the program: nothing is printed, and
/// nothing ends. [`run`] reports the panic that nobody caught.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST.lock() {
            *last = panic.to_string();
        }
    }));
}

/// Runs a target on one input and ends the process at a panic that nobody caught.
pub fn run(target: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(target)).is_err() {
        eprintln!("{}", LAST.lock().map(|last| last.clone()).unwrap_or_default());
        std::process::abort();
    }
}

fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = base.join(format!("canvass-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the input");
        folder
    })
}

/// Writes the bytes where a reader finds them.
pub fn file(extension: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(format!("f.{extension}"));
    std::fs::write(&path, bytes).expect("the input is written");
    path
}

/// A source of one file. Tables have the columns `n` (id), `g` and the questions `Q`, `R`;
/// comments in a text or a document are letters.
pub fn spec(kind: Kind, path: PathBuf) -> SourceSpec {
    let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let letter = [".txt", ".docx"].iter().any(|e| shown.ends_with(e));
    let table = kind == Kind::Survey || (kind == Kind::Comments && !letter);
    let question = |name: &str| QuestionSpec { column: name.into(), text: name.into() };
    SourceSpec {
        name: "a source".into(),
        kind,
        files: vec![(path, shown)],
        id: table.then(|| "n".into()),
        groups: if table { vec!["g".into()] } else { vec![] },
        questions: if table { vec![question("Q"), question("R")] } else { vec![] },
        moderators: vec!["Moderator".into()],
        ..SourceSpec::default()
    }
}

/// Reads the bytes twice as a file of the given extension and kind, and checks every law.
pub fn check(kind: Kind, extension: &str, bytes: &[u8]) {
    let spec = spec(kind, file(extension, bytes));
    let read = || ingest(std::slice::from_ref(&spec), &());
    let (first, second) = (read(), read());
    laws::same_answer(&first, &second);
    match (first, second) {
        (Ok(a), Ok(b)) => {
            laws::account(&a, &spec);
            laws::prepared(a, b, kind);
        }
        (Err(e), _) => laws::error(&e.to_string(), e.hint().as_deref()),
        _ => {}
    }
}
