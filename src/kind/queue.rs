//! Queues: Amazon SQS queues with the workers that poll them, and the SNS topics that copy to them.
//!
//! In: messages that requests send. Out: messages delivered, worked on by errands on the hosts of a fleet, and deleted, or
//! delivered again, moved to a dead-letter queue, lost.
//!
#![doc = include_str!("queue/rules.md")]

mod abroad;
mod bill;
mod bus;
mod calls;
mod chart;
mod copies;
mod crew;
mod delivering;
mod errand;
mod filling;
mod invoking;
mod label;
pub mod language;
mod limit;
mod messages;
mod model;
mod op;
mod pace;
mod pollers;
mod reading;
pub mod record;
mod said;
mod sources;
mod state;
pub mod step;
mod store;
mod trouble;
mod view;
mod visible;
mod warning;

pub(crate) use model::{Op, Queues, Timer};
