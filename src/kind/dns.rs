//! Names of Route 53: records by which clients find what they ask.
//!
//! In: requests that look a name up, changes of its records, health checks. Out: where each request goes, as its client was told last.
//!
#![doc = include_str!("dns/rules.md")]

mod address;
mod addresses;
mod answer;
mod bill;
mod chart;
mod checks;
mod clients;
mod health;
mod label;
pub mod language;
mod marks;
mod model;
mod probe;
mod reach;
mod reading;
pub mod record;
mod shown;
pub(crate) mod step;
mod view;
mod vote;
mod warning;

pub(crate) use model::{Names, Op, Timer};
