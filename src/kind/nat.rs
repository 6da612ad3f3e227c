//! NAT gateways, by which hosts in private subnets reach what is outside of their VPC, and the gateway endpoint that leads past them.
//!
//! In: requests of hosts to what is outside. Out: requests on connections of the gateway, whose bytes share its link and are billed; or
//! refused, because it has no port left.
//!
#![doc = include_str!("nat/rules.md")]

mod bill;
mod chart;
mod gateway;
mod label;
pub mod language;
mod model;
mod ports;
mod reading;
pub mod record;
pub mod step;
mod view;

pub(crate) use model::{Nats, Op, Timer};
