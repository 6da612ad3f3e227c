//! Amazon EBS volumes of instances: each instance of a fleet has its own, with its own files.
//!
//! In: files that requests read and write on the host that serves them. Out: when each is done, by the I/Os and bytes that the volume of that host passes;
//! burst credits; files that are on the volume of another host; volumes that are billed.
//!
#![doc = include_str!("ebs/rules.md")]

mod bill;
mod chart;
mod copies;
mod disk;
mod label;
pub mod language;
mod model;
mod reading;
pub mod record;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{BlockVolumes, Op, Timer};
