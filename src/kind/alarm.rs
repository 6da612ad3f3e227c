//! Alarms: CloudWatch alarms that notify, of a metric or of other alarms, and change no group.
//!
//! In: the states of metric alarms, those of policies included. Out: the states of composite alarms, and what they would notify of.
//!
#![doc = include_str!("alarm/rules.md")]

mod bill;
mod composite;
pub mod language;
mod model;
mod view;

pub(crate) use model::{Alarms, Op, Timer};
