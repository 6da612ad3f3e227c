//! The result of a search: limits, and the multiples that were run. In: verdicts of runs. Out: [`Breakpoints`], as JSON too.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::id::document;
use crate::outcome::estimate::Quantity;
use crate::outcome::{Headroom, Outcome, Resource, ScenarioSummary, Verdict};

/// Version of the layout of breakpoints as JSON; raised when a field changes its meaning or goes away.
pub const VERSION: u32 = 3;

/// Where a scenario breaks.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Breakpoints {
    /// Version of the layout.
    pub version: u32,
    /// Layout version of the outcome types that it contains.
    pub outcome_version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// The scenario that was run.
    pub scenario: ScenarioSummary,
    /// Seeds of the runs of every multiple.
    pub seeds: Vec<u64>,
    /// Largest factor between the last multiple that holds and the first that fails, less one.
    pub precision: f64,
    /// Largest multiple that was allowed.
    pub up_to: f64,
    /// When the runs of the multiples end, seconds: nothing came near a limit later. Absent where they run the whole event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_s: Option<f64>,
    /// The limits: objectives in the order of the file, resources, goodput.
    pub limits: Vec<Limit>,
    /// Headroom estimated by the runs at ×1.
    pub headroom: Vec<Headroom>,
    /// Faults that struck in the first run at ×1, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Every multiple that was run, smallest first.
    pub probes: Vec<Probe>,
    /// Why no larger multiple was run; absent in a file that an earlier simcap wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// Why the search was interrupted, in words; absent if it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
}

document!(Breakpoints, scenario.tables);

impl Breakpoints {
    /// Limits that fail at some multiple, in the order of that multiple.
    pub fn failing(&self) -> Vec<&Limit> {
        let mut failing: Vec<&Limit> =
            self.limits.iter().filter(|limit| limit.between.fails.is_some()).collect();
        failing.sort_by(|a, b| a.between.fails.partial_cmp(&b.between.fails).expect("multiples are numbers"));
        failing
    }

    /// Whether a limit failed at every multiple down to the smallest that was run: less traffic does not mend it.
    pub fn is_whatever_the_traffic(&self, limit: &Limit) -> bool {
        let lowest = self.probes.first().map(|probe| probe.multiplier);
        let Between { holds, fails } = limit.between;
        holds.is_none()
            && limit.holds_again.is_none()
            && fails.is_some()
            && fails == lowest
            && lowest < Some(1.0)
    }

    /// The largest multiple that was run.
    pub fn highest(&self) -> f64 {
        self.probes.last().map_or(1.0, |probe| probe.multiplier)
    }
}

/// Why a search runs no larger multiple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Every objective is missed, every resource is saturated, and goodput has stopped growing.
    EverythingBroken,
    /// Every objective that more traffic can break is missed, and goodput has stopped growing.
    ObjectivesAndGoodput,
    /// Goodput has stopped growing, and there is no objective that more traffic can break.
    Goodput,
    /// Every such objective was missed at half of the largest multiple or below, and goodput grows on.
    ObjectivesLongSince,
    /// Goodput stopped growing at half of the largest multiple or below, and an objective is still met.
    GoodputLongSince,
    /// The largest multiple that was allowed has been run.
    UpTo,
    /// Above the largest multiple there would be more users than a scenario may have.
    MostUsers,
    /// It was interrupted.
    Interrupted,
}

/// Where something breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The objective, resource or goodput that breaks.
    pub subject: Subject,
    /// The last multiple that holds and the first that fails, judged by the estimate over all runs.
    pub between: Between,
    /// The same with certainty: the last multiple below at which every run holds, or both ends of the interval of an
    /// objective meet it, and the first one above at which every run or both ends fail; absent with a single run.
    pub surely_between: Option<Between>,
    /// The smallest multiple above the first failing one at which it holds again, though it surely failed in between;
    /// absent if that could be chance.
    pub holds_again: Option<f64>,
    /// The limit that the headroom of the runs at ×1 estimates; for resources only.
    pub estimate: Option<f64>,
}

