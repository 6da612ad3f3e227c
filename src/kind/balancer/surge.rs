//! The surge queue of a Classic Load Balancer. In: nothing. Out: a queue without servers, and who was called from it; `waits` says who waits and
//! who goes on.

use crate::flow::Flow;

/// The queue of one balancer.
#[derive(Debug)]
pub(super) struct Surge {
    /// A station without servers: those that wait.
    pub station: u32,
    /// Attempts whose wait is over, and which have not come to the choice of a target yet.
    pub called: Vec<u32>,
    /// Waiting nanoseconds at the end of the last row.
    pub mark: f64,
}

impl Surge {
    /// An empty queue with so many places.
    pub fn new(places: u32, flow: &mut Flow) -> Surge {
        Surge { station: flow.add_station(0, places), called: Vec::new(), mark: 0.0 }
    }

    /// Requests that wait.
    pub fn len(&self, flow: &Flow) -> u32 {
        flow.station(self.station).waiting()
    }
}
