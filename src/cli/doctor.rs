//! `canvass doctor`: what a run would find on this machine, up to a warm-up batch.

use std::path::Path;

use canvass::encode::{Precision, bert, encode_all, instruction_set};
use canvass::model;

use super::Exit;
use super::console::{data, error};

/// Checks the machine.
pub(super) fn execute() -> Exit {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    data(format_args!("canvass {}", env!("CARGO_PKG_VERSION")));
    data(format_args!("cores: {cores}"));
    data(format_args!("instruction set: {}", instruction_set()));
    let found = model::find(model::DEFAULT, Path::new("")).and_then(|m| m.verify().map(|()| m));
    let model = match found {
        Ok(model) => model,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Failed;
        }
    };
    data(format_args!("model: {} in {}, verified", model.manifest.name, model.dir.display()));
    let warm = Precision::Auto.resolve().and_then(|precision| {
        let mut pool = bert::open_pool(&model, precision, 1)?;
        encode_all(&["a warm-up".to_owned()], &mut pool).map(|v| (precision, v))
    });
    match warm {
        Ok((precision, vector)) if vector.iter().all(|x| x.is_finite()) => {
            data(format_args!(
                "engine: {} numbers from a warm-up batch in {}",
                vector.len(),
                precision.name()
            ));
            Exit::Done
        }
        Ok(_) => {
            error("the engine returned numbers that are not finite", None);
            Exit::Failed
        }
        Err(e) => {
            error(&e, e.hint());
            Exit::Failed
        }
    }
}
