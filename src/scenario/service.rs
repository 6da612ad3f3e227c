//! `[service.NAME]`: a station that is no AWS building block. In: servers, queue, law. Out: a [`Service`].

use super::fleet::Discipline;
use crate::dist::Law;
use crate::units::Time;

/// A service station: a payment gateway, a search cluster, an appliance.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name in the file.
    pub name: String,
    /// Servers working side by side.
    pub servers: u32,
    /// How requests share the servers.
    pub discipline: Discipline,
    /// Waiting places (FIFO); `None` is unlimited, 0 is a loss system.
    pub queue: Option<u32>,
    /// How long a request waits before it gives up; `None` is for ever.
    pub patience: Option<Law>,
    /// Service time.
    pub time: Law,
    /// One-way network latency.
    pub hop: Time,
}
