//! Facts: how kinds act on each other. They are few, and never one for each request.
//!
//! In: a fact from a kind. Out: the same fact, delivered to every kind in the order of the list. Facts are delivered
//! first in, first out, as soon as the kind that sent them has returned to the run loop.

use crate::units::Time;

/// Something that other kinds may have to react to. Hosts and groups are given by number.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A run begins, with the first hosts of a group.
    Begin(usize),
    /// The first hosts of a group are ready.
    Begun(usize),
    /// A host has been launched.
    Launched(u32),
    /// The application of a host is about to start: it needs its connections.
    Starting(u32),
    /// A host has the connections that it needs.
    Connected(u32),
    /// A host cannot get the connections that it needs.
    Refused(u32),
    /// A host is in service.
    InService(u32),
    /// A host gets no new requests from now on.
    Leaving(u32),
    /// A leaving host is deregistered: no new requests are sent to it.
    Deregistered {
        /// The host.
        host: u32,
        /// Until when connections to it stay open.
        connected_until: u64,
        /// By when its requests must have ended.
        drained_by: u64,
    },
    /// A leaving host has finished its last request.
    Idle(u32),
    /// The time to drain is over: requests still inside the host are cut off.
    Drained(u32),
    /// A host is shut down.
    Gone(u32),
    /// A host has failed its health checks.
    Unhealthy(u32),
    /// A group is to change its size.
    Wanted {
        /// The group.
        group: usize,
        /// Its desired capacity, before the bounds of the group.
        capacity: u32,
        /// The reason.
        cause: String,
        /// How long new hosts stay out of the metrics of the group.
        warmup: Time,
    },
}
