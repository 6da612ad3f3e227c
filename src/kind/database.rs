//! Databases: nodes with CPUs and connection limits, pools that open connections, statements, locks, commits.
//!
//! In: borrowed connections and statements. Out: waiting where it arises, replicas that lag, and stale reads.

mod locks;
mod model;
mod node;
mod pool;
mod pool_reading;
mod reading;
mod replication;
mod state;
mod transaction;

pub use model::{Databases, Op, Timer};
#[cfg(test)]
pub use node::{BUFFER_POOL_SHARE, PAGE};
pub use node::Node;
