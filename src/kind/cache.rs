//! Caches: Redis used cache-aside.
//!
//! In: look-ups, fills and invalidations of keys. Out: hits and misses, and the time that they take.

mod expiry;
mod model;
mod reading;
mod store;

pub use model::{Caches, Op, Timer};
