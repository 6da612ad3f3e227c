//! simcap: will this architecture hold on event day, what will people feel, what will it cost, what breaks first?

pub mod catalog;
pub mod cost;
pub mod dist;
pub mod engine;
pub mod measure;
pub mod model;
pub mod objective;
pub mod outcome;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod units;
pub mod usage;

pub use outcome::simulate;
