//! Scaling: EC2 Auto Scaling policies with their CloudWatch alarms.
//!
//! In: what the hosts of a group do. Out: how many of them there are to be.
//!
#![doc = include_str!("scaling/rules.md")]

mod adjustment;
mod alarm;
mod cooldown;
mod decision;
mod effort;
mod forecast;
mod hpa;
pub mod language;
mod meter;
mod model;
mod pods;
mod predictive;
mod view;
mod watched;

pub(crate) use model::{Controls, Op, Timer};
