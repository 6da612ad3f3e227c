//! What can be read from a run as one number: the typed reference by which estimates, verdicts and comparisons are found.
//!
//! In: a class or a resource. Out: [`Quantity`], its unit and which way it should go. Those of a resource are written
//! down in the table of its kind. Which ones a scenario has, and their words, are above: [`crate::objective`].

mod moved;
mod table;

use serde::{Deserialize, Serialize};

use super::unit::{Better, Unit};
use crate::id::{ClassId, Owner};
use crate::units::Time;
pub(crate) use table::estimated;

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
    /// Whether it is an extreme of the event: the worst window, the busiest rows. That of the rows of all runs together is
    /// not the mean of the runs', because what happened in one run is levelled by the others.
    pub const fn is_extreme(&self) -> bool {
        matches!(self, Quantity::Worst { .. } | Quantity::Headroom(_))
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
