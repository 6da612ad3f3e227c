//! Service stations: anything with servers and a queue that is no AWS building block.
//!
//! In: requests. Out: requests served, turned away at a full queue, or gone out of patience.
//!
#![doc = include_str!("service/rules.md")]

mod bill;
mod chart;
mod label;
pub mod language;
mod model;
mod own;
mod reading;
pub mod record;
pub mod step;
mod struck;
mod view;
mod warning;

pub(crate) use model::{Op, Services, Timer};
