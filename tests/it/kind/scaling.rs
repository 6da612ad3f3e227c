//! Scaling: from points of a metric through alarms to the size of a group.

// By hand.
mod gauges;
mod policies;
mod repeated;
mod together;
mod tracking;
mod warming;
