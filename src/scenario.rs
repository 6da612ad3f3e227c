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
mod listed;
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

/// One scenario: an architecture, the traffic that meets it, and what is expected of it. It is made of a file or of text, by
/// [`load`](crate::load) and [`parse`](crate::parse).
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Title for people.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub name: String,
    /// File name without extension: the name of the folder below `out/`.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub slug: String,
    /// AWS region whose prices apply.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub region: String,
    /// Simulated span.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub duration: Time,
    /// Date at which the run starts, if the file says so.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub starts: Option<Timestamp>,
    /// Width of a row of the timeline.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub bucket: Time,
    /// Requests that arrive before this instant are simulated and conserved, but left out of the percentiles.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub warmup: Time,
    /// Seed used when the command line gives none.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub seed: u64,
    /// Number of runs, each with a seed of its own, when the command line gives none.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub runs: u32,
    /// Sources of requests: open ones, then closed ones.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub sources: Vec<traffic::Source>,
    /// Request classes.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub classes: Vec<request::Class>,
    /// What it is made of: fleets, caches and all other kinds of resource.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub kinds: kind::Settings,
    /// Paths that resources own, such as health checks.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub paths: Vec<request::OwnPath>,
    /// Populations of keys or rows.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub key_spaces: Vec<KeySpace>,
    /// Places where clients are.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub locations: Vec<Location>,
    /// Bounds on the outcome.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub objectives: Vec<objective::Objective>,
    /// How availability is counted by time.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub availability: availability::Counting,
    /// What may be chosen from in a plan; no run depends on it.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub plan: plan::Plan,
    /// Warnings that the file allows: known and accepted, so nobody is warned of them.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub allow: Vec<kind::code::Code>,
    /// How the account pays.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub billing: billing::Billing,
    /// Prices of the file and of its price lists, which replace those of the list built into the program; US dollars.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub prices: OwnPrices,
}

/// The resources of each kind are those of the scenario: `scenario.fleets`. The list of kinds makes them, so their fields
/// cannot be written out here.
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
impl Deref for Scenario {
    type Target = kind::Settings;

    fn deref(&self) -> &kind::Settings {
        &self.kinds
    }
}
