//! Ctrl-C and SIGTERM: the run ends within a second and leaves nothing half-written.
//!
//! In: signals. Out: exit code 130 or 143, and a line on what is kept. Every file appears whole
//! or not at all, so the process may end at any moment but one: while the outputs are put in
//! place it finishes that first. A second signal ends it at once, then too.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

use super::console::say;
use super::progress::Bars;

/// What an exit code adds to a signal's number, by the shells' convention.
const BY_SIGNAL: i32 = 128;

/// Listens from now on. Where the system does not let it, signals end the process as usual.
pub(super) fn listen(bars: &Arc<Bars>) {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let bars = Arc::clone(bars);
    let second = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // The order matters: the first signal finds the flag down and raises it.
        let code = BY_SIGNAL + signal;
        let _ = flag::register_conditional_shutdown(signal, code, Arc::clone(&second));
        let _ = flag::register(signal, Arc::clone(&second));
    }
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            // No destructors: those of the engine must not run while its threads compute.
            bars.stop(say, || low_level::exit(BY_SIGNAL + signal));
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(wait);
}
