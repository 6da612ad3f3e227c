//! What disaster recovery is measured by, one number each. In: nothing. Out: a [`Point`] with its words and its unit.

use serde::{Deserialize, Serialize};

use super::unit::Unit;

/// One number of the recovery from faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// How long it took until the objectives held again, of the fault of which it took longest. (AWS, "Disaster Recovery of Workloads on AWS": the recovery
    /// time is that between the interruption and the restoration of service.)
    Rto,
    /// How far back the writes go that were answered and lost. (AWS, in the same paper: the time since the last recovery point.)
    Rpo,
    /// How many writes were answered and lost.
    LostWrites,
    /// How many writes were done once more, for a request or message for which they had been done.
    DoubledWrites,
    /// The bill of a month that is as the time before the first fault.
    Standing,
    /// The part of the bill of such a month that is in other Regions than that of the scenario.
    StandingElsewhere,
}

impl Point {
    /// All of them, in the order of a page.
    pub const ALL: [Point; 6] = [
        Point::Rto,
        Point::Rpo,
        Point::LostWrites,
        Point::DoubledWrites,
        Point::Standing,
        Point::StandingElsewhere,
    ];

    /// Its words.
    pub const fn words(self) -> &'static str {
        match self {
            Point::Rto => "recovery time (RTO)",
            Point::Rpo => "recovery point (RPO)",
            Point::LostWrites => "lost writes",
            Point::DoubledWrites => "doubled writes",
            Point::Standing => "cost per month before a fault",
            Point::StandingElsewhere => "of that in other Regions",
        }
    }

    /// What it is counted in.
    pub const fn unit(self) -> Unit {
        match self {
            Point::Rto | Point::Rpo => Unit::Seconds,
            Point::LostWrites | Point::DoubledWrites => Unit::Count,
            Point::Standing | Point::StandingElsewhere => Unit::Usd,
        }
    }
}
