//! Progress bars: the only file that names indicatif.
//!
//! In: the pipeline's calls. Out: a bar a stage on a terminal, silence in a pipe or with
//! `--quiet`; when the run is stopped, what of its work is kept. Must not know: what a stage does.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use canvass::observe::{Observer, Stage};
use canvass::report::thousands;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows one bar at a time; finished stages leave a line with their count.
pub(crate) struct Bars {
    quiet: bool,
    shown: bool,
    current: Mutex<Option<ProgressBar>>,
    started: Mutex<Option<Instant>>,
    times: Mutex<Vec<(Stage, Duration)>>,
    /// Texts to encode, and those whose vectors a later run will find.
    texts: AtomicU64,
    kept: AtomicU64,
    /// Held while the outputs are put in place; whether they are.
    published: Mutex<bool>,
}

impl Bars {
    /// How long each finished stage took, in order.
    pub(crate) fn times(&self) -> Vec<(Stage, Duration)> {
        self.times.lock().map(|t| t.clone()).unwrap_or_default()
    }

    /// Bars on a terminal, unless `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        Self {
            quiet,
            shown: !quiet && std::io::stderr().is_terminal(),
            current: Mutex::new(None),
            started: Mutex::new(None),
            times: Mutex::new(Vec::new()),
            texts: AtomicU64::new(0),
            kept: AtomicU64::new(0),
            published: Mutex::new(false),
        }
    }

    /// Takes the bar of a stage that failed away.
    pub(crate) fn clear(&self) {
        if let Ok(mut current) = self.current.lock()
            && let Some(bar) = current.take()
        {
            bar.finish_and_clear();
        }
    }

    /// Ends the run by `exit`, as soon as the outputs are not being put in place. Clears the bar
    /// and says by `say` what is kept.
    pub(crate) fn stop(&self, say: impl Fn(String), exit: impl FnOnce()) {
        let published = self.published.lock().unwrap_or_else(PoisonError::into_inner);
        // Both stay locked: no bar appears and no output changes from here on.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = current.take() {
            bar.finish_and_clear();
        }
        let (kept, texts) = (self.kept.load(Ordering::SeqCst), self.texts.load(Ordering::SeqCst));
        if *published && !self.quiet {
            say("canvass: stopped after the outputs were written".into());
        } else if kept > 0 && !self.quiet {
            let (kept, texts) = (thousands(kept), thousands(texts));
            say(format!(
                "canvass: stopped; {kept} of {texts} texts are encoded and kept: run the same command again to go on"
            ));
        } else if !self.quiet {
            say("canvass: stopped before it encoded any text; no output was changed".into());
        }
        exit();
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
        if stage == Stage::Code {
            self.texts.store(total.unwrap_or(0), Ordering::SeqCst);
        }
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

    fn kept(&self, n: u64) {
        self.kept.fetch_add(n, Ordering::SeqCst);
    }

    fn uninterrupted(&self, work: &mut dyn FnMut()) {
        let mut published = self.published.lock().unwrap_or_else(PoisonError::into_inner);
        work();
        *published = true;
    }
}
