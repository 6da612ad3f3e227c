//! Databases: nodes with CPUs and connection limits, pools that open connections, statements, locks, commits.
//!
//! In: borrowed connections and statements. Out: waiting where it arises, replicas that lag, and stale reads.
//!
#![doc = include_str!("database/rules.md")]

mod abroad;
mod acus;
mod addresses;
mod aim;
mod appliers;
mod backup;
mod bill;
mod borrow;
mod callers;
mod capacity;
mod chart;
mod contended;
mod corruption;
mod durable;
mod failover;
mod far;
mod forward;
mod forwarded;
mod growth;
mod history;
mod hottest;
mod in_line;
mod io;
mod label;
pub mod language;
mod lazy;
mod lines;
mod locks;
mod log;
mod model;
mod node;
mod op;
mod opening;
mod pace;
mod pair;
mod pool;
mod pool_reading;
mod pools;
mod presence;
mod promotion;
mod proxied;
mod proxy;
mod readers;
mod reading;
pub mod record;
mod region;
mod replication;
mod resizing;
mod restore;
mod stale;
mod state;
mod statement;
pub mod step;
mod struck;
mod switch;
mod transaction;
mod twice;
mod view;
mod volume;
mod waits;
mod warning;
mod wrong;

pub(crate) use model::{Databases, Timer};
#[cfg(test)]
pub(crate) use node::BUFFER_POOL_SHARE;
pub(crate) use node::Node;
pub(crate) use op::Op;
