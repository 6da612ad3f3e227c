//! Amazon EFS file systems: files that all hosts see, with a throughput that has to be there.
//!
//! In: files that are read and written, from hosts and from outside. Out: when each is done, by the latency of an operation, the limits of the file
//! system and those of its clients; burst credits; bytes that are stored and billed.
//!
#![doc = include_str!("efs/rules.md")]

mod bill;
mod chart;
mod file;
mod label;
pub mod language;
mod limits;
mod model;
mod reading;
pub mod record;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{FileSystems, Op, Timer};
