//! Lambda functions: groups of execution environments, each of which has one request at a time.
//!
//! In: requests that invoke a function. Out: environments that are made cold, used again warm, and reclaimed; requests that are throttled.
//!
#![doc = include_str!("lambda/rules.md")]

mod admission;
mod bill;
mod chart;
mod environment;
mod function;
pub mod language;
mod model;
mod provision;
mod reading;
pub mod record;
pub mod step;
mod timeout;
mod view;
mod warning;

pub(crate) use model::{Lambdas, Op, Timer};
