//! Balancers: Application, Network and Classic Load Balancers.
//!
//! In: requests, and the answers to health checks. Out: targets.
//!
#![doc = include_str!("balancer/rules.md")]

mod bill;
mod capacity;
mod choose;
mod clients;
mod connections;
mod copies;
mod counts;
mod failed;
mod growth;
mod health;
mod label;
pub mod language;
mod levels;
mod mitigation;
mod model;
mod names;
mod nodes;
pub mod picker;
mod ports;
mod reading;
pub mod record;
mod sessions;
mod shift;
mod split;
pub(crate) mod step;
mod stickiness;
mod surge;
mod targets;
mod traffic;
mod view;
mod waits;
mod warning;
mod weights;

pub(crate) use model::{Balancers, Op, Timer};
