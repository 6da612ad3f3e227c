//! The proxy of a database: its own connections, and those of its clients. In: nothing. Out: what it keeps during a run.

use super::pool::Pool;
use crate::measure::resource::Node as Side;
use crate::rng::Stream;

/// What a database with a proxy keeps of it.
#[derive(Debug)]
pub struct Proxied {
    /// Its connections to the database.
    pub pool: Pool,
    /// Connections that it opens at most, on each side.
    pub limits: [u32; 2],
    /// Client connections, on each side.
    pub clients: [u32; 2],
    /// Of these, those that have a connection to the database for themselves.
    pub pinned: [u32; 2],
    /// Where these lead, by node.
    pub pinned_to: Vec<u32>,
    /// Lots that say whether a transaction is on a pinned one.
    pub lots: Stream,
    /// Requests that waited for as long as they may.
    pub timeouts: u64,
}

impl Proxied {
    /// The part of the transactions of a side that is on pinned connections.
    pub fn pinned_part(&self, side: Side) -> f64 {
        let of = |side: usize| f64::from(self.pinned[side]) / f64::from(self.clients[side].max(1));
        match side {
            Side::Writer | Side::All => of(0),
            Side::Reader | Side::Far => of(1),
        }
    }
}
