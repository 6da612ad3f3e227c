//! Faults: the loss of an Availability Zone at a given time.
//!
//! In: which zone, when, and for how long. Out: the facts that it is lost and that it is back; every kind acts on them.
//!
#![doc = include_str!("fault/rules.md")]

mod bill;
pub mod language;
mod model;
mod view;
mod warning;

pub(crate) use model::{Faults, Op, Timer};
