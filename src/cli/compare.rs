//! `canvass compare`: two finished runs in, what rose, fell and is new on stdout or in a file.

use std::path::Path;

use canvass::compare::{self, Comparison, Error, file::Format, tell};
use canvass::fsx;

use super::Exit;
use super::args::Compare;
use super::console::{block, error, json, say};

/// Compares two waves.
pub(super) fn execute(args: &Compare) -> Exit {
    let format = match args.out.as_deref().map(place).transpose() {
        Ok(format) => format,
        Err(exit) => return exit,
    };
    let found = match compared(args) {
        Ok(found) => found,
        Err(e) => {
            error(&e, e.hint());
            return if e.is_configuration() { Exit::Usage } else { Exit::Failed };
        }
    };
    tell::warnings(&found).iter().for_each(|w| say(format_args!("warning: {w}")));
    if args.json {
        json(&serde_json::to_value(&found).unwrap_or_default());
    } else if format.is_none() {
        block(&tell::comparison(&found));
    }
    match (&args.out, format) {
        (Some(path), Some(format)) => write(path, format, &found),
        _ => Exit::Done,
    }
}

fn compared(args: &Compare) -> Result<Comparison, Error> {
    let (then, now) = (compare::read(&args.then)?, compare::read(&args.now)?);
    let [first, second] = args.names.as_slice() else {
        return compare::compare(&then, &now, ["then", "now"]);
    };
    compare::compare(&then, &now, [first, second])
}

/// Which format a file will have, and that it can be written, before any work is done.
fn place(path: &Path) -> Result<Format, Exit> {
    let Some(format) = Format::of(path) else {
        error(
            format_args!("`{}`: its name does not say which format is wanted", path.display()),
            Some("end the name in .html, .md, .csv or .json".into()),
        );
        return Err(Exit::Usage);
    };
    if path.symlink_metadata().is_ok() {
        error(
            format_args!("`{}` is there already", path.display()),
            Some("nothing is written over: move it away, or name another file".into()),
        );
        return Err(Exit::Usage);
    }
    fsx::probe_dir(&fsx::Os, fsx::folder_of(path)).map_err(|e| failed(&e))?;
    Ok(format)
}

fn write(path: &Path, format: Format, found: &Comparison) -> Exit {
    match fsx::write_new(&fsx::Os, path, &format.render(found)) {
        Ok(()) => {
            say(format_args!("{}: {}", tell::briefly(found), path.display()));
            Exit::Done
        }
        Err(e) => failed(&e),
    }
}

fn failed(e: &fsx::Error) -> Exit {
    let other = |hint: String| hint.replace("`--out DIR`", "`--out FILE`");
    error(e, e.hint().map(other));
    if e.is_configuration() { Exit::Usage } else { Exit::Failed }
}
