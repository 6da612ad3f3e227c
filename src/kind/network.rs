//! The network between the resources of a region. In: nothing. Out: how long one way takes.

use crate::language::shape::Given;
use crate::units::Time;

/// One-way network latency between two resources of a region: 0.25 ms.
pub const HOP: Given<Time> = Given::new(
    Time::from_micros(250),
    "assumption: between the 0.1 ms of one zone and the 0.5 ms of two; Redis documentation: 0.2 ms on 1 Gbps",
);
