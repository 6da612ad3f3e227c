//! Amazon DynamoDB tables: items by key, in partitions, with capacity by the request or by the hour.
//!
//! In: requests that read and write items. Out: requests served after a time of their own, or throttled and tried again; partitions that split, capacity
//! that follows the traffic, items that are copied to another Region.
//!
#![doc = include_str!("dynamodb/rules.md")]

mod area;
mod ask;
mod bill;
mod chart;
mod copies;
mod counts;
mod dax;
mod deed;
mod growth;
mod item;
mod label;
pub mod language;
mod limit;
mod model;
mod partition;
mod partitions;
mod reading;
pub mod record;
mod replica;
mod scaling;
mod state;
pub mod step;
mod update;
mod view;
mod warning;

pub(crate) use model::{Op, Tables, Timer};
