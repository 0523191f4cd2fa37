//! `canvass evaluate`: coded tables in, agreement as a table or JSON on stdout.

use std::path::Path;

use canvass::answers::score;
use canvass::codebook::{self, Codebook};
use canvass::coded::{self, CodedTable, Columns};
use canvass::evaluate::{self, Coders, LeftOut, Machine, tell};
use canvass::fsx;

use super::Exit;
use super::args::Evaluate;
use super::console::{block, error, json, say};

/// Measures agreement.
pub(super) fn execute(args: &Evaluate) -> Exit {
    let book = match codebook::read_of_people(&args.codebook) {
        Ok(book) => book,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Usage;
        }
    };
    if let Some(out) = &args.run {
        return against(args, out, &book);
    }
    if let Some(model) = &args.model {
        return of_model(args, model, &book);
    }
    if let Err(exit) = args.adjudicate.as_deref().map_or(Ok(()), is_free) {
        return exit;
    }
    let coders = match evaluate::read(&args.coded, &book) {
        Ok(coders) => coders,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Usage;
        }
    };
    coders.warnings.iter().for_each(|w| say(format_args!("warning: {w}")));
    let found = evaluate::agreement(&coders, &book, args.seed);
    if args.json {
        json(&serde_json::to_value(&found).unwrap_or_default());
    } else {
        block(&tell::agreement(&found));
    }
    adjudicate(args, &coders, &book)
}

/// Compares a run with what people coded.
fn against(args: &Evaluate, out: &Path, book: &Codebook) -> Exit {
    let [path] = args.coded.as_slice() else {
        error("a run is compared with one coded table", Some("name one table".into()));
        return Exit::Usage;
    };
    let columns = Columns {
        text: None,
        groups: args.group.clone(),
        participant: args.participant.clone(),
        ..Columns::default()
    };
    let met = || -> Result<(CodedTable, Vec<Machine>, LeftOut), evaluate::Error> {
        let mut table = coded::read(path, book, &columns)?;
        let told = evaluate::weigh(&mut table, path, book)?;
        table.warnings.extend(told);
        let (machine, left) = evaluate::meet(&mut table, &evaluate::of_run(out, book)?)?;
        Ok((table, machine, left))
    };
    let (table, machine, left) = match met() {
        Ok(found) => found,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Usage;
        }
    };
    if left.unknown > 0 {
        say(format_args!("warning: {} coded rows are no responses of that run", left.unknown));
    }
    if left.aside > 0 {
        say(format_args!(
            "warning: {} coded rows are of answers that the run set aside (see ledger.csv), and are \
             not in the figures",
            left.aside
        ));
    }
    compared(args, &table, &machine, book)
}

/// Compares a trained model with what people coded.
fn of_model(args: &Evaluate, model: &Path, book: &Codebook) -> Exit {
    let [path] = args.coded.as_slice() else {
        error("a model is compared with one coded table", Some("name one table".into()));
        return Exit::Usage;
    };
    let columns = Columns {
        text: Some(args.text.clone().unwrap_or_else(|| "text".into())),
        context: args.context.clone(),
        groups: args.group.clone(),
        participant: args.participant.clone(),
        ..Columns::default()
    };
    let (model, coded, encoder) = (model.to_owned(), path.clone(), args.encoder.clone());
    let request = score::Request { model, coded, columns, encoder, threads: None };
    match score::score(&request, book, &()) {
        Ok(found) => compared(args, &found.table, &found.machine, book),
        Err(e) => {
            error(&e, e.hint());
            if e.is_configuration() { Exit::Usage } else { Exit::Failed }
        }
    }
}

/// Prints how a machine's codes compare with people's.
fn compared(args: &Evaluate, table: &CodedTable, machine: &[Machine], book: &Codebook) -> Exit {
    table.warnings.iter().for_each(|w| say(format_args!("warning: {w}")));
    let found = evaluate::compare(table, machine, book, &args.group, args.seed);
    if args.json {
        json(&serde_json::to_value(&found).unwrap_or_default());
    } else {
        block(&tell::comparison(&found, book));
    }
    Exit::Done
}

/// Whether a file can be written there, before any work is done.
fn is_free(path: &Path) -> Result<(), Exit> {
    if path.symlink_metadata().is_ok() {
        error(
            format_args!("`{}` is there already", path.display()),
            Some("decisions are never written over: move it away, or name another file".into()),
        );
        return Err(Exit::Usage);
    }
    fsx::probe_dir(&fsx::Os, fsx::folder_of(path)).map_err(|e| {
        let other = |hint: String| hint.replace("`--out DIR`", "`--adjudicate FILE.xlsx`");
        error(&e, e.hint().map(other));
        if e.is_configuration() { Exit::Usage } else { Exit::Failed }
    })
}

fn adjudicate(args: &Evaluate, coders: &Coders, book: &Codebook) -> Exit {
    let Some(path) = &args.adjudicate else { return Exit::Done };
    let (bytes, rows) = match evaluate::differences(coders, book) {
        Ok(made) => made,
        Err(e) => {
            error(&e, e.hint());
            return Exit::Failed;
        }
    };
    if rows == 0 {
        say("coders differ on no answer, so there is nothing to decide");
        return Exit::Done;
    }
    match fsx::write_new(&fsx::Os, path, &bytes) {
        Ok(()) => {
            say(format_args!("{rows} answers to decide: {}", path.display()));
            Exit::Done
        }
        Err(e) => {
            error(&e, e.hint());
            if e.is_configuration() { Exit::Usage } else { Exit::Failed }
        }
    }
}
