//! The checked, resolved model of one scenario file: the only thing a simulation is made from.
//!
//! In: a TOML file and `--set` overrides. Out: a [`Scenario`] in which every name is resolved, every default
//! filled in and every range held, or all the [`problem`](crate::language::problem)s of the file, each at its place.

pub mod availability;
pub mod billing;
pub mod client;
pub mod complete;
pub mod demand;
pub(crate) mod distance;
pub mod effort;
pub mod explain;
mod extends;
mod foreign;
pub mod inputs;
mod instead;
mod load;
mod named;
pub mod objective;
pub(crate) mod patience;
pub mod plan;
pub mod recovery;
pub mod reference;
pub mod request;
mod root;
pub mod runs;
mod scaled;
pub mod schema;
pub mod traffic;
pub mod users;

pub use crate::language::files::Files;
pub use crate::language::origin::Origin;
#[cfg(feature = "charts")]
pub(crate) use extends::extended_by;
pub use load::{ScenarioError, load, load_from, load_with_origin, parse, parse_with_origin};
pub use named::files;
pub use reference::reference;

use std::ops::Deref;

use jiff::Timestamp;

use crate::cost::prices::OwnPrices;
use crate::kind;
use crate::kind::keys::KeySpace;
use crate::kind::location::Location;
use crate::units::Time;

/// One scenario: an architecture, the traffic that meets it, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Title for people.
    pub name: String,
    /// File name without extension: the name of the folder below `out/`.
    pub slug: String,
    /// AWS region whose prices apply.
    pub region: String,
    /// Simulated span.
    pub duration: Time,
    /// Date at which the run starts, if the file says so.
    pub starts: Option<Timestamp>,
    /// Width of a row of the timeline.
    pub bucket: Time,
    /// Requests that arrive before this instant are simulated and conserved, but left out of the percentiles.
    pub warmup: Time,
    /// Seed used when the command line gives none.
    pub seed: u64,
    /// Number of runs, each with a seed of its own, when the command line gives none.
    pub runs: u32,
    /// Sources of requests: open ones, then closed ones.
    pub sources: Vec<traffic::Source>,
    /// Request classes.
    pub classes: Vec<request::Class>,
    /// What it is made of: fleets, caches and all other kinds of resource.
    pub kinds: kind::Settings,
    /// Paths that resources own, such as health checks.
    pub paths: Vec<request::OwnPath>,
    /// Populations of keys or rows.
    pub key_spaces: Vec<KeySpace>,
    /// Places where clients are.
    pub locations: Vec<Location>,
    /// Bounds on the outcome.
    pub objectives: Vec<objective::Objective>,
    /// How availability is counted by time.
    pub availability: availability::Counting,
    /// What may be chosen from in a plan; no run depends on it.
    pub plan: plan::Plan,
    /// Warnings that the file allows: known and accepted, so nobody is warned of them.
    pub allow: Vec<kind::code::Code>,
    /// How the account pays.
    pub billing: billing::Billing,
    /// Prices of the file and of its price lists, which replace those of the list built into the program; US dollars.
    pub prices: OwnPrices,
}

/// The resources of each kind are those of the scenario: `scenario.fleets`. The list of kinds makes them, so their fields
/// cannot be written out here.
impl Deref for Scenario {
    type Target = kind::Settings;

    fn deref(&self) -> &kind::Settings {
        &self.kinds
    }
}
