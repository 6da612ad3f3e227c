//! Lambda functions: groups of execution environments, each of which has one request at a time.
//!
//! In: requests that invoke a function. Out: environments that are made cold, used again warm, and reclaimed; requests that are throttled.
//!
#![doc = include_str!("lambda/rules.md")]

mod account;
mod admission;
mod asked;
mod bill;
mod chart;
mod environment;
mod errand;
mod event;
mod events;
mod function;
mod label;
pub mod language;
mod making;
mod model;
mod op;
mod provision;
mod reading;
pub mod record;
mod state;
pub mod step;
mod timeout;
mod trouble;
mod trying;
mod used;
mod view;
mod warning;

pub(crate) use model::{Lambdas, Op, Timer};
