//! API Gateway: REST and HTTP APIs, which stand before functions and balancers.
//!
//! In: requests of clients. Out: requests that go on to what is behind, or that are throttled, too large, answered from the cache, or late.
//!
#![doc = include_str!("api/rules.md")]

mod bill;
mod buckets;
mod callers;
mod chart;
mod copies;
mod label;
pub mod language;
mod model;
mod reading;
pub mod record;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{Apis, Op, Timer};
