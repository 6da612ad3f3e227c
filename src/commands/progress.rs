//! The progress bar: simulated time on stderr, only where a person can see it. In: instants. Out: a bar.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use simcap::units::Time;

const NANOS_PER_MILLI: u64 = 1_000_000;
/// Redrawing more often than this many times in a run shows nobody more.
const STEPS: u64 = 1_000;

/// A bar as long as the event.
pub struct Progress {
    bar: ProgressBar,
    step: Time,
    next: Time,
}

impl Progress {
    /// A bar over `duration`; hidden when `silent` or when stderr is no terminal.
    pub fn new(duration: Time, silent: bool) -> Progress {
        let target = match silent || !io::stderr().is_terminal() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(duration.0 / NANOS_PER_MILLI), target);
        let template = format!("simulating {{bar:40}} {{msg}} of {duration}, {{eta}} left");
        // The plain bar of the library stands in, should it not like the template.
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Progress { bar, step: duration / STEPS, next: Time::ZERO }
    }

    /// The simulation has come to `now`.
    pub fn at(&mut self, now: Time) {
        if now < self.next || self.bar.is_hidden() {
            return;
        }
        self.next = now + self.step;
        self.bar.set_message(Time::from_secs(now.as_secs_f64() as u64).to_string());
        self.bar.set_position(now.0 / NANOS_PER_MILLI);
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
