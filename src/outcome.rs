//! The one artefact of a scenario's runs: everything that the terminal page, the files and the charts show.
//!
//! In: what each run measured, in the order of the seeds. Out: [`Outcome`], serialisable, versioned, complete:
//! every view reads only this. It tells of one event: of several runs, counts, rates, amounts and rows are means over
//! the runs, percentiles come from the requests of all runs, and what happened when is that of the first run. Times are seconds since the start of the run unless the name says otherwise;
//! a series has one value for each row of the timeline.

mod assemble;
pub mod availability;
mod baseline;
mod columns;
mod density;
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub mod digest;
pub mod estimate;
mod every;
pub mod headroom;
mod observe;
mod phases;
pub mod recovery;
mod repeat;
pub mod rows;
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub mod runs;
#[cfg(test)]
pub(crate) mod sample;
mod scene;
mod spread;
mod tails;
mod utilisation;
mod view;
pub(crate) mod warnings;
mod windows;

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub use assemble::simulate;
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub use repeat::{Repetition, repeat};

pub use crate::catalog::zone::Zone;
pub use crate::cost::{Bill, BillItem, BillPart, MonthOf, Orders, PriceSource, ServiceCost};
pub use crate::id::{ClassId, DatabaseId, Entry, FleetId, Kind, Owner, Reference, Tables};
pub use crate::interval::Interval;
pub use crate::kind::Outcomes;
pub use crate::kind::code::Code;
pub use crate::kind::figure::KindFigure;
pub use crate::units::{Bytes, Time};

#[cfg(feature = "schema")]
pub(crate) use self::phases::{LINK_WORDS, PHASE_WORDS};
pub(crate) use self::phases::{says_failed, stories};
pub use crate::measure::deployment::{Deployment, Ended};
pub use crate::measure::percentile::Percentile;
pub use crate::measure::stage::{Cause, Stage, StageKind};
pub use crate::measure::strike::Strike;
pub use crate::measure::totals::{Activity, AlarmChange, AlarmState, Incident, Work};
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub use crate::model::compare::Seen;
pub use crate::objective::{Blame, Limit, Standing, Verdict};
pub use crate::warning::Warning;

use crate::id::document;
use crate::kind;
pub use crate::kind::api::record::ApiOutcome;
pub use crate::kind::balancer::record::BalancerOutcome;
pub use crate::kind::cache::record::CacheOutcome;
pub use crate::kind::database::record::DatabaseOutcome;
pub use crate::kind::distribution::record::DistributionOutcome;
pub use crate::kind::dns::record::DnsOutcome;
pub use crate::kind::dynamodb::record::DynamoTableOutcome;
pub use crate::kind::ebs::record::VolumeOutcome;
pub use crate::kind::efs::record::FileSystemOutcome;
pub use crate::kind::fault::record::FaultOutcome;
pub use crate::kind::firewall::record::FirewallOutcome;
pub use crate::kind::fleet::record::FleetOutcome;
pub use crate::kind::lambda::record::LambdaOutcome;
pub use crate::kind::nat::record::NatOutcome;
pub use crate::kind::queue::record::QueueOutcome;
pub use crate::kind::resilience::record::ResilienceOutcome;
pub use crate::kind::s3::record::BucketOutcome;
pub use crate::kind::service::record::ServiceOutcome;
pub use crate::kind::stream::record::StreamOutcome;
pub use crate::kind::topic::record::TopicOutcome;
pub use crate::kind::waiting_room::record::WaitingRoomOutcome;
pub use crate::measure::latency::Latency;
pub use crate::measure::resource::{Action, Node, Purpose, Resource};
pub use availability::Availability;
pub use density::LatencyBin;
use estimate::{Estimate, Quantity};
pub use headroom::Headroom;
pub use recovery::Recovery;
pub use spread::Spread;
pub use utilisation::Utilisation;

/// Version of the layout of `outcome.json`; raised when a field changes its meaning or goes away.
pub const VERSION: u32 = 4;

/// The oldest layout that is still read: it refers to tables by their positions.
pub const OLDEST: u32 = 3;

/// The event row by row, with the rows of every resource.
pub type Timeline = crate::measure::timeline::Timeline<kind::Series>;

