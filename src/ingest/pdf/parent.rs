//! Starts the process that takes the text out of a PDF, and waits for it, but not for ever.
//!
//! In: bytes. Out: the text, or an error. The process is this program itself, started anew.
//! Must not know: pages, lines.

use std::io::{Read, Write};
#[cfg(not(test))]
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::{MARK, MAX_TEXT, broken};
use crate::ingest::Error;

/// The process bounds its processor time; this ends one that sleeps.
const DEADLINE: Duration = Duration::from_secs(120);

/// The text of a PDF, pages parted by form feeds.
pub(super) fn text(file: &str, bytes: &[u8]) -> Result<String, Error> {
    let unable = |reason: &str| broken(file, reason.into());
    let mut command = command()
        .ok_or_else(|| unable("the program `canvass`, which does it, is not beside this one"))?;
    // The allocator would take a gigabyte at the start, and memory is bounded from there.
    command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| unable("no process can be started for it"))?;
    let (pipe_in, pipe_out) = (child.stdin.take(), child.stdout.take());
    let (Some(mut pipe_in), Some(pipe_out)) = (pipe_in, pipe_out) else {
        return Err(unable("no process can be started for it"));
    };
    let (send, receive) = mpsc::channel();
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut answer = Vec::new();
            let most = MAX_TEXT as u64 * 2;
            let _a_short_answer_is_none = pipe_out.take(most).read_to_end(&mut answer);
            let _the_other_end_waits = send.send(answer);
        });
        scope.spawn(move || {
            let _a_process_that_died_reads_nothing = pipe_in.write_all(bytes);
        });
        let answer = receive.recv_timeout(DEADLINE).unwrap_or_default();
        let _it_may_have_ended = child.kill();
        let _nothing_is_left_of_it = child.wait();
        answer
    });
    judge(file, &answer)
}

fn judge(file: &str, answer: &[u8]) -> Result<String, Error> {
    let mark = format!("\n{MARK} ");
    let mut at = answer.windows(mark.len()).enumerate();
    let begin = at.find(|(_, w)| *w == mark.as_bytes()).map(|(at, _)| at + mark.len());
    let rest = begin.and_then(|begin| answer.get(begin..)).unwrap_or_default();
    let line_end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let head = String::from_utf8_lossy(&rest[..line_end]).into_owned();
    let (word, length) = head.split_once(' ').unwrap_or(("", "0"));
    let body = rest.get(line_end + 1..).unwrap_or_default();
    let body = length.parse().ok().and_then(|n: usize| body.get(..n));
    match (word, body.and_then(|b| String::from_utf8(b.to_vec()).ok())) {
        ("text", Some(text)) => Ok(text),
        ("encrypted", _) => Err(Error::Encrypted { file: file.into() }),
        ("too-big", _) => {
            Err(Error::TooBig { file: file.into(), what: "its text".into(), limit: "20 MB".into() })
        }
        ("damaged", _) => Err(broken(file, "it is damaged".into())),
        _ => Err(broken(file, "it takes more time or memory than a document should".into())),
    }
}

/// This program; a test's or another program's own is none, and `canvass` lies beside or above.
#[cfg(not(test))]
fn command() -> Option<Command> {
    let own = std::env::current_exe().ok()?;
    let name = format!("canvass{}", std::env::consts::EXE_SUFFIX);
    let folders = own.ancestors().skip(1).take(2);
    let program: PathBuf = folders.map(|folder| folder.join(&name)).find(|path| path.is_file())?;
    let mut command = Command::new(program);
    command.arg("extract-pdf");
    Some(command)
}

/// The test binary, told to run the one test that is the process.
#[cfg(test)]
fn command() -> Option<Command> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.args(["--exact", "ingest::pdf::tests::is_the_process", "--nocapture"]);
    command.env("CANVASS_TEST_PDF_PROCESS", "1");
    Some(command)
}
