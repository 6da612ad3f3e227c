//! Service stations: anything with servers and a queue that is no AWS building block.
//!
//! In: requests. Out: requests served, turned away at a full queue, or gone out of patience.

mod model;
mod reading;

pub use model::{Op, Services, Timer};
