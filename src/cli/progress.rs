//! Progress bars: the only file that names indicatif.
//!
//! In: the pipeline's calls. Out: a bar a stage on a terminal, silence in a pipe or with
//! `--quiet`. Must not know: what a stage does.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use canvass::observe::{Observer, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows one bar at a time; finished stages leave a line with their count.
pub(crate) struct Bars {
    shown: bool,
    current: Mutex<Option<ProgressBar>>,
    started: Mutex<Option<Instant>>,
    times: Mutex<Vec<(Stage, Duration)>>,
}

impl Bars {
    /// How long each finished stage took, in order.
    pub(crate) fn times(&self) -> Vec<(Stage, Duration)> {
        self.times.lock().map(|t| t.clone()).unwrap_or_default()
    }

    /// Bars on a terminal, unless `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        Self {
            shown: !quiet && std::io::stderr().is_terminal(),
            current: Mutex::new(None),
            started: Mutex::new(None),
            times: Mutex::new(Vec::new()),
        }
    }
}

/// A bar with count, rate and time left; bytes for reading, items elsewhere.
fn style(stage: Stage, known: bool) -> ProgressStyle {
    let template = match (stage, known) {
        (Stage::Read, _) => "{prefix:>10} [{bar:28}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
        (_, true) => "{prefix:>10} [{bar:28}] {human_pos}/{human_len} {per_sec} {eta} left",
        (_, false) => "{prefix:>10} {spinner} {elapsed}",
    };
    let style = ProgressStyle::with_template(template);
    style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

impl Observer for Bars {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        if let Ok(mut started) = self.started.lock() {
            *started = Some(Instant::now());
        }
        if !self.shown {
            return;
        }
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar = ProgressBar::with_draw_target(total, target)
            .with_style(style(stage, total.is_some()))
            .with_prefix(stage.verb());
        if let Ok(mut current) = self.current.lock() {
            *current = Some(bar);
        }
    }

    fn advance(&self, _: Stage, n: u64) {
        if let Ok(current) = self.current.lock()
            && let Some(bar) = current.as_ref()
        {
            bar.inc(n);
        }
    }

    fn end(&self, stage: Stage) {
        if let (Ok(started), Ok(mut times)) = (self.started.lock(), self.times.lock()) {
            times.extend(started.map(|at| (stage, at.elapsed())));
        }
        if let Ok(mut current) = self.current.lock()
            && let Some(bar) = current.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        if let Ok(mut current) = self.current.lock()
            && let Some(bar) = current.take()
        {
            bar.finish_and_clear();
        }
    }
}
