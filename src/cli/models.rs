//! `canvass models list` and `canvass models verify`.

use std::path::Path;

use canvass::model::{self, ModelDir};

use super::Exit;
use super::args::{Models, ModelsAction};
use super::console::{data, error};

/// Lists or verifies the built-in models.
pub(super) fn execute(args: &Models) -> Exit {
    let names = match model::built_in() {
        Ok(manifests) => manifests.into_iter().map(|m| m.name).collect::<Vec<_>>(),
        Err(e) => {
            error(&e, e.hint());
            return Exit::Failed;
        }
    };
    let mut exit = Exit::Done;
    for name in names {
        let done = model::find(&name, Path::new("")).and_then(|m| match args.action {
            ModelsAction::List => {
                list(&m);
                Ok(())
            }
            ModelsAction::Verify => m.verify().map(|()| data(format_args!("{name}: verified"))),
        });
        if let Err(e) = done {
            error(&e, e.hint());
            exit = Exit::Failed;
        }
    }
    exit
}

fn list(model: &ModelDir) {
    let m = &model.manifest;
    let here = m.file.iter().all(|f| model.file(&f.path).is_file());
    data(format_args!(
        "{}\t{} numbers a text, {} tokens at most\t{}\t{}\t{}",
        m.name,
        m.dim,
        m.max_tokens,
        m.licence,
        if here { "ready" } else { "not fetched" },
        model.dir.display()
    ));
}
