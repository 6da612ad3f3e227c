//! What tiers do when answers do not come: timeouts, retries, circuit breakers, bulkheads, hedging and fallbacks of calls.
//!
//! In: steps with a policy. Out: tries of them, each an attempt of its own, and their verdict for the caller.
//!
#![doc = include_str!("resilience/rules.md")]

mod bill;
mod breaker;
mod caller;
pub mod language;
mod model;
mod reading;
pub mod record;
pub mod step;
mod tries;
mod view;

pub(crate) use model::{Op, Resiliences, Timer};
