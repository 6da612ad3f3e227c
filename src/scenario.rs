//! The checked, resolved model of one scenario file: the only thing a simulation is made from.
//!
//! In: a TOML file and `--set` overrides. Out: a [`Scenario`] in which every name is resolved, every default
//! filled in and every range held, or all the [`problem`]s of the file, each at its place.

pub mod balancer;
pub mod cache;
mod cell;
mod check;
pub mod client;
pub mod code;
mod columns;
pub mod database;
pub mod demand;
pub mod effort;
pub mod fleet;
mod foreign;
mod hidden;
pub mod key_space;
pub mod law;
mod load;
mod names;
pub mod objective;
mod origin;
mod overrides;
pub mod problem;
mod reader;
mod recordings;
pub mod reference;
pub mod request;
mod root;
pub mod runs;
mod scaled;
pub mod scaling;
pub mod service;
pub mod source;
pub mod traffic;
pub mod users;
mod value;

pub use load::{ScenarioError, load, load_with_origin, parse, parse_with_origin};
pub use origin::Origin;
pub use reference::reference;

use std::collections::BTreeMap;

use self::reference::Given;
use crate::units::Time;

/// One-way network latency between two resources of a region: 0.25 ms.
pub const HOP: Given<Time> = Given::new(
    Time::from_micros(250),
    "assumption: between the 0.1 ms of one zone and the 0.5 ms of two; Redis documentation: 0.2 ms on 1 Gbps",
);
/// Most tables of one kind.
const KIND_MAX: usize = 100;
/// The position that stands for a broken name; no scenario with one leaves this module.
const UNKNOWN: u32 = u32::MAX;

/// Declares an index into one of the scenario's lists.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in the scenario's list.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Position in [`Scenario::classes`].
    ClassId,
    /// Position in [`Scenario::balancers`].
    BalancerId,
    /// Position in [`Scenario::fleets`].
    FleetId,
    /// Position in [`Scenario::caches`].
    CacheId,
    /// Position in [`Scenario::databases`].
    DatabaseId,
    /// Position in [`Scenario::services`].
    ServiceId,
    /// Position in [`Scenario::key_spaces`].
    KeySpaceId,
}

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
    /// Load balancers.
    pub balancers: Vec<balancer::Balancer>,
    /// Auto Scaling groups of instances.
    pub fleets: Vec<fleet::Fleet>,
    /// Caches.
    pub caches: Vec<cache::Cache>,
    /// Databases.
    pub databases: Vec<database::Database>,
    /// Service stations.
    pub services: Vec<service::Service>,
    /// Populations of keys or rows.
    pub key_spaces: Vec<request::KeySpace>,
    /// Bounds on the outcome.
    pub objectives: Vec<objective::Objective>,
    /// Warnings that the file allows: known and accepted, so nobody is warned of them.
    pub allow: Vec<code::Code>,
    /// Prices given in the file, by `service/sku`, replacing those of the price list; US dollars.
    pub prices: BTreeMap<String, f64>,
}

impl Scenario {
    /// Number of fleets, balancers, caches, databases and service stations.
    pub fn resources(&self) -> usize {
        self.fleets.len()
            + self.balancers.len()
            + self.caches.len()
            + self.databases.len()
            + self.services.len()
    }
}
