//! Progress on stderr: a bar of simulated time on a terminal, and lines. In: progress of runs. Out: a bar.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use simcap::ensemble::Told;
use simcap::units::Time;

const NANOS_PER_MICRO: u64 = 1_000;

/// A bar as long as all planned runs of the event; can be updated from any thread.
pub struct Progress {
    bar: ProgressBar,
    duration: Time,
    silent: bool,
}

impl Progress {
    /// A bar for runs of `duration`; hidden when `silent` or when stderr is no terminal.
    pub fn new(duration: Time, silent: bool) -> Progress {
        let target = match silent || !io::stderr().is_terminal() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(duration.0 / NANOS_PER_MICRO), target);
        let template = format!("simulating {{bar:40}} {{percent}} % of {{msg}} of {duration}, {{eta}} left");
        // If the template is not accepted, the default bar of the library is used.
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Progress { bar, duration, silent }
    }

    /// More runs are planned, or more time is simulated.
    pub fn tell(&self, told: Told) {
        if self.bar.is_hidden() {
            return;
        }
        match told {
            Told::Planned(runs) => {
                self.bar.set_length(self.duration.0 / NANOS_PER_MICRO * runs as u64);
                self.bar.set_message(if runs == 1 { "a run".into() } else { format!("{runs} runs") });
            }
            // Rounded down: the rest is less than the length of a run in microseconds and is never visible.
            Told::Simulated(time) => self.bar.inc(time.0 / NANOS_PER_MICRO),
        }
    }

    /// A line about the work done so far: above the bar; without a bar it still goes to a pipe.
    pub fn line(&self, text: &str) {
        match (self.silent, self.bar.is_hidden()) {
            (true, _) => {}
            (false, false) => self.bar.println(text),
            // The reader may be gone; that is no reason to stop.
            (false, true) => drop(writeln!(anstream::stderr(), "{text}")),
        }
    }

    /// Removes the bar.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
