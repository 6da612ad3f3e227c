//! What can be read from a run as one number: the typed reference by which estimates, verdicts and comparisons are found.
//!
//! In: a scenario and its objectives. Out: [`Quantity`], its words, its unit and which way it should go. Those of a
//! resource are written down in the table of its kind. Words are for people; nothing is looked up by them.

mod moved;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::unit::{Better, Unit};
use crate::scenario::objective::{Bound, Owner};
use crate::scenario::{ClassId, DatabaseId, Scenario};
use crate::units::Time;

/// Something that is read from a run as one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
        /// Width of a window, in seconds in a file.
        #[serde(rename = "window_s", with = "seconds")]
        window: Time,
        /// Of what.
        of: Box<Quantity>,
    },
    /// Busy share of a service station.
    Busy(usize),
    /// Mean wait at a service station.
    Wait(usize),
}

impl Quantity {
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
    pub fn observed_by(bound: &Bound) -> Quantity {
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
            Quantity::Cpu(_)
            | Quantity::InstanceHours(_)
            | Quantity::HitRatio(_)
            | Quantity::StaleReads(_)
            | Quantity::Busy(_)
            | Quantity::Wait(_) => {
                let known = self.of_a_resource().map(|(owner, told)| (owner.name(scenario), told.words));
                known.map_or_else(String::new, |(name, words)| format!("{words} {name}"))
            }
        }
    }

    /// What it is counted in.
    pub fn unit(&self) -> Unit {
        match self {
            Quantity::Availability(_) | Quantity::HitRatioOfAll | Quantity::StaleShare(_) => Unit::Share,
            Quantity::Lag { .. } => Unit::Millis,
            Quantity::Headroom(_) => Unit::Multiple,
            Quantity::Worst { of, .. } => of.unit(),
            Quantity::Latency { .. } | Quantity::Mean(_) => Unit::Millis,
            Quantity::Errors(_) => Unit::Share,
            Quantity::Arrived | Quantity::Completed | Quantity::Failed | Quantity::Attempts => Unit::Count,
            Quantity::Goodput => Unit::PerSecond,
            Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth => Unit::Usd,
            Quantity::Cpu(_)
            | Quantity::InstanceHours(_)
            | Quantity::HitRatio(_)
            | Quantity::StaleReads(_)
            | Quantity::Busy(_)
            | Quantity::Wait(_) => self.of_a_resource().map_or(Unit::Count, |(_, told)| told.unit),
        }
    }

    /// Which way it should go. How many come, and how busy or how many machines are, is neither good nor bad. Nor is the
    /// bill: what a better latency is worth is for people to say.
    pub fn better(&self) -> Better {
        match self {
            Quantity::Completed | Quantity::Goodput => Better::Higher,
            Quantity::Availability(_) | Quantity::HitRatioOfAll | Quantity::Headroom(_) => Better::Higher,
            Quantity::Worst { of, .. } => of.better(),
            Quantity::Arrived | Quantity::Attempts => Better::Neither,
            Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth => Better::Neither,
            Quantity::Latency { .. } | Quantity::Mean(_) | Quantity::Errors(_) | Quantity::Failed => {
                Better::Lower
            }
            Quantity::StaleShare(_) | Quantity::Lag { .. } => Better::Lower,
            Quantity::Cpu(_)
            | Quantity::InstanceHours(_)
            | Quantity::HitRatio(_)
            | Quantity::StaleReads(_)
            | Quantity::Busy(_)
            | Quantity::Wait(_) => self.of_a_resource().map_or(Better::Neither, |(_, told)| told.better),
        }
    }

    /// The resource that it is a figure of, if it is a figure of the tables of kinds.
    pub const fn owner(&self) -> Option<Owner> {
        match *self {
            Quantity::Cpu(fleet) | Quantity::InstanceHours(fleet) => Some(Owner::Fleet(fleet)),
            Quantity::HitRatio(cache) => Some(Owner::Cache(cache)),
            Quantity::StaleReads(database) => Some(Owner::Database(database)),
            Quantity::Busy(service) | Quantity::Wait(service) => Some(Owner::Service(service)),
            _ => None,
        }
    }
}

/// The name of a percentile: `p99.9`.
fn percentile(quantile: f64) -> String {
    // 0.999 × 100 is not 99.9 to the last bit.
    format!("p{}", (quantile * 1e8).round() / 1e6)
}

/// A width of time as seconds in a file.
mod seconds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::units::Time;

    pub fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        time.as_secs_f64().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        f64::deserialize(deserializer).map(Time::from_secs_f64)
    }
}
