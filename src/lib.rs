//! simcap: will this architecture hold on event day, what will people feel, what will it cost, what breaks first?

pub mod catalog;
pub mod dist;
pub mod outcome;
pub mod report;
pub mod scenario;
pub mod units;
pub mod usage;
