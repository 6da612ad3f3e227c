//! What a program brings to a simulation itself: requests that no table of a file says, and service stations that work as none of a file.
//!
//! In: code of a user of the library. Out: what a scenario keeps of it, for every run. [`Scenario`](crate::Scenario) has the methods that
//! take it: [`with_arrivals`](crate::Scenario::with_arrivals) and [`with_service`](crate::Scenario::with_service).
//!
//! Both stand in for a table of the file, which says what is expected of them: `simcap run` runs the same file without the program, and
//! warnings, the headroom, faults and objectives know them by its name.

mod arrivals;
mod error;
mod random;
mod station;

pub use arrivals::{Arrival, Run};
pub(crate) use arrivals::{Arrivals, Sent};
pub use error::OwnError;
pub use random::Random;
pub use station::{Call, Desk, Station};
pub(crate) use station::{NO_CLASS, Said, Stations, not_there};
