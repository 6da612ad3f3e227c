//! A resource that can run out, as figures and objectives name it. In: kind and position. Out: an [`Owner`].

use serde::{Deserialize, Serialize};

use super::Kind;

/// A resource that can run out, by its kind and position in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A fleet: its CPU, threads and pools.
    Fleet(usize),
    /// A cache.
    Cache(usize),
    /// A database: its nodes.
    Database(usize),
    /// A service station.
    Service(usize),
}

impl Owner {
    /// Its position among those of its kind.
    pub const fn index(self) -> usize {
        match self {
            Owner::Fleet(index) | Owner::Cache(index) | Owner::Database(index) | Owner::Service(index) => {
                index
            }
        }
    }

    /// That of a position in a table; nothing where the kind cannot run out.
    pub(crate) fn of(kind: Kind, index: u32) -> Option<Owner> {
        let index = index as usize;
        Some(match kind {
            Kind::Fleet => Owner::Fleet(index),
            Kind::Cache => Owner::Cache(index),
            Kind::Database => Owner::Database(index),
            Kind::Service => Owner::Service(index),
            Kind::Traffic | Kind::Users | Kind::Class | Kind::Balancer | Kind::Keys => return None,
        })
    }
}
