//! What is kept between two readings of the gauges: counters as they stood, activities and incidents so far.
//!
//! In: events worth a mark. Out: [`Measured`] at the end of the run. The readings themselves are in `rows`,
//! `metering` and `totals`.

use super::metering::{Border, borders};
use super::program::Program;
use crate::measure::Recorder;
use crate::measure::stage::Stage;
use crate::measure::totals::{
    Activity, CacheTotals, DatabaseTotals, FleetTotals, Incident, ServiceTotals, Work,
};
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
    /// Auto Scaling activities.
    pub scaling: Vec<Activity>,
    /// Other incidents.
    pub incidents: Vec<Incident>,
    /// Fleets.
    pub fleets: Vec<FleetTotals>,
    /// Caches.
    pub caches: Vec<CacheTotals>,
    /// Databases.
    pub databases: Vec<DatabaseTotals>,
    /// Service stations.
    pub services: Vec<ServiceTotals>,
    /// How much work it was.
    pub work: Work,
    /// What is billed.
    pub usage: Usage,
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
    pub(super) row_start: u64,
    /// Activities, and how many of their instances are still on their way.
    pub(super) activities: Vec<(Activity, u32)>,
    pub(super) incidents: Vec<Incident>,
    pub(super) busy: Vec<f64>,
    pub(super) waiting: Vec<f64>,
    pub(super) processors: Vec<(f64, f64)>,
    /// Busy-server and waiting nanoseconds of each service station.
    pub(super) services: Vec<(f64, f64)>,
    pub(super) usage: Usage,
    /// Where something passes a balancer, and how often it has passed there.
    pub(super) borders: Vec<Border>,
    pub(super) answers: Vec<Answers>,
}

/// A counter as it stood when it was last read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark(u64);

impl Mark {
    /// What the counter has grown by since then, now that it stands at `value`.
    pub fn grown(&mut self, value: u64) -> u64 {
        value - std::mem::replace(&mut self.0, value)
    }
}

/// Answers of a class that left for clients.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    /// Those that came too late.
    pub late: u64,
    /// All of them at the last reading.
    pub mark: Mark,
}

/// More incidents than this are not kept.
const MOST_INCIDENTS: usize = 10_000;

impl Gauges {
    /// Everything at zero.
    pub fn new(scenario: &Scenario, program: &Program) -> Self {
        let usage = Usage {
            duration: scenario.duration,
            balancers: vec![Vec::new(); scenario.balancers.len()],
            database_io: vec![Vec::new(); scenario.databases.len()],
            ..Usage::default()
        };
        Gauges {
            row_start: 0,
            activities: Vec::new(),
            incidents: Vec::new(),
            busy: Vec::new(),
            waiting: Vec::new(),
            processors: Vec::new(),
            services: Vec::new(),
            usage,
            borders: borders(program),
            answers: vec![Answers::default(); scenario.classes.len()],
        }
    }

    /// Notes something that happened.
    pub fn incident(&mut self, now: u64, resource: &str, text: String) {
        if self.incidents.len() < MOST_INCIDENTS {
            self.incidents.push(Incident { at_s: now as f64 / 1e9, resource: resource.into(), text });
        }
    }

    /// Notes a scaling activity from a desired capacity to another, which launches and terminates so many
    /// instances; returns its number.
    pub fn activity(
        &mut self,
        now: u64,
        fleet: &str,
        (from, to): (u32, u32),
        cause: String,
        (launches, terminations): (u32, u32),
    ) -> usize {
        let at_s = now as f64 / 1e9;
        let instances = launches + terminations;
        let done_s = (instances == 0).then_some(at_s);
        let fleet = fleet.into();
        let activity = Activity { at_s, done_s, fleet, from, to, cause, launches, called_off: 0 };
        self.activities.push((activity, instances));
        self.activities.len() - 1
    }

    /// A launch of an activity ends before the instance was in service.
    pub fn launch_called_off(&mut self, activity: usize) {
        self.activities[activity].0.called_off += 1;
    }

    /// One instance of an activity has arrived where it was going; says whether that was the last one.
    pub fn activity_done(&mut self, activity: usize, now: u64) -> bool {
        let (activity, left) = &mut self.activities[activity];
        *left = left.saturating_sub(1);
        if *left == 0 {
            activity.done_s = Some(now as f64 / 1e9);
        }
        *left == 0
    }
}
