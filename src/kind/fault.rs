//! Faults: an Availability Zone is lost, instances are struck, a service is not as it was.
//!
//! In: what, how, when, and for how long. Out: the facts that it begins and that it is over; every kind acts on them.
//!
#![doc = include_str!("fault/rules.md")]

mod back;
mod bill;
mod charge;
mod label;
pub mod language;
mod model;
mod names;
mod nodes;
mod noticed;
mod reading;
pub mod record;
mod regions;
mod sign;
mod strike;
mod view;
mod warning;
mod words;

use model::struck;
pub(crate) use model::{Faults, Op, Timer};
