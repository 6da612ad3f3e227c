//! The traffic of a scenario for those who send real requests: what is predicted can be checked by a load test.
//!
//! In: a scenario. Out: a script for k6 or Locust, or CSV of expected counts or of exact instants.
//!
//! ```text
//!  Scenario ──► sent (streams of a class with a rate over time, populations of users)
//!                 ├──► stages ──► k6
//!                 ├──► locust
//!                 ├──► counts   (CSV of expected counts)
//!                 └──► instants (CSV of the arrivals of a seed)
//! ```

mod counts;
mod instants;
mod k6;
mod locust;
mod names;
mod sent;
mod stages;
mod text;
mod think;

pub use self::counts::counts;
pub use self::instants::instants;
pub use self::k6::k6;
pub use self::locust::locust;
pub use self::sent::{Population, Sent, Stream};
pub use self::stages::{Ramp, Stage};
