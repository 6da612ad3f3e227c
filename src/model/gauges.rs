//! What is kept between two readings of the gauges: counters as they stood, activities and incidents so far.
//!
//! In: events worth a mark. Out: [`Measured`] at the end of the run. The readings themselves are in `rows`,
//! `metering` and `totals`.

use super::metering::balancers_of;
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
    /// Storage reads of each database.
    pub storage_reads: Vec<u64>,
    pub(super) busy: Vec<f64>,
    pub(super) waiting: Vec<f64>,
    pub(super) processors: Vec<(f64, f64)>,
    /// Busy-server and waiting nanoseconds of each service station.
    pub(super) services: Vec<(f64, f64)>,
    counters: Vec<u64>,
    pub(super) usage: Usage,
    /// Balancers on the path of each class.
    pub(super) paths: Vec<Vec<usize>>,
    pub(super) class_counts: Vec<(u64, u64)>,
}

/// More incidents than this are not kept.
const MOST_INCIDENTS: usize = 10_000;

impl Gauges {
    /// Everything at zero.
    pub fn new(scenario: &Scenario) -> Self {
        let usage = Usage {
            duration: scenario.duration,
            balancers: vec![Vec::new(); scenario.balancers.len()],
            database_io: vec![Vec::new(); scenario.databases.len()],
            ..Usage::default()
        };
        let paths = scenario.classes.iter().map(|class| {
            let mut path = Vec::new();
            balancers_of(&class.steps, &mut path);
            path
        });
        Gauges {
            row_start: 0,
            activities: Vec::new(),
            incidents: Vec::new(),
            storage_reads: vec![0; scenario.databases.len()],
            busy: Vec::new(),
            waiting: Vec::new(),
            processors: Vec::new(),
            services: Vec::new(),
            counters: Vec::new(),
            usage,
            paths: paths.collect(),
            class_counts: vec![(0, 0); scenario.classes.len()],
        }
    }

    /// Notes something that happened.
    pub fn incident(&mut self, now: u64, resource: &str, text: String) {
        if self.incidents.len() < MOST_INCIDENTS {
            self.incidents.push(Incident { at_s: now as f64 / 1e9, resource: resource.into(), text });
        }
    }

    /// Notes a scaling activity that launches or terminates so many instances; returns its number.
    pub fn activity(
        &mut self,
        now: u64,
        fleet: &str,
        from: u32,
        to: u32,
        cause: String,
        instances: u32,
    ) -> usize {
        let at_s = now as f64 / 1e9;
        let done_s = (instances == 0).then_some(at_s);
        let activity = Activity { at_s, done_s, fleet: fleet.into(), from, to, cause };
        self.activities.push((activity, instances));
        self.activities.len() - 1
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

    /// What a counter has grown by since the last row; counters are asked for in the same order every row.
    pub(super) fn grown(&mut self, next: &mut usize, value: u64) -> u64 {
        if *next == self.counters.len() {
            self.counters.push(0);
        }
        let before = std::mem::replace(&mut self.counters[*next], value);
        *next += 1;
        value - before
    }
}