/// An interval of multiples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// The last that holds; absent if none did.
    pub holds: Option<f64>,
    /// The first that fails; absent if none did.
    pub fails: Option<f64>,
}

/// Something that breaks under load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An objective is missed.
    Objective {
        /// Position in the scenario.
        index: usize,
        /// As written.
        text: String,
    },
    /// A resource is full for a while and requests wait for it.
    Saturation {
        /// The resource.
        of: Resource,
        /// The resource in words: `CPU of web`.
        resource: String,
    },
    /// Goodput stops growing: since some smaller multiple it grew by less than half as much as the traffic: requests
    /// that arrive, or users where all traffic is from users.
    Goodput,
}

impl Subject {
    /// Whether it fails in the runs of one multiple; not for goodput, which needs two multiples.
    pub(super) fn fails(&self, probe: &Probe) -> bool {
        match self {
            Subject::Objective { index, .. } => !probe.objectives[*index].met,
            Subject::Saturation { of, .. } => probe.saturated.contains(of),
            Subject::Goodput => false,
        }
    }
}

/// The results of the runs of one multiple.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// Times the traffic of the scenario.
    pub multiplier: f64,
    /// Requests that arrived, per second.
    pub offered_per_s: f64,
    /// Requests that completed, per second.
    pub goodput_per_s: f64,
    /// Completed requests over arrived requests.
    pub answered: f64,
    /// 99th percentile of the latency of those; absent if there were none, and in a file that an earlier simcap wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// Verdicts on the objectives, in the order of the file.
    pub objectives: Vec<Verdict>,
    /// Resources that were full for a while.
    pub saturated: Vec<Resource>,
    /// What each run came to, in the order of the seeds; absent in a file that an earlier simcap wrote.
    #[serde(default)]
    pub by_run: Vec<OfRun>,
}

/// What one run of a multiple came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfRun {
    /// Requests that arrived, per second.
    pub offered_per_s: f64,
    /// Requests that completed, per second.
    pub goodput_per_s: f64,
    /// Resources that were full for a while.
    pub saturated: Vec<Resource>,
}

impl Probe {
    /// Whether the same objectives are met, and the same resources were full.
    pub(super) fn agrees_with(&self, other: &Probe) -> bool {
        let met = |it: &Probe| it.objectives.iter().map(|verdict| verdict.met).collect::<Vec<_>>();
        let full = |it: &Probe| it.saturated.iter().copied().collect::<HashSet<_>>();
        met(self) == met(other) && full(self) == full(other)
    }

    /// From the outcome of the runs, and what saturated in each of them.
    pub(super) fn of(multiplier: f64, outcome: &Outcome, saturated_by_run: &[Vec<Resource>]) -> Probe {
        let saturated = outcome.headroom.iter().filter(|it| it.saturated).map(|it| it.of);
        let duration = outcome.scenario.duration_s;
        let by_run = |of: Quantity| {
            let estimate = outcome.estimate(&of);
            move |run: usize| estimate.and_then(|it| it.by_run.get(run).copied().flatten()).unwrap_or(0.0)
        };
        let (arrived, goodput) = (by_run(Quantity::Arrived), by_run(Quantity::Goodput));
        let by_run = saturated_by_run.iter().enumerate().map(|(run, saturated)| OfRun {
            offered_per_s: arrived(run) / duration,
            goodput_per_s: goodput(run),
            saturated: saturated.clone(),
        });
        Probe {
            multiplier,
            by_run: by_run.collect(),
            offered_per_s: outcome.requests.arrived / duration,
            goodput_per_s: outcome.goodput_per_s,
            answered: outcome.requests.completed / outcome.requests.arrived.max(1.0),
            p99_ms: (outcome.latency_ms.count > 0).then_some(outcome.latency_ms.p99),
            objectives: outcome.objectives.clone(),
            saturated: saturated.collect(),
        }
    }
}
