//! What a run used, in the units that AWS bills. In: the end of a run. Out: [`Usage`] for the bill.

use std::collections::BTreeMap;

use crate::catalog::region::Region;
use crate::id::Kind;
use crate::units::{Bytes, Time};

/// Everything billable that a run used.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Span of the run.
    pub duration: Time,
    /// Requests that completed.
    pub completed: u64,
    /// What kinds have counted, of each resource by its place in the list of its kind.
    pub(crate) counted: BTreeMap<(Kind, usize), Used>,
    /// Bytes from a Region to the internet, by hour; of nothing, from the one of the scenario.
    pub internet_out: BTreeMap<Option<Region>, Vec<Bytes>>,
    /// Bytes that crossed an Availability Zone border, counted once, by hour (billed in each direction).
    pub cross_zone: Vec<Bytes>,
    /// Bytes from one Region to another, by hour.
    pub between: BTreeMap<(Region, Region), Vec<f64>>,
}

/// What one resource used, beside being there for the whole run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Used {
    /// What its kind counts, such as requests, by hour; the last hour may be a part.
    pub hours: Vec<f64>,
    /// What else it counts, each by hour.
    pub more: Vec<Vec<f64>>,
    /// What of that is charged for once more, such as requests that a managed group of rules looks at, by hour.
    pub twice: Vec<f64>,
    /// Its capacity, where that follows the load, in the unit of its kind times seconds, by hour.
    pub capacity: Vec<f64>,
    /// What its kind counts of several sorts, each by its name, by hour.
    pub sorts: BTreeMap<String, Vec<f64>>,
    /// What was sent to another Region, in the unit of its kind, by hour.
    pub abroad: Vec<f64>,
    /// What is owed for at the end of the run and not yet counted: it is due later.
    pub owed: f64,
    /// From when to when parts of it, such as instances, were there.
    pub spans: Vec<(Time, Time)>,
    /// The same of parts that were of another type by then: of each type, in order; or of parts that were made anew.
    pub resized: Vec<Vec<(Time, Time)>>,
    /// The same of parts that are sold at a lower price because AWS may take them back: of each type, the first one included; or of parts that were made anew in another Region.
    pub spot: Vec<Vec<(Time, Time)>>,
}

impl Used {
    /// What was counted by hour.
    pub fn hourly(hours: Vec<f64>) -> Used {
        Used { hours, ..Used::default() }
    }
}

/// The hour in which an instant lies, in nanoseconds since the start; those before it are there as well then.
pub(crate) fn hour_of<T: Default + Clone>(hours: &mut Vec<T>, instant: u64) -> &mut T {
    let hour = (instant / 3_600_000_000_000) as usize;
    if hours.len() <= hour {
        hours.resize(hour + 1, T::default());
    }
    &mut hours[hour]
}
