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

/// A gauge that every resource of a kind has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dial {
    /// The kind.
    pub(crate) kind: Kind,
    /// Its name.
    pub(crate) name: &'static str,
    /// What it shows, and in which unit.
    pub(crate) about: &'static str,
}
