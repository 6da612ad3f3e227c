//! Topics: Amazon SNS topics, which copy what is sent to them to queues.
//!
//! In: the queues of a topic. Out: nothing that happens by itself: a step that sends to a topic is one of queues.
//!
#![doc = include_str!("topic/rules.md")]

mod bill;
mod chart;
mod label;
pub mod language;
mod model;
mod reading;
pub mod record;
mod view;
mod warning;

pub(crate) use model::{Op, Timer, Topics};
