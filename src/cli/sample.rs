//! `canvass sample`: a study in, blind workbooks and their design out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass::fsx;
use canvass::gold::{DESIGN, Design, Purpose, TRAINING};
use canvass::pipeline;
use canvass::plan::{self, Options, Plan};
use canvass::sample::workbook::{PARTICIPANT, Row, Use, workbook};
use canvass::sample::{self, Coded, Drawn, Request, Size};

use super::Exit;
use super::args::{Sample, SampleFor};
use super::console::{error, say};
use super::progress::Bars;
use super::stop;

/// Draws a sample.
pub(super) fn execute(args: &Sample) -> Exit {
    let bars = Arc::new(Bars::new(args.quiet));
    stop::listen(&bars);
    let folder = if args.study.is_dir() {
        args.study.clone()
    } else {
        args.study.parent().unwrap_or(Path::new("")).to_owned()
    };
    let name = match args.purpose {
        SampleFor::Gold => "gold/gold.xlsx",
        SampleFor::Training => "training/training.xlsx",
    };
    let out = args.out.clone().unwrap_or_else(|| folder.join(name));
    let options = Options {
        out: Some(fsx::folder_of(&out).to_owned()),
        threads: args.threads.map(usize::from),
        purpose: plan::Purpose::Sample,
        ..Options::default()
    };
    let plan = match Plan::new(&args.study, &options) {
        Ok(plan) => plan,
        Err(e) => {
            error(&e, e.hint());
            return if e.is_configuration() { Exit::Usage } else { Exit::Failed };
        }
    };
    let request = match request(args, &plan, &folder) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    let files = names(&out, args.coders);
    if let Some(taken) = files.iter().chain([&design_path(&out, args.purpose)]).find(|f| f.exists())
    {
        error(
            format_args!("`{}` is there already", taken.display()),
            Some(
                "a sample is never written over: move it away, or name another with `--out`".into(),
            ),
        );
        return Exit::Usage;
    }
    draw(args, &plan, &request, (&out, &files), &bars)
}

/// What is wanted, with the gold sample that answers to learn from must not touch.
fn request(args: &Sample, plan: &Plan, folder: &Path) -> Result<Request, Exit> {
    let size = match (args.n, args.width) {
        (Some(n), _) => Size::People(n as usize),
        (None, width) => Size::Width(width.unwrap_or(0.05)),
    };
    let (purpose, gold) = match args.purpose {
        SampleFor::Gold => (Purpose::Gold, None),
        SampleFor::Training => {
            let named = plan.gold_folder.clone().unwrap_or_else(|| folder.join("gold"));
            let gold = Design::beside(&named).map_err(|e| {
                error(&e, e.hint());
                Exit::Usage
            })?;
            (Purpose::Training, gold)
        }
    };
    Ok(Request { size, seed: args.seed, purpose, sources: args.source.clone(), gold })
}

/// One workbook a coder.
fn names(out: &Path, coders: u16) -> Vec<PathBuf> {
    if coders == 1 {
        return vec![out.to_owned()];
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    (1..=coders).map(|k| out.with_file_name(format!("{stem}-coder-{k}.xlsx"))).collect()
}

fn design_path(out: &Path, purpose: SampleFor) -> PathBuf {
    match purpose {
        SampleFor::Gold => out.with_file_name(DESIGN),
        SampleFor::Training => out.with_file_name(TRAINING),
    }
}

fn draw(
    args: &Sample,
    plan: &Plan,
    request: &Request,
    (out, files): (&Path, &[PathBuf]),
    bars: &Arc<Bars>,
) -> Exit {
    let made = pipeline::code(plan, bars.as_ref(), |coding| {
        let coded = Coded {
            specs: &plan.sources,
            corpus: &coding.corpus,
            verdicts: &coding.verdicts,
            codebook: &plan.codebook,
        };
        Ok(sample::draw(request, &coded).and_then(|drawn| {
            let whose: Vec<Vec<(String, String)>> =
                drawn.rows.iter().map(|&i| whose(request.purpose, &coded, i)).collect();
            let rows = drawn.rows.iter().zip(&whose);
            let rows: Vec<Row<'_>> = rows.map(|(&i, who)| row(plan, &coded, i, who)).collect();
            let what_for = match request.purpose {
                Purpose::Gold => Use::Blind,
                Purpose::Training => Use::Training,
            };
            Ok((workbook(&rows, &plan.codebook, what_for)?, drawn))
        }))
    });
    bars.clear();
    let (bytes, drawn) = match made {
        Ok(Ok(made)) => made,
        Ok(Err(e)) => {
            error(&e, e.hint());
            return Exit::Usage;
        }
        Err(e) => {
            error(&e, e.hint());
            return if e.is_configuration() { Exit::Usage } else { Exit::Failed };
        }
    };
    let design = (design_path(out, args.purpose), drawn.design.to_bytes());
    let books = files.iter().map(|f| (f.clone(), bytes.clone()));
    // The design first: without it nobody could use the workbooks.
    for (path, bytes) in std::iter::once(design).chain(books) {
        if let Err(e) = fsx::write_new(&fsx::Os, &path, &bytes) {
            error(&e, e.hint());
            return if e.is_configuration() { Exit::Usage } else { Exit::Failed };
        }
    }
    if !args.quiet {
        tell(args, &drawn, files);
    }
    Exit::Done
}

/// Whose answer it is, where the program learns from it: one person's answers must not stand on
/// both sides when it tests itself. The id is that of the ledger, which hides personal ones.
fn whose(purpose: Purpose, coded: &Coded<'_>, at: usize) -> Vec<(String, String)> {
    let response = &coded.corpus.responses[at];
    let Some(person) = response.participant.filter(|_| purpose == Purpose::Training) else {
        return Vec::new();
    };
    let source = &coded.specs[usize::from(response.source)].name;
    let id = &coded.corpus.participants[person as usize].id;
    vec![(PARTICIPANT.to_owned(), format!("{source}: {id}"))]
}

fn row<'a>(plan: &'a Plan, coded: &Coded<'a>, at: usize, more: &'a [(String, String)]) -> Row<'a> {
    let response = &coded.corpus.responses[at];
    let questions = &plan.sources[usize::from(response.source)].questions;
    let question = questions.get(usize::from(response.question)).map_or("", |q| q.text.as_str());
    Row { id: &response.id, question, text: response.text.as_str(), more }
}

fn tell(args: &Sample, drawn: &Drawn, files: &[PathBuf]) {
    let (people, answers) = (drawn.design.units.len(), drawn.rows.len());
    say(format_args!(
        "drawn: {people} people with {answers} answers, from {} strata",
        drawn.design.strata.len()
    ));
    if matches!(args.purpose, SampleFor::Gold) {
        drawn.advice.iter().for_each(|line| say(format_args!("  {line}")));
    }
    for file in files {
        say(format_args!("to be coded: {}", file.display()));
    }
    let Some(file) = files.first() else { return };
    match args.purpose {
        SampleFor::Gold => {
            let at = file.parent().and_then(Path::file_name).unwrap_or_default();
            let at = at.to_string_lossy();
            say(format_args!(
                "when it is coded, name it in study.toml: [gold] path = \"{at}/*.xlsx\""
            ));
        }
        SampleFor::Training => say(format_args!(
            "when it is coded, learn from it: canvass train {} --codebook CODEBOOK --out model \
             --context question",
            file.display()
        )),
    }
}
