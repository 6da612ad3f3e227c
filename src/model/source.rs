//! A source of requests during a run. In: its arrivals. Out: its requests.

use super::traffic::Arrivals;
use crate::rng::Stream;

/// A source and its clients.
#[derive(Debug)]
pub struct SourceState {
    pub(super) arrivals: Arrivals,
    /// When its next request is at the entrance.
    pub(super) next: u64,
    /// One-way delay between client and entrance.
    pub(super) half: u64,
    /// How long a client waits.
    pub(super) timeout: Option<u64>,
    pub(super) jitter: Stream,
}

/// A request as its source sends it.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The source.
    pub source: u16,
    /// Its class.
    pub class: u16,
    /// Its number among the requests of its source.
    pub ordinal: u64,
    /// The user that waits for it, in a closed population.
    pub user: u32,
    /// When it was sent.
    pub sent: u64,
}
