//! Progress on stderr: a bar of simulated time on a terminal; elsewhere, lines. In: progress of runs. Out: a bar, or a line now and then.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use simcap::ensemble::Told;
use simcap::number::about;
use simcap::units::Time;

const NANOS_PER_MICRO: u64 = 1_000;
/// Without a bar, a line is written after each such time.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A bar as long as all planned runs of the event; can be updated from any thread.
pub struct Progress {
    bar: ProgressBar,
    /// The event, if all runs are of one.
    event: Option<Time>,
    silent: bool,
    began: Instant,
    /// When the last line was written.
    line: Mutex<Instant>,
}

impl Progress {
    /// For runs of one event; silent where nothing is to be said.
    pub fn new(event: Time, silent: bool) -> Progress {
        let progress = Progress::begin(Some(event), event, silent);
        progress.tell(Told::Planned(1));
        progress
    }

    /// For runs whose simulated time is known, such as those of several events: `5 runs of each of 3 scenarios`.
    pub fn of_all(simulated: Time, what: String, silent: bool) -> Progress {
        let progress = Progress::begin(None, simulated, silent);
        progress.bar.set_message(what);
        progress
    }

    /// For files of so many bytes, which are read.
    pub fn of_bytes(bytes: u64, what: String, silent: bool) -> Progress {
        let progress = Progress::begin(None, Time(0), silent);
        progress.bar.set_length(bytes);
        // If the template is not accepted, the other one says it as well.
        if let Ok(style) =
            ProgressStyle::with_template("reading {msg} {bar:40} {percent} % of {total_bytes}, {eta} left")
        {
            progress.bar.set_style(style.progress_chars("━╸ "));
        }
        progress.bar.set_message(what);
        progress
    }

    /// So many bytes more were read.
    pub fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
        self.tell_now_and_then();
    }

    fn begin(event: Option<Time>, simulated: Time, silent: bool) -> Progress {
        let target = match silent || !io::stderr().is_terminal() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(simulated.0 / NANOS_PER_MICRO), target);
        let template = "simulating {bar:40} {percent} % of {msg}, {eta} left";
        // If the template is not accepted, the default bar of the library is used.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        let began = Instant::now();
        Progress { bar, event, silent, began, line: Mutex::new(began) }
    }

    /// More runs are planned, or more time is simulated.
    pub fn tell(&self, told: Told) {
        match (told, self.event) {
            (Told::Planned(runs), Some(event)) => {
                self.bar.set_length(event.0 / NANOS_PER_MICRO * runs as u64);
                let runs = if runs == 1 { "a run".into() } else { format!("{runs} runs") };
                self.bar.set_message(format!("{runs} of {event}"));
            }
            (Told::Planned(_), None) => {}
            (Told::Simulated(time), _) => {
                // Rounded down: the rest is less than the length of a run in microseconds and is never visible.
                self.bar.inc(time.0 / NANOS_PER_MICRO);
                self.tell_now_and_then();
            }
        }
    }

    /// Without a bar, a line on how far it is; not more often than people look.
    fn tell_now_and_then(&self) {
        if self.silent || !self.bar.is_hidden() {
            return;
        }
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if line.elapsed() >= LINE_EVERY {
            *line = Instant::now();
            let percent = (100.0 * self.done()).floor();
            self.line(&format!("{percent} % of {}{}", self.bar.message(), self.left()));
        }
    }

    /// The part that is done.
    fn done(&self) -> f64 {
        let all = self.bar.length().unwrap_or(0).max(1) as f64;
        (self.bar.position() as f64 / all).min(1.0)
    }

    /// `, about 40 s left`, from the pace so far; nothing before there is one.
    pub fn left(&self) -> String {
        let (done, took) = (self.done(), self.began.elapsed().as_secs_f64());
        match done > 0.0 && done < 1.0 && took >= 1.0 {
            true => format!(", {} left", about(took * (1.0 - done) / done)),
            false => String::new(),
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
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_the_part_that_is_done() {
        let progress = Progress::new(Time::from_secs(10), true);
        assert_eq!((progress.done(), progress.bar.message().as_str()), (0.0, "a run of 10s"));
        progress.tell(Told::Planned(4));
        progress.tell(Told::Simulated(Time::from_secs(10)));
        assert_eq!((progress.done(), progress.bar.message().as_str()), (0.25, "4 runs of 10s"));
        assert_eq!(progress.left(), "", "nobody wants to know after less than a second");
        let began = Instant::now() - Duration::from_secs(20);
        assert_eq!(Progress { began, ..progress }.left(), ", about 60 s left");
    }

    /// Two events of different length: what is planned of one of them does not change the whole.
    #[test]
    fn runs_of_several_events_have_one_end() {
        let progress = Progress::of_all(Time::from_secs(40), "2 runs of each of 2 scenarios".into(), true);
        progress.tell(Told::Planned(2));
        progress.tell(Told::Simulated(Time::from_secs(30)));
        assert_eq!(progress.done(), 0.75);
    }
}
