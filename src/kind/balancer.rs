//! Balancers: Application Load Balancers.
//!
//! In: requests, and the answers to health checks. Out: targets.

mod health;
mod model;
pub mod picker;
mod targets;

pub use model::{Balancers, Op, Timer};
