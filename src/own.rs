//! What a program brings to a simulation itself: requests that no table of a file says.
//!
//! In: code of a user of the library. Out: what a scenario keeps of it, for every run. [`Scenario`](crate::Scenario) has the methods that
//! take it: [`with_arrivals`](crate::Scenario::with_arrivals).

mod arrivals;
mod error;
mod random;

pub use arrivals::{Arrival, Run};
pub(crate) use arrivals::{Arrivals, Sent};
pub use error::OwnError;
pub use random::Random;
