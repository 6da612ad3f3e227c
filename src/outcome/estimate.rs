//! The headline figures of an outcome with their error bars.
//!
//! In: one run, or the sum of several. Out: the value of a [`Quantity`], and an [`Estimate`] once the values of all
//! runs are known. A quantity is named as an objective names it: `p99`, `checkout p99`, `errors`, `cost`.

use serde::{Deserialize, Serialize};

use super::resource::per_run;
use super::runs::View;
use super::{every, headroom};
use crate::interval::{Interval, Tail};
use crate::measure::Tally;
use crate::measure::histogram::{Histogram, ROUNDING};
use crate::measure::totals::{CacheTotals, DatabaseTotals};
use crate::scenario::objective::{Bound, Owner};
use crate::scenario::{ClassId, DatabaseId, Scenario};
use crate::units::Time;

/// Something that is read from a run as one number.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// A latency percentile of completed requests, of a class or of all.
    Latency {
        /// The class, or all.
        class: Option<ClassId>,
        /// Between 0 and 1.
        quantile: f64,
    },
    /// Mean latency of completed requests.
    Mean(Option<ClassId>),
    /// Failed over arrived requests.
    Errors(Option<ClassId>),
    /// Requests that arrived.
    Arrived,
    /// Requests that completed.
    Completed,
    /// Requests that failed.
    Failed,
    /// Attempts that were sent.
    Attempts,
    /// Completed requests per second.
    Goodput,
    /// The bill of the event.
    Cost,
    /// The bill of a million completed requests.
    CostPerMillion,
    /// The bill of a month.
    CostPerMonth,
    /// Mean CPU utilisation of a fleet.
    Cpu(usize),
    /// Instance-hours of a fleet.
    InstanceHours(usize),
    /// Hit ratio of a cache.
    HitRatio(usize),
    /// Stale reads of a database.
    StaleReads(usize),
    /// Completed requests over those that ended.
    Availability(Option<ClassId>),
    /// Hits over look-ups of all caches together.
    HitRatioOfAll,
    /// Stale reads over the reads of replicas, of a database or of all together.
    StaleShare(Option<usize>),
    /// A percentile of the lag of replicas, of a database or of all together.
    Lag {
        /// Between 0 and 1.
        quantile: f64,
        /// The database, or all.
        database: Option<usize>,
    },
    /// Times the traffic at which the nearest resource is full, of one or of all.
    Headroom(Option<Owner>),
    /// The worst of the values of all windows of the event.
    Worst {
        /// Width of a window.
        window: Time,
        /// Of what.
        of: Box<Quantity>,
    },
    /// Busy share of a service station.
    Busy(usize),
    /// Mean wait at a service station.
    Wait(usize),
}

/// Fewest requests, of all runs, that must be slower than a percentile before it has an interval. With fewer it is one of
/// the largest latencies that came, and nothing says how much larger one may come.
const FEWEST_BEYOND: f64 = 5.0;

/// Percentiles that every outcome tells.
const PERCENTILES: [f64; 6] = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999];

/// Which way a quantity should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// Neither is better by itself.
    Neither,
}

/// What a quantity is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// A share between 0 and 1.
    #[serde(rename = "share")]
    Share,
    /// A count of an event.
    #[serde(rename = "count")]
    Count,
    /// A count per second.
    #[serde(rename = "per_s")]
    PerSecond,
    /// US dollars.
    #[serde(rename = "usd")]
    Usd,
    /// Hours.
    #[serde(rename = "hours")]
    Hours,
    /// Times the traffic of the run.
    #[serde(rename = "multiple")]
    Multiple,
}

impl Quantity {
    /// Everything that an outcome of the scenario tells, its objectives included.
    pub fn all(scenario: &Scenario) -> Vec<Quantity> {
        let classes = || (0..scenario.classes.len()).map(|index| Some(ClassId(index as u32)));
        let everybody = || std::iter::once(None).chain(classes().filter(|_| scenario.classes.len() > 1));
        let mut all = Vec::new();
        for class in everybody() {
            all.extend(PERCENTILES.map(|quantile| Quantity::Latency { class, quantile }));
            all.extend([Quantity::Mean(class), Quantity::Errors(class)]);
        }
        let counts = [Quantity::Arrived, Quantity::Completed, Quantity::Failed, Quantity::Attempts];
        let costs = [Quantity::Cost, Quantity::CostPerMillion, Quantity::CostPerMonth];
        all.extend(counts.into_iter().chain([Quantity::Goodput]).chain(costs));
        all.extend(
            (0..scenario.fleets.len()).flat_map(|it| [Quantity::Cpu(it), Quantity::InstanceHours(it)]),
        );
        all.extend((0..scenario.caches.len()).map(Quantity::HitRatio));
        all.extend((0..scenario.databases.len()).map(Quantity::StaleReads));
        all.extend((0..scenario.services.len()).flat_map(|it| [Quantity::Busy(it), Quantity::Wait(it)]));
        for objective in &scenario.objectives {
            let bounded = Quantity::bounded_by(&objective.bound);
            all.extend(bounded.filter(|bounded| !all.contains(bounded)));
        }
        all
    }

