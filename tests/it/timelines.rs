//! Time lines worked out by hand: the arithmetic is beside each, and the run must match it to the nanosecond. Constant
//! CPU demands and margins of several standard deviations absorb Poisson noise.

mod bytes;
mod cancelled;
mod chains;
pub mod conventions;
mod egress;
mod ends;
mod far;
mod limits;
mod region_bytes;
mod region_lost;
mod regions;
mod tiers;
mod ties;
mod users;
