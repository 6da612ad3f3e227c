//! Scaling: EC2 Auto Scaling policies with their CloudWatch alarms.
//!
//! In: what the hosts of a group do. Out: how many of them there are to be.

mod alarm;
mod model;

pub use model::{Controls, Op, Timer};
