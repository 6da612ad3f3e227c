//! Streams: Amazon Kinesis data streams, the functions that Lambda invokes with their records, and others that read them.
//!
//! In: records that requests put. Out: records in shards, taken or throttled; batches of them that are worked on in order by errands in the
//! environments of a function, tried again, split, or lost.
//!
#![doc = include_str!("stream/rules.md")]

mod area;
mod batch;
mod bill;
mod chart;
mod counts;
mod errand;
mod fetch;
mod key;
mod label;
mod lane;
pub mod language;
mod model;
mod op;
mod peak;
mod put;
mod reader;
mod reading;
pub mod record;
mod reshard;
mod shard;
mod state;
pub mod step;
mod trouble;
mod view;
mod warning;

pub(crate) use model::{Op, Streams, Timer};
