//! Interrupted runs. In: the guard's reason and the run that it ended. Out: the results so far.

use std::fmt;

use super::Ensemble;
use crate::guard::Reason;
use crate::model::{Cut, Measured};
use crate::number::{count, counted, done_of};
use crate::outcome::runs::Runs;
use crate::outcome::warnings::warnings;
use crate::outcome::{Outcome, Partial};
use crate::scenario::Scenario;
use crate::units::Time;

/// Why there are fewer runs than asked for, and how far the first interrupted one was.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Interruption {
    /// The reason.
    pub reason: Reason,
    /// Complete runs.
    pub complete: usize,
    /// Runs that were asked for.
    pub planned: usize,
    /// Simulated span of a whole run.
    pub duration: Time,
    /// Where the first interrupted run was; `None` if it had not started.
    pub cut: Option<Cut>,
    /// Its outcome up to there, if no run is complete and it got beyond its first instant.
    beginning: Option<Box<Outcome>>,
}

impl Ensemble<'_> {
    pub(super) fn interrupt(&mut self, seed: u64, ended: Option<(Measured, Cut)>, planned: usize) {
        let Some(reason) = self.guard.and_then(|guard| guard.reason()) else { return };
        let complete = self.runs.count();
        let (mut beginning, mut cut) = (None, None);
        if let Some((measured, at)) = ended {
            if complete == 0 && at.at > Time::ZERO {
                beginning = Some(Box::new(outcome_until(self.scenario, at.at, seed, measured)));
            }
            cut = Some(at);
        }
        let duration = self.scenario.duration;
        self.interruption = Some(Interruption { reason, complete, planned, duration, cut, beginning });
    }

    /// The results so far: the outcome of the complete runs, or else of the beginning of the first one; it also says
    /// why there are no more.
    pub fn partial_outcome(&self) -> Option<Outcome> {
        let interruption = self.interruption.as_ref()?;
        let mut outcome = match self.runs.count() {
            0 => interruption.beginning.as_deref()?.clone(),
            _ => self.runs.outcome(),
        };
        outcome.partial = Some(Partial {
            reason: interruption.reason.to_string(),
            runs_planned: interruption.planned,
            duration_planned_s: interruption.duration.as_secs_f64(),
        });
        Some(outcome)
    }
}

/// The outcome of a run that was interrupted at an instant.
fn outcome_until(file: &Scenario, at: Time, seed: u64, measured: Measured) -> Outcome {
    let scenario = Scenario { duration: at, ..file.clone() };
    let mut runs = Runs::new(&scenario, &[]);
    runs.add(seed, measured);
    let mut outcome = runs.outcome();
    outcome.warnings = warnings(file, &scenario, &outcome);
    outcome
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interruption { reason, complete, planned, duration, cut, .. } = self;
        let runs = done_of(*complete, *planned, "run", "complete");
        write!(f, "the simulation was ended: {reason}\n  {runs}")?;
        let Some(cut) = cut else { return write!(f, "; the next one was not begun") };
        write!(
            f,
            "; the next one had come to {} of {duration}\n  there {} had arrived and {} {} in flight",
            cut.at,
            counted(cut.arrived, "request"),
            counted(cut.in_flight, "attempt"),
            if cut.in_flight == 1 { "was" } else { "were" },
        )?;
        cut.crowded.iter().try_for_each(|(step, attempts)| write!(f, "\n  {} {step}", count(*attempts)))
    }
}