/// What the runs of a scenario leave behind.
///
/// In `outcome.json`, whatever refers to a table of the scenario has its kind and its name, `{"kind": "fleet", "name": "web"}`;
/// a resource is that and its part, `{"kind": "fleet", "name": "web", "part": "cpu"}`. [`ScenarioSummary::tables`] lists all that can be meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self")]
pub struct Outcome {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// What was run.
    pub scenario: ScenarioSummary,
    /// How often it was run.
    pub runs: RunsSummary,
    /// Why this is not all that was asked for; absent if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
    /// Requests as their clients see them: one request may take several attempts.
    pub requests: Count,
    /// Attempts as the system sees them.
    pub attempts: Count,
    /// Work that went on for clients who had gone.
    pub abandoned: Abandoned,
    /// Completed requests per second over the whole run.
    pub goodput_per_s: f64,
    /// Latency of completed requests after the warm-up, from first sending to last byte, retries included.
    pub latency_ms: Latency,
    /// Percentile curve of the latency of all classes: percentile 0 to 100, and milliseconds, finer towards 100.
    pub distribution: Vec<(f64, f64)>,
    /// How available it was; absent in results of an earlier simcap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// Requests and latency of each request class, in the order of the file.
    pub classes: Vec<ClassOutcome>,
    /// The headline figures with their intervals over the runs.
    pub estimates: Vec<Estimate>,
    /// What was asked for with `--precision`, and what became of it.
    pub precision: Vec<Precision>,
    /// Kinds of time a request can spend; series of shares refer to these by position.
    pub stages: Vec<Stage>,
    /// The event row by row.
    pub timeline: Timeline,
    /// How many requests completed with which latency, row by row; the fastest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub density: Vec<LatencyBin>,
    /// The lowest and the highest run in each row, of several runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// What limited the system, and when.
    pub phases: Vec<Phase>,
    /// How busy each resource was, row by row: first those that were full in some trouble, in the order in which they filled, then the others, the
    /// busiest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub utilisation: Vec<Utilisation>,
    /// How far each resource is from saturation, by what it did in the run; the nearest first.
    pub headroom: Vec<Headroom>,
    /// Every Auto Scaling activity of the first run, in time order.
    pub scaling: Vec<Activity>,
    /// Every alarm that went to another state in the first run, in time order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<AlarmChange>,
    /// Every deployment of the first run, instance refreshes included, in time order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deployments: Vec<Deployment>,
    /// Every strike of a fault of the first run, in time order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Strike>,
    /// How it recovered from its faults; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// Other things that happened in the first run: health changes, refused connections, scheduled actions.
    pub incidents: Vec<Incident>,
    /// Totals of each fleet, cache and every other resource.
    #[serde(flatten)]
    pub kinds: kind::Outcomes,
    /// How much work it was to simulate, all runs together.
    pub work: Work,
    /// What the event cost, item by item.
    pub bill: Bill,
    /// What was spent on each AWS service, row by row, the dearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cost_by_service: Vec<ServiceCost>,
    /// Verdicts on the objectives, in the order of the file.
    pub objectives: Vec<Verdict>,
    /// What can run but is rarely intended, seen in the scenario or in its runs; without what the file allows.
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

document!(Outcome, scenario.tables);

/// The figures of the resources are those of the outcome: `outcome.caches`. The list of kinds makes them, so their fields
/// cannot be written out here.
impl Deref for Outcome {
    type Target = kind::Outcomes;

    fn deref(&self) -> &kind::Outcomes {
        &self.kinds
    }
}

impl DerefMut for Outcome {
    fn deref_mut(&mut self) -> &mut kind::Outcomes {
        &mut self.kinds
    }
}

impl Outcome {
    /// Whether every objective was met.
    pub fn objectives_met(&self) -> bool {
        self.objectives.iter().all(|verdict| verdict.met)
    }

    /// The estimate of a quantity, if there is one.
    pub fn estimate(&self, of: &Quantity) -> Option<&Estimate> {
        self.estimates.iter().find(|estimate| estimate.of.as_ref() == Some(of))
    }

    /// The estimate of the figure of a resource with this name in the table of its kind, if there is one.
    pub(crate) fn estimate_of(&self, name: &str, owner: Owner) -> Option<&Estimate> {
        let is_it = |of: &Quantity| match of {
            Quantity::Figure(figure) => figure.name() == name && figure.owner() == Some(owner),
            _ => false,
        };
        self.estimates.iter().find(|estimate| estimate.of.as_ref().is_some_and(is_it))
    }

    /// A quantity of this outcome as the other one has it: that of the class and of the resource which have the same
    /// names there; nothing if they are not there.
    pub fn same_in(&self, other: &Outcome, of: &Quantity) -> Option<Quantity> {
        fn place<T>(own: &[T], other: &[T], index: usize, name: fn(&T) -> &str) -> Option<usize> {
            let wanted = own.get(index).map(name)?;
            other.iter().position(|it| name(it) == wanted)
        }
        let class = |ClassId(index): ClassId| {
            let index = place(&self.classes, &other.classes, index as usize, |it| &it.name)?;
            Some(ClassId(index as u32))
        };
        let owner = |owner: Owner| self.kinds.same_in(&other.kinds, owner);
        of.moved(&class, &owner)
    }
}

/// Runs that were ended before their time, by a limit or a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Partial {
    /// Why the runs were ended early.
    pub reason: String,
    /// How many runs were to be made; `runs.count` has how many these results are of.
    pub runs_planned: usize,
    /// How long each run was to be. If `scenario.duration_s` is less, these results are of the beginning of the first run.
    pub duration_planned_s: f64,
}