    /// What an objective bounds; nothing where no figure is followed for it. The maximum has none: more runs do not
    /// make it more certain.
    pub fn bounded_by(bound: &Bound) -> Option<Quantity> {
        match *bound {
            Bound::Latency { quantile, class, .. } => {
                (quantile < 1.0).then_some(Quantity::Latency { class, quantile })
            }
            Bound::Errors { class, .. } => Some(Quantity::Errors(class)),
            Bound::Cost { .. } => Some(Quantity::Cost),
            Bound::Lag { quantile, .. } if quantile >= 1.0 => None,
            ref bound => Some(Quantity::observed_by(bound)),
        }
    }

    /// What is read from a run to judge a bound.
    pub(super) fn observed_by(bound: &Bound) -> Quantity {
        match *bound {
            Bound::Latency { quantile, class, .. } => Quantity::Latency { class, quantile },
            Bound::Errors { class, .. } => Quantity::Errors(class),
            Bound::Cost { .. } => Quantity::Cost,
            Bound::Availability { class, .. } => Quantity::Availability(class),
            Bound::HitRatio { cache, .. } => {
                cache.map_or(Quantity::HitRatioOfAll, |cache| Quantity::HitRatio(cache.index()))
            }
            Bound::StaleReads { database, .. } => Quantity::StaleShare(database.map(DatabaseId::index)),
            Bound::Lag { quantile, database, .. } => {
                Quantity::Lag { quantile, database: database.map(DatabaseId::index) }
            }
            Bound::Headroom { resource, .. } => Quantity::Headroom(resource),
            Bound::Every { window, ref bound } => {
                Quantity::Worst { window, of: Box::new(Quantity::observed_by(bound)) }
            }
        }
    }

    /// The name, as an objective or `--precision` would have it.
    pub fn name(&self, scenario: &Scenario) -> String {
        let of = |class: Option<ClassId>, what: &str| match class {
            Some(class) => format!("{} {what}", scenario.classes[class.index()].name),
            None => what.to_owned(),
        };
        let database = |what: String, index: Option<usize>| match index {
            Some(index) => format!("{what} of {}", scenario.databases[index].name),
            None => what,
        };
        match *self {
            Quantity::Latency { class, quantile } if quantile >= 1.0 => of(class, "max"),
            Quantity::Latency { class, quantile } => of(class, &percentile(quantile)),
            Quantity::Availability(class) => of(class, "availability"),
            Quantity::HitRatioOfAll => "hit ratio".into(),
            Quantity::StaleShare(index) => database("share of stale reads".into(), index),
            Quantity::Lag { quantile, database: index } => {
                let percentile = if quantile < 1.0 { percentile(quantile) } else { "max".into() };
                database(format!("lag {percentile}"), index)
            }
            Quantity::Headroom(Some(resource)) => format!("headroom of {}", resource.name(scenario)),
            Quantity::Headroom(None) => "headroom".into(),
            Quantity::Worst { window, ref of } => format!("worst {window} of {}", of.name(scenario)),
            Quantity::Mean(class) => of(class, "mean"),
            Quantity::Errors(class) => of(class, "errors"),
            Quantity::Arrived => "arrived".into(),
            Quantity::Completed => "completed".into(),
            Quantity::Failed => "failed".into(),
            Quantity::Attempts => "attempts".into(),
            Quantity::Goodput => "goodput".into(),
            Quantity::Cost => "cost".into(),
            Quantity::CostPerMillion => "cost per million requests".into(),
            Quantity::CostPerMonth => "cost per month".into(),
            Quantity::Cpu(index) => format!("CPU of {}", scenario.fleets[index].name),
            Quantity::InstanceHours(index) => format!("instance-hours of {}", scenario.fleets[index].name),
            Quantity::HitRatio(index) => format!("hit ratio of {}", scenario.caches[index].name),
            Quantity::StaleReads(index) => format!("stale reads of {}", scenario.databases[index].name),
            Quantity::Busy(index) => format!("busy share of {}", scenario.services[index].name),
            Quantity::Wait(index) => format!("wait at {}", scenario.services[index].name),
        }
    }

