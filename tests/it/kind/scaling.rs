//! Scaling: from points of a metric through alarms to the size of a group.

// By hand.
mod alarms;
mod gauges;
mod hpa;
mod maximum;
mod monitoring;
mod policies;
mod predictive;
mod repeated;
mod scale_in;
mod tasks;
mod together;
mod tracking;
mod warming;
