//! What is kept between two readings of the gauges, and what a run measured.
//!
//! In: the scenario. Out: usage so far, and counters as they stood; [`Measured`] at the end of the run. The readings
//! themselves are in `rows`, `metering` and `totals`.

use std::ops::Deref;

use crate::flow::mark::Mark;
use crate::kind;
use crate::measure::Recorder;
use crate::measure::deployment::Deployment;
use crate::measure::stage::Stage;
use crate::measure::strike::Strike;
use crate::measure::totals::{Activity, AlarmChange, Incident, Work};
use crate::measure::users::UsersMet;
use crate::own::OwnError;
use crate::scenario::Scenario;
use crate::usage::Usage;

/// What a run measured.
#[derive(Debug)]
pub struct Measured {
    /// Requests, attempts, latencies and the timeline.
    pub recorder: Recorder,
    /// Stages of time.
    pub stages: Vec<Stage>,
    /// What was there at the end.
    pub remaining: Remaining,
    /// What the users of each population have met, in the order of the sources.
    pub users: Vec<UsersMet>,
    /// Auto Scaling activities.
    pub scaling: Vec<Activity>,
    /// Other incidents.
    pub incidents: Vec<Incident>,
    /// Alarms that have gone to another state.
    pub alarms: Vec<AlarmChange>,
    /// Deployments, refreshes included.
    pub deployments: Vec<Deployment>,
    /// Strikes of faults.
    pub strikes: Vec<Strike>,
    /// Rows of every resource.
    pub series: kind::Series,
    /// Totals of every resource.
    pub kinds: kind::Totals,
    /// What is wrong with what a program brought to it.
    pub broken: Option<Box<OwnError>>,
    /// How much work it was.
    pub work: Work,
    /// What is billed.
    pub usage: Usage,
    /// What of that was used before the first fault, up to the end of a row.
    pub usage_before: Option<Usage>,
}

/// The totals of the resources are those of the run: `measured.caches`. The list of kinds makes them, so their fields
/// cannot be written out here.
impl Deref for Measured {
    type Target = kind::Totals;

    fn deref(&self) -> &kind::Totals {
        &self.kinds
    }
}

/// What is in the system at the end of a run, counted one by one and not by what came and went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remaining {
    /// Of each class, requests in the system or between two attempts.
    pub requests: Vec<u64>,
    /// Attempts in the system whose clients wait.
    pub attempts: u64,
    /// Attempts in the system whose clients have gone.
    pub orphans: u64,
}

impl Remaining {
    /// Adds what was there at the end of another run.
    pub fn add(&mut self, other: &Remaining) {
        self.requests.iter_mut().zip(&other.requests).for_each(|(sum, more)| *sum += more);
        self.attempts += other.attempts;
        self.orphans += other.orphans;
    }
}

/// Counters between rows.
#[derive(Debug)]
pub struct Gauges {
    pub(super) usage: Usage,
    /// The same at the end of the last row before any fault has struck, in a run in which some can.
    pub(super) before: Option<Usage>,
    /// How often attempts had passed each op at which something goes to another Region.
    pub(super) crossed: Vec<Mark>,
    pub(super) answers: Vec<Answers>,
    /// How many answers had left each exit.
    pub(super) left: Vec<Mark>,
}

/// Answers of a class that left for clients.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    /// Those that came too late.
    pub late: u64,
    /// All of them at the last reading.
    pub mark: Mark,
}

impl Gauges {
    /// Everything at zero.
    pub fn new(scenario: &Scenario) -> Self {
        let usage = Usage { duration: scenario.duration, ..Usage::default() };
        Gauges {
            usage,
            before: None,
            crossed: Vec::new(),
            answers: vec![Answers::default(); scenario.classes.len()],
            left: Vec::new(),
        }
    }
}
