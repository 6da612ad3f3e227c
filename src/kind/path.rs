//! Paths that a resource owns: what attempts without a client do on hosts of a group, such as health checks.
//!
//! In: what a table says. Out: a [`Written`] path, whose steps are read when the tables of all kinds are. It is compiled
//! like that of a request; the kind finds its entry in [`Plan`](super::part::Plan), and sends attempts there.

use super::step::Compile;
use crate::dist::Law;
use crate::id::Kind;
use crate::language::value::Value;
use crate::units::Bytes;

/// A path as a table writes it.
pub(crate) struct Written<'a> {
    /// The name of its place, from which its streams of random numbers have theirs.
    pub place: String,
    /// The group on whose hosts it is walked, by its table.
    pub on: PathOwner,
    /// CPU that it uses before its steps.
    pub cpu: Option<Law>,
    /// Time that it passes before its steps.
    pub time: Option<Law>,
    /// Its steps, if it has any.
    pub steps: Option<Value<'a>>,
}

/// What writes the program of a path that a resource owns. An attempt on it is on its host before the first op.
pub(crate) trait CompileOwn: Compile {
    /// The next op is one at which attempts begin.
    fn entry(&mut self);

    /// Takes a thread of the host.
    fn thread(&mut self);

    /// The work that follows may fail at some hosts.
    fn may_fail(&mut self);

    /// Leaves the host.
    fn leave(&mut self);

    /// An attempt on it is on no host before the first op, and enters its group later.
    fn outside(&mut self);

    /// Enters a tier. What `inside` writes happens at the host.
    fn enter(&mut self, to: PathOwner, inside: impl FnOnce(&mut Self))
    where
        Self: Sized;
}

/// What writes the program of errands outside of all hosts, such as making a connection.
pub(crate) trait CompileErrand: Compile {
    /// The next op is one at which errands of a resource begin. Their streams of random numbers have names of this place.
    fn errand(&mut self, of: PathOwner, place: String);

    /// Enters a balancer or a fleet, as a request from outside does; of a fleet the host that [`Flow::addressed`](crate::flow::Flow) has for the
    /// errand. What `inside` writes happens at the host.
    fn enter(&mut self, to: PathOwner, inside: impl FnOnce(&mut Self))
    where
        Self: Sized;
}

/// What a step sends out of the VPC of its host, and what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaves {
    /// Where it goes.
    pub to: PathOwner,
    /// Whether a gateway endpoint of the VPC leads there.
    pub by_endpoint: bool,
    /// Bytes of the request.
    pub request: Bytes,
    /// Bytes of its answer.
    pub response: Bytes,
    /// Whether the work there goes on if its caller has gone.
    pub outlives: bool,
}

/// Whose path it is: a resource, by the kind and the position of its table.
pub(crate) type PathOwner = (Kind, usize);
