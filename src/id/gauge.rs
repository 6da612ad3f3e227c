//! A gauge of a resource, as a metric names it. In: kind, position, name. Out: a [`Gauge`].

use super::Kind;

/// A gauge that a kind has of each of its resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// The kind of the resource.
    pub(crate) kind: Kind,
    /// Its position among those of the kind.
    pub(crate) index: u32,
    /// The name of the gauge.
    pub(crate) name: &'static str,
}

/// The gauge of the bytes that come to a fleet.
pub(crate) const NETWORK_IN: &str = "network_in";
/// The gauge of the bytes that it answers.
pub(crate) const NETWORK_OUT: &str = "network_out";

impl Gauge {
    /// Whether it counts the bytes of a network, which EC2 publishes with the CPU of instances.
    pub(crate) fn is_network(self) -> bool {
        self.kind == Kind::Fleet && [NETWORK_IN, NETWORK_OUT].contains(&self.name)
    }

    /// Whether it is the number of instances of a fleet.
    pub(crate) fn is_size_of(self, fleet: u32) -> bool {
        (self.kind, self.index, self.name) == (Kind::Fleet, fleet, "instances")
    }
}

/// A gauge that every resource of a kind has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dial {
    /// The kind.
    pub(crate) kind: Kind,
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether AWS does not publish it, so that it is a custom metric, which is charged for.
    pub(crate) own: bool,
    /// What it shows, and in which unit.
    pub(crate) about: &'static str,
}
