//! The kinds of named tables, and positions in the lists of a scenario.
//!
//! In: nothing. Out: kinds, by which names are looked up, an id for each list that others point into, and [`Owner`].

mod owner;

pub use owner::Owner;

use crate::language::names::{Id, Named};

/// The position that stands for a broken name; no scenario with one leaves the reading of the file.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// A kind of named table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Traffic,
    Users,
    Class,
    Balancer,
    Fleet,
    Cache,
    Database,
    Service,
    Keys,
}

impl Kind {
    pub(crate) const ALL: [Kind; 9] = [
        Kind::Traffic,
        Kind::Users,
        Kind::Class,
        Kind::Balancer,
        Kind::Fleet,
        Kind::Cache,
        Kind::Database,
        Kind::Service,
        Kind::Keys,
    ];
}

impl Named for Kind {
    fn table(self) -> &'static str {
        match self {
            Kind::Traffic => "traffic",
            Kind::Users => "users",
            Kind::Class => "request",
            Kind::Balancer => "balancer",
            Kind::Fleet => "fleet",
            Kind::Cache => "cache",
            Kind::Database => "database",
            Kind::Service => "service",
            Kind::Keys => "keys",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Kind::Traffic => "a source of traffic",
            Kind::Users => "a population of users",
            Kind::Class => "a request class",
            Kind::Balancer => "a balancer",
            Kind::Fleet => "a fleet",
            Kind::Cache => "a cache",
            Kind::Database => "a database",
            Kind::Service => "a service",
            Kind::Keys => "a population of keys",
        }
    }
}

/// Declares an index into one of the scenario's lists, and the kind of table that the list is read from.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident of $kind:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in the scenario's list.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl Id for $name {
            type Kind = Kind;
            const KIND: Kind = Kind::$kind;
            fn at(index: u32) -> $name {
                $name(index)
            }
        }
    )*};
}

ids! {
    /// Position in [`Scenario::classes`](crate::scenario::Scenario::classes).
    ClassId of Class,
    /// Position in [`Scenario::balancers`](crate::scenario::Scenario::balancers).
    BalancerId of Balancer,
    /// Position in [`Scenario::fleets`](crate::scenario::Scenario::fleets).
    FleetId of Fleet,
    /// Position in [`Scenario::caches`](crate::scenario::Scenario::caches).
    CacheId of Cache,
    /// Position in [`Scenario::databases`](crate::scenario::Scenario::databases).
    DatabaseId of Database,
    /// Position in [`Scenario::services`](crate::scenario::Scenario::services).
    ServiceId of Service,
    /// Position in [`Scenario::key_spaces`](crate::scenario::Scenario::key_spaces).
    KeySpaceId of Keys,
}
