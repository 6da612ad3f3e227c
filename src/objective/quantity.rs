//! What can be read from a run as one number: the typed reference by which estimates, verdicts and comparisons are found.
//!
//! In: a class or a resource. Out: [`Quantity`], its unit and which way it should go. Those of a resource are written
//! down in the table of its kind. Which ones a scenario has, and their words, are in `all`.

mod all;
mod figure;
mod moved;
mod read;
#[cfg(test)]
mod tests;

pub use read::Unread;

use serde::{Deserialize, Serialize};

use crate::catalog::zone::Zone;
use crate::id::{ClassId, Owner};
use crate::kind::figure::KindFigure;
use crate::kind::figures;
use crate::measure::recovery::Point;
use crate::measure::unit::{Better, Unit};
use crate::units::Time;

/// Something that is read from a run as one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A latency percentile of completed requests, of a class or of all.
    Latency {
        /// The class, or all.
        class: Option<ClassId>,
        /// Which part took no longer. In: a share between 0 and 1.
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
    /// Completed requests over those that ended.
    Availability(Option<ClassId>),
    /// Attempts that were answered over those that ended.
    AttemptAvailability,
    /// 1 less the mean of the error rates of equally long intervals.
    Uptime,
    /// How long it was in minutes in which too many requests failed.
    Down,
    /// Completed requests over those that ended, of the requests of which the outermost instance was in a zone.
    InZone(Zone),
    /// Of the users of closed populations of whom a request ended, those of whom one failed.
    UsersFailing,
    /// Of the users of closed populations of whom a request ended, those of whom none was answered.
    UsersUnanswered,
    /// A number of the recovery from faults.
    Recovery(Point),
    /// Times the traffic at which the nearest resource is full, of one or of all.
    Headroom(Option<Owner>),
    /// The worst of the values of all windows of the event.
    Worst {
        /// Width of a window, in seconds in a file.
        #[serde(rename = "window_s", with = "seconds")]
        #[cfg_attr(feature = "schema", schemars(with = "f64"))]
        window: Time,
        /// Of what.
        of: Box<Quantity>,
    },
    /// A figure of one resource, or of all of a kind together.
    #[serde(untagged)]
    Figure(
        #[serde(with = "figure")]
        #[cfg_attr(
            feature = "schema",
            schemars(with = "std::collections::BTreeMap<String, figure::Figure>")
        )]
        KindFigure,
    ),
}

impl Quantity {
    /// A figure of the resource at a position, or of all of its kind, by its name in `outcome.json`; a percentile has a
    /// quantile between 0 and 1. Nothing where no table has such a figure.
    pub fn figure(name: &str, index: Option<usize>, quantile: Option<f64>) -> Option<Quantity> {
        let known = figures().find(|known| known.name == name)?;
        KindFigure::new(known, index, quantile).map(Quantity::Figure)
    }

    /// Whether it is an extreme of the event: the worst window, the busiest rows. That of the rows of all runs together is
    /// not the mean of the runs', because what happened in one run is levelled by the others.
    pub const fn is_extreme(&self) -> bool {
        matches!(self, Quantity::Worst { .. } | Quantity::Headroom(_))
    }

    /// Whether it is read from the rows of each run, so that of several runs it is their mean.
    pub(crate) const fn is_mean_of_runs(&self) -> bool {
        self.is_extreme() || matches!(self, Quantity::Uptime | Quantity::Down | Quantity::Recovery(_))
    }

    /// Which quantile it is, if it is one, which a histogram rounds.
    pub(crate) fn quantile(&self) -> Option<f64> {
        match self {
            Quantity::Latency { quantile, .. } => Some(*quantile),
            Quantity::Figure(figure) => figure.quantile(),
            _ => None,
        }
    }

    /// What it is counted in.
    pub fn unit(&self) -> Unit {
        match self {
            Quantity::Latency { .. } | Quantity::Mean(_) => Unit::Millis,
            Quantity::Errors(_) | Quantity::Availability(_) => Unit::Share,
            Quantity::AttemptAvailability | Quantity::Uptime | Quantity::InZone(_) => Unit::Share,
            Quantity::UsersFailing | Quantity::UsersUnanswered => Unit::Share,
            Quantity::Down => Unit::Seconds,
            Quantity::Recovery(point) => point.unit(),
            Quantity::Arrived | Quantity::Completed | Quantity::Failed | Quantity::Attempts => Unit::Count,
            Quantity::Goodput => Unit::PerSecond,
            Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth => Unit::Usd,
            Quantity::Headroom(_) => Unit::Multiple,
            Quantity::Worst { of, .. } => of.unit(),
            Quantity::Figure(figure) => figure.unit(),
        }
    }

    /// Which way it should go. How many come, and how busy or how many machines are, is neither good nor bad. Nor is the
    /// bill: what a better latency is worth is for people to say.
    pub fn better(&self) -> Better {
        match self {
            Quantity::Completed | Quantity::Goodput => Better::Higher,
            Quantity::Availability(_) | Quantity::Headroom(_) => Better::Higher,
            Quantity::AttemptAvailability | Quantity::Uptime | Quantity::InZone(_) => Better::Higher,
            Quantity::UsersFailing | Quantity::UsersUnanswered | Quantity::Down => Better::Lower,
            Quantity::Arrived | Quantity::Attempts => Better::Neither,
            Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth => Better::Neither,
            Quantity::Latency { .. } | Quantity::Mean(_) | Quantity::Errors(_) | Quantity::Failed => {
                Better::Lower
            }
            Quantity::Recovery(Point::Standing | Point::StandingElsewhere) => Better::Neither,
            Quantity::Recovery(_) => Better::Lower,
            Quantity::Worst { of, .. } => of.better(),
            Quantity::Figure(figure) => figure.better(),
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
