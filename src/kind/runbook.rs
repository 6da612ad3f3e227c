//! Runbooks: what people do when something is wrong, in order, and how long they take.
//!
//! In: an alarm, or a time. Out: orders to fleets and databases.
//!
#![doc = include_str!("runbook/rules.md")]

mod bill;
pub mod language;
mod model;
mod view;
mod warning;

pub(crate) use model::{Op, Runbooks, Timer};
