//! Fleets: Auto Scaling groups of EC2 instances.
//!
//! In: decisions on how many instances there are to be. Out: hosts that come and go at their real pace.
//!
#![doc = include_str!("fleet/rules.md")]

mod account;
mod autoscaler;
mod beside;
mod bill;
mod blows;
mod capacity;
mod chart;
mod cold;
mod cores;
mod credits;
mod crowd;
mod deployed;
mod ending;
mod evicting;
mod extra;
mod fargate;
mod hook;
mod in_place;
mod instance;
mod label;
pub mod language;
mod launch_rate;
mod lifecycle;
mod link;
mod mixed;
mod model;
mod network;
mod orders;
mod placement;
mod prepared;
mod protection;
mod quota;
mod reading;
mod rebalancing;
pub mod record;
mod refresh;
mod replacement;
mod resize;
mod rollout;
mod shed;
mod shortage;
mod sockets;
mod spot;
mod standby;
mod struck;
mod suspension;
mod taken;
mod termination;
mod throttle;
mod view;
mod warm_pool;
mod warning;
mod watch;
mod zones;

pub(crate) use model::{Fleets, Op, Timer};
pub(crate) use sockets::To;
