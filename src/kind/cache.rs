//! Caches: Redis or Memcached used cache-aside.
//!
//! In: look-ups, fills and invalidations of keys. Out: hits and misses, and the time that they take.
//!
#![doc = include_str!("cache/rules.md")]

mod bill;
mod chart;
mod clear;
mod connections;
mod deed;
mod deep;
mod expiry;
mod failover;
mod ills;
mod label;
pub mod language;
mod model;
mod node;
mod reading;
pub mod record;
pub mod step;
mod store;
mod struck;
mod view;
mod warning;

pub(crate) use model::{Caches, Op, Timer};
