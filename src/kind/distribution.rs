//! Distributions: Amazon CloudFront, which answers from copies near the clients and asks origins for the rest.
//!
//! In: requests. Out: answers from copies, requests to origins, and the time that they take.
//!
#![doc = include_str!("distribution/rules.md")]

mod bill;
mod chart;
mod connections;
mod copies;
mod edges;
mod fetch;
mod hours;
mod label;
pub mod language;
mod model;
mod objects;
mod origin;
mod quota;
mod reading;
pub mod record;
mod state;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{Distributions, Op, Timer};