/// How often a scenario was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunsSummary {
    /// Number of runs.
    pub count: usize,
    /// The seed of each run.
    pub seeds: Vec<u64>,
}

/// What became of a precision that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Precision {
    /// As asked for: `checkout p99 2%`.
    pub asked: String,
    /// Half the width of the interval over the estimate that was asked for. In: a share of the estimate.
    pub target: f64,
    /// What was reached; absent if there is no estimate, or one of zero. In: a share of the estimate.
    pub reached: Option<f64>,
    /// Whether the interval is narrow enough.
    pub met: bool,
    /// About how many runs it would take, by the square root law, where the interval is not narrow enough.
    pub runs_needed: Option<u64>,
}

/// What was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScenarioSummary {
    /// Title.
    pub name: String,
    /// Name of the output folder.
    pub slug: String,
    /// The file, as the command was given it.
    pub file: String,
    /// The path from the folder of `outcome.json` to the file of the scenario, without links: it does not depend on the working directory. Absent
    /// where nothing is stored, and in results of an earlier simcap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_from_here: Option<String>,
    /// The tables of the scenario, to which the results refer; none in results of an earlier simcap, which referred to positions.
    #[serde(default)]
    pub tables: Tables,
    /// AWS region.
    pub region: String,
    /// Simulated span.
    pub duration_s: f64,
    /// Percentiles leave out what arrived before this.
    pub warmup_s: f64,
    /// Seed of the first run.
    pub seed: u64,
    /// `--set` overrides, as given.
    pub overrides: Vec<String>,
}

/// Conservation: `arrived == completed + failed + in_flight`, and `failed` is the sum of `failed_by_cause`;
/// to the last bit if the number of runs is a power of two. Of several runs, means over the runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Count {
    /// Entered the system. In: a count.
    pub arrived: f64,
    /// Ended well. In: a count.
    pub completed: f64,
    /// Ended badly. In: a count.
    pub failed: f64,
    /// Not yet ended when the run stopped. In: a count.
    pub in_flight: f64,
    /// Failures by cause, only causes that occurred. In: a count.
    pub failed_by_cause: BTreeMap<Cause, f64>,
}

/// Work that went on for clients who had gone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Abandoned {
    /// Attempts that ended in the system after the client of each had given up. In: a count.
    pub ended: f64,
    /// Attempts without a client still in the system when the run stopped. In: a count.
    pub in_system: f64,
    /// CPU seconds of instances that were spent on attempts whose client had gone.
    pub cpu_s: f64,
}

/// One request class.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassOutcome {
    /// Name in the file.
    pub name: String,
    /// Requests of this class.
    pub requests: Count,
    /// Latency of completed requests.
    pub latency_ms: Latency,
    /// Percentile curve of the latency of the class: percentile 0 to 100, and milliseconds.
    pub distribution: Vec<(f64, f64)>,
    /// Percentiles of the latency of the requests of this class that completed in each row, milliseconds to within two percent, absent where none
    /// completed; absent as a whole if it is the only class: `timeline` has its percentiles then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows_ms: BTreeMap<Percentile, Vec<Option<f64>>>,
}

/// A span of the event with one story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phase {
    /// Start.
    pub from_s: f64,
    /// End.
    pub to_s: f64,
    /// Position in `stages` of the stage that took most of the time of the slow requests.
    pub stage: usize,
    /// The part of the time of the slowest requests (at or above the 99th percentile) that was spent in that stage. In: a share between 0 and 1.
    pub share: f64,
    /// Whether the span was trouble (slow, failing, or waiting for a resource with nothing left to give) or normal
    /// operation.
    pub trouble: bool,
    /// What happened in it, cause before effect, in the order of time; empty in normal operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Link>,
    /// The finding as a sentence with numbers.
    pub sentence: String,
}

impl Phase {
    /// Its rows of the timeline.
    pub(crate) fn rows(&self, timeline: &Timeline) -> impl Iterator<Item = usize> {
        let row_at = |instant: f64| timeline.time_s.partition_point(|start| *start < instant);
        row_at(self.from_s)..row_at(self.to_s)
    }
}

/// One event of a trouble: a resource that was full, or what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link {
    /// Start of the row in which it began.
    pub at_s: f64,
    /// End of the row in which the event was last seen in this trouble.
    pub until_s: f64,
    /// The resource; absent for failed requests and retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
    /// Whether it begins a line: it is a cause, which no other full resource explains, or what the cause before it did elsewhere.
    pub cause: bool,
    /// In words with numbers.
    pub text: String,
}