    /// What it is counted in.
    pub fn unit(&self) -> Unit {
        match self {
            Quantity::Availability(_) | Quantity::HitRatioOfAll | Quantity::StaleShare(_) => Unit::Share,
            Quantity::Lag { .. } => Unit::Millis,
            Quantity::Headroom(_) => Unit::Multiple,
            Quantity::Worst { of, .. } => of.unit(),
            Quantity::Latency { .. } | Quantity::Mean(_) | Quantity::Wait(_) => Unit::Millis,
            Quantity::Errors(_) | Quantity::Cpu(_) | Quantity::HitRatio(_) | Quantity::Busy(_) => Unit::Share,
            Quantity::Arrived | Quantity::Completed | Quantity::Failed | Quantity::Attempts => Unit::Count,
            Quantity::StaleReads(_) => Unit::Count,
            Quantity::Goodput => Unit::PerSecond,
            Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth => Unit::Usd,
            Quantity::InstanceHours(_) => Unit::Hours,
        }
    }

    /// Which way it should go. How many come, and how busy or how many machines are, is neither good nor bad. Nor is the
    /// bill: what a better latency is worth is for people to say.
    pub fn better(&self) -> Better {
        match self {
            Quantity::Completed | Quantity::Goodput | Quantity::HitRatio(_) => Better::Higher,
            Quantity::Availability(_) | Quantity::HitRatioOfAll | Quantity::Headroom(_) => Better::Higher,
            Quantity::Worst { of, .. } => of.better(),
            Quantity::Arrived | Quantity::Attempts => Better::Neither,
            Quantity::Cpu(_) | Quantity::InstanceHours(_) | Quantity::Busy(_) => Better::Neither,
            Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth => Better::Neither,
            _ => Better::Lower,
        }
    }

    /// Its value; `None` where nothing happened that it is about.
    pub(super) fn of(&self, scenario: &Scenario, view: &View<'_>) -> Option<f64> {
        let classes = &view.measured.recorder.classes;
        let latency = |class: Option<ClassId>| -> &Histogram {
            class.map_or(&view.latency, |class| &classes[class.index()].latency)
        };
        let requests = |class: Option<ClassId>| -> &Tally {
            class.map_or(&view.requests, |class| &classes[class.index()].requests)
        };
        let count = |total: u64| Some(per_run(total, view.runs));
        let share = |part: f64, all: f64| (all > 0.0).then(|| part / all);
        match *self {
            Quantity::Latency { class, quantile } => {
                latency(class).quantile(quantile).map(|nanos| nanos as f64 / 1e6)
            }
            Quantity::Mean(class) => {
                let latency = latency(class);
                (latency.count() > 0).then(|| latency.mean() / 1e6)
            }
            Quantity::Errors(class) => {
                share(requests(class).failures() as f64, requests(class).arrived as f64)
            }
            Quantity::Arrived => count(view.requests.arrived),
            Quantity::Completed => count(view.requests.completed),
            Quantity::Failed => count(view.requests.failures()),
            Quantity::Attempts => count(view.measured.recorder.attempts.arrived),
            Quantity::Goodput => {
                Some(per_run(view.requests.completed, view.runs) / scenario.duration.as_secs_f64())
            }
            Quantity::Cost => Some(view.bill.total_usd),
            Quantity::CostPerMillion => view.bill.per_million_requests_usd,
            Quantity::CostPerMonth => Some(view.bill.month_usd),
            Quantity::Cpu(index) => {
                let fleet = view.measured.fleets.get(index)?;
                share(fleet.cpu_busy, fleet.cpu_there)
            }
            Quantity::InstanceHours(index) => {
                Some(view.measured.fleets.get(index)?.instance_seconds / view.runs / 3_600.0)
            }
            Quantity::HitRatio(index) => {
                let cache = view.measured.caches.get(index)?;
                share(cache.hits as f64, cache.lookups as f64)
            }
            Quantity::Availability(class) => {
                let tally = requests(class);
                share(tally.completed as f64, (tally.completed + tally.failures()) as f64)
            }
            Quantity::HitRatioOfAll => {
                let caches = &view.measured.caches;
                let sum = |of: fn(&CacheTotals) -> u64| caches.iter().map(of).sum::<u64>() as f64;
                share(sum(|cache| cache.hits), sum(|cache| cache.lookups))
            }
            Quantity::StaleShare(index) => {
                let sum = |of: fn(&DatabaseTotals) -> u64| databases(view, index).map(of).sum::<u64>() as f64;
                share(sum(|it| it.stale_reads), sum(|it| it.replica_reads))
            }
            Quantity::Lag { quantile, database } => {
                let mut lag = Histogram::default();
                databases(view, database).for_each(|it| lag.merge(&it.lag));
                lag.quantile(quantile).map(|nanos| nanos as f64 / 1e6)
            }
            Quantity::Headroom(resource) => headroom::nearest(scenario, view, resource),
            Quantity::Worst { window, ref of } => {
                // A window without an answer has no figure.
                every::worst(scenario, view, window, of).filter(|value| value.is_finite())
            }
            Quantity::StaleReads(index) => count(view.measured.databases.get(index)?.stale_reads),
            Quantity::Busy(index) => Some(view.measured.services.get(index)?.utilisation / view.runs),
            Quantity::Wait(index) => {
                let wait = &view.measured.services.get(index)?.wait;
                (wait.count() > 0).then(|| wait.mean() / 1e6)
            }
        }
    }
}

