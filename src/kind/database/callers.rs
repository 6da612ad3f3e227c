//! Groups of hosts that have pools to databases, whatever kind they are of. In: the number of a group. Out: its name, its pools.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::fleet::language::Pool;
use crate::kind::path::PathOwner;
use crate::measure::resource::{Node, Resource};

/// A group of hosts.
#[derive(Clone, Copy, Debug)]
pub struct Callers<'s> {
    /// Its table.
    pub of: PathOwner,
    /// Its name in the file.
    pub name: &'s str,
    /// The pools of each of its hosts, in the order of the file.
    pub pools: &'s [Pool],
}

impl<'s> Callers<'s> {
    /// All groups, by number.
    pub fn all(kinds: &'s Settings) -> Vec<Callers<'s>> {
        (0..kinds.groups()).filter_map(|group| Callers::of(group, kinds)).collect()
    }

    /// A group.
    pub fn of(group: usize, kinds: &'s Settings) -> Option<Callers<'s>> {
        let of = kinds.table_of(group)?;
        let (name, pools) = match of {
            (Kind::Fleet, index) => (&kinds.fleets[index].name, &kinds.fleets[index].pools),
            (Kind::Lambda, index) => (&kinds.lambdas[index].name, &kinds.lambdas[index].pools),
            _ => return None,
        };
        Some(Callers { of, name, pools })
    }

    /// Whether it has a host for each request.
    pub fn many(&self) -> bool {
        self.of.0 == Kind::Lambda
    }

    /// A pool of it as a resource that can be full: nobody waits in a host that has one request at a time.
    pub fn resource(&self, pool: usize, node: Node) -> Option<Resource> {
        match self.of {
            (Kind::Fleet, fleet) => Some(Resource::Pool { fleet, pool, node }),
            _ => None,
        }
    }
}

/// The pools of each host of a group.
pub fn pools_of(group: usize, kinds: &Settings) -> &[Pool] {
    Callers::of(group, kinds).map_or(&[], |callers| callers.pools)
}
