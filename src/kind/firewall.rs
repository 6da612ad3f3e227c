//! Web ACLs of AWS WAF: rules that block requests of addresses that send too many, or that match.
//!
//! In: requests of clients on their way to a balancer. Out: the same, or 403s; counts of both for each source of traffic.
//!
#![doc = include_str!("firewall/rules.md")]

mod address;
mod bill;
mod chart;
pub mod language;
mod model;
mod rate;
mod reading;
pub mod record;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{Firewalls, Op, Timer};