/// The totals of one database, or of all.
fn databases<'a>(view: &'a View<'_>, index: Option<usize>) -> impl Iterator<Item = &'a DatabaseTotals> {
    let all = view.measured.databases.iter().enumerate();
    all.filter(move |(place, _)| index.is_none_or(|index| index == *place)).map(|(_, totals)| totals)
}

/// The name of a percentile: `p99.9`.
fn percentile(quantile: f64) -> String {
    // 0.999 × 100 is not 99.9 to the last bit.
    format!("p{}", (quantile * 1e8).round() / 1e6)
}

/// A headline figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Which: `checkout p99`.
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way it should go.
    pub better: Better,
    /// Of all runs: percentiles from the merged histogram, shares over all requests, else the mean over the runs.
    pub value: f64,
    /// Where the expectation lies; absent with a single run.
    pub interval: Option<Interval>,
    /// What the value of a run may be off by because a histogram rounds it.
    pub rounding: f64,
    /// The value of each run, absent where nothing happened that the figure is about.
    pub by_run: Vec<Option<f64>>,
    /// Of a percentile: the value of all runs but one, for each run. Not part of `outcome.json`.
    #[serde(skip)]
    pub without: Vec<f64>,
    /// Of a percentile: how many times longer an interval has to be for the worst runs. Not part of `outcome.json`.
    #[serde(skip)]
    pub stretch: f64,
}

impl Estimate {
    pub(super) fn new(
        quantity: &Quantity,
        scenario: &Scenario,
        value: f64,
        samples: &[Option<f64>],
        tail: Tail,
    ) -> Estimate {
        let values: Vec<f64> = samples.iter().copied().flatten().collect();
        let rounding = match quantity {
            Quantity::Latency { .. } | Quantity::Lag { .. } => value * ROUNDING,
            _ => 0.0,
        };
        let interval = match (quantity, quantity.unit()) {
            // The worst window of one run is worse than the worst of all together.
            (Quantity::Worst { .. }, _) => None,
            (Quantity::Latency { .. }, _) if tail.beyond < FEWEST_BEYOND => None,
            (_, Unit::Millis) => Interval::above_zero(value, &values, rounding, &tail),
            (_, Unit::Share) => Interval::around(value, &values, rounding).map(Interval::of_a_share),
            _ => Interval::around(value, &values, rounding).map(Interval::at_least_zero),
        };
        Estimate {
            name: quantity.name(scenario),
            unit: quantity.unit(),
            better: quantity.better(),
            value,
            interval,
            rounding,
            by_run: samples.to_vec(),
            stretch: tail.stretch(value, &values),
            without: tail.without,
        }
    }

    /// Half the width of the interval over the value; none without an interval or of nothing.
    pub fn relative_half_width(&self) -> Option<f64> {
        self.interval.filter(|_| self.value > 0.0).map(|interval| interval.half_width / self.value)
    }
}
