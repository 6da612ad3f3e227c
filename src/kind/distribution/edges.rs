//! At which edge a request is. In: its source, and its user if it has one. Out: the number of the edge.

use crate::dist::below;
use crate::flow::NONE;
use crate::rng::{Stream, mixed, stream};

/// The edges of a distribution.
#[derive(Debug)]
pub(super) struct Edges {
    count: u32,
    /// The place of the clients of each source: those of one place come to edges of their own.
    places: Vec<u16>,
    /// Where users are goes by their number and this.
    seed: u64,
    stream: Stream,
}

impl Edges {
    /// So many in each place.
    pub fn new(count: u32, places: Vec<u16>, seed: u64, name: &str) -> Edges {
        Edges { count, places, seed, stream: stream(seed, &format!("distribution.{name}/edges")) }
    }

    /// That of a request, and the place: a user stays at one, and other requests come to any.
    #[inline]
    pub fn of(&mut self, source: u16, user: u32) -> (u16, u16) {
        let edge = match (self.count, user) {
            (1, _) => 0,
            (count, NONE) => below(&mut self.stream, count.into()),
            (count, user) => mixed(self.seed, user.into()) % u64::from(count),
        };
        let place = self.places.get(usize::from(source)).copied().unwrap_or_default();
        (place * self.count as u16 + edge as u16, place)
    }
}
