//! Amazon S3 buckets: objects by name, in partitions that each take so many requests a second.
//!
//! In: requests that read, write, list and delete objects. Out: requests served after a time of their own, or answered with 503 Slow
//! Down; partitions that split under load; bytes that are stored, and copied to other buckets.
//!
#![doc = include_str!("s3/rules.md")]

mod bill;
mod chart;
mod counts;
mod deed;
mod label;
pub mod language;
mod model;
mod partitions;
mod reading;
pub mod record;
mod replica;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{Buckets, Op, Timer};