impl Interruption {
    /// What to do about it.
    pub fn hint(&self) -> String {
        let grown = self.cut.as_ref().and_then(|cut| cut.crowded.first());
        match (self.reason, grown) {
            (Reason::Signal(_) | Reason::Changed, _) => "run it again to get the whole outcome".into(),
            (Reason::Memory { .. }, Some((step, _))) => format!(
                "most are {step}: a client timeout that cancels, a queue limit or more capacity keeps their number \
                 low; or allow more with --max-memory"
            ),
            (Reason::Memory { .. }, None) => {
                "fewer users or keys take less; or allow more with --max-memory".into()
            }
            (Reason::Time { .. }, _) => {
                "a shorter event, less traffic or fewer --runs take less; or allow more with --max-time"
                    .into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::ensemble::Told;
    use crate::guard::Guard;
    use crate::scenario;

    const CALLS: &str =
        "duration = \"1m\"\ntraffic.all.rate = \"2000/s\"\nrequest.r.steps = [{ delay = \"1ms\" }]";

    fn calls() -> Scenario {
        scenario::parse("calls.toml", CALLS.as_bytes(), Path::new(""), &[]).unwrap()
    }

    #[test]
    fn runs_that_were_complete_are_the_outcome_of_an_interrupted_ensemble() {
        let (scenario, guard, told) = (calls(), Guard::new(None, None), AtomicU64::new(0));
        // The signal comes in the third run, at 2.5 minutes of three.
        let tell = |news: Told| {
            if let Told::Simulated(time) = news
                && told.fetch_add(time.0, Ordering::Relaxed) + time.0 > 150_000_000_000
            {
                guard.signal().store(2, Ordering::Relaxed);
            }
        };
        let mut ensemble = Ensemble::new(&scenario, 1, Some(1), &[], &tell).unwrap().guarded(&guard);
        ensemble.extend_to(9);
        let interruption = ensemble.interruption().unwrap();
        assert_eq!((interruption.complete, interruption.planned), (2, 9));
        let at = interruption.cut.as_ref().unwrap().at;
        assert!(at > Time::from_secs(30) && at < Time::from_secs(60), "{at}");
        let partial = ensemble.partial_outcome().unwrap();
        let mut two = Ensemble::new(&scenario, 1, Some(2), &[], &|_| {}).unwrap();
        two.extend_to(2);
        assert_eq!(partial.partial.as_ref().unwrap().runs_planned, 9);
        assert_eq!(format!("{:?}", Outcome { partial: None, ..partial }), format!("{:?}", two.outcome()));
    }

    #[test]
    fn the_beginning_of_a_run_is_that_of_a_shorter_event() {
        let (scenario, guard) = (calls(), Guard::new(None, None));
        guard.signal().store(15, Ordering::Relaxed);
        let mut ensemble = Ensemble::new(&scenario, 1, Some(1), &[], &|_| {}).unwrap().guarded(&guard);
        ensemble.extend_to(1);
        let at = ensemble.interruption().unwrap().cut.as_ref().unwrap().at;
        let cut = ensemble.partial_outcome().unwrap();
        let shorter = Scenario { duration: at, ..scenario.clone() };
        let whole = crate::outcome::simulate(&shorter, 1, &mut |_| {});
        // The last event of the cut run may be exactly at its end, where a run of that length has none.
        assert!((cut.requests.arrived - whole.requests.arrived).abs() <= 1.0, "{at}");
        assert!((cut.requests.completed - whole.requests.completed).abs() <= 1.0);
        assert_eq!(cut.scenario.duration_s, whole.scenario.duration_s);
        assert_eq!(cut.timeline.time_s, whole.timeline.time_s);
    }

    /// A fault at 40 s of a minute: a run that was ended before that has no warning that it never comes.
    #[test]
    fn what_comes_after_the_interruption_is_no_mistake_of_the_file() {
        let text =
            format!("{CALLS}\nfault.slow = {{ service = \"s\", at = \"40s\", for = \"9s\", effect = \"slow\", factor = 2 }}\n")
                .replace("{ delay = \"1ms\" }", "{ service = \"s\" }")
                + "service.s = { servers = 9, time = \"1ms\" }";
        let scenario = scenario::parse("calls.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let guard = Guard::new(None, None);
        guard.signal().store(2, Ordering::Relaxed);
        let mut ensemble = Ensemble::new(&scenario, 1, Some(1), &[], &|_| {}).unwrap().guarded(&guard);
        ensemble.extend_to(1);
        let at = ensemble.interruption().unwrap().cut.as_ref().unwrap().at;
        assert!(at < Time::from_secs(40), "{at}");
        assert_eq!(ensemble.partial_outcome().unwrap().warnings, []);
        let shorter = Scenario { duration: at, ..scenario.clone() };
        let told = crate::outcome::simulate(&shorter, 1, &mut |_| {}).warnings;
        assert!(told.iter().any(|it| it.message.contains("after the end of the run")), "{told:?}");
    }
}
